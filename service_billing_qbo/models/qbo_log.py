from datetime import timedelta

from odoo import api, fields, models

from .. import quickbooks

KEPT_FOR = timedelta(days=30)
SHOWN_DOCUMENTS = 3
# What is done, by the name that the code gives it. An addon with work of its own adds
# to the selection; what nobody named is "other".
ACTIONS = [
    ("export", "Export"),
    ("attach", "Attach a PDF"),
    ("follow changes", "Follow changes"),
    ("retrieve lists", "Retrieve lists"),
    ("read company", "Read the company"),
    ("refresh balance", "Refresh a balance"),
    ("retry", "Retry"),
    ("test", "Test"),
    ("connect", "Connect"),
    ("recover", "Reconnect by itself"),
    ("disconnect", "Disconnect"),
    ("other", "Other"),
]
OUTCOMES = [
    ("answered", "Answered"),
    ("refused", "Refused"),
    ("signed_out", "Sign-in refused"),
    ("throttled", "Too many calls"),
    ("failed", "QuickBooks failed"),
    ("not_sent", "Not sent"),
    ("lost", "Answer lost"),
]
# Statuses that say more than their hundred.
OUTCOME_OF_STATUS = {401: "signed_out", 429: "throttled"}


class QboLog(models.Model):
    """One request to QuickBooks and what became of it; no bodies, no secrets.

    The threads that send collect exchanges (exchange_recorder.py); whoever owns a
    cursor writes them here. `intuit_tid` is what Intuit's support asks for.
    """

    _name = "qbo.log"
    _description = "QuickBooks Request Log"
    _order = "id desc"
    _rec_name = "path"
    _log_access = False

    connection_id = fields.Many2one(
        "qbo.connection", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade"
    )
    created_at = fields.Datetime(required=True, index=True)
    user_id = fields.Many2one(
        "res.users", "Odoo user", ondelete="set null", help="Empty: automatic."
    )
    done_by = fields.Char("User", compute="_compute_done_by")
    action = fields.Selection(ACTIONS, help="What was being done.")
    document = fields.Char(help="The document that it was done for.")
    method = fields.Char()
    path = fields.Char()
    status = fields.Integer(string="HTTP status")
    outcome = fields.Selection(
        OUTCOMES, help="What became of the request, whatever it carried."
    )
    duration_ms = fields.Integer(string="Milliseconds")
    intuit_tid = fields.Char("intuit_tid")
    request_id = fields.Char()
    metered = fields.Boolean(help="Intuit counts it against the month's limit.")

    @api.depends("user_id")
    def _compute_done_by(self):
        automatic = self.env._("automatic")
        for log in self:
            log.done_by = log.user_id.name or automatic

    @api.model
    def _record(
        self, connection, exchanges, action: str = "", document: str = "", carried=None
    ) -> None:
        """Write what a client exchanged, and count it.

        :param exchanges: quickbooks.Exchange, oldest first
        :param action: what was being done, a key of ``ACTIONS``
        :param document: number or name of the record it was done for
        :param carried: ids of the exports that went, by request id
        """
        # Cron and the OAuth pages of a signed-out browser are nobody's doing.
        user = self.env.user
        automatic = user == self.env.ref("base.user_root") or user._is_public()
        now = fields.Datetime.now()
        documents = self._documents_of(exchanges, carried or {})
        known = {key for key, _label in self._fields["action"].selection}
        self.sudo().create(
            [
                {
                    "connection_id": connection.id,
                    "company_id": connection.company_id.id,
                    "created_at": now,
                    "user_id": False if automatic else user.id,
                    "action": action if action in known else "other",
                    "document": document or documents.get(exchange.request_id, ""),
                    "method": exchange.method,
                    "path": exchange.path,
                    "status": exchange.status or 0,
                    "outcome": _outcome_of(exchange),
                    "duration_ms": round(exchange.elapsed_s * 1000),
                    "intuit_tid": exchange.intuit_tid or "",
                    "request_id": exchange.request_id or "",
                    "metered": exchange.metered,
                }
                for exchange in exchanges
            ]
        )
        metered = sum(exchange.metered for exchange in exchanges)
        self.env["qbo.call.count"]._count(connection, metered, len(exchanges) - metered)

    @api.model
    def _documents_of(self, exchanges, carried) -> dict[str, str]:
        """Return what requests carried, in words: a batch may hold thirty documents.

        :return: text by request id
        """
        export_ids = {
            exchange.request_id: carried[exchange.request_id]
            for exchange in exchanges
            if exchange.request_id in carried
        }
        # One look for all of them.
        rows = self.env["qbo.export"].sudo()
        if every := [export_id for ids in export_ids.values() for export_id in ids]:
            rows = rows.search_fetch([("id", "in", every)], ["reference"], order="id")
        return {
            request_id: self._in_words(
                (rows & rows.browse(ids)).mapped("reference"), len(ids)
            )
            for request_id, ids in export_ids.items()
        }

    @api.model
    def _in_words(self, references: list[str], count: int) -> str:
        """Name documents: the first of them, and how many there are besides.

        :param references: of the first ones at least
        """
        shown = ", ".join(filter(None, references[:SHOWN_DOCUMENTS]))
        more = count - SHOWN_DOCUMENTS
        if more <= 0:
            return shown
        return self.env._(
            "%(documents)s and %(count)s more", documents=shown, count=more
        )

    @api.autovacuum
    def _gc_log(self):
        """Keep 30 days."""
        oldest = fields.Datetime.now() - KEPT_FOR
        self.search([("created_at", "<", oldest)], limit=10000).unlink()


def _outcome_of(exchange) -> str:
    """Return what became of a request, as far as the transport tells.

    :param quickbooks.Exchange exchange: with the name of the error where none came back
    """
    if exchange.error:
        error = getattr(quickbooks, exchange.error)
        return "not_sent" if issubclass(error, quickbooks.NotSent) else "lost"
    if named := OUTCOME_OF_STATUS.get(exchange.status):
        return named
    if exchange.status < 300:
        return "answered"
    # Maintenance pages and captive portals answer with redirects.
    return "refused" if 400 <= exchange.status < 500 else "failed"
