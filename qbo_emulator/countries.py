"""Countries as people write them, and the ISO 3166 alpha-3 code that QuickBooks gives.

The table holds QuickBooks' own regions and the countries that their companies write
to most; what it does not know stays as it was written.
"""

from __future__ import annotations

__all__ = ["iso3"]

_TABLE = """
ARE AE United Arab Emirates|UAE
AUS AU Australia
AUT AT Austria|Österreich
BEL BE Belgium
BRA BR Brazil|Brasil
CAN CA Canada
CHE CH Switzerland|Schweiz
CHN CN China
CZE CZ Czech Republic|Czechia
DEU DE Germany|Deutschland
DNK DK Denmark
ESP ES Spain|España
FIN FI Finland
FRA FR France
GBR GB United Kingdom|UK|Great Britain|England|Scotland|Wales
GRC GR Greece
HKG HK Hong Kong
IND IN India
IRL IE Ireland
ISR IL Israel
ITA IT Italy|Italia
JPN JP Japan
KOR KR South Korea|Korea
LUX LU Luxembourg
MEX MX Mexico|México
NLD NL Netherlands|The Netherlands
NOR NO Norway
NZL NZ New Zealand
PHL PH Philippines
POL PL Poland|Polska
PRT PT Portugal
SGP SG Singapore
SWE SE Sweden
USA US United States|United States of America|U.S.A.|U.S.
ZAF ZA South Africa
"""


def _words() -> dict[str, str]:
    """Return the alpha-3 code by each word for a country, in lower case."""
    words: dict[str, str] = {}
    for row in _TABLE.strip().splitlines():
        alpha3, alpha2, names = row.split(" ", 2)
        for word in (alpha3, alpha2, *names.split("|")):
            words[word.casefold()] = alpha3
    return words


_CODES = _words()


def iso3(country: str) -> str:
    """Return the alpha-3 code of a country, or the text where it names none."""
    return _CODES.get(country.strip().casefold(), country)
