from odoo.tests import tagged

from ..hooks import post_init_hook, uninstall_hook
from .jobs_common import JobsCase


@tagged("post_install", "-at_install")
class TestJobHooks(JobsCase):
    """What waits changes hands when the addon comes and goes."""

    def test_what_waits_at_installation_gets_a_job(self):
        invoice = self.post()
        self.jobs().unlink()

        post_init_hook(self.env(su=True))

        self.run_job(self.jobs("pending"))
        self.assert_in_quickbooks(invoice)

    def test_what_waits_at_uninstallation_goes_back_to_the_scheduled_actions(self):
        self.post()
        lane = self.connection.id % 4
        cron = self.env.ref(f"service_billing_qbo.cron_drain_{lane}")
        triggers = self.env["ir.cron.trigger"]
        triggers.search([("cron_id", "=", cron.id)]).unlink()

        uninstall_hook(self.env(su=True))

        self.assertTrue(triggers.search([("cron_id", "=", cron.id)]))
        self.assertFalse(self.connection.sudo()._job_channels())
        channel = f"root.quickbooks.{self.connection.id}"
        jobs = self.env["queue.job"].sudo()
        self.assertFalse(jobs.search([("channel", "=", channel)]))
