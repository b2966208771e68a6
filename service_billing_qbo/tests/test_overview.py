import json
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .engine_common import EngineCase


@tagged("post_install", "-at_install")
class TestOverview(EngineCase):
    """What the card of a company shows of its last fourteen days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bookkeeper.tz = "UTC"

    def bars(self, name="exported_graph"):
        """The points of each series, by its name."""
        card = self.connection.with_user(self.bookkeeper)
        card.invalidate_recordset()
        return {series["key"]: series["values"] for series in json.loads(card[name])}

    def test_bars_show_what_went_and_what_needs_somebody(self):
        self.posted(count=3)
        self.drain()
        self.env["qbo.mapping"].sudo().search(
            [("connection_id", "=", self.connection.id)]
        ).write({"reference_id": False})
        self.posted(count=2)
        self.drain()

        bars = self.bars()

        self.assertEqual(list(bars), ["Exported", "Needs attention"])
        self.assertEqual([len(points) for points in bars.values()], [14, 14])
        self.assertEqual(bars["Exported"][-1]["value"], 3)
        self.assertEqual(bars["Needs attention"][-1]["value"], 2)
        self.assertFalse(any(point["value"] for point in bars["Exported"][:-1]))
        self.assertGreaterEqual(
            self.bars("speed_graph")["Seconds to QuickBooks"][-1]["value"], 0
        )

    def test_bars_have_the_days_of_the_reader(self):
        invoice = self.posted()
        self.drain()
        yesterday = fields.Date.today() - timedelta(days=1)
        self.row(invoice).sudo().done_at = fields.Datetime.to_datetime(
            yesterday
        ) + timedelta(hours=23)

        self.assertEqual(self.bars()["Exported"][-2]["value"], 1)
        self.bookkeeper.tz = "Asia/Tokyo"
        with freeze_time(fields.Datetime.to_datetime(yesterday) + timedelta(hours=26)):
            self.assertEqual(self.bars()["Exported"][-1]["value"], 1)
