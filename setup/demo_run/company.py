"""The demo's Odoo company: accounts, sales taxes, terms, products, customers."""

from collections.abc import Iterable
from dataclasses import dataclass

from demo_run import sample
from demo_run.api import Api
from demo_run.homes import US, Home, Tax

MAIN_COMPANY = "base.main_company"
CHART = "us"


@dataclass(frozen=True)
class Catalogue:
    """Where the company is, and ids of what was made by the keys of ``sample``."""

    home: Home
    taxes: dict[str, int]
    fiscal_positions: dict[str, int]
    terms: dict[str, int]
    products: dict[str, int]


def set_up(admin: Api, home: Home = US) -> Catalogue:
    """Make the company ready to invoice.

    :param admin: a system administrator
    """
    company = admin.ref(MAIN_COMPANY)
    country = _country(admin, home)
    _describe_company(admin, company, home, country)
    _load_chart(admin, company)
    _settle(admin, company, home, country)
    taxes, positions = _make_taxes(admin, company, home, country)
    sale_taxes = [taxes[home.taxes[0].key]] if home.taxed else []
    products = _make_products(admin, sale_taxes)
    return Catalogue(home, taxes, positions, _find_terms(admin), products)


def _describe_company(admin: Api, company: int, home: Home, country: int) -> None:
    address = home.company_address()
    state = _state(admin, country, address.pop("state"))
    admin.write(
        "res.company",
        [company],
        {
            "name": sample.COMPANY_NAME,
            "country_id": country,
            "state_id": state,
            **address,
        },
    )


def _load_chart(admin: Api, company: int) -> None:
    """Choose the chart of accounts in the settings, unless Odoo has already."""
    found = admin.read("res.company", [company], ["chart_template"])[0]
    if found["chart_template"] == CHART:
        return
    settings = admin.create("res.config.settings", {"chart_template": CHART})
    admin.call("res.config.settings", "execute", [settings])


def _settle(admin: Api, company: int, home: Home, country: int) -> None:
    """Keep the books in the money and by the taxes of the country: not the chart's."""
    code = [("name", "=", home.currency), ("active", "in", [True, False])]
    currency = admin.find("res.currency", code)
    admin.write("res.currency", [currency], {"active": True})
    admin.write(
        "res.company",
        [company],
        {"currency_id": currency, "account_fiscal_country_id": country},
    )


def _make_taxes(
    admin: Api, company: int, home: Home, country: int
) -> tuple[dict[str, int], dict[str, int]]:
    """The sales taxes; others than the default replace it by a fiscal position."""
    group = admin.create(
        "account.tax.group", {"name": "Sales tax", "country_id": country}
    )
    default, *others = home.taxes
    taxes = {default.key: _make_tax(admin, default, country, group)}
    positions: dict[str, int] = {}
    for tax in others:
        positions[tax.key] = admin.create(
            "account.fiscal.position", {"name": tax.fiscal_position}
        )
        taxes[tax.key] = _make_tax(
            admin,
            tax,
            country,
            group,
            fiscal_position_ids=[(4, positions[tax.key])],
            original_tax_ids=[(4, taxes[default.key])],
        )
    admin.write("res.company", [company], {"account_sale_tax_id": taxes[default.key]})
    return taxes, positions


def _make_tax(
    admin: Api, tax: Tax, country: int, group: int, **more: list[tuple]
) -> int:
    """One tax, or a group of them when it has several percentages."""
    values = {
        "name": tax.name,
        "type_tax_use": "sale",
        "country_id": country,
        "tax_group_id": group,
        **more,
    }
    if len(tax.percents) == 1:
        values |= {"amount_type": "percent", "amount": tax.percents[0]}
    else:
        parts = [
            _make_tax(admin, Tax("", f"{tax.name} {part}", (part,)), country, group)
            for part in tax.percents
        ]
        values |= {"amount_type": "group", "children_tax_ids": [(6, 0, parts)]}
    return admin.create("account.tax", values)


def _find_terms(admin: Api) -> dict[str, int]:
    return {key: admin.ref(xmlid) for key, xmlid in sample.TERMS.items()}


def _make_products(admin: Api, sale_taxes: list[int]) -> dict[str, int]:
    """Products by key, as variants: what an invoice line names."""
    made = admin.create(
        "product.product",
        [
            {
                "name": product.name,
                "default_code": product.code,
                "type": "consu" if product.billing_type == "goods" else "service",
                "qbo_billing_type": product.billing_type,
                "list_price": product.price,
                "taxes_id": [(6, 0, sale_taxes if product.taxed else [])],
                "supplier_taxes_id": [(5,)],
            }
            for product in sample.PRODUCTS
        ],
    )
    keys = (product.key for product in sample.PRODUCTS)
    return dict(zip(keys, made, strict=True))


def make_customers(
    api: Api, catalogue: Catalogue, customers: Iterable[sample.Customer]
) -> dict[str, int]:
    """Make customers as from the menu Customers, with their contacts; ids by key."""
    home = catalogue.home
    country = _country(api, home)
    return {
        customer.key: _make_customer(api, catalogue, country, home.at_home(customer))
        for customer in customers
    }


def _make_customer(
    api: Api, catalogue: Catalogue, country: int, customer: sample.Customer
) -> int:
    values = {
        "name": customer.name,
        "is_company": customer.company,
        "street": customer.street,
        "city": customer.city,
        "state_id": _state(api, country, customer.state),
        "zip": customer.zip,
        "country_id": country,
        "email": customer.email,
        "property_payment_term_id": catalogue.terms[customer.term],
        "child_ids": [
            (
                0,
                0,
                {
                    "name": contact.name,
                    "type": contact.kind,
                    "email": contact.email,
                    "street": contact.street,
                },
            )
            for contact in customer.contacts
        ],
    }
    if customer.tax in catalogue.fiscal_positions:
        values["property_account_position_id"] = catalogue.fiscal_positions[
            customer.tax
        ]
    return api.create("res.partner", values, res_partner_search_mode="customer")


def _country(api: Api, home: Home) -> int:
    return api.find("res.country", [("code", "=", home.country)])


def _state(api: Api, country: int, code: str) -> int | bool:
    """The state, False where addresses name none."""
    if not code:
        return False
    return api.find(
        "res.country.state", [("country_id", "=", country), ("code", "=", code)]
    )
