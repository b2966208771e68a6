"""Which entry of a QuickBooks list a record of Odoo probably is, and why."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from .names import name_key

__all__ = ["Candidate", "Proposal", "Wanted", "propose"]

# How alike two names must be to be worth a person's look, 0 to 1.
SIMILAR = 0.8


@dataclass(frozen=True)
class Candidate:
    """One entry of a QuickBooks list.

    :ivar rate: percent of all its tax rates together, None when it has none
    :ivar days: days until due, None when it is not such a term
    :ivar taxable: for the two line codes of US companies
    :ivar can_be_used: False for entries no line can name (item categories)
    """

    id: int
    name: str
    full_name: str = ""
    sku: str = ""
    rate: Decimal | None = None
    days: int | None = None
    taxable: bool | None = None
    can_be_used: bool = True


@dataclass(frozen=True)
class Wanted:
    """What is known of the Odoo record; None is not known or does not matter.

    :ivar exact: a name that is only similar means something else ("10 Days" is not
        "60 Days")
    """

    name: str = ""
    sku: str = ""
    rate: Decimal | None = None
    days: int | None = None
    taxable: bool | None = None
    exact: bool = False


@dataclass(frozen=True)
class Proposal:
    """:ivar reason: ``sku``, ``name``, ``similar``, ``rate``, ``days``, ``taxable``"""

    candidate_id: int
    reason: str


def propose(wanted: Wanted, candidates: Iterable[Candidate]) -> Proposal | None:
    """Return the likeliest entry, or nothing when none or several stand out.

    The surest sign decides first: for taxes the rate and for terms the days (a
    name alone may hide another rate), for items the internal reference, then
    the name.
    """
    usable = [candidate for candidate in candidates if candidate.can_be_used]
    if wanted.taxable is not None:
        return _only(usable, "taxable", lambda c: c.taxable == wanted.taxable)
    if wanted.rate is not None:
        return _by_value(wanted, usable, "rate", lambda c: c.rate == wanted.rate)
    if wanted.days is not None:
        return _by_value(wanted, usable, "days", lambda c: c.days == wanted.days)
    by_sku = wanted.sku and _only(
        usable, "sku", lambda c: name_key(c.sku) == name_key(wanted.sku)
    )
    return by_sku or _by_name(wanted, usable)


def _by_value(
    wanted: Wanted,
    usable: list[Candidate],
    reason: str,
    fits: Callable[[Candidate], bool],
) -> Proposal | None:
    fitting = [candidate for candidate in usable if fits(candidate)]
    return _only(fitting, reason, lambda c: True) or _by_name(wanted, fitting)


def _by_name(wanted: Wanted, usable: list[Candidate]) -> Proposal | None:
    key = name_key(wanted.name)
    if not key:
        return None
    same = _only(
        usable, "name", lambda c: key in (name_key(c.name), name_key(c.full_name))
    )
    if same or wanted.exact:
        return same
    return _only(usable, "similar", lambda c: _is_similar(key, name_key(c.name)))


def _is_similar(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= SIMILAR


def _only(
    usable: list[Candidate], reason: str, fits: Callable[[Candidate], bool]
) -> Proposal | None:
    fitting = [candidate for candidate in usable if fits(candidate)]
    return Proposal(fitting[0].id, reason) if len(fitting) == 1 else None
