"""What comes of a list while it is read: notifications, and our own exports."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.qbo_exceptions import ListsBusy
from .concurrent_common import ConcurrentCase


@tagged("standard", "post_install", "-at_install")
class TestListsConcurrent(ConcurrentCase):
    """Reading takes minutes; what is committed meanwhile is newer."""

    def setUp(self):
        super().setUp()
        with self.work() as connection:
            connection._retrieve_lists(("item",))
        with self.work() as connection:
            item = connection.env["qbo.reference"].search(
                [
                    ("connection_id", "=", connection.id),
                    ("entity", "=", "item"),
                    ("name", "=", "Consulting"),
                ]
            )
            self.item_id = item.qbo_id
            self.item_row = connection._with_client(
                lambda client: client.read("Item", item.qbo_id)
            )

    def read_while(self, take):
        """Read the items, and the classes, which takes time; meanwhile do
        take(references, connection) and commit. Return what is kept of items, by Id."""
        self.emulator.arm("slow", path="/query", nth=2, seconds=3)
        since = len(self.emulator.requests())

        def retrieve(connection, ready):
            ready()
            connection._retrieve_lists(("item", "class"))
            return "read"

        def tell(connection, ready):
            ready()
            while len(self.emulator.requests()) == since:
                continue
            connection._in_own_env(lambda own: take(own.env["qbo.reference"], own))
            return "told"

        jobs = iter([retrieve, tell])
        with mute_logger("odoo.sql_db"):
            results = self.at_once(2, lambda *about: next(jobs)(*about))
        self.assertEqual(results, ["told", "read"])
        with self.work() as connection:
            kept = connection.env["qbo.reference"].with_context(active_test=False)
            rows = kept.search(
                [("connection_id", "=", connection.id), ("entity", "=", "item")]
            )
            return {row["qbo_id"]: row for row in rows.read()}

    def assert_usable(self, kept):
        self.assertEqual((kept["active"], kept["deleted"]), (True, False))

    def test_entry_that_was_told_meanwhile_is_not_deleted(self):
        """Made after its page was read: it is not in the list, and it is there."""
        row = {"Id": "4711", "Name": "Told Meanwhile", "SyncToken": "0"}

        kept = self.read_while(
            lambda references, connection: references._take_changes(
                connection, "item", [row]
            )
        )

        self.assert_usable(kept["4711"])

    def test_entry_that_we_made_meanwhile_is_not_deleted(self):
        row = {"Id": "4712", "Name": "Made Meanwhile", "SyncToken": "0"}

        kept = self.read_while(
            lambda references, connection: references._remember(connection, "item", row)
        )

        self.assert_usable(kept["4712"])

    def test_newer_version_that_was_told_meanwhile_stays(self):
        newer = {
            **self.item_row,
            "Active": False,
            "SyncToken": str(int(self.item_row["SyncToken"]) + 1),
        }

        kept = self.read_while(
            lambda references, connection: references._take_changes(
                connection, "item", [newer]
            )
        )

        self.assertFalse(kept[self.item_id]["active"])
        self.assertEqual(kept[self.item_id]["sync_token"], newer["SyncToken"])

    def test_deletion_that_was_told_meanwhile_stays(self):
        gone = {"Id": self.item_id, "status": "Deleted"}

        kept = self.read_while(
            lambda references, connection: references._take_changes(
                connection, "item", [gone]
            )
        )

        self.assertTrue(kept[self.item_id]["deleted"])

    def test_what_is_gone_since_before_is_marked(self):
        row = {"Id": "4713", "Name": "Gone Before", "SyncToken": "7"}
        with self.work() as connection:
            connection.env["qbo.reference"]._remember(connection, "item", row)

        kept = self.read_while(lambda references, connection: None)

        self.assertTrue(kept["4713"]["deleted"])

    def test_new_entry_that_two_workers_keep_at_once_is_a_conflict_not_a_fault(self):
        """Our own new item is told by QuickBooks while its answer is recorded."""
        row = {"Id": "4714", "Name": "Told And Answered", "SyncToken": "0"}

        def keep(connection, ready):
            references = connection.env["qbo.reference"]
            self.assertFalse(references._find(connection, "item", "4714"))
            ready()
            connection._in_own_env(
                lambda own: own.env["qbo.reference"]._remember(own, "item", row)
            )
            return "kept"

        # Odoo notes the first try as a bad query, as it does for a request it repeats.
        with mute_logger("odoo.sql_db"):
            results = self.at_once(2, keep)

        self.assertEqual(results, ["kept", "kept"])

    def test_changes_of_the_former_company_are_not_kept_for_the_new_one(self):
        """The company is changed between the question and the answer."""
        row = {"Id": "4715", "Name": "Of The Former", "SyncToken": "0"}
        with self.work() as connection:
            former = connection.realm_id
            with self.work() as other:
                other.realm_id = "9999999999999999"
            with self.assertRaises(ListsBusy):
                connection._take_changes({"Item": [row]})

        with self.work() as connection:
            connection.realm_id = former
            self.assertFalse(
                connection.env["qbo.reference"].search_count([("qbo_id", "=", "4715")])
            )
