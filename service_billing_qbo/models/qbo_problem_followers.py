"""What stops an export stops those that wait for it, too."""

from collections.abc import Iterable

from odoo import api, fields, models
from odoo.tools import SQL


class QboProblem(models.Model):
    _inherit = "qbo.problem"

    @api.model
    def _stop_with_followers(
        self, connection, causes_by_export, details_by_export=None
    ):
        """Stop exports, and with each those that wait for it to go first."""
        if not causes_by_export:
            return
        self.env.cr.execute(
            SQL(
                """
                SELECT waits_for_id, id FROM qbo_export
                 WHERE waits_for_id = ANY(%s)
                   AND state IN ('waiting', 'retry', 'problem')
                """,
                list(causes_by_export),
            )
        )
        everything = dict(causes_by_export)
        for first_id, follower_id in self.env.cr.fetchall():
            everything.setdefault(follower_id, causes_by_export[first_id])
        self._stop(connection, everything, details_by_export)

    @api.model
    def _share(self, export_id: int, follower_ids: list[int]) -> None:
        """Let the problems that stop an export stop those that wait for it, too.

        Where it is stopped by none any more, they go on after it.
        """
        # Written, not only read: whoever closes one in the same moment and does not see
        # these, or is not seen, must begin anew (PostgreSQL's serialization failure).
        self.env.cr.execute(
            SQL(
                """
                UPDATE qbo_problem problem SET write_date = %(now)s
                  FROM qbo_export_problem_rel rel
                 WHERE rel.problem_id = problem.id AND rel.export_id = %(first)s
                   AND problem.closed_at IS NULL
             RETURNING problem.id
                """,
                now=fields.Datetime.now(),
                first=export_id,
            )
        )
        problem_ids = [row[0] for row in self.env.cr.fetchall()]
        if not problem_ids:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO qbo_export_problem_rel (export_id, problem_id)
                SELECT follower.id, stopped.by_id
                  FROM unnest(%s) AS stopped(by_id), unnest(%s) AS follower(id)
                ON CONFLICT DO NOTHING
                """,
                problem_ids,
                follower_ids,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE qbo_export SET state = 'problem', retry_at = NULL
                 WHERE id = ANY(%s)
                """,
                follower_ids,
            )
        )
        self.env["qbo.export"]._tell_rows(follower_ids)

    @api.model
    def _release_followers(self, export_ids: Iterable[int]) -> None:
        """What was stopped with these, only because it needs them, is judged anew."""
        self.env["qbo.export"].search(
            [("waits_for_id", "in", list(export_ids)), ("state", "=", "problem")]
        )._release(resume=False)

    @api.model
    def _release_forgotten(self, connection) -> None:
        """Release exports of a connection that no open problem stops.

        There are none, unless a fault of ours left some: nobody would see them.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT export.id FROM qbo_export export
                 WHERE export.connection_id = %s AND export.state = 'problem'
                   AND NOT EXISTS (
                       SELECT FROM qbo_export_problem_rel rel
                         JOIN qbo_problem problem ON problem.id = rel.problem_id
                        WHERE rel.export_id = export.id AND problem.closed_at IS NULL
                   )
                """,
                connection.id,
            )
        )
        self.env["qbo.export"].browse(row[0] for row in rows)._release(resume=False)
