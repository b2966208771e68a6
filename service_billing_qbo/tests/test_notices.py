from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from ..engine.judging import Judgement, Verdict
from ..models.qbo_connection_overview import METERED_READS_PER_MONTH
from ..models.qbo_problem import KINDS
from ..models.qbo_problem_screens import FIX_WORDS, FIXES
from .common import ADMINISTRATOR
from .engine_common import EngineCase

#: Fixed in QuickBooks: nothing to open here, the button is Retry all.
MENDED_THERE = {"feature", "subscription"}


@tagged("post_install", "-at_install")
class TestNotices(EngineCase):
    """Each event is told once, to the person whose turn it is, and ends by itself."""

    def tell(self, times: int = 1):
        for _time in range(times):
            self.env.flush_all()
            cron = self.env.ref("service_billing_qbo.ir_cron_notices")
            cron.method_direct_trigger()
            self.env.invalidate_all()

    def mails(self, text: str):
        return self.env["mail.message"].sudo().search([("subject", "like", text)])

    def activities(self, record):
        domain = [("res_model", "=", record._name), ("res_id", "in", record.ids)]
        return self.env["mail.activity"].sudo().search(domain)

    def stop_three(self):
        """Three invoices of one customer whose e-mail address is no such thing."""
        customer = self.make_customer("Pier", email="nobody")
        self.posted(4321, count=3, customer=customer)
        self.drain()
        return self.open_problems()

    def test_problem_gets_one_activity_and_one_mail_however_many_runs(self):
        problem = self.stop_three()

        self.tell(times=10)

        self.assertEqual(len(self.activities(problem)), 1)
        self.assertEqual(len(self.mails("exports to QuickBooks")), 1)

    def test_activity_is_of_the_person_whose_turn_it_is(self):
        problem = self.stop_three()
        problem.sudo().turn = "bookkeeper"
        self.tell()
        self.assertEqual(self.activities(problem).user_id, self.bookkeeper)
        self.assertEqual(problem.user_id, self.bookkeeper)

    def test_mended_problem_closes_its_activity_by_itself(self):
        problem = self.stop_three()
        self.tell()
        problem.export_ids.partner_id.email = "ana@example.com"

        self.by_bookkeeper(problem).action_retry_all()
        self.drain()
        self.tell()

        self.assertTrue(problem.closed_at)
        self.assertFalse(self.activities(problem))

    def test_open_problem_is_mailed_again_the_next_day(self):
        self.stop_three()
        self.tell()
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.env["qbo.problem"].sudo()._tell_open(self.connection.sudo())
        self.assertEqual(len(self.mails("exports to QuickBooks")), 2)

    def test_ended_subscription_is_mailed_to_all_administrators(self):
        second = self.make_user("second administrator", ADMINISTRATOR)
        problem = self.stop_three()
        problem.sudo().write({"kind": "subscription", "turn": "administrator"})

        self.tell(times=3)

        mail = self.mails("exports to QuickBooks")
        self.assertEqual(len(mail), 1)
        told = (self.administrator | second).partner_id
        self.assertFalse(told - mail.partner_ids, mail.partner_ids.mapped("name"))

    def test_mails_name_no_amounts_and_no_secrets(self):
        self.stop_three()
        self.tell()
        body = "".join(self.mails("exports to QuickBooks").mapped("body"))
        self.assertIn("Data not accepted: stops 3 exports", body)
        for secret in ("4321", "nobody", self.app.client_id):
            self.assertNotIn(secret, body)

    def test_lost_connection_is_told_once(self):
        self.connection.sudo()._connection_lost("The authorization was revoked.")
        self.env.invalidate_all()
        for _run in range(10):
            self.posted()
            self.drain()
            self.tell()
        lost = self.env.ref("service_billing_qbo.mail_activity_connection_lost")
        activities = self.activities(self.connection)
        self.assertEqual(
            len(activities.filtered(lambda a: a.activity_type_id == lost)), 1
        )
        self.assertEqual(len(self.mails("the connection to QuickBooks is lost")), 1)

    def test_reads_are_warned_of_at_80_and_95_percent_once_each(self):
        counts = self.env["qbo.call.count"].sudo()
        counts.search([]).unlink()
        for share, mails in ((79, 0), (80, 1), (94, 1), (95, 2), (99, 2)):
            counts.search([]).unlink()
            counts._count(self.connection, METERED_READS_PER_MONTH * share // 100, 0)
            self.tell(times=2)
            with self.subTest(share=share):
                self.assertEqual(len(self.mails("metered reads are used")), mails)

    def test_a_day_of_waiting_without_a_success_is_told_once(self):
        self.connection.sudo()._set_state("lost", "Intuit refuses it.")
        self.posted()
        self.tell()
        self.assertFalse(self.mails("nothing has reached QuickBooks"))
        self.env.cr.execute(
            "UPDATE qbo_export SET queued_at = queued_at - interval '25 hours',"
            " done_at = done_at - interval '25 hours'"
        )
        self.env.invalidate_all()
        self.tell(times=3)
        self.assertEqual(len(self.mails("nothing has reached QuickBooks")), 1)

    def test_differences_are_one_activity_until_none_is_left(self):
        invoices = self.posted(count=2)
        self.drain()
        bindings = invoices.qbo_binding_id.sudo()
        bindings.write({"total_difference": 0.01})
        self.tell(times=3)
        kind = self.env.ref("service_billing_qbo.mail_activity_difference")
        found = self.activities(self.connection)
        found = found.filtered(lambda activity: activity.activity_type_id == kind)
        self.assertEqual(len(found), 1)
        self.assertEqual(found.user_id, self.bookkeeper)
        for binding in bindings:
            self.by_bookkeeper(binding.sudo(False))._accept_difference("Rounding")
        self.tell()
        self.assertFalse(found.exists())

    def test_every_kind_of_problem_has_words_and_a_way_to_mend_it(self):
        row = {
            "res_model": "account.move",
            "res_id": 1,
            "reference": "INV/1",
            "entity": "Invoice",
            "doc_number": "INV/1",
        }
        buttons = dict(FIX_WORDS)
        self.assertLessEqual(set(FIXES), {kind for kind, _label in KINDS})
        for kind, label in KINDS:
            with self.subTest(kind=kind):
                judgement = Judgement(
                    Verdict.PERSON,
                    problem_kind=kind,
                    code="1",
                    text="What Intuit says.",
                )
                cause = self.env["qbo.problem"]._cause_of(
                    self.connection, row, judgement
                )
                self.assertTrue(label)
                self.assertGreater(len(cause.message), 20)
                self.assertGreater(len(cause.todo), 10)
                self.assertIn(cause.turn, ("bookkeeper", "administrator", "clerk"))
                self.assertTrue(kind in MENDED_THERE or FIXES[kind] in buttons)
