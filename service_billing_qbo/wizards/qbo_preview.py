from collections import Counter

from odoo import api, fields, models

from ..models.qbo_problem import WHOSE_TURN
from ..models.qbo_problem_screens import FIX_WORDS, fix_of

OUTCOMES = [
    ("go", "Would go"),
    ("there", "In QuickBooks already"),
    ("stopped", "Stopped"),
    ("nothing", "Nothing to send"),
]
# So many documents are looked at in one dialog; the rest is said.
DOCUMENT_LIMIT = 200


class QboPreview(models.TransientModel):
    """What QuickBooks would get now for some documents, and what stops them.

    Worked out when the dialog is opened, from what Odoo knows of QuickBooks: no
    call is made. One document is shown line by line, several in one table.
    """

    _name = "qbo.preview"
    _description = "QuickBooks Preview"

    document_ids = fields.One2many(
        "qbo.preview.document", "preview_id", readonly=True, string="Documents"
    )
    row_ids = fields.One2many("qbo.preview.row", "preview_id", readonly=True)
    cause_ids = fields.One2many("qbo.preview.cause", "preview_id", readonly=True)
    note = fields.Char(readonly=True)
    payload_text = fields.Text(
        "JSON",
        readonly=True,
        groups="service_billing_qbo.group_bookkeeper,account.group_account_readonly",
    )
    is_single = fields.Boolean(compute="_compute_summary")
    is_there = fields.Boolean(
        compute="_compute_summary",
        help="One document that QuickBooks has, and nothing of it is to be sent.",
    )
    summary = fields.Char(compute="_compute_summary")
    can_export = fields.Boolean(compute="_compute_summary")

    @api.depends("document_ids.outcome", "document_ids.can_be_sent")
    def _compute_summary(self):
        for preview in self:
            documents = preview.document_ids
            count = Counter(documents.mapped("outcome"))
            words = [
                self.env._(
                    "%(going)s would go, %(stopped)s cannot",
                    going=count["go"],
                    stopped=count["stopped"],
                )
            ]
            if there := count["there"]:
                words.append(self.env._("%(count)s in QuickBooks already", count=there))
            if nothing := count["nothing"]:
                words.append(
                    self.env._("%(count)s with nothing to send", count=nothing)
                )
            preview.is_single = len(documents) == 1
            preview.is_there = documents.mapped("outcome") == ["there"]
            preview.summary = ", ".join(words)
            preview.can_export = any(
                document.outcome == "go" and document.can_be_sent
                for document in documents
            )

    @api.model
    def _action_of(self, moves):
        """Look at documents and return the action that shows what was found.

        :param moves: account.move that the user may read
        """
        connection = self.env["qbo.connection"]._for_company(
            moves[:1].company_id or self.env.company
        )
        if not connection.realm_id:
            connection._check_connected()
        preview = self._look_at(moves)
        name = self.env._("QuickBooks preview")
        if preview.is_single:
            name = f"{name}: {preview.document_ids._title()}"
        return preview._get_records_action(
            name=name, target="new", context={"dialog_size": "extra-large"}
        )

    @api.model
    def _look_at(self, moves):
        """Make the dialog's content.

        :param moves: account.move, invoices and credit notes
        :return: qbo.preview
        """
        looked_at = moves[:DOCUMENT_LIMIT]
        # What the documents of a company ask alike is looked up once.
        known = {company.id: {} for company in looked_at.company_id}
        found = [
            (
                move,
                move.with_context(
                    qbo_read_once=known[move.company_id.id]
                )._qbo_preview(),
            )
            for move in looked_at
        ]
        values = {
            "document_ids": [
                fields.Command.create(self._document_values(move, preview))
                for move, preview in found
            ],
            "note": self._note_of(moves, found),
        }
        if len(found) == 1:
            [(move, preview)] = found
            values["row_ids"] = [
                fields.Command.create(row) for row in move._qbo_preview_rows(preview)
            ]
            values["cause_ids"] = [
                fields.Command.create(
                    {
                        "message": cause.message,
                        "todo": cause.todo,
                        "key": cause.key,
                        "turn": cause.turn,
                        "fix": fix_of(
                            cause.kind, cause.key, cause.res_model, cause.res_id
                        ),
                        "res_model": cause.res_model,
                        "res_id": cause.res_id,
                    }
                )
                for cause in preview.causes
            ]
            values["payload_text"] = preview.payload_text()
        # As superuser only to fill in the JSON, which a clerk does not see.
        return self.sudo().create(values).sudo(False)

    @api.model
    def _document_values(self, move, preview):
        outcome = "go"
        if preview.causes:
            outcome = "stopped"
        elif preview.operation == "nothing":
            outcome = "there" if preview.is_there else "nothing"
        # As the list of invoices has them: a credit note takes away.
        sign = -1 if move.move_type == "out_refund" else 1
        return {
            "move_id": move.id,
            "operation": preview.operation,
            "outcome": outcome,
            "reason": " ".join(cause.message for cause in preview.causes)
            or self._other_reason(move, preview),
            "odoo_total": sign * move.amount_total,
            "expected_total": sign * (preview.expected_total or 0),
            "is_foreseen": preview.expected_total is not None,
        }

    @api.model
    def _note_of(self, moves, found):
        """Say what the table cannot: why nothing goes just now, who goes first.

        :rtype: str
        """
        sentences = []
        held = self.env["qbo.connection"]._for_company(moves.company_id[:1])._why_held()
        if held:
            sentences.append(held)
        if len(moves) > len(found):
            sentences.append(
                self.env._(
                    "The first %(count)s of %(total)s documents.",
                    count=len(found),
                    total=len(moves),
                )
            )
        if len(found) != 1:
            return " ".join(sentences)
        [(move, preview)] = found
        if move.state == "draft":
            sentences.append(
                self.env._("A draft: nothing is sent before it is confirmed.")
            )
        if preview.first and not preview.causes:
            sentences.append(
                self.env._(
                    "%(customer)s is created in QuickBooks first.",
                    customer=", ".join(preview.first),
                )
            )
        if preview.is_there:
            sentences.append(
                self.env._("QuickBooks has this document: nothing would be sent.")
            )
        sentences.append(self._other_reason(move, preview))
        return " ".join(filter(None, sentences))

    @api.model
    def _other_reason(self, move, preview):
        """Say why a document does not go by itself, where nothing stops it.

        :rtype: str
        """
        if move.qbo_status == "not_exported":
            return move.qbo_status_text or ""
        return preview.reason

    def action_export_now(self):
        """Queue the documents that can go.

        :raise NotConnected: when nothing can be sent now
        """
        self.ensure_one()
        going = self.document_ids.filtered(lambda document: document.outcome == "go")
        # Here they were looked at, also those from before the first day.
        return going.move_id._qbo_queue_selected(("export", "retry", "early"))


