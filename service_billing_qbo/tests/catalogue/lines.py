"""Lines, texts, discounts and credit notes, in a US company without more."""

from .words import Line, document, note, section

PLAIN = (
    document("lines", "One service, no tax", Line(), total="100.00"),
    document("lines", "Two hours at 150", Line(150, 2), total="300.00"),
    document("lines", "A line for nothing", Line(0), Line(), total="100.00"),
    document("lines", "Everything for nothing", Line(0), total="0.00"),
    document("lines", "Quantity nought", Line(100, 0), Line(10), total="10.00"),
    document("lines", "A third of a day", Line(300, 0.333), total="99.90"),
    document("lines", "Price with four decimals", Line(0.1234, 1000), total="123.40"),
    document(
        "lines", "Three for ten dollars: no exact price", Line(3.3333, 3), total="10.00"
    ),
    document("lines", "A price below a cent", Line(0.0049, 3), total="0.01"),
    document("lines", "Money back on one line", Line(100), Line(-30), total="70.00"),
    document("lines", "A returned piece", Line(100, 2), Line(100, -1), total="100.00"),
    document(
        "lines",
        "Goods and services mixed",
        Line(100),
        Line(249, product="goods"),
        total="349.00",
    ),
    document("lines", "A line without a product", Line(80, product=""), total="80.00"),
    document("lines", "A very large amount", Line(1234567.89, 9), total="11111111.01"),
    document(
        "lines", "Fifty lines", *[Line(1.01) for _each in range(50)], total="50.50"
    ),
    document(
        "lines",
        "750 lines, all that QuickBooks takes",
        *[Line(1)] * 750,
        total="750.00",
    ),
)
TEXTS = (
    document(
        "text",
        "Sections and notes",
        section("Repairs"),
        Line(),
        note("Two years of warranty"),
        total="100.00",
        texts=("Repairs", "Maintenance", "Two years of warranty"),
    ),
    document(
        "text", "Only a section", section("Nothing"), stopped="data", says="no line"
    ),
    document(
        "text",
        "Typographic quotes and a dash",
        Line(name="“Deluxe” – per hour…"),
        total="100.00",
        texts=('"Deluxe" - per hour...',),
    ),
    document(
        "text",
        "A Polish description",
        Line(name="Przegląd łodzi"),
        total="100.00",
        texts=("Przeglad lodzi",),
    ),
    document(
        "text",
        "Japanese is visibly not writable",
        Line(name="保守 2026"),
        total="100.00",
        texts=("?? 2026",),
    ),
    document(
        "text", "A description of 5,000 letters", Line(name="x" * 5000), total="100.00"
    ),
    document(
        "text",
        "Quotes, ampersands, markup",
        Line(name="<b>R&D</b> 5\" 'x'"),
        total="100.00",
    ),
)
DISCOUNTS = (
    document("discount", "Ten per cent off", Line(100, 1, 10), total="90.00"),
    document("discount", "A third off", Line(100, 1, 33.33), total="66.67"),
    document("discount", "All of it off", Line(100, 1, 100), total="0.00"),
    document(
        "discount", "7.5 % off 3 pieces at 33.33", Line(33.33, 3, 7.5), total="92.49"
    ),
    document(
        "discount", "A discount as its own line", Line(200), Line(-20), total="180.00"
    ),
    document(
        "discount",
        "Ten per cent off, taxed",
        Line(100, 1, 10, tax="8.25"),
        total="97.43",
        tax="7.43",
    ),
)
REFUNDS = (
    document("credit note", "A credit note", Line(), total="100.00", refund=True),
    document(
        "credit note",
        "A taxed credit note",
        Line(tax="8.25"),
        total="108.25",
        tax="8.25",
        refund=True,
    ),
    document(
        "credit note", "A discounted one", Line(80, 2, 25), total="120.00", refund=True
    ),
    document(
        "credit note",
        "With a section and a deduction",
        section("Returned"),
        Line(100),
        Line(-15),
        total="85.00",
        refund=True,
    ),
)

