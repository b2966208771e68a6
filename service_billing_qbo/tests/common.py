"""Ground of the tests that talk to QuickBooks: a real emulator over real HTTP.

`qbo_emulator` lies beside the addon in the checkout and is on the path in tests; the
addon itself never imports it.
"""

import os
import re
import unittest
from contextlib import contextmanager
from functools import partial
from unittest.mock import patch
from urllib.parse import parse_qs, urljoin, urlsplit

import freezegun
import requests
from cryptography.fernet import Fernet
from lxml import html

from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from qbo_emulator.testing import EmulatorProcess

from ..models import qbo_connection_tokens
from ..models.qbo_reference_content import NAME_LISTS
from ..quickbooks import Limiter
from .schema_check import schema_problems

# A test that travels in time must not take the limiter with it: what it remembers of
# the future would let calls of the present wait for years.
freezegun.configure(extend_ignore_list=[Limiter.__module__])

ADMINISTRATOR = "service_billing_qbo.group_administrator"
BOOKKEEPER = "service_billing_qbo.group_bookkeeper"
CLERK = "account.group_account_invoice"
CALL_TIMEOUT_S = 30
# As Odoo's own test classes name theirs.
READY_COMPANY = "company_1_data"


class WithBooks(AccountTestInvoicingCommon):
    """A company with accounts, products and taxes."""

    @classmethod
    def setup_independent_company(cls, **kwargs):
        """The one that the database has ready for its tests, else a new one.

        A chart of accounts takes seconds, for each class anew.
        """
        companies = cls.env["res.company"].sudo()
        ready = companies.search([("name", "=", READY_COMPANY)], limit=1)
        if not ready:
            return super().setup_independent_company(**kwargs)
        cls.env.user.company_ids |= ready
        return ready.with_env(cls.env)


