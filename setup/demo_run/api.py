"""Odoo's external API (``/json/2``), called as one user with that user's own key.

https://www.odoo.com/documentation/19.0/developer/reference/external_api.html
"""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import requests

from demo_run.failure import DemoFailure

TIMEOUT_S = 120.0
LONGEST_MESSAGE = 500


class OdooRefused(DemoFailure):
    """Odoo answered with an error; ``name`` is the class, the text is for people."""

    def __init__(self, call: str, name: str, message: str) -> None:
        super().__init__(f"{call}: {message[:LONGEST_MESSAGE]}")
        self.name = name
        self.message = message


class NotThere(DemoFailure):
    """A record that should be there is not."""


class Api:
    """What one user may do in one database; amounts come back as Decimal."""

    def __init__(self, base_url: str, database: str, key: str, login: str = "") -> None:
        self.login = login
        self._base_url, self._database, self._key = base_url, database, key
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {key}"
        self._http.headers["X-Odoo-Database"] = database

    def at(self, base_url: str) -> "Api":
        """The same user at another server of the same database."""
        return Api(base_url, self._database, self._key, self.login)

    def call(
        self, model: str, method: str, ids: Sequence[int] = (), /, **arguments: Any
    ) -> Any:
        """Call a public method; ``arguments`` are the method's own and ``context``.

        :raises OdooRefused: when Odoo answers with an error
        """
        body = {"ids": list(ids), **arguments} if ids else arguments
        answer = self._http.post(
            f"{self._base_url}/json/2/{model}/{method}",
            data=json.dumps(body, default=_plain),
            headers={"Content-Type": "application/json"},
            timeout=TIMEOUT_S,
        )
        if answer.status_code != 200:
            raise _refusal(f"{model}.{method}", answer)
        return json.loads(answer.text, parse_float=Decimal)

    def create(self, model: str, values: dict | list[dict], **context: Any) -> Any:
        """Create one record (its id) or several (their ids)."""
        many = values if isinstance(values, list) else [values]
        ids = self.call(model, "create", vals_list=many, context=context)
        return ids if isinstance(values, list) else ids[0]

    def write(self, model: str, ids: Sequence[int], values: dict) -> None:
        """Change records."""
        self.call(model, "write", ids, vals=values)

    def read(self, model: str, ids: Sequence[int], fields: Sequence[str]) -> list[dict]:
        """Fields of records, links as ``[id, name]``."""
        return self.call(model, "read", ids, fields=list(fields)) if ids else []

    def search_read(
        self,
        model: str,
        domain: Sequence,
        fields: Sequence[str],
        limit: int | None = None,
        order: str = "id",
    ) -> list[dict]:
        """Fields of the records that a domain finds."""
        return self.call(
            model,
            "search_read",
            domain=list(domain),
            fields=list(fields),
            limit=limit,
            order=order,
        )

    def find(self, model: str, domain: Sequence) -> int:
        """The id of the first record that a domain finds.

        :raises NotThere: when there is none
        """
        found = self.search_read(model, domain, ["id"], limit=1)
        if not found:
            raise NotThere(f"there is no {model} with {domain}")
        return found[0]["id"]

    def ref(self, xmlid: str) -> int:
        """The id behind an external identifier, ``module.name``."""
        module, name = xmlid.split(".")
        found = self.search_read(
            "ir.model.data",
            [("module", "=", module), ("name", "=", name)],
            ["res_id"],
            limit=1,
        )
        if not found:
            raise NotThere(f"there is no record {xmlid}")
        return found[0]["res_id"]


def _plain(value: Any) -> Any:
    """Amounts leave as JSON numbers, the form in which Odoo keeps them."""
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _refusal(call: str, answer: requests.Response) -> OdooRefused:
    try:
        error = answer.json()
        return OdooRefused(call, error["name"], error["message"])
    except (ValueError, KeyError):
        return OdooRefused(
            call, str(answer.status_code), answer.reason or "no reason given"
        )
