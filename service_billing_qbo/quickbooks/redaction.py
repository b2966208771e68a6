"""Secrets are masked wherever text leaves the client: logs, errors, recorded exchanges.

Source: developer.intuit.com, "Platform requirements" and "Security requirements":
tokens, client secrets and authorization codes are never logged.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any, overload

__all__ = ["MASK", "RedactingFilter", "redact"]

MASK = "[hidden]"

_SECRET_NAMES = (
    "access_token",
    "refresh_token",
    "id_token",
    "token",
    "client_secret",
    "verifier_token",
    "code_verifier",
    "authorization",
    "proxy-authorization",
    "intuit-signature",
    "password",
    "secret",
    "cookie",
    "set-cookie",
)
_NAMES = "|".join(map(re.escape, _SECRET_NAMES))

# In the order in which they are applied; each keeps group 1 and masks the rest.
_PATTERNS = (
    # Authorization: Bearer eyJ...   'Authorization': 'Basic ...'
    re.compile(r"(\b(?:Bearer|Basic)\s+)[A-Za-z0-9+/=_.~-]{6,}", re.IGNORECASE),
    # "refresh_token": "AB11..."   'token': b'...'   up to the closing quote
    re.compile(
        rf"""(["'](?:{_NAMES})["']\s*[:=]\s*b?(["']))(?:\\.|(?!\2)[^\\])*""",
        re.IGNORECASE,
    ),
    # Cookie: a=b; c=d
    re.compile(r"""(\b(?:set-)?cookie\s*:\s*)[^\r\n"']+""", re.IGNORECASE),
    # refresh_token=AB11...&   access_token: eyJ...
    re.compile(
        rf"""((?<![\w-])(?:{_NAMES})\s*[=:]\s*)(?!["'\[])[^\s&,;"'}}\])]+""",
        re.IGNORECASE,
    ),
    # The authorization code and the state have everyday names: only in forms and URLs.
    re.compile(r"((?:^|[?&\s'\"])(?:code|state)=)(?!\[)[^\s&\"'#]{8,}", re.IGNORECASE),
    # https://user:password@host
    re.compile(r"(\bhttps?://[^\s/:@]*:)[^\s/@]+(?=@)", re.IGNORECASE),
    # Intuit's tokens by their looks: access tokens, two kinds of refresh tokens.
    re.compile(r"()\beyJ[\w-]{8,}(?:\.[\w-]*){1,4}"),
    re.compile(r"()\bAB\d\d[A-Za-z0-9]{20,}"),
    re.compile(r"()\bRT1-[\w-]{8,}"),
)


@overload
def redact(value: str) -> str: ...
@overload
def redact(value: Mapping[str, Any]) -> dict[str, Any]: ...
def redact(value: str | Mapping[str, Any]) -> str | dict[str, Any]:
    """Mask secrets.

    :param value: a text of any form (header, form, JSON, URL, traceback), or a mapping
        of headers or members, whose values may be texts, mappings and lists.
    :return: the same with every secret replaced by ``MASK``; a mapping comes back as a
        new dict.
    """
    if isinstance(value, str):
        for pattern in _PATTERNS:
            value = pattern.sub(rf"\g<1>{MASK}", value)
        return value
    return {
        key: MASK if str(key).lower() in _SECRET_NAMES else _redact_member(member)
        for key, member in value.items()
    }


def _redact_member(member: Any) -> Any:
    if isinstance(member, (str, Mapping)):
        return redact(member)
    if isinstance(member, (list, tuple)):
        return [_redact_member(item) for item in member]
    return member


class RedactingFilter(logging.Filter):
    """Masks secrets in a log record: message, arguments, traceback, stack.

    Add it to a handler, or to each logger that may see a secret (filters of a logger do
    not see the records of its children).
    """

    _formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True: the record passes, masked."""
        record.msg = redact(record.getMessage())
        record.args = None
        if record.exc_info and not record.exc_text:
            # Formatters take the cached text instead of formatting the exception
            # themselves.
            record.exc_text = self._formatter.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True
