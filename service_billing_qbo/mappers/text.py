"""Text that fits: length, characters and line breaks that QuickBooks takes."""

import re
import unicodedata

__all__ = ["UNWRITABLE", "is_writable", "one_line", "shorten", "to_latin1", "tidy"]

# Stands visibly where a character has no Latin form.
UNWRITABLE = "?"

# What people paste from word processors, and letters that do not decompose.
_LATIN1 = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "„": '"',
        "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "…": "...", "•": "*",
        "€": "EUR", "™": "(TM)", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L",
        "đ": "d", "Đ": "D", "ħ": "h", "ı": "i", "ẞ": "SS", "ﬁ": "fi", "ﬂ": "fl",
        "\u2009": " ", "\u202f": " ", "\u2003": " ", "\u2002": " ",
    }
)  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_SPACES = re.compile(r"\s+")


def tidy(text: str) -> str:
    """Remove what no document shows: control characters, outer blanks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _INVISIBLE.sub("", _CONTROL.sub("", text)).strip()


def one_line(text: str) -> str:
    """Put the text on one line with single blanks (names, address lines)."""
    return _SPACES.sub(" ", tidy(text)).strip()


def shorten(text: str, limit: int) -> str:
    """Cut the text to ``limit`` characters; three dots show that it was cut."""
    if len(text) <= limit:
        return text
    return text[: limit - 3].rstrip() + "..."


def is_writable(text: str) -> bool:
    """Tell whether every character has a Latin form (see :func:`to_latin1`)."""
    return to_latin1(text).count(UNWRITABLE) == text.count(UNWRITABLE)


def to_latin1(text: str) -> str:
    """Write the text in ISO-8859-1, the characters of US companies.

    Typographic signs become their plain form, accents outside the set are
    dropped, anything else becomes a visible question mark.
    """
    return "".join(_latin1_of(char) for char in text.translate(_LATIN1))


def _latin1_of(char: str) -> str:
    if ord(char) < 256:
        return char
    decomposed = unicodedata.normalize("NFKD", char)
    bare = "".join(part for part in decomposed if not unicodedata.combining(part))
    if bare and all(ord(part) < 256 for part in bare):
        return bare
    # A combining mark alone belongs to the letter before it: drop it.
    return UNWRITABLE if bare else ""
