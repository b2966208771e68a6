from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import qbo_connection_refresh
from ..models.qbo_reference_content import NAME_LISTS
from ..quickbooks import BatchItem, QuickBooksClient, Transport
from .common import ConnectionCase


@tagged("post_install", "-at_install")
class TestReferences(ConnectionCase):
    """Name lists of QuickBooks, kept to be picked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect()

    def test_every_list_comes_with_what_matching_needs(self):
        kept = self.connection.with_context(active_test=False).reference_ids
        self.assertEqual(
            set(kept.mapped("entity")) - {"vendor", "employee", "class", "department"},
            set(NAME_LISTS) - {"vendor", "employee", "class", "department"},
        )
        term = self.reference("term", "Net 30")
        self.assertEqual(term._details()["due_days"], 30)
        item = self.reference("item", "Consulting")
        self.assertEqual(item._details()["type"], "Service")
        self.assertTrue(item._is_usable())

    def test_us_companies_have_the_two_codes_of_their_lines(self):
        for qbo_id in ("TAX", "NON"):
            code = self.env["qbo.reference"]._find(self.connection, "tax_code", qbo_id)
            self.assertEqual(len(code), 1)
            self.assertTrue(code._is_usable())

    def test_lists_longer_than_a_page_come_whole(self):
        client = self.unlimited_client()
        for start in range(0, 1020, 30):
            items = [
                BatchItem(
                    b_id=str(index),
                    operation="create",
                    entity="Customer",
                    payload={"DisplayName": f"Customer {start + index:04}"},
                )
                for index in range(30)
            ]
            client.batch(items, f"page-{start}")

        self.retrieve("customer")

        books = self.emulator.books(self.realm_ids[0])["Customer"]
        self.assertGreater(len(books), 1000)
        self.assertEqual(
            self.env["qbo.reference"]
            .with_context(active_test=False)
            .search_count([("entity", "=", "customer")]),
            len(books),
        )

    def test_inactive_rows_are_kept_and_marked(self):
        item = self.reference("item", "Hours")
        self.change("Item", item.qbo_id, Active=False)

        self.retrieve("item")

        self.assertFalse(item.active)
        self.assertFalse(item._is_usable())
        self.assertIn("(inactive)", item.display_name)
        self.assertFalse(self.env["qbo.reference"].search([("id", "=", item.id)]))

        self.change("Item", item.qbo_id, Active=True)
        self.retrieve("item")
        self.assertTrue(item._is_usable())

    def test_rows_that_are_gone_are_marked(self):
        gone = (
            self.env["qbo.reference"]
            .sudo()
            .create(
                {
                    "connection_id": self.connection.id,
                    "realm_id": self.connection.realm_id,
                    "entity": "class",
                    "qbo_id": "4711",
                    "name": "West",
                    "full_name": "West",
                }
            )
        )

        self.retrieve("class")

        self.assertTrue(gone.deleted)
        self.assertFalse(gone._is_usable())
        self.assertEqual(gone.display_name, "West (deleted)")

    def test_renamed_rows_keep_their_identity(self):
        item = self.reference("item", "Maintenance")
        self.change("Item", item.qbo_id, Name="Upkeep")

        self.retrieve("item")

        self.assertEqual(item.full_name, "Upkeep")

    def test_refresh_button_tells_what_came(self):
        action = self.connection.action_refresh_references()

        self.assertRegex(
            action["params"]["message"], r"\d+ entries, \d+ of them inactive"
        )

    def test_failed_retrieval_keeps_what_was_there(self):
        count = len(self.connection.reference_ids)
        self.emulator.arm("unavailable", path="query", nth=3)

        with self.fails_with(UserError) as refused:
            self.connection.action_refresh_references()

        self.assertEqual(
            str(refused.exception),
            "QuickBooks is not available just now. Try again in a few minutes.",
        )
        self.assertEqual(len(self.connection.reference_ids), count)

    def test_refused_authorization_is_a_message_of_the_button(self):
        self.emulator.snapshot()
        self.addCleanup(self.emulator.restore)
        self.emulator.expire_tokens("all")

        with self.fails_with(UserError) as refused:
            self.connection.action_refresh_references()

        self.assertIn("has expired or was ended", str(refused.exception))

    def test_refresh_that_takes_longer_goes_on_in_the_background(self):
        """Nobody looks at a spinner for more than half a minute."""
        before = self.connection.people_checked_at
        with patch.object(qbo_connection_refresh, "REFRESH_PATIENCE_S", 0.0):
            action = self.connection.action_refresh_references()
        self.env.invalidate_all()
        self.assertIn("read in the background", action["params"]["message"])
        self.assertEqual(self.connection.people_checked_at, before)

        since = self.last_call_number()
        self.run_housekeeping()

        asked = str([call["body"] for call in self.calls("query", since)])
        self.assertIn("FROM Customer", asked)
        self.assertIn("FROM Item", asked)
        since = self.last_call_number()
        self.run_housekeeping()
        self.assertFalse(self.calls("query", since), "read again and again")

    def test_list_is_believed_of_what_was_known_before(self):
        """A sandbox that was cleared begins to count its versions anew."""
        item = self.reference("item", "Consulting")
        item.sudo().write({"name": "Of Former Times", "sync_token": "99"})

        self.retrieve("item")

        self.assertEqual(item.name, "Consulting")

    def test_entry_that_is_told_as_there_is_no_longer_deleted(self):
        """Also where nothing of it was changed: its version is the same."""
        item = self.reference("item", "Consulting")
        row = self.connection._with_client(
            lambda client: client.read("Item", item.qbo_id)
        )
        item.sudo().write({"deleted": True, "active": False})

        self.env["qbo.reference"].sudo()._take_changes(self.connection, "item", [row])

        self.assertTrue(item._is_usable())

    def test_late_answer_to_our_export_does_not_undo_a_newer_version(self):
        item = self.reference("item", "Consulting")
        row = self.connection._with_client(
            lambda client: client.read("Item", item.qbo_id)
        )
        references = self.env["qbo.reference"].sudo()
        newer = {**row, "Name": "Renamed There", "SyncToken": "99"}
        references._take_changes(self.connection, "item", [newer])

        kept = references._remember(self.connection, "item", row)

        self.assertEqual(kept, item)
        self.assertEqual(item.name, "Renamed There")

    def reference(self, entity, name):
        return self.env["qbo.reference"].search(
            [("entity", "=", entity), ("name", "=", name)]
        )

    def retrieve(self, entity):
        self.env.flush_all()
        self.env["qbo.reference"].sudo()._retrieve(self.connection, [entity])

    def change(self, entity, qbo_id, **members):
        def write(client):
            present = client.read(entity, qbo_id)
            return client.update(
                entity, {**present, **members}, f"change-{members}"[:30]
            )

        self.connection._with_client(write)

    def unlimited_client(self):
        """The emulator has no limits here, so planting rows need not wait for them."""
        token = self.connection._access_token()
        return QuickBooksClient(
            self.connection._endpoints(), self.realm_ids[0], lambda: token, Transport()
        )
