from collections import defaultdict

from odoo import api, fields, models, tools
from odoo.tools import SQL

STATES = [
    ("waiting", "Waiting"),
    ("sending", "Sending"),
    ("retry", "Trying again"),
    ("checking", "Checking"),
    ("problem", "Needs attention"),
    ("exported", "Exported"),
    ("excluded", "Excluded"),
    ("cancelled", "Cancelled"),
]
OPEN_STATES = ("waiting", "sending", "retry", "checking", "problem")
#: Rows that stand for a name in QuickBooks' lists, not for a document.
NAME_MODELS = ("res.partner", "qbo.currency.customer", "product.template")
LANE_COUNT = 4
#: What records show of their row, see ``qbo.exportable``.
STATUS_FIELDS = {"qbo_export_id", "qbo_status", "qbo_status_text"}


class QboExport(models.Model):
    """One unit of work: bring this record's present state to QuickBooks.

    The outbox of design 5.1. At most one row is open per record and
    connection; a change of the record while its row is open raises
    ``revision`` and so folds into it.

    *waiting* -> *sending* (request id saved, answer outstanding) -> *exported*;
    or *retry* (certainly not executed, next attempt at ``retry_at``), *checking*
    (perhaps executed: looked up before any resend), *problem* (a person must
    act), *excluded* (a person said no), *cancelled* (nothing to send any more).

    This file is the outbox as people and hooks see it. How it is emptied is in
    the other files of the name qbo_export_*.
    """

    _name = "qbo.export"
    _description = "QuickBooks Export"
    _order = "id desc"
    _rec_name = "reference"

    connection_id = fields.Many2one(
        "qbo.connection", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    realm_id = fields.Char("QuickBooks company", readonly=True)
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Document", model_field="res_model", required=True, readonly=True
    )
    reference = fields.Char("Number", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index=True, ondelete="set null"
    )
    amount_total = fields.Monetary(
        "Amount", readonly=True, currency_field="company_currency_id"
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="waiting")
    priority = fields.Integer(
        readonly=True, default=10, help="Customers and items go first."
    )
    revision = fields.Integer(
        readonly=True, default=0, help="Raised by each change of the record."
    )
    sent_revision = fields.Integer(readonly=True)
    waits_for_id = fields.Many2one(
        "qbo.export",
        "Waits for",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The customer or item that must be in QuickBooks first.",
    )

    operation = fields.Selection(
        [
            ("create", "Create"),
            ("update", "Update"),
            ("void", "Void"),
            ("delete", "Delete"),
            ("nothing", "Nothing to send"),
        ],
        readonly=True,
    )
    entity = fields.Char("QuickBooks type", readonly=True)
    doc_number = fields.Char("QuickBooks number", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True, ondelete="restrict")
    expected_total = fields.Monetary(readonly=True)
    expected_tax = fields.Monetary(readonly=True)
    expected_home_total = fields.Monetary(
        readonly=True, currency_field="company_currency_id"
    )
    home_tolerance = fields.Float(
        readonly=True,
        digits=(16, 4),
        help="By how much the home total may differ for rounding alone.",
    )
    payload_text = fields.Text("Sent", readonly=True)
    look_up_text = fields.Text(readonly=True)
    request_id = fields.Char(readonly=True)
    b_id = fields.Char("Item of the batch", readonly=True)

    attempt_count = fields.Integer("Attempts", readonly=True)
    stale_count = fields.Integer(readonly=True)
    retry_at = fields.Datetime("Next try", readonly=True)
    queued_at = fields.Datetime("Queued", readonly=True)
    first_sent_at = fields.Datetime(
        readonly=True,
        help="First sending since QuickBooks last said for certain that it has it.",
    )
    sent_at = fields.Datetime("Sent at", readonly=True)
    done_at = fields.Datetime("Done", readonly=True)
    check_code = fields.Char(
        readonly=True, help="Why the outcome is unknown: Intuit's code."
    )
    last_message = fields.Char("Last answer", readonly=True)
    intuit_tid = fields.Char("Intuit's transaction id", readonly=True)
    problem_ids = fields.Many2many(
        "qbo.problem",
        "qbo_export_problem_rel",
        "export_id",
        "problem_id",
        readonly=True,
    )
    excluded_reason = fields.Char(readonly=True)
    excluded_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")

    # An exclusion counts, too: what is excluded stays so when the record changes.
    _one_open_per_record = models.UniqueIndex(
        "(connection_id, res_model, res_id)"
        " WHERE state IN"
        " ('waiting', 'sending', 'retry', 'checking', 'problem', 'excluded')",
        "This record is already waiting to be exported.",
    )
    # What is due, in the order in which it goes.
    _due = models.Index(
        "(connection_id, priority, id) WHERE state IN ('waiting', 'retry')"
    )
    _later = models.Index(
        "(connection_id, retry_at)"
        " WHERE retry_at IS NOT NULL AND state IN ('retry', 'checking')"
    )
    _under_way = models.Index(
        "(connection_id, state) WHERE state IN ('sending', 'checking')"
    )
    _sent = models.Index("(connection_id, sent_at) WHERE sent_at IS NOT NULL")
    _record = models.Index("(res_model, res_id)")

    # -- the way in ---------------------------------------------------------

    @api.model
    def _enqueue(self, records, connection=None) -> None:
        """Queue the present state of ``records``; a row still open takes it in.

        One INSERT for all of one connection and one trigger per transaction,
        no write on the records, whatever state QuickBooks is in.

        :param records: records of a model that inherits ``qbo.exportable``
        :param connection: the ``qbo.connection`` that they go to whatever the
            start date; without it each goes to its company's connection, if
            that exports documents
        """
        if connection:
            targets = {connection.id: records}
        else:
            targets = self._by_connection(records)
        for connection_id, own_records in targets.items():
            if own_records:
                target = self.env["qbo.connection"].sudo().browse(connection_id)
                self._insert(target, own_records)
                self._wake(target)

    @api.model
    def _by_connection(self, records) -> dict:
        """Return by connection id those records that are exported by themselves."""
        targets = defaultdict(records.browse)
        for company, own_records in records.grouped(lambda r: r._qbo_company()).items():
            connection_id, start = self._target(company.id)
            if connection_id:
                early = own_records.filtered(
                    lambda r, start=start: (
                        not start
                        or (r._qbo_starting_date() and r._qbo_starting_date() < start)
                    )
                )
                # What QuickBooks has already is kept up to date whatever its date,
                # and also by what is done while QuickBooks is not used.
                targets[connection_id] += own_records - early + early._qbo_followed()
        return targets

    @api.model
    @tools.ormcache("company_id")
    def _target(self, company_id: int) -> tuple:
        """Return (connection id, start date) of a company, (False, None) for none.

        Without a start date nothing new goes; changes wait until QuickBooks is used
        again.
        """
        connection = self.env["qbo.connection"]._for_company(
            self.env["res.company"].browse(company_id)
        )
        if connection and connection._exports_documents():
            return connection.id, connection.export_from
        return connection.realm_id and connection.id, None

    @api.model
    def _open_states(self) -> list[str]:
        """Return the states of a row that is not settled for good."""
        return list(OPEN_STATES)

    @api.model
    def _insert(self, connection, records, fold: bool = True) -> None:
        """Insert the rows of ``records`` in one statement.

        :param fold: tell a row that is open already of the change; else leave it
        """
        # What is still in the cache must be in the table before the table is changed.
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO qbo_export AS e (
                    connection_id, company_id, res_model, res_id, reference,
                    partner_id, amount_total, priority, queued_at,
                    create_uid, create_date, write_uid, write_date,
                    state, revision, attempt_count, stale_count
                )
                VALUES %s
                ON CONFLICT (connection_id, res_model, res_id)
                WHERE state IN
                    ('waiting', 'sending', 'retry', 'checking', 'problem', 'excluded')
                %s
                """,
                SQL(", ").join(
                    SQL("%s", self._row_values(connection, record))
                    for record in records
                ),
                self._fold_sql() if fold else SQL("DO NOTHING"),
            )
        )
        self._forget_status(records)

    @api.model
    def _fold_sql(self) -> SQL:
        """Return what a change does to a row ``e`` that is open already.

        A problem is judged anew: the change may have mended it. So is what a person
        excluded and QuickBooks has all the same: that must not stay as it was.
        """
        is_there = self.env["qbo.binding"]._is_there_sql("e")
        let_in = SQL("(e.state = 'excluded' AND %s)", is_there)
        return SQL(
            """
            DO UPDATE SET
                revision = e.revision + 1,
                reference = EXCLUDED.reference,
                partner_id = EXCLUDED.partner_id,
                priority = EXCLUDED.priority,
                amount_total = EXCLUDED.amount_total,
                state = CASE WHEN NOT %(anew)s THEN e.state
                             WHEN e.check_code IS NULL THEN 'waiting'
                             ELSE 'checking' END,
                retry_at = CASE WHEN %(anew)s THEN EXCLUDED.queued_at
                                ELSE e.retry_at END,
                waits_for_id = CASE WHEN NOT %(anew)s THEN e.waits_for_id END,
                done_at = CASE WHEN NOT %(let_in)s THEN e.done_at END,
                excluded_reason = CASE WHEN NOT %(let_in)s THEN e.excluded_reason END,
                excluded_by_id = CASE WHEN NOT %(let_in)s THEN e.excluded_by_id END,
                write_uid = EXCLUDED.write_uid,
                write_date = EXCLUDED.write_date
            """,
            anew=SQL("(e.state = 'problem' OR %s)", let_in),
            let_in=let_in,
        )

    @api.model
    def _row_values(self, connection, record) -> tuple:
        now = fields.Datetime.now()
        shown = record._qbo_outbox_vals()
        return (
            connection.id,
            connection._company_of(record).id,
            record._name,
            record.id,
            shown["reference"] or None,
            shown["partner_id"] or None,
            shown["amount_total"],
            shown["priority"],
            now,
            self.env.uid,
            now,
            self.env.uid,
            now,
            "waiting",
            1,
            0,
            0,
        )

    @api.model
    def _fold(self, records) -> None:
        """Tell rows still open that their record changed; queue nothing new."""
        if not records:
            return  # as Odoo resets "the moves of no line" on each write of lines
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE qbo_export
                   SET revision = revision + 1,
                       state = CASE WHEN state <> 'problem' THEN state
                                    WHEN check_code IS NULL THEN 'waiting'
                                    ELSE 'checking' END,
                       retry_at = CASE WHEN state = 'problem' THEN %s ELSE retry_at END,
                       waits_for_id = CASE WHEN state <> 'problem' THEN waits_for_id END
                 WHERE res_model = %s AND res_id IN %s
                   AND state IN %s
             RETURNING connection_id
                """,
                fields.Datetime.now(),
                records._name,
                tuple(records.ids),
                OPEN_STATES,
            )
        )
        connection_ids = {row[0] for row in self.env.cr.fetchall()}
        for connection in self.env["qbo.connection"].sudo().browse(connection_ids):
            self._wake(connection)
        self._forget_status(records)

    @api.model
    def _forget_status(self, records) -> None:
        """Rows were changed by SQL: what is cached about them is no longer true."""
        self.invalidate_model(flush=False)
        records.invalidate_recordset(
            [name for name in records._fields if name in STATUS_FIELDS], flush=False
        )

    @api.model
    def _wake(self, connection) -> None:
        """Have the connection's lane run after this transaction. A seam: an addon
        for another job runner overrides it.

        Once per transaction and lane, however much is queued.
        """
        lane = connection.id % LANE_COUNT
        woken = self.env.cr.precommit.data.setdefault(
            "service_billing_qbo.woken", set()
        )
        if lane not in woken:
            woken.add(lane)
            self._lane(lane)._trigger()

    @api.model
    def _lane(self, lane: int):
        """Return a lane; without the query by which ``ref`` looks whether it exists."""
        xmlid = f"service_billing_qbo.cron_drain_{lane}"
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(xmlid, True)
        return self.env["ir.cron"].sudo().browse(cron_id)

    @api.model
    def _has_lanes(self) -> bool:
        """Whether anything is sent by itself: one lane at least is switched on."""
        crons = self.env["ir.cron"].sudo()
        ids = [self._lane(lane).id for lane in range(LANE_COUNT)]
        return any(crons.browse(ids).mapped("active"))

    @api.model
    def _tell_rows(self, export_ids) -> None:
        """These rows were changed by SQL: forget what is cached, tell open screens."""
        self.invalidate_model(flush=False)
        self.browse(export_ids)._tell_screens()

    def _tell_screens(self) -> None:
        """Let open screens follow; a seam for the screens."""
