"""More companies in one database, each connected to a QuickBooks company of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from demo_run.company import CHART
from demo_run.processes import free_port, odoo

from bench_run.equipment.place import Place


@dataclass(frozen=True)
class Company:
    """An Odoo company and its realm."""

    id: int
    realm_id: str


def found_companies(place: Place, count: int) -> list[Company]:
    """Make companies until there are so many, all connected and mapped."""
    shop = place.shop
    with place.odoo_process() as odoo:
        found = [Company(odoo.tell("main_company"), shop.connection.realm_id)]
    for number in range(1, count):
        company_id = _make_company(place, number)
        shop.server.start("/web/login")
        try:
            _send_people_to(place, company_id)
            place.quickbooks.chosen = number
            shop.connect()
        finally:
            shop.server.stop()
        found.append(Company(company_id, shop.connection.realm_id))
    return found


def _make_company(place: Place, number: int) -> int:
    with place.odoo_process() as odoo:
        return odoo.tell("make_company", name=f"Branch {number}", chart=CHART)


def _send_people_to(place: Place, company_id: int) -> None:
    """Let everybody of the shop work for that company from now on."""
    admin = place.shop.admin
    people = admin.search_read(
        "res.users", [("login", "in", ["admin", "olivia", "bruno"])], ["id"]
    )
    admin.write(
        "res.users",
        [person["id"] for person in people],
        {"company_ids": [(4, company_id)], "company_id": company_id},
    )


@contextmanager
def two_nodes(place: Place) -> Iterator[None]:
    """Two Odoo servers on the database while the block runs."""
    other = odoo(
        free_port(),
        place.database,
        place.folder / "other",
        place.quickbooks.odoo_settings(),
    )
    place.shop.server.start("/web/login")
    try:
        other.start("/web/login")
        yield
    finally:
        other.stop()
        place.shop.server.stop()
