"""What a shared test transaction cannot show: real cursors, commits, workers."""

import os
import threading
from contextlib import contextmanager
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

from qbo_emulator.testing import EmulatorProcess

from .common import submit_consent


class Interrupted(Exception):
    """The caller's work came to nothing."""


@tagged("post_install", "-at_install")
class TestTokensConcurrent(BaseCase):
    """Commits for real; what it makes is removed at its end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
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
        with cls.work() as connection:
            address, nonce = connection._begin_attempt(connection.env.user)
        answer = submit_consent(address, info["realms"][0]["realm_id"])
        with cls.work() as connection:
            connection._claim_attempt(nonce)
            connection._connect_with_code(answer["code"], answer["realmId"])

    @classmethod
    def make_connection(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            company = env.ref("base.main_company")
            connection = env["qbo.connection"]._ensure_for_company(company)
            connection.accounting_vendor = "quickbooks"
            return connection.id

    @classmethod
    def remove_connection(cls):
        with cls.work() as connection:
            connection._disconnect()
        with cls.work() as connection:
            connection.unlink()

    @classmethod
    @contextmanager
    def work(cls):
        """A worker's transaction of its own."""
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            yield env["qbo.connection"].browse(cls.connection_id)

    def test_rollback_does_not_lose_the_rotated_refresh_token(self):
        self.emulator.advance_clock(25 * 3600)
        before = self.stored_refresh_token()

        with self.assertRaises(Interrupted), self.work() as connection:
            connection._client(renew=True)
            raise Interrupted

        self.assertNotEqual(self.stored_refresh_token(), before)
        self.emulator.advance_clock(25 * 3600)
        with self.work() as connection:
            connection._client(renew=True)
            self.assertEqual(connection.state, "connected")

    def test_rollback_does_not_revive_a_dead_connection(self):
        with self.assertRaises(Interrupted), self.work() as connection:
            connection._connection_lost("Gone.", reconnect_needed=False)
            raise Interrupted

        with self.work() as connection:
            self.assertEqual(connection.state, "lost")
            connection._try_recover()
        with self.work() as connection:
            self.assertEqual(connection.state, "connected")

    def test_workers_that_meet_the_same_dead_token_refresh_it_once(self):
        self.emulator.expire_tokens("access")
        since = len(self.emulator.requests())
        together = threading.Barrier(3)
        results = []

        def call():
            with self.work() as connection:
                # Each has read the same token before the first renews it.
                connection.env["qbo.token"]._of(connection)._access_token()
                together.wait(timeout=20)
                company = connection._with_client(lambda client: client.company_info())
                results.append(company["CompanyName"])

        workers = [threading.Thread(target=call) for _worker in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=60)

        self.assertEqual(results, ["Harbor Books LLC"] * 3)
        refreshes = [
            request
            for request in self.emulator.requests(since)
            if "tokens/bearer" in request["path"]
        ]
        self.assertEqual(len(refreshes), 1)

    def stored_refresh_token(self):
        with self.work() as connection:
            return connection.env["qbo.token"]._of(connection)._refresh_token()
