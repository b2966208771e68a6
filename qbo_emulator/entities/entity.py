"""What an entity is to the emulator: members, rules and where queries find them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from qbo_emulator.entities.fields import Field

if TYPE_CHECKING:
    from qbo_emulator.change import Change

__all__ = ["Entity", "EntityKind", "Operation", "Rule"]

#: A rule looks at one change and completes its document, or raises a Fault.
Rule = Callable[["Change"], None]


class EntityKind(str, Enum):
    """LIST entities are made inactive, TRANSACTIONs are deleted or voided, FILEs are
    deleted; a company has one document of a SINGLETON."""

    LIST = "list"
    TRANSACTION = "transaction"
    SINGLETON = "singleton"
    FILE = "file"


class Operation(str, Enum):
    """What a client can do to a document."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    VOID = "void"


@dataclass(frozen=True, eq=False)
class Entity:
    """One entity, declared. ``source`` names the pages that the declaration follows.

    On a write the members are checked one by one, then ``rules`` run in their order on
    the merged document, then it is saved, then ``after`` run (they may change other
    documents). ``on_delete`` and ``on_void`` take the place of ``rules`` there.
    ``columns`` maps members to the store's indexed columns, so that queries on them
    stay quick; other filterable members are looked up inside the document.
    """

    name: str
    kind: EntityKind
    source: str
    fields: tuple[Field, ...]
    operations: frozenset[Operation] = frozenset()
    required: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    after: tuple[Rule, ...] = ()
    on_delete: tuple[Rule, ...] = ()
    on_void: tuple[Rule, ...] = ()
    #: The member by which people know it; references show it, names are unique by it.
    display: str = ""
    #: Entities that share one space of names with this one (6240).
    name_space: tuple[str, ...] = ()
    #: How 2500 calls its elements: "Accounts element id 5 not found".
    plural: str = ""
    in_cdc: bool = True
    #: Members that show the ledger's balance: own, and with everything below it.
    balances: tuple[str, str] | None = None
    #: On where ``include=void`` voids, and ``operation=void`` does not.
    void_by_include: bool = False
    #: Off for what clients know by other members than an Id.
    shows_id: bool = True
    columns: dict[str, str] = field(default_factory=dict)

    @cached_property
    def field_by_name(self) -> dict[str, Field]:
        """The declared members, found by name."""
        return {each.name: each for each in self.fields}

    @property
    def label(self) -> str:
        """What 2500 calls the elements of this list."""
        return self.plural or f"{self.name}s"

    @property
    def has_active(self) -> bool:
        """True where documents can be made inactive."""
        return self.kind is EntityKind.LIST
