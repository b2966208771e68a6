import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from ..quickbooks import QuickBooksError
from .exchange_recorder import ExchangeRecorder
from .qbo_connection import ATTEMPT_LIFETIME
from .qbo_connection_facts import fetch_facts
from .qbo_exceptions import ListsBusy
from .qbo_reference_content import MAPPING_LISTS, PEOPLE_LISTS
from .turns import take_turns

_logger = logging.getLogger(__name__)

HOUSEKEEPING_CRON = "service_billing_qbo.ir_cron_housekeeping"
# Intuit lets an unused authorization lapse after 100 days; a week leaves room for a
# long outage.
REFRESH_EVERY = timedelta(days=7)
FACTS_EVERY = timedelta(days=1)
# Anybody may open the page that says that the app was removed; a check is metered.
RECHECK_AFTER = timedelta(hours=1)
RECONNECT_WARNING_DAYS = (30, 7, 1)


class QboConnection(models.Model):
    """Once an hour: nothing lapses unseen, and what is known is not stale.

    Each connection is looked after on its own; what fails is tried again an hour later.
    """

    _inherit = "qbo.connection"

    references_checked_at = fields.Datetime(readonly=True, copy=False)
    people_checked_at = fields.Datetime(readonly=True, copy=False)
    reconnect_warned_days = fields.Integer(readonly=True, copy=False)
    lists_asked = fields.Boolean(
        readonly=True,
        copy=False,
        help="Somebody pressed Refresh, and housekeeping has to read the rest.",
    )
    looked_after_at = fields.Datetime(readonly=True, copy=False)
    looked_after_run = fields.Char(
        readonly=True, copy=False, help="The run of housekeeping that did it last."
    )

    @api.model
    def _cron_housekeeping(self) -> None:
        """Look after every connection, in turns."""
        in_use = self.search([("accounting_vendor", "=", "quickbooks")])
        in_use._update_configured()
        take_turns(
            in_use,
            "Housekeeping",
            lambda connection: connection._in_words_of_company()._look_after(),
        )
        self.env["qbo.call.count"]._fold()

    def _look_after(self) -> None:
        """Do what is due for one connection.

        :raises NotConnected, QuickBooksError, VaultError, ListsBusy: as they come; what
            failed is done an hour later
        """
        self.ensure_one()
        self._end_stale_attempt()
        self.env["qbo.problem"]._release_forgotten(self)
        if self.state == "lost" and not self.reconnect_needed:
            self._try_recover()
        if self.state != "connected":
            return
        self._keep_alive()
        self._warn_before_hard_limit()
        due = []
        if _is_older(self.facts_checked_at, FACTS_EVERY):
            due.append(self._read_facts)
        asked = self.lists_asked
        for lists, checked_at in (
            (MAPPING_LISTS, self.references_checked_at),
            (PEOPLE_LISTS, self.people_checked_at),
        ):
            if asked or _is_older(checked_at, FACTS_EVERY):
                due.append(partial(self._retrieve_lists, lists))
        if not self.people_checked_at:
            due.reverse()  # nothing goes before these are known
        self._do_each(due)
        if asked:
            self._in_own_env(lambda row: row.write({"lists_asked": False}))

    def _do_each(self, steps: Iterable[Callable]) -> None:
        """Do each step, also where QuickBooks refuses what another one asks for.

        :raises QuickBooksError, ListsBusy: what the first met that failed
        """
        failures = []
        for step in steps:
            try:
                step()
            except (QuickBooksError, ListsBusy) as error:
                _logger.info("Housekeeping, %s: %s", self, error)
                failures.append(error)
        if failures:
            raise failures[0]

    def _end_stale_attempt(self) -> None:
        """An attempt that nobody finished, or a choice that nobody made."""
        pending = self.env["qbo.token"].sudo()._of(self, pending=True)
        if pending and pending._is_stale():
            self._drop_pending(revoke=True)
        elif self.state == "connecting" and _is_older(
            self.state_changed_at, ATTEMPT_LIFETIME
        ):
            self._end_attempt()

    def _keep_alive(self) -> None:
        """Renew an authorization that is used rarely."""
        token = self.env["qbo.token"].sudo()._of(self)
        if _is_older(token.refreshed_at, REFRESH_EVERY):
            self._access_token(renew=True)

    def _warn_before_hard_limit(self) -> None:
        """Tell administrators 30, 7 and 1 days before Intuit's limit of five years."""
        if not self.reconnect_by:
            return
        days = (self.reconnect_by - fields.Datetime.now()).days
        due = [limit for limit in RECONNECT_WARNING_DAYS if days < limit]
        warned = self.reconnect_warned_days or max(RECONNECT_WARNING_DAYS) + 1
        if due and min(due) < warned:
            with self._own_env() as env:
                connection = self.with_env(env)
                connection.reconnect_warned_days = min(due)
                connection._tell_reconnect_due(max(days + 1, 1))

    def _try_recover(self) -> tuple[dict, dict]:
        """Sign in again with the stored tokens of a connection that was lost.

        What was wrong may be mended: the app's keys, the key file, the rights of the
        person who connected. Only a company that can be read again counts.

        :return: CompanyInfo and Preferences
        :raises QuickBooksError, VaultError, NotConnected: still lost
        """
        recorder = ExchangeRecorder()
        try:
            token = self._refresh_tokens(recorder)
            facts = fetch_facts(self._client_with_token(self.realm_id, token, recorder))
        finally:
            self._record_exchanges(recorder, "recover")
        with self._own_env() as env:
            connection = self.with_env(env)._in_words_of_company()
            if connection.state == "lost":
                values = connection._facts_values(*facts)
                connection._set_state("connected", reconnect_needed=False, **values)
                connection._tell_recovered()
        self.invalidate_recordset(flush=False)
        return facts

    def _retrieve_lists(self, entities, until: float | None = None):
        """Retrieve name lists in a cursor of its own and note when.

        :param entities: keys of NAME_LISTS
        :param until: when to give up, as ``time.monotonic`` counts
        :return: {entity: (rows, of them inactive)}
        :rtype: dict[str, tuple[int, int]]
        :raises ListsBusy, NotConnected, QuickBooksError: as they come
        :raises TakesLonger: the time is over before the lists are read; none is kept
        """
        with self._own_env() as env:
            realm_id = self.with_env(env).realm_id
            found = env["qbo.reference"]._retrieve(self.with_env(env), entities, until)
        now = fields.Datetime.now()
        checked = {}
        if set(MAPPING_LISTS) <= set(entities):
            checked["references_checked_at"] = now
        if set(PEOPLE_LISTS) <= set(entities):
            checked["people_checked_at"] = now
            checked |= {"people_failure": False, "people_failure_count": 0}
        # Not in the long transaction above: people save the connection meanwhile.
        with self._own_env() as env:
            connection = self.with_env(env)
            connection._check_still(realm_id)
            awaited = not connection.people_checked_at
            connection.write(checked)
            if awaited and connection.people_checked_at:
                env["qbo.export"]._wake(connection)
                connection._in_words_of_company()._follow_problem()
        self.invalidate_recordset(flush=False)
        return found

    @api.model
    def _check_soon(self) -> None:
        """Somebody says that the app was removed in QuickBooks: find out.

        Anybody may say so, so it costs one check an hour and connection at most.
        """
        believed = self.search(
            [
                ("state", "=", "connected"),
                ("facts_checked_at", "<", fields.Datetime.now() - RECHECK_AFTER),
            ]
        )
        if believed:
            believed.facts_checked_at = False
            believed._housekeeping_at(fields.Datetime.now())

    def _housekeeping_at(self, moment) -> None:
        """Let housekeeping look after these at a moment, beside the hourly turn.

        Also where they had one within the hour, and where its time ends before.
        """
        self.looked_after_run = False
        self.env.ref(HOUSEKEEPING_CRON).sudo()._trigger(at=moment)


def _is_older(moment, age: timedelta) -> bool:
    return not moment or moment < fields.Datetime.now() - age
