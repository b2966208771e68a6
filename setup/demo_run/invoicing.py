"""The clerk's work: making invoices and credit notes, posting and following them."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from demo_run import documents as plan
from demo_run.api import Api
from demo_run.check import OdooDocument, money
from demo_run.company import Catalogue

SHOWN = (
    "name",
    "move_type",
    "commercial_partner_id",
    "amount_total",
    "amount_tax",
    "currency_id",
    "qbo_id",
    "qbo_status",
    "qbo_status_text",
)


def make_invoices(
    api: Api,
    catalogue: Catalogue,
    partners: dict[str, int],
    planned: Iterable[plan.Document],
    series: str = "",
) -> list[int]:
    """Make draft invoices.

    :param partners: whom to name on them, by customer key
    :param series: what their numbers begin with; empty for Odoo's own series
    """
    today = date.today()
    values = [
        {
            "move_type": "out_invoice",
            "partner_id": partners[document.customer],
            "invoice_date": (today - timedelta(days=document.days_ago)).isoformat(),
            "ref": document.reference,
            "narration": document.narration,
            "invoice_line_ids": [
                (0, 0, _line(catalogue, line)) for line in document.lines
            ],
        }
        for document in planned
    ]
    if series:
        values[0]["name"] = _first_of(series)
    return api.create("account.move", values)


def _first_of(series: str) -> str:
    """The first number of a series; Odoo goes on counting from it."""
    return f"{series}/00001"


def _line(catalogue: Catalogue, line: plan.Line) -> dict:
    if line.display_type:
        return {"display_type": line.display_type, "name": line.text}
    values = {
        "product_id": catalogue.products[line.product],
        "quantity": line.quantity,
        "discount": line.discount,
    }
    if line.price is not None:
        values["price_unit"] = line.price
    return values


def post(api: Api, invoices: Sequence[int]) -> None:
    """Press Post on drafts."""
    api.call("account.move", "action_post", invoices)


def credit_first_lines(
    api: Api, invoices: Sequence[int], series: str = ""
) -> list[int]:
    """Credit the first line of each invoice by the button Credit Note, and post."""
    notes: list[int] = []
    for invoice in invoices:
        journal = api.read("account.move", [invoice], ["journal_id"])[0]["journal_id"][
            0
        ]
        wizard = api.create(
            "account.move.reversal",
            {"journal_id": journal, "reason": "returned"},
            active_model="account.move",
            active_ids=[invoice],
        )
        note = api.call("account.move.reversal", "refund_moves", [wizard])["res_id"]
        lines = api.search_read(
            "account.move.line",
            [("move_id", "=", note), ("display_type", "=", "product")],
            ["id"],
            order="sequence, id",
        )
        # Once a line is credited, the headings above the others make no sense.
        others = api.search_read(
            "account.move.line",
            [
                ("move_id", "=", note),
                ("display_type", "in", ["product", "line_section", "line_note"]),
                ("id", "!=", lines[0]["id"]),
            ],
            ["id"],
        )
        api.write(
            "account.move",
            [note],
            {"invoice_line_ids": [(2, line["id"]) for line in others]},
        )
        notes.append(note)
    if series and notes:
        api.write("account.move", notes[:1], {"name": _first_of(f"R{series}")})
    post(api, notes)
    return notes


def shown(api: Api, moves: Sequence[int]) -> list[OdooDocument]:
    """The documents as the clerk sees them, in the given order."""
    by_id = {row["id"]: row for row in api.read("account.move", moves, SHOWN)}
    labels = _status_labels(api)
    return [_document(by_id[move], labels) for move in moves]


def _document(row: dict, labels: dict[str, str]) -> OdooDocument:
    status = row["qbo_status"] or ""
    return OdooDocument(
        number=row["name"],
        move_type=row["move_type"],
        customer=row["commercial_partner_id"][1],
        total=money(row["amount_total"]),
        tax=money(row["amount_tax"]),
        currency=row["currency_id"][1],
        qbo_id=row["qbo_id"] or "",
        status=status,
        status_label=labels.get(status, "Not queued"),
        message=row["qbo_status_text"] or "",
    )


def _status_labels(api: Api) -> dict[str, str]:
    field = api.call(
        "account.move", "fields_get", allfields=["qbo_status"], attributes=["selection"]
    )
    return dict(field["qbo_status"]["selection"])


def invoice_addresses(api: Api, customers: dict[str, int]) -> dict[str, int]:
    """Whom to name on the invoice: the contact for invoices when a customer has one."""
    contacts = api.search_read(
        "res.partner",
        [("parent_id", "in", list(customers.values())), ("type", "=", "invoice")],
        ["parent_id"],
    )
    contact_of = {contact["parent_id"][0]: contact["id"] for contact in contacts}
    return {
        key: contact_of.get(customer, customer) for key, customer in customers.items()
    }
