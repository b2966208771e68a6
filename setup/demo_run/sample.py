"""Who the demo company sells to, what it sells, and on which terms: plain tables.

Nothing here knows of Odoo or QuickBooks; ``catalogue`` makes records of it. Names are those
that break careless software: accents, ampersands, apostrophes, two customers of one name.
All characters are ISO-8859-1, the set that US companies of QuickBooks keep.
"""

from dataclasses import dataclass
from decimal import Decimal

COMPANY_NAME = "Gulf Harbor Services LLC"
COMPANY_ADDRESS = {
    "street": "2100 Harborside Dr",
    "city": "Galveston",
    "zip": "77550",
    "state": "TX",
    "phone": "+1 409 555 0100",
    "email": "accounts@gulfharbor.example",
}


@dataclass(frozen=True)
class Tax:
    """A sales tax; ``replaces_default`` says that a fiscal position puts it in the default's place."""

    key: str
    name: str
    percent: Decimal
    fiscal_position: str = ""


DEFAULT_TAX = Tax("default", "Sales Tax 8.25%", Decimal("8.25"))
EXEMPT_TAX = Tax("exempt", "Tax Exempt 0%", Decimal("0"), "Tax exempt organizations")
OWN_TAX = Tax("denver", "Denver Sales Tax 8.81%", Decimal("8.81"), "Customers in Denver")
TAXES = (DEFAULT_TAX, EXEMPT_TAX, OWN_TAX)


@dataclass(frozen=True)
class Term:
    """A payment term and the name that QuickBooks uses for it."""

    key: str
    name: str
    due_days: int
    quickbooks_name: str


TERMS = (
    Term("receipt", "Due on receipt", 0, "Due on receipt"),
    Term("net15", "15 days", 15, "Net 15"),
    Term("net30", "30 days", 30, "Net 30"),
)


@dataclass(frozen=True)
class Contact:
    """A person or address below a company; ``kind`` is Odoo's address type."""

    name: str
    kind: str
    email: str = ""
    street: str = ""


@dataclass(frozen=True)
class Customer:
    """A customer; ``renamed`` is what a person calls it once its name proves to be taken."""

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
    renamed: str = ""


CUSTOMERS = (
    Customer(
        "cafe", "Café Zoë & Sons", "Galveston", "TX", "77550", "415 Strand St", "zoe@cafe-zoe.example"
    ),
    Customer(
        "windsurf",
        "Bill's Windsurf Shop",
        "Galveston",
        "TX",
        "77551",
        "12 Ocean Dr",
        "bill@windsurf.example",
        term="receipt",
    ),
    Customer(
        "mueller",
        "Müller & Söhne Import, Inc.",
        "New Braunfels",
        "TX",
        "78130",
        "9 Castell Ave",
        "kontor@mueller.example",
    ),
    Customer(
        "taco", "Señor Taco Restaurants", "Houston", "TX", "77002", "800 Main St", "ap@senortaco.example"
    ),
    Customer(
        "smith_galveston",
        "Smith Plumbing",
        "Galveston",
        "TX",
        "77550",
        "77 Post Office St",
        "office@smithplumbing.example",
    ),
    Customer(
        "dental",
        "Harbor Dental LLC",
        "League City",
        "TX",
        "77573",
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
        "City of Galveston",
        "Galveston",
        "TX",
        "77550",
        "823 Rosenberg St",
        "payables@galveston.example",
        tax="exempt",
    ),
    Customer(
        "rocky",
        "Rocky Mountain Outfitters",
        "Denver",
        "CO",
        "80202",
        "1600 Blake St",
        "ap@rockymountain.example",
        tax="denver",
    ),
    Customer(
        "architects",
        "O'Connell & D'Angelo Architects, P.C.",
        "Austin",
        "TX",
        "78701",
        "98 San Jacinto Blvd, Suite 400",
        "projects@oconnell-dangelo.example",
        term="net15",
    ),
    Customer(
        "angstrom", "Ångström Labs Inc.", "Houston", "TX", "77030", "6500 Fannin St", "lab@angstrom.example"
    ),
    Customer(
        "maria",
        "María José Núñez",
        "Texas City",
        "TX",
        "77590",
        "5 Bay St",
        "maria.nunez@mail.example",
        company=False,
        term="receipt",
    ),
    Customer(
        "auto",
        "A+ Auto Parts #2 (Texas City)",
        "Texas City",
        "TX",
        "77590",
        "2210 Palmer Hwy",
        "store2@aplusauto.example",
    ),
)

# Comes to the company after it has connected; QuickBooks refuses the second "Smith Plumbing",
# so a person tells the two apart.
NEW_CUSTOMER = Customer(
    "smith_houston",
    "Smith Plumbing",
    "Houston",
    "TX",
    "77019",
    "2400 Shepherd Dr",
    "hello@smith-plumbing-houston.example",
    renamed="Smith Plumbing (Houston)",
)


@dataclass(frozen=True)
class Product:
    """Something that is sold; ``billing_type`` is one of service, goods, expense."""

    key: str
    name: str
    billing_type: str
    price: Decimal
    code: str = ""
    taxed: bool = True


PRODUCTS = (
    Product("inspection", "Dock inspection", "service", Decimal("350.00"), "SRV-INSP"),
    Product("consulting", "Consulting hour", "service", Decimal("145.00"), "SRV-CONS", taxed=False),
    Product("maintenance", "Monthly maintenance", "service", Decimal("189.90"), "SRV-MAIN"),
    Product("router", "Marine Wi-Fi router", "goods", Decimal("219.99"), "HW-ROUTER"),
    Product("line", 'Mooring line 3/4" x 35 ft', "goods", Decimal("74.35"), "HW-LINE"),
    Product("vest", "Life vest, adult", "goods", Decimal("48.49"), "HW-VEST"),
    Product("travel", "Travel, rebilled", "expense", Decimal("0.67"), "EXP-TRAVEL", taxed=False),
    Product("permit", "Permit fee, rebilled", "expense", Decimal("125.00"), "EXP-PERMIT", taxed=False),
)

# The QuickBooks items a bookkeeper would choose for a billing type, best first.
ITEM_CHOICES = {
    "service": ("Services", "Service", "Hours"),
    "goods": ("Goods", "Products", "Hardware", "Sales", "Sales of Product Income"),
    "expense": ("Expenses", "Reimbursable expenses", "Rebilled expenses", "Billable Expenses"),
}
