from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .qbo_binding import GONE_THERE
from .qbo_export import OPEN_STATES
from .record_marker import marker_of
from .roles import CLERK, check_role

STATUSES = [
    ("not_exported", "Not exported"),
    ("waiting", "Waiting"),
    ("sending", "Sending"),
    ("retry", "Trying again"),
    ("checking", "Checking"),
    ("problem", "Needs attention"),
    ("exported", "Exported"),
    ("differs", "Total differs"),
    ("change_waiting", "Change waiting"),
    ("changed", "Changed in QuickBooks"),
    ("voided", "Voided in QuickBooks"),
    ("deleted", "Deleted in QuickBooks"),
    ("withdrawn", "Withdrawn"),
]
CHANGED_THERE = ("changed", "voided", "deleted")
WITHDRAWALS = ("void", "delete")
# What is read for a status: a payload would be long, eighty whole links, too.
SHOWN_OF_BINDING = [
    "res_id",
    "connection_id",
    "entity",
    "qbo_id",
    "doc_number",
    "remote_state",
    "total_difference",
    "home_difference",
    "difference_accepted_at",
]
SHOWN_OF_EXPORT = [
    "res_id",
    "state",
    "operation",
    "attempt_count",
    "retry_at",
    "last_message",
    "waits_for_id",
    "connection_id",
    "excluded_reason",
    "excluded_by_id",
]


