from decimal import Decimal

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import qbo_change_follow
from ..quickbooks.webhooks import Event
from .common import CLERK
from .engine_common import EngineCase


class ChangesCase(EngineCase):
    """Words of these tests: what people do in QuickBooks, and Odoo following."""

    def setUp(self):
        super().setUp()
        self.client = self.connection._client()
        # Its own exports of this moment are none of the changes that follow.
        self.follow()
        self.since = self.last_call_number()

    def exported(self, amount=100.0, **values):
        """An invoice that is in QuickBooks."""
        move = self.posted(amount, **values)
        self.drain()
        self.assertEqual(move.qbo_status, "exported", move.qbo_status_text)
        return move

    def there(self, move, entity="Invoice") -> dict:
        return self.client.read(entity, move.qbo_id)

    def change(self, move, **members):
        """Somebody edits the document in QuickBooks."""
        document = self.there(move)
        document.update(members)
        return self.client.update("Invoice", document, self.request_id())

    def pay(self, move, amount):
        """Somebody records a payment in QuickBooks."""
        document = self.there(move)
        link = {"TxnId": document["Id"], "TxnType": "Invoice"}
        return self.client.create(
            "Payment",
            {
                "CustomerRef": document["CustomerRef"],
                "TotalAmt": Decimal(amount),
                "Line": [{"Amount": Decimal(amount), "LinkedTxn": [link]}],
            },
            self.request_id(),
        )

    def void(self, move):
        document = self.there(move)
        return self.client.void(
            "Invoice", document["Id"], document["SyncToken"], self.request_id()
        )

    def delete(self, move, entity="Invoice"):
        document = self.there(move, entity)
        return self.client.delete(
            entity, document["Id"], document["SyncToken"], self.request_id()
        )

    def request_id(self):
        self.request_number = getattr(self, "request_number", 0) + 1
        return f"{self.id()[-30:]}-{self.request_number}"[-50:]

    def follow(self, hours=2):
        """The scheduled action, when its hour has come."""
        self.env["qbo.change.state"]._put(
            self.connection,
            known_until=fields.Datetime.subtract(fields.Datetime.now(), hours=hours),
        )
        self.run_action()

    def run_action(self):
        self.env.flush_all()
        self.env.ref("service_billing_qbo.ir_cron_changes").method_direct_trigger()
        self.env.invalidate_all()

    def tell(self, move, operation="updated", entity="invoice", seconds=60, **values):
        """A notification comes, of a change some time after our own export."""
        at = fields.Datetime.add(fields.Datetime.now(), seconds=seconds)
        event = {
            "realm_id": self.connection.realm_id,
            "entity": entity,
            "qbo_id": move.qbo_id,
            "operation": operation,
            "at": at,
            **values,
        }
        self.env["qbo.change"].sudo()._receive([Event(**event)], ["sandbox"])

    def reads(self, path="query|cdc|/invoice/"):
        return [
            call
            for call in self.calls(path, self.since)
            if call["metered"] and not call["fault"]
        ]

    def problem_of(self, move):
        return self.open_problems().filtered(
            lambda problem: problem.res_id == move.id and problem.kind == "changed"
        )

    def notes_of(self, move):
        return " ".join(move.message_ids.mapped(lambda one: str(one.body)))


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
        alert = self.by_bookkeeper(move)._get_alerts()["service_billing_qbo"]
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

    # -- notifications -----------------------------------------------------------

    def test_notification_reads_what_concerns_us(self):
        move = self.exported()
        self.void(move)
        self.tell(move, "void")
        self.tell(move, "updated")
        self.tell(move, qbo_id="999999")
        self.tell(move, entity="estimate")
        self.since = self.last_call_number()
        self.run_action()

        self.assertEqual(move.qbo_status, "voided")
        self.assertEqual(len(self.reads()), 1)
        self.assertFalse(self.env["qbo.change"].sudo().search([]))

    def test_changed_preferences_are_read(self):
        move = self.exported()
        self.connection.sudo().facts_checked_at = False
        self.tell(move, entity="preferences")
        self.run_action()

        self.assertTrue(self.connection.facts_checked_at)

    def test_merged_customer_is_gone(self):
        """The event names the customer that is no more; reading finds it inactive."""
        customer = self.client.create(
            "Customer", {"DisplayName": self.request_id()}, self.request_id()
        )
        self.follow()
        gone = {**customer, "Active": False, "sparse": True}
        self.client.update("Customer", gone, self.request_id())
        move = self.env["account.move"]
        self.tell(move, "merged", "customer", qbo_id=customer["Id"])
        self.run_action()

        reference = self.env["qbo.reference"]._find(
            self.connection, "customer", customer["Id"]
        )
        self.assertFalse(reference.active)

    def test_many_events_take_several_passes(self):
        moves = self.posted(count=3)
        self.drain()
        for move in moves:
            self.void(move)
            self.tell(move, "void")
        self.patch(qbo_change_follow, "PASS_EVENTS", 2)
        self.run_action()
        self.assertEqual(len(self.env["qbo.change"].sudo().search([])), 1)
        self.run_action()

        self.assertEqual(set(moves.mapped("qbo_status")), {"voided"})

    def test_deletion_needs_no_reading(self):
        move = self.exported()
        self.delete(move)
        self.tell(move, "deleted")
        self.tell(move, "updated", seconds=30)
        self.since = self.last_call_number()
        self.run_action()

        self.assertEqual(move.qbo_status, "deleted")
        self.assertFalse(self.reads())

    def test_echo_of_an_own_export_costs_no_read(self):
        move = self.exported()
        self.tell(move, "created", seconds=1)
        self.since = self.last_call_number()
        self.run_action()

        self.assertFalse(self.reads())
        self.assertFalse(self.env["qbo.change"].sudo().search([]))

    def test_what_is_being_exported_is_looked_at_later(self):
        """QuickBooks may have it already while we do not know its answer yet."""
        move = self.exported()
        self.row(move).sudo().state = "checking"
        self.change(move, DocNumber=f"X{move.id}")
        self.tell(move)
        self.run_action()
        self.assertEqual(move.qbo_binding_id.remote_state, "present")
        self.assertTrue(self.env["qbo.change"].sudo().search([]))
        self.follow()
        self.assertEqual(move.qbo_binding_id.remote_state, "present")

        self.row(move).sudo().state = "exported"
        self.run_action()
        self.assertEqual(move.qbo_binding_id.remote_state, "changed")

    # -- gaps --------------------------------------------------------------------

    def test_gap_of_months_reads_all_that_was_exported(self):
        """Intuit tells of 30 days; what is older is looked up by Id."""
        gone, kept = self.exported(100.0), self.exported(110.0)
        self.delete(gone)
        months_ago = fields.Datetime.subtract(fields.Datetime.now(), days=100)
        (gone + kept).qbo_binding_id.sudo().exported_at = months_ago
        self.follow(hours=24 * 60)

        self.assertEqual(gone.qbo_status, "deleted")
        self.assertEqual(kept.qbo_status, "exported")

    def test_too_much_for_one_answer(self):
        """A full answer may lack something: each kind is then read to its end."""
        gone, changed = self.exported(100.0), self.exported(110.0)
        self.delete(gone)
        self.change(changed, DocNumber=f"X{changed.id}")
        before = fields.Datetime.subtract(fields.Datetime.now(), hours=5)
        (gone + changed).qbo_binding_id.sudo().exported_at = before
        self.patch(qbo_change_follow, "CDC_MAX_OBJECTS", 2)
        self.follow()

        self.assertEqual(gone.qbo_status, "deleted")
        self.assertEqual(changed.qbo_status, "changed")

    def test_nothing_is_forgotten_when_quickbooks_does_not_answer(self):
        move = self.exported()
        self.void(move)
        self.emulator.arm("service_unavailable", path="cdc")
        self.follow()
        self.assertEqual(move.qbo_status, "exported")
        self.run_action()
        self.assertEqual(move.qbo_status, "voided")

    # -- customers ---------------------------------------------------------------

    @mute_logger(qbo_change_follow.__name__)
    def test_what_is_refused_holds_up_nothing_else(self):
        """Read again it would be refused again: it comes by the other way."""
        move = self.exported()
        self.void(move)
        self.tell(move, "void")
        self.emulator.arm("refused", path="query", code="4001")
        self.run_action()
        self.assertFalse(self.env["qbo.change"].sudo().search([]))
        self.emulator.arm("refused", path="cdc", code="500", times=2)
        self.follow()
        self.assertEqual(move.qbo_status, "voided")

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
