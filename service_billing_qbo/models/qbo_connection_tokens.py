import hashlib
import threading
import time
from contextlib import contextmanager
from functools import lru_cache

from psycopg2.errors import LockNotAvailable

from odoo import models

from ..engine import fault_points
from ..quickbooks import (
    AuthenticationFailed,
    ClientRefused,
    Endpoints,
    GrantRefused,
    Limiter,
    NotAuthorized,
    NotSent,
    OAuthClient,
    QuickBooksClient,
    Transport,
    VaultError,
)
from .exchange_recorder import ExchangeRecorder
from .qbo_exceptions import CONFLICTS, KeysMissing, NotConnected
from .server_settings import server_setting

API_TIMEOUT_S = 30.0
# What takes many calls may outlive two access tokens, the second of them perhaps one
# that another worker has brought. What refuses the third as well is no accident.
RENEWALS = 2
# The pause after a 429 lasts a minute: nobody's worker is kept that long.
MAX_PAUSE_S = 5.0
# Waiting for the worker that refreshes just now: longer than its call may take.
REFRESH_LOCK_TIMEOUT_S = 40
# Rows that we write in a cursor of our own: never wait for ever for the caller.
ROW_LOCK_TIMEOUT_S = 5
# Times that such a row is looked at anew because another transaction was first.
OWN_TRIES = 3

_limiters: dict[tuple[str, str], Limiter] = {}
_limiters_lock = threading.Lock()


