"""What Intuit's API does not show of a company, or its documents leave open.

Each is a switch of one company, set at ``POST /_emulator/switches``. Its default is the
setting that is hardest on a client. An armed fault may turn one for a single call.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

__all__ = ["SWITCHES", "Switch"]


@dataclass(frozen=True)
class Switch:
    """One switch: what it is set to at first, and what it means."""

    name: str
    default: Any
    meaning: str
    choices: tuple[str, ...] = ()

    def takes(self, value: Any) -> bool:
        """True for a value of the switch's own kind."""
        if self.choices:
            return value in self.choices
        if isinstance(self.default, bool):
            return isinstance(value, bool)
        if isinstance(self.default, list):
            return isinstance(value, list) and all(isinstance(v, str) for v in value)
        if self.default is None:
            return value is None or (_is_amount(value) and not isinstance(value, str))
        return _is_amount(value)


def _is_amount(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


SWITCHES: dict[str, Switch] = {
    switch.name: switch
    for switch in (
        Switch(
            "duplicate_number_warning",
            True,
            "the user wants a warning for a DocNumber that is taken (6140)",
        ),
        Switch(
            "closing_password",
            False,
            "the books are closed with a password (6200 in place of 6210)",
        ),
        Switch("tax_override", True, "automated sales tax gives way to a TotalTax"),
        Switch(
            "tax_override_stays",
            True,
            "such a TotalTax outlives an update of the date alone; off: tax anew",
        ),
        Switch(
            "tax_without_code",
            "drop",
            "a TotalTax without TxnTaxCodeRef, by hand: drop, keep or refuse (6000)",
            ("drop", "keep", "refuse"),
        ),
        Switch(
            "tax_calculation_required",
            True,
            "outside the US a form must say GlobalTaxCalculation",
        ),
        Switch(
            "refuse_untracked",
            True,
            "classes and locations that the company does not track are refused",
        ),
        Switch("deposited", [], "Ids of payments that are in a bank deposit (6540)"),
        Switch("tax_delta", "0", "QuickBooks' tax is off by this much where it is any"),
        Switch(
            "amount_tolerance",
            Decimal(0),
            "Amount may differ from Qty x UnitPrice by this much (6070)",
        ),
        Switch(
            "line_without_item_is_text",
            True,
            "a sales line without ItemRef loses its amount; off: it gets item 1",
        ),
        Switch(
            "latin1_only",
            True,
            "a US company refuses text beyond Latin-1 (2040)",
        ),
        Switch("replay_faults", False, "a requestid remembers refusals too"),
        Switch(
            "requestid_memory_s",
            None,
            "a requestid is forgotten after so many seconds (null: never)",
        ),
        Switch(
            "requestid_other_body",
            "replay",
            "a known requestid with another body: replay, refuse (600) or execute",
            ("replay", "refuse", "execute"),
        ),
    )
}
