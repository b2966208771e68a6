"""What must end in QuickBooks before the documents that it ties can change."""

from collections.abc import Iterator

from odoo import api, models
from odoo.tools import SQL

from ..mappers.outcome import NeedsFirst
from ..quickbooks import jsonmoney
from .qbo_export import OPEN_STATES

APPLICATION = "account.partial.reconcile"
#: Documents that one of QuickBooks' payments can link.
LINKED = ("Invoice", "CreditMemo")
#: Under this name applications that end are looked up once.
ENDING = "applications that end"


class QboExport(models.Model):
    """A document waits until the end of its application is in QuickBooks.

    QuickBooks refuses another customer, and a deletion, for a document that a payment
    links ("You must unlink the linked transactions first"), and executes the items of
    one batch in no order.
    """

    _inherit = "qbo.export"

    @api.model
    def _prepare_rows(self, connection, rows, only_ids=None):
        # What ended in the rows before these ties nothing any more.
        connection._read_once(ENDING).clear()
        return super()._prepare_rows(connection, rows, only_ids)

    @api.model
    def _prepare_one(self, connection, export_id, record, binding):
        if binding.entity in LINKED:
            known = connection._read_once(ENDING)
            if "by_document" not in known:
                known["by_document"] = dict(self._ending_applications(connection))
            ends = known["by_document"].get((binding.entity, binding.qbo_id))
            if ends:
                raise NeedsFirst(self.env[APPLICATION].browse(ends))
        return super()._prepare_one(connection, export_id, record, binding)

    @api.model
    def _ending_applications(self, connection) -> Iterator[tuple]:
        """Yield ((QuickBooks type, Id), record id) for what is taken off in Odoo.

        What a payment links is told by what was sent: the record in Odoo is gone.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT ending.res_id, made.payload_text
                  FROM qbo_export ending
                  JOIN qbo_export made
                    ON made.res_model = ending.res_model
                   AND made.res_id = ending.res_id
                   AND made.connection_id = ending.connection_id
                   AND made.realm_id = %(realm)s AND made.operation = 'create'
                   AND made.payload_text IS NOT NULL
                 WHERE ending.connection_id = %(connection)s
                   AND ending.res_model = %(model)s AND ending.state IN %(open)s
                   AND NOT EXISTS (SELECT FROM account_partial_reconcile kept
                                    WHERE kept.id = ending.res_id)
                """,
                connection=connection.id,
                realm=connection.realm_id,
                model=APPLICATION,
                open=OPEN_STATES,
            )
        )
        for res_id, payload_text in rows:
            for line in jsonmoney.loads(payload_text)["Line"]:
                for linked in line["LinkedTxn"]:
                    yield (linked["TxnType"], linked["TxnId"]), res_id
