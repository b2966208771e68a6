import os
import socket
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import backoff
from ..engine.backoff import BackOff


class QboDrain(models.Model):
    """How the sending to one QuickBooks company stands, as a whole.

    Apart from the connection, so that the drain writes a row that nobody else
    does: a shared row would make people's saving and the drain collide.
    """

    _name = "qbo.drain"
    _description = "QuickBooks Sending"
    _rec_name = "connection_id"

    connection_id = fields.Many2one(
        "qbo.connection", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    resume_at = fields.Datetime(readonly=True, help="Nothing is sent before.")
    resume_reason = fields.Char(readonly=True)
    failure_count = fields.Integer(
        readonly=True, help="Passes in a row that QuickBooks could not be reached."
    )
    last_success_at = fields.Datetime(readonly=True)
    pass_at = fields.Datetime("Last pass", readonly=True)
    worker = fields.Char(readonly=True, help="Machine and process of the last pass.")

    _connection_uniq = models.Constraint(
        "UNIQUE(connection_id)", "A connection has one row."
    )

    @api.model
    def _of(self, connection):
        """Return the row of ``connection``, made on first use."""
        found = self.search([("connection_id", "=", connection.id)])
        return found or self.create([{"connection_id": connection.id}])

    def _begin_pass(self) -> bool:
        """Note that this process drains now.

        :return: whether another process did so last
        """
        self.ensure_one()
        worker = f"{socket.gethostname()}:{os.getpid()}"
        is_other = self.worker != worker
        self.write({"pass_at": fields.Datetime.now(), "worker": worker})
        return is_other

    def _hold(
        self,
        reason: str,
        delay_s: float | None = None,
        pace: BackOff = backoff.REALM,
    ) -> datetime:
        """Send nothing for a while, longer with each failure in a row.

        :param delay_s: how long, where QuickBooks said so; else by back-off
        :param pace: the back-off
        :return: when it goes on, UTC
        """
        self.ensure_one()
        failure_count = self.failure_count + 1
        if delay_s is None:
            delay_s = pace.delay_s(failure_count)
        resume_at = fields.Datetime.now() + timedelta(seconds=max(1, round(delay_s)))
        self.write(
            {
                "failure_count": failure_count,
                "resume_at": resume_at,
                "resume_reason": reason,
            }
        )
        self._put_off_rows(resume_at)
        return resume_at

    def _put_off_rows(self, resume_at: datetime) -> None:
        """Say truly when what failed is tried again: not before the whole is.

        Rows that somebody else changes just now keep their time; nothing waits.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE qbo_export SET retry_at = %(at)s WHERE id IN (
                    SELECT id FROM qbo_export
                     WHERE connection_id = %(connection)s AND state = 'retry'
                       AND retry_at < %(at)s
                       FOR NO KEY UPDATE SKIP LOCKED
                )
                """,
                at=resume_at,
                connection=self.connection_id.id,
            )
        )
        self.env["qbo.export"].invalidate_model(["retry_at"], flush=False)

    def _succeeded(self) -> None:
        """Note that QuickBooks answered: the back-off starts anew."""
        self.ensure_one()
        vals = {"last_success_at": fields.Datetime.now()}
        if self.failure_count or self.resume_at:
            vals.update(failure_count=0, resume_at=False, resume_reason=False)
        self.write(vals)

    @api.model
    def _resume(self, connections) -> None:
        """Forget the back-off of ``connections``: a person wants it tried now."""
        held = self.search(
            [("connection_id", "in", connections.ids), ("resume_at", "!=", False)]
        )
        held.write({"resume_at": False, "resume_reason": False, "failure_count": 0})
