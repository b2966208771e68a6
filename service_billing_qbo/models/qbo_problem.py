from collections.abc import Iterable, Mapping

from odoo import api, fields, models
from odoo.tools import SQL

from ..mappers.outcome import Cause
from .qbo_export import NAME_MODELS, OPEN_STATES
from .roles import BOOKKEEPER, check_role

KINDS = [
    ("unmapped", "Not mapped"),
    ("inactive", "Inactive in QuickBooks"),
    ("customer", "Customer"),
    ("closed", "Books closed"),
    ("number", "Number taken"),
    ("currency", "Currency"),
    ("feature", "Feature off in QuickBooks"),
    ("connection", "Connection"),
    ("subscription", "Subscription"),
    ("data", "Data not accepted"),
    ("changed", "Changed in QuickBooks"),
    ("unknown", "Refused"),
]
WHOSE_TURN = [
    ("bookkeeper", "Bookkeeper"),
    ("administrator", "QuickBooks administrator"),
    ("clerk", "Billing clerk"),
]


class QboProblem(models.Model):
    """One cause that stops exports, shown once with everything that it stops.

    Open until it is mended: in Odoo (the screen that mends it calls
    :meth:`_close`), in QuickBooks (somebody presses Retry all), or by itself,
    when nothing is stopped by it any more. A problem that comes back is a new row,
    so that its history stays readable.
    """

    _name = "qbo.problem"
    _description = "QuickBooks Problem"
    _order = "closed_at desc, opened_at desc, id desc"
    _rec_name = "message"

    connection_id = fields.Many2one(
        "qbo.connection", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    key = fields.Char(required=True, readonly=True, help="Equal for the same cause.")
    message = fields.Char("Cause", required=True, readonly=True)
    todo = fields.Char("What to do", readonly=True)
    details = fields.Text(
        "Details for support",
        readonly=True,
        groups=f"{BOOKKEEPER},account.group_account_readonly",
        help="Intuit's code, text and transaction id.",
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(
        "Where to fix it", model_field="res_model", readonly=True
    )
    found_text = fields.Text(
        readonly=True,
        groups=fields.NO_ACCESS,
        help="What is in the way, as QuickBooks has it.",
    )
    turn = fields.Selection(
        WHOSE_TURN,
        "Whose turn",
        required=True,
        readonly=True,
        default="bookkeeper",
    )
    opened_at = fields.Datetime("Since", required=True, readonly=True)
    closed_at = fields.Datetime(readonly=True)
    export_ids = fields.Many2many(
        "qbo.export", "qbo_export_problem_rel", "problem_id", "export_id", readonly=True
    )
    export_count = fields.Integer("Stops", compute="_compute_stops")
    value = fields.Monetary(compute="_compute_stops", help="Total of what it stops.")

    _one_open_per_cause = models.UniqueIndex(
        "(connection_id, key) WHERE closed_at IS NULL", "This problem is already open."
    )

    @api.depends("export_ids.state", "export_ids.amount_total")
    def _compute_stops(self):
        """Count documents, where there are some; their customer is not one more."""
        self.env["qbo.export"].flush_model(["state", "amount_total"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT rel.problem_id,
                       COALESCE(
                           NULLIF(count(*) FILTER (
                               WHERE export.res_model NOT IN %s
                           ), 0),
                           count(*)
                       ),
                       sum(abs(export.amount_total))
                  FROM qbo_export_problem_rel rel
                  JOIN qbo_export export ON export.id = rel.export_id
                 WHERE rel.problem_id IN %s AND export.state = 'problem'
              GROUP BY rel.problem_id
                """,
                NAME_MODELS,
                tuple(self.ids) or (0,),
            )
        )
        found = {row[0]: row[1:] for row in rows}
        for problem in self:
            count, value = found.get(problem.id, (0, 0))
            problem.export_count = count
            problem.value = value or 0

    # -- opening ------------------------------------------------------------

    @api.model
    def _open(self, connection, cause: Cause, exports):
        """Open the problem of ``cause``, or find it open, and stop ``exports`` by it.

        :return: the problem
        """
        return self._stop(connection, {export_id: [cause] for export_id in exports.ids})

    @api.model
    def _stop(
        self,
        connection,
        causes_by_export: Mapping[int, Iterable[Cause]],
        details_by_export: Mapping[int, str] | None = None,
    ):
        """Stop many exports by their causes, each cause once.

        :param details_by_export: what support wants to know, by export id
        :return: the problems
        """
        details_by_export = details_by_export or {}
        stopped: dict[str, list[int]] = {}
        causes: dict[str, Cause] = {}
        details: dict[str, str] = {}
        for export_id, export_causes in causes_by_export.items():
            for cause in export_causes:
                causes.setdefault(cause.key, cause)
                details.setdefault(cause.key, details_by_export.get(export_id, ""))
                stopped.setdefault(cause.key, []).append(export_id)
        if not causes:
            return self
        problem_ids = self._open_rows(connection, causes.values(), details)
        self._relate(problem_ids, stopped)
        self.invalidate_model()
        return self.browse(problem_ids.values())

    @api.model
    def _open_rows(self, connection, causes: Iterable[Cause], details: dict) -> dict:
        """Return problem ids by key; opens those that are not open yet."""
        now = fields.Datetime.now()
        rows = [
            SQL(
                "%s",
                (
                    connection.id,
                    connection.company_id.id,
                    cause.kind,
                    cause.key,
                    cause.message,
                    cause.todo or None,
                    details.get(cause.key) or None,
                    cause.res_model or None,
                    cause.res_id or None,
                    cause.found_text or None,
                    cause.turn,
                    now,
                    self.env.uid,
                    now,
                    self.env.uid,
                    now,
                ),
            )
            for cause in causes
        ]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO qbo_problem (
                    connection_id, company_id, kind, key, message, todo, details,
                    res_model, res_id, found_text, turn, opened_at,
                    create_uid, create_date, write_uid, write_date
                )
                VALUES %s
                ON CONFLICT (connection_id, key) WHERE closed_at IS NULL
                DO UPDATE SET message = EXCLUDED.message,
                              todo = EXCLUDED.todo,
                              details = EXCLUDED.details,
                              res_model = EXCLUDED.res_model,
                              res_id = EXCLUDED.res_id,
                              found_text = EXCLUDED.found_text
             RETURNING id, key, xmax = 0 AS is_new
                """,
                SQL(", ").join(rows),
            )
        )
        found = self.env.cr.fetchall()
        self.browse([row[0] for row in found if row[2]])._opened()
        return {key: problem_id for problem_id, key, _is_new in found}

    @api.model
    def _relate(self, problem_ids: dict, stopped: dict) -> None:
        """Make these problems the ones, and the only ones, that stop the exports."""
        export_ids = tuple({export_id for ids in stopped.values() for export_id in ids})
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM qbo_export_problem_rel rel USING qbo_problem problem
                 WHERE problem.id = rel.problem_id AND problem.closed_at IS NULL
                   AND rel.export_id IN %s
             RETURNING rel.problem_id
                """,
                export_ids,
            )
        )
        former_ids = {row[0] for row in self.env.cr.fetchall()}
        pairs = SQL(", ").join(
            SQL("%s", (export_id, problem_ids[key]))
            for key, ids in stopped.items()
            for export_id in ids
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO qbo_export_problem_rel (export_id, problem_id)
                VALUES %s ON CONFLICT DO NOTHING
                """,
                pairs,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE qbo_export export
                   SET state = 'problem', retry_at = NULL, check_code = NULL,
                       waits_for_id = (
                           SELECT first.id FROM qbo_export first
                            WHERE first.id = export.waits_for_id AND first.state IN %s
                       )
                 WHERE id IN %s
                """,
                OPEN_STATES,
                export_ids,
            )
        )
        self.browse(former_ids - set(problem_ids.values()))._close_empty()
        self.env["qbo.export"]._tell_rows(export_ids)

    def _opened(self) -> None:
        """Tell the people whose turn it is; a seam for more ways of telling."""

    # -- closing ------------------------------------------------------------

    @api.model
    def _close(self, connection, keys: Iterable[str]):
        """Close the open problems with these keys; what they stopped goes on.

        :return: the released exports
        """
        problems = self.sudo().search(
            [
                ("connection_id", "=", connection.id),
                ("key", "in", list(keys)),
                ("closed_at", "=", False),
            ]
        )
        return problems._close_all()

    def _close_all(self, resume: bool = True):
        """Close these problems and release the exports that nothing else stops.

        :param resume: whether a pause of QuickBooks ends, as a person wants
        :return: the released exports
        """
        still_open = self.filtered(lambda problem: not problem.closed_at)
        still_open.closed_at = fields.Datetime.now()
        still_open._closed()
        released = still_open.export_ids.filtered(
            lambda export: (
                export.state == "problem"
                and not export.problem_ids.filtered(
                    lambda problem: not problem.closed_at
                )
            )
        )
        released._release(resume)
        return released

    @api.model
    def _settled(self, export_ids: Iterable[int]) -> None:
        """These exports are stopped by nothing any more.

        What was wrong with their own records is over for all that needed them; other
        problems close when they stop nothing else.
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT rel.problem_id,
                       bool_or(problem.res_model = export.res_model
                               AND problem.res_id = export.res_id)
                  FROM qbo_export_problem_rel rel
                  JOIN qbo_problem problem ON problem.id = rel.problem_id
                  JOIN qbo_export export ON export.id = rel.export_id
                 WHERE rel.export_id IN %s AND problem.closed_at IS NULL
              GROUP BY rel.problem_id
                """,
                tuple(export_ids) or (0,),
            )
        )
        found = self.env.cr.fetchall()
        own = self.browse([id_ for id_, is_own in found if is_own])
        own._close_all(resume=False)
        self.browse([id_ for id_, is_own in found if not is_own])._close_empty()
        self._release_followers(export_ids)

    def _close_empty(self) -> None:
        """Close those that stop nothing any more."""
        if not self:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE qbo_problem SET closed_at = %s
                 WHERE id IN %s AND closed_at IS NULL
                   AND NOT EXISTS (
                       SELECT FROM qbo_export_problem_rel rel
                         JOIN qbo_export export ON export.id = rel.export_id
                        WHERE rel.problem_id = qbo_problem.id
                          AND export.state = 'problem'
                   )
             RETURNING id
                """,
                fields.Datetime.now(),
                tuple(self.ids),
            )
        )
        self.invalidate_model()
        self.browse([row[0] for row in self.env.cr.fetchall()])._closed()

    def _closed(self) -> None:
        """Tell people that it is mended; a seam, beside :meth:`_opened`."""

    # -- what people press --------------------------------------------------

    def action_retry_all(self):
        """It was fixed in QuickBooks: close these and send again what they stopped.

        :raise AccessError: for others than bookkeepers
        """
        check_role(self.env, BOOKKEEPER)
        self.check_access("read")
        for connection, problems in self.grouped("connection_id").items():
            connection._check_connected()
            problems.sudo()._look_again(connection.sudo())
        released = self.sudo()._close_all()
        words = self._released_words(released._document_count())
        return self.env["qbo.export"]._toast(words)