class QboExportable(models.AbstractModel):
    """What the export engine needs to know of a record, and shows on it.

    A model that can go to QuickBooks inherits this and answers
    :meth:`_qbo_prepare`; another addon adds a document type the same way. The
    state lives in ``qbo.export`` and ``qbo.binding``; here it is only computed,
    for writing on a posted invoice is dear and marks it as modified. It is computed
    as superuser: whoever may read the record may see how it stands (sales people
    open invoices), the rows behind it keep their own rights.
    """

    _name = "qbo.exportable"
    _description = "Record that can be exported to QuickBooks"

    qbo_binding_id = fields.Many2one(
        "qbo.binding",
        "QuickBooks link",
        compute="_compute_qbo_links",
        compute_sudo=True,
        groups="base.group_user",
    )
    qbo_export_id = fields.Many2one(
        "qbo.export",
        "QuickBooks export",
        compute="_compute_qbo_links",
        compute_sudo=True,
        groups="base.group_user",
    )
    # Each computed by itself: a list of eighty pays for the columns that it shows.
    qbo_id = fields.Char(
        "QuickBooks Id",
        compute="_compute_qbo_id",
        compute_sudo=True,
        groups="base.group_user",
    )
    qbo_doc_number = fields.Char(
        "QuickBooks number",
        compute="_compute_qbo_doc_number",
        compute_sudo=True,
        groups="base.group_user",
    )
    qbo_exported_at = fields.Datetime(
        "Exported at",
        compute="_compute_qbo_exported_at",
        compute_sudo=True,
        groups="base.group_user",
    )
    qbo_url = fields.Char(
        "QuickBooks address",
        compute="_compute_qbo_url",
        compute_sudo=True,
        groups="base.group_user",
    )
    qbo_status = fields.Selection(
        STATUSES,
        "QuickBooks",
        compute="_compute_qbo_status",
        compute_sudo=True,
        search="_search_qbo_status",
        groups="base.group_user",
    )
    qbo_status_text = fields.Char(
        compute="_compute_qbo_status_text", compute_sudo=True, groups="base.group_user"
    )

    # -- what a model answers -------------------------------------------------

    def _qbo_prepare(self, connection, binding):
        """Say what QuickBooks must be told for this record's present state.

        Reads only: no write, no commit, no network.

        :param connection: the ``qbo.connection`` that it goes to
        :param binding: its ``qbo.binding`` there, empty when it is new
        :return: ``mappers.outcome.Prepared``
        :raise CannotExport: a person must act first; all causes at once
        :raise NeedsFirst: other records must be in QuickBooks before
        """
        raise NotImplementedError

    def _qbo_after_export(self, connection, binding, answer: dict) -> None:
        """Do what a model wants done once it is in QuickBooks; by default nothing.

        Called in the transaction that saves the answer: it must be cheap. A
        fault in it is logged; the record stays exported.

        :param answer: the object as QuickBooks returned it
        """

    def _qbo_after_exports(self, connection, bindings, answers: dict) -> None:
        """The same for all records of one batch, for models that do it in one go.

        :param bindings: ``qbo.binding`` by record id
        :param answers: QuickBooks' objects by record id
        """
        for record in self:
            record._qbo_after_export(
                connection, bindings[record.id], answers[record.id]
            )

    def _qbo_company(self):
        """Return the company whose QuickBooks this record belongs to."""
        self.ensure_one()
        return self.company_id or self.env.company

    def _qbo_outbox_vals(self) -> dict:
        """Return what the outbox shows of this record: columns of ``qbo.export``.

        Called while posting: values that are in memory, no query.
        """
        self.ensure_one()
        return {
            "reference": self.display_name,
            "partner_id": None,
            "amount_total": 0.0,
            "priority": 10,
        }

    def _qbo_is_exportable(self) -> bool:
        """Whether a record of this kind goes to QuickBooks at all."""
        self.ensure_one()
        return True

    def _qbo_can_go_now(self) -> bool:
        """Whether the record's present state may be exported: a posted invoice may."""
        self.ensure_one()
        return True

    def _qbo_is_cancelled(self) -> bool:
        """Whether the record is none any more in Odoo: nor is it in QuickBooks."""
        self.ensure_one()
        return False

    def _qbo_starting_date(self):
        """Return the date that decides whether it is exported by itself.

        :return: a date, or False where the start date does not matter
        """
        self.ensure_one()
        return False

    def _qbo_marker(self) -> str:
        """Return the text that names this record in QuickBooks, for every database."""
        return marker_of(self)

    def _qbo_bound(self):
        """Return those that QuickBooks has, in any of its companies; one query."""
        bindings = self.env["qbo.binding"].sudo()
        found = bindings.search_fetch(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)], ["res_id"]
        )
        bound_ids = set(found.mapped("res_id"))
        return self.filtered(lambda record: record.id in bound_ids)

    def _qbo_followed(self):
        """Return those that go by themselves whatever the start date, and wait while
        QuickBooks is not used: what it has must not stay as it was."""
        return self._qbo_bound()

    # -- what screens show ------------------------------------------------------

    @api.depends_context("company")
    def _compute_qbo_links(self):
        """Read outbox and links once for all records."""
        Binding, Export = self.env["qbo.binding"].sudo(), self.env["qbo.export"].sudo()
        bindings, exports = {}, {}
        known = self._qbo_realms(self.company_id | self.env.company)
        if known and self.ids:
            domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
            domain += [("connection_id", "in", [pair[0] for pair in known.values()])]
            realm_ids = [realm_id for _id, realm_id in known.values() if realm_id]
            # A form shows all of the link of its one record.
            shown = SHOWN_OF_BINDING if len(self) > 1 else None
            for binding in Binding.search_fetch(
                domain + [("realm_id", "in", realm_ids)], shown, order="id"
            ):
                bindings[binding.connection_id.id, binding.res_id] = binding
            for export in Export.search_fetch(domain, SHOWN_OF_EXPORT, order="id"):
                exports[export.connection_id.id, export.res_id] = export
        for record in self:
            # What several companies share has a link in each: its own is shown.
            connection_id, _realm_id = known.get(record._qbo_company().id, (0, ""))
            key = (connection_id, record._origin.id)
            binding = bindings.get(key, Binding)
            record.qbo_binding_id = binding
            record.qbo_export_id = exports.get(key, Export)

    @api.depends("qbo_binding_id")
    @api.depends_context("company")
    def _compute_qbo_id(self):
        for record in self:
            record.qbo_id = record.qbo_binding_id.qbo_id

    @api.depends("qbo_binding_id")
    @api.depends_context("company")
    def _compute_qbo_doc_number(self):
        for record in self:
            record.qbo_doc_number = record.qbo_binding_id.doc_number

    @api.depends("qbo_binding_id")
    @api.depends_context("company")
    def _compute_qbo_exported_at(self):
        for record in self:
            record.qbo_exported_at = record.qbo_binding_id.exported_at

    @api.model
    def _qbo_realms(self, companies) -> dict[int, tuple[int, str]]:
        """Return the connections of companies, from the cache: each page asks.

        :return: (connection id, realm, perhaps empty) by company id
        """
        connections = self.env["qbo.connection"]
        known = {id_: connections._known_realm(id_) for id_ in companies.ids}
        return {id_: pair for id_, pair in known.items() if pair}

    @api.depends("qbo_binding_id")
    @api.depends_context("company")
    def _compute_qbo_url(self):
        for record in self:
            binding = record.qbo_binding_id
            record.qbo_url = (
                binding.connection_id._qbo_url(binding.entity, binding.qbo_id)
                if binding
                else False
            )

    @api.depends("qbo_binding_id", "qbo_export_id")
    @api.depends_context("company")
    def _compute_qbo_status(self):
        known = self._qbo_realms(self.company_id | self.env.company)
        company_ids = {id_ for id_, (_id, realm_id) in known.items() if realm_id}
        for record in self:
            export, binding = record.qbo_export_id, record.qbo_binding_id
            is_known = export or binding or record._qbo_company().id in company_ids
            if not record._qbo_is_exportable() or not is_known:
                record.qbo_status = False
            else:
                record.qbo_status = record._qbo_status_of(export, binding)

    @api.depends("qbo_status")
    @api.depends_context("company", "lang")
    def _compute_qbo_status_text(self):
        """Apart from the status: a list shows that for many, this for one at a time."""
        for record in self:
            status = record.qbo_status
            record.qbo_status_text = status and record._qbo_status_words(
                status, record.qbo_export_id, record.qbo_binding_id
            )

    def _qbo_status_of(self, export, binding) -> str | bool:
        """Return one of ``STATUSES``; False when there is nothing to say."""
        self.ensure_one()
        if export.state in OPEN_STATES:
            is_change = binding and export.state == "waiting"
            return "change_waiting" if is_change else export.state
        if not binding:
            # What is not to go (a draft, what was cancelled before it went) is not
            # missing there either: QuickBooks has nothing to do with it.
            return "not_exported" if self._qbo_can_go_now() else False
        # What we voided or deleted ourselves is as it should be.
        ours = export.operation in WITHDRAWALS and export.state == "exported"
        if binding.remote_state in GONE_THERE and (ours or self._qbo_is_cancelled()):
            return "withdrawn"
        if export.state == "excluded" and binding._is_there():
            # Held back from what follows Odoo: nobody knows how far the two are apart.
            return "change_waiting"
        if export.state == "excluded" and self._qbo_can_go_now():
            return "not_exported"
        if binding.remote_state in CHANGED_THERE and not ours:
            return binding.remote_state
        return "differs" if binding._difference_is_open() else "exported"

    def _qbo_status_words(self, status: str, export, binding) -> str:
        """Say in a sentence what the status means for this record."""
        if status == "problem":
            return export._open_problem_words().get(export.id, "")
        if status == "retry":
            return self.env._(
                "Next attempt at %(time)s, %(count)s so far: %(message)s",
                time=format_datetime(self.env, export.retry_at)
                if export.retry_at
                else "",
                count=export.attempt_count,
                message=export.last_message or "",
            )
        if status == "not_exported" and export.state == "excluded":
            return export._excluded_words()
        if status == "change_waiting" and export.state == "excluded":
            return self.env._(
                "A change of it may be missing in QuickBooks: press Export now to send "
                "it. %(excluded)s",
                excluded=export._excluded_words(),
            )
        if status in ("waiting", "change_waiting") and export.waits_for_id:
            return self.env._(
                "Waits for %(other)s to be exported first.",
                other=export.waits_for_id.reference,
            )
        if status in ("waiting", "change_waiting"):
            return export.connection_id._why_held()
        if status == "withdrawn" and binding.remote_state == "voided":
            return self.env._("Cancelled here, and voided in QuickBooks.")
        texts = {
            "withdrawn": self.env._("Cancelled here, and deleted in QuickBooks."),
            "checking": self.env._(
                "The outcome is not known: it is looked up before anything is sent "
                "again."
            ),
            "differs": binding.difference_reason,
            "voided": self.env._("It was voided in QuickBooks."),
            "deleted": self.env._("It was deleted in QuickBooks."),
            "changed": self.env._("It was changed in QuickBooks."),
        }
        return texts.get(status) or ""

    # -- what people press --------------------------------------------------------

    def action_qbo_export_now(self):
        """Queue these records now, also those from before the start date.

        :raise UserError: when QuickBooks is not connected, in words that say what to do
        """
        check_role(self.env, CLERK)
        Export = self.env["qbo.export"].sudo()
        for company in self.mapped(lambda record: record._qbo_company()):
            records = self.filtered(
                lambda record, company=company: record._qbo_company() == company
            )
            connection = self.env["qbo.connection"]._ensure_for_company(company)
            connection._check_connected()
            connection._check_confirmed()
            not_allowed = records.filtered(
                lambda record: (
                    not (record._qbo_is_exportable() and record._qbo_can_go_now())
                )
            )
            if not_allowed:
                raise UserError(
                    self.env._(
                        "%(names)s cannot be exported.",
                        names=", ".join(not_allowed.mapped("display_name")),
                    )
                )
            Export._enqueue(records, connection)
        exports = self.qbo_export_id
        exports._check_may_release()
        exports.sudo()._release()
        return exports._queued_toast()

    def action_qbo_retry(self):
        """Judge the problem anew and send again."""
        return self.action_qbo_export_now()

    def action_qbo_open(self):
        """Open the document in QuickBooks' own screens.

        :raise AccessError: for who sees no links to QuickBooks
        :raise UserError: when QuickBooks does not have it
        """
        self.ensure_one()
        self.env["qbo.binding"].check_access("read")
        if not self.qbo_url:
            raise UserError(
                self.env._("%(name)s is not in QuickBooks.", name=self.display_name)
            )
        return {"type": "ir.actions.act_url", "url": self.qbo_url, "target": "new"}
