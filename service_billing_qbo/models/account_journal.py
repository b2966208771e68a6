from odoo import fields, models

from .qbo_item_mixin import MAPPING_READERS


class AccountJournal(models.Model):
    _name = "account.journal"
    _inherit = ["account.journal", "qbo.mapping.mixin"]

    _qbo_mapping_kind = "department"
    _qbo_mapping_fields = {"qbo_department_id": "reference_id"}

    qbo_department_id = fields.Many2one(
        "qbo.reference",
        string="QuickBooks Location",
        compute="_compute_qbo_mapping",
        inverse="_inverse_qbo_mapping",
        domain=lambda self: self._qbo_reference_domain("department"),
        groups=MAPPING_READERS,
    )
