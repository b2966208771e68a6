"""Documents over their life, and what a company may choose for them, over HTTP."""

from contextlib import contextmanager
from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from .books_common import BooksCase
from .engine_common import EngineCase


class LifeCase(EngineCase):
    def found(self, move):
        (document,) = self.documents_of(move)
        return document

    def taxed(self, amount=100.0, **values):
        """A posted invoice with the default sales tax."""
        move = self.draft(amount, **values)
        move.invoice_line_ids.tax_ids = self.sales_tax
        move.action_post()
        return move

    def change(self, move, **values):
        move.button_draft()
        move.write(values)
        move.action_post()

    @contextmanager
    def books_closed(self, until, told=True):
        """For a while the books of QuickBooks are closed.

        :param told: Odoo knows it at once, and that they are open again
        """
        prefs = self.in_quickbooks("Preferences")[0]["AccountingInfoPrefs"]
        closed = {**prefs, "BookCloseDate": until}
        self.set_in_quickbooks(told=told, AccountingInfoPrefs=closed)
        try:
            yield
        finally:
            self.set_in_quickbooks(told=told, AccountingInfoPrefs=prefs)

    def set_in_quickbooks(self, told=True, **preferences):
        self.connection._with_client(
            lambda client: client.update(
                "Preferences",
                {**client.preferences(), "sparse": True, **preferences},
                f"preferences-{self.last_call_number()}",
            )
        )
        if told:
            self.connection._read_facts()
            self.env.invalidate_all()

    @classmethod
    def reference_named(cls, entity, name):
        return cls.env["qbo.reference"].search(
            [
                ("connection_id", "=", cls.connection.id),
                ("entity", "=", entity),
                ("name", "=", name),
            ]
        )


