"""Odoo's merging of contacts takes along what they are in QuickBooks."""

from odoo import api, models


class MergePartners(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        dst_partner._qbo_take_over_currencies(src_partners)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _update_reference_fields(self, src_partners, dst_partner):
        result = super()._update_reference_fields(src_partners, dst_partner)
        dst_partner._qbo_take_over(src_partners)
        return result
