"""What is written down while nobody is there is told in the company's language."""

from datetime import timedelta

from babel.dates import format_date

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import html2plaintext

from .changes_common import ChangesCase
from .common import ConnectionCase
from .test_attachments import PDF


class FrenchCompany:
    """A company that reads French; Odoo's own user and the tests' read English."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(
            ["service_billing_qbo"], ["fr_FR"]
        )
        cls.env.company.partner_id.lang = "fr_FR"


@tagged("post_install", "-at_install")
class TestDocumentsInFrench(FrenchCompany, ChangesCase):
    def test_changes_there_are_told_in_french(self):
        """The problem, and what is noted on the document."""
        edited, voided, deleted = (self.exported(amount) for amount in (10, 20, 30))
        self.change(edited, DocNumber="ANDERS-1")
        self.void(voided)
        self.delete(deleted)

        self.follow()

        for move, words in (
            (edited, "a été modifié"),
            (voided, "a été annulé"),
            (deleted, "a été supprimé"),
        ):
            self.assertIn(words, self.problem_of(move).message)
            self.assertIn(words, self.notes_of(move))

    def test_a_pdf_that_cannot_be_attached_is_told_in_french(self):
        self.connection.attach_pdf = True
        move = self.exported()
        self.env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "raw": PDF,
                "res_model": move._name,
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        self.env["qbo.binding"].sudo()._find(self.connection, move, "Invoice").unlink()

        self.env.flush_all()
        self.env.ref("service_billing_qbo.ir_cron_attach_pdf").method_direct_trigger()
        self.env.invalidate_all()

        (problem,) = self.open_problems()
        self.assertIn("est dans QuickBooks sans son PDF", problem.message)
        self.assertNotIn("no longer linked", problem.message)

    def test_used_reads_are_grouped_as_the_reader_writes_numbers(self):
        limit = self.connection.metered_reads_limit
        self.env["qbo.call.count"].sudo()._count(self.connection, limit * 9 // 10, 0)

        self.env.flush_all()
        self.env.ref("service_billing_qbo.ir_cron_notices").method_direct_trigger()
        self.env.invalidate_all()

        # French separates thousands by a narrow space that does not break.
        mail = self.env["mail.message"].sudo().search([("subject", "like", "lectures")])
        self.assertRegex(
            html2plaintext(mail.body), r"45\d\W\d{3} lectures sur 500\W000"
        )
        english = self.connection.with_context(lang="en_US")
        alert = english._get_alerts()["metered_reads"]["message"]
        self.assertIn("of Intuit's 500,000 metered reads", alert)


@tagged("post_install", "-at_install")
class TestConnectionInFrench(FrenchCompany, ConnectionCase):
    def setUp(self):
        super().setUp()
        self.emulator.reset()
        self.connect()

    def test_reconnect_is_due_in_french_with_a_french_date(self):
        limit = fields.Datetime.now() + timedelta(days=20)
        self.env["qbo.token"].sudo().search([]).hard_expires_at = limit

        self.run_housekeeping()

        (mail,) = self.mails("reconnectez-vous")
        self.assertIn(f"celle-ci le {format_date(limit, locale='fr_FR')}", mail.body)

    def test_a_connection_that_housekeeping_finds_lost_is_told_in_french(self):
        self.emulator.expire_tokens("all")

        with freeze_time(fields.Datetime.now() + timedelta(days=1, minutes=1)):
            self.run_housekeeping()

        self.assertEqual(self.connection.state, "lost")
        self.assertEqual(len(self.mails("est perdue")), 1)

    def test_a_connection_that_an_english_reader_finds_lost_is_told_in_french(self):
        """What is kept is for all of the company, not for who was the first."""
        self.app.client_secret = "another one"
        self.emulator.expire_tokens("access")
        self.env.flush_all()
        reader = self.connection.with_user(self.administrator).sudo(False)

        reader.with_context(lang="en_US").action_test()

        self.env.invalidate_all()
        self.assertEqual(self.connection.state, "lost")
        self.assertIn("Intuit refuse le Client ID", self.connection.state_reason)
        self.assertEqual(len(self.mails("est perdue")), 1)

    def mails(self, text: str):
        return self.env["mail.message"].sudo().search([("subject", "like", text)])
