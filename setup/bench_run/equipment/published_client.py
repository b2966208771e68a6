"""python-quickbooks, unmodified, as somebody uses it to send invoices."""

import json
import os

import requests
from intuitlib.client import AuthClient
from quickbooks import QuickBooks
from quickbooks.objects.customer import Customer
from quickbooks.objects.invoice import Invoice

from bench_run.equipment.signing_in import REDIRECT_URI, access_token

# oauthlib's own switch for services on this machine, which speak no TLS.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"


class Peer:
    """Saves invoices one by one; when no answer comes, it saves again."""

    def __init__(self, info: dict, realm_id: str) -> None:
        auth = AuthClient(
            info["client_id"],
            info["client_secret"],
            REDIRECT_URI,
            info["discovery_url"],
            access_token=access_token(info, realm_id),
        )
        self._client = QuickBooks(
            auth_client=auth, company_id=realm_id, minorversion=75
        )
        address = f"{info['base_url']}/v3"
        self._client.api_url_v3 = self._client.sandbox_api_url_v3 = address
        self._customer_ids: dict[str, str] = {}

    def take_customers(self, customers: list[dict], own: list[dict]) -> None:
        """Have the customers of another company in its own, which has some already."""
        ids = {customer["DisplayName"]: customer["Id"] for customer in own}
        for theirs in customers:
            name = theirs["DisplayName"]
            self._customer_ids[theirs["Id"]] = ids.get(name) or self._make(name)

    def _make(self, name: str) -> str:
        customer = Customer()
        customer.DisplayName = name
        return customer.save(qb=self._client).Id

    def save_all(self, payloads: list[str]) -> None:
        """Create invoices, one call each."""
        for payload in payloads:
            values = json.loads(payload)
            customer = values["CustomerRef"]
            customer["value"] = self._customer_ids[customer["value"]]
            invoice = Invoice.from_json(values)
            try:
                invoice.save(qb=self._client)
            except requests.ConnectionError:
                invoice.save(qb=self._client)
