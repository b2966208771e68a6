from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .changes_common import ChangesCase
from .common import CLERK


@tagged("post_install", "-at_install")
class TestChangesThere(ChangesCase):
    """What people do in QuickBooks is seen in Odoo, and they decide what it means."""

    def test_payment_there_moves_the_open_balance(self):
        move = self.exported(100.0)
        self.assertEqual(move.qbo_balance, 100)

        self.pay(move, "30.00")
        self.follow()

        self.assertEqual(move.qbo_balance, 70)
        self.assertEqual(move.qbo_status, "exported")
        self.assertFalse(self.problem_of(move))
        self.assertEqual(move.payment_state, "not_paid", "no payment is made in Odoo")

    def test_after_a_payment_there_it_can_still_be_changed_from_odoo(self):
        """A payment raises the SyncToken; ours has to follow, or nothing goes."""
        move = self.exported(100.0)
        self.pay(move, "30.00")
        self.follow()

        move.button_draft()
        move.invoice_line_ids.price_unit = 120.0
        move.action_post()
        self.drain()

        self.assert_in_quickbooks(move)
        self.assertEqual(self.row(move).stale_count, 0)

    def test_changed_total_asks_a_person(self):
        move = self.exported(100.0)
        document = self.there(move)
        line = {**document["Line"][0], "Amount": Decimal(120)}
        line["SalesItemLineDetail"].pop("UnitPrice", None)

        self.change(move, Line=[line])
        self.follow()

        self.assertEqual(move.qbo_status, "changed")
        self.assertEqual(move.qbo_total, 120)
        problem = self.problem_of(move)
        self.assertEqual(len(problem), 1)
        self.assertIn(move.name, problem.message)
        self.assertIn("Total $\xa0100.00 > $\xa0120.00", problem.message)
        self.assertEqual(self.notes_of(move).count("was changed in QuickBooks"), 1)
        alert = self.by_bookkeeper(move).qbo_alert()
        self.assertEqual(alert["action"]["res_id"], problem.id)

        self.follow()
        self.assertEqual(self.notes_of(move).count("was changed in QuickBooks"), 1)

    def test_changed_number_is_a_change_too(self):
        move = self.exported()
        self.change(move, DocNumber=f"X{move.id}")
        self.follow()

        self.assertEqual(move.qbo_status, "changed")
        self.assertEqual(move.qbo_doc_number, f"X{move.id}")

        self.change(move, DocNumber=move.name)
        self.follow()
        self.assertEqual(move.qbo_status, "exported", "it was undone there")
        self.assertFalse(self.problem_of(move))

    def test_changed_date_and_customer_are_changes_too(self):
        """Kept, they stand; exported again, Odoo's are back."""
        moves = kept, again = self.exported(), self.exported()
        other = next(
            customer
            for customer in self.in_quickbooks("Customer")
            if customer["DisplayName"] == "Cool Cars"
        )
        for move in moves:
            self.change(move, TxnDate="2026-01-31", CustomerRef={"value": other["Id"]})
        self.follow()

        for move in moves:
            self.assertEqual(move.qbo_status, "changed")
            message = self.problem_of(move).message
            self.assertIn("> Jan 31, 2026", message)
            self.assertIn(f"Customer {self.customer.name} > Cool Cars", message)

        self.by_bookkeeper(self.problem_of(kept)).action_change_keep()
        self.by_bookkeeper(self.problem_of(again)).action_change_export()
        self.drain()
        self.follow()
        self.assertEqual(moves[0].qbo_status, "exported")
        self.assertEqual(self.there(kept)["TxnDate"], "2026-01-31")
        self.assertEqual(again.qbo_status, "exported", again.qbo_status_text)
        today = again.invoice_date.isoformat()
        self.assertEqual(self.there(again)["TxnDate"], today)
        self.assertFalse(self.open_problems())

    def test_what_nobody_would_call_a_change(self):
        move = self.exported()
        self.change(move, CustomerMemo={"value": "Thank you"})
        self.follow()

        self.assertEqual(move.qbo_status, "exported")
        self.assertFalse(self.problem_of(move))

    def test_own_exports_are_no_changes(self):
        moves = self.posted(count=3)
        self.drain()
        self.follow()

        self.assertEqual(set(moves.mapped("qbo_status")), {"exported"})
        self.assertFalse(self.open_problems())
        self.assertEqual(len(self.reads()), 1, "one read an hour, whatever happened")

    def test_export_again_makes_anew_what_was_voided(self):
        """QuickBooks cannot take a void back, and keeps the number of the voided one:
        where its user wants no number twice, the next problem says so."""
        realm_id = self.connection.realm_id
        self.emulator.switch(realm_id, duplicate_number_warning=False)
        self.addCleanup(self.emulator.switch, realm_id, duplicate_number_warning=True)
        move = self.exported(100.0)
        first = move.qbo_id
        self.void(move)
        self.follow()
        self.assertEqual(move.qbo_status, "voided")
        self.assertEqual(move.qbo_balance, 0)
        self.assertIn("was voided in QuickBooks", self.problem_of(move).message)
        self.assertEqual(self.problem_of(move).value, 100.0)
        self.assertFalse(self.problem_of(move).retry_helps)

        self.by_bookkeeper(self.problem_of(move)).action_change_export()
        self.drain()

        self.assertEqual(move.qbo_status, "exported", move.qbo_status_text)
        self.assertNotEqual(move.qbo_id, first)
        self.assertFalse(self.problem_of(move))

    def test_export_again_makes_anew_what_was_deleted(self):
        move = self.exported(100.0)
        first = move.qbo_id
        self.delete(move)
        self.follow()
        self.assertEqual(move.qbo_status, "deleted")

        self.by_bookkeeper(self.problem_of(move)).action_change_export()
        self.drain()

        self.assert_in_quickbooks(move)
        self.assertNotEqual(move.qbo_id, first)

    def test_reposting_in_odoo_settles_it_too(self):
        move = self.exported(100.0)
        self.change(move, DocNumber=f"X{move.id}")
        self.follow()

        move.button_draft()
        move.action_post()
        self.drain()

        self.assert_in_quickbooks(move)
        self.assertFalse(self.problem_of(move))

    def test_keep_lets_the_change_stand(self):
        move = self.exported(100.0)
        self.change(move, DocNumber=f"X{move.id}")
        self.follow()
        self.by_bookkeeper(self.problem_of(move)).action_change_keep()
        self.env.invalidate_all()

        self.assertEqual(move.qbo_status, "exported")
        self.assertFalse(self.problem_of(move))
        self.assertIn("keeps it as it is in QuickBooks", self.notes_of(move))

        self.follow()
        self.assertEqual(move.qbo_status, "exported", "it is not asked again")

    def test_retry_all_does_not_throw_the_question_away(self):
        move = self.exported(100.0)
        self.change(move, DocNumber=f"X{move.id}")
        self.follow()
        problem = self.problem_of(move)

        with self.assertRaisesRegex(UserError, "does not decide this"):
            self.by_bookkeeper(problem).action_retry_all()

        self.assertEqual(self.problem_of(move), problem)

    def test_keep_of_a_deleted_one_is_not_asked_again(self):
        move = self.exported()
        self.delete(move)
        self.follow()
        self.by_bookkeeper(self.problem_of(move)).action_change_keep()
        self.follow()

        self.assertEqual(move.qbo_status, "deleted")
        self.assertFalse(self.problem_of(move))

    def test_unlink_ends_the_tie(self):
        move = self.exported()
        self.void(move)
        self.follow()
        self.by_bookkeeper(self.problem_of(move)).action_change_unlink()
        self.env.invalidate_all()

        self.assertEqual(move.qbo_status, "not_exported")
        self.assertFalse(self.problem_of(move))
        self.assertIn("no longer linked", self.notes_of(move))
        self.assertIn("no longer linked", move.qbo_status_text)
        move.button_draft()
        move.action_post()
        self.drain()
        self.assertEqual(move.qbo_status, "not_exported")

    def test_unlink_waits_until_quickbooks_has_answered(self):
        """The answer to what is being sent would tie the two again."""
        move = self.exported()
        self.void(move)
        self.follow()
        self.env["qbo.export"]._enqueue(move)
        self.row(move).sudo().state = "sending"

        with self.assertRaises(UserError) as raised:
            self.by_bookkeeper(self.problem_of(move)).action_change_unlink()
        self.assertIn("being sent just now", str(raised.exception))
        self.env.invalidate_all()
        self.assertTrue(move.qbo_binding_id)

    def test_clerk_does_not_decide(self):
        move = self.exported()
        self.delete(move)
        self.follow()
        clerk = self.make_user("change clerk", CLERK)
        for button in ("export", "keep", "unlink"):
            with self.assertRaises(AccessError):
                press = getattr(
                    self.problem_of(move).with_user(clerk), f"action_change_{button}"
                )
                press()

    def test_credit_memo_deleted_there(self):
        move = self.exported(50.0, refund=True)
        self.delete(move, "CreditMemo")
        self.follow()

        self.assertEqual(move.qbo_status, "deleted")

    def test_credit_taken_off_there_is_applied_again(self):
        invoice, credit_note = self.posted(100.0), self.posted(100.0, refund=True)
        receivable = (invoice + credit_note).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        receivable.reconcile()
        self.drain()
        self.follow()
        self.assertEqual(invoice.qbo_balance, 0)
        partial = credit_note.line_ids.matched_debit_ids
        self.delete(partial, "Payment")
        self.follow()

        self.assertEqual(invoice.qbo_balance, 100)
        problem = self.problem_of(credit_note)
        self.assertIn("was deleted in QuickBooks", problem.message)
        self.by_bookkeeper(problem).action_change_export()
        self.drain()
        self.follow()

        self.assertEqual(invoice.qbo_balance, 0)
        self.assertFalse(self.problem_of(credit_note))

    def test_lists_follow(self):
        """What is renamed, made inactive or added there is so in Odoo."""
        item = self.client.create(
            "Item",
            {
                "Name": f"Brush {self.id()[-20:]}",
                "Type": "Service",
                "IncomeAccountRef": {"value": self.income_account()},
            },
            self.request_id(),
        )
        self.follow()
        reference = self.env["qbo.reference"]._find(self.connection, "item", item["Id"])
        self.assertTrue(reference._is_usable())

        self.client.update(
            "Item", {**item, "Active": False, "sparse": True}, self.request_id()
        )
        self.follow()
        self.assertFalse(reference._is_usable())
        self.assertIn("(inactive)", reference.display_name)

    def income_account(self):
        accounts = self.env["qbo.reference"].search(
            [("connection_id", "=", self.connection.id), ("entity", "=", "account")]
        )
        return next(
            one.qbo_id for one in accounts if one._details()["type"] == "Income"
        )

    def test_balance_that_cannot_be_read_is_a_message_of_the_button(self):
        customer = self.exported(100.0).commercial_partner_id
        self.emulator.arm("unavailable", path="/customer/")

        with self.fails_with(UserError) as refused:
            self.by_bookkeeper(customer).action_qbo_refresh_balance()

        self.assertIn("QuickBooks is not available just now.", str(refused.exception))

    def test_refresh_balance_is_one_metered_read(self):
        move = self.exported(100.0)
        customer = move.commercial_partner_id
        self.since = self.last_call_number()
        self.by_bookkeeper(customer).action_qbo_refresh_balance()
        self.env.invalidate_all()
        stranger = self.by_bookkeeper(self.make_customer("Stranger"))
        with self.assertRaises(UserError):
            stranger.action_qbo_refresh_balance()

        self.assertEqual(customer.qbo_balance, 100)
        self.assertEqual(customer.qbo_balance_currency_id.name, "USD")
        self.assertTrue(customer.qbo_balance_at)
        self.assertEqual(len(self.reads("/customer/")), 1)
