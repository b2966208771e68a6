"""Runs within an Odoo shell: companies, each connected to books of its own, with
invoices that are queued.
"""

import json
import os
from urllib.parse import parse_qs, urljoin, urlsplit

import requests
from lxml import html

from odoo import Command, fields

from odoo.addons.service_billing_qbo.models.qbo_reference_content import NAME_LISTS


def company_with_books(env, number):
    """A company with Odoo's generic chart of accounts."""
    company = env["res.company"].create(
        {
            "name": f"Harbor {number}",
            "currency_id": env.ref("base.USD").id,
            "country_id": env.ref("base.us").id,
        }
    )
    env.user.company_ids |= company
    charts = env["account.chart.template"]
    charts.try_loading("generic_coa", company, install_demo=False)
    return env(context={"allowed_company_ids": company.ids})


def consent(address, realm_id):
    """Authorize at the consent page; the code that it gives."""
    page = requests.get(address, timeout=30)
    (form,) = html.fromstring(page.text).forms
    answer = requests.post(
        urljoin(address, form.action),
        data={**form.fields, "realm_id": realm_id, "decision": "authorize"},
        allow_redirects=False,
        timeout=30,
    )
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def connect(own, realm_id):
    """Connect, say that it is the right company, map what is sold."""
    connection = own["qbo.connection"]._ensure_for_company(own.company)
    connection.accounting_vendor = "quickbooks"
    own.cr.commit()
    address, nonce = connection._begin_attempt(own.user)
    code = consent(address, realm_id)
    connection._claim_attempt(nonce)
    outcome = connection._connect_with_code(code, realm_id)
    assert outcome.kind == "connected", outcome
    own.cr.commit()
    connection._confirm_company(realm_id)
    connection._retrieve_lists(NAME_LISTS)
    own.cr.commit()
    item = own["qbo.reference"].search(
        [("connection_id", "=", connection.id), ("entity", "=", "item")], limit=1
    )
    mappings = own["qbo.mapping"]
    for billing_type in ("service", "goods"):
        chosen = {"reference_id": item.id}
        mappings._choose(connection, "item", mappings, chosen, billing_type)
    return connection


def post_invoices(own, count):
    """A customer, and its invoices, posted."""
    customer = own["res.partner"].create(
        {"name": f"Customer of {own.company.name}", "is_company": True}
    )
    line = {"name": "Maintenance", "price_unit": 100.0, "tax_ids": [Command.clear()]}
    moves = own["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_date": fields.Date.today(),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [Command.create(line)],
            }
            for _number in range(count)
        ]
    )
    moves.action_post()
    return moves


def main(env):
    """Make them all; each is committed, for cursors of their own must see it.

    Which and how many comes from the environment; prints the ids of the connections
    as JSON, by realm.
    """
    found = {}
    for number, realm_id in enumerate(os.environ["REALM_IDS"].split(), 1):
        own = company_with_books(env, number)
        connection = connect(own, realm_id)
        connection.batch_size = int(os.environ["BATCH_SIZE"])
        found[realm_id] = connection.id
        post_invoices(own, int(os.environ["INVOICE_COUNT"]))
        own.cr.commit()
    print(json.dumps(found))
