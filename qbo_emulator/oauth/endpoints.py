"""The OAuth endpoints: discovery, authorize, token, revoke, userinfo, keys."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode, urlsplit

from qbo_emulator.jsontext import Document, JsonError, dumps, loads
from qbo_emulator.loopback import is_loopback
from qbo_emulator.oauth.client import basic_credentials
from qbo_emulator.oauth.consent import consent_page, error_page
from qbo_emulator.oauth.identity import ISSUER, USER, Signer
from qbo_emulator.oauth.tokens import GrantRefused, TokenPair
from qbo_emulator.state import Emulator
from qbo_emulator.wire.answer import JSON, Answer, intuit_tid
from qbo_emulator.wire.exchange import Exchange

__all__ = ["OAuthEndpoints"]

AUTHORIZE = "/connect/oauth2"
TOKEN = "/oauth2/v1/tokens/bearer"
REVOKE = "/v2/oauth2/tokens/revoke"
JWKS = "/op/v1/jwks"
USERINFO = "/v1/openid_connect/userinfo"
DISCOVERY = "/.well-known/openid_configuration"
DISCOVERY_SANDBOX = "/.well-known/openid_sandbox_configuration"

#: Everything below these is sign-in.
_OAUTH = ("/connect/", "/oauth2/", "/v2/oauth2/", "/op/", "/v1/openid_connect/")

_HTML = "text/html; charset=utf-8"
_QUESTION = ("client_id", "response_type", "scope", "redirect_uri", "state", "nonce")
_SCOPES = frozenset(
    {
        "com.intuit.quickbooks.accounting",
        "com.intuit.quickbooks.payment",
        "openid",
        "profile",
        "email",
        "phone",
        "address",
    }
)
_NO_STORE = {"Cache-Control": "no-cache, no-store", "Pragma": "no-cache"}
_HARD_EXPIRY = "x-include-refresh-token-hard-expires-in"

_Handler = Callable[["OAuthEndpoints", sqlite3.Connection, Exchange], Answer]


class OAuthEndpoints:
    """Answers the OAuth paths inside the request's transaction."""

    def __init__(self, emulator: Emulator, base_url: Callable[[], str]) -> None:
        self._emulator = emulator
        self._base_url = base_url

    def answer(
        self, connection: sqlite3.Connection, exchange: Exchange
    ) -> Answer | None:
        """Return the answer, None when the path is none of OAuth's.

        What there is not, or not by this method, is refused as OAuth refuses.
        """
        handler = _ROUTES.get((exchange.method, exchange.path.rstrip("/")))
        if handler is not None:
            answer = handler(self, connection, exchange)
        elif exchange.path.startswith(_OAUTH):
            answer = _refused(404, "invalid_request")
        else:
            return None
        return replace(answer, headers={**answer.headers, "intuit_tid": intuit_tid()})

    def discovery(self, _connection: sqlite3.Connection, _exchange: Exchange) -> Answer:
        """The discovery document; its endpoints are on this emulator."""
        base = self._base_url()
        return Answer(
            200,
            dumps(
                {
                    "issuer": ISSUER,
                    "authorization_endpoint": base + AUTHORIZE,
                    "token_endpoint": base + TOKEN,
                    "userinfo_endpoint": base + USERINFO,
                    "revocation_endpoint": base + REVOKE,
                    "jwks_uri": base + JWKS,
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                    "scopes_supported": [
                        "openid",
                        "email",
                        "profile",
                        "address",
                        "phone",
                    ],
                    "token_endpoint_auth_methods_supported": [
                        "client_secret_post",
                        "client_secret_basic",
                    ],
                    "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
                }
            ),
        )

    def ask(self, connection: sqlite3.Connection, exchange: Exchange) -> Answer:
        """GET authorize: the consent page, or why there is none."""
        question = {
            name: exchange.args[name] for name in _QUESTION if name in exchange.args
        }
        refusal = self._refuse_question(question)
        if refusal is not None:
            return refusal
        companies = [
            (realm["realm_id"], realm["company"])
            for realm in self._emulator.realms(connection)
        ]
        page = consent_page(AUTHORIZE, question, companies, str(USER["email"]))
        return Answer(200, page, _HTML, {"X-Frame-Options": "DENY"})

    def decide(self, connection: sqlite3.Connection, exchange: Exchange) -> Answer:
        """POST authorize: the user's decision, sent back to the app."""
        question = {
            name: exchange.form[name] for name in _QUESTION if name in exchange.form
        }
        refusal = self._refuse_question(question)
        if refusal is not None:
            return refusal
        if exchange.form.get("decision") != "authorize":
            return _redirect(question, error="access_denied")
        realm_id = exchange.form.get("realm_id", "")
        if realm_id not in {
            realm["realm_id"] for realm in self._emulator.realms(connection)
        }:
            return Answer(400, error_page("There is no such company."), _HTML)
        code = self._emulator.tokens(connection).authorize(
            realm_id,
            question["scope"],
            question["redirect_uri"],
            question.get("nonce", ""),
        )
        if "com.intuit.quickbooks.accounting" in question["scope"].split():
            return _redirect(question, code=code, realmId=realm_id)
        return _redirect(question, code=code)

    def token(self, connection: sqlite3.Connection, exchange: Exchange) -> Answer:
        """POST token: code exchange and refresh. Wrong keys are 401, a bad grant is
        400."""
        if not self._knows_client(exchange):
            return _refused(401, "invalid_client")
        tokens = self._emulator.tokens(connection)
        form, grant_type = exchange.form, exchange.form.get("grant_type")
        try:
            if grant_type == "authorization_code":
                pair = tokens.exchange(
                    form.get("code", ""), form.get("redirect_uri", "")
                )
            elif grant_type == "refresh_token":
                pair = tokens.refresh(form.get("refresh_token", ""))
            elif grant_type is None:
                return _refused(400, "invalid_request")
            else:
                return _refused(400, "unsupported_grant_type")
        except GrantRefused:
            return _refused(
                400,
                "invalid_grant",
                "Incorrect or invalid refresh token"
                if grant_type == "refresh_token"
                else "Token invalid",
            )
        return Answer(
            200, dumps(self._tokens(connection, exchange, pair)), JSON, _NO_STORE
        )

    def revoke(self, connection: sqlite3.Connection, exchange: Exchange) -> Answer:
        """POST revoke, JSON or form: the pair dies; empty 200."""
        if not self._knows_client(exchange):
            return _refused(401, "invalid_client")
        token = exchange.form.get("token", "")
        if not token:
            try:
                token = str(loads(exchange.body).get("token", ""))
            except (JsonError, UnicodeDecodeError, AttributeError):
                token = ""
        if not self._emulator.tokens(connection).revoke(token):
            return _refused(400, "invalid_request")
        return Answer(200, "", JSON)

    def jwks(self, connection: sqlite3.Connection, _exchange: Exchange) -> Answer:
        """The key that id_tokens are signed with."""
        return Answer(200, dumps(Signer.load(connection).jwks()))

    def userinfo(self, connection: sqlite3.Connection, exchange: Exchange) -> Answer:
        """Who signed in; needs a living token with openid scope."""
        value = exchange.headers.get("authorization", "").partition(" ")[2]
        grant = self._emulator.tokens(connection).check_access(value)
        if grant is None or "openid" not in grant.scope.split():
            return Answer(
                401,
                dumps({"error": "invalid_token"}),
                JSON,
                {
                    "www-authenticate": 'Bearer realm="Intuit", error="invalid_token"',
                },
            )
        return Answer(200, dumps(USER))

    def _tokens(
        self, connection: sqlite3.Connection, exchange: Exchange, pair: TokenPair
    ) -> Document:
        body: Document = {
            "x_refresh_token_expires_in": pair.refresh_expires_in,
            "refresh_token": pair.refresh_token,
            "access_token": pair.access_token,
            "token_type": "bearer",
            "expires_in": pair.expires_in,
        }
        if exchange.headers.get(_HARD_EXPIRY, "").lower() == "true":
            body["x_refresh_token_hard_expires_in"] = pair.hard_expires_in
        if "openid" in pair.grant.scope.split() and exchange.form.get("code"):
            signer = Signer.load(connection)
            body["id_token"] = signer.id_token(
                pair, self._emulator.app, self._emulator.clock
            )
        return body

    def _knows_client(self, exchange: Exchange) -> bool:
        basic = basic_credentials(exchange.headers.get("authorization", ""))
        form = exchange.form
        if basic is None:
            basic = (form.get("client_id", ""), form.get("client_secret", ""))
        elif "client_id" in form:
            return False  # both at once has been refused (thunder-client-support#1256)
        return self._emulator.app.accepts(*basic)

    def _refuse_question(self, question: dict[str, str]) -> Answer | None:
        """Check the query of authorize; what can be told to the app goes back to it."""
        if question.get("client_id") != self._emulator.app.client_id:
            return Answer(400, error_page("The client_id is not known."), _HTML)
        if not is_loopback(question.get("redirect_uri", "")):
            return Answer(
                400,
                error_page(
                    "The redirect_uri query parameter value is invalid: this emulator"
                    " accepts"
                    " addresses of this machine."
                ),
                _HTML,
            )
        if question.get("response_type") != "code":
            return _redirect(question, error="unsupported_response_type")
        if "state" not in question:
            return Answer(
                400, error_page("The state query parameter is missing."), _HTML
            )
        scopes = question.get("scope", "").split()
        if not scopes or not _SCOPES.issuperset(scopes):
            return _redirect(question, error="invalid_scope")
        return None


_ROUTES: dict[tuple[str, str], _Handler] = {
    ("GET", DISCOVERY): OAuthEndpoints.discovery,
    ("GET", DISCOVERY_SANDBOX): OAuthEndpoints.discovery,
    ("GET", AUTHORIZE): OAuthEndpoints.ask,
    ("POST", AUTHORIZE): OAuthEndpoints.decide,
    ("POST", TOKEN): OAuthEndpoints.token,
    ("POST", REVOKE): OAuthEndpoints.revoke,
    ("GET", JWKS): OAuthEndpoints.jwks,
    ("GET", USERINFO): OAuthEndpoints.userinfo,
}


def _redirect(question: dict[str, str], **members: str) -> Answer:
    if "state" in question:
        members["state"] = question["state"]
    uri = question["redirect_uri"]
    glue = "&" if urlsplit(uri).query else "?"
    return Answer(302, "", _HTML, {"Location": f"{uri}{glue}{urlencode(members)}"})


def _refused(status: int, error: str, description: str | None = None) -> Answer:
    body = {"error": error}
    if description is not None:
        body = {"error_description": description, "error": error}
    return Answer(status, dumps(body), JSON, _NO_STORE)
