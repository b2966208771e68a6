from odoo import api, fields, models
from odoo.tools import SQL

from ..mappers.matching import Party
from ..mappers.names import display_name, free_name, name_key
from .res_partner_link import NAME_LISTS


class QboMatch(models.Model):
    """One customer that Odoo has and that QuickBooks may have too.

    The list is made on demand, and a row of it for each new customer just before it
    would be made in QuickBooks. Nothing is linked or created before a person applies
    the decisions.
    """

    _name = "qbo.match"
    _description = "Customer to Match"
    _order = "match, partner_id, id"

    connection_id = fields.Many2one(
        "qbo.connection", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True, precompute=True
    )
    realm_id = fields.Char(required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Odoo",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    reference_id = fields.Many2one(
        "qbo.reference",
        string="QuickBooks",
        ondelete="set null",
        index="btree_not_null",
        domain="[('connection_id', '=', connection_id), ('realm_id', '=', realm_id),"
        " ('entity', '=', 'customer'), ('active', '=', True)]",
    )
    reason = fields.Selection(
        [
            ("name_email", "same name and e-mail"),
            ("name_tax_id", "same name and tax id"),
            ("name", "same name"),
            ("several", "several are alike"),
            ("similar", "similar name"),
            ("email", "same e-mail"),
            ("taken", "name of a vendor or employee"),
            ("inactive", "inactive in QuickBooks"),
            ("none", "not found"),
            ("chosen", "chosen by a person"),
        ],
        readonly=True,
    )
    match = fields.Selection(
        [("confident", "Confident"), ("review", "To review"), ("none", "No match")],
        readonly=True,
    )
    decision = fields.Selection(
        [("link", "Link"), ("create", "Create"), ("ignore", "Ignore")]
    )
    new_name = fields.Char(
        string="Name in QuickBooks",
        compute="_compute_new_name",
        store=True,
        readonly=False,
        help="Only for Create: the name that the new customer gets in QuickBooks."
        " Empty: the name in Odoo.",
    )
    applied_at = fields.Datetime(readonly=True)

    _partner_uniq = models.Constraint(
        "UNIQUE(connection_id, realm_id, partner_id)",
        "This customer is already in the list.",
    )

    @api.depends("decision", "reason")
    def _compute_new_name(self):
        """Propose a name that is free where QuickBooks has the customer's already.

        What a person has typed stays.
        """
        taken = {}
        for row in self:
            offered = row.new_name
            is_created = row.decision == "create" and not row.applied_at
            if not offered and (row.reason == "taken" or is_created):
                place = row.connection_id.sudo(), row.realm_id
                if place not in taken:
                    taken[place] = self._name_keys(*place)
                offered = _other_name(row.partner_id.sudo().name or "", taken[place])
            row.new_name = offered

    @api.model
    def _name_keys(self, connection, realm_id) -> set[str]:
        """Return all names that QuickBooks has, as it compares them; inactive too."""
        self.env["qbo.reference"].flush_model()
        # One query for all customers: a search by name would read the table for each.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT name FROM qbo_reference
                 WHERE connection_id = %s AND realm_id = %s AND entity IN %s
                   AND deleted IS NOT TRUE
                """,
                connection.id,
                realm_id,
                NAME_LISTS,
            )
        )
        return {name_key(name or "") for (name,) in rows}

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Order matches as they are worked off: confident, to review, none."""
        if field_name != "match":
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        levels = self._fields["match"].get_values(self.env)
        position = SQL(
            "array_position(%s::varchar[], %s)",
            levels,
            self._field_to_sql(alias, field_name, query),
        )
        query._order_groupby.append(position)
        return SQL("%s %s %s", position, direction, nulls)

    @api.model
    def _unlinked_customers(self, connection):
        """Return the customers of the company that QuickBooks does not have yet.

        :rtype: res.partner
        """
        partners = (
            self.env["res.partner"]
            .sudo()
            .search(
                [
                    ("customer_rank", ">", 0),
                    ("company_id", "in", [False, *connection._companies().ids]),
                    ("id", "not in", self._bound_ids(connection)),
                ]
            )
        )
        return partners.filtered(
            lambda partner: partner == partner.commercial_partner_id
        )

    @api.model
    def _bound_ids(self, connection) -> list[int]:
        """Return the ids of the partners that QuickBooks has, or is linked with."""
        bindings = self.env["qbo.binding"].sudo()
        found = bindings.search_fetch(
            [
                ("connection_id", "=", connection.id),
                ("realm_id", "=", connection.realm_id),
                # Those of currencies are other records, with ids of their own.
                ("res_model", "=", "res.partner"),
                ("entity", "=", "Customer"),
            ],
            ["res_id"],
        )
        return found.mapped("res_id")

    @api.model
    def _parties(self, connection):
        """Return who owns a name in QuickBooks, but for customers linked already.

        :rtype: list[mappers.matching.Party]
        """
        self.env["qbo.binding"].flush_model(["qbo_id", "entity"])
        self.env["qbo.reference"].flush_model()
        # One query: there may be ten thousands, and each new customer asks.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT reference.id, reference.name, reference.entity,
                       reference.active,
                       reference.details_text::jsonb ->> 'email',
                       reference.details_text::jsonb ->> 'resale_number',
                       reference.details_text::jsonb ->> 'currency'
                  FROM qbo_reference reference
                 WHERE reference.connection_id = %(connection)s
                   AND reference.realm_id = %(realm)s
                   AND reference.entity IN %(entities)s
                   AND reference.deleted IS NOT TRUE
                   AND NOT EXISTS (
                       SELECT FROM qbo_binding binding
                        WHERE binding.connection_id = reference.connection_id
                          AND binding.realm_id = reference.realm_id
                          AND binding.entity = 'Customer'
                          AND reference.entity = 'customer'
                          AND binding.qbo_id = reference.qbo_id)
                """,
                connection=connection.id,
                realm=connection.realm_id or "",
                entities=NAME_LISTS,
            )
        )
        return [
            Party(
                id=reference_id,
                name=name or "",
                email=email or "",
                tax_id=tax_id or "",
                kind=entity,
                active=bool(active),
                currency=currency or "",
            )
            for reference_id, name, entity, active, email, tax_id, currency in rows
        ]


def _other_name(name, taken):
    """Return a free name to offer in place of one that is taken; none where it is free.

    :param str name: of the customer in Odoo
    :param set taken: keys of the names in QuickBooks
    """
    name = display_name(name)
    free = free_name(name, lambda one: name_key(one) in taken)
    return free != name and free
