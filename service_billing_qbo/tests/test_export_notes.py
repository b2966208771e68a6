from decimal import Decimal

from odoo.tests import tagged

from .test_documents_life import LifeCase

ONCE = "Exported to QuickBooks as"
DIFFERS = "Total differs"


@tagged("post_install", "-at_install")
class TestExportNotes(LifeCase):
    """The chatter tells what became of a document in QuickBooks, each thing once."""

    def setUp(self):
        super().setUp()
        self.drain()

    def notes_of(self, move):
        """The notes, with the spaces of amounts as plain ones."""
        bodies = move.message_ids.sorted("id").mapped(lambda one: str(one.body))
        return (
            " ".join(bodies).replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ")
        )

    def tax_differs_by(self, amount):
        self.emulator.switch(self.connection.realm_id, tax_delta=amount)
        self.addCleanup(self.emulator.switch, self.connection.realm_id, tax_delta="0")

    def test_first_export_is_noted_with_its_number_and_a_link(self):
        invoice, note = self.posted(), self.posted(refund=True)
        self.drain()

        self.assertIn(f">Invoice {invoice.name}</a>.", self.notes_of(invoice))
        self.assertIn(invoice.qbo_url.split("?")[0], self.notes_of(invoice))
        self.assertIn(f">Credit memo {note.name}</a>.", self.notes_of(note))

        self.change(invoice, ref="PO 12")
        self.drain()
        self.assertEqual(self.notes_of(invoice).count(ONCE), 1, "a change is no news")

    def test_deleted_and_posted_again_it_is_another_document_there(self):
        note = self.posted(refund=True)
        self.drain()
        note.button_cancel()
        self.drain()
        note.button_draft()
        note.action_post()
        self.drain()

        self.assert_in_quickbooks(note)
        notes = self.notes_of(note)
        self.assertEqual(notes.count(ONCE), 2)
        self.assertEqual(notes.count("Deleted in QuickBooks, as it was cancelled"), 1)

    def test_total_that_differs_is_noted_once_for_each_difference(self):
        self.tax_differs_by("0.01")
        invoice = self.taxed(100)
        self.drain()

        notes = self.notes_of(invoice)
        self.assertIn(ONCE, notes)
        self.assertIn(
            "Total differs: QuickBooks has $ 108.26, Odoo $ 108.25: QuickBooks' sales "
            "tax is $ 8.26, Odoo's $ 8.25.",
            notes,
        )
        self.change(invoice, ref="PO 12")
        self.drain()
        self.assertEqual(self.notes_of(invoice).count(DIFFERS), 1, "it is no news")

        self.tax_differs_by("0.03")
        self.change(invoice, ref="PO 13")
        self.drain()
        self.assertIn("QuickBooks has $ 108.28", self.notes_of(invoice))

        self.tax_differs_by("0")
        self.change(invoice, ref="PO 14")
        self.drain()
        self.tax_differs_by("0.03")
        self.change(invoice, ref="PO 15")
        self.drain()
        self.assertEqual(self.notes_of(invoice).count(DIFFERS), 3, "it came back")

    def test_cents_that_a_line_makes_equal_are_not_noted(self):
        self.tax_differs_by("0.02")
        self.connection.rounding_line = True
        self.env["qbo.mapping"].sudo()._choose(
            self.connection,
            "item",
            self.env["qbo.mapping"],
            {"reference_id": self.reference_named("item", "Services").id},
            "rounding",
        )
        invoice = self.taxed()
        self.drain()

        self.assert_in_quickbooks(invoice)
        self.assertEqual(self.notes_of(invoice).count(ONCE), 1)
        self.assertNotIn(DIFFERS, self.notes_of(invoice))

    def test_notes_cost_the_same_few_queries_whatever_the_batch(self):
        few, many = self.posted(count=2), self.posted(count=22)
        self.drain()

        for move in few + many:
            self.assertEqual(self.notes_of(move).count(ONCE), 1)
            self.assertIn(f">Invoice {move.name}</a>.", self.notes_of(move))
        notes = many.message_ids.filtered(lambda one: ONCE in str(one.body))
        self.assertEqual(notes.subtype_id, self.env.ref("mail.mt_note"))
        self.assertEqual(set(notes.mapped("record_name")), set(many.mapped("name")))
        self.assertTrue(all(notes.mapped("is_internal")))
        self.cost(many)  # from here on the caches are warm
        self.assertLessEqual(self.cost(many), self.cost(few))

    def cost(self, moves):
        """How many queries it takes to write down what a batch came to."""
        bindings = self.env["qbo.binding"]._find_many(
            self.connection, moves._name, moves.ids
        )
        first = {id_: found[:1] for id_, found in bindings.items()}
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        moves._qbo_after_exports(self.connection, first, dict.fromkeys(moves.ids, {}))
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_words_of_a_difference_have_the_documents_currency(self):
        self.assertEqual(
            self.env["qbo.export"]
            ._difference_reason(
                Decimal("0.01"),
                Decimal("1036.31"),
                Decimal("1036.30"),
                self.env.ref("base.USD"),
            )
            .replace("\N{NO-BREAK SPACE}", " "),
            "QuickBooks' sales tax is $ 1,036.31, Odoo's $ 1,036.30.",
        )
