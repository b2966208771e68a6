from odoo.tests import tagged

from ..models.qbo_reference_content import NAME_LISTS
from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestUncertainElsewhere(EngineCase):
    """What a QuickBooks company may have got is not forgotten for another one."""

    emulator_companies = ("us", "us")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second = cls.realm_ids

    def setUp(self):
        super().setUp()
        self.use(self.first)
        self.drain()  # the customer is there already
        self.addCleanup(self.emulator.clear_faults)

    def use(self, realm_id):
        """Connect a QuickBooks company, say that it is the right one, map its item."""
        self.connection._disconnect()
        if self.authorize(realm_id=realm_id).kind == "wrong_company":
            self.assertTrue(self.connection._use_other_company())
        self.confirm()
        self.connection._retrieve_lists(NAME_LISTS)
        self.env.invalidate_all()
        Mapping = self.env["qbo.mapping"].sudo()
        item = self.env["qbo.reference"].search(
            [
                ("connection_id", "=", self.connection.id),
                ("realm_id", "=", realm_id),
                ("entity", "=", "item"),
                ("active", "=", True),
            ],
            limit=1,
        )
        for billing_type in ("service", "goods"):
            values = {"reference_id": item.id}
            Mapping._choose(self.connection, "item", Mapping, values, billing_type)

    def pass_time(self):
        for _turn in range(3):
            self.back_off_is_over()
            self.drain()

    def lost_in_the_first(self, fault="lost_answer"):
        """An invoice whose answer was lost; then the other company is used."""
        invoice = self.posted()
        self.emulator.arm(fault, path="/invoice")
        self.drain()
        self.assertEqual(self.row(invoice).state, "checking")
        self.use(self.second)
        self.pass_time()
        self.assert_in_quickbooks(invoice)
        return invoice

    def test_what_only_the_former_company_has_is_offered_for_export(self):
        """The former one was a sandbox, perhaps, in which people tried it out."""
        invoice = self.posted()
        self.drain()
        self.assertFalse(self.connection.earlier_offered)

        self.use(self.second)

        self.assertEqual(self.connection.earlier_count, 1)
        self.by_bookkeeper(self.connection).sudo(False).action_export_earlier()
        self.drain()
        self.assert_in_quickbooks(invoice)

    def test_document_that_the_first_company_has_is_linked_on_coming_back(self):
        invoice = self.lost_in_the_first()

        self.use(self.first)
        self.pass_time()

        self.assert_in_quickbooks(invoice)
        self.assertFalse(self.open_problems())

    def test_document_that_the_first_company_has_not_goes_there_on_coming_back(self):
        invoice = self.lost_in_the_first("reset_before")

        self.use(self.first)
        self.pass_time()

        self.assert_in_quickbooks(invoice)

    def test_change_made_meanwhile_goes_to_the_document_that_is_there(self):
        """Its row waits already when the company comes back."""
        invoice = self.lost_in_the_first()
        self.connection.paused = True
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 120
        invoice.action_post()
        self.use(self.first)
        self.connection.paused = False

        self.pass_time()

        self.assert_in_quickbooks(invoice)
        (document,) = self.documents_of(invoice)
        self.assertEqual(float(document["TotalAmt"]), 120)
