"""How the list of Match Customers is made, and follows what changes on either side."""

from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

from ..mappers.matching import Matcher
from .party import party_of

# What a row is made with; the company follows from the connection.
COLUMNS = (
    "connection_id",
    "realm_id",
    "partner_id",
    "reference_id",
    "reason",
    "match",
)


class QboMatch(models.Model):
    """What the program proposes in a row never changes: anew, it is another row.

    Whoever decides has read a row some time ago and sends the decision alone. On what
    is no longer proposed there is no row any more, and the decision is refused. Only
    people change a row: the customer that one chooses stays chosen.
    """

    _inherit = "qbo.match"

    def write(self, vals):
        """Take what a person writes as that person's choice.

        The web client says in the context, as ``qbo_shown``, whom each row showed.

        :raise UserError: what the person saw is not what the row says
        """
        if not self.env.su:
            self._check_as_shown("reference_id" not in vals)
            if vals.get("reference_id"):
                vals = {**vals, "reason": "chosen", "match": "review"}
            elif "reference_id" in vals:
                vals = {**vals, "reason": "none", "match": "none"}
        return super().write(vals)

    def _check_as_shown(self, for_shown: bool) -> None:
        """Refuse to write in a row that has changed under the reader's eyes.

        :param for_shown: whether it is meant for the customer that the row showed
        """
        there = self.exists()
        shown = self.env.context.get("qbo_shown") or {}
        changed = there.filtered(
            lambda row: (
                shown.get(str(row.id), row.reference_id.id) != row.reference_id.id
            )
        )
        if len(there) < len(self) or (for_shown and changed):
            raise UserError(
                self.env._(
                    "Who a customer of this list may be in QuickBooks has changed"
                    " meanwhile. Reload the page and look again."
                )
            )

    def _is_chosen(self) -> bool:
        """Whether a person has chosen a customer that can still be linked."""
        return self.reason == "chosen" and self.reference_id._is_usable()

    def _proposes(self, values) -> bool:
        """Whether this row, if it is one, proposes just that.

        :param values: see :func:`_row_values`
        """
        names = ("reference_id", "reason", "match")
        return bool(self) and (self.reference_id.id, self.reason, self.match) == tuple(
            values[name] for name in names
        )

    @api.model
    def _find_matches(self, connection):
        """Bring the list up to date: customers without a link, and who they may be.

        What people decided and have not yet applied, or chose, stays, but for customers
        that are linked by now.

        :param connection: the ``qbo.connection``
        :return: ``qbo.match`` rows to decide on
        """
        connection = connection.sudo()
        rows = self._rows_of(connection)
        bound_ids = set(self._bound_ids(connection))
        applied = rows.filtered("applied_at")
        decided = (rows - applied).filtered(
            lambda row: row.decision and row.partner_id.id not in bound_ids
        )
        partners = self._unlinked_customers(connection)
        partners -= applied.partner_id + decided.partner_id
        matcher = Matcher(self._parties(connection))
        former = {row.partner_id: row for row in rows - applied - decided}
        kept_ids, vals_list = [], []
        for partner in partners:
            row = former.get(partner, self)
            values = _row_values(connection, partner, matcher.match(party_of(partner)))
            if row._proposes(values) or (row and row._is_chosen()):
                kept_ids.append(row.id)
            else:
                vals_list.append(values)
        kept = rows.browse(kept_ids)
        (rows - applied - decided - kept).unlink()
        try:
            return kept + self._create_rows(vals_list)
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
        if row and row._is_chosen():
            return row
        known = connection._read_once("matcher")
        matcher = known.get("matcher") or Matcher(self._parties(connection))
        known["matcher"] = matcher
        found = matcher.match(party_of(partner))
        values = _row_values(connection, partner, found)
        if connection._is_only_looking():
            return self.new(values) if found.candidate_id else self.browse()
        if (row or found.candidate_id) and not row._proposes(values):
            row.unlink()
            row = self._create_rows([values])
        return row if found.candidate_id else self.browse()

    @api.model
    def _rows_of(self, connection, partners=None):
        """Return the rows of customers, as superuser.

        :param partners: all by default
        :rtype: qbo.match
        """
        of_partners = [] if partners is None else [("partner_id", "in", partners.ids)]
        return self.sudo().search(
            [
                ("connection_id", "=", connection.id),
                ("realm_id", "=", connection.realm_id),
                *of_partners,
            ]
        )

    @api.model
    def _create_rows(self, vals_list):
        """Create rows; where somebody else has just done it, all is to be done anew.

        :raise SerializationFailure: somebody else's row is there and cannot be seen yet
        """
        if not vals_list:
            return self.sudo().browse()
        company_ids = {
            connection.id: connection.company_id.id
            for connection in self.env["qbo.connection"]
            .sudo()
            .browse({vals["connection_id"] for vals in vals_list})
        }
        now, uid = self.env.cr.now(), self.env.uid
        claimed = SQL(", ").join(
            SQL(
                "%s",
                (
                    *(vals.get(name) or None for name in COLUMNS),
                    company_ids[vals["connection_id"]],
                    *(uid, now, uid, now),
                ),
            )
            for vals in vals_list
        )
        with self.env.cr.savepoint():
            # ON CONFLICT, as a plain collision would be an error in the log.
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO qbo_match (
                        %s, company_id,
                        create_uid, create_date, write_uid, write_date
                    )
                    VALUES %s
                    ON CONFLICT (connection_id, realm_id, partner_id) DO NOTHING
                    RETURNING partner_id, id
                    """,
                    SQL(", ").join(map(SQL.identifier, COLUMNS)),
                    claimed,
                ),
                log_exceptions=False,
            )
            ids = dict(self.env.cr.fetchall())
        rows = self.sudo().browse(ids[vals["partner_id"]] for vals in vals_list)
        # What follows from it is computed once they are asked for.
        rows.modified(["reason"])
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
