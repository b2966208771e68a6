from collections.abc import Iterable
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..quickbooks.webhooks import Event

CRON = "service_billing_qbo.ir_cron_changes"
KEPT_FOR = timedelta(days=30)


class QboChange(models.Model):
    """QuickBooks says that something changed there; it has not been looked at yet.

    One row an entity and Id, whatever comes and how often: notifications arrive twice
    and in any order, and what matters is the present state, which is read. A row goes
    once that was done (qbo_change_follow.py).
    """

    _name = "qbo.change"
    _description = "QuickBooks Change"
    _order = "id"
    _log_access = False

    connection_id = fields.Many2one(
        "qbo.connection", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    realm_id = fields.Char("QuickBooks company", required=True, readonly=True)
    entity = fields.Char(
        "QuickBooks type", required=True, readonly=True, help="In lower case."
    )
    qbo_id = fields.Char("QuickBooks Id", required=True, readonly=True)
    deleted = fields.Boolean(readonly=True)
    changed_at = fields.Datetime(required=True, readonly=True)
    received_at = fields.Datetime(required=True, readonly=True)
    revision = fields.Integer(
        readonly=True, required=True, default=1, help="How often it was told."
    )

    _one_row = models.UniqueIndex(
        "(connection_id, realm_id, entity, qbo_id)", "It is noted already."
    )

    @api.model
    def _receive(self, events: Iterable[Event], environments: list[str]) -> None:
        """Note the events of connected companies, and have them looked at.

        What belongs to no connection of these environments is dropped.

        :param events: as signed by an app of ``environments``, older ones first
        """
        events = list(events)
        connections = self.env["qbo.connection"].search(
            [
                ("realm_id", "in", list({event.realm_id for event in events})),
                ("environment", "in", environments),
                ("state", "=", "connected"),
            ]
        )
        by_realm = {connection.realm_id: connection for connection in connections}
        rows = {}
        for event in events:
            if connection := by_realm.get(event.realm_id):
                self._fold(rows, connection, event)
        if not rows:
            return
        self._note(rows.values())
        self.env["qbo.change.state"]._seen(connections)
        self._look_soon()

    def _fold(self, rows: dict, connection, event: Event) -> None:
        """Put one event to those of the same entity."""
        key = (connection.id, event.entity, event.qbo_id)
        before = rows.get(key, {})
        rows[key] = {
            "connection_id": connection.id,
            "company_id": connection.company_id.id,
            "realm_id": connection.realm_id,
            "entity": event.entity,
            "qbo_id": event.qbo_id,
            # Ids are never given twice: what is deleted does not come back.
            "deleted": before.get("deleted") or event.operation == "deleted",
            "changed_at": event.at.replace(tzinfo=None),
            "received_at": fields.Datetime.now(),
            "revision": 1,
        }

    @api.model
    def _note(self, rows: Iterable[dict]) -> None:
        """Insert rows; what is noted already is raised."""
        rows = list(rows)
        columns = list(rows[0])
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO qbo_change AS known (%s) VALUES %s
                ON CONFLICT (connection_id, realm_id, entity, qbo_id) DO UPDATE SET
                    revision = known.revision + 1,
                    deleted = known.deleted OR EXCLUDED.deleted,
                    changed_at = GREATEST(known.changed_at, EXCLUDED.changed_at)
                """,
                SQL(", ").join(SQL.identifier(name) for name in columns),
                SQL(", ").join(SQL("%s", tuple(row.values())) for row in rows),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _look_soon(self, at=None) -> None:
        """Have the scheduled action run: at once, or at a moment."""
        self.env.ref(CRON).sudo()._trigger(at=at)

    @api.autovacuum
    def _gc_changes(self):
        """Of a company that was left: coming back to it asks for all that changed."""
        oldest = fields.Datetime.now() - KEPT_FOR
        self.search([("received_at", "<", oldest)], limit=10000).unlink()

    def _settle(self, revisions: dict[int, int]) -> None:
        """Remove rows that were looked at; one that was told again meanwhile stays.

        :param revisions: by id, as they were when the look began
        """
        if revisions:
            pairs = SQL(", ").join(SQL("%s", pair) for pair in revisions.items())
            self.env.cr.execute(
                SQL("DELETE FROM qbo_change WHERE (id, revision) IN (%s)", pairs)
            )
            self.invalidate_model(flush=False)
