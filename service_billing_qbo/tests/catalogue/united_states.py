"""Sales tax in the United States: automated, by hand, none; and what is mapped."""

from .words import Document, Line, document

US_TAX = (
    document("tax us", "8.25 % on all", Line(tax="8.25"), total="108.25", tax="8.25"),
    document(
        "tax us",
        "Taxed goods, untaxed service",
        Line(200, tax="8.25"),
        Line(50),
        total="266.50",
        tax="16.50",
    ),
    document("tax us", "Exempt at 0 %", Line(tax="0"), total="100.00"),
    document(
        "tax us",
        "Two rates on one invoice",
        Line(100, tax="8.25"),
        Line(100, tax="10"),
        total="218.25",
        tax="18.25",
    ),
    document(
        "tax us",
        "State and city as two taxes",
        Line(tax="7.25+1"),
        total="108.25",
        tax="8.25",
    ),
    document(
        "tax us",
        "Tax included in the price",
        Line(108.25, tax="8.25incl"),
        total="108.25",
        tax="8.25",
    ),
    document(
        "tax us",
        "Many small lines whose tax is rounded once",
        *[Line(0.33, tax="8.25") for _each in range(7)],
        total="2.50",
        tax="0.19",
    ),
    document("tax us", "Tax below a cent", Line(0.05, tax="8.25"), total="0.05"),
    document(
        "tax us",
        "A taxed line and its return",
        Line(100, tax="8.25"),
        Line(-100, tax="8.25"),
        Line(5),
        total="5.00",
    ),
    document(
        "tax us",
        "A large taxed amount",
        Line(99999.99, 3, tax="8.25"),
        total="324749.97",
        tax="24750.00",
    ),
)
MORE_US_TAX = (
    document(
        "tax us",
        "A fee of 2 for each piece",
        Line(100, 3, tax="fix2"),
        total="306.00",
        tax="6.00",
    ),
    document(
        "tax us",
        "A city tax on the state tax",
        Line(tax="7on&1.0"),
        total="108.07",
        tax="8.07",
    ),
    document(
        "tax us",
        "A group of taxes",
        Line(200, tax="7.25&1"),
        total="216.50",
        tax="16.50",
    ),
    document(
        "tax us",
        "Partly included in the price",
        Line(108.25, tax="8.25incl"),
        Line(100, tax="8.25"),
        total="216.50",
        tax="16.50",
    ),
    document(
        "tax us",
        "A taxed credit note with a discount",
        Line(100, 2, 12.5, tax="8.25"),
        total="189.44",
        tax="14.44",
        refund=True,
    ),
    document(
        "tax us",
        "A customer elsewhere pays Odoo's tax, not that of the place",
        Line(tax="8.25"),
        total="108.25",
        tax="8.25",
        values={"partner": {"street": "1 Main St", "city": "Reno", "state": "NV"}},
    ),
)
MAPPING = (
    document(
        "mapping",
        "An item that somebody made inactive",
        Line(product="inactive"),
        stopped="inactive",
        says="is inactive in QuickBooks",
    ),
    document(
        "mapping",
        "A product nobody mapped",
        Line(product="unmapped"),
        stopped="unmapped",
        says="Router has no QuickBooks item.",
    ),
    document(
        "mapping",
        "One mapped and one unmapped line",
        Line(),
        Line(product="unmapped"),
        stopped="unmapped",
        says="Router has no QuickBooks item.",
    ),
    document(
        "terms",
        "Terms of 30 days, mapped",
        Line(),
        total="100.00",
        values={"term": "30 Days"},
    ),
    document(
        "terms",
        "Terms that QuickBooks lacks",
        Line(),
        stopped="unmapped",
        says="has no QuickBooks term",
        values={"term": "77 Days"},
    ),
    document(
        "currency",
        "Euros where QuickBooks keeps dollars only",
        Line(),
        stopped="currency",
        says="EUR",
        values={"currency": "EUR"},
    ),
    document(
        "contact",
        "An e-mail address with a typing error",
        Line(),
        stopped="data",
        says="ana@example",
        values={"partner": {"email": "ana@example"}},
    ),
    document(
        "contact",
        "Two e-mail addresses",
        Line(),
        total="100.00",
        values={"partner": {"email": "ana@example.com; office@example.com"}},
    ),
    document(
        "number",
        "A long invoice number",
        Line(),
        total="100.00",
        values={"name": "INV/2026/HARBOR-NORTH/00042"},
    ),
    document(
        "number",
        "Another that begins and ends alike",
        Line(),
        total="100.00",
        values={"name": "INV/2026/HARBOR-SOUTH/00042"},
    ),
    document(
        "memo",
        "A long note to the customer",
        Line(),
        total="100.00",
        values={"narration": "<p>Thanks</p>" * 300},
    ),
    document(
        "due date",
        "Due at once",
        Line(),
        total="100.00",
        values={"invoice_date_due": "2026-11-22"},
    ),
    document(
        "due date",
        "Due in a year",
        Line(),
        total="100.00",
        values={"invoice_date_due": "2027-11-22"},
    ),
)
MANUAL = tuple(
    Document("tax us-manual-tax", title, lines, kind="us-manual-tax", **expected)
    for title, lines, expected in (
        ("No tax", (Line(),), {"total": "100.00"}),
        ("8.25 % on all", (Line(tax="8.25"),), {"total": "108.25", "tax": "8.25"}),
        (
            "Taxed and untaxed lines",
            (Line(200, tax="8.25"), Line(50)),
            {"total": "266.50", "tax": "16.50"},
        ),
        (
            "A credit note",
            (Line(tax="8.25"),),
            {"total": "108.25", "tax": "8.25", "refund": True},
        ),
        (
            "Tax included in the price",
            (Line(108.25, tax="8.25incl"),),
            {"total": "108.25", "tax": "8.25"},
        ),
        (
            "A rate that QuickBooks does not have",
            (Line(tax="9.99"),),
            {
                "stopped": "unmapped",
                "says": "Sales tax 9.99 has no QuickBooks tax code",
            },
        ),
        (
            "Two rates on one invoice",
            (Line(tax="8.25"), Line(tax="9.99")),
            {"stopped": "unmapped", "says": "9.99"},
        ),
        (
            "Discounted",
            (Line(80, 1, 25, tax="8.25"),),
            {"total": "64.95", "tax": "4.95"},
        ),
        (
            "Two sales taxes that QuickBooks has, on one invoice",
            (Line(tax="8.25"), Line(tax="8")),
            {"stopped": "data", "says": "QuickBooks takes one sales tax"},
        ),
        (
            "State and district as a group",
            (Line(200, tax="7.25&1"),),
            {"total": "216.50", "tax": "16.50"},
        ),
        (
            "Many small lines",
            tuple(Line(0.33, tax="8.25") for _each in range(7)),
            {"total": "2.50", "tax": "0.19"},
        ),
    )
)
NO_SALES_TAX = tuple(
    Document("tax us-no-sales-tax", title, lines, kind="us-no-sales-tax", **expected)
    for title, lines, expected in (
        ("No tax", (Line(), Line(50, 3)), {"total": "250.00"}),
        ("At 0 %", (Line(tax="0"),), {"total": "100.00"}),
        (
            "A tax that goes as a line of its own",
            (Line(tax="7.5"), Line(50)),
            {
                "total": "157.50",
                "texts": ("Maintenance", "Maintenance", "Sales tax 7.5"),
            },
        ),
        (
            "Its credit note",
            (Line(tax="7.5"),),
            {"total": "107.50", "refund": True},
        ),
        ("A credit note", (Line(),), {"total": "100.00", "refund": True}),
        (
            "Taxed where QuickBooks keeps no sales tax",
            (Line(tax="8.25"),),
            {"stopped": "feature", "says": "Sales tax is off in QuickBooks."},
        ),
    )
)

DOCUMENTS = (*US_TAX, *MORE_US_TAX, *MAPPING, *MANUAL, *NO_SALES_TAX)
