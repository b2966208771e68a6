from odoo import api, fields, models
from odoo.tools import SQL

from .account_move import EXPORTED_TYPES
from .counted import counted
from .qbo_export import OPEN_STATES
from .roles import BOOKKEEPER, check_role
from .short_date import short_date


class QboConnection(models.Model):
    """Documents that nobody queued when they were posted.

    Before QuickBooks was chosen, or before the day from which invoices go, posting
    queues nothing. When that day moves back, or QuickBooks is chosen again, people are
    asked once whether those in between shall go, too: a gap in the books that nobody
    sees would be worse than a question.
    """

    _inherit = "qbo.connection"

    earlier_offered = fields.Boolean(
        readonly=True,
        copy=False,
        help="People are asked whether earlier invoices shall be exported, too.",
    )
    earlier_count = fields.Integer(compute="_compute_earlier")
    earlier_text = fields.Char(compute="_compute_earlier")

    def write(self, vals):
        before = {connection.id: connection._queued_since() for connection in self}
        result = super().write(vals)
        if {"accounting_vendor", "export_from"} & set(vals):
            gained = self.filtered(lambda one: one._queues_more_than(before[one.id]))
            missing = gained.filtered(lambda one: one._count_earlier(limit=1))
            super(QboConnection, missing).write({"earlier_offered": True})
        return result

    def _queued_since(self):
        """Return the day from which posting queues by itself, or False."""
        return self._exports_documents() and self.export_from

    def _queues_more_than(self, since) -> bool:
        """Whether documents go now that did not go when the day was ``since``."""
        now = self._queued_since()
        return bool(now and (not since or now < since))

    @api.depends("earlier_offered", "export_from")
    @api.depends_context("lang")
    def _compute_earlier(self):
        for connection in self:
            offered = connection.earlier_offered and connection._queued_since()
            count = connection._count_earlier() if offered else 0
            connection.earlier_count = count
            connection.earlier_text = (
                connection._earlier_words(count) if count else False
            )

    def _earlier_words(self, count: int) -> str:
        date = short_date(self.env, self.export_from)
        return counted(
            count,
            self.env._(
                "1 invoice dated since %(date)s is not in QuickBooks. Export it?",
                date=date,
            ),
            self.env._(
                "%(count)s invoices dated since %(date)s are not in QuickBooks. "
                "Export them?",
                count=count,
                date=date,
            ),
        )

    def _count_earlier(self, limit: int | None = None) -> int:
        """Return how many documents would go; one query, however many there are."""
        self.ensure_one()
        self._flush_earlier()
        rows = SQL("SELECT move.id %s LIMIT %s", self._earlier_sql(), limit)
        return self.env.execute_query(SQL("SELECT count(*) FROM (%s) AS rows", rows))[
            0
        ][0]

    def _flush_earlier(self) -> None:
        self.env["account.move"].flush_model(
            ["company_id", "state", "move_type", "invoice_date", "name"]
        )
        self.env["qbo.export"].flush_model()
        self.env["qbo.binding"].flush_model()

    def _earlier_sql(self) -> SQL:
        """Posted documents that QuickBooks should have and nothing was done about."""
        return SQL(
            """
            FROM account_move move
           WHERE move.company_id = ANY(%(companies)s) AND move.state = 'posted'
             AND move.move_type IN %(types)s AND move.invoice_date >= %(since)s
             AND NOT EXISTS (
                 SELECT FROM qbo_binding binding
                  WHERE binding.connection_id = %(connection)s
                    AND binding.realm_id = %(realm)s
                    AND binding.res_model = 'account.move'
                    AND binding.res_id = move.id)
             AND NOT EXISTS (
                 SELECT FROM qbo_export export
                  WHERE export.connection_id = %(connection)s
                    AND export.res_model = 'account.move'
                    AND export.res_id = move.id AND export.state IN %(decided)s)
            """,
            companies=self._companies().ids,
            types=EXPORTED_TYPES,
            since=self.export_from,
            connection=self.id,
            realm=self.realm_id or None,
            decided=(*OPEN_STATES, "excluded"),
        )

    def _queue_earlier(self) -> int:
        """Queue them in one statement, the oldest first; return how many.

        What a row shows is that of ``account.move._qbo_outbox_vals``.
        """
        self.ensure_one()
        self._flush_earlier()
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO qbo_export (
                    connection_id, company_id, res_model, res_id, reference,
                    partner_id, amount_total, priority, queued_at,
                    create_uid, create_date, write_uid, write_date,
                    state, revision, attempt_count, stale_count
                )
                SELECT %(connection)s, move.company_id, 'account.move', move.id,
                       move.name, move.commercial_partner_id,
                       move.amount_total_signed, 10, %(now)s,
                       %(uid)s, %(now)s, %(uid)s, %(now)s, 'waiting', 1, 0, 0
                       %(documents)s
              ORDER BY move.invoice_date, move.id
                    ON CONFLICT DO NOTHING
                """,
                connection=self.id,
                now=now,
                uid=self.env.uid,
                documents=self._earlier_sql(),
            )
        )
        count = self.env.cr.rowcount
        self.env["qbo.export"].invalidate_model(flush=False)
        self.env["qbo.export"]._wake(self)
        return count

    def action_export_earlier(self):
        """Button "Export": queue all of them.

        :raise AccessError: for others than bookkeepers
        """
        self.ensure_one()
        check_role(self.env, BOOKKEEPER)
        count = self.sudo()._queue_earlier()
        self.sudo().earlier_offered = False
        return self.env["qbo.export"]._toast(
            counted(
                count,
                self.env._("1 invoice queued."),
                self.env._("%(count)s invoices queued.", count=count),
            )
        )

    def action_leave_earlier(self):
        """Button "Leave them out": they stay out, and nobody is asked again.

        :raise AccessError: for others than bookkeepers
        """
        self.ensure_one()
        check_role(self.env, BOOKKEEPER)
        self.sudo().earlier_offered = False
        return True
