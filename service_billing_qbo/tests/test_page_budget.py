"""What the QuickBooks column and group cost: counted in queries, which do not vary."""

from odoo import fields
from odoo.tests import new_test_user, tagged

from .books_common import BooksCase

INVOICES = 10_000
PAGE = 80
# Some of what Odoo's own list reads.
LIST_FIELDS = {
    "name": {},
    "company_id": {"fields": {}},
    "state": {},
    "move_type": {},
    "amount_total": {},
    "currency_id": {"fields": {"display_name": {}}},
}
COLUMN = {"qbo_status": {}, "qbo_doc_number": {}}
LINES = {"invoice_line_ids": {"fields": {"name": {}, "price_subtotal": {}}}}
FORM = {
    **COLUMN,
    "invoice_line_ids": {
        "fields": {
            **LINES["invoice_line_ids"]["fields"],
            "qbo_item_id": {"fields": {"display_name": {}}},
            "qbo_class_id": {"fields": {"display_name": {}}},
        }
    },
    "qbo_shown": {},
    "qbo_sandbox": {},
    "qbo_button": {},
    "qbo_entries": {},
    "qbo_uses_classes": {},
    "qbo_can_preview": {},
    "qbo_line_items": {},
    "qbo_line_classes": {},
    "qbo_status_text": {},
    "qbo_id": {},
    "qbo_total": {},
    "qbo_balance": {},
    "qbo_exported_at": {},
    "qbo_currency_id": {"fields": {"display_name": {}}},
}


@tagged("post_install", "-at_install")
class TestPageBudget(BooksCase):
    """Of ten thousand invoices all are in QuickBooks but those that still wait."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection._set_state("connected")
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customer.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [(0, 0, {"name": "Work", "price_unit": 100})],
            }
        )
        move.action_post()
        cls.env.flush_all()
        cls._copy(move, INVOICES)
        cls.reader = new_test_user(
            cls.env,
            "budget bookkeeper",
            "service_billing_qbo.group_bookkeeper",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.env.invalidate_all()

    @classmethod
    def _copy(cls, move, count):
        """Multiply an invoice, its export and its link, by the database alone."""
        columns = cls._columns("account_move", {"id", "name", "sequence_number"})
        cls.env.cr.execute(
            f"INSERT INTO account_move (name, sequence_number, {columns})"
            f" SELECT 'COPY/' || number, number, {columns} FROM account_move,"
            " generate_series(1, %s) AS number WHERE id = %s RETURNING id",
            [count, move.id],
        )
        ids = [row[0] for row in cls.env.cr.fetchall()]
        cls.env.cr.execute(
            "INSERT INTO qbo_export (connection_id, company_id, res_model, res_id,"
            " state, priority, revision, attempt_count, stale_count, queued_at)"
            " SELECT %s, %s, 'account.move', id,"
            " (ARRAY['exported', 'exported', 'waiting', 'problem'])[1 + id %% 4],"
            " 10, 1, 0, 0, now() FROM unnest(%s) AS id",
            [cls.connection.id, cls.company.id, ids],
        )
        cls.env.cr.execute(
            "INSERT INTO qbo_binding (connection_id, company_id, realm_id, res_model,"
            " res_id, entity, qbo_id, remote_state)"
            " SELECT %s, %s, %s, 'account.move', id, 'Invoice', id::text, 'present'"
            " FROM unnest(%s) AS id WHERE id %% 4 < 2",
            [cls.connection.id, cls.company.id, cls.connection.realm_id, ids],
        )
        cls.env.cr.execute("ANALYZE account_move, qbo_export, qbo_binding")

    @classmethod
    def _columns(cls, table, without):
        cls.env.cr.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        names = {row[0] for row in cls.env.cr.fetchall()} - without
        return ", ".join(f'"{name}"' for name in sorted(names))

    def queries(self, read):
        """How many queries a page costs; what any page has cached is cached."""
        read()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        read()
        return self.env.cr.sql_log_count - before

    def page(self, specification):
        found = self.env["account.move"].web_search_read(
            [("move_type", "=", "out_invoice")], specification, limit=PAGE
        )
        self.assertEqual(len(found["records"]), PAGE)
        return found["records"]

    def test_list_of_10000_invoices_costs_two_more_queries(self):
        without = self.queries(lambda: self.page(LIST_FIELDS))
        with_column = self.queries(lambda: self.page({**LIST_FIELDS, **COLUMN}))
        self.assertLessEqual(with_column - without, 2)
        found = {row["qbo_status"] for row in self.page(COLUMN)}
        self.assertEqual(found, {"exported", "waiting", "problem"})

    def test_form_costs_three_more_queries(self):
        """Whatever there is to say of the document: that is asked for afterwards."""
        moves = self.env["account.move"].search([("name", "like", "COPY/%")], limit=8)
        by_status = moves.grouped("qbo_status")
        documents = {
            "exported": by_status["exported"][:1],
            "waiting": by_status["waiting"][:1],
            "problem": by_status["problem"][:1],
            "draft": self.invoice(post=False),
            "stopped draft": self.stopped_draft(),
        }
        for name, move in documents.items():
            with self.subTest(document=name):
                self.assert_form_is_cheap(move)
        self.connection.write({"use_classes": True, "allow_overrides": True})
        with self.subTest(document="exported, with classes"):
            self.assert_form_is_cheap(documents["exported"])
        self.connection._set_state("lost", "The authorization was ended.")
        with self.subTest(document="held"):
            self.assert_form_is_cheap(documents["waiting"])

    def assert_form_is_cheap(self, move):
        """With its lines, before a bookkeeper, against Odoo's own form."""
        moves = move.with_user(self.reader).sudo(False)
        alone = self.queries(lambda: moves.web_read({**LIST_FIELDS, **LINES}))
        ours = self.queries(lambda: moves.web_read({**LIST_FIELDS, **LINES, **FORM}))
        self.assertLessEqual(ours - alone, 3)

    def stopped_draft(self):
        """A draft that cannot be exported yet: its product has no item."""
        goods = self.env["product.product"].create({"name": "Router", "type": "consu"})
        return self.invoice({"product_id": goods.id}, post=False)

    def test_groups_count_what_the_filters_find(self):
        """Group By QuickBooks status agrees with each status' own filter."""
        moves = self.env["account.move"]
        domain = [("move_type", "in", ("out_invoice", "out_refund", "in_invoice"))]
        groups = moves._read_group(domain, ["qbo_status"], ["__count"])
        self.assertGreater(len(groups), 2)
        self.assertEqual(sum(count for _s, count in groups), moves.search_count(domain))
        for status, count in groups:
            with self.subTest(status=status):
                found = moves.search_count([*domain, ("qbo_status", "=", status)])
                self.assertEqual(found, count)
