from odoo import api, fields, models

from ..models.counted import counted
from ..models.roles import ADMINISTRATOR, BOOKKEEPER

STATUSES = [
    ("passed", "Passed"),
    ("warning", "Warning"),
    ("failed", "Failed"),
    ("not_checked", "Not checked"),
]
# Places where a row is mended, each with who comes there.
FIXES = {
    "settings": "base.group_system",
    "connect": ADMINISTRATOR,
    "edit": ADMINISTRATOR,
    "mapping": BOOKKEEPER,
    "refresh": BOOKKEEPER,
    "match": BOOKKEEPER,
}
# What somebody has to look at stands above what passed.
AHEAD = ("failed", "warning", "not_checked")


class QboTest(models.TransientModel):
    """What one press of Test found out about a connection."""

    _name = "qbo.test"
    _description = "Test of the QuickBooks Connection"

    connection_id = fields.Many2one("qbo.connection", required=True, readonly=True)
    row_ids = fields.One2many("qbo.test.row", "test_id", readonly=True)
    metered_reads = fields.Integer(
        readonly=True, help="What this test has cost of Intuit's limit of a month."
    )
    summary = fields.Char(compute="_compute_summary")
    worst = fields.Selection(STATUSES, "Overall result", compute="_compute_summary")

    @api.depends("row_ids.status", "metered_reads")
    def _compute_summary(self):
        for test in self:
            counts = dict.fromkeys(dict(STATUSES), 0)
            for row in test.row_ids:
                counts[row.status] += 1
            passed, failed = counts["passed"], counts["failed"]
            test.summary = counted(
                counts["warning"],
                self.env._(
                    "%(passed)s passed, 1 warning, %(failed)s failed.",
                    passed=passed,
                    failed=failed,
                ),
                self.env._(
                    "%(passed)s passed, %(warnings)s warnings, %(failed)s failed.",
                    passed=passed,
                    warnings=counts["warning"],
                    failed=failed,
                ),
            )
            if counts["not_checked"]:
                test.summary += " " + self.env._(
                    "%(count)s not checked.", count=counts["not_checked"]
                )
            if test.metered_reads:
                test.summary += " " + counted(
                    test.metered_reads,
                    self.env._(
                        "This test used 1 metered read of Intuit's monthly allowance."
                    ),
                    self.env._(
                        "This test used %(count)s metered reads of Intuit's monthly "
                        "allowance.",
                        count=test.metered_reads,
                    ),
                )
            worst_first = ("failed", "warning", "passed")
            test.worst = next((s for s in worst_first if counts[s]), "not_checked")

    @api.model
    def _of_rows(self, connection, rows, metered_reads=0):
        """Keep the rows of a test for its dialog.

        :param connection: qbo.connection that was tested
        :param rows: CheckRow values as ``qbo.connection._run_test`` returns them
        :param int metered_reads: what the test has cost
        :return: qbo.test
        """
        return self.create(
            {
                "connection_id": connection.id,
                "metered_reads": metered_reads,
                "row_ids": [
                    fields.Command.create(
                        {
                            "label": row.label,
                            "status": row.status,
                            "found": row.found,
                            "todo": row.todo,
                            "fix": self._fix_for_reader(row.fix),
                        }
                    )
                    for row in sorted(rows, key=lambda row: row.status not in AHEAD)
                ],
            }
        )

    @api.model
    def _fix_for_reader(self, fix):
        """Return the place where a row is mended, if the reader comes there."""
        return fix if fix and self.env.user.has_group(FIXES[fix]) else False

    def action_test_again(self):
        """Run the checks once more."""
        return self.connection_id.action_test()


class QboTestRow(models.TransientModel):
    """One check of a test: what was found, and what to do about it."""

    _name = "qbo.test.row"
    _description = "Check of the QuickBooks Connection"
    _order = "id"

    test_id = fields.Many2one("qbo.test", required=True, ondelete="cascade")
    status = fields.Selection(STATUSES, required=True)
    label = fields.Char(string="Check", required=True)
    found = fields.Char()
    todo = fields.Char(string="What to do")
    fix = fields.Char(readonly=True, help="Where it is mended: a key of FIXES.")

    def action_fix(self):
        """Button of a row: go where it is mended."""
        self.ensure_one()
        connection = self.test_id.connection_id
        openers = {
            "settings": connection._open_app_keys,
            "connect": lambda: connection._window_action("connect"),
            "edit": connection.action_edit,
            "mapping": self.env["qbo.mapping"].action_open,
            "refresh": connection.action_refresh_references,
            "match": self.env["qbo.match"].action_open,
        }
        return openers[self.fix]()
