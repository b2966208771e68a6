"""Document numbers that QuickBooks can keep."""

import base64
import hashlib

from .text import one_line

__all__ = ["DOC_NUMBER_LIMIT", "doc_number"]

# Intuit, Invoice: DocNumber at most 21 characters.
DOC_NUMBER_LIMIT = 21
_HEAD, _DIGEST, _TAIL = 6, 5, 8


def doc_number(number: str) -> str:
    """Return the number, or a stable, unique short form of a longer one.

    The short form keeps the start (journal) and the end (running number) and
    puts a digest of the whole number between: the same number always gives the
    same form, and two numbers that differ in the middle stay different.
    """
    number = one_line(number)
    if len(number) <= DOC_NUMBER_LIMIT:
        return number
    digest = base64.b32encode(hashlib.sha256(number.encode()).digest()).decode()
    return f"{number[:_HEAD]}~{digest[:_DIGEST]}~{number[-_TAIL:]}"
