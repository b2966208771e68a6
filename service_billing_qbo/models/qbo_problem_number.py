"""A document that was typed in QuickBooks by hand can be the one of Odoo: Link."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..quickbooks import jsonmoney
from .qbo_log_document import LINKED
from .roles import BOOKKEEPER, check_role


class QboProblem(models.Model):
    _inherit = "qbo.problem"

    can_link = fields.Boolean(compute="_compute_can_link", compute_sudo=True)

    @api.depends("found_text", "closed_at")
    def _compute_can_link(self):
        for problem in self:
            problem.can_link = bool(problem.found_text and not problem.closed_at)

    def action_link_found(self):
        """Show both documents and ask whether they are the same.

        :raise AccessError: for others than bookkeepers
        """
        self.ensure_one()
        check_role(self.env, BOOKKEEPER)
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Link"),
            "res_model": "qbo.link.document",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_problem_id": self.id},
        }

    def _found(self) -> Mapping[str, Any]:
        """Return the document that has the number, as QuickBooks had it then."""
        self.ensure_one()
        return jsonmoney.loads(self.sudo().found_text or "{}")

    def _stopped_export(self):
        """Return the export of the document that this is about, as superuser."""
        self.ensure_one()
        return self.sudo().export_ids.filtered(
            lambda export: (
                (export.res_model, export.res_id) == (self.res_model, self.res_id)
                and export.state == "problem"
            )
        )[:1]

    def _why_not_linked(self) -> str:
        """Return why the two cannot be the same, empty when they can.

        :rtype: str
        """
        found, export = self._found(), self._stopped_export()
        if not self.can_link or not export:
            return self.env._("This was decided already.")
        if export.realm_id != export.connection_id.realm_id:
            return self.env._("It was found in another QuickBooks company.")
        if owner := self._owner_of_found(export, found):
            return self.env._(
                "It belongs to %(document)s in Odoo already.", document=owner
            )
        sent = jsonmoney.loads(export.payload_text or "{}")
        if _customer_of(found) != _customer_of(sent):
            return self.env._(
                "It is of another customer in QuickBooks. Change the customer there, or"
                " link the customer first, then Retry all."
            )
        code = (found.get("CurrencyRef") or {}).get("value")
        same_money = not code or code == export.currency_id.name
        total = Decimal(str(found.get("TotalAmt") or 0))
        if not same_money or total != Decimal(str(export.expected_total)):
            return self.env._(
                "Its total is another one. Correct the document in QuickBooks, then"
                " Retry all."
            )
        return ""

    def _owner_of_found(self, export, found) -> str:
        """Return the name of the other record in Odoo that has this document."""
        binding = (
            self.env["qbo.binding"]
            .sudo()
            .search(
                [
                    ("connection_id", "=", export.connection_id.id),
                    ("realm_id", "=", export.realm_id),
                    ("entity", "=", export.entity),
                    ("qbo_id", "=", found.get("Id")),
                    ("res_id", "!=", export.res_id),
                ],
                limit=1,
            )
        )
        if not binding:
            return ""
        record = binding._document()
        return (record and record.display_name) or binding.doc_number or found["Id"]

    def _link_found(self) -> None:
        """Take the document that has the number for the one of Odoo.

        :raise AccessError: for others than bookkeepers
        :raise UserError: they cannot be the same, with why
        """
        self.ensure_one()
        check_role(self.env, BOOKKEEPER)
        self.check_access("read")
        if why_not := self._why_not_linked():
            raise UserError(why_not)
        export, found = self._stopped_export(), self._found()
        # Nobody sent it: what is told of an answer of QuickBooks is not true of it.
        exports = export.with_context(**{LINKED: True})
        exports._adopt(export.connection_id, {export.id: found})
        record = self.env[self.res_model].browse(self.res_id)
        bindings = self.env["qbo.binding"].sudo()
        binding = bindings._find(export.connection_id, record, export.entity)
        binding.linked = True
        # It was read when the number was refused: whatever became of it since is told.
        binding._look_later()
        record._message_log(
            author_id=self.env.user.partner_id.id,
            body=self.env._(
                "%(user)s linked it with %(number)s, which QuickBooks had already.",
                user=self.env.user.name,
                number=found.get("DocNumber") or found["Id"],
            ),
        )


def _customer_of(document: Mapping[str, Any]) -> str:
    return str((document.get("CustomerRef") or {}).get("value") or "")
