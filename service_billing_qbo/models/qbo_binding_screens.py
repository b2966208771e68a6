"""What people decide about a link: accept a difference."""

from odoo import fields, models
from odoo.exceptions import UserError

from .roles import BOOKKEEPER, check_role


class QboBinding(models.Model):
    _inherit = "qbo.binding"

    def _accept_difference(self, reason):
        """Let the total in QuickBooks stand as it is, with who said so and why.

        :param str reason: in the words of the user
        :raise AccessError: for others than bookkeepers
        :raise UserError: without a reason, or when the totals are equal
        """
        self.ensure_one()
        check_role(self.env, BOOKKEEPER)
        if not (reason or "").strip():
            raise UserError(self.env._("Please say why the difference is right."))
        if not self._difference_is_open():
            raise UserError(self.env._("There is no difference to accept."))
        self.sudo().write(
            {
                "difference_accepted_by_id": self.env.uid,
                "difference_accepted_at": fields.Datetime.now(),
                "difference_accepted_reason": reason.strip(),
            }
        )
        self.env["qbo.live"]._tell_changed(self.res_model, [self.res_id])
        document = self.env[self.res_model].browse(self.res_id)
        document.sudo()._message_log(
            author_id=self.env.user.partner_id.id,
            body=self.env._(
                "Difference to QuickBooks accepted (%(difference)s): %(reason)s",
                difference=self._difference_text(),
                reason=reason.strip(),
            ),
        )
