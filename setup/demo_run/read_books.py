"""Runs in an Odoo shell: prints what QuickBooks has, as one line of JSON.

The numbers to look for come in the environment variable DEMO_NUMBERS.
"""

import json
import os

from odoo.addons.service_billing_qbo.quickbooks import jsonmoney, query

NUMBERS_A_QUERY = 50


def read(client, numbers):
    """Return the invoices and credit memos with these numbers, and the customers."""
    books = {"Customer": list(client.query_all("Customer"))}
    for entity in ("Invoice", "CreditMemo"):
        books[entity] = []
        for start in range(0, len(numbers), NUMBERS_A_QUERY):
            some = numbers[start : start + NUMBERS_A_QUERY]
            quoted = ", ".join(query.quote(number) for number in some)
            books[entity] += client.query_all(entity, f"DocNumber IN ({quoted})")
    return books


connection = env["qbo.connection"].search([("state", "=", "connected")])  # noqa: F821
found = connection._with_client(
    lambda client: read(client, json.loads(os.environ["DEMO_NUMBERS"]))
)
print(jsonmoney.dumps(found))
