"""Runs in an Odoo shell: prints what would be sent with the example addon."""

import json

from odoo import Command

env = globals()["env"]
company = env.company
connection = env["qbo.connection"]._ensure_for_company(company)
preferences = {
    "SalesFormsPrefs": {"CustomTxnNumbers": True},
    "TaxPrefs": {"UsingSalesTax": False},
    "CurrencyPrefs": {"HomeCurrency": {"value": company.currency_id.name}},
}
connection.write(
    {
        "accounting_vendor": "quickbooks",
        "realm_id": "4620816365000000001",
        "export_from": "2020-01-01",
        "company_info_text": json.dumps({"CompanyName": "Harbor", "Country": "US"}),
        "preferences_text": json.dumps(preferences),
    }
)
item = env["qbo.reference"].create(
    {
        "connection_id": connection.id,
        "realm_id": connection.realm_id,
        "entity": "item",
        "qbo_id": "77",
        "name": "Rentals",
        "full_name": "Rentals",
        "active": True,
    }
)
rows = env["qbo.mapping"]
rows._choose(connection, "item", rows, {"reference_id": item.id}, "rental")
boat = env["product.product"].create(
    {"name": "Boat", "default_code": "RENT-1", "taxes_id": [Command.clear()]}
)
customer = env["res.partner"].create({"name": "Harbor Dental", "is_company": True})
env["qbo.binding"].create(
    {
        "connection_id": connection.id,
        "company_id": company.id,
        "realm_id": connection.realm_id,
        "res_model": "res.partner",
        "res_id": customer.id,
        "entity": "Customer",
        "qbo_id": "58",
    }
)
move = env["account.move"].create(
    {
        "move_type": "out_invoice",
        "partner_id": customer.id,
        "invoice_date": "2026-11-22",
        "qbo_tracking_number": "1Z 999 AA1",
        "invoice_payment_term_id": False,
        "invoice_line_ids": [
            Command.create({"product_id": boat.id, "price_unit": 90, "tax_ids": False})
        ],
    }
)
move.action_post()
prepared = move._qbo_prepare(connection, env["qbo.binding"])
line = prepared.payload["Line"][0]["SalesItemLineDetail"]
found = {"TrackingNum": prepared.payload["TrackingNum"], "ItemRef": line["ItemRef"]}
print("FOUND", json.dumps(found))
