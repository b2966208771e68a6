"""What became of each document of a request to QuickBooks, for the log."""

from collections.abc import Mapping

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.judging import Judgement, Verdict
from ..quickbooks.redaction import redact
from .qbo_log import KEPT_FOR

OUTCOMES = {
    Verdict.DONE: "done",
    Verdict.GONE: "gone",
    Verdict.AGAIN: "again",
    Verdict.CHECK: "unknown",
    Verdict.PERSON: "refused",
}
ADOPTED = "qbo_adopted"
#: In the context while a person takes a document of QuickBooks for the one of Odoo.
LINKED = "qbo_linked"


class QboLogDocument(models.Model):
    """What became of one document of a request: a batch has up to thirty.

    A row for each answer, so that the way of a document stays readable: lost and
    adopted, put off, refused. It belongs to its request by the request id.
    """

    _name = "qbo.log.document"
    _description = "QuickBooks Request Log: Document"
    _order = "id desc"
    _rec_name = "reference"
    _log_access = False

    connection_id = fields.Many2one(
        "qbo.connection", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade"
    )
    export_id = fields.Many2one(
        "qbo.export", required=True, index=True, ondelete="cascade"
    )
    created_at = fields.Datetime("Time", required=True, index=True)
    request_id = fields.Char(index=True)
    reference = fields.Char("Document")
    operation = fields.Selection(
        selection=lambda self: self.env["qbo.export"]._fields["operation"].selection
    )
    outcome = fields.Selection(
        [
            ("done", "Done"),
            ("adopted", "Found done after a lost answer"),
            ("linked", "Linked by a person"),
            ("gone", "Gone in QuickBooks already"),
            ("again", "Not done, tried again"),
            ("unknown", "Answer lost, looked up"),
            ("refused", "Refused"),
        ],
        required=True,
    )
    message = fields.Char("Answer")
    qbo_id = fields.Char("QuickBooks Id")

    @api.model
    def _note(
        self,
        judgements: Mapping[int, Judgement],
        answers: Mapping[int, Mapping],
    ) -> None:
        """Write down what came of exports, in one statement, before they move on.

        :param judgements: by export id
        :param answers: QuickBooks' objects by export id
        """
        if not judgements:
            return
        told = "adopted" if self.env.context.get(ADOPTED) else ""
        if self.env.context.get(LINKED):
            told = "linked"
        rows = [
            (
                export_id,
                told or OUTCOMES[judged.verdict],
                redact(" ".join(filter(None, [judged.code, judged.text]))) or None,
                (answers.get(export_id) or {}).get("Id"),
            )
            for export_id, judged in judgements.items()
        ]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO qbo_log_document (
                    connection_id, company_id, export_id, created_at, request_id,
                    reference, operation, outcome, message, qbo_id)
                SELECT export.connection_id, export.company_id, export.id, %s,
                       export.request_id, export.reference, export.operation,
                       v.outcome, v.message, v.qbo_id
                  FROM qbo_export export
                  JOIN (VALUES %s) AS v (id, outcome, message, qbo_id)
                    ON v.id = export.id
              ORDER BY export.id
                """,
                fields.Datetime.now(),
                SQL(", ").join(SQL("%s", row) for row in rows),
            )
        )
        self.invalidate_model(flush=False)

    @api.autovacuum
    def _gc_log(self):
        """Keep as long as the requests."""
        oldest = fields.Datetime.now() - KEPT_FOR
        self.search([("created_at", "<", oldest)], limit=10000).unlink()


class QboLog(models.Model):
    _inherit = "qbo.log"

    document_ids = fields.Many2many(
        "qbo.log.document", string="Documents", compute="_compute_document_ids"
    )

    @api.depends("request_id")
    def _compute_document_ids(self):
        documents = self.env["qbo.log.document"].search(
            [
                ("connection_id", "in", self.connection_id.ids),
                ("request_id", "in", list(filter(None, self.mapped("request_id")))),
            ]
        )
        by_request = documents.grouped("request_id")
        for log in self:
            log.document_ids = by_request.get(log.request_id, documents.browse())


class QboExport(models.Model):
    _inherit = "qbo.export"

    log_document_ids = fields.One2many("qbo.log.document", "export_id", "History")

    @api.model
    def _record_judgements(self, connection, judgements, answers):
        # Before, for a row that moves on may lose its request id.
        self.env["qbo.log.document"]._note(judgements, answers)
        return super()._record_judgements(connection, judgements, answers)

    @api.model
    def _adopt(self, connection, adopted):
        return super(QboExport, self.with_context(**{ADOPTED: True}))._adopt(
            connection, adopted
        )
