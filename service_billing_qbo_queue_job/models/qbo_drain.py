from odoo import fields, models


class QboDrain(models.Model):
    _inherit = "qbo.drain"

    jobless = fields.Boolean(
        readonly=True,
        help="A scheduled action drained last, because no job had come for minutes.",
    )
