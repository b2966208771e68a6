"""The one way out: every call to Intuit passes ``Transport.send``.

Kept here for all: https only, a time-out on each call, Intuit's limits, no redirects,
no repeating by a library, a limit on the size of an answer, secrets out of the log, and
the one question that exactly-once rests on: was anything sent?
"""

from __future__ import annotations

import http.client
import ipaddress
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import parse_qs, urlsplit

import requests
import urllib3

from ._wire import WitnessAdapter, anything_sent, forget, when_sent
from .errors import AnswerLost, InsecureAddress, NotSent
from .limiter import Limiter
from .redaction import RedactingFilter, redact

__all__ = ["Answer", "Exchange", "Request", "Transport", "is_secure"]

_logger = logging.getLogger(__name__)
_logger.addFilter(RedactingFilter())

MAX_ANSWER_BYTES = 32 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
_POOL_SIZE = 16


@dataclass(frozen=True)
class Request:
    """One HTTP request.

    :param timeout_s: seconds of silence after which the answer counts as lost; also
        bounds the reading of the whole answer.
    :param is_write: executing it changes something in QuickBooks.
    :param is_metered: Intuit counts it as a CorePlus call when it succeeds.
    :param is_batch: counts against the limit of batch calls.
    :param is_limited: counts against the realm's limits (the token endpoint does not).
    """

    method: str
    url: str
    timeout_s: float
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    is_write: bool = False
    is_metered: bool = False
    is_batch: bool = False
    is_limited: bool = True


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status.

    :param headers: names compare without case.
    :param intuit_tid: Intuit's transaction id, None when the answer has none.
    :param elapsed_s: from the start of sending to the last byte read.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    intuit_tid: str | None
    elapsed_s: float

    @property
    def content_type(self) -> str:
        """Content-Type, "" when absent."""
        return self.headers.get("Content-Type", "")


@dataclass(frozen=True)
class Exchange:
    """One request and what became of it, for the request log, without secrets.

    :param path: without the query.
    :param status: None when no answer came.
    :param error: class name of the error, None when an answer came.
    :param metered: Intuit counts the call (CorePlus, and answered with success).
    """

    method: str
    path: str
    request_id: str | None
    status: int | None
    intuit_tid: str | None
    elapsed_s: float
    metered: bool
    is_write: bool
    error: str | None
    _request_body: bytes | None = field(default=None, repr=False)
    _answer_body: bytes | None = field(default=None, repr=False)

    @property
    def request_text(self) -> str:
        """The request's body, secrets masked; worked out when asked for."""
        return redact((self._request_body or b"").decode("utf-8", "replace"))

    @property
    def answer_text(self) -> str:
        """The answer's body, secrets masked; worked out when asked for."""
        return redact((self._answer_body or b"").decode("utf-8", "replace"))


def is_secure(url: str) -> bool:
    """Whether secrets may travel to ``url``: https, or http on this machine."""
    try:
        parts = urlsplit(url)
        if parts.scheme == "https" or parts.hostname == "localhost":
            return parts.scheme in ("http", "https") and bool(parts.hostname)
        address = ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return False
    return parts.scheme == "http" and address.is_loopback


