"""Which invoices the demo posts: the same ones every time, for any number of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import cycle, islice

from demo_run.sample import CUSTOMERS, NEW_CUSTOMER


@dataclass(frozen=True)
class Line:
    """A product line, or a section or note when ``product`` is empty."""

    product: str = ""
    quantity: Decimal = Decimal(1)
    price: Decimal | None = None
    discount: Decimal = Decimal(0)
    text: str = ""
    display_type: str = ""


@dataclass(frozen=True)
class Document:
    """One invoice to be made: the customer's key, its age in days and its lines."""

    customer: str
    days_ago: int
    lines: tuple[Line, ...]
    reference: str = ""
    narration: str = ""


def section(text: str) -> Line:
    """A heading among the lines."""
    return Line(text=text, display_type="line_section")


def note(text: str) -> Line:
    """A remark among the lines."""
    return Line(text=text, display_type="line_note")


def sell(
    product: str, quantity: str = "1", price: str | None = None, discount: str = "0"
) -> Line:
    """A line that sells ``product``, at its list price unless ``price`` is given."""
    return Line(
        product, Decimal(quantity), Decimal(price) if price else None, Decimal(discount)
    )


PATTERNS: tuple[tuple[Line, ...], ...] = (
    (sell("inspection"),),
    (sell("router", "2"), sell("line", "3")),
    (
        section("Work on site"),
        sell("inspection", discount="10"),
        sell("consulting", "3.5"),
        note("Thank you for having us on board."),
        section("Material"),
        sell("line", "7", discount="12.5"),
        sell("vest", "12", "45.99"),
    ),
    (sell("maintenance"), sell("travel", "84")),
    (sell("permit"), sell("consulting", "0.75")),
    (sell("vest", "33", "48.49", "5"), sell("router", "1", discount="15")),
    (sell("maintenance", "3", "179.95"), note("July to September")),
    (
        sell("line", "1", "0.10"),
        sell("line", "1", "0.20"),
        sell("line", "1", "0.35"),
        sell("vest", "3", "33.33"),
    ),
)

# The first of so many invoices gets a credit note for its first line.
INVOICES_PER_CREDIT_NOTE = 8
SPREAD_DAYS = 10


def documents(count: int) -> Iterator[Document]:
    """So many invoices, the oldest first; customers and patterns cycle at own paces."""
    customers = cycle([*(customer.key for customer in CUSTOMERS), NEW_CUSTOMER.key])
    patterns = cycle(PATTERNS)
    pairs = zip(customers, patterns, strict=False)
    for number, (customer, lines) in enumerate(islice(pairs, count)):
        yield Document(
            customer=customer,
            days_ago=SPREAD_DAYS - 1 - SPREAD_DAYS * number // count,
            lines=lines,
            reference=f"PO {47000 + number}",
            narration="Thank you for your business." if number % 4 == 0 else "",
        )


def credited(count: int) -> list[int]:
    """Positions, among ``count`` invoices, of those that get a credit note."""
    return list(range(0, count, INVOICES_PER_CREDIT_NOTE))
