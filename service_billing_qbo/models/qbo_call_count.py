from odoo import api, fields, models


class QboCallCount(models.Model):
    """Calls that a connection made in a month, for Intuit's limit of metered reads.

    Rows are only ever inserted: many workers count at the same time, and an
    update of one shared row would make their transactions fail (Odoo runs on
    REPEATABLE READ). Housekeeping folds the rows of a month into one; readers sum.
    """

    _name = "qbo.call.count"
    _description = "QuickBooks Calls of a Month"
    _order = "month desc, id"

    connection_id = fields.Many2one("qbo.connection", required=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    month = fields.Date(required=True, help="First day of the month, UTC.")
    metered = fields.Integer(help="Successful reads, which Intuit counts.")
    free = fields.Integer(help="Everything else: writes, sign-ins, refused calls.")

    _connection_month_idx = models.Index("(connection_id, month)")

    @api.model
    def _count(self, connection, metered: int, free: int) -> None:
        """Add calls to the current month."""
        if metered or free:
            self.sudo().create(
                {
                    "connection_id": connection.id,
                    "month": fields.Date.today().replace(day=1),
                    "metered": metered,
                    "free": free,
                }
            )

    @api.model
    def _of_month(self, connections, month=None) -> dict[int, tuple[int, int]]:
        """Return {connection id: (metered, free)} of a month, by default this one."""
        month = month or fields.Date.today().replace(day=1)
        groups = self._read_group(
            [("connection_id", "in", connections.ids), ("month", "=", month)],
            ["connection_id"],
            ["metered:sum", "free:sum"],
        )
        return {connection.id: (metered, free) for connection, metered, free in groups}

    @api.model
    def _fold(self) -> None:
        """Replace the rows of each connection and month by their sum."""
        groups = self.sudo()._read_group(
            [],
            ["connection_id", "month:month"],
            ["metered:sum", "free:sum", "id:recordset"],
        )
        for _connection, _month, metered, free, rows in groups:
            if len(rows) > 1:
                rows[0].write({"metered": metered, "free": free})
                rows[1:].unlink()
