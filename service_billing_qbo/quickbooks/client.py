"""QuickBooks Online's Accounting API v3, one method a thing that one may ask of it.

A method sends one request (``query_all`` one a page) and returns what QuickBooks
answered, or raises one of the errors of ``errors``. Nothing is repeated here: who may
repeat what is decided above.

Source: developer.intuit.com, API reference (paths, parameters) and "Learn basic field
definitions" (request id: unique a company, up to 50 characters).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from . import jsonmoney, query
from ._answers import content_of
from ._operations import void_form
from .batch import BatchAnswer, BatchItem, answers_in, payload_of
from .endpoints import Endpoints
from .errors import AnswerLost, Throttled
from .transport import Answer, Request, Transport
from .uploads import attachable_in, multipart

__all__ = ["CDC_MAX_OBJECTS", "Entity", "QuickBooksClient"]

Entity = dict[str, Any]
"""An entity as QuickBooks wrote it: numbers are Decimal, unknown members included."""

CDC_MAX_OBJECTS = 1000
"""A change data capture that returns as many may have left some out."""

_MAX_REQUEST_ID = 50
_JSON = "application/json"


class QuickBooksClient:
    """One company (realm). May be used by several threads at once.

    :param realm_id: Intuit's id of the company.
    :param access_token: called for each request; returns the token as it is now,
        without network.
    :param minor_version: of the API; lower ones than 75 are ignored by Intuit since
        August 2025.
    :param batch_timeout_s: a batch of 30 takes Intuit longer than one document.
    """

    def __init__(
        self,
        endpoints: Endpoints,
        realm_id: str,
        access_token: Callable[[], str],
        transport: Transport,
        minor_version: int = 75,
        batch_timeout_s: float = 60.0,
    ) -> None:
        self.realm_id = realm_id
        self._base_url = (
            f"{endpoints.api_base_url}/v3/company/{quote(realm_id, safe='')}/"
        )
        self._access_token = access_token
        self._transport = transport
        self._minor_version = minor_version
        self._batch_timeout_s = batch_timeout_s
        self._lock = threading.Lock()
        self._metered_reads = 0

    def __repr__(self) -> str:
        return f"QuickBooksClient({self._base_url})"

    @property
    def metered_reads(self) -> int:
        """How many CorePlus calls (data out) Intuit has counted for this client."""
        return self._metered_reads

    def is_signed_in_with(self, access_token: str) -> bool:
        """Whether calls are made with this token, not with one before or after it."""
        return self._access_token() == access_token

    # -- writing: not metered --

    def create(
        self,
        entity: str,
        payload: Mapping[str, Any],
        request_id: str,
        include: str | None = None,
    ) -> Entity:
        """Create, and return the entity with its Id, SyncToken and totals.

        :param request_id: kept before the first sending; the same again returns the
            same answer.
        :param include: such as "allowduplicatedocnum".
        """
        return self._write(entity, payload, request_id, {"include": include})

    def update(
        self,
        entity: str,
        payload: Mapping[str, Any],
        request_id: str,
        include: str | None = None,
    ) -> Entity:
        """Update, wholly or ("sparse": True in ``payload``) only the members given.

        :raises ValueError: Id or SyncToken is missing (QuickBooks would create another
            one).
        """
        _versioned(payload)
        return self._write(entity, payload, request_id, {"include": include})

    def void(
        self, entity: str, qbo_id: str, sync_token: str, request_id: str
    ) -> Entity:
        """Void a transaction: it stays, its amounts become 0.

        :raises ValueError: the API cannot void this entity (a credit memo, for one).
        """
        options, payload = void_form(entity, {"Id": qbo_id, "SyncToken": sync_token})
        parameters = {
            "operation": options["operation"],
            "include": options.get("optionsData"),
        }
        return self._write(entity, payload, request_id, parameters)

    def delete(
        self, entity: str, qbo_id: str, sync_token: str, request_id: str
    ) -> Entity:
        """Delete a transaction; lists are made inactive instead, by an update."""
        payload = {"Id": qbo_id, "SyncToken": sync_token}
        return self._write(entity, payload, request_id, {"operation": "delete"})

    def batch(self, items: Sequence[BatchItem], request_id: str) -> list[BatchAnswer]:
        """Up to 30 operations in one call; the answers come in the order of the items.

        Faults of an item are in its answer; errors are raised only for the call as a
        whole. A repeat with the same request id and the same b_ids is not executed
        again.

        :raises ValueError: see ``batch.payload_of``.
        """
        body = jsonmoney.dumps(payload_of(items, request_id))
        request = self._request(
            "POST",
            "batch",
            {"requestid": request_id},
            body,
            is_write=any(item.is_write for item in items),
            is_metered=any(not item.is_write for item in items),
            is_batch=True,
            timeout_s=self._batch_timeout_s,
        )
        content = self._send(request)
        if not isinstance(content.get("BatchItemResponse"), list):
            raise _without("BatchItemResponse", request)
        return answers_in(content, items)

    def upload(
        self,
        metadata: Mapping[str, Any],
        file_name: str,
        content: bytes,
        mime_type: str,
        request_id: str,
    ) -> Entity:
        """Upload one file; return its Attachable with its Id.

        :param metadata: the Attachable: what the file belongs to, and a note.
        """
        body, content_type = multipart(metadata, file_name, content, mime_type)
        request = self._request(
            "POST",
            "upload",
            {"requestid": request_id},
            body,
            is_write=True,
            content_type=content_type,
            timeout_s=self._batch_timeout_s,
        )
        return attachable_in(self._send(request))

    # -- reading: metered --

    def read(self, entity: str, qbo_id: str) -> Entity:
        """One entity by its Id; one that is gone raises Refused with code 610."""
        return self._read(f"{_path(entity)}/{quote(qbo_id, safe='')}", entity)

    def company_info(self) -> Entity:
        """CompanyInfo of this company."""
        return self._read(f"companyinfo/{quote(self.realm_id, safe='')}", "CompanyInfo")

    def preferences(self) -> Entity:
        """Preferences of this company."""
        return self._read("preferences", "Preferences")

    def exchange_rate(self, source_currency: str, as_of: date) -> Entity:
        """ExchangeRate from ``source_currency`` (ISO code) to the home currency."""
        parameters = {
            "sourcecurrencycode": source_currency,
            "asofdate": as_of.isoformat(),
        }
        return self._read("exchangerate", "ExchangeRate", parameters)

    def query(self, statement: str) -> list[Entity]:
        """Rows that a statement finds; one page (see ``query.select``)."""
        found = self._query(statement)
        rows: list[Entity] = []
        for value in found.values():
            if isinstance(value, list):
                rows += value
        return rows

    def query_all(
        self, entity: str, where: str | None = None, order_by: str | None = None
    ) -> Iterator[Entity]:
        """All rows in pages of 1000; each page is asked for when it is wanted."""
        start = 1
        while True:
            page = self.query(query.select(entity, where, start, order_by=order_by))
            yield from page
            if len(page) < query.MAX_RESULTS:
                return
            start += query.MAX_RESULTS

    def count(self, entity: str, where: str | None = None) -> int:
        """How many rows there are."""
        return int(self._query(query.count(entity, where)).get("totalCount", 0))

    def change_data_capture(
        self, entities: Sequence[str], since: datetime
    ) -> dict[str, list[Entity]]:
        """What changed since a moment; deleted ones have "status": "Deleted".

        :param since: aware, at most 30 days ago.
        :return: the changed entities by name, an empty list where nothing changed. See
            ``CDC_MAX_OBJECTS``.
        """
        if since.tzinfo is None:
            raise ValueError("a moment needs its offset from UTC")
        parameters = {
            "entities": ",".join(entities),
            "changedSince": since.isoformat(timespec="seconds"),
        }
        request = self._request("GET", "cdc", parameters, is_metered=True)
        content = self._send(request)
        changes: dict[str, list[Entity]] = {entity: [] for entity in entities}
        for response in _list(content.get("CDCResponse")):
            for found in _list(response.get("QueryResponse")):
                for name in entities:
                    changes[name] += _list(found.get(name))
        return changes

    # -- one way for all --

    def _write(
        self,
        entity: str,
        payload: Mapping[str, Any],
        request_id: str,
        parameters: Mapping[str, str | None],
    ) -> Entity:
        if not 1 <= len(request_id) <= _MAX_REQUEST_ID:
            raise ValueError(f"a request id has 1 to {_MAX_REQUEST_ID} characters")
        request = self._request(
            "POST",
            _path(entity),
            {"requestid": request_id, **parameters},
            jsonmoney.dumps(payload),
            is_write=True,
        )
        return _member(self._send(request), entity, request)

    def _read(
        self, path: str, entity: str, parameters: Mapping[str, str | None] | None = None
    ) -> Entity:
        request = self._request("GET", path, parameters or {}, is_metered=True)
        return _member(self._send(request), entity, request)

    def _query(self, statement: str) -> Entity:
        # By POST: the statement holds names of customers, which do not belong into logs
        # of addresses. The charset is named where it matters only; no SDK sends one.
        content_type = "application/text"
        if not statement.isascii():
            content_type += ";charset=utf-8"
        request = self._request(
            "POST", "query", {}, statement, is_metered=True, content_type=content_type
        )
        return _member(self._send(request), "QueryResponse", request)

    def _request(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, str | None],
        body: str | bytes | None = None,
        *,
        is_write: bool = False,
        is_metered: bool = False,
        is_batch: bool = False,
        content_type: str = _JSON,
        timeout_s: float | None = None,
    ) -> Request:
        given = {name: value for name, value in parameters.items() if value is not None}
        query_string = urlencode({"minorversion": self._minor_version, **given})
        headers = {"Authorization": f"Bearer {self._access_token()}", "Accept": _JSON}
        if body is not None:
            headers["Content-Type"] = content_type
        return Request(
            method=method,
            url=f"{self._base_url}{path}?{query_string}",
            timeout_s=self._transport.timeout_s if timeout_s is None else timeout_s,
            headers=headers,
            body=body.encode() if isinstance(body, str) else body,
            is_write=is_write,
            is_metered=is_metered,
            is_batch=is_batch,
        )

    def _send(self, request: Request) -> Entity:
        answer = self._transport.send(request)
        self._count(request, answer)
        try:
            return content_of(answer, request)
        except Throttled as error:
            if self._transport.limiter:
                self._transport.limiter.pause(error.retry_after_s or 0)
            raise

    def _count(self, request: Request, answer: Answer) -> None:
        if request.is_metered and answer.status < 300:
            with self._lock:
                self._metered_reads += 1


def _path(entity: str) -> str:
    return quote(entity.lower(), safe="")


def _versioned(payload: Mapping[str, Any]) -> None:
    if not payload.get("Id") or payload.get("SyncToken") in (None, ""):
        raise ValueError("an update needs Id and SyncToken")


def _member(content: Entity, name: str, request: Request) -> Entity:
    member = content.get(name)
    if not isinstance(member, dict):
        raise _without(name, request)
    return member


def _without(name: str, request: Request) -> AnswerLost:
    return AnswerLost(
        f"The answer of QuickBooks has no {name}.",
        status=200,
        is_write=request.is_write,
    )


def _list(value: object) -> list[Entity]:
    return (
        [item for item in value if isinstance(item, dict)]
        if isinstance(value, list)
        else []
    )
