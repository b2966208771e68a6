"""Classes, locations and overrides, where the company uses them all."""

from .words import Line, documents

KIND = "us/dimensions"
_CLASS = "Line.0.SalesItemLineDetail.ClassRef.name"
_ITEM = "Line.0.SalesItemLineDetail.ItemRef.name"

DOCUMENTS = documents(
    "dimensions",
    KIND,
    (
        "The class of the product",
        (Line(),),
        {"total": "100.00", "shows": {_CLASS: "North"}},
    ),
    (
        "The class of the line beats it",
        (Line(class_="South"), Line()),
        {
            "total": "200.00",
            "shows": {
                _CLASS: "South",
                "Line.1.SalesItemLineDetail.ClassRef.name": "North",
            },
        },
    ),
    (
        "No class at all",
        (Line(product="goods"),),
        {"total": "100.00", "shows": {_CLASS: None}},
    ),
    (
        "The item of the line",
        (Line(item="Consulting"),),
        {"total": "100.00", "shows": {_ITEM: "Consulting"}},
    ),
    (
        "The item of the customer",
        (Line(),),
        {
            "total": "100.00",
            "shows": {_ITEM: "Hours"},
            "values": {"customer": "Hourly Ltd"},
        },
    ),
    (
        "The location of the journal",
        (Line(),),
        {"total": "100.00", "shows": {"DepartmentRef.name": "San Mateo"}},
    ),
    (
        "A credit note with class and location",
        (Line(),),
        {
            "total": "100.00",
            "refund": True,
            "shows": {_CLASS: "North", "DepartmentRef.name": "San Mateo"},
        },
    ),
)
