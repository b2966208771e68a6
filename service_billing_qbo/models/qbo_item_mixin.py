from odoo import api, fields, models

from .roles import BOOKKEEPER

MAPPING_READERS = "account.group_account_readonly,account.group_account_invoice"


class QboItemMixin(models.AbstractModel):
    """Item and class of QuickBooks on the forms of products and of their categories.

    What is left empty is taken from further away: the category, those above it, the
    billing type. The form says from where.
    """

    _name = "qbo.item.mixin"
    _inherit = ["qbo.mapping.mixin"]
    _description = "Mapped to a QuickBooks Item"

    _qbo_mapping_kind = "item"
    _qbo_mapping_fields = {"qbo_item_id": "reference_id", "qbo_class_id": "class_id"}

    qbo_item_id = fields.Many2one(
        "qbo.reference",
        string="QuickBooks item",
        compute="_compute_qbo_mapping",
        inverse="_inverse_qbo_mapping",
        domain=lambda self: self._qbo_reference_domain("item"),
        groups=MAPPING_READERS,
    )
    qbo_class_id = fields.Many2one(
        "qbo.reference",
        string="QuickBooks class",
        compute="_compute_qbo_mapping",
        inverse="_inverse_qbo_mapping",
        domain=lambda self: self._qbo_reference_domain("class"),
        groups=MAPPING_READERS,
    )
    qbo_item_origin = fields.Char(
        compute="_compute_qbo_origin", compute_sudo=True, groups=MAPPING_READERS
    )
    qbo_class_origin = fields.Char(
        compute="_compute_qbo_origin", compute_sudo=True, groups=MAPPING_READERS
    )
    qbo_is_mapped = fields.Boolean(
        compute="_compute_qbo_is_mapped", compute_sudo=True, groups="base.group_user"
    )
    qbo_has_classes = fields.Boolean(
        compute="_compute_qbo_is_mapped", compute_sudo=True, groups="base.group_user"
    )
    qbo_may_choose = fields.Boolean(
        compute="_compute_qbo_may_choose", groups="base.group_user"
    )

    def _qbo_places(self):
        """Return where a choice for this record may stand, the nearest first.

        :return: keys of ``qbo.mapping._rows``
        :rtype: list[tuple]
        """
        raise NotImplementedError

    @api.depends_context("company")
    def _compute_qbo_is_mapped(self):
        connection = self.env["qbo.connection"]._for_company(self.env.company)
        for record in self:
            record.qbo_is_mapped = bool(connection.realm_id)
            record.qbo_has_classes = connection.use_classes

    @api.depends_context("uid")
    def _compute_qbo_may_choose(self):
        may_choose = self.env.user.has_group(BOOKKEEPER)
        for record in self:
            record.qbo_may_choose = may_choose

    @api.depends("qbo_item_id", "qbo_class_id")
    @api.depends_context("company", "lang")
    def _compute_qbo_origin(self):
        connection = self.env["qbo.connection"]._for_company(self.env.company)
        for record in self:
            record.qbo_item_origin = record._qbo_origin(connection, "qbo_item_id")
            record.qbo_class_origin = record._qbo_origin(connection, "qbo_class_id")

    def _qbo_origin(self, connection, field):
        """Return which entry is taken while the field is empty, and why.

        :param str field: ``qbo_item_id`` or ``qbo_class_id``
        :return: a sentence, empty where the field itself says it
        :rtype: str
        """
        self.ensure_one()
        if not connection.realm_id or self[field]:
            return ""
        source = self._qbo_mapping_fields[field]
        places = self._qbo_places()
        rows = self.env["qbo.mapping"]._rows(connection, "item", places)
        for place in places:
            row = rows.get(place)
            if row and row[source]:
                return self.env._(
                    "Empty: %(entry)s, chosen for %(origin)s.",
                    entry=row[source].display_name,
                    origin=row.record_name,
                )
        return ""
