from odoo import api, fields, models
from odoo.tools import formatLang

from ..models.counted import counted
from ..models.qbo_export_linked import UNDER_WAY

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
        """Keep the documents out of QuickBooks, with the reason and who gave it.

        While the question was open some may have gone: of these it is said why they
        are not excluded.
        """
        self.ensure_one()
        excluded = self.export_ids._exclude_held(self.reason)
        for company, moves in self.move_ids.grouped("company_id").items():
            connection = self.env["qbo.connection"]._for_company(company)
            excluded += excluded._keep_out(connection, moves, self.reason)
        late_words, is_there = self._late_words(excluded)
        words = [
            self.env._("%(count)s excluded", count=len(excluded)),
            *late_words,
            self.left_text,
        ]
        message = ", ".join(filter(None, words))
        hint = excluded._there_words()
        if is_there and hint not in message:
            message = f"{message}. {hint}"
        return excluded._toast(message, "success" if excluded else "warning")

    def _late_words(self, excluded) -> tuple[list[str], bool]:
        """Say of those that got away while the question was open why.

        :param excluded: the exports that did not
        :return: what there is to say, and whether QuickBooks has one of them
        """
        done = excluded.filtered(lambda row: row.res_model == "account.move")
        done_ids = set(done.mapped("res_id"))
        moves = self.move_ids.sudo().filtered(lambda move: move.id not in done_ids)
        moves.invalidate_recordset(["qbo_binding_id", "qbo_export_id"])
        moves_there = moves.filtered(lambda move: move.qbo_binding_id._is_there())
        exports = (self.export_ids - excluded).sudo()
        exports_there = exports._there()
        others = (exports - exports_there) | (moves - moves_there).qbo_export_id
        under_way = others.filtered(lambda row: row.state in UNDER_WAY)
        there_count = len(moves_there) + len(exports_there)
        left_count = len(moves) + len(exports) - there_count - len(under_way)
        words = []
        if left_count:
            words.append(self.env._("%(count)s left alone", count=left_count))
        if under_way:
            words.append(
                self.env._(
                    "%(count)s being sent just now: try again in a minute",
                    count=len(under_way),
                )
            )
        if there_count:
            words.append(self.env._("%(count)s already exported", count=there_count))
        return words, bool(there_count)
