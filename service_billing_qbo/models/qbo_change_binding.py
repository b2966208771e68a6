from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import formatLang

from ..mappers.remote import Facts, facts_of, is_deleted, is_void, version_of
from .qbo_binding import DOCUMENT_ENTITIES
from .short_date import short_date

#: While an export is in one of these, QuickBooks may be ahead of what we know of it.
UNDER_WAY = ("sending", "checking")
#: A balance that did not move is noted anew so often: a link need not be written each
#: time that somebody looks.
BALANCE_EVERY = timedelta(days=1)


class QboBinding(models.Model):
    """A link follows its object in QuickBooks.

    Whoever changes it there raises its SyncToken. Equal to ours: our own export came
    back. Newer: a payment, and only the balance moved; or a person changed, voided or
    deleted the document, and people must know.
    """

    _inherit = "qbo.binding"

    facts_before_text = fields.Text(
        readonly=True, help="What QuickBooks had before somebody changed it there."
    )

    @api.model
    def _of_remote(self, connection, entity: str | None, qbo_ids: Iterable[str]):
        """Return the links of objects of QuickBooks."""
        if not entity:
            return self.browse()
        return self.search(
            [
                ("connection_id", "=", connection.id),
                ("realm_id", "=", connection.realm_id),
                ("entity", "=", entity),
                ("qbo_id", "in", list(qbo_ids)),
            ]
        )

    def _under_way(self):
        """Return those whose record is being exported in this moment."""
        exports = self.env["qbo.export"]
        under_way = self.browse()
        for res_model, bindings in self.grouped("res_model").items():
            busy = exports.search(
                [
                    ("res_model", "=", res_model),
                    ("res_id", "in", bindings.mapped("res_id")),
                    ("connection_id", "in", bindings.connection_id.ids),
                    ("state", "in", UNDER_WAY),
                ]
            )
            busy_ids = set(busy.mapped("res_id"))
            under_way |= bindings.filtered(
                lambda binding, busy_ids=busy_ids: binding.res_id in busy_ids
            )
        return under_way

    @api.model
    def _take_changes(self, connection, entity: str, rows: list[dict]) -> None:
        """Compare objects as QuickBooks has them with what their links know.

        :param rows: as QuickBooks wrote them; deleted ones say so
        """
        by_id = {row["Id"]: row for row in rows}
        bindings = self._of_remote(connection, entity, by_id)
        under_way = bindings._under_way()
        told = self.browse()
        for binding in bindings - under_way:
            if binding._take_change(by_id[binding.qbo_id]):
                told |= binding
        for binding in under_way:
            binding._look_later()
        for res_model, changed in told.grouped("res_model").items():
            self.env["qbo.live"]._tell_changed(res_model, changed.mapped("res_id"))

    def _look_later(self) -> None:
        """Look at this one again when its export is done."""
        self.ensure_one()
        now = fields.Datetime.now()
        row = {
            "connection_id": self.connection_id.id,
            "company_id": self.company_id.id,
            "realm_id": self.realm_id,
            "entity": self.entity.lower(),
            "qbo_id": self.qbo_id,
            "deleted": False,
            # Later than what the export will have written: it is no echo of it.
            "changed_at": now + timedelta(hours=1),
            "received_at": now,
            "revision": 1,
        }
        self.env["qbo.change"]._note([row])
        self.env["qbo.change"]._look_soon(now + timedelta(minutes=1))

    def _take_change(self, row: Mapping) -> bool:
        """Follow one object.

        :return: whether something changed that screens show
        """
        self.ensure_one()
        is_document = self.entity in DOCUMENT_ENTITIES
        if is_deleted(row):
            return is_document and self._take_end("deleted")
        version = version_of(row)
        known = version_of({"SyncToken": self.sync_token})
        if version < known or self.remote_state == "deleted":
            return False  # read before what we know was written
        moved = self._take_balance(row)
        if version == known:
            return moved
        self.sync_token = str(version)
        if not is_document:
            return moved
        if is_void(row):
            return self._take_end("voided") or moved
        return self._take_facts(facts_of(row)) or moved

    def _take_balance(self, row: Mapping) -> bool:
        """Follow what is still open: payments are made in QuickBooks."""
        balance = Decimal(str(row.get("Balance") or 0))
        now = fields.Datetime.now()
        moved = _decimal(self.qbo_balance) != balance
        if moved or not self.balance_at or self.balance_at < now - BALANCE_EVERY:
            self.write({"qbo_balance": float(balance), "balance_at": now})
        return moved

    def _take_end(self, state: str) -> bool:
        """It is voided or deleted there; what we did ourselves is known already."""
        if self.remote_state == state:
            return False
        self.write(
            {
                "remote_state": state,
                "qbo_balance": 0,
                "balance_at": fields.Datetime.now(),
            }
        )
        if state == "deleted":
            message = self.env._("It was deleted in QuickBooks.")
        else:
            message = self.env._("It was voided in QuickBooks.")
        self._tell_change(message)
        return True

    def _take_facts(self, facts: Facts) -> bool:
        """The facts against those before anybody changed them there."""
        before = self._facts_before().completed(facts)
        if facts == before:
            if self.remote_state in ("changed", "voided"):
                self._taken_back()
                return True
            return False
        message = self._difference_words(before, facts)
        is_news = self.remote_state != "changed" or facts != self._facts_now()
        self.write(
            {
                "remote_state": "changed",
                "facts_before_text": before.to_text(),
                **self._values_of(facts),
            }
        )
        if is_news:
            self._tell_change(message)
        return is_news

    def _taken_back(self) -> None:
        """Somebody undid the change there."""
        facts = self._facts_before()
        self.write({"remote_state": "present", **self._values_of(facts)})
        self.env["qbo.problem"]._close(self.connection_id, [self._change_key()])

    def _facts_before(self) -> Facts:
        """Return what QuickBooks had when we last agreed with it."""
        if self.remote_state == "changed" and self.facts_before_text:
            return Facts.from_text(self.facts_before_text)
        return self._facts_now()

    def _facts_now(self) -> Facts:
        """Return what the link knows of QuickBooks."""
        return Facts(
            _decimal(self.qbo_total),
            _decimal(self.qbo_tax),
            self.doc_number or "",
            fields.Date.to_string(self.qbo_date) or "",
            self.qbo_customer or "",
        )

    def _values_of(self, facts: Facts) -> dict:
        return {
            "qbo_total": float(facts.total),
            "qbo_tax": float(facts.tax),
            "doc_number": facts.number or False,
            "qbo_date": facts.date or False,
            "qbo_customer": facts.customer or False,
        }

    # -- telling people -----------------------------------------------------------

    def _change_key(self) -> str:
        """Return the key of the problem that tells of it."""
        return f"changed:there:{self.res_model}:{self.res_id}:{self.entity}"

    def _difference_words(self, before: Facts, now: Facts) -> str:
        """Say what was changed, as a bookkeeper reads it."""
        parts = []
        for label, old, new in (
            (self.env._("Total"), before.total, now.total),
            (self.env._("Sales tax"), before.tax, now.tax),
        ):
            if old != new:
                parts.append(f"{label} {self._money(old)} > {self._money(new)}")
        if before.number != now.number:
            parts.append(
                self.env._(
                    "Number %(old)s > %(new)s",
                    old=before.number or "-",
                    new=now.number or "-",
                )
            )
        if before.date != now.date:
            parts.append(
                self.env._(
                    "Date %(old)s > %(new)s",
                    old=short_date(self.env, before.date),
                    new=short_date(self.env, now.date),
                )
            )
        if before.customer != now.customer:
            parts.append(
                self.env._(
                    "Customer %(old)s > %(new)s",
                    old=self._customer_named(before.customer),
                    new=self._customer_named(now.customer),
                )
            )
        return self.env._(
            "It was changed in QuickBooks: %(changes)s", changes=", ".join(parts)
        )

    def _customer_named(self, qbo_id: str) -> str:
        """Return the name of a customer of QuickBooks, its Id where it is not known."""
        found = self.env["qbo.reference"]._find(self.connection_id, "customer", qbo_id)
        return found.display_name or qbo_id

    def _money(self, amount: Decimal) -> str:
        return formatLang(self.env, float(amount), currency_obj=self.currency_id)

    def _tell_change(self, message: str) -> None:
        """Open the problem, and note it on the document, once."""
        self.env["qbo.problem"]._open_change(self, message)
        record = self._document()
        if record and hasattr(record, "_message_log"):
            record._message_log(body=self._with_link(message))

    def _document(self):
        """Return the Odoo record on whose screen people look, perhaps gone."""
        if self.res_model not in self.env:
            return self.browse()  # of an addon that is gone
        record = self.env[self.res_model].browse(self.res_id).exists()
        return record._qbo_shown_on() if record else record


def _decimal(amount: float) -> Decimal:
    """Return an amount of a link: the shortest text of a float that was a decimal."""
    return Decimal(str(round(amount, 6)))