class WithEmulator:
    """A US company, an emulator, the keys of its app set; not connected yet.

    The whole class runs in registry test mode: cursors of their own (tokens, log) see
    the test's transaction and are rolled back with it. What that hides is shown in
    test_tokens_concurrent.
    """

    emulator_companies = ("us",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls._registry_patched:
            cls.registry_enter_test_mode_cls()
        cls.start_emulator()
        cls.set_up_company()
        cls.administrator = cls.make_user("administrator", ADMINISTRATOR)
        cls.connection = cls.connection_of(cls.env.company)
        cls.env.flush_all()

    @classmethod
    def start_emulator(cls):
        cls.emulator = EmulatorProcess(*cls.emulator_companies)
        cls.emulator.start()
        cls.addClassCleanup(cls.emulator.stop)
        cls.addClassCleanup(cls.check_payloads)
        info = cls.emulator.info()
        cls.realm_ids = [realm["realm_id"] for realm in info["realms"]]
        settings = {
            "SERVICE_BILLING_QBO_KEYS": Fernet.generate_key().decode(),
            "SERVICE_BILLING_QBO_SANDBOX_DISCOVERY_URL": info["discovery_url"],
            "SERVICE_BILLING_QBO_SANDBOX_API_BASE_URL": info["base_url"],
        }
        cls.startClassPatcher(patch.dict(os.environ, settings))
        cls.let_calls_follow_quickly()
        cls.app = cls.env["qbo.app"]._of("sandbox")
        cls.app.write(
            {
                "client_id": info["client_id"],
                "client_secret": info["client_secret"],
                "verifier_token": info["verifier_token"],
            }
        )

    @classmethod
    def let_calls_follow_quickly(cls):
        """This emulator has no limit a second, and knows nothing of earlier classes."""
        limiter = partial(Limiter, calls_per_second=1_000)
        cls.startClassPatcher(patch.object(qbo_connection_tokens, "Limiter", limiter))
        known = patch.dict(qbo_connection_tokens._limiters, clear=True)
        cls.startClassPatcher(known)

    @classmethod
    def check_payloads(cls):
        """Whatever the tests of the class have sent fits Intuit's schemas."""
        if cls.emulator.is_running:
            problems = schema_problems(cls.emulator.requests())
            assert not problems, problems

    @classmethod
    def make_company_american(cls):
        company = cls.env.company
        company.country_id = cls.env.ref("base.us")
        company.currency_id = cls.env.ref("base.USD")

    @classmethod
    def make_user(cls, login, *groups, company=None):
        company = company or cls.env.company
        return new_test_user(
            cls.env,
            login,
            groups=",".join(("base.group_user", *groups)),
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    @classmethod
    def connection_of(cls, company):
        """The connection of a company, set to QuickBooks, not connected.

        As an administrator has it before him, with all rights to look at it.
        """
        connection = cls.env["qbo.connection"]._ensure_for_company(company)
        connection.accounting_vendor = "quickbooks"
        return connection.with_user(cls.administrator).sudo()

    # -- connecting without a browser -------------------------------------------

    @classmethod
    def authorize(cls, connection=None, realm_id=None):
        """Connect as the controller does, the consent page submitted over HTTP."""
        connection = connection or cls.connection
        cls.env.flush_all()
        address, nonce = connection._begin_attempt(cls.administrator)
        answer = cls.consent(address, realm_id)
        connection._claim_attempt(nonce)
        outcome = connection._connect_with_code(answer["code"], answer["realmId"])
        cls.env.invalidate_all()
        return outcome

    @classmethod
    def connect(cls, connection=None, realm_id=None):
        """Connect, say that it is the right company, have the lists for mapping."""
        outcome = cls.authorize(connection, realm_id)
        assert outcome.kind == "connected", outcome
        connection = connection or cls.connection
        cls.confirm(connection)
        connection._retrieve_lists(NAME_LISTS)
        cls.env.invalidate_all()

    @classmethod
    def confirm(cls, connection=None):
        """Press "This is the right company" as the administrator."""
        connection = connection or cls.connection
        connection.with_user(cls.administrator).sudo().action_confirm_company()
        cls.env.invalidate_all()

    @classmethod
    def consent(cls, address, realm_id=None, decision="authorize") -> dict[str, str]:
        """Submit Intuit's consent page, by default for the first company."""
        return submit_consent(address, realm_id or cls.realm_ids[0], decision)

    @classmethod
    def encryption_key(cls, key: str):
        """The server has another key for a while."""
        return patch.dict(os.environ, {"SERVICE_BILLING_QBO_KEYS": key})

    @contextmanager
    def fails_with(self, *errors):
        """The block fails so, and what was committed on the way stays.

        Odoo's assertRaises goes back to a savepoint, which in test mode takes back
        what cursors of their own have committed, too.
        """
        with unittest.TestCase.assertRaises(self, errors) as failed:
            yield failed
        self.env.invalidate_all()

    # -- looking at both sides ----------------------------------------------------

    def token_row(self, connection=None):
        """The stored tokens, read anew."""
        self.env.invalidate_all()
        return self.env["qbo.token"].sudo()._of(connection or self.connection)

    def calls(self, path: str, since: int = 0) -> list[dict]:
        """What the emulator was asked at paths that match a pattern."""
        return [
            request
            for request in self.emulator.requests(since)
            if re.search(path, request["path"])
        ]

    def last_call_number(self) -> int:
        return max((request["n"] for request in self.emulator.requests()), default=0)

    def call_without_time(self, cron: str, model: str, method: str, *args, end=0.0):
        """Have Odoo call a scheduled action whose time is over already.

        :param float end: when it was over, as ``time.monotonic`` counts
        :return: (done, remaining), as Odoo is told
        """
        self.env.flush_all()
        with self.registry.cursor() as cr:
            env = self.env(cr=cr, su=True)
            called, progress = env.ref(f"service_billing_qbo.{cron}")._add_progress()
            context = {"cron_id": called.id, "cron_end_time": end}
            records = env[model].with_context(**called.env.context, **context)
            getattr(records, method)(*args)
            told = progress.done, progress.remaining
        self.env.invalidate_all()
        return told

    def calls_asked_for(self, cron: str):
        """When a scheduled action is to be called, as far as somebody asked."""
        action = self.env.ref(f"service_billing_qbo.{cron}")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", action.id)])
        return triggers.mapped("call_at")

    def run_housekeeping(self):
        self.env.flush_all()
        self.env.ref("service_billing_qbo.ir_cron_housekeeping").method_direct_trigger()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class ConnectionCase(WithEmulator, TransactionCase):
    """For what needs no accounting: a company without a chart of accounts."""

    @classmethod
    def set_up_company(cls):
        company = cls.env["res.company"].create({"name": "My US Company"})
        cls.env.user.company_ids |= company
        cls.env = cls.env(context={"allowed_company_ids": company.ids})
        cls.make_company_american()


@tagged("post_install", "-at_install")
class QboCase(WithEmulator, WithBooks):
    """With accounts, products and a default sales tax of 8.25 %."""

    @classmethod
    def set_up_company(cls):
        cls.make_company_american()
        cls.sales_tax = cls.tax_sale_a
        cls.sales_tax.write({"amount": 8.25, "name": "Sales Tax 8.25 %"})
        cls.env.company.account_sale_tax_id = cls.sales_tax


@tagged("post_install", "-at_install")
class ConnectionHttpCase(ConnectionCase, HttpCase):
    """With Odoo's own HTTP server, for what happens in a browser."""

    def setUp(self):
        super().setUp()
        self.sign_in(self.administrator)

    def sign_in(self, user):
        self.env.flush_all()
        self.authenticate(user.login, user.login)

    def press_connect(self, connection=None):
        """Press Connect to QuickBooks; return the address of Intuit's page."""
        connection = connection or self.connection
        answer = self.url_open(
            f"/service_billing_qbo/connect/{connection.id}", allow_redirects=False
        )
        self.assertEqual(answer.status_code, 303, answer.text)
        self.env.invalidate_all()
        return answer.headers["Location"]

    def come_back(self, answer: dict):
        """Follow Intuit's redirect to our page; return the page."""
        page = self.url_open("/service_billing_qbo/callback", params=answer)
        self.env.invalidate_all()
        return page

    def walk_through_consent(self, connection=None, realm_id=None):
        """Press Connect, choose the company, authorize; return our page."""
        address = self.press_connect(connection)
        return self.come_back(self.consent(address, realm_id))

    def press(self, page, button: str, **typed):
        """Submit the form of our page by the button whose text begins so."""
        form = next(
            form
            for form in html.fromstring(page.text).forms
            if any(_text(one).startswith(button) for one in form.iter("button"))
        )
        pressed = next(
            one for one in form.iter("button") if _text(one).startswith(button)
        )
        data = {**form.fields, **typed}
        data.pop("decision", None)
        if pressed.get("name"):
            data[pressed.get("name")] = pressed.get("value")
        answer = self.url_open(form.action, data=data, allow_redirects=False)
        self.env.invalidate_all()
        return answer

    def assert_page_says(self, page, *texts: str):
        shown = _text(html.fromstring(page.text).body)
        for text in texts:
            self.assertIn(text, shown)


def submit_consent(address, realm_id, decision="authorize") -> dict[str, str]:
    """Do on Intuit's consent page what a person does; return what it sends us."""
    page = requests.get(address, timeout=CALL_TIMEOUT_S)
    page.raise_for_status()
    (form,) = html.fromstring(page.text).forms
    answer = requests.post(
        urljoin(address, form.action),
        data={**form.fields, "realm_id": realm_id, "decision": decision},
        allow_redirects=False,
        timeout=CALL_TIMEOUT_S,
    )
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


def _text(element) -> str:
    return " ".join(element.text_content().split())