class Transport:
    """Sends requests; may be used by several threads at once.

    :param timeout_s: what callers use when they have no reason for another time-out.
    :param limiter: keeps the limits of the one realm that this transport serves; None
        for none.
    :param on_exchange: called in the sending thread after each request with an
        ``Exchange``.
    :param on_sent: called in the sending thread with a ``Request`` that has left as a
        whole, before its answer is waited for.
    :param max_wait_s: longest wait for the limiter; None waits as long as it takes.
    :param max_pause_s: longest pause after a 429 that is waited for.
    :param proxies: as in requests, such as {"https": "http://proxy:3128"}. The
        environment's are not used: neither they nor a .netrc may divert a token.
    :param ca_bundle: file of trusted certificates, None for requests' own.
    """

    def __init__(
        self,
        timeout_s: float = 30.0,
        limiter: Limiter | None = None,
        on_exchange: Callable[[Exchange], None] | None = None,
        max_wait_s: float | None = None,
        proxies: Mapping[str, str] | None = None,
        ca_bundle: str | None = None,
        on_sent: Callable[[Request], None] | None = None,
        max_pause_s: float | None = None,
    ) -> None:
        self.timeout_s = timeout_s
        self.limiter = limiter
        self._on_exchange = on_exchange
        self._on_sent = on_sent
        self._max_wait_s = max_wait_s
        self._max_pause_s = max_pause_s
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.proxies = dict(proxies or {})
        self._session.verify = ca_bundle or True
        # One session serves several threads: no call may change anything in it.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = WitnessAdapter(pool_maxsize=_POOL_SIZE, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def send(self, request: Request) -> Answer:
        """Send once and read the whole answer; its status is not judged here.

        :raises NotSent: nothing was sent (no connection, TLS, limiter, insecure
            address).
        :raises AnswerLost: sent, but no whole answer came in time.
        """
        if not is_secure(request.url):
            raise InsecureAddress(
                "Not an https address; nothing is sent in clear.",
                is_write=request.is_write,
            )
        if self.limiter and request.is_limited:
            self.limiter.acquire(request.is_batch, self._max_wait_s, self._max_pause_s)
        started_at = time.monotonic()
        try:
            answer = self._exchange(request, started_at)
        except (NotSent, AnswerLost) as error:
            self._tell(
                request, None, time.monotonic() - started_at, type(error).__name__
            )
            raise
        self._tell(request, answer, answer.elapsed_s, None)
        return answer

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _exchange(self, request: Request, started_at: float) -> Answer:
        forget()
        when_sent(lambda: self._tell_sent(request))
        try:
            with self._session.request(
                request.method,
                request.url,
                headers=dict(request.headers),
                data=request.body,
                timeout=request.timeout_s,
                allow_redirects=False,
                stream=True,
            ) as response:
                body = self._read(request, response, started_at)
        except (
            requests.RequestException,
            urllib3.exceptions.HTTPError,
            http.client.HTTPException,
            OSError,
        ) as error:
            raise _translate(error, request) from error
        return Answer(
            status=response.status_code,
            headers=response.headers,
            body=body,
            intuit_tid=response.headers.get("intuit_tid"),
            elapsed_s=time.monotonic() - started_at,
        )

    def _read(
        self, request: Request, response: requests.Response, started_at: float
    ) -> bytes:
        chunks: list[bytes] = []
        size = 0
        is_late = False
        for chunk in response.iter_content(_CHUNK_BYTES):
            size += len(chunk)
            if is_late:
                text = f"The answer took longer than {request.timeout_s:g} seconds."
                raise self._lost(text, request, response)
            if size > MAX_ANSWER_BYTES:
                text = f"The answer is larger than {MAX_ANSWER_BYTES // 2**20} MiB."
                raise self._lost(text, request, response)
            chunks.append(chunk)
            # Judged at the next chunk: an answer that is late, but whole, is an answer.
            is_late = time.monotonic() - started_at > request.timeout_s
        # urllib3 before 2.0 takes an answer that ends too early for a whole one.
        if getattr(response.raw, "length_remaining", None):
            raise self._lost("The answer was cut off.", request, response)
        return b"".join(chunks)

    def _lost(
        self, text: str, request: Request, response: requests.Response
    ) -> AnswerLost:
        return AnswerLost(
            text,
            status=response.status_code,
            intuit_tid=response.headers.get("intuit_tid"),
            is_write=request.is_write,
        )

    def _tell_sent(self, request: Request) -> None:
        if self._on_sent is not None:
            self._on_sent(request)

    def _tell(
        self,
        request: Request,
        answer: Answer | None,
        elapsed_s: float,
        error: str | None,
    ) -> None:
        parts = urlsplit(request.url)
        _logger.info(
            "%s %s %s intuit_tid=%s %.0f ms",
            request.method,
            parts.path,
            answer.status if answer else error,
            answer.intuit_tid if answer else None,
            elapsed_s * 1000,
        )
        if self._on_exchange is None:
            return
        exchange = Exchange(
            method=request.method,
            path=parts.path,
            request_id=next(iter(parse_qs(parts.query).get("requestid", [])), None),
            status=answer.status if answer else None,
            intuit_tid=answer.intuit_tid if answer else None,
            elapsed_s=elapsed_s,
            metered=request.is_metered and answer is not None and answer.status < 300,
            is_write=request.is_write,
            error=error,
            _request_body=request.body,
            _answer_body=answer.body if answer else None,
        )
        try:
            self._on_exchange(exchange)
        except Exception:
            # A broken log must not lose the answer of a write.
            _logger.exception("The request log could not be written.")


def _translate(error: Exception, request: Request) -> NotSent | AnswerLost:
    """NotSent when nothing left, else AnswerLost."""
    if isinstance(error, requests.RequestException):
        # It holds the Authorization header, for whoever reports the exception.
        error.request = None
    host = urlsplit(request.url).hostname
    if not anything_sent():
        return NotSent(
            f"{host} could not be reached: {_reason(error)}.", is_write=request.is_write
        )
    if isinstance(error, requests.Timeout) or "timed out" in str(error):
        text = f"{host} did not answer within {request.timeout_s:g} seconds."
    else:
        text = f"The connection to {host} broke before the answer: {_reason(error)}."
    return AnswerLost(text, is_write=request.is_write)


def _reason(error: BaseException) -> str:
    """The innermost cause; the outer ones repeat it with addresses of objects."""
    seen: set[int] = set()
    while id(error) not in seen:
        seen.add(id(error))
        error = _inner(error) or error
    return (str(error) or type(error).__name__).rstrip(".")


def _inner(error: BaseException) -> BaseException | None:
    for inner in (getattr(error, "reason", None), error.__cause__, *error.args):
        if isinstance(inner, BaseException):
            return inner
    # Of a system's error, the context is an accident: what was tried before.
    is_wrapper = type(error).__module__.startswith(("urllib3.", "requests."))
    return error.__context__ if is_wrapper else None
