import binascii
import hashlib
import logging
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq, hash_sign, verify_hash_signed

from ..quickbooks import QuickBooksError, authorization_url
from ..quickbooks.preferences import QboCompany, QboPreferences
from .exchange_recorder import ExchangeRecorder
from .qbo_connection import ATTEMPT_LIFETIME
from .qbo_connection_facts import fetch_facts
from .qbo_exceptions import CONFLICTS
from .qbo_token import PENDING_LIFETIME

_logger = logging.getLogger(__name__)

STATE_SCOPE = "service_billing_qbo.oauth"
CALLBACK_PATH = "/service_billing_qbo/callback"
LISTS_LATEST = timedelta(minutes=2)
REALM_ID = re.compile(r"\d{1,32}\Z")


@dataclass(frozen=True)
class ConnectOutcome:
    """How an authorization ended: `kind` names the page, `values` fill it.

    kind: connected, wrong_company, taken, other_currency.
    """

    kind: str
    values: dict


class AttemptRefused(Exception):
    """The answer of Intuit's page belongs to no attempt that is under way here."""


class QboConnection(models.Model):
    """Signing in: from the press of Connect to the tokens of the right company.

    The `state` that travels through the browser is signed, names connection, company
    and user, lives 10 minutes and carries a nonce that is kept in the session of
    the browser and, hashed, on the connection: taken away by the first answer, it
    cannot be used twice. What Intuit answers is stored in a cursor of its own at once,
    as pending; only when the company is the right one it becomes the connection's.
    """

    _inherit = "qbo.connection"

    # -- the attempt --------------------------------------------------------

    def _redirect_uri(self) -> str:
        """The address that must be registered with Intuit, to the letter."""
        return f"{self.get_base_url()}{CALLBACK_PATH}"

    def _begin_attempt(self, user) -> tuple[str, str]:
        """Start an attempt to connect; one that is under way ends.

        :param user: res.users who presses Connect
        :return: address of Intuit's page, nonce for the session of the browser
        :raises UserError: app keys are missing, or another vendor is chosen
        :raises VaultError: the app keys cannot be decrypted
        :raises QuickBooksError: Intuit's addresses could not be discovered
        """
        self.ensure_one()
        if not self._is_configured():
            raise UserError(self._configure_words())
        nonce = secrets.token_urlsafe(32)
        payload = {
            "connection_id": self.id,
            "company_id": self.company_id.id,
            "uid": user.id,
            "nonce": nonce,
        }
        keys = self.env["qbo.app"]._keys(self.environment)
        address = authorization_url(
            self._endpoints(),
            keys.client_id,
            self._redirect_uri(),
            hash_sign(self.env(su=True), STATE_SCOPE, payload, ATTEMPT_LIFETIME),
        )
        self._drop_pending(revoke=True)
        self._in_own_env(lambda connection: connection._note_attempt(_hashed(nonce)))
        return address, nonce

    def _note_attempt(self, attempt_hash: str) -> None:
        self.attempt_hash = attempt_hash
        # A connection that works goes on working while it is renewed.
        if self.state not in ("connected", "connecting"):
            self._set_state("connecting", state_before=self.state)
        self._housekeeping_at(fields.Datetime.now() + ATTEMPT_LIFETIME)

    @api.model
    def _read_attempt(self, signed_state: str) -> dict:
        """Return what the state says if we signed it within the last 10 minutes.

        :raises AttemptRefused: it is malformed, expired, or not ours
        """
        try:
            payload = verify_hash_signed(
                self.env(su=True), STATE_SCOPE, signed_state or ""
            )
        except (ValueError, binascii.Error) as error:
            raise AttemptRefused("malformed") from error
        if not isinstance(payload, dict):
            raise AttemptRefused("expired or not signed by us")
        return payload

    def _claim_attempt(self, nonce: str) -> None:
        """Take the attempt away, at once, so that no other answer gets it.

        :raises AttemptRefused: it was used, or another one was started since
        """
        self.ensure_one()
        try:
            self._in_own_env(
                lambda connection: connection._take_attempt(_hashed(nonce))
            )
        except CONFLICTS as error:
            raise AttemptRefused("used at the same moment") from error

    def _take_attempt(self, attempt_hash: str) -> None:
        self.env.cr.execute(
            "SELECT attempt_hash FROM qbo_connection WHERE id = %s FOR UPDATE",
            [self.id],
            log_exceptions=False,
        )
        (kept,) = self.env.cr.fetchone() or (None,)
        if not kept or not consteq(kept, attempt_hash):
            raise AttemptRefused("used already")
        self.attempt_hash = False

    def _end_attempt(self) -> None:
        """Go back to what was before Connect was pressed."""
        self._in_own_env(lambda connection: connection._fall_back())

    def _fall_back(self) -> None:
        if self.state in ("connecting", "wrong_company"):
            self._set_state(
                self.state_before or "not_connected",
                self._reason_before(),
                state_before=False,
                attempt_hash=False,
            )

    def _reason_before(self) -> str:
        return self.state_reason if self.state_before == "lost" else ""

    # -- the answer ---------------------------------------------------------

    def _connect_with_code(self, code: str, realm_id: str) -> ConnectOutcome:
        """Trade the authorization code for tokens and judge the company they open.

        Only the outcome "connected" changes what the connection uses. The code works
        once: nothing here may be repeated by a retried transaction, so everything is
        written in cursors of its own.

        :raises GrantRefused, ClientRefused, QuickBooksError: Intuit refused the code,
            or does not answer; nothing was changed
        :raises VaultError: the app keys cannot be decrypted, or the tokens encrypted
        :raises AttemptRefused: the realm is no realm
        """
        self.ensure_one()
        if not REALM_ID.match(realm_id or ""):
            raise AttemptRefused("no company in the answer")
        recorder = ExchangeRecorder()
        try:
            oauth = self._oauth_client(recorder)
            tokens = oauth.exchange_code(code, self._redirect_uri())
            with self._own_env() as env:
                env["qbo.token"]._store(
                    self.with_env(env), realm_id, tokens, pending=True
                )
            client = self._client_with_token(realm_id, tokens.access_token, recorder)
            try:
                facts = fetch_facts(client)
            except QuickBooksError:
                self._drop_pending(revoke=True)
                raise
        finally:
            self._record_exchanges(recorder, "connect")
        return self._settle(realm_id, *facts)

    def _settle(
        self, realm_id: str, company_info: dict, preferences: dict
    ) -> ConnectOutcome:
        """Decide what becomes of the pending tokens, and let it come so."""
        company = QboCompany.from_payload(company_info)
        prefs = QboPreferences.from_payload(preferences)
        values = {
            "quickbooks": company.name,
            "country": company.country,
            "currency": prefs.home_currency,
        }
        other = self._other_owner_of(realm_id)
        if other:
            self._drop_pending(revoke=False)
            # Who may not know of the other company is not told its name.
            known = other.company_id in self.env.user.company_ids
            owner = known and other.company_id.name
            return ConnectOutcome("taken", {**values, "owner": owner})
        if prefs.home_currency != self.company_id.currency_id.name:
            self._drop_pending(revoke=True)
            return ConnectOutcome("other_currency", values)

        def settle(connection):
            pending = connection.env["qbo.token"]._of(connection, pending=True)
            pending._keep_facts(company_info, preferences)
            if connection.realm_id and connection.realm_id != realm_id:
                # Nobody may decide: what lies aside is dropped on its last minute.
                connection._housekeeping_at(fields.Datetime.now() + PENDING_LIFETIME)
                connection._await_decision(company.name)
                return "wrong_company"
            connection._adopt_pending()
            return "connected"

        # The code in the answer is spent: Odoo must not have to repeat the request.
        with self._token_lock():
            return ConnectOutcome(self._in_own_env(settle), values)

    def _other_owner_of(self, realm_id: str):
        """Return the other company's connection that uses a realm or exported to it."""
        others = (
            self.env["qbo.connection"]
            .sudo()
            .search([("realm_id", "=", realm_id), ("id", "!=", self.id)])
        )
        return others.filtered(
            lambda other: (
                other.state in ("connected", "lost") or other._exported_count(realm_id)
            )
        )[:1]

    def _exported_count(self, realm_id: str) -> int:
        """Return how many documents this connection has in a QuickBooks company."""
        self.ensure_one()
        return (
            self.env["qbo.binding"]
            .sudo()
            .search_count(
                [
                    ("connection_id", "=", self.id),
                    ("realm_id", "=", realm_id),
                    ("entity", "in", ["Invoice", "CreditMemo"]),
                ]
            )
        )

    def _await_decision(self, other_name: str) -> None:
        """Another company than last time: the tokens lie aside, nothing is sent."""
        if self.state == "connected":
            return
        self._set_state(
            "wrong_company",
            self.env._(
                "%(other)s was authorized instead of %(known)s; choose first.",
                other=other_name,
                known=self.qbo_company_name,
            ),
        )

    def _adopt_pending(self) -> None:
        """The authorized company is the connection's from now on."""
        pending = self.env["qbo.token"]._of(self, pending=True)
        company_info, preferences = pending._facts()
        self.env["qbo.token"]._of(self).unlink()
        self.env.flush_all()
        pending.pending = False
        now = fields.Datetime.now()
        is_new = pending.realm_id != self.realm_id
        is_other = is_new and bool(self.realm_id)
        if is_new:
            unknown = (
                "references_checked_at",
                "people_checked_at",
                "people_failure",
                "people_failure_count",
                "tested_at",
                "earlier_left_until",
            )
            self.write(dict.fromkeys(unknown, False))
        self._set_state(
            "connected",
            state_before=False,
            reconnect_needed=False,
            attempt_hash=False,
            realm_id=pending.realm_id,
            connected_by_id=self.env.uid,
            connected_at=now,
            reconnect_warned_days=0,
            export_from=self.export_from or fields.Date.context_today(self),
            **self._facts_values(company_info, preferences),
        )
        if is_other and self._count_earlier(limit=1):
            # What the former company has, a sandbox perhaps, the new one lacks.
            self.earlier_offered = True
        self._tell_connected()
        # In case that the lists do not come with the page that follows.
        self._housekeeping_at(now + LISTS_LATEST)

    def _use_other_company(self) -> bool:
        """Start anew with the company whose tokens lie aside; False: they are gone."""
        self.ensure_one()

        def use(connection):
            pending = connection.env["qbo.token"]._of(connection, pending=True)
            if not pending or pending._is_stale():
                return False
            connection._adopt_pending()
            return True

        with self._token_lock():
            return self._in_own_env(use)

    def _pending_values(self) -> dict | None:
        """Return what the page must say of the company whose tokens lie aside.

        :return: None when there is nothing to decide, or no longer
        """
        pending = self.env["qbo.token"].sudo()._of(self, pending=True)
        if not pending or pending._is_stale():
            return None
        company_info, _preferences = pending._facts()
        return {"quickbooks": QboCompany.from_payload(company_info).name}

    def _drop_pending(self, revoke: bool) -> None:
        """Forget tokens that lie aside and go back to what was before.

        :param revoke: end the authorization at Intuit, too. Not for a company that
            another connection uses: Intuit ends an app's access as a whole.
        """

        def drop(connection):
            pending = connection.env["qbo.token"]._of(connection, pending=True)
            grants = connection._grants_of(pending) if revoke else []
            pending.unlink()
            connection._fall_back()
            return grants

        self._revoke(self._in_own_env(drop))


def _hashed(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()
