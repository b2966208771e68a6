from odoo import fields, models
from odoo.tools import SQL, formatLang

# As many as go in one call: fewer are gone before anybody looks.
SHOWN_FROM = 30


class QboConnection(models.Model):
    """How far the sending of many documents has come."""

    _inherit = "qbo.connection"

    progress_percent = fields.Integer(compute="_compute_progress")
    progress_text = fields.Char(compute="_compute_progress")

    def _compute_progress(self):
        self.env["qbo.export"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT queue.connection_id, queue.length, (
                           SELECT count(*) FROM qbo_export done
                            WHERE done.connection_id = queue.connection_id
                              AND done.state = 'exported'
                              AND done.done_at >= queue.since
                       )
                  FROM (
                    SELECT connection_id, count(*) AS length, min(queued_at) AS since
                      FROM qbo_export
                     WHERE connection_id = ANY(%s)
                       AND state IN ('waiting', 'sending', 'retry', 'checking')
                  GROUP BY connection_id
                  ) AS queue
                """,
                self.ids,
            )
        )
        found = {row[0]: row[1:] for row in rows}
        for connection in self:
            left, done = found.get(connection.id, (0, 0))
            total = left + done
            is_shown = bool(left) and total >= SHOWN_FROM
            connection.progress_percent = 100 * done // total if is_shown else 0
            connection.progress_text = is_shown and self.env._(
                "%(done)s of %(total)s exported",
                done=formatLang(self.env, done, digits=0),
                total=formatLang(self.env, total, digits=0),
            )
