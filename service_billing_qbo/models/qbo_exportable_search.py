from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .qbo_binding import GONE_THERE, OPEN_DIFFERENCE
from .qbo_export import OPEN_STATES
from .qbo_exportable import CHANGED_THERE, WITHDRAWALS


class QboExportable(models.AbstractModel):
    """Finding records by their status, which is computed and never stored.

    The conditions mirror :meth:`_qbo_status_of`, as sub-selects over the outbox and the
    links.
    """

    _inherit = "qbo.exportable"

    @api.model
    def _search_qbo_status(self, operator, value):
        # Odoo asks who may read a column, not who may search by what is computed.
        self._check_field_access(self._fields["qbo_status"], "read")
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._qbo_status_domain(status) for status in value)

    @api.model
    def _qbo_status_domain(self, status: str | bool) -> Domain:
        """Return the records that have a status, by sub-selects.

        :param status: one of ``STATUSES``, or False for those that have none
        """
        known = self._qbo_realms(self.env.companies)
        realm_ids = [realm_id for _id, realm_id in known.values() if realm_id]
        is_open = self._qbo_ids_of("qbo.export", [("state", "in", list(OPEN_STATES))])
        is_bound = self._qbo_ids_of("qbo.binding", [("realm_id", "in", realm_ids)])
        waiting = self._qbo_ids_of("qbo.export", [("state", "=", "waiting")])
        if status == "waiting":
            return waiting & ~is_bound
        held_back, kept_out = self._qbo_excluded_domains(realm_ids)
        if status == "change_waiting":
            return waiting & is_bound | held_back
        if status in OPEN_STATES:
            return self._qbo_ids_of("qbo.export", [("state", "=", status)])
        missing = self._qbo_exportable_domain() & ~is_bound & ~is_open
        # A new record has no company yet that could be asked for.
        connected = [id_ for id_, (_id, realm_id) in known.items() if realm_id]
        in_company = Domain("company_id", "in", [False, *connected])
        if status == "not_exported":
            return missing & in_company | kept_out
        if not status:
            return ~is_bound & ~is_open & ~(missing & in_company)
        settled = is_bound & ~is_open & ~held_back & ~kept_out
        return settled & self._qbo_link_domain(status, realm_ids)

    @api.model
    def _qbo_excluded_domains(self, realm_ids: list) -> tuple[Domain, Domain]:
        """Return the excluded records that QuickBooks has, and those that it had."""
        excluded = self._qbo_ids_of("qbo.export", [("state", "=", "excluded")])
        in_realm = ("realm_id", "in", realm_ids)
        gone = self._qbo_ids_of(
            "qbo.binding", [in_realm, ("remote_state", "in", GONE_THERE)]
        )
        there = self._qbo_ids_of(
            "qbo.binding", [in_realm, ("remote_state", "not in", GONE_THERE)]
        )
        kept_out = excluded & gone & self._qbo_exportable_domain()
        return excluded & there, kept_out & ~self._qbo_cancelled_domain()

    @api.model
    def _qbo_link_domain(self, status: str, realm_ids: list) -> Domain:
        """Return the records whose link has a status, if nothing of them is open."""

        def linked(*domain):
            in_realm = ("realm_id", "in", realm_ids)
            return self._qbo_ids_of("qbo.binding", [in_realm, *domain])

        ours = Domain("id", "in", self._qbo_withdrawn_sql())
        gone = linked(("remote_state", "in", GONE_THERE))
        withdrawn = gone & (ours | self._qbo_cancelled_domain())
        if status == "withdrawn":
            return withdrawn
        if status in CHANGED_THERE:
            return linked(("remote_state", "=", status)) & ~ours & ~withdrawn
        changed = linked(("remote_state", "in", CHANGED_THERE)) & ~ours
        differs = linked(*OPEN_DIFFERENCE)
        as_it_was = ~changed & ~withdrawn
        return as_it_was & (differs if status == "differs" else ~differs)

    def _qbo_newest_exports_sql(self) -> SQL:
        """Return the last export of each record of this model, as a sub-select."""
        return SQL(
            """(SELECT DISTINCT ON (res_id) res_id, state, operation
                  FROM qbo_export
                 WHERE res_model = %s AND company_id = ANY(%s)
              ORDER BY res_id, id DESC)""",
            self._name,
            self.env.companies.sudo().parent_ids.ids,
        )

    def _qbo_withdrawn_sql(self) -> SQL:
        """Return the ids of what we ended in QuickBooks ourselves, as a sub-select."""
        self.env["qbo.export"].flush_model()
        return SQL(
            "(SELECT res_id FROM %s AS newest"
            " WHERE operation IN %s AND state = 'exported')",
            self._qbo_newest_exports_sql(),
            WITHDRAWALS,
        )

    @api.model
    def _qbo_cancelled_domain(self) -> Domain:
        """Return the records for which :meth:`_qbo_is_cancelled` holds."""
        return Domain.FALSE

    @api.model
    def _qbo_ids_of(self, model: str, domain: list) -> Domain:
        """Return the records that rows of the outbox or links are about."""
        query = (
            self.env[model]
            .sudo()
            ._search(
                [
                    ("res_model", "=", self._name),
                    ("company_id", "in", self.env.companies.sudo().parent_ids.ids),
                    *domain,
                ]
            )
        )
        return Domain("id", "in", query.subselect("res_id"))

    @api.model
    def _qbo_exportable_domain(self) -> Domain:
        """Return the records for which :meth:`_qbo_is_exportable` holds."""
        return Domain.TRUE
