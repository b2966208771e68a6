from odoo.tests import tagged

from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestExportFaults(EngineCase):
    """Whatever the network does, a document is there once or a person sees why not."""

    def setUp(self):
        super().setUp()
        self.drain()  # the customer is there already
        self.addCleanup(self.emulator.clear_faults)

    def assert_once_after(self, kind, count=5, **match):
        """Arm a fault, post, and let time go by until all is settled."""
        invoices = self.posted(count=count)
        self.emulator.arm(kind, **match)
        for _attempt in range(6):
            self.drain()
            self.back_off_is_over()
        self.assert_in_quickbooks(invoices)

    def test_answer_lost_after_the_batch_was_executed(self):
        self.assert_once_after("lost_answer", path="/batch")

    def test_answer_lost_of_a_single_invoice(self):
        self.assert_once_after("lost_answer", count=1, path="/invoice")

    def test_answer_cut_off(self):
        self.assert_once_after("cut_answer", path="/batch")

    def test_connection_reset_before_execution(self):
        self.assert_once_after("reset_before", path="/batch")

    def test_connection_reset_after_execution(self):
        self.assert_once_after("reset_after", path="/batch")

    def test_gateway_answers_html(self):
        self.assert_once_after("unavailable", path="/batch")

    def test_gateway_times_out(self):
        self.assert_once_after("gateway_timeout", path="/batch")

    def test_application_error(self):
        self.assert_once_after("error_500", path="/batch")

    def test_throttled_leaves_the_realm_alone(self):
        invoices = self.posted(count=5)
        self.emulator.arm("throttled", path="/batch")
        self.addCleanup(
            self.connection._limiter(self.connection.realm_id).restore, {}, 0
        )
        self.drain()
        since = self.last_call_number()

        self.drain()

        self.assertEqual(self.calls("/v3/", since), [])
        self.assertEqual(set(invoices.mapped("qbo_status")), {"retry"})

    def test_access_token_expired(self):
        invoices = self.posted(count=5)
        self.emulator.expire_tokens("access")

        self.drain()

        self.assert_in_quickbooks(invoices)
        self.assertEqual(self.connection.state, "connected")

    def test_lost_customer_is_found_by_its_name(self):
        customer = self.make_customer("Pier Seven")
        self.emulator.arm("lost_answer", path="/customer")
        self.drain()
        self.back_off_is_over()

        self.drain()

        names = [each["DisplayName"] for each in self.in_quickbooks("Customer")]
        self.assertEqual(names.count(customer.name), 1)
        self.assertEqual(customer.qbo_status, "exported")


@tagged("post_install", "-at_install")
class TestExportAuthorization(EngineCase):
    """A class of its own: what it does to the tokens cannot be undone."""

    def test_authorization_ended_stops_the_realm_once(self):
        invoices = self.posted(count=3)
        self.emulator.expire_tokens("all")

        self.drain()
        since = self.last_call_number()
        self.drain()

        self.assertEqual(self.connection.state, "lost")
        self.assertEqual(set(invoices.mapped("qbo_status")), {"waiting"})
        self.assertEqual(self.calls(".", since), [])


@tagged("post_install", "-at_install")
class TestExportOutage(EngineCase):
    """A class of its own: an emulator that was stopped remembers nothing."""

    def test_dead_quickbooks_costs_one_attempt_and_no_loop(self):
        self.drain()
        invoices = self.posted(count=3)
        self.emulator.stop()

        self.drain()
        self.drain()

        self.assertEqual(set(invoices.mapped("qbo_status")), {"retry"})
        self.assertEqual({self.row(move).attempt_count for move in invoices}, {1})


@tagged("post_install", "-at_install")
class TestExportForgottenIds(EngineCase):
    """A class of its own: the emulator's clock does not go back."""

    def test_request_ids_forgotten_after_a_lost_answer(self):
        """Intuit does not say how long it remembers: the look-up settles it."""
        self.drain()
        invoices = self.posted(count=5)
        self.emulator.arm("lost_answer", path="/batch")
        self.drain()
        self.emulator.advance_clock(48 * 3600)
        self.back_off_is_over()
        since = self.last_call_number()

        self.drain()

        self.assert_in_quickbooks(invoices)
        self.assertEqual(self.calls("/batch$", since), [])
