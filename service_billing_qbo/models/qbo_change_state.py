from datetime import datetime, timedelta

from odoo import api, fields, models

# A busy company sends notifications all the time: they need not write a row each time.
SEEN_EVERY = timedelta(minutes=5)


class QboChangeState(models.Model):
    """Up to when a connection knows what happened in QuickBooks.

    Apart from the connection, so that notifications and the scheduled action write rows
    that people do not. One row a QuickBooks company, for who comes back to it.
    """

    _name = "qbo.change.state"
    _description = "QuickBooks Changes Known"
    _rec_name = "connection_id"

    connection_id = fields.Many2one(
        "qbo.connection", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    realm_id = fields.Char("QuickBooks company", required=True, readonly=True)
    known_until = fields.Datetime(
        readonly=True, help="What happened before is known in Odoo."
    )
    webhook_seen_at = fields.Datetime("Last notification", readonly=True)
    # How far a gap was read that takes more than one turn: see _read_part.
    gap = fields.Json(readonly=True)
    looked_after_at = fields.Datetime(readonly=True)
    looked_after_run = fields.Char(readonly=True)

    _one_row = models.Constraint(
        "UNIQUE(connection_id, realm_id)", "A QuickBooks company has one row."
    )

    @api.model
    def _of(self, connection):
        """Return the row of the QuickBooks company that is connected now, or none."""
        return self.sudo().search(
            [
                ("connection_id", "=", connection.id),
                ("realm_id", "=", connection.realm_id),
            ]
        )

    @api.model
    def _rows_of(self, connections):
        """Return the row of each connection, made where there is none."""
        for connection in connections:
            if not self._of(connection):
                self._put(connection)
        return self.browse(self._of(connection).id for connection in connections)

    def _has_news(self) -> bool:
        """Whether notifications came since its last turn."""
        self.ensure_one()
        return bool(
            self.env["qbo.change"].search_count(
                [
                    ("connection_id", "=", self.connection_id.id),
                    ("realm_id", "=", self.realm_id),
                    ("received_at", ">=", self.looked_after_at),
                ],
                limit=1,
            )
        )

    @api.model
    def _put(self, connection, **values) -> None:
        """Write the connection's row, made on first use."""
        if row := self._of(connection):
            row.write(values)
            return
        self.sudo().create(
            {
                "connection_id": connection.id,
                "realm_id": connection.realm_id,
                **values,
            }
        )

    @api.model
    def _seen(self, connections) -> None:
        """A notification came for these companies."""
        now = fields.Datetime.now()
        for connection in connections:
            seen_at = self._of(connection).webhook_seen_at
            if not seen_at or seen_at < now - SEEN_EVERY:
                self._put(connection, webhook_seen_at=now)

    @api.model
    def _known_until(self, connection) -> datetime | None:
        """Return up to when everything is known; None before the first look."""
        return self._of(connection).known_until or None
