"""The table that the demo ends with, and its JSON (design.md 8)."""

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from demo_run.calls import Calls
from demo_run.check import Row

HEADERS = (
    "Odoo number",
    "Customer",
    "Odoo total",
    "QuickBooks Id",
    "QuickBooks total",
    "Tax",
    "State",
)
RIGHT = {2, 3, 4, 5}
LONGEST_NAME = 34


def render(rows: Sequence[Row]) -> str:
    """The rows as aligned text; what is wrong with one stands in place of its state."""
    cells = [HEADERS, *(_cells(row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADERS))]
    lines = [
        "  ".join(
            cell.rjust(width) if column in RIGHT else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def as_json(rows: Sequence[Row], calls: Calls, seconds: float) -> dict:
    """The result in its stable shape: invoices, money as text, ``seconds`` in all."""
    return {
        "seconds": round(seconds, 1),
        "invoices": [
            {
                "number": row.odoo.number,
                "customer": row.odoo.customer,
                "odoo_total": str(row.odoo.total),
                "odoo_tax": str(row.odoo.tax),
                "currency": row.odoo.currency,
                "qbo_id": row.qbo_id,
                "qbo_total": _text(row.qbo_total),
                "qbo_tax": _text(row.qbo_tax),
                "state": row.odoo.status,
            }
            for row in rows
            if not row.is_credit_note
        ],
        "calls": {
            "create": calls.create,
            "read_after_create": calls.read_after_create,
            "metered": calls.metered,
            "total": calls.total,
        },
    }


def save_json(path: Path, result: dict) -> None:
    """Write the result where ``--json`` says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def _cells(row: Row) -> tuple[str, ...]:
    name = row.odoo.customer
    return (
        row.odoo.number,
        name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…",
        f"{row.odoo.total:,}",
        row.qbo_id or "-",
        "-" if row.qbo_total is None else f"{row.qbo_total:,}",
        "-" if row.qbo_tax is None else f"{row.qbo_tax:,}",
        "; ".join(row.faults) or row.odoo.status_label,
    )


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
