from odoo import fields, models


class QboMapping(models.Model):
    """A further billing type: Account Mapping asks for its default item, too."""

    _inherit = "qbo.mapping"

    billing_type = fields.Selection(
        selection_add=[("rental", "Rental")], ondelete={"rental": "cascade"}
    )
