"""Ground of what a shared test transaction cannot show: cursors, commits, workers."""

import os
import threading
from contextlib import contextmanager
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import DummyRLock, Registry
from odoo.tests import BaseCase, get_db_name

from qbo_emulator.testing import EmulatorProcess

from .common import submit_consent


class ConcurrentCase(BaseCase):
    """Commits for real; what it makes is removed at its end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        # Odoo's runner holds this lock, for which the threads here would wait for ever.
        cls.startClassPatcher(patch.object(Registry, "_lock", DummyRLock()))
        cls.emulator = EmulatorProcess()
        cls.emulator.start()
        cls.addClassCleanup(cls.emulator.stop)
        info = cls.emulator.info()
        cls.startClassPatcher(
            patch.dict(
                os.environ,
                {
                    "SERVICE_BILLING_QBO_KEYS": Fernet.generate_key().decode(),
                    "SERVICE_BILLING_QBO_CLIENT_ID": info["client_id"],
                    "SERVICE_BILLING_QBO_CLIENT_SECRET": info["client_secret"],
                    "SERVICE_BILLING_QBO_DISCOVERY_URL": info["discovery_url"],
                    "SERVICE_BILLING_QBO_API_BASE_URL": info["base_url"],
                },
            )
        )
        cls.connection_id = cls.make_connection()
        cls.addClassCleanup(cls.remove_connection)
        cls.realm_id = info["realms"][0]["realm_id"]

    def setUp(self):
        super().setUp()
        self.connect()

    @classmethod
    def make_connection(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            company = env["res.company"].create(
                {"name": "Three Workers", "currency_id": env.ref("base.USD").id}
            )
            connection = env["qbo.connection"]._ensure_for_company(company)
            connection.accounting_vendor = "quickbooks"
            return connection.id

    def connect(self):
        with self.work() as connection:
            address, nonce = connection._begin_attempt(connection.env.user)
        answer = submit_consent(address, self.realm_id)
        with self.work() as connection:
            connection._claim_attempt(nonce)
            outcome = connection._connect_with_code(answer["code"], answer["realmId"])
        self.assertEqual(outcome.kind, "connected")

    @classmethod
    def remove_connection(cls):
        with cls.work() as connection:
            connection._disconnect()
        with cls.work() as connection:
            company = connection.company_id
            partner = company.partner_id
            connection.unlink()
            company.unlink()
            partner.unlink()

    @classmethod
    @contextmanager
    def work(cls):
        """A worker's transaction of its own."""
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            yield env["qbo.connection"].browse(cls.connection_id)

    def at_once(self, count, function):
        """Run function(connection, ready) in threads that meet at ready()."""
        together = threading.Barrier(count)
        results = []

        def run():
            with self.work() as connection:
                results.append(function(connection, lambda: together.wait(timeout=20)))

        workers = [threading.Thread(target=run) for _worker in range(count)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=60)
        return results
