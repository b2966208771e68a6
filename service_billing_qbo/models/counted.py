"""Sentences with a number in them.

Odoo's translations know no plural forms (``ngettext``): each sentence has a string for
one and a string for more.
"""


def counted(count: int, one: str, more: str) -> str:
    """Return the sentence that fits a number.

    :param one: for exactly one
    :param more: for none or several
    """
    return one if count == 1 else more
