import logging
from datetime import datetime
from functools import partial

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.service_billing_qbo.models.qbo_exceptions import RealmBusy

_logger = logging.getLogger(__name__)

#: One pass: a job's request must end well inside ``limit_time_real``, and the next job
#: goes on where it stopped.
PASS_S = 30
#: The worker that drains this realm just now is looked after again.
BUSY_RETRY_S = 5
#: A restart of PostgreSQL takes some seconds.
DATABASE_RETRY_S = 15
#: Jobs that have not begun: they will see what is committed by now.
NOT_BEGUN = ("pending", "enqueued")


class QboConnection(models.Model):
    """Each connection is drained by jobs of its own, in a channel of its own.

    A job is a call and nothing more: what is to be sent, what was sent and what came
    of it is in the outbox, as ever. The drain runs in a database connection of its
    own, commits there before and after each sending, and holds the realm's lock: a
    job that is killed, rolled back or run twice loses and doubles nothing.
    """

    _inherit = "qbo.connection"

    def _state_changed(self, before, state):
        if state == "connected":
            self._ensure_job_channel()
        return super()._state_changed(before, state)

    # -- channels ---------------------------------------------------------------

    def _job_channel_name(self) -> str:
        self.ensure_one()
        return f"{self._parent_job_channel().complete_name}.{self.id}"

    def _parent_job_channel(self):
        return self.env.ref("service_billing_qbo_queue_job.channel_quickbooks").sudo()

    def _job_channels(self):
        """Return the channels of all connections."""
        parent = self._parent_job_channel()
        return parent.search([("parent_id", "=", parent.id)])

    def _ensure_job_channel(self) -> None:
        """Make the channels that are missing: people see them, and jobs that are done
        are removed by channel."""
        known = set(self._job_channels().mapped("name"))
        parent = self._parent_job_channel()
        parent.create(
            [
                {"name": str(connection.id), "parent_id": parent.id}
                for connection in self
                if str(connection.id) not in known
            ]
        )

    # -- jobs -------------------------------------------------------------------

    def _call_drain(self) -> None:
        """Have a job drain this connection after this transaction."""
        self.ensure_one()
        if self._plan_drain():
            return
        # A job is there already. Should it end before this transaction is committed,
        # it has not seen what is queued here: it is looked for again afterwards.
        again = partial(_plan_drain_again, self.env.registry, self.id)
        self.env.cr.postcommit.add(again)

    def _plan_drain(self, at: datetime | None = None) -> bool:
        """Enqueue one job that drains this connection, unless one waits to do so.

        :param at: not before, UTC; jobs for different times are different jobs
        :return: False when such a job is there already
        """
        self.ensure_one()
        key = f"service_billing_qbo.drain:{self.id}"
        if at:
            key += f":{fields.Datetime.to_string(at)}"
        known = (
            self.env["queue.job"]
            .sudo()
            .search_count(
                [("identity_key", "=", key), ("state", "in", NOT_BEGUN)], limit=1
            )
        )
        if known:
            return False
        connection = self.with_user(SUPERUSER_ID)
        connection = connection.with_company(connection.company_id)
        connection.with_delay(
            channel=self._job_channel_name(),
            identity_key=key,
            eta=at,
            description=self.env._(
                "Export to QuickBooks: %(company)s", company=connection.company_id.name
            ),
        )._job_drain()
        return True

    def _job_drain(self) -> None:
        """Send what is due, and plan the next job for when there is more.

        :raises RetryableJobError: the realm or PostgreSQL cannot be had for now
        """
        self.ensure_one()
        exports = self.env["qbo.export"]
        try:
            next_at = exports._run_connection(self, PASS_S)
        except RealmBusy as busy:
            raise RetryableJobError(
                "Another worker exports to this QuickBooks company just now.",
                seconds=BUSY_RETRY_S,
                ignore_retry=True,
            ) from busy
        except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
            raise RetryableJobError(
                "PostgreSQL went away.", seconds=DATABASE_RETRY_S, ignore_retry=True
            ) from error
        if next_at:
            is_later = next_at > fields.Datetime.now()
            self._plan_drain(next_at if is_later else None)


def _plan_drain_again(registry, connection_id: int) -> None:
    """Enqueue a job in a transaction of its own, unless one waits still."""
    try:
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["qbo.connection"].browse(connection_id)._plan_drain()
    except psycopg2.Error as error:
        # What was committed stays so; the scheduled actions find it in some minutes.
        _logger.info("No job for connection %s: %s", connection_id, error)
