"""How people get to the account mapping of the company that is connected now."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from .counted import counted

#: What a waiting document needs and nobody has chosen.
MISSING = Domain("reference_id", "=", False) & Domain("needed_count", ">", 0)


class QboMapping(models.Model):
    _inherit = "qbo.mapping"

    mark_text = fields.Char(compute="_compute_mark_text")

    @api.depends("mark", "reference_id.mark_text", "class_id.mark_text")
    @api.depends_context("lang", "tz")
    def _compute_mark_text(self):
        for mapping in self:
            chosen = mapping.reference_id | mapping.class_id
            marked = chosen.filtered(lambda one, row=mapping: one.mark == row.mark)
            mapping.mark_text = marked[:1].mark_text

    @api.onchange("reference_id")
    def _onchange_reference_id(self):
        """Say who had the choice that is taken away: nothing stops at once."""
        chosen = self._origin.reference_id
        if self.reference_id or not chosen or self.res_model:
            return None
        count = self.env["product.template"].search_count(self._served_domain())
        if not count:
            return None
        return {
            "warning": {
                "type": "notification",
                "title": self.env._("%(item)s was used", item=chosen.display_name),
                "message": counted(
                    count,
                    self.env._(
                        "1 product has no choice of its own: its invoices stop until"
                        " another one is chosen here."
                    ),
                    self.env._(
                        "%(count)s products have no choice of their own: their"
                        " invoices stop until another one is chosen here.",
                        count=count,
                    ),
                ),
            }
        }

    def _served_domain(self):
        """Return the products for which this billing type is what is chosen last.

        :return: of ``product.template``
        :rtype: Domain
        """
        self.ensure_one()
        own = Domain("qbo_billing_type", "=", self.billing_type)
        if self.billing_type in ("service", "goods"):
            operator = "=" if self.billing_type == "service" else "!="
            by_type = Domain("type", operator, "service")
            own |= Domain("qbo_billing_type", "=", False) & by_type
        nearer = self.sudo().search(
            [
                ("connection_id", "=", self.connection_id.id),
                ("realm_id", "=", self.realm_id),
                ("kind", "=", "item"),
                ("reference_id", "!=", False),
                ("res_model", "in", ("product.template", "product.category")),
            ]
        )
        ids = {
            model: rows.mapped("res_id")
            for model, rows in nearer.grouped("res_model").items()
        }
        return (
            own
            & Domain("sale_ok", "=", True)
            & Domain("id", "not in", ids.get("product.template", []))
            & ~Domain("categ_id", "child_of", ids.get("product.category", []))
        )

    @api.model
    def search_panel_select_range(self, field_name, **kwargs):
        """Count in the panel what is missing of each kind, not all that there is.

        Its kinds are in the order of the levels, whatever is filtered.
        """
        if field_name != "level":
            return super().search_panel_select_range(field_name, **kwargs)
        connection = self.env["qbo.connection"]._for_company(self.env.company)
        rows = Domain(self._screen_domain(connection))
        kinds = {level for (level,) in self._read_group(rows, ["level"])}
        missing = dict(self._read_group(rows & MISSING, ["level"], ["__count"]))
        labels = self._fields["level"]._description_selection(self.env)
        return {
            "parent_field": False,
            "values": [
                {
                    "id": level,
                    "display_name": label,
                    "__count": missing.get(level, 0),
                }
                for level, label in labels
                if level in kinds
            ],
        }

    @api.model
    def action_open(self):
        """Look what waiting documents need, and show the choices of this realm.

        No network: only what was retrieved before is compared.
        """
        self.check_access("read")
        connection = self.env["qbo.connection"]._ensure_for_company(self.env.company)
        if connection.realm_id:
            self._refresh_needed(connection)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "service_billing_qbo.qbo_mapping_action"
        )
        action["domain"] = self._screen_domain(connection)
        action["context"] = {
            "search_default_without_unneeded": 1,
            "qbo_classes_used": connection.use_classes,
        }
        if self.search_count(action["domain"], limit=1):
            action["help"] = self._help_when_filtered()
        return action

    @api.model
    def action_open_taxes(self):
        """Show the choices for all taxes, also those that no document needs yet."""
        action = self.action_open()
        action["context"] = {
            **action["context"],
            "search_default_without_unneeded": 0,
            "searchpanel_default_level": "tax",
        }
        return action

    @api.model
    def _screen_domain(self, connection):
        """Return the domain of the choices for the QuickBooks company of now.

        :rtype: list
        """
        return [
            ("connection_id", "=", connection.id),
            ("realm_id", "=", connection.realm_id or ""),
        ]

    @api.model
    def _help_when_filtered(self):
        """Return what an empty list says when a filter hides its rows."""
        title = self.env._("Nothing of this kind is needed or chosen.")
        todo = self.env._("Remove the filter above to see everything.")
        return Markup(
            '<p class="o_view_nocontent_smiling_face">{title}</p><p>{todo}</p>'
        ).format(title=title, todo=todo)
