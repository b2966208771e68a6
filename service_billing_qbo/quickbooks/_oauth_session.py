"""requests-oauthlib's session, carried by our transport.

The library leads the dialogue (RFC 6749); the bytes leave through ``Transport`` like
all others, so that time-outs, https and typed errors hold here too.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from oauthlib.oauth2 import WebApplicationClient
from requests.adapters import BaseAdapter
from requests_oauthlib import OAuth2Session

from ._answers import error_of
from .errors import AuthenticationFailed, ClientRefused, QuickBooksError
from .transport import Answer, Request, Transport

__all__ = ["TransportAdapter", "session_over"]

# At debug level the library logs codes, tokens and the client secret.
logging.getLogger("requests_oauthlib.oauth2_session").addFilter(
    lambda record: record.levelno > logging.DEBUG
)


class TransportAdapter(BaseAdapter):
    """Sends whatever the session asks for to one address, through the transport.

    :param url: where it really goes. The session itself insists on https, also for a
        server on this machine; ``Transport`` judges the real address.
    """

    def __init__(self, transport: Transport, url: str) -> None:
        super().__init__()
        self._transport = transport
        self._url = url
        self.answer: Answer | None = None

    @property
    def secure_url(self) -> str:
        """The address as the session may see it."""
        return urlsplit(self._url)._replace(scheme="https").geturl()

    @property
    def elapsed_s(self) -> float:
        """Seconds that the answer took, 0 before there is one."""
        return self.answer.elapsed_s if self.answer else 0.0

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send once; the transport's own time-out and certificates hold.

        :raises QuickBooksError: no answer, or one that is not a success.
        """
        body = request.body.encode() if isinstance(request.body, str) else request.body
        ours = Request(
            method=request.method or "POST",
            url=self._url,
            timeout_s=self._transport.timeout_s,
            headers=request.headers,
            body=body,
            is_write=True,
            is_limited=False,
        )
        self.answer = answer = self._transport.send(ours)
        if answer.status != 200:
            raise _error_of(answer, ours)
        response = requests.Response()
        response.status_code = answer.status
        response.headers.update(answer.headers)
        response._content = answer.body
        response.url = self._url
        response.request = request
        return response

    def close(self) -> None:
        """Nothing to close: the transport belongs to the caller."""


def session_over(
    adapter: TransportAdapter, client_id: str, redirect_uri: str | None = None
) -> OAuth2Session:
    """A session for one dialogue; all that it sends goes through ``adapter``."""
    session = OAuth2Session(
        client=WebApplicationClient(client_id), redirect_uri=redirect_uri
    )
    # No .netrc may put other credentials in the place of ours.
    session.trust_env = False
    session.adapters.clear()
    session.mount("https://", adapter)
    return session


def _error_of(answer: Answer, request: Request) -> QuickBooksError:
    """As everywhere, but here a 401 is about the client, not a token (RFC 6749 5.2)."""
    error = error_of(answer, request)
    if not isinstance(error, AuthenticationFailed):
        return error
    return ClientRefused(
        "QuickBooks does not accept the client id and secret of the app",
        status=error.status,
        intuit_tid=error.intuit_tid,
        faults=error.faults,
        is_write=True,
    )
