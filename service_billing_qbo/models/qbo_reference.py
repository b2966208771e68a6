import time
from collections.abc import Iterator
from datetime import datetime

from odoo import api, fields, models
from odoo.tools import SQL

from ..quickbooks import QuickBooksClient, Refused, jsonmoney
from .qbo_exceptions import ListsBusy, TakesLonger
from .qbo_reference_content import NAME_LISTS, US_LINE_TAX_CODES, values_of

# Intuit's codes for "this edition does not have that list": 5020 permission
# denied, 5030 feature not supported (developer.intuit.com, error codes).
NO_SUCH_LIST_CODES = {"5020", "5030"}
UPSERT_PAGE = 1000
#: What QuickBooks tells of a row.
TOLD = ("name", "full_name", "active", "sync_token", "details_text")
#: A row of a whole list is kept, if what is known of it is from before its reading (for
#: a company may have been set back), or of no newer version. What QuickBooks lacks
#: itself, such as the two tax codes of US lines, has no version.
NOT_NEWER = """
    (CASE WHEN EXCLUDED.sync_token ~ '^[0-9]+$'
          THEN EXCLUDED.sync_token::numeric ELSE -1 END)
    >= (CASE WHEN kept.sync_token ~ '^[0-9]+$'
             THEN kept.sync_token::numeric ELSE -1 END)
"""
IS_TAKEN_OF_LIST = f"""
    kept.checked_at IS NULL OR kept.checked_at < EXCLUDED.checked_at
    OR (kept.deleted IS NOT TRUE AND {NOT_NEWER})
"""
#: A row as it is now: what was marked as deleted is there after all.
IS_TAKEN_ALONE = f"kept.deleted OR {NOT_NEWER}"
UPSERT = """
    INSERT INTO qbo_reference AS kept
        (connection_id, company_id, realm_id, entity, checked_at, deleted,
         qbo_id, name, full_name, active, sync_token, details_text)
    VALUES %%s
    ON CONFLICT (connection_id, realm_id, entity, qbo_id) DO UPDATE SET
        checked_at = GREATEST(kept.checked_at, EXCLUDED.checked_at), deleted = FALSE,
        name = EXCLUDED.name, full_name = EXCLUDED.full_name,
        active = EXCLUDED.active, sync_token = EXCLUDED.sync_token,
        details_text = EXCLUDED.details_text
    WHERE %s
"""
UPSERT_OF_LIST = UPSERT % IS_TAKEN_OF_LIST
UPSERT_ALONE = UPSERT % IS_TAKEN_ALONE