class QboPreviewDocument(models.TransientModel):
    """One document of a preview: whether it would go, and to which total."""

    _name = "qbo.preview.document"
    _description = "Document of a QuickBooks Preview"
    _order = "id"

    preview_id = fields.Many2one("qbo.preview", required=True, ondelete="cascade")
    # Not as superuser: what is shown of the document is what its reader may see.
    move_id = fields.Many2one("account.move", "Document", required=True)
    partner_id = fields.Many2one(
        related="move_id.commercial_partner_id", string="Customer", related_sudo=False
    )
    currency_id = fields.Many2one(related="move_id.currency_id", related_sudo=False)
    name = fields.Char("Number", compute="_compute_move", compute_sudo=False)
    can_be_sent = fields.Boolean(compute="_compute_move", compute_sudo=False)
    operation = fields.Selection(
        [
            ("create", "New"),
            ("update", "Change"),
            ("void", "Will be voided in QuickBooks"),
            ("delete", "Will be deleted in QuickBooks"),
            ("nothing", "Nothing to send"),
        ],
        string="In QuickBooks",
    )
    outcome = fields.Selection(OUTCOMES)
    outcome_text = fields.Char(compute="_compute_outcome_text")
    reason = fields.Char("Why")
    odoo_total = fields.Monetary("Total in Odoo")
    expected_total = fields.Monetary("Expected in QuickBooks")
    is_foreseen = fields.Boolean()

    @api.depends("move_id")
    @api.depends_context("lang", "uid")
    def _compute_move(self):
        for document in self:
            move = document.move_id
            document.name = move._get_move_display_name()
            document.can_be_sent = bool(move.qbo_button)

    @api.depends("outcome", "operation")
    @api.depends_context("lang")
    def _compute_outcome_text(self):
        """Say of what would go what becomes of it there."""
        words = {
            "create": self.env._("Would be created"),
            "update": self.env._("Would be changed"),
            "void": self.env._("Would be voided"),
            "delete": self.env._("Would be deleted"),
        }
        for document in self:
            would_go = document.outcome == "go"
            document.outcome_text = would_go and words.get(document.operation)

    def _title(self):
        """Return the document with what becomes of it: "INV/2026/00042 (new)".

        :rtype: str
        """
        self.ensure_one()
        shown = "outcome" if self.outcome == "there" else "operation"
        words = dict(self._fields[shown]._description_selection(self.env))
        becomes = words[self[shown]]
        # Its first letter only: the name of QuickBooks stays as it is.
        return f"{self.name} ({becomes[:1].lower()}{becomes[1:]})"


class QboPreviewRow(models.TransientModel):
    """One row of a document: what Odoo has, what QuickBooks will get."""

    _name = "qbo.preview.row"
    _description = "Row of a QuickBooks Preview"
    _order = "id"

    preview_id = fields.Many2one("qbo.preview", required=True, ondelete="cascade")
    label = fields.Char()
    odoo_text = fields.Char("Odoo")
    odoo_amount = fields.Char("Amount")
    qbo_text = fields.Char("QuickBooks will get")
    qbo_amount = fields.Char("QuickBooks amount")
    preview_mark = fields.Selection(
        [("equal", "Equal"), ("differs", "Differs"), ("changed", "Changed")], string=" "
    )


class QboPreviewCause(models.TransientModel):
    """One cause that stops the document, with the way to mend it."""

    _name = "qbo.preview.cause"
    _description = "Problem of a QuickBooks Preview"
    _order = "id"

    preview_id = fields.Many2one("qbo.preview", required=True, ondelete="cascade")
    message = fields.Char("What stops it")
    todo = fields.Char("What to do")
    turn = fields.Selection(WHOSE_TURN, "Whose turn")
    key = fields.Char()
    fix = fields.Selection(FIX_WORDS)
    res_model = fields.Char()
    res_id = fields.Many2oneReference(model_field="res_model")

    def action_fix(self):
        """Open the screen on which the cause is mended."""
        self.ensure_one()
        return self.env["qbo.problem"]._fix_action(
            self.fix, self.key, self.res_model, self.res_id
        )
