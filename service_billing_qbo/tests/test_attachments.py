"""The PDF of a document in QuickBooks: attached, made anew, tried again, once."""

from decimal import Decimal

from cryptography.fernet import Fernet

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_documents_life import LifeCase

PDF = b"%PDF-1.4\n% an invoice\n%%EOF\n"
CHANGED_PDF = b"%PDF-1.4\n% the changed invoice\n%%EOF\n"
ACTION = "ir_cron_attach_pdf"


@tagged("post_install", "-at_install")
class TestAttachments(LifeCase):
    """The PDF of a document follows it to QuickBooks, where that is chosen."""

    emulator_companies = ("us", "us")

    def setUp(self):
        super().setUp()
        self.addCleanup(self.emulator.clear_faults)

    def attach_pdfs(self):
        self.env.flush_all()
        self.env.ref("service_billing_qbo.ir_cron_attach_pdf").method_direct_trigger()
        self.env.invalidate_all()

    def print_pdf(self, move, content=PDF):
        """Somebody prints the invoice, or sends it by e-mail."""
        self.env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "raw": content,
                "res_model": move._name,
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        move.invalidate_recordset()

    def with_pdf(self):
        """A posted invoice that was printed, exported."""
        self.connection.attach_pdf = True
        move = self.posted()
        self.print_pdf(move)
        self.drain()
        return move

    def files_of(self, move):
        return [
            attachable
            for attachable in self.in_quickbooks("Attachable")
            if attachable["AttachableRef"][0]["EntityRef"]
            == {"type": "Invoice", "value": move.qbo_id}
        ]

    def attachment_of(self, move):
        return self.env["qbo.attachment"].search([("move_id", "=", move.id)])

    def test_pdf_is_attached_after_the_invoice(self):
        move = self.with_pdf()
        self.attach_pdfs()
        self.attach_pdfs()
        (attachable,) = self.files_of(move)
        self.assertEqual(attachable["ContentType"], "application/pdf")
        self.assertEqual(attachable["Size"], len(PDF))
        self.assertEqual(self.attachment_of(move).qbo_id, attachable["Id"])

    def test_many_pdfs_are_asked_for_anew_when_the_time_is_over(self):
        """Odoo calls ten times in a row at least: with a file each time nothing else
        would run for minutes. By itself it would come again within a minute."""
        moves = [self.with_pdf() for _number in range(2)]
        self.nobody_calls()

        told = self.call_without_time(ACTION, "qbo.attachment", "_cron_attach")

        # Which Odoo takes for: a part is done, others first.
        self.assertEqual(told, (0, 2))
        self.assertFalse(self.files_of(moves[0]))
        self.assertTrue(self.calls_asked_for(ACTION))
        self.nobody_calls()
        self.attach_pdfs()
        self.assertFalse(self.calls_asked_for(ACTION))
        for move in moves:
            self.assertEqual(len(self.files_of(move)), 1)

    def test_outage_costs_one_upload_and_no_other_company_waits_for_it(self):
        """The other PDFs would only meet the same, a minute each perhaps."""
        moves = [self.with_pdf() for _number in range(3)]
        neighbour = self.neighbour_attachment()
        path = f"/company/{self.connection.realm_id}/upload"
        self.emulator.arm("unavailable", path=path, times=9)
        since = self.last_call_number()
        self.nobody_calls()

        self.attach_pdfs()

        self.assertEqual(len(self.calls(path, since)), 1)
        self.assertEqual(neighbour.state, "done")
        rows = self.env["qbo.attachment"].browse(
            self.attachment_of(move).id for move in moves
        )
        self.assertEqual(set(rows.mapped("state")), {"waiting"})
        self.assertTrue(all(rows.mapped("retry_at")))
        self.assertTrue(self.calls_asked_for(ACTION))

        self.emulator.clear_faults()
        rows.sudo().retry_at = fields.Datetime.now()
        self.attach_pdfs()
        for move in moves:
            self.assertEqual(len(self.files_of(move)), 1)

    def test_pdf_that_never_arrives_goes_after_the_others(self):
        """It puts them off each time: before them, it would do so for ever."""
        sick, healthy = self.with_pdf(), self.with_pdf()
        self.attachment_of(sick).sudo().attempt_count = 5
        self.emulator.arm("unavailable", path="/upload", nth=2)

        self.attach_pdfs()

        self.assertEqual(len(self.files_of(healthy)), 1)
        self.assertEqual(self.attachment_of(sick).state, "waiting")

    def test_nothing_is_printed_for_a_connection_that_is_lost(self):
        """The report is broken here: who prints it notices."""
        self.connection.attach_pdf = True
        self.break_report()
        moves = self.posted(count=2)
        self.drain()

        with self.encryption_key(Fernet.generate_key().decode()):
            self.attach_pdfs()

        self.assertEqual(self.connection.state, "lost")
        for move in moves:
            self.assertEqual(self.attachment_of(move).state, "waiting")
        self.assertEqual(self.open_problems().mapped("kind"), ["connection"])

    def neighbour_attachment(self):
        """A PDF that another company has to attach, newer than all others."""
        company = self.env["res.company"].create(
            {"name": "Neighbour", "currency_id": self.env.ref("base.USD").id}
        )
        neighbour = self.connection_of(company)
        self.connect(neighbour, self.realm_ids[1])
        books = self.emulator.books(neighbour.realm_id)
        item = next(one for one in books["Item"] if one["Type"] == "Service")
        document = neighbour._client().create(
            "Invoice",
            {
                "CustomerRef": {"value": books["Customer"][0]["Id"]},
                "Line": [
                    {
                        "DetailType": "SalesItemLineDetail",
                        "Amount": Decimal(10),
                        "SalesItemLineDetail": {"ItemRef": {"value": item["Id"]}},
                    }
                ],
            },
            "invoice-of-the-neighbour",
        )
        move = self.draft()
        self.print_pdf(move)
        own = {
            "connection_id": neighbour.id,
            "company_id": company.id,
            "realm_id": neighbour.realm_id,
        }
        self.env["qbo.binding"].sudo().create(
            {
                **own,
                "res_model": move._name,
                "res_id": move.id,
                "entity": "Invoice",
                "qbo_id": document["Id"],
            }
        )
        self.env["qbo.attachment"].sudo()._add(neighbour, move)
        return self.attachment_of(move)

    def test_nothing_is_called_for_while_the_connection_is_lost(self):
        """The time to try again has come, and would have come at each call."""
        attachment = self.put_off()
        self.connection.sudo()._connection_lost("It was ended in QuickBooks.")
        self.assert_waits_quietly()

        self.connection.sudo()._set_state("connected")
        self.assert_goes_now(attachment)

    def test_nothing_is_called_for_while_exporting_is_paused(self):
        attachment = self.put_off()
        self.connection.sudo().action_pause()
        self.assert_waits_quietly()

        self.connection.sudo().action_resume()
        self.assert_goes_now(attachment)

    def test_nothing_is_called_for_while_another_company_is_connected(self):
        attachment = self.put_off()
        attachment.realm_id = "another"
        self.assert_waits_quietly()

    def put_off(self):
        """A PDF whose upload was tried in vain, due again since an hour."""
        attachment = self.attachment_of(self.with_pdf()).sudo()
        an_hour_ago = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        attachment.write({"attempt_count": 1, "retry_at": an_hour_ago})
        return attachment

    def nobody_calls(self):
        self.env["ir.cron.trigger"].search([]).unlink()

    def assert_waits_quietly(self):
        self.nobody_calls()
        self.attach_pdfs()
        self.assertFalse(self.calls_asked_for(ACTION))

    def assert_goes_now(self, attachment):
        self.assertTrue(self.calls_asked_for(ACTION))
        self.attach_pdfs()
        self.assertEqual(attachment.state, "done")

    def test_pdf_is_the_present_one_after_the_invoice_was_changed(self):
        """The former file goes when the new one is there; what people added stays."""
        move = self.with_pdf()
        self.attach_pdfs()
        (former,) = self.files_of(move)
        self.connection._with_client(
            lambda client: client.create(
                "Attachable",
                {"Note": "Call first", "AttachableRef": former["AttachableRef"]},
                "note-of-a-bookkeeper",
            )
        )
        self.change(move, ref="PO 14")
        self.print_pdf(move, CHANGED_PDF)
        self.drain()
        self.attach_pdfs()
        note, present = sorted(
            self.files_of(move), key=lambda attachable: "Size" in attachable
        )
        self.assertEqual(note["Note"], "Call first")
        self.assertNotEqual(present["Id"], former["Id"])
        self.assertEqual(present["Size"], len(CHANGED_PDF))
        rows = self.attachment_of(move)
        self.assertEqual(set(rows.mapped("state")), {"replaced", "done"})

    def test_pdf_that_cannot_be_made_stops_no_other(self):
        """Reports are templates that anybody edits."""
        self.connection.attach_pdf = True
        self.break_report()
        broken = self.posted()
        self.drain()
        printed = self.with_pdf()

        with mute_logger("odoo.addons.service_billing_qbo.models.qbo_attachment"):
            self.attach_pdfs()

        self.assertEqual(len(self.files_of(printed)), 1)
        self.assertFalse(self.files_of(broken))
        self.assertEqual(self.attachment_of(broken).state, "problem")
        self.assertIn("a fault in the program", self.open_problems().message)

    def break_report(self):
        """Somebody edits the template of the invoices, wrongly."""
        self.env["ir.ui.view"].sudo().create(
            {
                "type": "qweb",
                "key": "tests.broken",
                "arch": '<t t-name="tests.broken"><t t-out="1 / 0" /></t>',
            }
        )
        self.env.ref("account.account_invoices").sudo().report_name = "tests.broken"

    def test_two_changes_before_the_pdf_went_upload_one_file(self):
        move = self.with_pdf()
        self.change(move, ref="PO 15")
        self.print_pdf(move, CHANGED_PDF)
        self.drain()
        self.attach_pdfs()
        (present,) = self.files_of(move)
        self.assertEqual(present["Size"], len(CHANGED_PDF))

    def test_nothing_is_attached_unless_chosen(self):
        move = self.posted()
        self.drain()
        self.assertFalse(self.attachment_of(move))

    def test_lost_answer_leaves_one_file(self):
        move = self.with_pdf()
        self.emulator.arm("lost_answer", path="/upload")
        self.emulator.arm("requestid_forgotten")
        self.attach_pdfs()
        self.assertEqual(self.attachment_of(move).state, "waiting")
        self.attachment_of(move).sudo().retry_at = fields.Datetime.now()
        self.emulator.clear_faults()
        self.attach_pdfs()
        self.assertEqual(len(self.files_of(move)), 1)
        self.assertEqual(self.attachment_of(move).state, "done")

    def test_refused_file_is_a_problem_the_invoice_stays_exported(self):
        move = self.with_pdf()
        self.emulator.arm("refused", path="/upload", code="6000", detail="No space.")
        self.attach_pdfs()
        self.assertEqual(move.qbo_status, "exported")
        problem = self.env["qbo.problem"].search(
            [("key", "=", f"pdf:account.move:{move.id}")]
        )
        self.assertIn("is in QuickBooks without its PDF", problem.message)
        self.assertIn("No space.", problem.message)
        self.by_bookkeeper(problem).action_retry_all()
        self.attach_pdfs()
        self.assertEqual(len(self.files_of(move)), 1)
