"""A running Odoo with a company in it that is connected to QuickBooks."""

import secrets
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from demo_run import company, connecting, invoicing, mapping
from demo_run.console import say, step
from demo_run.documents import Document
from demo_run.homes import US, Home
from demo_run.people import BOOKKEEPER, CLERK, QUICKBOOKS_ADMINISTRATOR, Office
from demo_run.processes import free_port, odoo
from demo_run.quickbooks_side import QuickBooksSide
from demo_run.sample import Customer

ODOO_PORT = 8069


class Shop:
    """Odoo's server, the company, its people: admin, olivia, bruno and clara.

    Leaving the context stops the server; QuickBooks is somebody else's to stop.

    :param database: an Odoo database with the addon installed
    :param preferred_port: of Odoo, while it is free; 0 for any
    """

    def __init__(
        self,
        database: str,
        folder: Path,
        quickbooks: QuickBooksSide,
        *,
        preferred_port: int = ODOO_PORT,
    ) -> None:
        port = free_port(preferred_port, must=quickbooks.odoo_port_is_fixed)
        self.server = odoo(port, database, folder, quickbooks.odoo_settings())
        self.password = secrets.token_urlsafe(9)
        self.customers: dict[str, int] = {}
        self.database = database
        self._quickbooks = quickbooks
        self._series = quickbooks.number_series()
        self._stack = ExitStack()

    def __enter__(self) -> "Shop":
        self._stack.callback(self.server.stop)
        with step(f"starting Odoo on {self.server.url}"):
            try:
                self.server.start("/web/login")
            except BaseException:
                self._stack.close()
                raise
        return self

    def __exit__(self, *failure: object) -> None:
        self._stack.close()

    def open(self, customers: Iterable[Customer], *, home: Home = US) -> None:
        """Make the company with its catalogue, its people and its first customers."""
        with step("making the company, its people and its customers"):
            office = Office(self.server.url, self.database, self.password)
            self.admin = office.system_administrator().api
            self.catalogue = company.set_up(self.admin, home)
            self.olivia = office.hire(self.admin, QUICKBOOKS_ADMINISTRATOR)
            self.bruno = office.hire(self.admin, BOOKKEEPER)
            self.clara = office.hire(self.admin, CLERK).api
            self.add_customers(customers)

    def connect(self) -> None:
        """Connect to QuickBooks and map, as a person does both."""
        with step("connecting to QuickBooks"):
            self.connection = self._connect()
        found = self.connection
        say(f"connected to {found.company_name}, company {found.realm_id}")
        with step("refreshing the lists and mapping"):
            mapping.map_all(self.bruno.api, self.admin, self.connection, self.catalogue)

    def add_customers(self, customers: Iterable[Customer]) -> None:
        """The clerk makes customers."""
        made = company.make_customers(self.clara, self.catalogue, customers)
        self.customers.update(made)

    def draft(self, planned: Iterable[Document]) -> list[int]:
        """The clerk makes draft invoices; their ids, in order."""
        partners = invoicing.invoice_addresses(self.clara, self.customers)
        return invoicing.make_invoices(
            self.clara, self.catalogue, partners, planned, self._series
        )

    def post(self, invoices: list[int]) -> None:
        """The clerk posts drafts."""
        invoicing.post(self.clara, invoices)

    def credit(self, invoices: list[int]) -> list[int]:
        """The clerk makes and posts credit notes; their ids, in order."""
        return invoicing.credit_first_lines(self.clara, invoices, self._series)

    def _connect(self) -> connecting.Connection:
        connection_id = connecting.choose_quickbooks(self.olivia)
        if realm_id := self._quickbooks.realm_id():
            return connecting.connect(self.olivia, connection_id, realm_id)
        return connecting.let_a_person_connect(
            self.olivia, connection_id, self.server.url, self.password
        )
