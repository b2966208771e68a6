from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ..mappers.contacts import emails
from ..mappers.matching import Matcher, Party
from ..mappers.names import display_name
from .res_partner_link import NAME_LISTS

# One row for each customer of a QuickBooks company.
KEY = ("connection_id", "realm_id", "partner_id")


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
        for row in self:
            offered = row.new_name
            if not offered and (row.reason == "taken" or row.decision == "create"):
                partner = row.partner_id.sudo()
                name = display_name(partner.name or "")
                free = partner._qbo_free_name(row.connection_id.sudo(), name)
                offered = free != name and free
            row.new_name = offered

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
    def _find_matches(self, connection):
        """Make the list anew: customers without a link, compared with QuickBooks.

        Decisions that were taken and not yet applied stay, but on customers that are
        linked by now.

        :param connection: the ``qbo.connection``
        :return: ``qbo.match`` rows to decide on
        """
        connection = connection.sudo()
        open_rows = self.sudo().search(
            [
                ("connection_id", "=", connection.id),
                ("realm_id", "=", connection.realm_id),
            ]
        )
        bound_ids = set(self._bound_ids(connection))
        open_rows.filtered(
            lambda row: (
                not row.applied_at
                and (not row.decision or row.partner_id.id in bound_ids)
            )
        ).unlink()
        partners = self._unlinked_customers(connection)
        partners -= open_rows.exists().partner_id
        matcher = Matcher(self._parties(connection))
        vals_list = [
            _row_values(connection, partner, matcher.match(party_of(partner)))
            for partner in partners
        ]
        try:
            return self._create_rows(vals_list)
        except SerializationFailure as error:
            # Odoo repeats what a person pressed.
            raise ConcurrencyError(str(error)) from error

    @api.model
    def _look_at_new(self, connection, partner):
        """Compare a customer that is about to be made in QuickBooks with who is there.

        A decision counts once it is applied, but for the one to ignore the customer.
        Without one they are compared each time: either side may have changed.

        :param connection: the ``qbo.connection``, ``_reading_once``; ``_only_looking``
            where nothing may be written
        :param partner: ``res.partner``, not linked
        :return: the row that a person has to decide on, or one that a person ignores;
            none when the customer may be made
        :raise SerializationFailure: somebody else makes the list at this moment
        """
        row = self._rows_of(connection, partner)
        if row.decision == "ignore" or (row.decision and not row.applied_at):
            return row
        if row.applied_at:
            return self.browse()
        known = connection._read_once("matcher")
        matcher = known.get("matcher") or Matcher(self._parties(connection))
        known["matcher"] = matcher
        found = matcher.match(party_of(partner))
        values = _row_values(connection, partner, found)
        if connection._is_only_looking():
            return self.new(values) if found.candidate_id else self.browse()
        if row:
            row.write(values)
        elif found.candidate_id:
            row = self._create_rows([values])
        return row if found.candidate_id else self.browse()

    @api.model
    def _rows_of(self, connection, partners):
        """Return the rows of customers, as superuser.

        :rtype: qbo.match
        """
        return self.sudo().search(
            [
                ("connection_id", "=", connection.id),
                ("realm_id", "=", connection.realm_id),
                ("partner_id", "in", partners.ids),
            ]
        )

    @api.model
    def _create_rows(self, vals_list):
        """Create rows; where somebody else has just done it, all is to be done anew.

        :raise SerializationFailure: somebody else's row is there and cannot be seen yet
        """
        if not vals_list:
            return self.sudo().browse()
        now = self.env.cr.now()
        uid = self.env.uid
        claimed = SQL(", ").join(
            SQL("%s", (*(vals[name] for name in KEY), uid, now, uid, now))
            for vals in vals_list
        )
        with self.env.cr.savepoint():
            # ON CONFLICT, as a plain collision would be an error in the log.
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO qbo_match (
                        connection_id, realm_id, partner_id,
                        create_uid, create_date, write_uid, write_date
                    )
                    VALUES %s
                    ON CONFLICT (connection_id, realm_id, partner_id) DO NOTHING
                    RETURNING partner_id, id
                    """,
                    claimed,
                ),
                log_exceptions=False,
            )
            ids = dict(self.env.cr.fetchall())
        rows = self.sudo().browse(ids[vals["partner_id"]] for vals in vals_list)
        rows.modified(KEY)
        for row, vals in zip(rows, vals_list, strict=True):
            row.write({name: vals[name] for name in vals if name not in KEY})
        return rows

    @api.model
    def _note_decided(self, connection, partners, decision: str) -> None:
        """Take a decision on customers as applied, also where there is no row yet.

        :param partners: ``res.partner``, not linked
        :param decision: a value of ``decision``
        """
        rows = self._rows_of(connection, partners)
        missing = partners - rows.partner_id
        rows |= self._create_rows(
            [
                {
                    "connection_id": connection.id,
                    "realm_id": connection.realm_id,
                    "partner_id": partner.id,
                    "match": "none",
                    "reason": "none",
                }
                for partner in missing
            ]
        )
        rows._decide(decision)

    @api.model
    def _count_to_decide(self, connection) -> int:
        """Count the customers that QuickBooks may have and nobody has decided on."""
        decided = self.sudo().search(
            [
                ("connection_id", "=", connection.id),
                ("realm_id", "=", connection.realm_id),
                ("applied_at", "!=", False),
            ]
        )
        partners = self._unlinked_customers(connection) - decided.partner_id
        matcher = Matcher(self._parties(connection))
        return sum(
            bool(matcher.match(party_of(partner)).candidate_id) for partner in partners
        )

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


def _row_values(connection, partner, found):
    """Return what the list says of a customer.

    :param mappers.matching.Match found: how it compares with QuickBooks
    """
    return {
        "connection_id": connection.id,
        "realm_id": connection.realm_id,
        "partner_id": partner.id,
        "reference_id": found.candidate_id or False,
        "reason": found.reason,
        "match": found.level,
    }


def party_of(partner):
    """Return what is compared of an Odoo customer.

    :param partner: ``res.partner``
    :rtype: mappers.matching.Party
    """
    addresses = emails(partner.email or "")
    return Party(
        id=partner.id,
        name=partner.name or "",
        email=addresses[0] if addresses else "",
        tax_id=partner.vat or "",
    )