class QboReference(models.Model):
    """One row of a QuickBooks name list, kept so that people can pick it.

    Rows belong to a realm and are never removed: what became inactive or vanished in
    QuickBooks is marked, so that a mapping to it can say what happened.
    """

    _name = "qbo.reference"
    _description = "QuickBooks Reference"
    _order = "entity, full_name, id"
    _rec_names_search = ["full_name", "name"]
    _log_access = False

    connection_id = fields.Many2one(
        "qbo.connection", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    realm_id = fields.Char(required=True, readonly=True)
    entity = fields.Selection(
        [(key, name_list.label) for key, name_list in NAME_LISTS.items()],
        required=True,
        readonly=True,
    )
    qbo_id = fields.Char(string="QuickBooks ID", required=True, readonly=True)
    name = fields.Char(readonly=True)
    full_name = fields.Char(readonly=True)
    active = fields.Boolean(default=True, readonly=True)
    deleted = fields.Boolean(readonly=True, help="No longer in QuickBooks.")
    sync_token = fields.Char(readonly=True)
    details_text = fields.Text(
        readonly=True, help="What mappers and proposals need to know of it, as JSON."
    )
    # By the clock of the database: it decides what came while a list was read, and
    # the clocks of several servers differ.
    checked_at = fields.Datetime("Checked at", readonly=True)

    _row_uniq = models.Constraint(
        "UNIQUE(connection_id, realm_id, entity, qbo_id)",
        "A row of a QuickBooks list is kept once.",
    )

    @api.depends("full_name", "active", "deleted")
    def _compute_display_name(self):
        for reference in self:
            if reference.deleted:
                mark = self.env._(" (deleted)")
            elif not reference.active:
                mark = self.env._(" (inactive)")
            else:
                mark = ""
            reference.display_name = f"{reference.full_name}{mark}"

    def _details(self) -> dict:
        """Return what is kept to match by; numbers are Decimal."""
        self.ensure_one()
        return jsonmoney.loads(self.details_text or "{}")

    def _is_usable(self) -> bool:
        """Whether a document may name it: active, and of the company connected now."""
        return bool(
            self
            and self.active
            and not self.deleted
            and self.realm_id == self.connection_id.realm_id
        )

    @api.model
    def _find(self, connection, entity: str, qbo_ids: str | list[str]):
        """Return the row of a QuickBooks Id, or those of several, inactive ones too."""
        if isinstance(qbo_ids, str):
            qbo_ids = [qbo_ids]
        return self.with_context(active_test=False).search(
            [
                ("connection_id", "=", connection.id),
                ("realm_id", "=", connection.realm_id),
                ("entity", "=", entity),
                ("qbo_id", "in", qbo_ids),
            ]
        )

    @api.model
    def _retrieve(self, connection, entities=None, until: float | None = None):
        """Read name lists from QuickBooks, all pages, inactive rows too, and keep them.

        What was read is committed in a cursor of its own; the caller's one holds the
        lock. Reading takes minutes where there are ten thousands: what came of a row
        meanwhile, from notifications or from our own exports, is not undone.

        :param entities: keys of NAME_LISTS, all by default
        :param until: when to give up, as ``time.monotonic`` counts
        :return: {entity: (rows, of them inactive)}
        :rtype: dict[str, tuple[int, int]]
        :raises ListsBusy: another worker does it just now
        :raises TakesLonger: the time was over before all was read; nothing is kept
        :raises NotConnected, QuickBooksError: as they come; nothing is kept then
        """
        entities = list(entities or NAME_LISTS)
        self._lock_lists(connection)
        lists = connection._with_client(
            lambda client: {
                # Since when first: what comes from then on may not be in the list.
                entity: (self._clock(), _fetch_rows(client, entity, until))
                for entity in entities
            },
            action="retrieve lists",
        )
        if "tax_code" in lists and connection.tax_model != "global":
            since, rows = lists["tax_code"]
            lists["tax_code"] = since, _with_us_codes(rows)
        realm_id = connection.realm_id

        def keep(own):
            own._check_still(realm_id)
            return {
                entity: own.env["qbo.reference"]._keep(own, entity, rows, since)
                for entity, (since, rows) in lists.items()
            }

        # Anew where changes that are followed meanwhile were first: nothing is read
        # twice, and the transaction of the lock has seen nothing of them.
        found = connection._in_own_env(keep)
        self.invalidate_model(flush=False)
        return found

    @api.model
    def _lock_lists(self, connection) -> None:
        """One retrieval at a time; two would fail each other's transaction."""
        key = connection._realm_lock_key("lists")
        self.env.cr.execute("SELECT pg_try_advisory_xact_lock(%s)", [key])
        if not self.env.cr.fetchone()[0]:
            raise ListsBusy(
                self.env._("The lists are being refreshed already. Try again shortly.")
            )

    @api.model
    def _clock(self) -> datetime:
        """Return the time by the database, as ``checked_at`` is kept."""
        self.env.cr.execute("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
        return self.env.cr.fetchone()[0]

    @api.model
    def _keep(
        self, connection, entity: str, rows: list[dict], since: datetime
    ) -> tuple[int, int]:
        """Insert or update the rows of a whole list; mark what is not among them.

        :param since: when its reading began; what came after is newer, unless its
            version says otherwise
        """
        values = self._upsert(connection, entity, rows, since)
        self.env.cr.execute(
            SQL(
                """
                UPDATE qbo_reference SET deleted = TRUE, active = FALSE, checked_at = %s
                 WHERE connection_id = %s AND realm_id = %s AND entity = %s
                   AND qbo_id != ALL(%s) AND deleted IS NOT TRUE
                   AND (checked_at IS NULL OR checked_at < %s)
                """,
                since,
                connection.id,
                connection.realm_id,
                entity,
                list(values),
                since,
            )
        )
        inactive = sum(not columns["active"] for columns in values.values())
        return len(values), inactive

    @api.model
    def _upsert(
        self, connection, entity: str, rows: list[dict], since: datetime | None = None
    ) -> dict[str, dict]:
        """Insert rows, and update those that are known of no newer version.

        Who inserts or updates the same row at the same moment has a conflict, and does
        it again. Nothing of it is known to the cache.

        :param since: when a whole list began to be read, none for rows as they are now
        :return: the columns of each row by its Id
        """
        values = {row["Id"]: values_of(entity, row) for row in rows}
        scope = (
            connection.id,
            connection.company_id.id,
            connection.realm_id,
            entity,
            since or self._clock(),
        )
        self.flush_model()
        self.env.cr.execute_values(
            UPSERT_OF_LIST if since else UPSERT_ALONE,
            [(*scope, False, *columns.values()) for columns in values.values()],
            page_size=UPSERT_PAGE,
        )
        return values


def _fetch_rows(
    client: QuickBooksClient, entity: str, until: float | None = None
) -> list[dict]:
    """All rows of a list, active or not; none when the edition lacks the list."""
    try:
        # By Id, so that a row that is added or renamed meanwhile shifts no page.
        rows = client.query_all(
            NAME_LISTS[entity].entity, "Active IN (true, false)", order_by="Id"
        )
        return list(_while_time(rows, until))
    except Refused as error:
        if {fault.code for fault in error.faults} & NO_SUCH_LIST_CODES:
            return []
        raise


def _while_time(rows: Iterator[dict], until: float | None) -> Iterator[dict]:
    """The rows of all pages, as long as there is time to ask for them.

    :raises TakesLonger: the time is over
    """
    for row in rows:
        if until is not None and time.monotonic() > until:
            raise TakesLonger
        yield row


def _with_us_codes(rows: list[dict]) -> list[dict]:
    known = {row["Id"] for row in rows}
    return rows + [row for row in US_LINE_TAX_CODES if row["Id"] not in known]
