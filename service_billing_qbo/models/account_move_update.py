from odoo import models

from ..quickbooks import jsonmoney

# What tells the version of a document, not its content.
VERSION_MEMBERS = {"Id", "SyncToken", "sparse"}


class AccountMove(models.Model):
    """A document that QuickBooks has already: what changes there, and what goes."""

    _inherit = "account.move"

    def _qbo_as_update(self, prep, payload):
        """Return the document as a change of the one that QuickBooks has.

        An invoice is changed sparsely: what people filled in there stays, and the
        lines are replaced as a whole. Where Odoo no longer has what it sent before (a
        term, a class) the update is a full one, for only that empties a reference
        (Intuit's support in intuit/QuickBooks-V3-DotNET-SDK#113). A credit memo takes
        full updates only.

        :param dict payload: the whole document as it is now
        :rtype: dict
        """
        keys = {"Id": prep.binding.qbo_id, "SyncToken": prep.binding.sync_token}
        is_emptied = set(self._qbo_last_sent(prep)) - VERSION_MEMBERS - set(payload)
        if self._qbo_entity() == "CreditMemo" or is_emptied:
            return {**payload, **keys}
        return {**payload, **keys, "sparse": True}

    def _qbo_last_sent(self, prep):
        """Return the document as QuickBooks took it last, empty when unknown.

        :rtype: dict
        """
        self.ensure_one()
        export = (
            self.env["qbo.export"]
            .sudo()
            .search(
                [
                    ("connection_id", "=", prep.connection.id),
                    ("realm_id", "=", prep.connection.realm_id),
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("operation", "in", ("create", "update")),
                    ("done_at", "!=", False),
                    ("payload_text", "!=", False),
                ],
                order="done_at desc, id desc",
                limit=1,
            )
        )
        return jsonmoney.loads(export.payload_text) if export else {}
