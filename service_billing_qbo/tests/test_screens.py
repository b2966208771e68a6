from datetime import timedelta

from odoo import fields
from odoo.tests import Form, tagged

from .common import CLERK
from .engine_common import SERIAL, EngineCase


@tagged("post_install", "-at_install")
class TestScreens(EngineCase):
    """What people read on the screens, and which button they have."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.make_user("clerk", CLERK)

    def unmap(self):
        self.env["qbo.mapping"].sudo().search(
            [("connection_id", "=", self.connection.id)]
        ).write({"reference_id": False})
        self.drain()

    def test_log_names_the_documents_of_a_request(self):
        self.drain()
        invoices = self.posted(count=4)

        self.drain()

        log = self.env["qbo.log"].search([("document", "like", invoices[0].name)])
        self.assertEqual(len(log), 1)
        self.assertTrue(log.document.endswith("and 1 more"), log.document)

    def test_where_there_is_nothing_to_say_nothing_is_said(self):
        """Not "res.partner()", nor "0"."""
        wizard = self.env["qbo.link.customer"].with_user(self.bookkeeper)
        dialog = wizard.new(
            {"partner_id": self.customer.id, "connection_id": self.connection.id}
        )

        self.assertFalse(dialog.warning)
        self.assertFalse(self.draft().qbo_url)
        self.assertFalse(self.connection.earlier_text)

    def test_what_is_excluded_is_taken_back_by_a_bookkeeper_only(self):
        invoice = self.posted()
        self.by_bookkeeper(self.row(invoice)).action_exclude("Typed in by hand")

        self.assertFalse(invoice.with_user(self.clerk).qbo_button)
        self.assertEqual(invoice.with_user(self.bookkeeper).qbo_button, "export")
        self.assertIn("Typed in by hand", self.row(invoice).problem_text)

    def test_retry_is_not_offered_to_whom_it_cannot_help(self):
        """What lacks a choice would be stopped again; the choice lets it go."""
        self.env["qbo.mapping"].sudo().search(
            [("connection_id", "=", self.connection.id)]
        ).write({"reference_id": False})
        invoice = self.posted()
        self.drain()
        problem = self.row(invoice).problem_ids

        self.assertEqual(problem.fix, "choose")
        self.assertFalse(invoice.with_user(self.clerk).qbo_button)
        self.assertEqual(invoice.with_user(self.bookkeeper).qbo_button, "retry")

        problem.sudo().kind = "data"
        self.env.invalidate_all()
        self.assertEqual(invoice.with_user(self.clerk).qbo_button, "retry")

    def test_draft_of_what_quickbooks_has_says_what_becomes_of_it(self):
        invoice = self.posted()
        self.drain()
        invoice.button_draft()
        alert = invoice.with_user(self.clerk).qbo_alert()
        self.assertEqual(alert["level"], "info")
        self.assertIn("QuickBooks keeps this document as it is", alert["message"])
        self.assertIn("voided there", alert["message"])

        self.connection.sudo().cancel_policy = "delete"
        alert = invoice.with_user(self.clerk).qbo_alert()
        self.assertIn("deleted there", alert["message"])
        invoice.button_cancel()
        self.drain()
        invoice.button_draft()
        self.assertEqual(invoice.qbo_status, "withdrawn")
        self.assertFalse(invoice.with_user(self.clerk).qbo_alert())

    def test_draft_of_what_quickbooks_has_says_what_will_stop_its_change(self):
        invoice = self.posted()
        self.drain()
        invoice.button_draft()
        self.env["qbo.mapping"].sudo().search(
            [("connection_id", "=", self.connection.id)]
        ).write({"reference_id": False})

        alert = invoice.with_user(self.clerk).qbo_alert()

        self.assertEqual(alert["level"], "warning")
        self.assertTrue(alert["message"].startswith("Cannot be exported yet: "))
        self.assertIn("QuickBooks keeps this document as it is", alert["message"])

    def test_difference_tells_a_clerk_whose_turn_it_is(self):
        invoice = self.posted()
        self.drain()
        invoice.qbo_binding_id.sudo().total_difference = 0.01
        self.env.invalidate_all()

        said = invoice.with_user(self.clerk).qbo_alert()["message"]
        self.assertIn("It is the bookkeeper's turn: to accept", said)
        alert = self.by_bookkeeper(invoice).qbo_alert()
        self.assertNotIn("turn", alert["message"])
        self.assertEqual(alert["action_text"], "Review")

    def test_amounts_of_a_cancelled_document_have_their_currency(self):
        invoice = self.posted()
        self.drain()
        invoice.button_draft()
        invoice.button_cancel()
        self.drain()
        self.assertEqual(invoice.qbo_status, "withdrawn")
        self.assertEqual(invoice.qbo_currency_id, invoice.currency_id)
        self.assertFalse(self.draft().qbo_currency_id)

    def test_what_waits_says_for_what(self):
        invoice = self.posted()
        self.connection.sudo()._set_state("lost", "Intuit refuses the authorization.")

        words = self.row(invoice).with_user(self.clerk).problem_text

        self.assertEqual(
            words,
            "The QuickBooks account is not connected. Intuit refuses the "
            "authorization. This document waits.",
        )
        self.assertIn("not connected", invoice.with_user(self.clerk).qbo_status_text)
        self.connection.sudo()._set_state("connected", paused=True)
        self.env.invalidate_all()
        self.assertIn("is paused", self.row(invoice).problem_text)
        self.connection.sudo().paused = False
        drain = self.env["qbo.drain"].sudo()._of(self.connection.sudo())
        drain.resume_at = fields.Datetime.now() + timedelta(minutes=5)
        self.env.invalidate_all()
        self.assertIn("The next try is at", self.row(invoice).problem_text)

    def test_what_waits_for_an_action_that_is_switched_off_says_so(self):
        """As in a neutralised copy: it would wait for ever, without a word."""
        invoice = self.posted()
        for lane in range(4):
            self.env.ref(f"service_billing_qbo.cron_drain_{lane}").active = False
        self.env.invalidate_all()

        words = invoice.with_user(self.clerk).qbo_status_text
        alerts = self.connection.with_user(self.administrator).alerts

        self.assertIn("are switched off", words)
        self.assertIn("are switched off", alerts["lanes_off"]["message"])

    def test_long_queue_says_how_far_it_has_come(self):
        """The first export takes minutes: the card on the Overview tells."""
        self.drain()
        invoices = self.posted(count=40)
        self.connection.invalidate_recordset()
        self.assertEqual(self.connection.progress_text, "0 of 40 exported")
        first = self.row(invoices[0])
        self.env["qbo.export"].sudo()._run_row(first)
        self.env.invalidate_all()

        self.assertEqual(self.connection.progress_text, "1 of 40 exported")
        self.assertEqual(self.connection.progress_percent, 2)
        self.drain()
        self.assertFalse(self.connection.progress_text)

    def test_choice_says_how_many_exports_it_released(self):
        self.unmap()
        self.posted(count=3)
        self.drain()
        mapping = self.env["qbo.mapping"].with_user(self.bookkeeper)
        row = mapping.search([("billing_type", "=", "service")])
        item = self.env["qbo.reference"].search([("entity", "=", "item")], limit=1)

        row.reference_id = item
        self.env.cr.precommit.run()

        sent = self.env["bus.bus"].sudo().search([])
        self.assertIn("3 exports released.", "".join(sent.mapped("message")))

    def test_address_is_said_to_be_sent_only_when_it_was(self):
        without = self.customer
        with_address = self.make_customer(
            "Pier", street="1 Pier Rd", city="Half Moon Bay", zip="94019"
        )

        self.drain()

        self.assertTrue(without.qbo_id)
        self.assertFalse(without.qbo_address_note)
        self.assertIn("From now on change it in both", with_address.qbo_address_note)

    def test_choice_that_nothing_needs_is_not_called_missing(self):
        self.unmap()
        self.posted(count=2)
        self.env["qbo.mapping"]._refresh_needed(self.connection.sudo())

        rows = self.env["qbo.mapping"].search([("level", "=", "billing_type")])

        self.assertEqual(
            {row.billing_type: row.mark for row in rows},
            {
                "service": "missing",
                "goods": "not_needed",
                "expense": "not_needed",
                "recurring": "not_needed",
                "rounding": "not_needed",
            },
        )

    def test_term_of_other_days_is_not_proposed(self):
        """ "60 Days" reads like "30 Days", and is another term."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Net 31",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 100, "nb_days": 31})
                ],
            }
        )
        self.env["qbo.mapping"]._refresh_needed(self.connection.sudo())
        row = self.env["qbo.mapping"].search(
            [("res_model", "=", term._name), ("res_id", "=", term.id)]
        )
        row._propose()
        self.assertFalse(row.proposal_id)
        term.line_ids.delay_type = "days_after_end_of_month"
        row._propose()
        self.assertFalse(row.proposal_id, "by the name alone")

    def test_customers_own_item_is_chosen_on_the_customer(self):
        """Tab Accounting Overrides writes the one list of choices."""
        self.connection.sudo().allow_overrides = True
        item = self.env["qbo.reference"].search(
            [("entity", "=", "item"), ("active", "=", True)], limit=2
        )[1]
        self.bookkeeper.group_ids += self.env.ref("base.group_partner_manager")

        with Form(self.customer.with_user(self.bookkeeper)) as customer:
            with customer.qbo_override_ids.new() as override:
                override.billing_type = "service"
                override.reference_id = item

        row = self.env["qbo.mapping"]._resolve(
            self.connection, "item", self.customer, "service"
        )
        self.assertEqual(row.reference_id, item)
        self.assertEqual(row.level, "customer")

    # ---- the customer's group -----------------------------------------------------

    def theirs(self, name, **values):
        """A customer in the list that was read from QuickBooks."""
        return (
            self.env["qbo.reference"]
            .sudo()
            .create(
                {
                    "connection_id": self.connection.id,
                    "realm_id": self.connection.realm_id,
                    "entity": "customer",
                    "qbo_id": f"9{next(SERIAL)}",
                    "name": name,
                    "full_name": name,
                    "checked_at": fields.Datetime.now(),
                    **values,
                }
            )
        )

    def customer_form(self, user, customer=None):
        user.group_ids += self.env.ref("base.group_partner_manager")
        return Form((customer or self.customer).with_user(user))

    def test_customer_shows_the_mark_of_the_one_it_is_linked_to(self):
        theirs = self.theirs("Harbor Dental")
        self.customer._qbo_link_customer(self.connection, theirs)
        self.drain()
        form = self.customer_form(self.clerk)
        self.assertEqual(
            (form.qbo_status, form.qbo_mark), ("exported", "in_quickbooks")
        )
        for values, mark in (
            ({"checked_at": "2020-02-03 12:00:00"}, "not_checked_lately"),
            ({"active": False}, "inactive"),
            ({"deleted": True}, "deleted"),
        ):
            theirs.write(values)
            self.env.invalidate_all()
            form = self.customer_form(self.clerk)
            with self.subTest(mark=mark):
                self.assertEqual(form.qbo_mark, mark)
                is_old = mark == "not_checked_lately"
                said = "Not checked since Feb 3, 2020" if is_old else False
                shown = self.customer.with_user(self.clerk)
                self.assertEqual(shown.qbo_mark_text, said)

    def test_new_contact_is_linked_or_created_before_its_first_invoice(self):
        contacts = self.env["res.partner"].create(
            [{"name": f"New contact {next(SERIAL)}"} for _ in range(2)]
        )
        child = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": contacts[0].id}
        )
        by_bookkeeper = (contacts + child).with_user(self.bookkeeper)
        self.assertEqual(by_bookkeeper.mapped("qbo_can_link"), [True, True, False])
        by_clerk = contacts.with_user(self.clerk)
        self.assertEqual(by_clerk.mapped("qbo_can_link"), [False, False])
        linked, created = contacts

        linked._qbo_link_customer(self.connection, self.theirs("Known already"))
        self.by_bookkeeper(created).action_qbo_export_now()
        self.drain()

        self.assertEqual(linked.qbo_status, "exported")
        self.assertEqual(created.qbo_status, "exported")
        self.assertIn(
            created.name, [one["DisplayName"] for one in self.in_quickbooks("Customer")]
        )

    def test_clerk_reads_the_sales_tax_override_and_changes_it_not(self):
        form = self.customer_form(self.clerk)
        for field in ("qbo_sales_tax_id", "qbo_exemption_reason"):
            with self.subTest(field=field):
                with self.assertRaisesRegex(AssertionError, "readonly"):
                    setattr(form, field, getattr(form, field))
        with self.customer_form(self.bookkeeper) as form:
            form.qbo_sales_tax_id = self.env["account.tax"]

    def test_link_dialog_offers_the_name_itself_where_it_is_free(self):
        self.theirs("Harbor Vendor", entity="vendor")
        taken = self.make_customer("To be renamed")
        taken.name = "Harbor Vendor"
        for customer, offered in (
            (self.customer, self.customer.name),
            (taken, "Harbor Vendor (Customer)"),
        ):
            action = customer.with_user(self.bookkeeper).action_qbo_link()
            dialogs = self.by_bookkeeper(self.env[action["res_model"]])
            dialog = dialogs.with_context(**action["context"]).create({})
            with self.subTest(name=customer.name):
                self.assertEqual(dialog.new_name, offered)

    def test_link_dialog_tells_namesakes_apart(self):
        theirs = self.theirs(
            "Harbor", details_text='{"email": "a@example.com", "currency": "EUR"}'
        )
        dialogs = self.by_bookkeeper(self.env["qbo.link.customer"])
        dialog = dialogs.create(
            {
                "partner_id": self.customer.id,
                "connection_id": self.connection.id,
                "reference_id": theirs.id,
            }
        )
        self.assertEqual(dialog.reference_details, "a@example.com, EUR")
