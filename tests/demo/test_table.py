"""What people and scripts read at the end of the demo."""

from decimal import Decimal

from demo_run.calls import Calls
from demo_run.check import OdooDocument, Row
from demo_run.table import as_json, render

DOCUMENT = OdooDocument(
    "INV/2026/00001",
    "out_invoice",
    "Müller & Söhne Import, Inc.",
    Decimal("1083.50"),
    Decimal("82.58"),
    "USD",
    "7",
    "exported",
    "Exported",
)
ROW = Row(DOCUMENT, "7", Decimal("1083.50"), Decimal("82.58"), ())
NOTE = Row(
    OdooDocument(
        "RINV/1",
        "out_refund",
        "Zoë",
        Decimal(1),
        Decimal(0),
        "USD",
        "",
        "waiting",
        "Waiting",
    ),
    "",
    None,
    None,
    ("not in QuickBooks",),
)


def test_table_shows_both_sides_and_what_is_wrong():
    lines = render([ROW, NOTE]).splitlines()
    assert lines[0].split("  ")[0] == "Odoo number"
    assert "1,083.50" in lines[2]
    assert lines[2].endswith("Exported")
    assert lines[3].endswith("not in QuickBooks")


def test_json_has_the_documented_shape_with_money_as_text():
    """design.md 8: people, CI and measurements rely on these keys."""
    result = as_json([ROW, NOTE], Calls(3, 0, 2, 9), 12.34)
    assert result == {
        "seconds": 12.3,
        "invoices": [
            {
                "number": "INV/2026/00001",
                "customer": "Müller & Söhne Import, Inc.",
                "odoo_total": "1083.50",
                "odoo_tax": "82.58",
                "currency": "USD",
                "qbo_id": "7",
                "qbo_total": "1083.50",
                "qbo_tax": "82.58",
                "state": "exported",
            }
        ],
        "calls": {"create": 3, "read_after_create": 0, "metered": 2, "total": 9},
    }
