"""Names of customers and items by QuickBooks' rules."""

from collections.abc import Callable

from .text import one_line, shorten

__all__ = [
    "DISPLAY_NAME_LIMIT",
    "ITEM_NAME_LIMIT",
    "alternative_name",
    "display_name",
    "free_name",
    "item_name",
    "name_key",
]

# Intuit, Customer: DisplayName at most 500 characters, no colon, tab, newline.
DISPLAY_NAME_LIMIT = 500
# Intuit, Item: Name at most 100 characters; a colon separates the levels.
ITEM_NAME_LIMIT = 100


def display_name(name: str) -> str:
    """Return the name as QuickBooks takes it for a customer.

    A colon separates parent and child there, so "Acme: West" is "Acme - West".
    """
    return shorten(_without_colon(name), DISPLAY_NAME_LIMIT)


def item_name(name: str) -> str:
    """Return the name as QuickBooks takes it for an item."""
    return shorten(_without_colon(name), ITEM_NAME_LIMIT)


def alternative_name(name: str) -> str:
    """Return the name to offer when ``name`` is taken: "Acme (Customer)"."""
    suffix = " (Customer)"
    return shorten(name, DISPLAY_NAME_LIMIT - len(suffix)) + suffix


def free_name(name: str, is_taken: Callable[[str], object]) -> str:
    """Return a name to offer that is not taken; ``name`` itself where it is free."""
    if not is_taken(name):
        return name
    offered = alternative_name(name)
    number = 2
    while is_taken(offered):
        offered = alternative_name(f"{name} {number}")
        number += 1
    return offered


def name_key(name: str) -> str:
    """Return what QuickBooks compares: one name for all ways to write its case."""
    return one_line(name).casefold()


def _without_colon(name: str) -> str:
    return one_line(
        one_line(name).replace(" :", ":").replace(": ", " - ").replace(":", "-")
    )
