"""Mended in Odoo: what was stopped by it is judged anew, by itself.

Whoever corrects a record knows nothing of exports. Each model says which of its fields
may mend a problem; the drain then finds out whether they did.
"""

from odoo import api, models
from odoo.tools import SQL

from .counted import counted
from .qbo_export import NAME_MODELS, OPEN_STATES

#: Rows that stand for a customer in QuickBooks.
CUSTOMER_MODELS = ("res.partner", "qbo.currency.customer")


class QboProblem(models.Model):
    _inherit = "qbo.problem"

    # Each change of a customer asks for what is open about it.
    _open_about_record = models.Index("(res_model, res_id) WHERE closed_at IS NULL")

    @api.model
    def _corrected(self, records) -> None:
        """Judge anew what problems about these records stop: they were corrected.

        The problems stay open until that is done. What was not mended by it is the same
        problem as before then, and nobody is told of it a second time.

        :param records: of any company, as a customer may be of several
        """
        if not records.ids:
            return
        self.sudo().search(
            [
                ("closed_at", "=", False),
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
            ]
        )._judge_anew()

    @api.model
    def _open_about_any(self, res_model: str) -> list[int]:
        """Return the records of a model that open problems name, in one query."""
        named = self.sudo()._read_group(
            [("closed_at", "=", False), ("res_model", "=", res_model)], ["res_id"]
        )
        return [res_id for (res_id,) in named]

    def _judge_anew(self):
        """Let what these stop try again.

        :return: the exports that were stopped and go on
        """
        stopped = self.export_ids.filtered(lambda export: export.state == "problem")
        stopped._release(resume=False)
        return stopped

    @api.model
    def _tell_released(self, exports) -> None:
        """Tell who has just saved something that exports go on because of it."""
        if not exports:
            return
        # What is saved by a list or a form itself has no action that could say it.
        self.env.user._bus_send(
            "simple_notification",
            {
                "type": "success",
                "message": self._released_words(exports._document_count()),
            },
        )

    @api.model
    def _released_words(self, count: int) -> str:
        """Return what people read when exports go on."""
        return counted(
            count,
            self.env._("1 export released."),
            self.env._("%(count)s exports released.", count=count),
        )


class QboExport(models.Model):
    _inherit = "qbo.export"

    @api.model
    def _open_about(self, records) -> tuple:
        """Return those of these records that wait to be exported, and those that open
        problems name.

        In one query: nearly always there are none, and whoever edits a record need not
        wait for more than that to be found out.
        """
        if not records.ids:
            return records.browse(), records.browse()
        self.flush_model(["res_model", "res_id", "state"])
        self.env["qbo.problem"].flush_model(["res_model", "res_id", "closed_at"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT 'waiting', res_id FROM qbo_export
                 WHERE res_model = %(model)s AND res_id IN %(ids)s AND state IN %(open)s
                 UNION ALL
                SELECT 'stopping', res_id FROM qbo_problem
                 WHERE res_model = %(model)s AND res_id IN %(ids)s
                   AND closed_at IS NULL
                """,
                model=records._name,
                ids=tuple(records.ids),
                open=OPEN_STATES,
            )
        )
        found = {"waiting": set(), "stopping": set()}
        for what, res_id in rows:
            found[what].add(res_id)
        return records.browse(found["waiting"]), records.browse(found["stopping"])

    def _document_count(self) -> int:
        """Count as people do: three invoices and their customer are three."""
        documents = self.filtered(lambda export: export.res_model not in NAME_MODELS)
        return len(documents or self)

    def _needed_first(self):
        """Return what must go before these and is stopped, or put off, itself.

        Whoever retries an invoice means its customer, too.

        :rtype: qbo.export
        """
        needed, level = self.sudo().browse(), self.sudo()
        while level:
            customers = level.search(
                [
                    ("connection_id", "in", level.connection_id.ids),
                    ("partner_id", "in", level.partner_id.ids),
                    ("res_model", "in", CUSTOMER_MODELS),
                    ("state", "in", ("problem", "retry")),
                ]
            )
            waited_for = level.waits_for_id.filtered(
                lambda export: export.state in ("problem", "retry")
            )
            level = (customers | waited_for) - needed - self
            needed |= level
        return needed
