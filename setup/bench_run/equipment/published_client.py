"""python-quickbooks, unmodified, as somebody uses it to send invoices."""

import json

import requests
from intuitlib.client import AuthClient
from quickbooks import QuickBooks
from quickbooks.objects.customer import Customer
from quickbooks.objects.invoice import Invoice

from bench_run.equipment.signing_in import REDIRECT_URI, access_token


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

    def take_customers(self, customers: list[dict]) -> None:
        """Make the customers of another company in its own."""
        for theirs in customers:
            made = Customer()
            made.DisplayName = theirs["DisplayName"]
            self._customer_ids[theirs["Id"]] = made.save(qb=self._client).Id

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
