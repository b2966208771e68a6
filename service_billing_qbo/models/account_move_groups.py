"""Group invoices by their QuickBooks status, which no column holds.

A write on a posted invoice is dear and marks it as modified, so the status is only
computed (see ``qbo.exportable``). For Group By the same is said in SQL here.
"""

from odoo import models
from odoo.tools import SQL

from .account_move import EXPORTED_TYPES
from .qbo_binding import GONE_THERE
from .qbo_export import OPEN_STATES
from .qbo_exportable import CHANGED_THERE, WITHDRAWALS


class AccountMove(models.Model):
    _inherit = "account.move"

    def _read_group_groupby(self, alias, groupby_spec, query):
        if groupby_spec != "qbo_status":
            return super()._read_group_groupby(alias, groupby_spec, query)
        self._check_field_access(self._fields["qbo_status"], "read")
        self.flush_model(["move_type", "state", "company_id"])
        self.env["qbo.export"].flush_model()
        self.env["qbo.binding"].flush_model()
        export = query.left_join(
            alias, "id", self._qbo_newest_exports_sql(), "res_id", "qbo_export"
        )
        binding = query.left_join(
            alias, "id", self._qbo_present_links_sql(), "res_id", "qbo_binding"
        )
        return self._qbo_status_sql(alias, export, binding)

    def _qbo_present_links_sql(self) -> SQL:
        return SQL(
            """(SELECT DISTINCT ON (link.res_id) link.res_id, link.remote_state,
                       (coalesce(link.total_difference, 0) <> 0
                        OR coalesce(link.home_difference, 0) <> 0)
                       AND link.difference_accepted_at IS NULL AS differs
                  FROM qbo_binding link
                  JOIN qbo_connection connection ON connection.id = link.connection_id
                   AND connection.realm_id = link.realm_id
                 WHERE link.res_model = %s AND link.company_id = ANY(%s)
              ORDER BY link.res_id, link.id DESC)""",
            self._name,
            self.env.companies.ids,
        )

    def _qbo_status_sql(self, move: str, export: str, binding: str) -> SQL:
        """Return the status as an expression.

        :param move: alias of the invoices; ``export`` and ``binding`` of what is known
        """
        column = SQL.identifier
        known = self._qbo_realms(self.env.companies)
        connected = [id_ for id_, (_id, realm_id) in known.items() if realm_id]
        return SQL(
            """CASE
            WHEN %(type)s NOT IN %(types)s THEN NULL
            WHEN %(state)s IN %(open)s THEN CASE
                WHEN %(state)s = 'waiting' AND %(bound)s IS NOT NULL
                THEN 'change_waiting' ELSE %(state)s END
            WHEN %(bound)s IS NULL THEN CASE
                WHEN %(move_state)s = 'posted' AND %(company)s IN %(companies)s
                THEN 'not_exported' END
            WHEN %(remote)s IN %(gone)s AND (%(ours)s OR %(move_state)s = 'cancel')
            THEN 'withdrawn'
            WHEN %(state)s = 'excluded' AND %(remote)s NOT IN %(gone)s
            THEN 'change_waiting'
            WHEN %(state)s = 'excluded' AND %(move_state)s = 'posted'
            THEN 'not_exported'
            WHEN %(remote)s IN %(changed)s AND NOT %(ours)s THEN %(remote)s
            WHEN %(differs)s THEN 'differs'
            ELSE 'exported' END""",
            type=column(move, "move_type"),
            types=EXPORTED_TYPES,
            state=column(export, "state"),
            open=OPEN_STATES,
            bound=column(binding, "res_id"),
            move_state=column(move, "state"),
            company=column(move, "company_id"),
            companies=tuple(connected) or (0,),
            remote=column(binding, "remote_state"),
            changed=CHANGED_THERE,
            gone=GONE_THERE,
            ours=SQL(
                "(coalesce(%s, '') IN %s AND %s = 'exported')",
                column(export, "operation"),
                WITHDRAWALS,
                column(export, "state"),
            ),
            differs=column(binding, "differs"),
        )
