from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: Connections that this transaction has called already; a key of its data.
WOKEN = "service_billing_qbo_queue_job.woken"
#: A realm with work whose last pass began before that has no jobs runner.
JOBLESS_AFTER = timedelta(minutes=5)


class QboExport(models.Model):
    """Waking a connection enqueues its job; the lanes look after what no job drains."""

    _inherit = "qbo.export"

    @api.model
    def _wake(self, connection) -> None:
        woken = self.env.cr.precommit.data.setdefault(WOKEN, set())
        if connection.id not in woken:
            woken.add(connection.id)
            connection._call_drain()

    @api.model
    def _cron_drain(self, lane: int) -> None:
        """Drain what the jobs runner, which may be stopped, has left for minutes."""
        lanes = self.with_context(qbo_without_jobs=True)
        return super(QboExport, lanes)._cron_drain(lane)

    @api.model
    def _can_send_sql(self) -> SQL:
        condition = super()._can_send_sql()
        if not self.env.context.get("qbo_without_jobs"):
            return condition
        return SQL(
            "%s AND (drain.pass_at IS NULL OR drain.jobless OR drain.pass_at < %s)",
            condition,
            fields.Datetime.now() - JOBLESS_AFTER,
        )

    @api.model
    def _drain_safely(
        self, env, connection_id: int, report, time_left_s: float
    ) -> float:
        """Note who drains: a lane that took over goes on until a job comes."""
        drain = env["qbo.drain"]._of(env["qbo.connection"].browse(connection_id))
        jobless = bool(self.env.context.get("qbo_without_jobs"))
        if drain.jobless != jobless:
            drain.jobless = jobless
        return super()._drain_safely(env, connection_id, report, time_left_s)