class QboConnection(models.Model):
    """Tokens in use: one valid access token, whoever asks and whatever is rolled back.

    A refresh runs under a session advisory lock of the realm, and reads and
    writes the tokens in a cursor that is opened after the lock was obtained
    (its snapshot is then newer than any refresh that it waited for) and commits at
    once. The string it returns is what the caller uses: the caller's own
    transaction does not see the new row.
    """

    _inherit = "qbo.connection"

    # -- the client -------------------------------------------------------

    def _client(
        self,
        recorder: ExchangeRecorder | None = None,
        renew: bool = False,
        refused: QuickBooksClient | None = None,
    ) -> QuickBooksClient:
        """Return a client that is signed in to this connection's QuickBooks company.

        Its methods touch no ORM and may run in other threads.

        :param recorder: collects the exchanges for `qbo.log`
        :param renew: get another access token than the one that is stored
        :param refused: the client whose access token was refused; get another one,
            unless somebody else has by now
        :raises NotConnected: when there is no authorization to use
        :raises QuickBooksError: when the tokens could not be renewed
        """
        self.ensure_one()
        self._check_connected()
        token = self._access_token(recorder, renew, refused)
        return self._client_with_token(self.realm_id, token, recorder)

    def _with_client(self, function, action: str = ""):
        """Return function(client), signed in anew if the token is refused.

        :param function: called with a QuickBooksClient; may be called again
        :param action: what is done, for the log
        :raises NotConnected, QuickBooksError: as they come; an authorization that
            is gone has been recorded as lost by then
        """
        recorder = ExchangeRecorder()
        client = None
        try:
            client = self._client(recorder)
            for _renewal in range(RENEWALS):
                try:
                    return function(client)
                except AuthenticationFailed:
                    client = self._client(recorder, refused=client)
            return function(client)
        except (AuthenticationFailed, NotAuthorized) as error:
            if client:  # signing in has noted by itself how it failed
                self._connection_lost(self._kept_reason_of(error), False, client)
            raise
        finally:
            self._record_exchanges(recorder, action)

    def _record_exchanges(self, recorder: ExchangeRecorder, action: str) -> None:
        """Log what was exchanged, also when the caller rolls back.

        Who wants to tell what it cost puts a list ``qbo_metered_reads`` into the
        context: the metered reads are added to it.
        """
        exchanges = recorder.take()
        reads = self.env.context.get("qbo_metered_reads")
        if reads is not None:
            reads.append(sum(exchange.metered for exchange in exchanges))
        if exchanges:
            with self._own_env() as env:
                env["qbo.log"]._record(self.with_env(env), exchanges, action=action)

    def _client_with_token(
        self, realm_id: str, access_token: str, recorder: ExchangeRecorder | None
    ) -> QuickBooksClient:
        return QuickBooksClient(
            self._endpoints(),
            realm_id,
            lambda: access_token,
            self._transport(recorder, self._limiter(realm_id)),
        )

    def _oauth_client(self, recorder: ExchangeRecorder | None = None) -> OAuthClient:
        keys = self.env["qbo.app"]._keys(self.environment)
        if not keys.complete:
            raise KeysMissing(self._keys_missing_text())
        return OAuthClient(
            self._endpoints(),
            keys.client_id,
            keys.client_secret,
            self._transport(recorder),
        )

    def _transport(self, recorder=None, limiter=None) -> Transport:
        return Transport(
            timeout_s=API_TIMEOUT_S,
            limiter=limiter,
            on_exchange=recorder,
            on_sent=fault_points.sent,
            max_pause_s=MAX_PAUSE_S,
        )

    def _limiter(self, realm_id: str) -> Limiter:
        """The one limiter of a realm in this process, with the margin set now."""
        key = (self.env.cr.dbname, realm_id)
        margin = self.limit_margin_percent / 100
        with _limiters_lock:
            known = _limiters.get(key)
            if known is None or known.margin != margin:
                limiter = _limiters[key] = Limiter(margin=margin)
                if known is not None:
                    # Another margin does not undo the calls that were made.
                    now_s = time.time()
                    limiter.restore(known.snapshot(now_s), now_s)
            return _limiters[key]

    def _endpoints(self, discover: bool = True) -> Endpoints:
        """Return Intuit's addresses, or those that the server's configuration names.

        :param discover: read the addresses for signing in from the discovery document,
            if one is named; one call a process
        """
        return _cached_endpoints(
            self.environment,
            server_setting("discovery_url", self.environment) if discover else None,
            server_setting("api_base_url", self.environment),
        )

    # -- tokens -----------------------------------------------------------

    def _access_token(
        self,
        recorder=None,
        renew: bool = False,
        refused_client: QuickBooksClient | None = None,
    ) -> str:
        """Return an access token that lasts for a pass.

        :param renew: not the one that is stored now
        :param refused_client: the token of this client was refused by QuickBooks
        """
        token = self.env["qbo.token"].sudo()._of(self)
        try:
            stored = token._access_token() if token else None
            if stored and not renew and not refused_client and token._is_fresh():
                return stored
        except VaultError as error:
            self._connection_lost(self._kept_reason_of(error), reconnect_needed=False)
            raise
        with self._token_lock():
            try:
                # Our snapshot may be older than the tokens that were refused.
                return self._refresh_locked(
                    recorder, stored if renew else None, refused_client
                )
            except GrantRefused as error:
                end, reconnect_needed = error, True
            except (ClientRefused, NotAuthorized, VaultError, KeysMissing) as error:
                end, reconnect_needed = error, False
            # Before somebody else may store tokens that are not refused.
            self._note_lost(self._kept_reason_of(end), reconnect_needed)
        raise end

    def _refresh_tokens(self, recorder=None) -> str:
        """Renew the tokens in any case, to see whether the authorization lives.

        :return: the access token
        """
        with self._token_lock():
            return self._refresh_locked(recorder, force=True)

    def _refresh_locked(
        self,
        recorder=None,
        not_this: str | None = None,
        refused_client: QuickBooksClient | None = None,
        force: bool = False,
    ) -> str:
        """Renew the tokens unless another worker just did; return the access token.

        The caller holds the lock of the tokens.

        When the answer of the token endpoint is lost, the old refresh token stays
        stored and the next call tries it again: Intuit changes its value about once
        in 24 hours and accepts the old one until then.

        :param not_this: an access token that must not be returned
        :param refused_client: neither must that of this client
        :param force: renew in any case
        """
        with self._own_env() as env:
            connection = self.with_env(env)
            token = env["qbo.token"]._of(connection)
            if not token:
                raise NotConnected(self._lost_reason_text())
            stored = token._access_token()
            is_refused = stored == not_this or (
                refused_client and refused_client.is_signed_in_with(stored)
            )
            if not force and not is_refused and token._is_fresh():
                return stored
            token_set = connection._oauth_client(recorder).refresh(
                token._refresh_token()
            )
            token._store(connection, token.realm_id, token_set)
        self.env["qbo.token"].invalidate_model(flush=False)
        return token_set.access_token

    # -- the end of an authorization --------------------------------------

    def _connection_lost(
        self,
        reason: str,
        reconnect_needed: bool = True,
        client: QuickBooksClient | None = None,
    ) -> None:
        """Record once that the authorization is gone, and tell people once.

        Commits in a cursor of its own, so that the caller's rollback does not bring
        back a dead connection. Does nothing when it is known already.

        :param reason: one sentence for people
        :param reconnect_needed: only a new authorization helps; else housekeeping
            tries again by itself, for the cause may go away (app keys, a key file)
        :param client: whose call was refused. Where the tokens are others by now, as
            after somebody connected anew, its answer tells nothing of them.
        """
        with self._token_lock():
            if not client or self._is_signed_in(client):
                self._note_lost(reason, reconnect_needed)
        self.invalidate_recordset(flush=False)

    def _is_signed_in(self, client: QuickBooksClient) -> bool:
        """Whether a client has the tokens that are stored now, if there are any."""
        with self._own_env() as env:
            token = env["qbo.token"]._of(self.with_env(env))
            return not token or client.is_signed_in_with(token._access_token())

    def _note_lost(self, reason: str, reconnect_needed: bool = True) -> None:
        """The same for a caller who holds the lock of the tokens."""
        self.ensure_one()
        with self._own_env() as env:
            connection = self.with_env(env)._in_words_of_company()
            if connection.state == "connected":
                connection._set_state("lost", reason, reconnect_needed=reconnect_needed)
                connection._tell_lost(reason)
            elif connection.state == "lost" and reconnect_needed:
                connection.reconnect_needed = True
        self.invalidate_recordset(flush=False)

    def _keys_missing_text(self) -> str:
        return self.env._("You need the keys of an Intuit app.")

    def _lost_reason_text(self) -> str:
        return self.env._("The tokens are gone.")

    # -- locks and cursors -------------------------------------------------

    def _realm_lock_key(self, purpose: str = "drain") -> int:
        """Return the key of a PostgreSQL advisory lock of this realm.

        :param purpose: what one worker at a time does: "drain", "lists"
        """
        self.ensure_one()
        return _lock_key(f"{purpose}:{self.realm_id or self.id}")

    @contextmanager
    def _token_lock(self):
        """Hold the right to change this connection's tokens, in the whole cluster.

        Another lock than that of a drain, which refreshes while it holds its own.

        :raises NotSent: if another worker holds it too long; nothing was sent
        """
        self.ensure_one()
        key = _lock_key(f"token:{self.id}")
        with self.env.registry.cursor() as cr:
            _wait_at_most(cr, REFRESH_LOCK_TIMEOUT_S)
            try:
                cr.execute("SELECT pg_advisory_lock(%s)", [key], log_exceptions=False)
            except LockNotAvailable as error:
                raise NotSent(
                    "Another worker is signing in to QuickBooks; try again shortly."
                ) from error
            try:
                yield
            finally:
                cr.execute("SELECT pg_advisory_unlock(%s)", [key])

    @contextmanager
    def _own_env(self):
        """Give an environment of the superuser whose cursor commits on leaving."""
        with self.env.registry.cursor() as cr:
            _wait_at_most(cr, ROW_LOCK_TIMEOUT_S)
            yield self.env(cr=cr, su=True)

    def _in_own_env(self, work):
        """Return work(connection), done in a cursor that commits, anew if need be.

        Others write this row, too: housekeeping notes its turn, the lists when they
        were read.

        :param work: called with this connection; may be called several times
        :raises CONFLICTS: somebody else wrote the row, or kept it, each time
        """
        self.ensure_one()
        tries_left = OWN_TRIES
        while tries_left:
            tries_left -= 1
            try:
                with self._own_env() as env:
                    result = work(self.with_env(env))
                break
            except CONFLICTS:
                if not tries_left:
                    raise
        self.invalidate_recordset(flush=False)
        return result


def _lock_key(name: str) -> int:
    """Signed 64 bit, as pg_advisory_lock takes it."""
    digest = hashlib.sha256(f"service_billing_qbo:{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _wait_at_most(cr, seconds: int) -> None:
    cr.execute("SELECT set_config('lock_timeout', %s, true)", [f"{seconds}s"])


@lru_cache(maxsize=8)
def _cached_endpoints(environment, discovery_url, api_base_url) -> Endpoints:
    """Intuit's addresses change rarely: they are discovered once a process."""
    return Endpoints.for_environment(environment, discovery_url, api_base_url)
