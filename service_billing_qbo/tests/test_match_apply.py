import uuid

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.qbo_match_apply import AT_ONCE
from .engine_common import SERIAL, EngineCase


@tagged("post_install", "-at_install")
class TestMatchApply(EngineCase):
    """Apply decisions: each row by itself, and people read what became of them."""

    def setUp(self):
        super().setUp()
        self.drain()

    def in_quickbooks_as(self, entity, name=None):
        """Somebody has entered a customer or vendor in QuickBooks."""
        name = name or f"Harbor {entity} {next(SERIAL)}"
        self.connection._with_client(
            lambda client: client.create(
                entity, {"DisplayName": name}, uuid.uuid4().hex
            )
        )
        self.connection._retrieve_lists((entity.lower(),))
        return name

    def match_of(self, *partners):
        matches = self.by_bookkeeper(self.env["qbo.match"])
        matches.action_open()
        rows = {
            row.partner_id: row
            for row in matches.search(
                [("partner_id", "in", [partner.id for partner in partners])]
            )
        }
        return [rows[partner] for partner in partners]

    def customer_names(self):
        return [one["DisplayName"] for one in self.in_quickbooks("Customer")]

    def test_bad_decisions_stop_no_other_and_name_the_customer(self):
        name = self.in_quickbooks_as("Customer")
        linked = self.make_customer("To link")
        linked.name = name
        nobody = self.make_customer("Without a choice")
        inactive = self.make_customer("Of an inactive one")
        created = self.make_customer("To create")
        ignored = self.make_customer("To ignore")
        rows = self.match_of(linked, nobody, inactive, created, ignored)
        gone = (
            self.env["qbo.reference"]
            .sudo()
            .create(
                {
                    "connection_id": self.connection.id,
                    "realm_id": self.connection.realm_id,
                    "entity": "customer",
                    "qbo_id": "9999",
                    "name": "Gone",
                    "full_name": "Gone",
                    "active": False,
                }
            )
        )
        rows[2].reference_id = gone
        for row, decision in zip(
            rows, ("link", "link", "link", "create", "ignore"), strict=True
        ):
            row.decision = decision

        said = rows[0].concat(*rows[1:]).action_apply()["params"]

        self.assertIn(
            "Linked: 1. Being created in QuickBooks: 1. Ignored: 1. Not applied: 2.",
            said["message"],
        )
        self.assertIn(
            f"{nobody.name}: choose the QuickBooks customer to link", said["message"]
        )
        self.assertIn(
            f"{inactive.name}: Gone (inactive) cannot be linked.", said["message"]
        )
        self.assertEqual((said["type"], said["sticky"]), ("warning", True))
        self.assertEqual(
            [bool(row.applied_at) for row in rows], [True, False, False, True, True]
        )
        self.drain()
        self.assertTrue(linked.qbo_id)
        self.assertIn(created.name, self.customer_names())
        self.assertNotIn(ignored.name, self.customer_names())
        self.assertNotIn(nobody.name, self.customer_names())
        self.assertIn("no QuickBooks customer is chosen", nobody.qbo_status_text)

    def test_customer_is_created_under_the_name_that_is_free(self):
        name = self.in_quickbooks_as("Vendor")
        ours = self.make_customer("Same as a vendor")
        ours.name = name
        (row,) = self.match_of(ours)
        self.assertEqual(row.new_name, f"{name} (Customer)")
        row.decision = "create"
        row.action_apply()
        self.drain()
        self.assertIn(f"{name} (Customer)", self.customer_names())
        self.assertEqual(ours.name, name, "Odoo keeps its own name")

    def test_name_that_is_taken_is_refused_with_one_that_is_free(self):
        name = self.in_quickbooks_as("Vendor")
        ours = self.make_customer("Same as a vendor")
        (row,) = self.match_of(ours)
        row.write({"decision": "create", "new_name": name})
        message = row.action_apply()["params"]["message"]
        self.assertIn(
            f"{ours.name}: QuickBooks has a vendor named {name}. "
            f'Create the customer as "{name} (Customer)".',
            message,
        )
        self.assertFalse(row.applied_at)
        self.assertFalse(ours.qbo_name)

    def test_many_decisions_are_applied_part_by_part(self):
        partners = [
            self.make_customer(f"Prospect {number}") for number in range(AT_ONCE + 1)
        ]
        rows = self.env["qbo.match"].concat(*self.match_of(*partners))
        rows = self.by_bookkeeper(rows)
        rows.decision = "ignore"

        action = rows.action_apply()

        self.assertFalse(
            any(rows.mapped("applied_at")), "the web client asks for parts"
        )
        ids, at_once = action["params"]["ids"], action["params"]["at_once"]
        parts = [
            rows.browse(ids[start : start + at_once]).apply_decisions()
            for start in range(0, len(ids), at_once)
        ]
        self.assertEqual(len(parts), 2)
        self.assertIn(
            f"Ignored: {AT_ONCE + 1}. Not applied: 0.",
            rows.applied_words(parts)["message"],
        )
        self.assertTrue(all(rows.mapped("applied_at")))

    def test_auditor_sees_the_list_and_presses_nothing(self):
        ours = self.make_customer("To decide")
        (row,) = self.match_of(ours)
        row.decision = "ignore"
        self.make_customer("Made since")
        auditor = self.make_user("auditor", "account.group_account_readonly")

        matches = self.env["qbo.match"].with_user(auditor)
        action = matches.action_open()

        found = matches.search(action["domain"])
        self.assertIn(ours, found.partner_id)
        self.assertNotIn("Made since", str(found.mapped("partner_id.name")))
        for press in (
            row.with_user(auditor).action_apply,
            row.with_user(auditor).apply_decisions,
            matches.action_apply,
        ):
            with self.assertRaises(AccessError):
                press()
        self.assertFalse(row.applied_at)
