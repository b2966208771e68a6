import logging
import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..engine import backoff
from ..mappers.outcome import Cause
from ..quickbooks import QuickBooksError, Refused, VaultError
from ..quickbooks.query import quote
from .qbo_exceptions import NotConnected
from .record_marker import marker_of

PDF = "application/pdf"
# Intuit, Attachable: FileName at most 1000 characters.
FILE_NAME_LIMIT = 1000
ENTITY_OF = {"out_invoice": "Invoice", "out_refund": "CreditMemo"}
# How long a company's PDFs wait after one that could not reach QuickBooks.
AWAY_FOR = timedelta(minutes=1)
# What goes by itself, when its time has come and its connection may send.
OPEN_STATES = ("waiting", "sending")

_logger = logging.getLogger(__name__)


class QboAttachment(models.Model):
    """The PDF of a document, which goes to QuickBooks once the document is there.

    A list of its own: an upload cannot be part of a batch, takes long, and whatever
    becomes of it the document stays exported. Uploaded exactly once: the request id is
    saved before the first attempt, and a later one looks for the file first.

    Each export of a document adds a row. The newest one uploads the PDF as it is then,
    and deletes what older rows have uploaded: an update of an Attachable replaces its
    description, never its content (Intuit, Attachable).
    """

    _name = "qbo.attachment"
    _description = "QuickBooks Attachment"
    _order = "id"
    _rec_name = "move_id"

    connection_id = fields.Many2one(
        "qbo.connection", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True, precompute=True
    )
    realm_id = fields.Char(required=True, readonly=True)
    move_id = fields.Many2one(
        "account.move", required=True, readonly=True, ondelete="cascade", index=True
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("sending", "Sending"),
            ("problem", "Needs attention"),
            ("done", "Attached"),
            ("replaced", "Replaced"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    request_id = fields.Char(readonly=True)
    attempt_count = fields.Integer(readonly=True)
    retry_at = fields.Datetime(readonly=True)
    qbo_id = fields.Char("QuickBooks Id", readonly=True)
    last_message = fields.Char(readonly=True)

    @api.model
    def _add(self, connection, moves):
        """Queue the PDFs of documents as they are now, unless they are due already."""
        own = [
            ("connection_id", "=", connection.id),
            ("realm_id", "=", connection.realm_id),
        ]
        not_begun = self.sudo().search(
            [
                *own,
                ("move_id", "in", moves.ids),
                ("state", "=", "waiting"),
                ("attempt_count", "=", 0),
            ]
        )
        self.sudo().create(
            [
                {
                    "connection_id": connection.id,
                    "realm_id": connection.realm_id,
                    "move_id": move.id,
                }
                for move in moves - not_begun.move_id
            ]
        )
        if moves - not_begun.move_id:
            self._wake()

    @api.model
    def _wake(self, at=None):
        """Have the scheduled action called."""
        cron = self.env.ref("service_billing_qbo.ir_cron_attach_pdf").sudo()
        cron._trigger(at=at)

    # -- sending ------------------------------------------------------------------

    @api.model
    def _cron_attach(self):
        """Attach what is due, each in transactions of its own.

        One worker at a time: Odoo never runs a scheduled action twice at once. What is
        found as being sent was left behind by a worker that died.
        """
        cron = self.env["ir.cron"]
        now = fields.Datetime.now()
        due = self.search(
            self._open_domain()
            & (Domain("retry_at", "=", False) | Domain("retry_at", "<=", now)),
            # One that never arrives puts the others off: not before they had a turn.
            order="attempt_count NULLS FIRST, id",
        )
        if cron._commit_progress(remaining=len(due)) <= 0 and due:
            # Odoo calls ten times in a row at least, whatever the time. To do nothing
            # ends that; by itself it would come again within a minute.
            self._wake()
            return
        put_off_ids = set()
        for attachment_id in due.ids:
            if attachment_id in put_off_ids:
                continue
            # By itself: after each commit Odoo would read all those that are due.
            attachment = self.browse(attachment_id)
            attachment._begin()
            cron._commit_progress()
            put_off = attachment._attach_safely()
            put_off_ids.update(put_off.ids)
            if cron._commit_progress(1 + len(put_off)) <= 0:
                break
        # Nothing of before: being called for that would never end.
        later = self._open_domain() & Domain("retry_at", ">", now)
        if first := self.search(later, order="retry_at", limit=1):
            self._wake(at=first.retry_at)

    @api.model
    def _open_domain(self):
        """Return the domain of what goes by itself, now or at its time.

        What nothing may be sent of waits for a person, who has the action called.

        :rtype: Domain
        """
        connections = self.env["qbo.connection"].search([("state", "=", "connected")])
        return Domain("state", "in", OPEN_STATES) & Domain.OR(
            Domain("connection_id", "=", connection.id)
            & Domain("realm_id", "=", connection.realm_id)
            for connection in connections
            if connection._may_send()
        )

    def _begin(self):
        """Save the request id of the first attempt, before anything is sent."""
        self.ensure_one()
        self.write(
            {
                "state": "sending",
                "request_id": self.request_id or uuid.uuid4().hex,
                "attempt_count": self.attempt_count + 1,
                "retry_at": False,
            }
        )

    def _attach_safely(self):
        """Attach, or stop: one PDF that cannot be made holds up no other.

        :return: what was put off with it
        """
        try:
            return self._attach()
        except Exception:  # reports are anybody's templates
            self.env.cr.rollback()
            _logger.exception("The PDF of %s was not attached", self.move_id.id)
            self._stop(
                self.env._(
                    "a fault in the program. Tell your administrator; the server's log"
                    " has the details."
                )
            )
            return self.browse()

    def _attach(self):
        """Upload the PDF and write down what came of it.

        :return: what was put off with it, since QuickBooks cannot be had
        """
        self.ensure_one()
        nothing = self.browse()
        others = self._others()
        if any(other.id > self.id for other in others):
            self._is_replaced()
            return nothing
        connection = self.connection_id.with_company(self.company_id)
        try:
            found = connection._with_client(
                lambda client: self._replace(client, others), action="attach"
            )
        except (QuickBooksError, VaultError, UserError) as error:
            concerns_all = not isinstance(error, (Refused, UserError))
            if concerns_all or isinstance(error, NotConnected):
                self._try_later(error)
                return self._put_off_neighbours()
            self._stop(error)
        else:
            self._is_attached(found["Id"])
        return nothing

    def _others(self):
        """Return the other rows of the document."""
        return self.search(
            [
                ("connection_id", "=", self.connection_id.id),
                ("realm_id", "=", self.realm_id),
                ("move_id", "=", self.move_id.id),
                ("id", "!=", self.id),
            ]
        )

    def _replace(self, client, others):
        """Upload the PDF, then delete those that other rows have uploaded.

        In this order, so that the document is at no time without one.

        :return: the Attachable
        :rtype: dict
        """
        binding = self.env["qbo.binding"]._find(
            self.connection_id, self.move_id, ENTITY_OF[self.move_id.move_type]
        )
        if not binding:
            raise UserError(self.env._("it is no longer linked with QuickBooks."))
        there = []
        if others or self.attempt_count > 1:
            where = (
                f"AttachableRef.EntityRef.Type = {quote(binding.entity)}"
                f" AND AttachableRef.EntityRef.value = {quote(binding.qbo_id)}"
            )
            there = list(client.query_all("Attachable", where))
        note = marker_of(self)
        mine = [one for one in there if one.get("Note") == note]
        found = mine[0] if mine else self._upload(client, binding)
        former_notes = {marker_of(other) for other in others}
        for former in there:
            if former.get("Note") in former_notes:
                client.delete(
                    "Attachable", former["Id"], former["SyncToken"], uuid.uuid4().hex
                )
        return found

    def _upload(self, client, binding):
        """Make the PDF and upload it; return its Attachable.

        Made here, where there is a client: a lost connection has nothing printed.

        :rtype: dict
        """
        name, content = self.move_id.with_company(self.move_id.company_id)._qbo_pdf()
        target = {"type": binding.entity, "value": binding.qbo_id}
        metadata = {
            "AttachableRef": [{"EntityRef": target, "IncludeOnSend": False}],
            "FileName": name[:FILE_NAME_LIMIT],
            "ContentType": PDF,
            "Note": marker_of(self),
        }
        return client.upload(metadata, name, content, PDF, self.request_id)

    # -- what came of it ----------------------------------------------------------

    def _is_attached(self, qbo_id):
        self.write({"state": "done", "qbo_id": qbo_id, "last_message": False})
        self._others()._is_replaced()
        self.env["qbo.problem"]._close(self.connection_id, [self._problem_key()])

    def _is_replaced(self):
        """A newer row brings, or has brought, the PDF."""
        self.write({"state": "replaced", "retry_at": False, "last_message": False})

    def _try_later(self, error):
        """A passing reason: again after a while."""
        delay = timedelta(seconds=round(backoff.ROW.delay_s(self.attempt_count)))
        self.write(
            {
                "state": "waiting",
                "retry_at": fields.Datetime.now() + delay,
                "last_message": str(error),
            }
        )

    def _put_off_neighbours(self):
        """QuickBooks cannot be had: the company's others would only find out, too.

        :return: those that were put off
        """
        until = fields.Datetime.now() + AWAY_FOR
        neighbours = self.search(
            [
                ("connection_id", "=", self.connection_id.id),
                ("realm_id", "=", self.realm_id),
                ("state", "in", OPEN_STATES),
                ("id", "!=", self.id),
                "|",
                ("retry_at", "=", False),
                ("retry_at", "<", until),
            ]
        )
        neighbours.retry_at = until
        return neighbours

    def _stop(self, error):
        """A person must act: the document stays exported, the problem is shown."""
        self.write({"state": "problem", "last_message": str(error)})
        cause = Cause(
            kind="data",
            key=self._problem_key(),
            message=self.env._(
                "%(document)s is in QuickBooks without its PDF: %(reason)s",
                document=self.move_id.display_name,
                reason=getattr(error, "reason", "") or str(error),
            ),
            todo=self.env._("Fix the cause, then Retry all."),
            res_model="account.move",
            res_id=self.move_id.id,
        )
        self.env["qbo.problem"]._open_rows(self.connection_id, [cause], {})

    def _problem_key(self):
        return f"pdf:account.move:{self.move_id.id}"


class QboConnection(models.Model):
    _inherit = "qbo.connection"

    def write(self, vals):
        """Call for what waited until it was connected, confirmed or resumed."""
        held = self.filtered(lambda connection: not connection._may_send())
        result = super().write(vals)
        if any(connection._may_send() for connection in held):
            self.env["qbo.attachment"]._wake()
        return result


class QboProblem(models.Model):
    _inherit = "qbo.problem"

    def _closed(self):
        """What a person says is mended is tried again."""
        result = super()._closed()
        move_ids = [
            int(problem.key.rpartition(":")[2])
            for problem in self
            if problem.key.startswith("pdf:")
        ]
        if move_ids:
            attachments = self.env["qbo.attachment"].sudo()
            stopped = attachments.search(
                [("state", "=", "problem"), ("move_id", "in", move_ids)]
            )
            stopped.state = "waiting"
            attachments._wake()
        return result


class AccountMove(models.Model):
    _inherit = "account.move"

    def _qbo_after_exports(self, connection, bindings, answers):
        result = super()._qbo_after_exports(connection, bindings, answers)
        if connection.attach_pdf:
            posted = self.filtered(lambda move: move.state == "posted")
            self.env["qbo.attachment"]._add(connection, posted)
        return result

    def _qbo_pdf(self):
        """Return name and content of the document's PDF: the one sent, else a new one.

        :rtype: tuple[str, bytes]
        :raise UserError: Odoo cannot make PDF files on this server
        """
        self.ensure_one()
        name = self._get_invoice_report_filename()
        if self.invoice_pdf_report_id:
            return name, self.invoice_pdf_report_id.raw
        report = self.env["account.move.send"]._get_default_pdf_report_id(self)
        content, kind = self.env["ir.actions.report"]._render(report, self.ids)
        if kind != "pdf":
            raise UserError(
                self.env._("Odoo cannot make PDF files here: wkhtmltopdf is missing.")
            )
        return name, content
