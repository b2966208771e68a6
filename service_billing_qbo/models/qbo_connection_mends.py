"""What a setting of the Configuration mends goes on when it is saved."""

from odoo import models
from odoo.fields import Domain

from ..mappers.outcome import CLOSED_BOOKS

#: Settings of which one value ends a kind of problem for good.
ENDS = {
    ("closed_books_policy", "first_open_day"): Domain("key", "=", CLOSED_BOOKS),
    ("unmapped_term_policy", "due_date"): Domain("key", "=like", "term:%"),
}
#: Settings that change what is sent, by the kinds that they may mend.
MAY_MEND = {
    "use_classes": ("feature", "inactive", "data"),
    "allow_overrides": ("unmapped", "inactive", "data"),
    "rounding_line": ("data", "unmapped", "inactive"),
    "cancel_policy": ("changed", "unknown"),
    "currency_customers": ("currency",),
    "sub_customers": ("customer", "data", "unmapped", "unknown"),
    "send_customer_changes": ("customer", "data", "unmapped", "unknown"),
    "exemption_reason": ("customer", "data", "unknown"),
}


class QboConnection(models.Model):
    _inherit = "qbo.connection"

    def write(self, vals):
        changed = [
            name
            for name in {setting for setting, _value in ENDS} | set(MAY_MEND)
            if name in vals and any(one[name] != vals[name] for one in self)
        ]
        result = super().write(vals)
        if changed:
            self._mended_by(changed)
        return result

    def _mended_by(self, settings) -> None:
        """Let go what these settings may have stood in the way of; no network."""
        problems = self.env["qbo.problem"].sudo()
        released = problems.export_ids
        for connection in self:
            here = Domain("connection_id", "=", connection.id)
            here &= Domain("closed_at", "=", False)
            for name in settings:
                if ended := ENDS.get((name, connection[name])):
                    released |= problems.search(here & ended)._close_all(resume=False)
                elif kinds := MAY_MEND.get(name):
                    maybe = problems.search(here & Domain("kind", "in", kinds))
                    released |= maybe._judge_anew()
        problems._tell_released(released)


class QboCustomField(models.Model):
    _inherit = "qbo.custom.field"

    def write(self, vals):
        result = super().write(vals)
        if "source" in vals:
            for connection in self.connection_id:
                self.env["qbo.problem"].sudo().search(
                    [
                        ("connection_id", "=", connection.id),
                        ("closed_at", "=", False),
                        ("key", "=like", "feature:custom-field:%"),
                    ]
                )._judge_anew()
        return result
