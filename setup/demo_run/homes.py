"""Where the demo company is at home: country, currency, sales taxes; plain tables.

The kind of QuickBooks company decides it. Everything but this is the same everywhere:
what is sold, and to whom.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from demo_run.sample import COMPANY_ADDRESS, Customer


@dataclass(frozen=True)
class Tax:
    """A sales tax; a ``fiscal_position`` puts it in the default's place.

    :ivar percents: several make a group of taxes, one for each
    """

    key: str
    name: str
    percents: tuple[Decimal, ...]
    fiscal_position: str = ""


@dataclass(frozen=True)
class Home:
    """A country to do business in.

    :ivar place: city, state and postal code of everybody; empty: their own
    :ivar taxes: the default one first
    :ivar taxed: whether what is sold bears the default tax
    :ivar untaxed_code: the QuickBooks tax code of lines without tax, where every
        line needs one
    """

    country: str
    currency: str
    taxes: tuple[Tax, ...]
    place: tuple[str, str, str] = ("", "", "")
    taxed: bool = True
    untaxed_code: str = ""

    def company_address(self) -> dict[str, str]:
        """Return the address of the demo company here."""
        city, state, code = self.place
        here = {"city": city, "state": state, "zip": code} if city else {}
        return {**COMPANY_ADDRESS, **here}

    def at_home(self, customer: Customer) -> Customer:
        """Return the customer with an address of this country."""
        city, state, code = self.place
        if not city:
            return customer
        return replace(customer, city=city, state=state, zip=code)


def _taxes(default: Tax, exempt: str, own: Tax) -> tuple[Tax, ...]:
    zero = Tax("exempt", exempt, (Decimal(0),), "Tax exempt organizations")
    return (default, zero, own)


def _tax(key: str, name: str, *percents: str, position: str = "") -> Tax:
    return Tax(key, name, tuple(map(Decimal, percents)), position)


US = Home(
    country="US",
    currency="USD",
    taxes=_taxes(
        _tax("default", "Sales Tax 8.25%", "8.25"),
        "Tax Exempt 0%",
        _tax("sierra", "Sales Tax 8%", "8", position="Customers in the Sierra"),
    ),
)
US_UNTAXED = replace(US, taxed=False)
CANADA = Home(
    country="CA",
    currency="CAD",
    place=("St. Catharines", "ON", "L2R 6K4"),
    taxes=_taxes(
        _tax("default", "HST ON 13%", "13"),
        "Zero-rated",
        _tax("sierra", "GST and QST", "5", "9.975", position="Customers in Quebec"),
    ),
    untaxed_code="Out of Scope",
)
KINGDOM = Home(
    country="GB",
    currency="GBP",
    place=("Falmouth", "", "TR11 3HH"),
    taxes=_taxes(
        _tax("default", "VAT 20%", "20"),
        "0.0% Z",
        _tax("sierra", "VAT 5%", "5", position="Reduced rate"),
    ),
    untaxed_code="No VAT",
)

# The kinds of company that the emulator founds, and where they do business.
HOMES = {
    "us": US,
    "us-manual-tax": US,
    "us-no-sales-tax": US_UNTAXED,
    "ca": CANADA,
    "uk": KINGDOM,
    "multicurrency": US,
}