MORE_LINES = (
    document(
        "lines",
        "Down payment taken off",
        Line(1500),
        Line(-500, name="Down payment of 1 October"),
        total="1000.00",
    ),
    document(
        "lines",
        "Two dozen at twelve a dozen",
        Line(12, 2, product="goods", unit="uom.product_uom_dozen"),
        total="24.00",
    ),
    document(
        "lines", "A price with seven decimals", Line(0.0012345, 1000), total="1.23"
    ),
    document("lines", "A thousandth of a piece", Line(1000, 0.001), total="1.00"),
    document(
        "lines", "A credit larger than one line", Line(5), Line(-4.99), total="0.01"
    ),
    document(
        "cash rounding",
        "Rounded to five cents",
        Line(9.98),
        total="10.00",
        values={"cash_rounding": 0.05},
    ),
    document(
        "cash rounding",
        "Rounded down",
        Line(9.97, 3),
        total="29.90",
        values={"cash_rounding": 0.05},
    ),
    document(
        "cash rounding",
        "A rounded credit note",
        Line(9.98),
        total="10.00",
        refund=True,
        values={"cash_rounding": 0.05},
    ),
    document(
        "terms",
        "Two per cent off within ten days",
        Line(),
        total="100.00",
        values={"term": "30 Days -2"},
    ),
)
DATES = (
    document(
        "dates",
        "Invoice of October, booked in November",
        Line(),
        total="100.00",
        shows={"TxnDate": "2026-10-05"},
        values={"invoice_date": "2026-10-05", "date": "2026-11-22"},
    ),
    document(
        "dates",
        "Terms give the due date and their name",
        Line(),
        total="100.00",
        shows={"DueDate": "2026-12-22", "SalesTermRef.name": "Net 30"},
        values={"term": "30 Days"},
    ),
    document(
        "text",
        "PO number and note to the customer",
        Line(),
        total="100.00",
        shows={"CustomerMemo.value": "Thank you"},
        values={"ref": "PO 47011", "narration": "<p>Thank you</p>"},
    ),
)
CUSTOMERS = (
    document(
        "customer",
        "An address abroad",
        Line(),
        total="100.00",
        shows={"BillAddr.City": "København", "BillAddr.Country": "Denmark"},
        values={
            "partner": {
                "name": "Nyhavn Sejl",
                "street": "Nyhavn 1",
                "city": "København",
                "zip": "1051",
                "country": "DK",
            }
        },
    ),
    document(
        "customer",
        "An address of 900 letters",
        Line(),
        total="100.00",
        values={"partner": {"street": "x" * 450, "street2": "y" * 450, "city": "Z"}},
    ),
    document(
        "customer",
        "A colon and a tab in the name",
        Line(),
        total="100.00",
        values={"partner": {"name": "Pier 9: North\tGate"}},
    ),
    document(
        "customer",
        "A name of 600 letters",
        Line(),
        total="100.00",
        values={"partner": {"name": "Harbour " * 75}},
    ),
    document(
        "customer",
        "A name of an employee",
        Line(),
        stopped="customer",
        says="QuickBooks has a",
        values={"partner": {"name": "Emily Platt", "exact_name": True}},
    ),
    document(
        "customer",
        "A name that only an inactive customer has",
        Line(),
        stopped="customer",
        says="named old mill BAKERY",
        values={"partner": {"name": "old mill BAKERY", "exact_name": True}},
    ),
    document(
        "customer",
        "A name that cannot be written there",
        Line(),
        stopped="customer",
        says="takes Latin letters only",
        values={"partner": {"name": "東京海運"}},
    ),
    document(
        "customer",
        "A phone with an extension, no web address",
        Line(),
        total="100.00",
        values={
            "partner": {
                "phone": "+1 (650) 555-0100 ext. 12345 ask for Ana",
                "website": "",
            }
        },
    ),
)
DOCUMENTS = (
    *PLAIN,
    *TEXTS,
    *DISCOUNTS,
    *REFUNDS,
    *MORE_LINES,
    *DATES,
    *CUSTOMERS,
)
