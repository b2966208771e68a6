"""One company's documents inside one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from qbo_emulator.bad_days.weather import CALM, Weather
from qbo_emulator.clock import Clock, microseconds, stamp
from qbo_emulator.entities.entity import Entity, EntityKind
from qbo_emulator.jsontext import Document, dumps, loads
from qbo_emulator.money import CENT, ZERO
from qbo_emulator.settings import Settings
from qbo_emulator.switches import SWITCHES

__all__ = ["DELETED_SUFFIX", "Book", "Element", "Listener", "fold"]

#: Called with the book, the entity, the Id and what happened to it.
Listener = Callable[["Book", str, str, str], None]

#: QuickBooks adds this to the name of what is made inactive.
DELETED_SUFFIX = " (deleted)"

#: Lists whose Ids come from one sequence, as customers, vendors and employees do.
_SHARED_SEQUENCES = {"Customer": "name", "Vendor": "name", "Employee": "name"}


def fold(text: str) -> str:
    """Return the key by which QuickBooks compares names and numbers: case does not
    count."""
    return text.casefold().strip()


@dataclass(frozen=True)
class Element:
    """What a reference needs to know of its target."""

    display: str
    active: bool


class Book:
    """Reads and writes the documents of one realm; knows no business rule."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        realm_id: str,
        entities: Mapping[str, Entity],
        clock: Clock,
        settings: Settings,
        weather: Weather = CALM,
    ) -> None:
        self.connection = connection
        self.entities = entities
        self.realm_id = realm_id
        self.clock = clock
        self.settings = settings
        #: What a bad day does to the call that is being executed.
        self.weather = weather
        #: Where the emulator listens, for addresses inside of answers.
        self.base_url = ""
        #: Told of every change that QuickBooks itself would call one.
        self.listener: Listener | None = None
        #: True while a company's first lists are made: they do not count as created.
        self.seeding = False
        self._elements: dict[tuple[str, str], Element | None] = {}
        self._views: dict[tuple[str, str], Document | None] = {}
        self._switches: dict[str, Any] | None = None

    # -- reading -----------------------------------------------------------------------

    def find(self, entity: str, id_: str) -> Document | None:
        """Return the document as it is kept (references without names), or None."""
        row = self.connection.execute(
            "SELECT body FROM documents WHERE realm_id = ? AND entity = ? AND id = ?"
            " AND deleted = 0",
            (self.realm_id, entity, id_),
        ).fetchone()
        return None if row is None else loads(row["body"])

    def view(self, entity: str, id_: str) -> Document | None:
        """Return the same as :meth:`find`, remembered: for looking at, never to be
        changed."""
        key = (entity, id_)
        if key not in self._views:
            self._views[key] = self.find(entity, id_)
        return self._views[key]

    def element(self, entity: str, id_: str) -> Element | None:
        """Return name and state of a reference's target, or None; cheap and
        remembered."""
        key = (entity, id_)
        if key not in self._elements:
            row = self.connection.execute(
                "SELECT display, active FROM documents"
                " WHERE realm_id = ? AND entity = ? AND id = ? AND deleted = 0",
                (self.realm_id, entity, id_),
            ).fetchone()
            self._elements[key] = (
                None if row is None else Element(row["display"], row["active"] != 0)
            )
        return self._elements[key]

    def find_by_name(
        self, entities: tuple[str, ...], name: str
    ) -> list[tuple[str, str]]:
        """Return (entity, Id) of everything with this name, inactive ones too."""
        marks = ",".join("?" * len(entities))
        rows = self.connection.execute(
            f"SELECT entity, id FROM documents WHERE realm_id = ? AND name_key = ?"
            f" AND entity IN ({marks}) AND deleted = 0 ORDER BY seq",
            (self.realm_id, fold(name), *entities),
        )
        return [(row["entity"], row["id"]) for row in rows]

    def find_by_number(self, entity: str, doc_number: str) -> list[str]:
        """Return the Ids of the transactions with this DocNumber."""
        rows = self.connection.execute(
            "SELECT id FROM documents WHERE realm_id = ? AND entity = ? AND doc_number"
            " = ?"
            " AND deleted = 0 ORDER BY seq",
            (self.realm_id, entity, fold(doc_number)),
        )
        return [row["id"] for row in rows]

    @property
    def preferences(self) -> Document:
        """The company's Preferences."""
        return self._single("Preferences", "1")

    @property
    def company(self) -> Document:
        """The CompanyInfo."""
        return self._single("CompanyInfo", "1")

    @property
    def is_us(self) -> bool:
        """True where the US tax model holds: the country decides
        (minimul/qbo_api#85)."""
        return bool(self.company.get("Country") == "US")

    @property
    def home_currency(self) -> str:
        """The company's own currency, as its ISO 4217 code."""
        return str(
            self.preference("CurrencyPrefs", "HomeCurrency", {}).get("value", "USD")
        )

    def preference(self, group: str, name: str, default: Any = None) -> Any:
        """Return one preference, ``default`` when it is absent."""
        return self.preferences.get(group, {}).get(name, default)

    def switch(self, name: str, default: Any = None) -> Any:
        """Return a setting of the company that Intuit's API does not show.

        The default of a declared one is in :data:`~qbo_emulator.switches.SWITCHES`.
        """
        if name in self.weather.switches:
            return self.weather.switches[name]
        if self._switches is None:
            row = self.connection.execute(
                "SELECT switches FROM realms WHERE realm_id = ?", (self.realm_id,)
            ).fetchone()
            self._switches = loads(row["switches"])
        if name not in self._switches and name in SWITCHES:
            default = SWITCHES[name].default
        return self._switches.get(name, default)

    def now(self) -> datetime:
        """The present moment, UTC."""
        return self.clock.now()

    def today(self) -> date:
        """The date that QuickBooks takes where a client names none."""
        return self.clock.today()

    def balances(self, entity: str, id_: str) -> tuple[Decimal, Decimal]:
        """Return what the ledger has for a customer or an account: its own balance, and
        that with everything below it."""
        row = self.connection.execute(
            "SELECT own, tree FROM balances WHERE realm_id = ? AND entity = ?"
            " AND id = ?",
            (self.realm_id, entity, id_),
        ).fetchone()
        return (ZERO, ZERO) if row is None else (row["own"] * CENT, row["tree"] * CENT)

    # -- writing -----------------------------------------------------------------------

    def next_value(self, sequence: str, start: int = 1) -> int:
        """Take the next number of a sequence of this company."""
        row = self.connection.execute(
            "INSERT INTO sequences (realm_id, name, value) VALUES (?, ?, ?)"
            " ON CONFLICT (realm_id, name) DO UPDATE SET value = value + 1 RETURNING"
            " value",
            (self.realm_id, sequence, start),
        ).fetchone()
        return int(row["value"])

    def new_id(self, entity: Entity) -> str:
        """Take the next Id: transactions share one sequence, each list has its own."""
        if entity.kind is EntityKind.TRANSACTION:
            return str(self.next_value("transaction"))
        return str(self.next_value(_SHARED_SEQUENCES.get(entity.name, entity.name)))

    def insert(self, entity: Entity, doc: Document) -> None:
        """Save a new document; gives it Id, SyncToken 0 and MetaData where it has
        none."""
        moment = self.now()
        doc.setdefault("Id", None)
        doc["Id"] = doc["Id"] or self.new_id(entity)
        doc["SyncToken"] = "0"
        doc["MetaData"] = {
            "CreateTime": stamp(moment),
            "LastUpdatedTime": stamp(moment),
        }
        self.insert_as_is(entity, doc)
        self._tell(entity, doc, "created")

    def insert_as_is(self, entity: Entity, doc: Document) -> None:
        """Save a new document that brings its own Id and shows nothing else (TAX,
        NON)."""
        at = microseconds(self.now())
        columns = {
            "realm_id": self.realm_id,
            "entity": entity.name,
            "id": doc["Id"],
            "sync_token": 0,
            "seeded": int(self.seeding),
            "created_at": at,
            "updated_at": at,
            **_columns(entity, doc),
        }
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        self.connection.execute(
            f"INSERT INTO documents ({names}) VALUES ({marks})", tuple(columns.values())
        )
        self._forget(entity, doc["Id"])

    def update(self, entity: Entity, doc: Document, how: str = "updated") -> None:
        """Save a changed document: SyncToken + 1, LastUpdatedTime now.

        ``how`` is what webhooks call the change.
        """
        moment = self.now()
        doc["SyncToken"] = str(int(doc["SyncToken"]) + 1)
        doc["MetaData"] = {**doc["MetaData"], "LastUpdatedTime": stamp(moment)}
        self._write(
            entity,
            doc,
            {
                "sync_token": int(doc["SyncToken"]),
                "updated_at": microseconds(moment),
            },
        )
        self._tell(entity, doc, how)

    def adjust(self, entity: Entity, doc: Document) -> None:
        """Save figures that QuickBooks keeps itself; this is no change in its own
        eyes."""
        self._write(entity, doc, {})

    def raise_balance(self, entity: str, id_: str, own: Decimal, tree: Decimal) -> None:
        """Add to the balances of a customer or an account."""
        self.connection.execute(
            "INSERT INTO balances (realm_id, entity, id, own, tree)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (realm_id, entity, id) DO UPDATE"
            " SET own = own + excluded.own, tree = tree + excluded.tree",
            (self.realm_id, entity, id_, int(own / CENT), int(tree / CENT)),
        )

    def remove(self, entity: Entity, doc: Document) -> None:
        """Delete a document; a tombstone stays for change data capture."""
        self.connection.execute(
            "UPDATE documents SET deleted = 1, updated_at = ?, name_key = NULL,"
            " balance = 0"
            " WHERE realm_id = ? AND entity = ? AND id = ?",
            (microseconds(self.now()), self.realm_id, entity.name, doc["Id"]),
        )
        self._forget(entity, doc["Id"])
        self._tell(entity, doc, "deleted")

    def _tell(self, entity: Entity, doc: Document, how: str) -> None:
        if self.listener is not None and not self.seeding:
            self.listener(self, entity.name, str(doc["Id"]), how)

    def _write(self, entity: Entity, doc: Document, more: Mapping[str, Any]) -> None:
        columns = {**more, **_columns(entity, doc)}
        assignments = ", ".join(f"{name} = ?" for name in columns)
        self.connection.execute(
            f"UPDATE documents SET {assignments} WHERE realm_id = ? AND entity = ? AND"
            f" id = ?",
            (*columns.values(), self.realm_id, entity.name, doc["Id"]),
        )
        self._forget(entity, doc["Id"])

    def _forget(self, entity: Entity, id_: str) -> None:
        self._elements.pop((entity.name, id_), None)
        self._views.pop((entity.name, id_), None)

    def forget_all(self) -> None:
        """Forget what was remembered: what was written since may have been undone."""
        self._elements.clear()
        self._views.clear()

    def _single(self, entity: str, id_: str) -> Document:
        document = self.view(entity, id_)
        if document is None:
            raise LookupError(f"realm {self.realm_id} has no {entity}")
        return document


def _columns(entity: Entity, doc: Document) -> dict[str, Any]:
    """Return what the store keeps beside the text, so that queries need not read it."""
    name = str(doc.get(entity.display, "")) if entity.display else ""
    columns: dict[str, Any] = {"display": name, "body": dumps(doc)}
    if entity.has_active:
        active = doc.get("Active")
        columns["active"] = None if active is None else int(active)
        columns["name_key"] = fold(name.removesuffix(DELETED_SUFFIX))
    if entity.kind is EntityKind.TRANSACTION:
        number = doc.get("DocNumber")
        columns.update(
            doc_number=None if number is None else fold(number),
            txn_date=doc.get("TxnDate"),
            customer_id=doc.get("CustomerRef", {}).get("value"),
            total=_real(doc.get("TotalAmt")),
            balance=_real(doc.get("Balance", doc.get("UnappliedAmt"))),
        )
    return columns


def _real(amount: Any) -> float | None:
    """Return an amount as SQLite compares it; the exact one stays in the text."""
    return None if amount is None else float(amount)
