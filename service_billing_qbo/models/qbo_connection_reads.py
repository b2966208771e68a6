from odoo import api, fields, models
from odoo.tools import formatLang

#: Shares of the month's metered reads, in percent, from which people are warned.
HIGH, CRITICAL = 80, 95


class QboConnection(models.Model):
    """How much of Intuit's metered reads of a month is left.

    Creating and changing documents is free; what is read counts, for all companies of
    an app together. Whoever has used them up can look nothing up any more.
    """

    _inherit = "qbo.connection"

    metered_reads_state = fields.Selection(
        [
            ("ok", "Enough left"),
            ("high", "Over 80 % used"),
            ("critical", "Over 95 % used"),
        ],
        compute="_compute_metered_reads_state",
    )

    @api.depends("metered_reads", "metered_reads_limit")
    def _compute_metered_reads_state(self):
        for connection in self:
            used = connection.metered_reads * 100 / connection.metered_reads_limit
            is_high = "high" if used >= HIGH else "ok"
            connection.metered_reads_state = "critical" if used >= CRITICAL else is_high

    def _get_alerts(self):
        alerts = super()._get_alerts()
        if self.state == "connected" and self.metered_reads_state != "ok":
            level = "danger" if self.metered_reads_state == "critical" else "warning"
            alerts["metered_reads"] = {
                "level": level,
                "message": self.env._(
                    "%(used)s of Intuit's %(limit)s metered reads of this month are "
                    "used. Exports go on; Refresh and Test use up more of them.",
                    used=formatLang(self.env, self.metered_reads, digits=0),
                    limit=formatLang(self.env, self.metered_reads_limit, digits=0),
                ),
            }
        return alerts
