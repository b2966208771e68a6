"""Which customer of QuickBooks an Odoo customer is, and how sure that is."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from .names import name_key

__all__ = ["NOBODY", "Match", "Matcher", "Party", "in_currency", "without_codes"]

# Legal forms that one list has and the other leaves out.
_LEGAL_FORM = re.compile(
    r"\b(inc|incorporated|llc|ltd|limited|corp|corporation|co|company|plc|lp|llp|gmbh|ag"
    r"|bv|sa|sarl|srl|ab|oy|pty)\b"
)
_NOT_WORD = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Party:
    """A customer on either side, or another owner of a name in QuickBooks.

    :ivar kind: ``customer``, ``vendor`` or ``employee``
    :ivar currency: the code of its currency in QuickBooks, as far as that is known
    """

    id: int
    name: str
    email: str = ""
    tax_id: str = ""
    kind: str = "customer"
    active: bool = True
    currency: str = ""


@dataclass(frozen=True)
class Match:
    """:ivar level: ``confident``, ``review`` or ``none``
    :ivar reason: ``name_email``, ``name_tax_id``, ``name``, ``several``, ``similar``,
        ``email``, ``taken`` (by a vendor or employee), ``inactive``, ``none``
    """

    level: str
    reason: str
    candidate_id: int = 0


#: Whom QuickBooks does not have.
NOBODY = Match("none", "none")


class Matcher:
    """Compares Odoo customers with all that QuickBooks has, each in constant time."""

    def __init__(self, parties: Iterable[Party]) -> None:
        self._by_name: dict[str, list[Party]] = defaultdict(list)
        self._by_core: dict[str, list[Party]] = defaultdict(list)
        self._by_email: dict[str, list[Party]] = defaultdict(list)
        for party in parties:
            self._by_name[name_key(party.name)].append(party)
            if party.kind == "customer":
                self._by_core[_core(party.name)].append(party)
                if party.email:
                    self._by_email[party.email.casefold()].append(party)

    def match(self, customer: Party) -> Match:
        """Return the likeliest entry; confident only with two signs and no rival."""
        same_name = self._by_name.get(name_key(customer.name), [])
        customers = [party for party in same_name if party.kind == "customer"]
        if len(customers) > 1:
            return Match("review", "several", customers[0].id)
        if customers:
            return _by_name(customer, customers[0])
        if same_name:
            return Match("review", "taken")
        by_email = (
            self._by_email.get(customer.email.casefold(), []) if customer.email else []
        )
        if by_email:
            return _likely(by_email, "email")
        similar = (
            self._by_core.get(_core(customer.name), []) if _core(customer.name) else []
        )
        if similar:
            return _likely(similar, "similar")
        return NOBODY


def in_currency(parties: Iterable[Party], code: str) -> list[Party]:
    """Return the customers of one currency, by their names without its code."""
    return [
        replace(party, name=without_codes(party.name, [code]))
        for party in parties
        if party.kind == "customer" and party.currency == code
    ]


def without_codes(name: str, codes: Iterable[str]) -> str:
    """Return a name without these currencies: "Acme (USD)" or "Acme - USD" is "Acme".

    People put them there to tell a customer's two customers of QuickBooks apart.
    """
    either = "|".join(map(re.escape, codes))
    between = r"[\s()\[\]/,\u2013-]*"
    bare = re.sub(rf"{between}\b(?:{either})\b{between}", " ", name, flags=re.I)
    return bare.strip() or name


def _likely(found: list[Party], reason: str) -> Match:
    """More than one that fits is less sure, not less likely."""
    return Match("review", "several" if len(found) > 1 else reason, found[0].id)


def _by_name(customer: Party, found: Party) -> Match:
    if not found.active:
        return Match("review", "inactive", found.id)
    if customer.email and customer.email.casefold() == found.email.casefold():
        return Match("confident", "name_email", found.id)
    if customer.tax_id and _bare(customer.tax_id) == _bare(found.tax_id):
        return Match("confident", "name_tax_id", found.id)
    return Match("review", "name", found.id)


def _core(name: str) -> str:
    """Return the name without legal form, signs and blanks."""
    return _NOT_WORD.sub("", _LEGAL_FORM.sub("", name_key(name)))


def _bare(tax_id: str) -> str:
    return _NOT_WORD.sub("", tax_id).casefold()
