"""Where measurements take place: databases, a connected company, an emulator."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from checks import databases
from demo_run.quickbooks_side import EmulatorSide
from demo_run.sample import CUSTOMERS
from demo_run.shop import Shop

from bench_run.equipment.emulator_control import EmulatorControl
from bench_run.equipment.odoo_process import OdooProcess

FAST = ("--limits", "off", "--latency", "none")
AS_INTUIT = ("--limits", "intuit", "--latency", "intuit")


@dataclass(frozen=True)
class Place:
    """A company that is connected and mapped, its customers already in QuickBooks.

    Odoo's server is stopped; ``shop.server`` starts it again.
    """

    shop: Shop
    quickbooks: EmulatorSide
    folder: Path

    @property
    def database(self) -> str:
        return self.shop.database

    @property
    def control(self) -> EmulatorControl:
        """What can be done to QuickBooks."""
        return EmulatorControl(self.quickbooks.address)

    def odoo_process(self) -> OdooProcess:
        """An Odoo process of this company's database, knowing where QuickBooks is."""
        return OdooProcess(self.database, self.folder, self.quickbooks.odoo_settings())

    def use_catalogue(self, odoo: OdooProcess) -> None:
        """Have the process sell what the company sells, to its customers."""
        odoo.tell(
            "use_catalogue",
            partner_ids=sorted(self.shop.customers.values()),
            product_ids=sorted(self.shop.catalogue.products.values()),
        )


@contextmanager
def connected_company(
    purpose: str, emulator_options: tuple[str, ...] = FAST
) -> Iterator[Place]:
    """A place of its own for one measurement.

    :param emulator_options: its limits and latency
    """
    with tempfile.TemporaryDirectory(prefix=f"bench-{purpose}-") as name:
        folder = Path(name)
        quickbooks = EmulatorSide("us", folder, options=emulator_options)
        quickbooks.start()
        try:
            template = databases.shop_template()
            with databases.fresh_copy(template, f"bench_{purpose}") as database:
                with Shop(database, folder, quickbooks, preferred_port=0) as shop:
                    shop.open(CUSTOMERS)
                    shop.connect()
                    shop.server.stop()
                    place = Place(shop, quickbooks, folder)
                    _export_customers(place)
                    yield place
        finally:
            quickbooks.stop()


def _export_customers(place: Place) -> None:
    """One invoice for each customer goes first: they are in QuickBooks then."""
    with place.odoo_process() as odoo:
        place.use_catalogue(odoo)
        odoo.tell("leave_other_jobs")
        odoo.tell("lift_limits")
        odoo.tell("draft_and_post", count=len(CUSTOMERS))
        odoo.tell("drain")
