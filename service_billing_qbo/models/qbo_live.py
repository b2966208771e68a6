from odoo import api, models

CHANGED = "service_billing_qbo/changed"
# Who may see a status at all; groups are bus channels (bus/models/ir_websocket.py).
AUDIENCE = ("account.group_account_invoice", "account.group_account_readonly")


class QboLive(models.AbstractModel):
    """Tells open screens which records changed, so that they show it without reload.

    One message per transaction and model, sent with its commit. It names ids
    only: a screen reads them again with its own user's rights.
    """

    _name = "qbo.live"
    _description = "Live QuickBooks Screens"

    @api.model
    def _tell_changed(self, model_name, ids):
        """Note that records changed; the message goes when the transaction commits.

        :param str model_name: model of the records that screens show
        :param ids: ids of that model
        """
        noted = self.env.cr.precommit.data.setdefault("service_billing_qbo.changed", {})
        if not noted:
            self.env.cr.precommit.add(self._send_changes)
        noted.setdefault(model_name, set()).update(ids)

    @api.model
    def _send_changes(self):
        noted = self.env.cr.precommit.data.pop("service_billing_qbo.changed", {})
        groups = self.env["res.groups"].sudo()
        for xmlid in AUDIENCE:
            groups |= self.env.ref(xmlid).sudo()
        for model_name, ids in noted.items():
            groups._bus_send(CHANGED, {"model": model_name, "ids": sorted(ids)})
