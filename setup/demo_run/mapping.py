"""The bookkeeper's choices: which QuickBooks entry each Odoo record is."""

from demo_run import sample
from demo_run.api import Api, NotThere, OdooRefused
from demo_run.company import Catalogue
from demo_run.connecting import Connection
from demo_run.wait import until

LISTS_S = 60.0


def map_all(
    bookkeeper: Api, seller: Api, connection: Connection, catalogue: Catalogue
) -> None:
    """Refresh QuickBooks' lists, accept what is proposed, choose what is left.

    :param seller: may change products
    :raises NotThere: QuickBooks has no item for a billing type
    """
    until(lambda: _is_refreshed(bookkeeper), "QuickBooks' lists", LISTS_S)
    bookkeeper.call("qbo.mapping", "action_auto_match")
    here = [
        ("connection_id", "=", connection.id),
        ("realm_id", "=", connection.realm_id),
    ]
    _accept_proposals(bookkeeper, here)
    if code := catalogue.home.untaxed_code:
        _choose_for_untaxed(bookkeeper, here, code)
    items = _items(bookkeeper, here)
    _choose_for_billing_types(bookkeeper, here, items)
    _choose_for_products(seller, catalogue, items)


def _is_refreshed(bookkeeper: Api) -> bool:
    """Refresh QuickBooks' lists; False while Odoo itself does so after connecting."""
    try:
        bookkeeper.call("qbo.mapping", "action_refresh_references")
    except OdooRefused as refused:
        if refused.name.endswith(".ListsBusy"):
            return False
        raise
    return True


def _accept_proposals(bookkeeper: Api, here: list) -> None:
    """Accept them all: terms by days, taxes by their rate, items by name."""
    proposed = bookkeeper.search_read(
        "qbo.mapping",
        [*here, ("proposal_id", "!=", False), ("reference_id", "=", False)],
        ["id"],
    )
    if proposed:
        ids = [row["id"] for row in proposed]
        bookkeeper.call("qbo.mapping", "action_accept_proposals", ids)


def _choose_for_untaxed(bookkeeper: Api, here: list, name: str) -> None:
    """Choose the tax code of lines without tax: no rate tells which it is."""
    code = bookkeeper.find(
        "qbo.reference", [*here, ("entity", "=", "tax_code"), ("name", "=", name)]
    )
    row = bookkeeper.find(
        "qbo.mapping",
        [
            *here,
            ("kind", "=", "tax_code"),
            ("res_model", "=", "account.tax"),
            ("res_id", "=", 0),
        ],
    )
    bookkeeper.write("qbo.mapping", [row], {"reference_id": code})


def _items(bookkeeper: Api, here: list) -> dict[str, int]:
    """The active QuickBooks items by name."""
    found = bookkeeper.search_read(
        "qbo.reference", [*here, ("entity", "=", "item")], ["name"]
    )
    return {item["name"]: item["id"] for item in found}


def _choose_for_billing_types(
    bookkeeper: Api, here: list, items: dict[str, int]
) -> None:
    """Choose the item that serves where neither a product nor its category has one."""
    for billing_type, names in sample.ITEM_CHOICES.items():
        item = next((items[name] for name in names if name in items), None)
        if item is None:
            raise NotThere(f"QuickBooks has none of the items {', '.join(names)}")
        row = bookkeeper.find(
            "qbo.mapping",
            [
                *here,
                ("kind", "=", "item"),
                ("res_model", "in", ["", False]),
                ("billing_type", "=", billing_type),
            ],
        )
        bookkeeper.write("qbo.mapping", [row], {"reference_id": item})


def _choose_for_products(
    seller: Api, catalogue: Catalogue, items: dict[str, int]
) -> None:
    """Choose a product's own item on the product, where QuickBooks has it."""
    for product in sample.PRODUCTS:
        if product.item in items:
            seller.write(
                "product.product",
                [catalogue.products[product.key]],
                {"qbo_item_id": items[product.item]},
            )
