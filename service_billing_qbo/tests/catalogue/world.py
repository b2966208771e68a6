"""Canada and the United Kingdom: a tax code on each line."""

from .words import Document, Line

CANADA = tuple(
    Document("tax ca", title, lines, kind="ca", **expected)
    for title, lines, expected in (
        ("GST", (Line(tax="5"),), {"total": "105.00", "tax": "5.00"}),
        ("HST Ontario", (Line(tax="13"),), {"total": "113.00", "tax": "13.00"}),
        (
            "GST and PST as a group",
            (Line(tax="5&7"),),
            {"total": "112.00", "tax": "12.00"},
        ),
        (
            "GST and QST, a third decimal",
            (Line(tax="5&9.975"),),
            {"total": "114.98", "tax": "14.98"},
        ),
        (
            "4495.16 at 9.975 %",
            (Line(4495.16, tax="5&9.975"),),
            {"total": "5168.31", "tax": "673.15"},
        ),
        ("Zero-rated", (Line(tax="0"),), {"total": "100.00"}),
        ("Without tax", (Line(),), {"total": "100.00"}),
        (
            "Three rates on one invoice",
            (Line(tax="5"), Line(tax="13"), Line(50, tax="0")),
            {"total": "268.00", "tax": "18.00"},
        ),
        (
            "A credit note with HST",
            (Line(tax="13"),),
            {"total": "113.00", "tax": "13.00", "refund": True},
        ),
        (
            "Small lines, rounded once for each rate",
            tuple(Line(0.33, tax="13") for _each in range(7)),
            {"total": "2.61", "tax": "0.30"},
        ),
        (
            "Accents stay",
            (Line(name="Érable"),),
            {"total": "100.00", "texts": ("Érable",)},
        ),
        (
            "Prices that include HST",
            (Line(113, tax="13incl"), Line(56.5, tax="13incl")),
            {
                "total": "169.50",
                "tax": "19.50",
                "shows": {"GlobalTaxCalculation": "TaxInclusive"},
            },
        ),
        (
            "Prices that include GST and QST",
            (Line(114.98, tax="5incl&9.975incl"),),
            {"total": "114.98", "tax": "14.98"},
        ),
        (
            "One price with and one without HST in it",
            (Line(113, tax="13incl"), Line(100, tax="13")),
            {
                "total": "226.00",
                "tax": "26.00",
                "shows": {"GlobalTaxCalculation": "TaxExcluded"},
            },
        ),
        (
            "QST on the price with GST, as once in Quebec",
            (Line(tax="5on&9.9750"),),
            {"total": "115.47", "tax": "15.47"},
        ),
        (
            "A recycling fee for each piece",
            (Line(tax="fix0.75"),),
            {"stopped": "data", "says": "it has no such percentage as"},
        ),
        (
            "GST and PST as two taxes of a line",
            (Line(tax="5+7"),),
            {"stopped": "unmapped", "says": "Sales tax 7 has no QuickBooks tax code"},
        ),
        (
            "A discounted day of work with HST",
            (Line(799.99, 1.5, 7.5, tax="13"),),
            {"total": "1254.29", "tax": "144.30"},
        ),
        (
            "A credit note of an inclusive price",
            (Line(113, tax="13incl"),),
            {"total": "113.00", "tax": "13.00", "refund": True},
        ),
        (
            "A taxed line for nothing",
            (Line(0, tax="13"), Line(20, tax="13")),
            {"total": "22.60", "tax": "2.60"},
        ),
        (
            "A tax that QuickBooks does not have",
            (Line(tax="8.88"),),
            {
                "stopped": "unmapped",
                "says": "Sales tax 8.88 has no QuickBooks tax code",
            },
        ),
    )
)
KINGDOM = tuple(
    Document("tax uk", title, lines, kind="uk", **expected)
    for title, lines, expected in (
        ("Standard rate", (Line(tax="20"),), {"total": "120.00", "tax": "20.00"}),
        ("Reduced rate", (Line(tax="5"),), {"total": "105.00", "tax": "5.00"}),
        ("Zero-rated", (Line(tax="0"),), {"total": "100.00"}),
        ("No VAT", (Line(),), {"total": "100.00"}),
        (
            "Standard, reduced and zero on one invoice",
            (Line(tax="20"), Line(tax="5"), Line(tax="0")),
            {"total": "325.00", "tax": "25.00"},
        ),
        (
            "A price with VAT",
            (Line(120, tax="20incl"),),
            {"total": "120.00", "tax": "20.00"},
        ),
        (
            "Three prices of 10 with VAT",
            (Line(10, tax="20incl"),) * 3,
            {"total": "30.00", "tax": "5.00"},
        ),
        (
            "A credit note",
            (Line(tax="20"),),
            {"total": "120.00", "tax": "20.00", "refund": True},
        ),
        (
            "Reverse charge: the customer accounts for the VAT",
            (Line(250, tax="rc20"),),
            {"total": "250.00"},
        ),
        (
            "Reverse charge beside the standard rate",
            (Line(250, tax="rc20"), Line(100, tax="20")),
            {"total": "370.00", "tax": "20.00"},
        ),
        (
            "Standard and reduced rate, both in the price",
            (Line(120, tax="20incl"), Line(105, tax="5incl")),
            {
                "total": "225.00",
                "tax": "25.00",
                "shows": {"GlobalTaxCalculation": "TaxInclusive"},
            },
        ),
        (
            "An inclusive price and a line without VAT",
            (Line(120, tax="20incl"), Line(30)),
            {
                "total": "150.00",
                "tax": "20.00",
                "shows": {"GlobalTaxCalculation": "TaxInclusive"},
            },
        ),
        (
            "Seven cheap inclusive lines",
            tuple(Line(0.99, tax="20incl") for _each in range(7)),
            {"total": "6.93", "tax": "1.16"},
        ),
        (
            "A discount on an inclusive price",
            (Line(59.99, 3, 10, tax="20incl"),),
            {"total": "161.97", "tax": "27.00"},
        ),
        (
            "A credit note of an inclusive price",
            (Line(120, 2, tax="20incl"),),
            {"total": "240.00", "tax": "40.00", "refund": True},
        ),
        (
            "An inclusive price and money back",
            (Line(120, tax="20incl"), Line(-24, tax="20incl")),
            {"total": "96.00", "tax": "16.00"},
        ),
        (
            "Letters of other scripts",
            (Line(name="保守"),),
            {"total": "100.00", "texts": ("保守",)},
        ),
        (
            "Discounted",
            (Line(99.99, 1, 12.5, tax="20"),),
            {"total": "104.99", "tax": "17.50"},
        ),
    )
)

DOCUMENTS = (*CANADA, *KINGDOM)
