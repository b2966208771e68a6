"""E-mail addresses, phones and web addresses by QuickBooks' rules."""

import re
from urllib.parse import urlsplit

from .text import one_line

__all__ = ["EMAIL_LIMIT", "emails", "is_email", "phone", "web_address"]

# Intuit, Customer and Invoice: Address at most 100 characters, with @ and a dot.
EMAIL_LIMIT = 100
PHONE_LIMIT = 30
WEB_LIMIT = 1000

_SEPARATOR = re.compile(r"[,;\n]")
_IN_BRACKETS = re.compile(r"<([^<>]*)>")
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]*[A-Za-z0-9]"
)


def emails(text: str) -> list[str]:
    """Return the addresses of a field that people fill with one or several."""
    found = []
    for part in _SEPARATOR.split(text):
        bracketed = _IN_BRACKETS.search(part)
        address = (bracketed.group(1) if bracketed else part).strip()
        if address:
            found.append(address)
    return found


def is_email(address: str) -> bool:
    """Tell whether QuickBooks will take this address (else fault 2210)."""
    return len(address) <= EMAIL_LIMIT and bool(_EMAIL.fullmatch(address))


def phone(number: str) -> str:
    """Return the number, or nothing when QuickBooks could only keep a part.

    A phone number that lacks its last digits is worse than none.
    """
    number = one_line(number)
    return number if len(number) <= PHONE_LIMIT else ""


def web_address(address: str) -> str:
    """Return a full web address, or nothing when it is not one."""
    address = one_line(address)
    if address and "://" not in address:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_full = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    is_plain = address.isascii() and " " not in address
    return address if is_full and is_plain and len(address) <= WEB_LIMIT else ""
