from odoo.tests import tagged

from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestProblemConnection(EngineCase):
    """While nothing can be sent, Problems says so; nobody is told a second time."""

    def run_cron(self, name):
        self.env.flush_all()
        self.env.ref(f"service_billing_qbo.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def lose(self):
        self.connection.sudo()._connection_lost("The authorization was revoked.")
        self.env.invalidate_all()

    def test_lost_connection_is_one_problem_until_it_is_connected(self):
        self.drain()
        self.lose()
        invoices = self.posted(100, count=2)
        for _run in range(3):
            self.drain()
            self.run_cron("ir_cron_notices")

        problem = self.open_problems()
        self.assertEqual(len(problem), 1)
        self.assertEqual(problem.kind, "connection")
        self.assertEqual(
            problem.message,
            "The QuickBooks account is not connected. The authorization was revoked.",
        )
        self.assertEqual(problem.todo, "Press Connect to QuickBooks.")
        self.assertEqual((problem.export_count, problem.value), (2, 201))
        self.assertEqual((problem.turn, problem.fix), ("administrator", "connect"))
        self.assertFalse(problem.retry_helps)
        self.assertEqual(set(invoices.mapped("qbo_status")), {"waiting"})
        self.assertEqual(self.connection.problem_count, 1)
        self.assertEqual(self.connection.waiting_count, 2)

        self.authorize()
        self.assertTrue(problem.closed_at)
        self.drain()
        self.assert_in_quickbooks(invoices)
        self.assertFalse(self.open_problems())

    def test_its_loss_is_told_by_the_connection_alone(self):
        self.lose()
        self.posted()
        for _run in range(3):
            self.run_cron("ir_cron_notices")

        subjects = self.env["mail.message"].sudo().search([]).mapped("subject")
        told = [text for text in subjects if text and "QuickBooks" in text]
        self.assertEqual(len(told), 1, told)
        self.assertFalse(self.open_problems().activity_ids)
        self.assertEqual(len(self.connection.activity_ids), 1)

    def test_company_that_nobody_confirmed_is_a_problem_of_the_administrator(self):
        """It is connected, and looks as if all were well."""
        self.connection.sudo().confirmed_realm_id = False
        invoice = self.posted()
        self.drain()
        problem = self.open_problems()
        self.assertEqual((problem.kind, problem.fix), ("connection", "configuration"))
        self.assertIn(self.administrator.name, problem.message)
        self.assertEqual(problem.export_count, 1)
        self.run_cron("ir_cron_notices")
        self.assertEqual(self.open_problems().activity_ids.user_id, self.administrator)

        self.confirm()
        self.drain()

        self.assertFalse(self.open_problems())
        self.assert_in_quickbooks(invoice)

    def test_keys_that_come_back_need_nobody_to_connect(self):
        self.connection.sudo()._connection_lost("Keys are wrong.", False)
        self.env.invalidate_all()
        self.assertIn("Odoo tries again each hour", self.open_problems().todo)


@tagged("post_install", "-at_install")
class TestProblemDisconnected(EngineCase):
    """A class of its own: the authorization that ends at Intuit is not given back."""

    def test_disconnected_is_a_problem_when_something_waits(self):
        self.drain()
        self.connection.sudo()._disconnect()
        self.env.invalidate_all()
        self.drain()
        self.assertFalse(self.open_problems())

        self.posted()
        self.drain()

        problem = self.open_problems()
        self.assertEqual(problem.kind, "connection")
        self.assertEqual(problem.export_count, 1)

        self.authorize()
        self.assertFalse(self.open_problems())

    def test_vendor_that_is_not_used_any_more_needs_no_connection(self):
        """Also when the state stays as it is: without keys it was not configured."""
        self.drain()
        self.connection.sudo()._disconnect()
        self.posted()
        self.drain()
        app = self.env["qbo.app"].sudo()._of(self.connection.environment)
        connection = self.connection.with_user(self.administrator)
        for client_id in (app.client_id, False):
            app.client_id = client_id
            state = self.connection.state
            with self.subTest(state=state):
                self.assertEqual(self.open_problems().kind, "connection")
                connection.accounting_vendor = "none"
                self.assertEqual(self.connection.state, "not_configured")
                self.assertFalse(self.open_problems())

                connection.accounting_vendor = "quickbooks"
                self.assertEqual(self.connection.state, state)
                self.assertEqual(self.open_problems().kind, "connection")
