"""What the steps of preparing one record share: its company, its causes."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from .addresses import fitted
from .outcome import CannotExport, Cause
from .text import one_line, shorten, tidy, to_latin1

__all__ = ["Preparation"]


@dataclass
class Preparation:
    """Passed along while one record is made ready for QuickBooks.

    Steps do not stop at the first cause: they note it with :meth:`stop` and go
    on, so that a person sees all that is missing at once.

    :ivar connection: the record of ``qbo.connection``
    :ivar prefs: the preferences of the QuickBooks company
    :ivar binding: the record's binding, empty before its first export
    :ivar tax_model: ``us_automated``, ``us_manual``, ``us_none`` or ``global``
    :ivar choices: rows of ``qbo.mapping`` for items, by place, read once
    :ivar taxes: rows of ``qbo.mapping`` for taxes, by place
    :ivar tax_rates: percent by Id of a QuickBooks tax rate
    :ivar tax_codes: the active tax codes (``qbo.reference``)
    :ivar tax_inclusive: outside the US: amounts go with the tax in them
    :ivar rounding_gap: what Odoo's tax is more than QuickBooks', some cents
    """

    connection: Any
    prefs: Any
    binding: Any
    tax_model: str
    choices: dict[tuple[str, int, Any], Any] = field(default_factory=dict)
    taxes: dict[tuple[str, int, Any], Any] = field(default_factory=dict)
    tax_rates: dict[str, Decimal] = field(default_factory=dict)
    tax_codes: Any = ()
    tax_inclusive: bool = False
    rounding_gap: Decimal = Decimal(0)
    causes: list[Cause] = field(default_factory=list)

    @property
    def is_us(self) -> bool:
        """Tell whether the company is a US one: Latin-1 text, TAX/NON lines."""
        return self.tax_model != "global"

    @property
    def book_close_date(self) -> date | None:
        """Return the last day of the closed books, None when all is open."""
        return self.prefs.book_close_date

    def text(self, value: str | None, limit: int) -> str:
        """Return text of several lines that the company takes."""
        return shorten(self._characters(tidy(value or "")), limit)

    def line(self, value: str | None, limit: int) -> str:
        """Return text on one line that the company takes."""
        return shorten(self._characters(one_line(value or "")), limit)

    def address(self, parts: dict[str, str]) -> dict[str, str]:
        """Return the address in characters that the company takes."""
        return fitted({part: self._characters(text) for part, text in parts.items()})

    def stop(self, kind: str, key: str, message: str, **details: Any) -> None:
        """Note a cause once; see :class:`Cause` for the details."""
        self.note(Cause(kind=kind, key=key, message=message, **details))

    def note(self, cause: Cause) -> None:
        """Note a cause once."""
        if all(known.key != cause.key for known in self.causes):
            self.causes.append(cause)

    def check(self) -> None:
        """Raise :class:`CannotExport` when a step noted a cause."""
        if self.causes:
            raise CannotExport(self.causes)

    def _characters(self, text: str) -> str:
        return to_latin1(text) if self.is_us else text
