"""What became of a document in QuickBooks stays to be read on it in Odoo.

A document has one link at a time. Voided and posted again it is another document of
QuickBooks: the notes on it say which it was before.
"""

from markupsafe import Markup

from odoo import models

from .qbo_binding import DOCUMENT_ENTITIES


class QboBinding(models.Model):
    _inherit = "qbo.binding"

    def _with_link(self, message: str) -> Markup:
        """Return a sentence with a link that opens the document in QuickBooks."""
        self.ensure_one()
        if self.entity not in DOCUMENT_ENTITIES:
            return Markup("%s") % message
        address = self.connection_id._qbo_url(self.entity, self.qbo_id)
        return Markup('%s (<a href="%s" target="_blank">%s</a>)') % (
            message,
            address,
            self._named(),
        )

    def _named(self) -> str:
        """Return how QuickBooks names the document: "Invoice 1069"."""
        number = self.doc_number or self.qbo_id
        kinds = {
            "Invoice": self.env._("Invoice %(number)s", number=number),
            "CreditMemo": self.env._("Credit memo %(number)s", number=number),
            "Payment": self.env._("Payment %(number)s", number=number),
        }
        return kinds[self.entity]


class AccountMove(models.Model):
    _inherit = "account.move"

    def _qbo_after_exports(self, connection, bindings, answers):
        result = super()._qbo_after_exports(connection, bindings, answers)
        messages = {
            "voided": self.env._("Voided in QuickBooks, as it was cancelled here."),
            "deleted": self.env._("Deleted in QuickBooks, as it was cancelled here."),
        }
        bodies = {
            id_: binding._with_link(messages[binding.remote_state])
            for id_, binding in bindings.items()
            if binding.remote_state in messages
        }
        if bodies:
            self.browse(bodies)._message_log_batch(bodies)
        return result
