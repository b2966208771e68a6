"""Nothing goes before QuickBooks' customers are known: when they cannot be read."""

from odoo.tests import tagged

from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestPeopleUnread(EngineCase):
    """Just connected; one list of QuickBooks cannot be read."""

    def setUp(self):
        super().setUp()
        self.drain()
        self.connection.sudo().write(
            {"people_checked_at": False, "references_checked_at": False}
        )
        self.addCleanup(self.emulator.clear_faults)
        self.invoice = self.posted()

    def refuse(self, number, text="The list is being rebuilt"):
        """QuickBooks refuses the query of this number from now, once."""
        self.emulator.clear_faults()
        self.emulator.arm(
            "refused", path="/query", nth=number, code="4001", message="", detail=text
        )

    def refuse_customers(self, times=1, **words):
        for _time in range(times):
            self.refuse(1, **words)
            self.run_housekeeping()

    def test_list_that_exports_do_not_need_stops_none(self):
        """The first query that is not of people: what mapping needs is refused."""
        self.refuse(4)

        self.run_housekeeping()
        self.drain()

        self.assertTrue(self.connection.people_checked_at)
        self.assertFalse(self.connection.references_checked_at)
        self.assert_in_quickbooks(self.invoice)

        self.run_housekeeping()
        self.assertTrue(self.connection.references_checked_at)

    def test_list_that_is_refused_keeps_the_others_from_nothing(self):
        self.refuse_customers()

        self.assertFalse(self.connection.people_checked_at)
        self.assertTrue(self.connection.references_checked_at)

    def test_invoice_says_why_it_waits(self):
        self.assertIn("customers are being read", self.invoice.qbo_status_text)

        self.refuse_customers()
        self.drain()

        self.assertEqual(
            self.invoice.qbo_status_text,
            "QuickBooks' customers, vendors and employees cannot be read: QuickBooks"
            " refused: The list is being rebuilt."
            " Exporting begins when they are known.",
        )
        self.assertFalse(self.open_problems(), "it may be over the next time")

    def test_second_failure_is_a_problem_of_the_administrator(self):
        self.refuse_customers(times=2)
        problem = self.open_problems()
        self.assertEqual(
            problem.message,
            "QuickBooks' customers, vendors and employees cannot be read: QuickBooks"
            " refused: The list is being rebuilt.",
        )
        self.assertEqual((problem.kind, problem.fix), ("connection", "configuration"))
        self.assertEqual(problem.export_count, 1)
        self.assertFalse(problem.retry_helps)
        self.env.ref("service_billing_qbo.ir_cron_notices").method_direct_trigger()
        self.assertEqual(problem.activity_ids.user_id, self.administrator)

        self.run_housekeeping()
        self.drain()

        self.assertFalse(self.open_problems())
        self.assertFalse(self.connection.people_failure)
        self.assert_in_quickbooks(self.invoice)

    def test_problem_opens_for_what_is_posted_later(self):
        self.env["qbo.export"].sudo().search([("state", "=", "waiting")]).unlink()
        self.refuse_customers(times=2)
        self.assertFalse(self.open_problems())

        self.posted()
        self.drain()
        self.drain()

        self.assertEqual(self.open_problems().export_count, 1)

    def test_button_reads_the_customers_before_what_is_refused(self):
        self.refuse_customers(times=2)
        self.refuse(4)

        with self.fails_with(Exception):
            self.connection.action_refresh_references()
        self.env.invalidate_all()

        self.assertTrue(self.connection.people_checked_at)
        self.assertFalse(self.open_problems())

    def test_month_without_reads_is_said(self):
        limit = self.connection.metered_reads_limit
        self.env["qbo.call.count"].sudo()._count(self.connection, limit, 0)

        self.refuse_customers(times=2)

        self.assertIn("reads of this month are used up", self.open_problems().message)
        self.assertIn("reads of this month are used up", self.invoice.qbo_status_text)

    def test_lost_connection_is_the_only_problem_then(self):
        self.refuse_customers(times=2)

        self.connection.sudo()._connection_lost("The authorization was revoked.")
        self.env.invalidate_all()

        self.assertIn("not connected", self.open_problems().message)
