import time
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.qbo_exceptions import NotConfirmed
from .engine_common import SERIAL, EngineCase

SENDING = "odoo.addons.service_billing_qbo.engine.sending"


@tagged("post_install", "-at_install")
class TestExportEngine(EngineCase):
    """One row never holds up others, and a realm is asked no more than needed."""

    def setUp(self):
        super().setUp()
        self.drain()  # the customer is there already
        self.addCleanup(self.emulator.clear_faults)

    def test_row_that_cannot_be_sent_stops_no_other(self):
        """A payload that makes the sending thread fail: its neighbours go, and so does
        what is posted meanwhile; in the end a person is told of the one."""
        invoices = self.posted(count=5)
        self.emulator.arm("reset_before", path="/batch")
        self.drain()
        broken = self.row(invoices[2])
        broken.sudo().payload_text = "{"
        self.back_off_is_over()

        with mute_logger(SENDING):
            self.drain()
            later = self.posted(300)
            self.drain()
            self.assert_in_quickbooks(later)
            for _attempt in range(4):
                self.back_off_is_over()
                self.drain()

        self.assert_in_quickbooks(invoices - invoices[2])
        self.assert_not_in_quickbooks(invoices[2])
        self.assertEqual(invoices[2].qbo_status, "problem")
        self.assertIn("fault in the program", invoices[2].qbo_status_text)

        invoices[2].button_draft()
        invoices[2].action_post()
        self.back_off_is_over()
        self.drain()
        self.drain()

        self.assert_in_quickbooks(invoices)

    def test_exports_to_a_new_company_wait_for_its_confirmation(self):
        """Nothing goes into books that nobody has looked at."""
        self.connection.confirmed_realm_id = False
        invoice = self.posted(100)
        since = self.last_call_number()

        self.drain()

        self.assertEqual(self.calls("/v3/", since), [])
        self.assertEqual(invoice.qbo_status, "waiting")
        self.assertIn("is the right company", invoice.qbo_status_text)
        with self.assertRaises(NotConfirmed):
            self.by_bookkeeper(invoice).action_qbo_export_now()

        self.confirm()
        self.drain()

        self.assert_in_quickbooks(invoice)

    def test_batches_have_the_size_that_is_set(self):
        self.connection.batch_size = 4
        invoices = self.posted(count=8)
        since = self.last_call_number()

        self.drain()

        self.assert_in_quickbooks(invoices)
        self.assertEqual(len(self.calls("/batch$", since)), 2)

    def test_what_documents_ask_alike_is_looked_up_once(self):
        """Mappings and links, which are the same for most: preparing one more invoice
        must cost next to nothing beside making it in Odoo."""
        few = self.queries_of_preparing(self.posted(count=3))
        many = self.queries_of_preparing(self.posted(count=13))
        self.assertLessEqual((many - few) / 10, 0.5)

    def test_what_documents_have_of_their_own_is_read_together(self):
        """Customers, lines and the taxes of lines."""
        customers = self.env["res.partner"].create(
            [{"name": f"Reader {next(SERIAL)}", "customer_rank": 1} for _ in range(14)]
        )
        self.drain()
        tax = self.env["account.tax"].create(
            {"name": f"Read {next(SERIAL)} %", "amount": 5, "type_tax_use": "sale"}
        )
        costs = []
        for buyers in (customers[:1], customers[1:4], customers[4:]):
            moves = self.env["account.move"]
            for buyer in buyers:
                moves += self.draft(customer=buyer)
            moves.invoice_line_ids.tax_ids = tax
            moves.action_post()
            costs.append(self.queries_of_preparing(moves))
        _first, few, many = costs  # the first has Odoo's caches to fill
        self.assertLessEqual((many - few) / 10, 0.5)

    def queries_of_preparing(self, moves):
        count = len(moves)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        exports = self.env["qbo.export"]
        batches, _looked_at = exports._prepare_batches(self.connection, count)
        self.assertEqual(sum(len(batch.calls) for batch in batches), count)
        return self.env.cr.sql_log_count - before

    def test_token_that_four_batches_find_expired_is_renewed_once(self):
        self.connection.batch_size = 4
        invoices = self.posted(count=16)
        self.emulator.expire_tokens("access")
        since = self.last_call_number()

        self.drain()

        self.assert_in_quickbooks(invoices)
        self.assertEqual(len(self.calls("tokens/bearer", since)), 1)
        drain = self.env["qbo.drain"].sudo()._of(self.connection)
        self.assertFalse(drain.resume_reason)

    def test_dead_quickbooks_is_asked_by_one_call_until_it_is_back(self):
        invoices = self.posted(count=8)
        self.emulator.arm("throttled", times=1, path="/batch")
        self.addCleanup(
            self.connection._limiter(self.connection.realm_id).restore, {}, 0
        )
        self.drain()
        self.connection._limiter(self.connection.realm_id).restore({}, 0)
        self.back_off_is_over()
        self.emulator.arm("throttled", times=1)
        since = self.last_call_number()
        self.drain()
        self.assertEqual(len(self.calls("/v3/", since)), 1)
        self.assertEqual(
            sorted(self.row(move).attempt_count for move in invoices),
            [1] * 7 + [2],
        )

        self.connection._limiter(self.connection.realm_id).restore({}, 0)
        self.back_off_is_over()
        self.drain()

        self.assert_in_quickbooks(invoices)

    def test_what_failed_is_shown_with_the_time_of_the_next_attempt(self):
        """No row is tried before its QuickBooks company is, and several calls that fail
        together are one failure of it."""
        self.connection.batch_size = 4
        invoices = self.posted(count=16)
        self.emulator.arm("throttled", times=4, path="/batch")
        self.addCleanup(
            self.connection._limiter(self.connection.realm_id).restore, {}, 0
        )

        begun = time.monotonic()
        self.drain()
        took_s = time.monotonic() - begun

        drain = self.env["qbo.drain"].sudo()._of(self.connection)
        self.assertLess(took_s, 20, "no worker is kept for the pause of a minute")
        rows = self.env["qbo.export"].search([("res_id", "in", invoices.ids)])
        rows = rows.filtered(lambda row: row.res_model == "account.move")
        self.assertEqual(drain.failure_count, 1)
        self.assertEqual(set(rows.mapped("state")) - {"waiting"}, {"retry"})
        times = set(rows.filtered(lambda row: row.state == "retry").mapped("retry_at"))
        self.assertEqual(times, {drain.resume_at})

    def test_one_row_can_be_run_by_itself_and_a_connection_without_its_lane(self):
        """What addons for other job runners call: neither commits for the caller."""
        first, second = self.posted(count=2)
        exports = self.env["qbo.export"]

        self.assertTrue(exports._run_row(self.row(second)))
        self.env.invalidate_all()
        self.assert_in_quickbooks(second)
        self.assert_not_in_quickbooks(first)

        self.assertFalse(exports._run_connection(self.connection, 60))
        self.env.invalidate_all()
        self.assert_in_quickbooks(first)

    def test_due_rows_that_cannot_be_had_are_looked_for_a_little_later(self):
        """A person's transaction holds them: at once would be as often as the processor
        allows."""
        self.posted(100)
        lane = self.connection.id % 4
        cron = self.env.ref(f"service_billing_qbo.cron_drain_{lane}")
        self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()
        before = fields.Datetime.now()

        self.env.flush_all()
        with self.registry.cursor() as cr:
            exports = self.env(cr=cr, su=True)["qbo.export"]
            exports._end_lane(lane, [self.connection.id], [], 0)

        self.env.invalidate_all()
        trigger = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertGreaterEqual(trigger.call_at, before + timedelta(seconds=4))

    def test_turn_whose_time_is_over_is_given_back_and_asked_for_anew(self):
        """Odoo calls ten times in a row at least: a batch at a time, by itself, would
        be a quarter of the pace."""
        invoice = self.posted(100)
        lane = self.connection.id % 4
        cron = f"cron_drain_{lane}"
        self.env["ir.cron.trigger"].search([]).unlink()
        # One that nobody is told of when its time has come.
        self.env.ref(f"service_billing_qbo.{cron}")._trigger(
            at=fields.Datetime.now() + timedelta(seconds=4)
        )

        told = self.call_without_time(cron, "qbo.export", "_cron_drain", lane)

        # Which Odoo takes for: a part is done, others first.
        self.assertEqual(told, (0, 1))
        self.assertEqual(self.row(invoice).state, "waiting")
        self.assertLessEqual(min(self.calls_asked_for(cron)), fields.Datetime.now())
        self.drain()
        self.assert_in_quickbooks(invoice)

    def test_next_attempt_is_asked_for_whatever_is_posted_meanwhile(self):
        """Posting calls the lane at once; that call finds its company put off."""
        self.posted(count=5)
        self.emulator.arm("throttled", path="/batch")
        self.addCleanup(
            self.connection._limiter(self.connection.realm_id).restore, {}, 0
        )
        lane = self.connection.id % 4
        cron = self.env.ref(f"service_billing_qbo.cron_drain_{lane}")
        later = fields.Datetime.now() + timedelta(seconds=2)
        cron._trigger(at=later)  # as of a posting while the pass goes on

        self.drain()

        drain = self.env["qbo.drain"].sudo()._of(self.connection)
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertIn(drain.resume_at, triggers.mapped("call_at"))

    def test_look_up_that_is_due_while_quickbooks_is_away_is_asked_for_in_time(self):
        """And not by the lane's own interval, minutes later."""
        self.emulator.arm("lost_answer", path="/invoice")
        invoice = self.posted()
        self.drain()
        self.assertEqual(invoice.qbo_status, "checking")
        self.back_off_is_over()
        drain = self.env["qbo.drain"].sudo()._of(self.connection)
        resume_at = drain._hold("QuickBooks is away", 60)
        self.env["ir.cron.trigger"].search([]).unlink()
        lane = self.connection.id % 4

        self.env.flush_all()
        with self.registry.cursor() as cr:
            exports = self.env(cr=cr, su=True)["qbo.export"]
            exports._end_lane(lane, [self.connection.id], [], 0)
        self.env.invalidate_all()

        self.assertIn(resume_at, self.calls_asked_for(f"cron_drain_{lane}"))

    def test_single_documents_of_another_process_are_no_batches(self):
        """Fifty invoices a minute, one by one, by changing workers: no waiting."""
        limiter = self.connection._limiter(self.connection.realm_id)
        for _number in range(3):
            self.posted()
            self.drain()
        self.env["qbo.drain"].sudo()._of(self.connection).worker = "elsewhere:1"
        limiter.restore({}, 0)

        self.posted()
        self.drain()

        remembered = limiter.snapshot(time.time())
        self.assertEqual(remembered["batches"], [])
        self.assertGreaterEqual(len(remembered["calls"]), 4)

    def test_item_whose_answer_was_lost_is_found_after_a_second_sending(self):
        """Items bear no note of ours: they are told by their name and by having been
        made since the first sending, not since the last."""
        product = self.env["product.template"].create(
            {"name": f"Mooring {self.customer.id}", "type": "service"}
        )
        account = self.env["qbo.reference"].search(
            [
                ("connection_id", "=", self.connection.id),
                ("entity", "=", "account"),
                ("name", "ilike", "Services"),
            ],
            limit=1,
        )
        row = (
            self.env["qbo.mapping"]
            .sudo()
            ._choose(
                self.connection, "item", product, {"income_account_id": account.id}
            )
        )
        self.assertTrue(account, row)
        self.env["qbo.export"].sudo()._enqueue(product, self.connection.sudo())
        self.emulator.arm("lost_answer", path="/item")
        self.drain()
        self.row(product).sudo().sent_at = fields.Datetime.now() + timedelta(hours=2)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE qbo_export SET retry_at = now() AT TIME ZONE 'UTC' - interval '1s'"
            " WHERE state = 'checking'"
        )
        self.env.cr.execute("UPDATE qbo_drain SET resume_at = NULL")
        self.env.invalidate_all()

        self.drain()

        names = [item["Name"] for item in self.in_quickbooks("Item")]
        self.assertEqual(names.count(product.name), 1)
        self.assertEqual(self.row(product).state, "exported")

    def test_metered_reads_that_run_out_are_shown(self):
        """Intuit counts 500,000 a month for the whole app."""
        Counts = self.env["qbo.call.count"]
        used = self.connection.metered_reads
        for total, state in ((400_000, "high"), (475_000, "critical")):
            Counts._count(self.connection, total - used, 0)
            used = total
            self.env.invalidate_all()
            self.assertEqual(self.connection.metered_reads_state, state)
            self.assertIn("metered_reads", self.connection.alerts)


@tagged("post_install", "-at_install")
class TestExportForbidden(EngineCase):
    """A class of its own: it loses the connection."""

    def test_forbidden_company_is_lost_until_it_can_be_read_again(self):
        """The person who connected lost the rights for a while: nobody has to connect
        again when they are back."""
        self.drain()
        invoices = self.posted(count=5)
        self.emulator.arm("forbidden_403", path="/batch")

        self.drain()

        self.assertEqual(self.connection.state, "lost")
        self.assertFalse(self.connection.reconnect_needed)
        self.assertIn("no longer gives access", self.connection.state_reason)

        self.emulator.clear_faults()
        self.run_housekeeping()
        self.assertEqual(self.connection.state, "connected")
        self.drain()
        self.assert_in_quickbooks(invoices)
