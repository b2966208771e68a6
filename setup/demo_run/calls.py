"""What QuickBooks was asked, counted from its own request log.

Intuit meters reads and not creates, and the answer of a create is the truth, so what
was created must not be read again. Two other reads are none of this: a look-up that
follows a refused or lost create settles whose name or number it is, and a name list
that is read as a whole is refreshed.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote_plus

ENTITIES = {
    name.lower(): name
    for name in ("Customer", "Invoice", "CreditMemo", "Item", "Payment")
}

NAME_LISTS = ("Customer", "Item")


@dataclass(frozen=True)
class Calls:
    """How many calls QuickBooks saw, those of three kinds and all."""

    create: int
    read_after_create: int
    metered: int
    total: int


@dataclass(frozen=True)
class _Step:
    """One thing that a request did: ``verb`` is create or read, ``done``: it worked."""

    verb: str
    entity: str
    done: bool


def count(requests: Iterable[dict], metered: int) -> Calls:
    """Count the API requests of an emulator's log (``GET /_emulator/requests``)."""
    calls = [request for request in requests if "/v3/company/" in request["path"]]
    steps = [step for request in calls for step in _steps(request)]
    return Calls(
        create=sum(step.verb == "create" and step.done for step in steps),
        read_after_create=_reads_after_create(steps),
        metered=metered,
        total=len(calls),
    )


def creates(requests: Iterable[dict]) -> Counter[str]:
    """Creates that succeeded, by entity."""
    return Counter(
        step.entity
        for request in requests
        for step in _steps(request)
        if step.verb == "create" and step.done
    )


def _reads_after_create(steps: Iterable[_Step]) -> int:
    """Reads of an entity after a create of it, but for look-ups after a failed one."""
    created: set[str] = set()
    to_look_up: Counter[str] = Counter()
    reads = 0
    for step in steps:
        if step.verb == "create" and step.done:
            created.add(step.entity)
        elif step.verb == "create":
            to_look_up[step.entity] += 1
        elif to_look_up[step.entity]:
            to_look_up[step.entity] -= 1
        elif step.entity in created:
            reads += 1
    return reads


def _steps(request: dict) -> Iterator[_Step]:
    """The creates and reads in one logged request; a batch holds many."""
    resource = request["path"].split("/v3/company/", 1)[-1].split("/")[1:]
    name = resource[0].lower() if resource else ""
    body = _parsed(request.get("body"))
    done = request["status"] == 200
    if name == "batch" and isinstance(body, dict):
        yield from _batch_steps(body, _parsed(request.get("answer")))
    elif name == "query":
        yield from _query_steps(_statement(request), done)
    elif name in ENTITIES and request["method"] == "GET":
        yield _Step("read", ENTITIES[name], done)
    elif (
        name in ENTITIES
        and isinstance(body, dict)
        and "Id" not in body
        and not resource[1:]
    ):
        yield _Step("create", ENTITIES[name], done)


def _batch_steps(body: dict, answer: Any) -> Iterator[_Step]:
    """The creates and reads of a batch; an item without a Fault worked."""
    items = answer.get("BatchItemResponse", []) if isinstance(answer, dict) else []
    answers = {item.get("bId"): item for item in items}
    for item in body.get("BatchItemRequest", []):
        done = "Fault" not in answers.get(item.get("bId"), {"Fault": None})
        if "Query" in item:
            yield from _query_steps(item["Query"], done)
        elif item.get("operation") == "create":
            entity = next((name for name in ENTITIES.values() if name in item), "")
            if entity:
                yield _Step("create", entity, done)


def _statement(request: dict) -> str:
    """The statement of a query, which may stand in the address or in the body."""
    query = request.get("query") or ""
    if isinstance(query, dict):
        statement = query.get("query", "")
    else:
        statement = (parse_qs(query.lstrip("?")).get("query") or [""])[0]
    return statement or unquote_plus(str(request.get("body") or ""))


def _query_steps(statement: str, done: bool) -> Iterator[_Step]:
    """The read of a query for something that is exported."""
    words = statement.lower().split()
    named = words[words.index("from") + 1] if "from" in words[:-1] else ""
    entity = ENTITIES.get(named, "")
    # Who looks for one customer or item quotes its name or Id.
    is_whole_list = entity in NAME_LISTS and "'" not in statement
    if entity and not is_whole_list:
        yield _Step("read", entity, done)


def _parsed(text: Any) -> Any:
    """Bodies in the log are JSON text or already parsed; else there is none."""
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return None
