from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.drain_pass import DrainPass
from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestExportNeighbours(EngineCase):
    """Whatever is wrong with some documents, the others of their company go."""

    def setUp(self):
        super().setUp()
        self.drain()  # the customer is there already
        self.addCleanup(self.emulator.clear_faults)
        self.addCleanup(self.forget_pause)

    def forget_pause(self):
        """The company's pause ends; what single documents wait for stays."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE qbo_drain SET resume_at = NULL")
        self.connection._limiter(self.connection.realm_id).restore({}, 0)
        self.env.invalidate_all()

    def run_pass(self, report):
        """Drain as a lane does, which tells how much time is left."""
        self.env.flush_all()
        with self.env["qbo.export"]._claim(self.connection.id) as env:
            DrainPass(env, self.connection.id, report).run()
        self.env.invalidate_all()

    def uncertain(self, count=1):
        """Invoices that are there and whose answer was lost, due to be looked up."""
        self.emulator.arm("lost_answer", path="/batch" if count > 3 else "/invoice")
        invoices = self.posted(count=count)
        self.drain()
        self.assertEqual(set(invoices.mapped("qbo_status")), {"checking"})
        self.back_off_is_over()
        return invoices

    # -- what cannot be prepared ----------------------------------------------------

    def test_many_broken_invoices_are_stopped_in_steps(self):
        """A worker that is ended in the middle of 20,000 must not lose what it found,
        nor keep all of them from whoever wants to save one."""
        self.connection.batch_size = 2
        term = self.env["account.payment.term"].create({"name": "As agreed"})
        broken = self.posted(count=12, invoice_payment_term_id=term.id)
        good = self.posted(300)

        # Time is up as soon as something is done.
        self.run_pass(lambda _count: 0)
        self.assertEqual(set(broken.mapped("qbo_status")), {"problem", "waiting"})

        self.drain()

        self.assert_in_quickbooks(good)
        self.assertEqual(set(broken.mapped("qbo_status")), {"problem"})
        self.assertEqual(self.open_problems().export_count, 12)

    def test_documents_of_an_addon_that_is_gone_are_cancelled(self):
        """An extension that exported its own kind of document was uninstalled."""
        good = self.posted(100)
        left = self.row(self.posted(200)).sudo()
        left.res_model = "no.such.document"

        self.drain()

        self.assert_in_quickbooks(good)
        self.assertEqual(left.state, "cancelled")
        self.assertIn("no longer installed", left.problem_text)

    def test_call_of_an_addon_that_is_gone_stops_by_name(self):
        """The same, sent and not answered before: what sending it makes fail."""
        self.emulator.arm("reset_before", path="/invoice")
        left = self.row(self.posted(200)).sudo()
        self.drain()
        left.write({"res_model": "no.such.document", "payload_text": "{"})
        good = self.posted(100)

        with mute_logger("odoo.addons.service_billing_qbo.engine.sending"):
            for _attempt in range(4):
                self.back_off_is_over()
                self.drain()

        self.assert_in_quickbooks(good)
        self.assertEqual(left.state, "problem")
        self.assertIn("fault in the program", left.problem_text)

    # -- what is refused as a whole ----------------------------------------------------

    def test_call_that_is_refused_as_a_whole_is_sent_in_parts(self):
        """Intuit names none of the documents when it cannot read the call."""
        invoices = self.posted(count=5)
        self.emulator.arm("refused", code="2010", path="/batch")
        self.emulator.arm("refused", code="2010", path="/invoice", nth=3)

        self.drain()

        states = invoices.mapped("qbo_status")
        self.assertEqual(sorted(states), ["exported"] * 4 + ["problem"])
        (stopped,) = invoices.filtered(lambda move: move.qbo_status == "problem")
        self.assert_in_quickbooks(invoices - stopped)
        self.assertIn(stopped.name, stopped.qbo_status_text)
        self.assertEqual(len(self.open_problems()), 1)

    def test_nothing_is_sent_in_parts_after_exporting_was_paused(self):
        """Somebody sees what goes out, and pauses: not one document more."""
        self.connection.batch_size = 4
        invoices = self.posted(count=8)
        self.emulator.arm("slow", path="/batch", nth=2)
        self.emulator.arm("refused", code="2010", path="/batch", nth=2)

        def report(_count):
            self.connection.paused = True
            self.env.flush_all()
            return 60

        since = self.last_call_number()
        self.run_pass(report)

        self.assertEqual(len(self.calls("/batch$", since)), 2)
        self.assertEqual(self.calls("/invoice$", since), [])
        self.connection.paused = False
        self.drain()
        self.assert_in_quickbooks(invoices)

    def test_lane_looks_round_while_quickbooks_does_not_answer(self):
        """Another company of the lane need not wait for this one's time-out."""
        self.posted()
        self.emulator.arm("slow", path="/invoice", seconds=3)
        reported = []

        def report(count):
            reported.append(count)
            return 60

        self.run_pass(report)

        self.assertEqual(reported[0], 0)
        self.assertIn(1, reported)

    # -- what cannot be looked up ----------------------------------------------------

    def test_look_up_that_is_refused_stops_its_document_only(self):
        """And keeps in mind that QuickBooks may have it: retried, it is adopted."""
        invoices = self.uncertain(count=5)
        later = self.posted(300)
        self.emulator.arm("refused", code="4000", path="/query", times=2)

        self.drain()

        (stopped,) = invoices.filtered(lambda move: move.qbo_status == "problem")
        self.assert_in_quickbooks(invoices - stopped + later)
        self.assertIn(f"whether it has {stopped.name}", stopped.qbo_status_text)
        since = self.last_call_number()

        self.by_bookkeeper(self.row(stopped)).action_retry()
        self.drain()

        self.assert_in_quickbooks(stopped)
        self.assertEqual(self.calls("/(invoice|batch)$", since), [])
        self.assertFalse(self.open_problems())

    def test_reads_that_are_blocked_put_off_look_ups_only(self):
        """Intuit blocks reads once a month's are used up; creating stays free."""
        invoice = self.uncertain()
        self.emulator.arm("throttled", path="/query", times=100)
        self.drain()
        later = self.posted(300)

        self.forget_pause()
        self.drain()

        self.assert_in_quickbooks(later)
        self.assertEqual(invoice.qbo_status, "checking")

        self.emulator.clear_faults()
        self.forget_pause()
        self.back_off_is_over()
        self.drain()

        self.assert_in_quickbooks(invoice)

    def test_nothing_is_looked_up_or_sent_again_while_paused(self):
        """Also where another job runner asks for one document by itself."""
        self.emulator.arm("reset_before", path="/invoice")
        invoice = self.posted()
        self.drain()
        self.back_off_is_over()
        self.connection.paused = True
        self.env.flush_all()
        since = self.last_call_number()

        self.env["qbo.export"]._run_row(self.row(invoice))
        self.env.invalidate_all()

        self.assertEqual(self.calls("/v3/", since), [])
        self.assertEqual(self.row(invoice).state, "checking")

        self.connection.paused = False
        self.back_off_is_over()
        self.drain()

        self.assert_in_quickbooks(invoice)

    # -- who was connected when -------------------------------------------------------

    def test_answer_to_former_tokens_does_not_end_a_new_authorization(self):
        """Somebody connects again while calls are under way; theirs is the newest."""
        self.connection.batch_size = 4
        invoices = self.posted(count=8)
        self.emulator.arm("slow", path="/batch", nth=2)
        self.emulator.arm("forbidden_403", path="/batch", nth=2)
        connected = []

        def report(_count):
            if not connected:
                connected.append(self.authorize().kind)
            return 60

        since = self.last_call_number()
        self.run_pass(report)

        self.assertEqual(len(self.calls("/batch$", since)), 2)
        self.assertEqual(connected, ["connected"])
        self.assertEqual(self.connection.state, "connected")
        self.drain()
        self.assert_in_quickbooks(invoices)
