from collections.abc import Iterable, Sequence
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL, formatLang

#: Entities of which one QuickBooks object can belong to one Odoo record only.
#: (Several Odoo contacts may be linked to one QuickBooks customer.)
DOCUMENT_ENTITIES = ("Invoice", "CreditMemo", "Payment")
#: States of what is no document any more in QuickBooks.
GONE_THERE = ("voided", "deleted")
#: Links whose totals differ, and nobody has accepted it. Not "!= 0": for Odoo that is
#: true of customers, too, which have no total at all.
OPEN_DIFFERENCE = [
    "|",
    "|",
    "|",
    ("total_difference", ">", 0),
    ("total_difference", "<", 0),
    ("home_difference", ">", 0),
    ("home_difference", "<", 0),
    ("difference_accepted_at", "=", False),
]


class QboBinding(models.Model):
    """The fact that an Odoo record exists in QuickBooks as that object.

    Kept by realm: reconnecting another QuickBooks company starts without
    bindings, and coming back to the first one finds its own again. Written by
    the drain (and by people who link a record), never while posting.
    """

    _name = "qbo.binding"
    _description = "QuickBooks Link"
    _order = "id desc"
    _rec_name = "doc_number"

    connection_id = fields.Many2one(
        "qbo.connection", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    realm_id = fields.Char("QuickBooks company", required=True, readonly=True)
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Odoo record", model_field="res_model", required=True, readonly=True
    )
    entity = fields.Char("QuickBooks type", required=True, readonly=True)
    qbo_id = fields.Char("QuickBooks Id", required=True, readonly=True)
    sync_token = fields.Char(readonly=True)
    doc_number = fields.Char("QuickBooks number", readonly=True)

    currency_id = fields.Many2one("res.currency", readonly=True, ondelete="restrict")
    odoo_total = fields.Monetary("Total in Odoo", readonly=True)
    odoo_tax = fields.Monetary("Tax in Odoo", readonly=True)
    qbo_total = fields.Monetary("Total in QuickBooks", readonly=True)
    qbo_tax = fields.Monetary("Tax in QuickBooks", readonly=True)
    qbo_date = fields.Date("Date in QuickBooks", readonly=True)
    qbo_customer = fields.Char("Id of the QuickBooks customer", readonly=True)
    qbo_balance = fields.Monetary("Open balance in QuickBooks", readonly=True)
    total_difference = fields.Monetary(
        readonly=True, help="Total in QuickBooks less total in Odoo."
    )
    home_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Home currency"
    )
    odoo_home_total = fields.Monetary(
        "Home total in Odoo", readonly=True, currency_field="home_currency_id"
    )
    qbo_home_total = fields.Monetary(
        "Home total in QuickBooks", readonly=True, currency_field="home_currency_id"
    )
    home_difference = fields.Monetary(
        "Difference of the home totals",
        readonly=True,
        currency_field="home_currency_id",
        help="Of a document in another currency, beyond what rounding explains.",
    )
    difference_reason = fields.Char(readonly=True)
    difference_accepted_by_id = fields.Many2one(
        "res.users", "Difference accepted by", readonly=True, ondelete="set null"
    )
    difference_accepted_at = fields.Datetime(readonly=True)
    difference_accepted_reason = fields.Char("Why accepted", readonly=True)

    remote_state = fields.Selection(
        [
            ("present", "In QuickBooks"),
            ("changed", "Changed in QuickBooks"),
            ("voided", "Voided in QuickBooks"),
            ("deleted", "Deleted in QuickBooks"),
        ],
        required=True,
        readonly=True,
        default="present",
    )
    linked = fields.Boolean(
        readonly=True, help="Chosen by a person, not created by us."
    )
    address_sent_at = fields.Datetime(readonly=True)
    exported_at = fields.Datetime("Exported at", readonly=True)
    balance_at = fields.Datetime("Balance as of", readonly=True)
    payload_hash = fields.Char(readonly=True)

    _record_uniq = models.Constraint(
        "UNIQUE(connection_id, realm_id, res_model, res_id, entity)",
        "This record is already linked to QuickBooks.",
    )
    _object_uniq = models.UniqueIndex(
        "(connection_id, realm_id, entity, qbo_id)"
        " WHERE entity IN ('Invoice', 'CreditMemo', 'Payment')",
        "This QuickBooks document already belongs to another Odoo record.",
    )
    _record = models.Index("(res_model, res_id)")

    @api.model
    def _find(self, connection, record, entity: str | None = None):
        """Return the link of ``record`` within the connection's present realm.

        :param record: one Odoo record
        :param entity: QuickBooks type, where a record may have several
        """
        known = connection._read_once(f"binding {record._name}")
        if record.id not in known:
            ids = connection._together(record, known)
            found = self._find_many(connection, record._name, ids)
            none = self.browse()
            known.update((id_, found.get(id_, none)) for id_ in (record.id, *ids))
        bindings = known[record.id]
        if entity:
            bindings = bindings.filtered(lambda binding: binding.entity == entity)
        return bindings[:1]

    @api.model
    def _find_many(self, connection, res_model: str, res_ids: Sequence[int]) -> dict:
        """Return the links of many records, by record id, in one query."""
        if not connection.realm_id:
            return {}
        bindings = self.sudo().search_fetch(
            [
                ("connection_id", "=", connection.id),
                ("realm_id", "=", connection.realm_id),
                ("res_model", "=", res_model),
                ("res_id", "in", list(res_ids)),
            ],
            order="id desc",
        )
        return bindings.grouped("res_id")

    @api.model
    def _linked_customer_ids(self, connection) -> set[str]:
        """Return the QuickBooks Ids of the customers that are linked already."""
        rows = self.search_fetch(
            [
                ("connection_id", "=", connection.id),
                ("realm_id", "=", connection.realm_id),
                ("entity", "=", "Customer"),
            ],
            ["qbo_id"],
        )
        return set(rows.mapped("qbo_id"))

    @api.model
    def _save(self, rows: Iterable[dict]) -> None:
        """Write many links at once; what is already linked is brought up to date.

        One statement, because the drain writes thirty of them per answer.

        :param rows: dictionaries with the same keys, all columns of this table
        """
        rows = list(rows)
        if not rows:
            return
        columns = sorted(rows[0])
        key = ("connection_id", "realm_id", "res_model", "res_id", "entity")
        update = SQL(", ").join(
            SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
            for name in columns
            if name not in key
        )
        values = SQL(", ").join(
            SQL("%s", tuple(row[name] for name in columns)) for row in rows
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO qbo_binding (%s) VALUES %s
                ON CONFLICT (connection_id, realm_id, res_model, res_id, entity)
                DO UPDATE SET %s
                """,
                SQL(", ").join(SQL.identifier(name) for name in columns),
                values,
                update,
            )
        )
        self.invalidate_model()

    def _is_there(self) -> bool:
        """Whether QuickBooks has the record now; an empty link says no."""
        return bool(self) and self.remote_state not in GONE_THERE

    @api.model
    def _is_there_sql(self, row: str) -> SQL:
        """Return the same as a condition on a row of the outbox, in the present realm.

        :param row: alias of ``qbo_export``
        """
        self.flush_model()
        self.env["qbo.connection"].flush_model(["realm_id"])
        return SQL(
            """
            EXISTS (SELECT FROM qbo_binding link
                      JOIN qbo_connection connection
                        ON connection.id = link.connection_id
                       AND connection.realm_id = link.realm_id
                     WHERE link.connection_id = %(row)s.connection_id
                       AND link.res_model = %(row)s.res_model
                       AND link.res_id = %(row)s.res_id
                       AND link.remote_state NOT IN %(gone)s)
            """,
            row=SQL.identifier(row),
            gone=GONE_THERE,
        )

    def _difference_is_open(self) -> bool:
        """Whether the totals differ and nobody has accepted it."""
        self.ensure_one()
        differs = self.total_difference or self.home_difference
        return bool(differs) and not self.difference_accepted_at

    def _difference_text(self) -> str:
        """Return the difference as people read it: of the totals, else at home."""
        self.ensure_one()
        if self.total_difference:
            amount, currency = self.total_difference, self.currency_id
        else:
            amount, currency = self.home_difference, self.home_currency_id
        return formatLang(self.env, amount, currency_obj=currency)

    def _totals_text(self) -> str:
        """Say which total each side has, and why they differ."""
        self.ensure_one()
        return self.env._(
            "QuickBooks has %(quickbooks)s, Odoo %(odoo)s: %(reason)s",
            quickbooks=formatLang(
                self.env, self.qbo_total, currency_obj=self.currency_id
            ),
            odoo=formatLang(self.env, self.odoo_total, currency_obj=self.currency_id),
            reason=self.difference_reason or self.env._("the cause is not known."),
        )


def difference(qbo_total: Decimal, odoo_total: Decimal, rounding: float) -> Decimal:
    """Return ``qbo_total - odoo_total`` to the cent of the currency.

    :param rounding: the currency's smallest unit, 0.01 for dollars
    """
    unit = Decimal(str(rounding))
    return ((qbo_total - odoo_total) / unit).to_integral_value() * unit
