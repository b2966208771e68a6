"""What Match Customers costs: the same few queries however many customers there are."""

from odoo import fields
from odoo.tests import tagged

from .engine_common import SERIAL, EngineCase

FEW, MANY = 20, 60


@tagged("post_install", "-at_install")
class TestMatchBudget(EngineCase):
    """Ten thousand customers must not take longer than Odoo lets a request last."""

    def setUp(self):
        super().setUp()
        self.drain()
        self.matches = self.by_bookkeeper(self.env["qbo.match"])

    def customers(self, count):
        """Customers of whose names QuickBooks has each, for a vendor."""
        names = [f"Bulk {next(SERIAL)}" for _number in range(count)]
        self.env["qbo.reference"].sudo().create(
            [
                {
                    "connection_id": self.connection.id,
                    "realm_id": self.connection.realm_id,
                    "entity": "vendor",
                    "qbo_id": f"8{next(SERIAL)}",
                    "name": name,
                    "full_name": name,
                    "checked_at": fields.Datetime.now(),
                }
                for name in names
            ]
        )
        return self.env["res.partner"].create(
            [{"name": name, "is_company": True, "customer_rank": 1} for name in names]
        )

    def queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def rows_of(self, partners):
        return self.matches.search([("partner_id", "in", partners.ids)])

    def test_list_is_made_in_as_many_queries_for_many_as_for_few(self):
        counts = []
        for count in (FEW, MANY):
            partners = self.customers(count)
            counts.append(self.queries(self.matches.action_open))
            rows = self.rows_of(partners)
            self.assertEqual(len(rows), count)
            self.assertEqual(
                {(row.reason, row.match, row.company_id) for row in rows},
                {("taken", "review", self.connection.company_id)},
            )
            self.assertEqual(
                set(rows.mapped("new_name")),
                {f"{partner.name} (Customer)" for partner in partners},
            )
        self.assertLessEqual(counts[1], counts[0])

    def test_list_that_is_up_to_date_is_left_alone(self):
        partners = self.customers(MANY)
        self.matches.action_open()
        rows = self.rows_of(partners)
        written_at = set(rows.mapped("write_date"))

        self.matches.action_open()

        self.assertEqual(self.rows_of(partners), rows)
        self.assertEqual(set(rows.mapped("write_date")), written_at)

    def test_create_for_many_costs_as_many_queries_as_for_few(self):
        counts = []
        for count in (FEW, MANY):
            partners = self.customers(count)
            self.matches.action_open()
            rows = self.rows_of(partners)
            # As of whom nothing was offered: each name is looked for.
            rows.sudo().new_name = False
            counts.append(
                self.queries(lambda rows=rows: rows.write({"decision": "create"}))
            )
            self.assertEqual(
                set(rows.mapped("new_name")),
                {f"{partner.name} (Customer)" for partner in partners},
            )
        self.assertLessEqual(counts[1], counts[0])
