from odoo.tests import tagged

from .changes_common import ChangesCase


@tagged("post_install", "-at_install")
class TestStatusFound(ChangesCase):
    """Filter and Group By say of each document what its badge says."""

    def setUp(self):
        super().setUp()
        self.emulator.switch(self.connection.realm_id, duplicate_number_warning=False)
        self.addCleanup(
            self.emulator.switch,
            self.connection.realm_id,
            duplicate_number_warning=True,
        )

    def assert_found_as(self, status, move):
        self.assertEqual(move.qbo_status, status, move.qbo_status_text)
        mine = [("id", "=", move.id)]
        moves = self.env["account.move"]
        statuses = [key for key, _label in moves._fields["qbo_status"].selection]
        found = [
            key for key in statuses if moves.search([*mine, ("qbo_status", "=", key)])
        ]
        self.assertEqual(found, [status])
        groups = moves._read_group(mine, ["qbo_status"], ["__count"])
        self.assertEqual(groups, [(status, 1)])

    def voided_here(self):
        move = self.exported()
        move.button_cancel()
        self.assert_found_as("change_waiting", move)
        self.drain()
        return move

    def test_invoice_cancelled_here_is_withdrawn_not_exported(self):
        move = self.voided_here()

        self.assert_found_as("withdrawn", move)
        self.assertEqual(
            move.qbo_status_text, "Cancelled here, and voided in QuickBooks."
        )
        move.button_draft()
        self.assert_found_as("withdrawn", move)
        move.action_post()
        self.drain()
        self.assert_found_as("exported", move)

    def test_credit_note_cancelled_here_is_withdrawn(self):
        move = self.exported(refund=True)
        move.button_cancel()
        self.drain()

        self.assert_found_as("withdrawn", move)
        self.assertEqual(
            move.qbo_status_text, "Cancelled here, and deleted in QuickBooks."
        )

    def test_posted_again_and_voided_there_is_a_change_there(self):
        """Its earlier withdrawal explains nothing of the document that it is now."""
        move = self.voided_here()
        move.button_draft()
        move.action_post()
        self.drain()
        self.void(move)
        self.follow()

        self.assert_found_as("voided", move)

    def test_cancelled_after_it_was_voided_there_is_withdrawn(self):
        move = self.exported()
        self.void(move)
        self.follow()
        self.assert_found_as("voided", move)
        move.button_cancel()
        self.drain()

        self.assert_found_as("withdrawn", move)

    def test_cancelled_twice_is_withdrawn(self):
        move = self.voided_here()
        move.button_draft()
        move.action_post()
        move.button_cancel()
        self.drain()

        self.assert_found_as("withdrawn", move)

    def test_changed_there_and_equal_are_told_apart(self):
        equal, changed = self.exported(), self.exported()
        self.change(changed, DocNumber="TYPED-1")
        self.follow()

        self.assert_found_as("exported", equal)
        self.assert_found_as("changed", changed)

    def exclude_as_before(self, move):
        """As a row is from when what QuickBooks has could be excluded."""
        self.row(move).sudo().state = "excluded"
        self.env.invalidate_all()

    def test_excluded_change_is_a_change_that_waits(self):
        present, changed = self.exported(), self.exported()
        self.change(changed, DocNumber="TYPED-2")
        self.follow()
        for move in present + changed:
            self.exclude_as_before(move)
            self.assert_found_as("change_waiting", move)
            move.button_draft()
            self.assert_found_as("change_waiting", move)
            move.button_cancel()
            self.assert_found_as("change_waiting", move)

    def test_excluded_after_it_was_voided_there_is_not_exported(self):
        move = self.voided_here()
        move.button_draft()
        move.action_post()
        self.by_bookkeeper(self.row(move)).action_exclude("Typed in by hand")

        self.assert_found_as("not_exported", move)
        move.button_draft()
        self.assert_found_as("voided", move)
        move.button_cancel()
        self.drain()
        self.assert_found_as("withdrawn", move)

    def test_excluded_before_it_went_is_not_exported(self):
        move = self.posted()
        self.by_bookkeeper(self.row(move)).action_exclude("Typed in by hand")
        self.assert_found_as("not_exported", move)
