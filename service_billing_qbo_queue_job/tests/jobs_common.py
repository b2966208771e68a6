"""Ground of these tests: an emulated QuickBooks, and the jobs of its connection."""

from odoo.addons.queue_job.job import Job
from odoo.addons.service_billing_qbo.tests.engine_common import EngineCase

from ..models.qbo_export import WOKEN


class JobsCase(EngineCase):
    """The jobs runner's part is played here: which job it would run, and running it."""

    def setUp(self):
        super().setUp()
        self.jobs().unlink()
        self.addCleanup(self.emulator.clear_faults)

    def jobs(self, *states):
        """The connection's jobs, oldest first."""
        self.env.flush_all()
        channel = self.connection.sudo()._job_channel_name()
        domain = [("channel", "=", channel)]
        if states:
            domain.append(("state", "in", states))
        return self.env["queue.job"].sudo().search(domain, order="id")

    def run_job(self, record):
        """Perform it as the runner does, done when it raises nothing."""
        job = Job.load(self.env, record.uuid)
        job.set_started()
        job.store()
        job.perform()
        job.set_done()
        job.store()
        self.env.flush_all()
        self.env.invalidate_all()

    def new_transaction(self):
        """What is posted from here on is posted by another transaction."""
        self.env.flush_all()
        self.env.cr.precommit.data.pop(WOKEN, None)

    def post(self, **values):
        """Post in a transaction of its own."""
        self.new_transaction()
        return self.posted(**values)
