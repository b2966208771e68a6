"""What would be sent now for an invoice: nothing is sent, nothing written."""

import logging
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import simplejson

from odoo import models
from odoo.exceptions import UserError

from ..mappers.outcome import CannotExport, Cause, NeedsFirst
from .qbo_export import OPEN_STATES

_logger = logging.getLogger(__name__)


@dataclass
class DocumentPreview:
    """One document as it would go to QuickBooks now.

    :ivar operation: ``create``, ``update``, ``void``, ``delete`` or ``nothing``
    :ivar payload: the object as QuickBooks would get it
    :ivar before: the object as it was sent last; empty before the first export
    :ivar causes: what stops it
    :ivar is_there: nothing is to be sent, for QuickBooks has the document as it is
    :ivar reason: why nothing is to be sent, where there is more to say
    :ivar first: names of the customers that would be created first
    :ivar expected_total: what QuickBooks will answer, in the document's currency;
        None when it cannot be known, because something stops the document. The tax
        is None, too, where it goes as lines of its own
    """

    operation: str
    payload: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    causes: list[Cause] = field(default_factory=list)
    first: list[str] = field(default_factory=list)
    is_there: bool = False
    reason: str = ""
    expected_tax: Decimal | None = None
    expected_total: Decimal | None = None

    def payload_text(self) -> str:
        """Return the object as JSON for people: indented, amounts as they are sent."""
        return simplejson.dumps(
            self.payload, indent=2, use_decimal=True, ensure_ascii=False
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    def _qbo_preview(self):
        """Return what would be sent for this document if it were due now.

        A draft is looked at as if it were posted as it is. Reads what Odoo knows of
        QuickBooks; no call, no write.

        :rtype: DocumentPreview
        """
        self.ensure_one()
        self = self.sudo().with_company(self.company_id)
        connection = self.env["qbo.connection"]._for_company(self.company_id)
        binding = self.env["qbo.binding"]._find(connection, self)
        prep = self._qbo_preparation(connection, binding)
        if self.state != "draft" and not self._qbo_would_go():
            return self._qbo_preview_settled(prep)
        if self.state == "cancel":
            return self._qbo_preview_withdrawal(prep)
        preview = DocumentPreview("update" if prep.binding else "create")
        payload = self._qbo_prepare_invoice_vals(prep)
        self._qbo_preview_customer(prep, preview, payload)
        preview.causes = [*prep.causes, *preview.causes]
        if not preview.causes:
            self._qbo_expect(prep, preview)
        if prep.binding:
            payload = self._qbo_as_update(prep, payload)
            preview.before = self._qbo_last_sent(prep)
        preview.payload = payload
        return preview

    def _qbo_would_go(self):
        """Tell whether this document is on its way, or its reader may send it now.

        Exports are what the engine sends: what QuickBooks has is sent again only once
        a change of it is queued.

        :rtype: bool
        """
        return bool(self.qbo_button) or self.qbo_export_id.state in OPEN_STATES

    def _qbo_preview_settled(self, prep):
        """Return a document of which nothing is to be sent: what QuickBooks has of it.

        :rtype: DocumentPreview
        """
        preview = DocumentPreview("nothing", reason=self.qbo_status_text or "")
        if not prep.binding:
            return preview
        preview.is_there = True
        preview.payload = self._qbo_last_sent(prep)
        if not preview.payload:
            # Chosen by a person, never sent: Odoo knows its totals only.
            preview.payload = self._qbo_prepare_invoice_vals(prep)
            preview.payload["CustomerRef"] = {"value": prep.binding.qbo_customer}
        if prep.tax_model != "us_none":
            preview.expected_tax = Decimal(str(prep.binding.qbo_tax))
        preview.expected_total = Decimal(str(prep.binding.qbo_total))
        return preview

    def _qbo_preview_withdrawal(self, prep):
        """Return what a cancelled document becomes there.

        :rtype: DocumentPreview
        """
        try:
            prepared = self._qbo_prepare_withdrawal(prep)
        except CannotExport as stop:
            return DocumentPreview("void", causes=stop.causes)
        return DocumentPreview(prepared.operation, prepared.payload)

    def _qbo_preview_customer(self, prep, preview, payload):
        """Note whether the customer is there, or what keeps it from being created."""
        binding = self._qbo_customer_binding(prep.connection)
        if binding:
            payload["CustomerRef"] = {"value": binding.qbo_id}
            return
        customer = self._qbo_customer()
        known = self.env["qbo.binding"]._find(prep.connection, customer, "Customer")
        if known:
            # Who is it in another currency.
            customer = self.env["qbo.currency.customer"]._foreseen(
                prep.connection, customer, self.currency_id
            )
        if known and not customer._origin and not prep.connection.currency_customers:
            self._qbo_stop_currency(prep, known)
            return
        exports = self.env["qbo.export"].sudo()
        if excluded := exports._excluded_of(prep.connection, customer):
            preview.causes.append(exports._cause_of_exclusion(excluded[:1]))
            return
        preview.first.append(customer.display_name)
        try:
            customer._qbo_prepare(prep.connection._only_looking(), binding)
        except CannotExport as stop:
            preview.causes += stop.causes
        except NeedsFirst as needs:
            preview.first[:0] = needs.records.mapped("display_name")

    def _qbo_expect(self, prep, preview):
        """Foresee tax and total as QuickBooks will find them."""
        # What QuickBooks rounds otherwise is made up for by a line, if wanted.
        missing = Decimal(0) if prep.connection.rounding_line else prep.rounding_gap
        if prep.tax_model != "us_none":
            preview.expected_tax = self._qbo_tax() - prep.rounding_gap
        preview.expected_total = self._qbo_total() - missing

    def _qbo_draft_alert(self):
        """Say of a draft what will stop it, while its writer still has it open.

        Never in the way: a fault in the foresight is the server's to log, and the
        draft is as before.

        :return: an alert, or None
        """
        if not (self.ids and self.partner_id and self.invoice_line_ids):
            return None
        connection = self.env["qbo.connection"]._for_company(self.company_id)
        if not connection._exports_documents():
            return None
        try:
            with self.env.cr.savepoint():
                causes = self._qbo_preview().causes
        except Exception:
            # A hint on a draft: nobody's typing may stop for a fault in it.
            _logger.exception("Looking ahead at draft %s failed", self.id)
            return None
        if not causes:
            return None
        words = self.env._(
            "Cannot be exported yet: %(causes)s",
            causes=" ".join(cause.message for cause in causes),
        )
        turn = self._qbo_turn_words({cause.turn for cause in causes})
        return {
            "level": "warning",
            "message": " ".join(filter(None, (words, turn))),
            "action_text": self.env._("Preview"),
            "action": {
                **self.env["ir.actions.server"]._for_xml_id(
                    "service_billing_qbo.action_move_preview"
                ),
                "context": {"active_model": self._name, "active_ids": self.ids},
            },
        }

    def action_qbo_preview(self):
        """Show what QuickBooks would get now, without calling it.

        :raise NotConnected: when no QuickBooks company was ever connected
        :raise UserError: when none of these is of a kind that QuickBooks gets
        """
        self.check_access("read")
        documents = self._qbo_documents()
        if not documents:
            raise UserError(
                self.env._(
                    "Only invoices and credit notes to customers go to QuickBooks."
                )
            )
        return self.env["qbo.preview"]._action_of(documents)
