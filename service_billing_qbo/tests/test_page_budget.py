"""What the QuickBooks column and group cost: counted in queries, which do not vary."""

from odoo import fields
from odoo.tests import tagged

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
FORM = {
    **COLUMN,
    "qbo_shown": {},
    "qbo_sandbox": {},
    "qbo_button": {},
    "qbo_entries": {},
    "qbo_class_text": {},
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
        moves = self.env["account.move"].search([("name", "like", "COPY/%")], limit=8)
        for status in ("exported", "waiting"):
            move = moves.filtered(lambda m, s=status: m.qbo_status == s)[:1]
            without = self.queries(lambda m=move: m.web_read(LIST_FIELDS))
            with_group = self.queries(
                lambda m=move: m.web_read({**LIST_FIELDS, **FORM})
            )
            with self.subTest(status=status):
                self.assertLessEqual(with_group - without, 3)

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