@tagged("post_install", "-at_install")
class TestDocumentsLife(LifeCase):
    def test_term_that_goes_is_emptied_in_quickbooks(self):
        """Else the old "Net 60" would stay beside another due date."""
        term = self.env["account.payment.term"].create(
            {"name": "60 Days", "line_ids": [Command.create({"nb_days": 60})]}
        )
        self.env["qbo.mapping"].sudo()._choose(
            self.connection,
            "term",
            term,
            {"reference_id": self.reference_named("term", "Net 60").id},
        )
        move = self.posted(invoice_payment_term_id=term.id)
        self.drain()
        self.assertEqual(self.found(move)["SalesTermRef"]["name"], "Net 60")
        self.change(move, invoice_payment_term_id=False, invoice_date_due="2026-12-31")
        self.drain()
        self.assertNotIn("SalesTermRef", self.found(move))
        self.assertEqual(self.found(move)["DueDate"], "2026-12-31")
        self.assert_in_quickbooks(move)

    def test_what_people_added_in_quickbooks_stays_when_nothing_goes(self):
        move = self.posted()
        self.drain()
        document = self.found(move)
        self.connection._with_client(
            lambda client: client.update(
                "Invoice",
                {
                    "Id": document["Id"],
                    "SyncToken": document["SyncToken"],
                    "sparse": True,
                    "TrackingNum": "1Z 999",
                },
                "tracking-number",
            )
        )
        self.change(move, ref="PO 12")
        self.drain()
        self.assertEqual(self.found(move)["TrackingNum"], "1Z 999")

    def test_cents_of_quickbooks_are_shown_or_made_equal_by_a_line(self):
        self.emulator.switch(self.connection.realm_id, tax_delta="0.02")
        self.addCleanup(self.emulator.switch, self.connection.realm_id, tax_delta="0")
        differing = self.taxed()
        self.drain()
        self.assertEqual(differing.qbo_status, "differs")
        self.assertEqual(differing.qbo_binding_id.total_difference, 0.02)
        self.connection.rounding_line = True
        self.env["qbo.mapping"].sudo()._choose(
            self.connection,
            "item",
            self.env["qbo.mapping"],
            {"reference_id": self.reference_named("item", "Services").id},
            "rounding",
        )
        move = self.taxed()
        self.drain()
        self.assert_in_quickbooks(move)
        lines = [line for line in self.found(move)["Line"] if "Description" in line]
        self.assertEqual(
            [(line["Description"], Decimal(str(line["Amount"]))) for line in lines],
            [("Maintenance", Decimal(100)), ("Rounding", Decimal("-0.02"))],
        )
        self.emulator.switch(self.connection.realm_id, tax_delta="0")
        self.change(move, ref="PO 13")
        self.drain()
        self.assert_in_quickbooks(move)
        texts = [line.get("Description") for line in self.found(move)["Line"]]
        self.assertNotIn("Rounding", texts)

    def test_difference_beyond_cents_gets_no_rounding_line(self):
        self.emulator.switch(self.connection.realm_id, tax_delta="0.50")
        self.addCleanup(self.emulator.switch, self.connection.realm_id, tax_delta="0")
        self.connection.rounding_line = True
        move = self.taxed()
        self.drain()
        self.assertEqual(move.qbo_status, "differs")
        self.assertEqual(self.found(move)["SyncToken"], "0")

    def test_invoice_of_closed_books_goes_on_the_first_open_day_with_a_note(self):
        self.connection.export_from = "2026-01-01"
        self.env.flush_all()
        move = self.posted(invoice_date="2026-11-20")
        with self.books_closed("2026-11-21"):
            self.drain()
            self.assertEqual(self.row(move).problem_ids.kind, "closed")
            self.connection.closed_books_policy = "first_open_day"
            self.env.flush_all()
            self.by_bookkeeper(self.row(move).problem_ids).action_retry_all()
            self.drain()
        self.assertEqual(self.found(move)["TxnDate"], "2026-11-22")
        self.assertIn("in Odoo is 2026-11-20", self.found(move)["PrivateNote"])

    def sent_to_the_first_open_day(self):
        """An invoice of a day that was closed: it is of the next one there."""
        self.connection.write(
            {"export_from": "2026-01-01", "closed_books_policy": "first_open_day"}
        )
        self.env.flush_all()
        move = self.posted(invoice_date="2026-11-15")
        with self.books_closed("2026-11-17"):
            self.drain()
        self.assertEqual(self.found(move)["TxnDate"], "2026-11-18")
        return move

    def test_document_of_an_open_day_is_voided_whatever_its_date_in_odoo(self):
        move = self.sent_to_the_first_open_day()
        self.connection.closed_books_policy = "wait"
        self.env.flush_all()
        with self.books_closed("2026-11-17"):
            move.button_cancel()
            self.drain()
            self.assertFalse(self.open_problems())
        self.assertEqual(self.found(move)["TotalAmt"], 0)

    def test_document_keeps_the_day_that_it_has_in_quickbooks(self):
        move = self.sent_to_the_first_open_day()
        with self.books_closed("2026-11-16"):
            self.change(move, ref="PO 14")
            self.drain()
        self.assertEqual(self.found(move)["TxnDate"], "2026-11-18")
        self.assertEqual(self.found(move)["SyncToken"], "1")

    def test_document_whose_day_in_odoo_moves_into_closed_books_follows(self):
        self.connection.write(
            {"export_from": "2026-01-01", "closed_books_policy": "first_open_day"}
        )
        move = self.posted(invoice_date="2026-11-20")
        self.drain()
        with self.books_closed("2026-11-17"):
            self.change(move, invoice_date="2026-11-15")
            self.drain()
        self.assertEqual(self.found(move)["TxnDate"], "2026-11-18")

    def test_document_in_books_closed_since_is_not_moved_out_of_them(self):
        """QuickBooks refuses to change it; it is said before it is asked."""
        move = self.sent_to_the_first_open_day()
        with self.books_closed("2026-11-19"):
            before = self.last_call_number()
            self.change(move, ref="PO 15")
            self.drain()
            problem = self.row(move).problem_ids
            self.assertEqual(problem.kind, "closed")
            self.assertIn("Nov 19, 2026", problem.message)
            self.assertEqual(self.calls("/invoice$", before), [])
        self.by_bookkeeper(problem).action_retry_all()
        self.drain()
        self.assertEqual(self.found(move)["TxnDate"], "2026-11-18")
        self.assertEqual(self.found(move)["SyncToken"], "1")

    def test_closed_books_are_one_problem_however_they_were_found(self):
        """By QuickBooks' refusal or in advance; reopened there, Retry all is enough."""
        self.connection.export_from = "2026-01-01"
        self.env.flush_all()
        refused = self.posted(invoice_date="2026-11-20")
        with self.books_closed("2026-11-21", told=False):
            self.drain()
            problem = self.row(refused).problem_ids
            self.assertEqual(problem.kind, "closed")
            self.assertEqual(
                problem.message,
                "The books are closed up to and including Nov 21, 2026.",
            )
            self.assertEqual(
                problem.todo,
                "Reopen the books in QuickBooks (Account and settings > Advanced), then"
                " Retry all; or have an administrator choose First open day in the"
                " Configuration.",
            )
            foreseen = self.posted(invoice_date="2026-11-20")
            self.drain()
        problem = self.open_problems()
        self.assertEqual(problem.export_count, 2)
        self.by_bookkeeper(problem).action_retry_all()
        self.drain()
        self.assert_in_quickbooks(refused + foreseen)
        self.assertFalse(self.open_problems())

    def test_item_reactivated_in_quickbooks_goes_by_retry_all(self):
        """What Odoo had read of it is read again before it is judged by it."""
        rows = self.env["qbo.mapping"].search([("level", "=", "billing_type")])
        item = rows.reference_id[:1]
        self.set_item_active(item, False)
        self.connection._retrieve_lists(["item"])
        move = self.posted()
        self.drain()
        problem = self.row(move).problem_ids
        self.assertEqual(problem.kind, "inactive")
        place = self.by_bookkeeper(problem).action_fix()
        self.assertEqual(place["context"]["search_default_unusable"], 1)
        self.set_item_active(item, True)
        self.by_bookkeeper(problem).action_retry_all()
        self.drain()
        self.assert_in_quickbooks(move)

    def set_item_active(self, item, active):
        """Somebody makes an item inactive, or active, in QuickBooks."""

        def change(client):
            [row] = client.query_all(
                "Item", f"Id = '{item.qbo_id}' AND Active IN (true, false)"
            )
            vals = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
            client.update(
                "Item",
                {**vals, "Active": active},
                f"item-{self.last_call_number()}",
            )

        self.connection._with_client(change)

    def test_cancelled_invoice_is_deleted_where_the_company_chose_so(self):
        kept, gone = self.posted(count=2)
        self.drain()
        kept.button_draft()
        kept.button_cancel()
        self.drain()
        self.connection.cancel_policy = "delete"
        gone.button_draft()
        gone.button_cancel()
        self.drain()
        self.assertEqual(self.found(kept)["TotalAmt"], 0)
        self.assertEqual(self.documents_of(gone), [])

    def test_number_of_somebody_elses_invoice_is_a_problem_not_an_adoption(self):
        customer = self.in_quickbooks("Customer")[0]
        line = {
            "DetailType": "SalesItemLineDetail",
            "Amount": 7,
            "SalesItemLineDetail": {"ItemRef": {"value": "1"}},
        }
        move = self.draft()
        self.connection._with_client(
            lambda client: client.create(
                "Invoice",
                {
                    "DocNumber": move.name,
                    "CustomerRef": {"value": customer["Id"]},
                    "Line": [line],
                },
                "somebody-elses",
            )
        )
        move.action_post()
        self.drain()
        self.assertEqual(self.row(move).problem_ids.kind, "number")
        self.assertIn(move.name, self.row(move).problem_ids.message)
        self.assertEqual(self.documents_of(move), [])

    # ---- default sales tax --------------------------------------------------

    def test_default_sales_tax_that_differs_is_told_once_until_it_is_equal(self):
        self.posted()
        self.drain()
        self.assertFalse(self.connection.sales_tax_told)
        self.sales_tax.amount = 8
        before = len(self.connection.message_ids)
        for _pass in range(2):
            self.posted()
            self.drain()
        told = self.connection.message_ids[: len(self.connection.message_ids) - before]
        self.assertEqual(len(told), 1)
        self.assertIn("is 8 % in Odoo, 8.25 % in QuickBooks", told.body)
        self.assertEqual(len(self.connection.activity_ids), 1)
        self.assertIn("sales_tax", self.connection._get_alerts())
        self.sales_tax.amount = 8.25
        self.posted()
        self.drain()
        self.assertFalse(self.connection.activity_ids)
        self.assertNotIn("sales_tax", self.connection._get_alerts())


@tagged("post_install", "-at_install")
class TestItemsOutsideTheUnitedStates(BooksCase):
    kind = "ca"

    def test_item_needs_an_expense_account_there(self):
        income = self.reference("account", "1", "Services", type="Income")
        template = self.env["product.template"].create({"name": "Dock rental"})
        row = self.env["qbo.mapping"].create(
            {
                "connection_id": self.connection.id,
                "kind": "item",
                "res_model": template._name,
                "res_id": template.id,
                "income_account_id": income.id,
            }
        )
        self.assertIn("needs an expense account", self.causes(template)["data"].message)
        row.expense_account_id = self.reference(
            "account", "12", "Office", type="Expense"
        )
        payload = self.prepare(template).payload
        self.assertEqual(payload["ExpenseAccountRef"], {"value": "12"})

    def test_more_lines_than_quickbooks_takes_are_refused(self):
        move = self.invoice(post=False)
        prep = move._qbo_preparation(self.connection, self.env["qbo.binding"])
        move._qbo_check_lines(prep, [{"Amount": Decimal(1)}] * 751)
        self.assertIn("751 lines, QuickBooks takes 750", prep.causes[0].message)
