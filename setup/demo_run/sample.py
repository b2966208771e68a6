"""Who the demo company sells to, what it sells, and on which terms: plain tables.

Nothing here calls Odoo or QuickBooks; ``company`` makes records of it. Names are those
that break careless software: accents, ampersands, apostrophes, two of one name. All
characters are ISO-8859-1, the set that US companies of QuickBooks keep.
"""

from dataclasses import dataclass
from decimal import Decimal

COMPANY_NAME = "Harbor Services LLC"
COMPANY_ADDRESS = {
    "street": "1 Pier Rd",
    "city": "Half Moon Bay",
    "zip": "94019",
    "state": "CA",
    "phone": "+1 650 555 0100",
    "email": "accounts@harborservices.example",
}


# Odoo's own payment terms, by external identifier.
TERMS = {
    "receipt": "account.account_payment_term_immediate",
    "net15": "account.account_payment_term_15days",
    "net30": "account.account_payment_term_30days",
}


@dataclass(frozen=True)
class Contact:
    """A person or address below a company; ``kind`` is Odoo's address type."""

    name: str
    kind: str
    email: str = ""
    street: str = ""


@dataclass(frozen=True)
class Customer:
    """A customer; ``told_apart`` is its name in QuickBooks once its own is taken."""

    key: str
    name: str
    city: str
    state: str
    zip: str
    street: str
    email: str
    company: bool = True
    term: str = "net30"
    tax: str = "default"
    contacts: tuple[Contact, ...] = ()
    told_apart: str = ""


CUSTOMERS = (
    Customer(
        "cafe",
        "Café Zoë & Sons",
        "Half Moon Bay",
        "CA",
        "94019",
        "415 Main St",
        "zoe@cafe-zoe.example",
    ),
    Customer(
        "windsurf",
        "Bill's Windsurf Shop",
        "Half Moon Bay",
        "CA",
        "94019",
        "12 Ocean Dr",
        "bill@windsurf.example",
        term="receipt",
    ),
    Customer(
        "mueller",
        "Müller & Söhne Import, Inc.",
        "South San Francisco",
        "CA",
        "94080",
        "9 Grand Ave",
        "kontor@mueller.example",
    ),
    Customer(
        "taco",
        "Señor Taco Restaurants",
        "San Mateo",
        "CA",
        "94401",
        "800 Delaware St",
        "ap@senortaco.example",
    ),
    Customer(
        "smith_coast",
        "Smith Plumbing",
        "Half Moon Bay",
        "CA",
        "94019",
        "77 Kelly Ave",
        "office@smithplumbing.example",
        told_apart="Smith Plumbing (Half Moon Bay)",
    ),
    Customer(
        "dental",
        "Harbor Dental LLC",
        "Redwood City",
        "CA",
        "94061",
        "1 Pier Rd",
        "front@harbordental.example",
        contacts=(
            Contact("Ana Reyes", "invoice", "billing@harbordental.example"),
            Contact("Loading dock", "delivery", street="3 Pier Rd"),
            Contact("Tom Brandt", "contact", "tom@harbordental.example"),
        ),
    ),
    Customer(
        "city",
        "City of Half Moon Bay",
        "Half Moon Bay",
        "CA",
        "94019",
        "501 Main St",
        "payables@hmb.example",
        tax="exempt",
    ),
    Customer(
        "sierra",
        "Sierra Trail Outfitters",
        "Truckee",
        "CA",
        "96161",
        "10 Donner Pass Rd",
        "ap@sierratrail.example",
        tax="sierra",
    ),
    Customer(
        "architects",
        "O'Connell & D'Angelo Architects, P.C.",
        "San Francisco",
        "CA",
        "94105",
        "98 Spear St, Suite 400",
        "projects@oconnell-dangelo.example",
        term="net15",
    ),
    Customer(
        "angstrom",
        "Ångström Labs Inc.",
        "Palo Alto",
        "CA",
        "94301",
        "650 Page Mill Rd",
        "lab@angstrom.example",
    ),
    Customer(
        "maria",
        "María José Núñez",
        "El Granada",
        "CA",
        "94018",
        "5 Avenue Alhambra",
        "maria.nunez@mail.example",
        company=False,
        term="receipt",
    ),
    Customer(
        "auto",
        "A+ Auto Parts #2 (El Granada)",
        "El Granada",
        "CA",
        "94018",
        "221 Obispo Rd",
        "store2@aplusauto.example",
    ),
)

# Comes to the company after it has connected. QuickBooks refuses the second
# "Smith Plumbing" that reaches it, so a person tells the two apart.
NEW_CUSTOMER = Customer(
    "smith_pescadero",
    "Smith Plumbing",
    "Pescadero",
    "CA",
    "94060",
    "240 Stage Rd",
    "hello@smith-pescadero.example",
    told_apart="Smith Plumbing (Pescadero)",
)


@dataclass(frozen=True)
class Product:
    """Something that is sold; ``billing_type`` is one of service, goods, expense.

    ``item`` is a QuickBooks item of its own, used when QuickBooks has it; else the
    item of the billing type serves.
    """

    key: str
    name: str
    billing_type: str
    price: Decimal
    code: str = ""
    taxed: bool = True
    item: str = ""


PRODUCTS = (
    Product("inspection", "Dock inspection", "service", Decimal("350.00"), "SRV-INSP"),
    Product(
        "consulting",
        "Consulting hour",
        "service",
        Decimal("145.00"),
        "SRV-CONS",
        taxed=False,
        item="Consulting",
    ),
    Product(
        "maintenance",
        "Monthly maintenance",
        "service",
        Decimal("189.90"),
        "SRV-MAIN",
        item="Maintenance",
    ),
    Product("router", "Marine Wi-Fi router", "goods", Decimal("219.99"), "HW-ROUTER"),
    Product("line", 'Mooring line 3/4" x 35 ft', "goods", Decimal("74.35"), "HW-LINE"),
    Product("vest", "Life vest, adult", "goods", Decimal("48.49"), "HW-VEST"),
    Product(
        "travel",
        "Travel, rebilled",
        "expense",
        Decimal("0.67"),
        "EXP-TRAVEL",
        taxed=False,
    ),
    Product(
        "permit",
        "Permit fee, rebilled",
        "expense",
        Decimal("125.00"),
        "EXP-PERMIT",
        taxed=False,
    ),
)

# The QuickBooks items that a bookkeeper would choose for a billing type, best first;
# the last ones are those of Intuit's sandbox company.
ITEM_CHOICES = {
    "service": ("Services", "Hours"),
    "goods": ("Goods", "Sales", "Concrete"),
    "expense": ("Expenses", "Services"),
}
