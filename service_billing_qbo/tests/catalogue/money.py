"""Documents in other currencies."""

from .words import Document, Line

CURRENCIES = tuple(
    Document("currency", title, lines, **{"kind": "multicurrency", **expected})
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
            "Several lines in euros, at Odoo's rate",
            (Line(19.99, 3), Line(0.3333, 7, 10)),
            {
                "total": "62.07",
                "shows": {"ExchangeRate": "1.25", "CurrencyRef.value": "EUR"},
                "values": {"currency": "EUR", "customer": "Berlin GmbH"},
            },
        ),
        (
            "A customer in pounds",
            (Line(75.5, 2),),
            {
                "total": "151.00",
                "shows": {"CurrencyRef.value": "GBP"},
                "values": {"currency": "GBP", "customer": "Hull Ltd"},
            },
        ),
        (
            "Yen have no cents",
            (Line(12345.6),),
            {
                "total": "12346.00",
                "shows": {"CurrencyRef.value": "JPY"},
                "values": {"currency": "JPY", "customer": "Kobe KK"},
            },
        ),
        (
            "Dinars of a thousand fils",
            (Line(1.234),),
            {
                "stopped": "data",
                "says": "QuickBooks keeps two",
                "values": {"currency": "KWD", "customer": "Kuwait Co"},
            },
        ),
        (
            "A taxed credit note in pounds",
            (Line(40, tax="8.25"),),
            {
                "total": "43.30",
                "tax": "3.30",
                "refund": True,
                "values": {"currency": "GBP", "customer": "Hull Ltd"},
            },
        ),
        (
            "A customer with one customer for each currency",
            (Line(60),),
            {
                "total": "60.00",
                "kind": "multicurrency/each",
                "values": {"currency": "EUR", "customer": "Bremen GmbH"},
            },
        ),
        (
            "The same one in dollars",
            (Line(70),),
            {
                "total": "70.00",
                "kind": "multicurrency/each",
                "values": {"customer": "Bremen GmbH"},
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


DOCUMENTS = CURRENCIES
