from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ADMINISTRATOR, CLERK
from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestBranches(EngineCase):
    """A branch of Odoo keeps its books in the QuickBooks company above it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.connection.company_id
        cls.branch, cls.second = cls.env["res.company"].create(
            [
                {"name": name, "parent_id": cls.company.id}
                for name in ("Half Moon Bay", "Pacifica")
            ]
        )
        cls.env.user.company_ids |= cls.branch | cls.second
        cls.branch_clerk = cls.make_user("branch_clerk", CLERK, company=cls.branch)
        cls.second_clerk = cls.make_user("second_clerk", CLERK, company=cls.second)

    def as_user(self, records, user):
        """The same records before somebody who has a branch only."""
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    def posted_in(self, company, amount: float = 100.0, **values):
        family = self.env(context={"allowed_company_ids": (company | self.company).ids})
        move = self.draft(amount, **values).with_env(family)
        move.company_id = company
        move.action_post()
        return move

    def test_invoice_of_a_branch_goes_through_the_company_above(self):
        invoice = self.posted_in(self.branch)
        self.assertEqual(invoice.company_id, self.branch)
        self.assertEqual(invoice.qbo_status, "waiting")

        self.drain()

        self.assert_in_quickbooks(invoice)
        self.assertEqual(self.row(invoice).company_id, self.branch)
        self.assertEqual(invoice.qbo_binding_id.company_id, self.branch)
        # The customer is everybody's: so is its link.
        binding = self.customer.qbo_binding_id
        self.assertEqual(binding.company_id, self.company)

    def test_people_of_a_branch_see_theirs_and_no_other_branch(self):
        invoice = self.posted_in(self.branch)
        self.drain()
        Export, Binding = self.env["qbo.export"], self.env["qbo.binding"]
        about = [("res_model", "=", "account.move"), ("res_id", "=", invoice.id)]

        self.assertTrue(self.as_user(Export, self.branch_clerk).search(about))
        self.assertFalse(self.as_user(Export, self.second_clerk).search(about))
        self.assertFalse(self.as_user(Binding, self.second_clerk).search(about))
        mine = self.as_user(self.env["account.move"], self.branch_clerk)
        self.assertIn(invoice, mine.search([("qbo_status", "=", "exported")]))
        groups = mine.formatted_read_group(
            [("id", "=", invoice.id)], ["qbo_status"], ["__count"]
        )
        self.assertEqual(groups[0]["qbo_status"], "exported")

    def test_problem_of_a_branch_is_seen_where_it_stops_something(self):
        self.customer.email = "ana@example"
        invoice = self.posted_in(self.branch)
        self.drain()
        self.assertEqual(invoice.qbo_status, "problem")

        problem = self.row(invoice).problem_ids
        Problem = self.env["qbo.problem"]
        self.assertIn(problem, self.as_user(Problem, self.branch_clerk).search([]))
        self.assertNotIn(problem, self.as_user(Problem, self.second_clerk).search([]))
        self.assertIn(problem, self.by_bookkeeper(Problem).search([]))
        other = self.posted_in(self.second)
        self.drain()
        self.assertEqual(problem.export_count, 2)
        for user, seen in ((self.branch_clerk, invoice), (self.second_clerk, other)):
            self.assertEqual(self.as_user(problem, user).documents, seen.name)

        self.customer.email = "ana@example.com"
        self.by_bookkeeper(problem).action_retry_all()
        self.drain()
        self.assert_in_quickbooks(invoice)

    def test_location_of_a_branch_is_the_nearest_one_mapped(self):
        """A branch is a location in QuickBooks; one without is where its company is."""
        self.connection._retrieve_lists(("department",))
        Mapping, Reference = self.env["qbo.mapping"].sudo(), self.env["qbo.reference"]
        for company, name in (
            (self.company, "San Mateo"),
            (self.branch, "Half Moon Bay"),
        ):
            reference = Reference.search(
                [("entity", "=", "department"), ("name", "=", name)]
            )
            Mapping._choose(
                self.connection, "department", company, {"reference_id": reference.id}
            )
        Mapping._refresh_needed(self.connection)
        offered = Mapping.search([("res_model", "=", "res.company")])
        self.assertIn(self.second.id, offered.mapped("res_id"))
        invoices = [
            self.posted_in(company)
            for company in (self.company, self.branch, self.second)
        ]

        self.drain()

        places = [
            self.documents_of(invoice)[0]["DepartmentRef"]["name"]
            for invoice in invoices
        ]
        self.assertEqual(places, ["San Mateo", "Half Moon Bay", "San Mateo"])

    def test_configuration_of_a_branch_says_whose_connection_it_uses(self):
        administrator = self.make_user(
            "branch_admin", ADMINISTRATOR, company=self.branch
        )
        Connection = self.as_user(self.env["qbo.connection"], administrator)
        own = Connection.browse(Connection.action_open_configuration()["res_id"])

        self.assertEqual(own.company_id, self.branch)
        message = own.alerts["branch"]["message"]
        self.assertIn(self.company.name, message)
        self.assertIn(self.connection.qbo_company_name, message)
        used = Connection.browse(own.alerts["branch"]["action"]["res_id"])
        self.assertEqual(used.company_id.sudo(), self.company)
        self.assertEqual(used.state, "connected")
        with self.assertRaises(AccessError):
            used.paused = True
        self.assertFalse(self.connection.alerts)

    def test_branch_with_a_connection_of_its_own_uses_that(self):
        own = self.env["qbo.connection"]._ensure_own(self.branch)
        own.accounting_vendor = "quickbooks"
        self.assertEqual(self.connection._for_company(self.branch), self.connection)

        own.write({"realm_id": "777", "export_from": fields.Date.today()})
        invoice = self.posted_in(self.branch)

        self.assertEqual(self.row(invoice).connection_id, own)
        self.assertNotIn(self.branch, self.connection._companies())
        self.drain()
        self.assert_not_in_quickbooks(invoice)

    def test_branch_that_stopped_using_quickbooks_sends_nothing_anywhere(self):
        own = self.env["qbo.connection"]._ensure_own(self.branch)
        own.realm_id = "777"

        self.assertFalse(self.row(self.posted_in(self.branch)))

    def test_earlier_invoices_of_branches_are_offered_too(self):
        self.connection.accounting_vendor = "quickbooks"
        count = self.connection._count_earlier()
        self.connection.write({"state": "disconnected"})
        self.connection.accounting_vendor = "none"
        invoice = self.posted_in(self.branch)
        self.assertFalse(self.row(invoice))

        self.connection.accounting_vendor = "quickbooks"
        self.connection._set_state("connected")

        self.assertEqual(self.connection._count_earlier(), count + 1)
        self.by_bookkeeper(self.connection).action_export_earlier()
        self.drain()
        self.assert_in_quickbooks(invoice)
        self.assertEqual(self.row(invoice).company_id, self.branch)
