from odoo import api, fields, models
from odoo.tools import formatLang

from ..models.counted import counted

# So many documents are named; of the rest their number is.
NAMED_COUNT = 5


class QboExclude(models.TransientModel):
    """Asks why some documents are not to go to QuickBooks."""

    _name = "qbo.exclude"
    _description = "Exclude from QuickBooks"

    export_ids = fields.Many2many("qbo.export", readonly=True)
    move_ids = fields.Many2many(
        "account.move", readonly=True, help="Documents that were never queued."
    )
    question = fields.Char(compute="_compute_documents")
    names_text = fields.Char(compute="_compute_documents")
    total_text = fields.Char(compute="_compute_documents")
    left_text = fields.Char(readonly=True)
    reason = fields.Char(required=True)

    @api.depends("export_ids", "move_ids")
    def _compute_documents(self):
        for wizard in self:
            exports, moves = wizard.export_ids, wizard.move_ids
            names = [
                *(export.reference or "?" for export in exports),
                *moves.mapped("display_name"),
            ]
            wizard.question = counted(
                len(names),
                wizard.env._("1 document will not be sent to QuickBooks:"),
                wizard.env._(
                    "%(count)s documents will not be sent to QuickBooks:",
                    count=len(names),
                ),
            )
            wizard.names_text = wizard._named(names)
            wizard.total_text = wizard._total(
                [
                    *((row.company_currency_id, row.amount_total) for row in exports),
                    *(
                        (move.company_currency_id, move.amount_total_signed)
                        for move in moves
                    ),
                ]
            )

    def _named(self, names: list[str]) -> str:
        """Return the first names, and how many more there are."""
        shown = ", ".join(names[:NAMED_COUNT])
        if len(names) <= NAMED_COUNT:
            return shown
        return self.env._(
            "%(names)s and %(count)s more", names=shown, count=len(names) - NAMED_COUNT
        )

    def _total(self, amounts: list) -> str:
        """Return the sum of amounts of each currency, as people read it.

        :param amounts: pairs of a res.currency and an amount in it
        """
        totals: dict = {}
        for currency, amount in amounts:
            totals[currency] = totals.get(currency, 0.0) + amount
        return ", ".join(
            formatLang(self.env, total, currency_obj=currency)
            for currency, total in totals.items()
        )

    def action_exclude(self):
        """Keep the documents out of QuickBooks, with the reason and who gave it."""
        count = len(self.export_ids) + len(self.move_ids)
        if self.export_ids:
            self.export_ids.action_exclude(self.reason)
        for company, moves in self.move_ids.grouped("company_id").items():
            connection = self.env["qbo.connection"]._for_company(company)
            self.env["qbo.export"]._keep_out(connection, moves, self.reason)
        words = self.env._("%(count)s excluded", count=count)
        if self.left_text:
            words = f"{words}, {self.left_text}"
        return self.env["qbo.export"]._toast(words)
