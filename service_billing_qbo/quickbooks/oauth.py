"""OAuth 2 with Intuit: authorize, exchange the code, refresh, revoke.

requests-oauthlib writes the forms and reads the answers (RFC 6749); the calls go
through our own transport (see ``_oauth_session``).

Sources: developer.intuit.com, "OAuth 2.0" and "Platform requirements" (keep the newest
refresh token of every answer); Intuit's oauth-jsclient for the exact members and
headers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote, urlencode

from oauthlib.oauth2 import OAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from . import jsonmoney
from ._oauth_session import TransportAdapter, session_over
from .endpoints import Endpoints
from .errors import AnswerLost
from .transport import Transport

__all__ = ["SCOPE", "OAuthClient", "TokenSet", "authorization_url"]

SCOPE = "com.intuit.quickbooks.accounting"

_FORM_HEADERS = {
    "Accept": "application/json",
    "Content-Type": "application/x-www-form-urlencoded",
    # Adds x_refresh_token_hard_expires_in to the answer (oauth-jsclient 4.2.5).
    "x-include-refresh-token-hard-expires-in": "true",
}


@dataclass(frozen=True)
class TokenSet:
    """One answer of the token endpoint. All moments are aware and in UTC.

    :param refresh_token: always store the newest; Intuit changes it about once a day.
    :param refresh_expires_at: moves forward with each refresh (100 days).
    :param hard_expires_at: five years from the authorization, whatever is refreshed;
        None when not told.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_expires_at: datetime
    refresh_expires_at: datetime
    hard_expires_at: datetime | None
    received_at: datetime


def authorization_url(
    endpoints: Endpoints, client_id: str, redirect_uri: str, state: str
) -> str:
    """Where to send the browser so that a person lets the app into a company.

    :param redirect_uri: exactly as registered with Intuit; parameters of our own go
        into ``state``.
    :param state: unguessable, comes back unchanged.
    """
    query = urlencode(
        {
            "client_id": client_id,
            "response_type": "code",
            "scope": SCOPE,
            "redirect_uri": redirect_uri,
            "state": state,
        },
        quote_via=quote,
    )
    separator = "&" if "?" in endpoints.authorization_endpoint else "?"
    return f"{endpoints.authorization_endpoint}{separator}{query}"


class OAuthClient:
    """The token endpoint, for one app.

    :param client_secret: of the same environment as ``client_id``.
    :param now: the present, aware.
    """

    def __init__(
        self,
        endpoints: Endpoints,
        client_id: str,
        client_secret: str,
        transport: Transport,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        self._endpoints = endpoints
        self._transport = transport
        self._now = now
        self._client_id = client_id
        # Basic only: a client id in the form, too, is answered with invalid_client.
        self._options: dict[str, Any] = {
            "auth": HTTPBasicAuth(client_id, client_secret)
        }

    def __repr__(self) -> str:
        return f"OAuthClient({self._endpoints.token_endpoint})"

    def exchange_code(self, code: str, redirect_uri: str) -> TokenSet:
        """Trade the authorization code for tokens; a code works once.

        :param redirect_uri: the same as in ``authorization_url``.
        :raises GrantRefused: the code is used, expired or foreign.
        :raises ClientRefused: wrong client id or secret.
        :raises QuickBooksError: anything else.
        """
        return self._fetch(
            lambda session, url: session.fetch_token(
                url,
                code=code,
                include_client_id=False,
                headers=_FORM_HEADERS,
                **self._options,
            ),
            redirect_uri,
        )

    def refresh(self, refresh_token: str) -> TokenSet:
        """Get a new access token and the newest refresh token.

        After AnswerLost the old refresh token may be used again: Intuit accepts it
        until the new one has been seen in use or a day has passed.

        :raises GrantRefused: the refresh token is dead; a person must connect again.
            Never repeat.
        :raises ClientRefused: wrong client id or secret.
        :raises QuickBooksError: anything else.
        """
        return self._fetch(
            lambda session, url: session.refresh_token(
                url,
                refresh_token=refresh_token,
                headers=_FORM_HEADERS,
                **self._options,
            )
        )

    def revoke(self, token: str) -> None:
        """End the authorization, given its refresh or access token; both die.

        :raises GrantRefused: it was dead already.
        :raises QuickBooksError: anything else.
        """
        adapter = TransportAdapter(self._transport, self._endpoints.revocation_endpoint)
        session_over(adapter, self._client_id).post(
            adapter.secure_url,
            data=jsonmoney.dumps({"token": token}),
            headers={"Accept": "application/json", "Content-Type": "application/json"},
            withhold_token=True,
            **self._options,
        )

    def _fetch(
        self,
        ask: Callable[[OAuth2Session, str], dict[str, Any]],
        redirect_uri: str | None = None,
    ) -> TokenSet:
        adapter = TransportAdapter(self._transport, self._endpoints.token_endpoint)
        session = session_over(adapter, self._client_id, redirect_uri)
        try:
            members = ask(session, adapter.secure_url)
            return self._token_set(members, adapter.elapsed_s)
        except (
            OAuth2Error,
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
            OverflowError,
        ):
            # The text of these errors may quote the answer, and with it the tokens.
            raise AnswerLost(
                "The answer of Intuit's token endpoint could not be read.",
                status=adapter.answer.status if adapter.answer else None,
                intuit_tid=adapter.answer.intuit_tid if adapter.answer else None,
                is_write=True,
            ) from None

    def _token_set(self, members: dict[str, Any], elapsed_s: float) -> TokenSet:
        received_at = self._now()
        # Intuit's clock started before the answer arrived.
        issued_at = received_at - timedelta(seconds=elapsed_s)

        def after(seconds: object) -> datetime:
            return issued_at + timedelta(seconds=int(str(seconds)))

        hard_s = members.get("x_refresh_token_hard_expires_in")
        return TokenSet(
            access_token=_token(members["access_token"]),
            refresh_token=_token(members["refresh_token"]),
            access_expires_at=after(members["expires_in"]),
            refresh_expires_at=after(members["x_refresh_token_expires_in"]),
            hard_expires_at=None if hard_s is None else after(hard_s),
            received_at=received_at,
        )


def _token(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("not a token")
    return value
