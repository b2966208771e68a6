import time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import qbo_change_follow
from .changes_common import ChangesCase


@tagged("post_install", "-at_install")
class TestChangesTold(ChangesCase):
    """How Odoo learns of it: told twice, late or in part, it comes to the same."""

    emulator_companies = ("us", "us")

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

    def test_gap_is_caught_up_over_several_turns(self):
        """20,000 documents are more than a scheduled action may read at once."""
        moves = self.exported(100.0), self.exported(110.0), self.exported(120.0)
        months_ago = fields.Datetime.subtract(fields.Datetime.now(), days=100)
        for move in moves:
            move.qbo_binding_id.sudo().exported_at = months_ago
            self.delete(move)
        self.patch(qbo_change_follow, "QUERY_IDS", 1)
        self.been_away(fields.Datetime.add(months_ago, days=40))
        self.emulator.arm("slow", path="/query", times=2, seconds=2)
        self.addCleanup(self.emulator.clear_faults)

        for deleted_count, seconds in ((1, 1), (2, 1), (3, 600)):
            self.turn_of(seconds)
            states = [move.qbo_status for move in moves]
            self.assertEqual(states.count("deleted"), deleted_count)
            is_over = deleted_count == 3
            asked_for = self.calls_asked_for("ir_cron_changes")
            self.assertNotEqual(bool(asked_for), is_over)

        self.assertGreater(self.state().known_until, months_ago)

    def test_company_that_costs_all_time_does_not_starve_the_others(self):
        neighbour = self.neighbour()
        self.been_away(fields.Datetime.subtract(fields.Datetime.now(), hours=3))
        self.emulator.arm(
            "slow", path=f"/company/{self.connection.realm_id}/cdc", seconds=1
        )
        self.addCleanup(self.emulator.clear_faults)
        own, other = self.state(), self.state(neighbour)
        now = fields.Datetime.now()
        hours_ago = [fields.Datetime.subtract(now, hours=hours) for hours in (3, 2)]
        own.looked_after_at, other.looked_after_at = hours_ago

        self.assertEqual(self.turn_of(0.5), (1, 1))

        self.assertEqual(other.looked_after_at, hours_ago[1], "it had no time")
        self.assertGreater(own.looked_after_at, hours_ago[1])
        self.assertEqual(self.turn_of(0), (0, 1), "nothing is done without time")
        self.assertTrue(self.calls_asked_for("ir_cron_changes"))
        self.turn_of(60)
        self.assertGreater(other.looked_after_at, hours_ago[1])
        self.assertEqual(self.turn_of(0), (0, 0), "everyone had a turn")

    def been_away(self, since):
        """Nothing was followed since then."""
        self.state().write({"known_until": since, "looked_after_run": "before"})

    def state(self, connection=None):
        return self.env["qbo.change.state"]._of(connection or self.connection)

    def turn_of(self, seconds):
        """Odoo calls the action with so much time; return (done, remaining)."""
        self.env["ir.cron.trigger"].search([]).unlink()
        return self.call_without_time(
            "ir_cron_changes",
            "qbo.connection",
            "_cron_follow_changes",
            end=time.monotonic() + seconds,
        )

    def neighbour(self):
        """Another company, which follows its own QuickBooks."""
        company = self.env["res.company"].create(
            {"name": "Neighbour", "currency_id": self.env.ref("base.USD").id}
        )
        neighbour = self.connection_of(company)
        self.authorize(neighbour, self.realm_ids[1])
        self.run_action()
        return neighbour

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
