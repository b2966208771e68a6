from datetime import timedelta

import psycopg2

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.queue_job.exception import RetryableJobError

from .jobs_common import JobsCase


@tagged("post_install", "-at_install")
class TestDrainJobs(JobsCase):
    """What is posted waits for one job, and that job brings it to QuickBooks once."""

    def test_connecting_makes_the_connections_channel(self):
        channel = self.connection.sudo()._job_channels()
        self.assertEqual(channel.complete_name, f"root.quickbooks.{self.connection.id}")

    def test_many_postings_wait_for_one_job(self):
        for amount in (100, 200, 300):
            self.post(amount=amount)

        job = self.jobs("pending")
        self.assertEqual(len(job), 1)
        self.assertEqual(job.records, self.connection)
        self.assertFalse(job.eta)

    def test_posting_calls_no_scheduled_action(self):
        lanes = self.env["ir.cron"]
        for lane in range(4):
            lanes += self.env.ref(f"service_billing_qbo.cron_drain_{lane}")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "in", lanes.ids)])
        triggers.unlink()

        self.post()

        domain = [("cron_id", "in", lanes.ids)]
        self.assertFalse(self.env["ir.cron.trigger"].search(domain))

    def test_job_exports_each_document_once_and_leaves_none_behind(self):
        invoices = self.post(count=5)
        self.run_job(self.jobs("pending"))

        self.assert_in_quickbooks(invoices)
        self.assertFalse(self.jobs("pending"))

    def test_job_that_runs_twice_doubles_nothing(self):
        """As one whose worker was killed at its end: the runner starts it anew."""
        invoices = self.post(count=5)
        job = self.jobs("pending")
        self.run_job(job)
        self.run_job(job)

        self.assert_in_quickbooks(invoices)

    def test_what_is_posted_during_a_job_gets_one_of_its_own(self):
        """The one that runs may have looked for work already."""
        self.post()
        running = self.jobs("pending")
        running.state = "started"

        self.post(amount=200)

        self.assertEqual(len(self.jobs("pending")), 1)

    def test_unreachable_quickbooks_is_tried_again_at_the_time_that_is_shown(self):
        invoice = self.post()
        self.emulator.arm("throttled")
        self.addCleanup(
            self.connection._limiter(self.connection.realm_id).restore, {}, 0
        )
        self.run_job(self.jobs("pending"))

        drain = self.env["qbo.drain"].sudo()._of(self.connection)
        later = self.jobs("pending")
        self.assertEqual(later.eta, drain.resume_at)
        self.assertGreater(later.eta, fields.Datetime.now() + timedelta(seconds=40))
        self.connection._limiter(self.connection.realm_id).restore({}, 0)
        self.back_off_is_over()

        # Somebody has pressed "Try again": not after a minute, but now.
        self.new_transaction()
        self.env["qbo.export"]._wake(self.connection)
        self.run_job(self.jobs("pending") - later)

        self.assert_in_quickbooks(invoice)

    def test_job_comes_back_while_another_worker_exports(self):
        self.post()
        job = self.jobs("pending")
        key = self.connection._realm_lock_key()
        other = psycopg2.connect(self.env.cr._cnx.dsn)
        self.addCleanup(other.close)
        other.cursor().execute("SELECT pg_advisory_lock(%s)", [key])

        with self.assertRaises(RetryableJobError) as caught:
            self.run_job(job)

        self.assertTrue(caught.exception.ignore_retry)
        self.assertLessEqual(caught.exception.seconds, 10)

    def test_scheduled_action_leaves_a_living_realm_to_its_jobs(self):
        """and takes over what no job has touched for minutes: the runner is stopped."""
        invoice = self.post()
        drain = self.env["qbo.drain"].sudo()._of(self.connection)
        drain.pass_at = fields.Datetime.now()
        self.env.flush_all()
        self.drain()
        self.assert_not_in_quickbooks(invoice)

        self.env.cr.execute(
            SQL("UPDATE qbo_drain SET pass_at = pass_at - interval '10 minutes'")
        )
        self.env.invalidate_all()
        self.drain()
        self.assert_in_quickbooks(invoice)

        more = self.post()
        self.drain()
        self.assert_in_quickbooks(more)

        by_job = self.post()
        self.run_job(self.jobs("pending"))
        self.assert_in_quickbooks(by_job)
        later = self.post()
        self.drain()
        self.assert_not_in_quickbooks(later)

    def test_no_job_comes_back_before_the_customers_are_known(self):
        """It would come every few seconds, and send nothing each time."""
        self.connection.sudo().people_checked_at = False
        invoice = self.post()
        self.run_job(self.jobs("pending"))
        self.assertFalse(self.jobs("pending"))

        self.new_transaction()
        self.run_housekeeping()
        self.run_job(self.jobs("pending"))
        self.assert_in_quickbooks(invoice)

    def test_clerk_who_may_see_no_jobs_may_post(self):
        clerk = self.make_user("jobless", "account.group_account_invoice")
        draft = self.draft(100)
        self.new_transaction()

        draft.with_user(clerk).action_post()

        job = self.jobs("pending")
        self.assertEqual(job.user_id, self.env.ref("base.user_root"))
        self.run_job(job)
        self.assert_in_quickbooks(draft)


@tagged("post_install", "-at_install")
class TestDrainJobsDisconnected(JobsCase):
    """A class of its own: the authorization that ends at Intuit is not given back."""

    def test_job_of_what_is_disconnected_opens_its_problem(self):
        """Posting calls no lane here, which would do it else."""
        self.post()
        self.run_job(self.jobs("pending"))
        self.connection.sudo()._disconnect()
        self.env.invalidate_all()
        self.assertFalse(self.open_problems())

        self.post()
        self.run_job(self.jobs("pending"))

        self.assertEqual(self.open_problems().kind, "connection")
