from itertools import islice

from odoo import api, fields, models, tools
from odoo.tools.constants import PREFETCH_MAX

from ..engine.outgoing import BATCH_SIZE

#: What posting an invoice and showing one must know; kept in Odoo's cache for it.
POSTING_FIELDS = {"company_id", "accounting_vendor", "export_from", "realm_id"}
#: What each invoice on screen is shown by; in the cache, too.
SCREEN_FIELDS = ("environment", "allow_overrides", "use_classes")


class QboConnection(models.Model):
    """What the export engine keeps in step with a connection."""

    _inherit = "qbo.connection"

    batch_size = fields.Integer(
        "Documents in one batch",
        default=BATCH_SIZE,
        required=True,
        help="QuickBooks takes 30 at most.",
    )
    # A batch of 30 takes QuickBooks about five seconds; Intuit's older pages name ten
    # calls at once as the most, and somebody else may want one meanwhile.
    batches_in_flight = fields.Integer(
        "Batches sent at once",
        default=8,
        required=True,
        help="Batches that are sent before the first is answered.",
    )
    limit_margin_percent = fields.Integer(
        "Share of Intuit's limits left unused",
        default=0,
        required=True,
        help="In percent, for other programs that use the same QuickBooks company.",
    )

    _batch_size_in_range = models.Constraint(
        f"CHECK (batch_size BETWEEN 1 AND {BATCH_SIZE})",
        "A batch has 1 to 30 documents.",
    )
    _batches_in_flight_in_range = models.Constraint(
        "CHECK (batches_in_flight BETWEEN 1 AND 10)",
        "From 1 to 10 batches can be sent at once.",
    )
    _limit_margin_in_range = models.Constraint(
        "CHECK (limit_margin_percent BETWEEN 0 AND 90)",
        "From 0 to 90 percent of the limits can be left unused.",
    )

    # -- reading once ----------------------------------------------------------

    def _reading_once(self):
        """Return this connection for one transaction that prepares many records: what
        they ask alike (mappings, links) is looked up once.

        Only for a transaction that does not change what it looks up.
        """
        return self.with_context(qbo_read_once={})

    def _only_looking(self):
        """Return this connection for somebody who looks at what would be sent: nothing
        is written."""
        context = {"qbo_only_looking": True}
        if "qbo_read_once" not in self.env.context:
            context["qbo_read_once"] = {}
        return self.with_context(**context)

    def _is_only_looking(self) -> bool:
        return bool(self.env.context.get("qbo_only_looking"))

    def _read_once(self, what: str) -> dict:
        """Return what has been looked up already; nothing but when reading once."""
        looked_up = self.env.context.get("qbo_read_once")
        return {} if looked_up is None else looked_up.setdefault(what, {})

    def _together(self, record, known: dict) -> list[int]:
        """Return whose facts are read with those of ``record``, itself among them.

        When reading once they are those that Odoo would read with it as well.

        :param record: one Odoo record
        :param known: by id, what has been looked up
        """
        others = []
        if "qbo_read_once" in self.env.context:
            others = [
                id_
                for id_ in islice(record._prefetch_ids, PREFETCH_MAX)
                if id_ and id_ not in known and id_ != record.id
            ]
        return [*record.ids, *others]

    @api.model
    @tools.ormcache("connection_id")
    def _screen_facts(self, connection_id: int) -> dict:
        """Return by what an invoice is shown, of a connection or of none."""
        connection = self.sudo().browse(connection_id)
        return {name: connection[name] for name in SCREEN_FIELDS}

    @api.model_create_multi
    def create(self, vals_list):
        connections = super().create(vals_list)
        self.env.registry.clear_cache()
        return connections

    def write(self, vals):
        result = super().write(vals)
        if (POSTING_FIELDS | set(SCREEN_FIELDS)) & set(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _state_changed(self, before, state):
        result = super()._state_changed(before, state)
        if state == "connected":
            # What was posted while there was no connection waited for this.
            self.env["qbo.drain"].sudo()._resume(self)
            self.env["qbo.export"]._wake(self)
        return result
