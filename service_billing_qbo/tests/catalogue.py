"""The catalogue of documents: what a bookkeeper asks "does this one arrive right?" of.

Each entry says in a bookkeeper's words what was invoiced, in which kind of company,
and what QuickBooks has to get: a total and a tax, or the reason for which it is
stopped. The runner makes the document in Odoo; nothing here knows QuickBooks' JSON.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Line:
    """One line of a document.

    :ivar tax: taxes as the runner makes them: percentages, ``incl`` after one that is
        included in the price, several separated by ``+``, a group of taxes by ``&``
    :ivar product: ``service``, ``goods``, ``unmapped``, or nothing
    """

    price: float = 100.0
    quantity: float = 1.0
    discount: float = 0.0
    tax: str = ""
    name: str = "Maintenance"
    product: str = "service"
    display_type: str = "product"
    class_: str = ""


def section(name):
    return Line(name=name, display_type="line_section")


def note(name):
    return Line(name=name, display_type="line_note")


@dataclass(frozen=True)
class Document:
    """A document and what becomes of it.

    :ivar total: of the document in QuickBooks; empty when it is stopped
    :ivar tax: of it, sales tax
    :ivar stopped: kind of the problem, when it is stopped
    :ivar says: a part of the sentence that a person reads then
    :ivar texts: descriptions of the lines that QuickBooks gets, where they matter
    """

    feature: str
    title: str
    lines: tuple
    total: str = ""
    tax: str = "0.00"
    kind: str = "us"
    refund: bool = False
    stopped: str = ""
    says: str = ""
    texts: tuple = ()
    values: dict = field(default_factory=dict)


def _us(feature, title, *lines, **expected):
    return Document(feature, title, lines, **expected)


PLAIN = (
    _us("lines", "One service, no tax", Line(), total="100.00"),
    _us("lines", "Two hours at 150", Line(150, 2), total="300.00"),
    _us("lines", "A line for nothing", Line(0), Line(), total="100.00"),
    _us("lines", "Everything for nothing", Line(0), total="0.00"),
    _us("lines", "Quantity nought", Line(100, 0), Line(10), total="10.00"),
    _us("lines", "A third of a day", Line(300, 0.333), total="99.90"),
    _us("lines", "Price with four decimals", Line(0.1234, 1000), total="123.40"),
    _us(
        "lines", "Three for ten dollars: no exact price", Line(3.3333, 3), total="10.00"
    ),
    _us("lines", "A price below a cent", Line(0.0049, 3), total="0.01"),
    _us("lines", "Money back on one line", Line(100), Line(-30), total="70.00"),
    _us("lines", "A returned piece", Line(100, 2), Line(100, -1), total="100.00"),
    _us(
        "lines",
        "Goods and services mixed",
        Line(100),
        Line(249, product="goods"),
        total="349.00",
    ),
    _us("lines", "A line without a product", Line(80, product=""), total="80.00"),
    _us("lines", "A very large amount", Line(1234567.89, 9), total="11111111.01"),
    _us("lines", "Fifty lines", *[Line(1.01) for _each in range(50)], total="50.50"),
    _us(
        "lines",
        "750 lines, all that QuickBooks takes",
        *[Line(1)] * 750,
        total="750.00",
    ),
    _us("lines", "751 lines", *[Line(1)] * 751, stopped="data", says="751 lines"),
)
TEXTS = (
    _us(
        "text",
        "Sections and notes",
        section("Repairs"),
        Line(),
        note("Two years of warranty"),
        total="100.00",
        texts=("Repairs", "Maintenance", "Two years of warranty"),
    ),
    _us("text", "Only a section", section("Nothing"), stopped="data", says="no line"),
    _us(
        "text",
        "Typographic quotes and a dash",
        Line(name="“Deluxe” – per hour…"),
        total="100.00",
        texts=('"Deluxe" - per hour...',),
    ),
    _us(
        "text",
        "A Polish description",
        Line(name="Przegląd łodzi"),
        total="100.00",
        texts=("Przeglad lodzi",),
    ),
    _us(
        "text",
        "Japanese is visibly not writable",
        Line(name="保守 2026"),
        total="100.00",
        texts=("?? 2026",),
    ),
    _us(
        "text", "A description of 5,000 letters", Line(name="x" * 5000), total="100.00"
    ),
    _us(
        "text",
        "Quotes, ampersands, markup",
        Line(name="<b>R&D</b> 5\" 'x'"),
        total="100.00",
    ),
)
DISCOUNTS = (
    _us("discount", "Ten per cent off", Line(100, 1, 10), total="90.00"),
    _us("discount", "A third off", Line(100, 1, 33.33), total="66.67"),
    _us("discount", "All of it off", Line(100, 1, 100), total="0.00"),
    _us("discount", "7.5 % off 3 pieces at 33.33", Line(33.33, 3, 7.5), total="92.49"),
    _us("discount", "A discount as its own line", Line(200), Line(-20), total="180.00"),
    _us(
        "discount",
        "Ten per cent off, taxed",
        Line(100, 1, 10, tax="8.25"),
        total="97.43",
        tax="7.43",
    ),
)
US_TAX = (
    _us("tax us", "8.25 % on all", Line(tax="8.25"), total="108.25", tax="8.25"),
    _us(
        "tax us",
        "Taxed goods, untaxed service",
        Line(200, tax="8.25"),
        Line(50),
        total="266.50",
        tax="16.50",
    ),
    _us("tax us", "Exempt at 0 %", Line(tax="0"), total="100.00"),
    _us(
        "tax us",
        "Two rates on one invoice",
        Line(100, tax="8.25"),
        Line(100, tax="10"),
        total="218.25",
        tax="18.25",
    ),
    _us(
        "tax us",
        "State and city as two taxes",
        Line(tax="7.25+1"),
        total="108.25",
        tax="8.25",
    ),
    _us(
        "tax us",
        "Tax included in the price",
        Line(108.25, tax="8.25incl"),
        total="108.25",
        tax="8.25",
    ),
    _us(
        "tax us",
        "Many small lines whose tax is rounded once",
        *[Line(0.33, tax="8.25") for _each in range(7)],
        total="2.50",
        tax="0.19",
    ),
    _us("tax us", "Tax below a cent", Line(0.05, tax="8.25"), total="0.05"),
    _us(
        "tax us",
        "A taxed line and its return",
        Line(100, tax="8.25"),
        Line(-100, tax="8.25"),
        Line(5),
        total="5.00",
    ),
    _us(
        "tax us",
        "A large taxed amount",
        Line(99999.99, 3, tax="8.25"),
        total="324749.97",
        tax="24750.00",
    ),
)
REFUNDS = (
    _us("credit note", "A credit note", Line(), total="100.00", refund=True),
    _us(
        "credit note",
        "A taxed credit note",
        Line(tax="8.25"),
        total="108.25",
        tax="8.25",
        refund=True,
    ),
    _us(
        "credit note", "A discounted one", Line(80, 2, 25), total="120.00", refund=True
    ),
    _us(
        "credit note",
        "With a section and a deduction",
        section("Returned"),
        Line(100),
        Line(-15),
        total="85.00",
        refund=True,
    ),
)
MAPPING = (
    _us(
        "mapping",
        "A product nobody mapped",
        Line(product="unmapped"),
        stopped="unmapped",
        says="Router has no QuickBooks item.",
    ),
    _us(
        "mapping",
        "One mapped and one unmapped line",
        Line(),
        Line(product="unmapped"),
        stopped="unmapped",
        says="Router has no QuickBooks item.",
    ),
    _us(
        "terms",
        "Terms of 30 days, mapped",
        Line(),
        total="100.00",
        values={"term": "30 Days"},
    ),
    _us(
        "terms",
        "Terms that QuickBooks lacks",
        Line(),
        stopped="unmapped",
        says="has no QuickBooks term",
        values={"term": "77 Days"},
    ),
    _us(
        "currency",
        "Euros where QuickBooks keeps dollars only",
        Line(),
        stopped="currency",
        says="EUR",
        values={"currency": "EUR"},
    ),
    _us(
        "contact",
        "An e-mail address with a typing error",
        Line(),
        stopped="data",
        says="ana@example",
        values={"email": "ana@example"},
    ),
    _us(
        "contact",
        "Two e-mail addresses",
        Line(),
        total="100.00",
        values={"email": "ana@example.com; office@example.com"},
    ),
    _us(
        "number",
        "A long invoice number",
        Line(),
        total="100.00",
        values={"name": "INV/2026/HARBOR-NORTH/00042"},
    ),
    _us(
        "number",
        "Another that begins and ends alike",
        Line(),
        total="100.00",
        values={"name": "INV/2026/HARBOR-SOUTH/00042"},
    ),
    _us(
        "memo",
        "A long note to the customer",
        Line(),
        total="100.00",
        values={"narration": "<p>Thanks</p>" * 300},
    ),
    _us(
        "due date",
        "Due at once",
        Line(),
        total="100.00",
        values={"invoice_date_due": "2026-11-22"},
    ),
    _us(
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
    )
)
NO_SALES_TAX = tuple(
    Document("tax us-no-sales-tax", title, lines, kind="us-no-sales-tax", **expected)
    for title, lines, expected in (
        ("No tax", (Line(), Line(50, 3)), {"total": "250.00"}),
        ("At 0 %", (Line(tax="0"),), {"total": "100.00"}),
        ("A credit note", (Line(),), {"total": "100.00", "refund": True}),
        (
            "Taxed where QuickBooks keeps no sales tax",
            (Line(tax="8.25"),),
            {"stopped": "feature", "says": "Sales tax is off in QuickBooks."},
        ),
    )
)
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
CURRENCIES = tuple(
    Document("currency", title, lines, kind="multicurrency", **expected)
    for title, lines, expected in (
        ("Dollars at home", (Line(),), {"total": "100.00"}),
        (
            "A customer in euros",
            (Line(),),
            {
                "total": "100.00",
                "values": {"currency": "EUR", "customer": "Berlin GmbH"},
            },
        ),
        (
            "Its credit note",
            (Line(40),),
            {
                "total": "40.00",
                "refund": True,
                "values": {"currency": "EUR", "customer": "Berlin GmbH"},
            },
        ),
        (
            "Taxed, in euros",
            (Line(tax="8.25"),),
            {
                "total": "108.25",
                "tax": "8.25",
                "values": {"currency": "EUR", "customer": "Berlin GmbH"},
            },
        ),
        (
            "The customer in euros, invoiced in dollars",
            (Line(),),
            {
                "stopped": "currency",
                "says": "is in EUR in QuickBooks, the invoice in USD.",
                "values": {"customer": "Berlin GmbH"},
            },
        ),
    )
)

CATALOGUE = (
    *MANUAL,
    *NO_SALES_TAX,
    *CANADA,
    *KINGDOM,
    *CURRENCIES,
    *PLAIN,
    *TEXTS,
    *DISCOUNTS,
    *US_TAX,
    *REFUNDS,
    *MAPPING,
)
