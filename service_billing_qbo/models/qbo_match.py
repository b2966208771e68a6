from odoo import api, fields, models
from odoo.tools import SQL

from ..mappers.contacts import emails
from ..mappers.matching import Matcher, Party
from .counted import counted
from .res_partner_link import NAME_LISTS
from .roles import BOOKKEEPER, check_role


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
            ("several", "several of the same name"),
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
    applied_at = fields.Datetime(readonly=True)

    _partner_uniq = models.Constraint(
        "UNIQUE(connection_id, realm_id, partner_id)",
        "This customer is already in the list.",
    )

    @api.model
    def _find_matches(self, connection):
        """Make the list anew: customers without a link, compared with QuickBooks.

        Decisions that were taken and not yet applied stay.

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
        open_rows.filtered(lambda row: not row.applied_at and not row.decision).unlink()
        partners = self._unlinked_customers(connection)
        partners -= open_rows.exists().partner_id
        matcher = Matcher(self._parties(connection))
        return self.sudo().create(
            [
                _row_values(connection, partner, matcher.match(_party_of(partner)))
                for partner in partners
            ]
        )

    @api.model
    def _look_at_new(self, connection, partner):
        """Compare a customer that is about to be made in QuickBooks with who is there.

        Who has a name of its own for QuickBooks has been looked at by a person.

        :param connection: the ``qbo.connection``, ``_reading_once``
        :param partner: ``res.partner``, not linked
        :return: the row that a person has to decide on, or none
        """
        row = self.sudo().search(
            [
                ("connection_id", "=", connection.id),
                ("realm_id", "=", connection.realm_id),
                ("partner_id", "=", partner.id),
            ]
        )
        if row.applied_at or row.decision in ("create", "ignore"):
            return self.browse()
        if row.reference_id or partner.qbo_name:
            return row.filtered("reference_id")
        known = connection._read_once("matcher")
        matcher = known.get("matcher") or Matcher(self._parties(connection))
        known["matcher"] = matcher
        found = matcher.match(_party_of(partner))
        if not found.candidate_id:
            return self.browse()
        values = _row_values(connection, partner, found)
        if not row:
            return self.sudo().create(values)
        row.write(values)
        return row

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
            bool(matcher.match(_party_of(partner)).candidate_id) for partner in partners
        )

    @api.model
    def _unlinked_customers(self, connection):
        """Return the customers of the company that QuickBooks does not have yet.

        :rtype: res.partner
        """
        bound = (
            self.env["qbo.binding"]
            .sudo()
            .search(
                [
                    ("connection_id", "=", connection.id),
                    ("realm_id", "=", connection.realm_id),
                    ("entity", "=", "Customer"),
                ]
            )
        )
        partners = (
            self.env["res.partner"]
            .sudo()
            .search(
                [
                    ("customer_rank", ">", 0),
                    ("company_id", "in", [False, *connection._companies().ids]),
                    ("id", "not in", bound.mapped("res_id")),
                ]
            )
        )
        return partners.filtered(
            lambda partner: partner == partner.commercial_partner_id
        )

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
                       reference.details_text::jsonb ->> 'resale_number'
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
            )
            for reference_id, name, entity, active, email, tax_id in rows
        ]

    # ---- what people press --------------------------------------------------

    def action_accept_confident(self):
        """Decide to link every confident row; nothing is linked yet."""
        check_role(self.env, BOOKKEEPER)
        confident = (self or self._undecided()).filtered(
            lambda row: row.match == "confident" and not row.decision
        )
        confident.decision = "link"
        return self.env["qbo.mapping"]._toast(
            counted(
                len(confident),
                self.env._("1 customer will be linked."),
                self.env._("%(count)s customers will be linked.", count=len(confident)),
            )
        )

    @api.model
    def _undecided(self):
        """Return the rows that the list of the current company shows."""
        connection = self.env["qbo.connection"]._for_company(self.env.company)
        return self.search(
            [
                ("connection_id", "=", connection.id),
                ("realm_id", "=", connection.realm_id),
                ("applied_at", "=", False),
            ]
        )

    def action_apply(self):
        """Do what was decided: link, create, or leave alone."""
        check_role(self.env, BOOKKEEPER)
        rows = (self or self._undecided()).filtered(
            lambda row: row.decision and not row.applied_at
        )
        for row in rows:
            row._apply()
        return self.env["qbo.mapping"]._toast(
            counted(
                len(rows),
                self.env._("1 decision applied."),
                self.env._("%(count)s decisions applied.", count=len(rows)),
            )
        )

    def _apply(self):
        self.ensure_one()
        connection = self.connection_id.sudo()
        if self.decision == "link":
            self.partner_id._qbo_link_customer(connection, self.reference_id.sudo())
        elif self.decision == "create":
            connection._check_connected()
            self.partner_id.sudo()._qbo_release_waiting(connection)
        self._decide(self.decision)

    def _decide(self, decision: str) -> None:
        """Take a decision as applied: what waited for it is judged anew.

        :param decision: a value of ``decision``
        """
        rows = self.sudo()
        rows.write({"decision": decision, "applied_at": fields.Datetime.now()})
        for row in rows:
            key = f"customer:match:{row.partner_id.id}"
            self.env["qbo.problem"]._close(row.connection_id, [key])


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


def _party_of(partner):
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
