"""The log says what became of each request, in words that need no manual."""

import contextlib
from ast import literal_eval
from unittest.mock import patch

from lxml import etree

from odoo.tests import tagged

from ..models import qbo_connection_tokens
from ..models.exchange_recorder import ExchangeRecorder
from ..quickbooks import GrantRefused, QuickBooksError
from .common import ConnectionCase
from .engine_common import EngineCase

# By fault of the emulator: what the log calls it.
FAULTS = {
    "expired_401": "signed_out",
    "forbidden_403": "refused",
    "refused": "refused",
    "throttled": "throttled",
    "unavailable": "failed",
    "lost_answer": "lost",
}


class LogCase:
    """The log before an administrator, and what of it is new."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.emulator.clear_faults)
        # Whoever asks too often is shut out for a minute; each test begins anew.
        self.startPatcher(patch.dict(qbo_connection_tokens._limiters, clear=True))
        self.known = self.log().search([])

    def log(self):
        """The log before an administrator."""
        return self.env["qbo.log"].with_user(self.administrator).sudo(False)

    def new_rows(self):
        self.env.invalidate_all()
        return self.log().search([]) - self.known

    def failed(self):
        """What the filter Failed shows of what is new."""
        view = self.env.ref("service_billing_qbo.qbo_log_view_search")
        arch = etree.fromstring(view.arch)
        domain = literal_eval(arch.find(".//filter[@name='failed']").get("domain"))
        return self.new_rows() & self.log().search(domain)


@tagged("post_install", "-at_install")
class TestLog(LogCase, EngineCase):
    def ask(self):
        """Ask QuickBooks once for the company, whatever becomes of it."""
        recorder = ExchangeRecorder()
        with contextlib.suppress(QuickBooksError):
            self.connection._client(recorder).company_info()
        self.connection._record_exchanges(recorder, "test")

    def test_answer_is_no_failure(self):
        self.ask()

        row = self.new_rows()
        self.assertEqual((row.outcome, row.action), ("answered", "test"))
        self.assertFalse(self.failed())

    def test_what_is_no_answer_has_a_name_and_is_found_by_failed(self):
        for fault, outcome in FAULTS.items():
            with self.subTest(fault=fault):
                self.known = self.log().search([])
                qbo_connection_tokens._limiters.clear()
                self.emulator.arm(fault, times=1, path="companyinfo")
                self.ask()
                self.assertEqual(self.new_rows().mapped("outcome"), [outcome])
                self.assertEqual(self.failed(), self.new_rows())

    def test_what_could_not_be_sent_has_a_name(self):
        nobody = {"SERVICE_BILLING_QBO_SANDBOX_API_BASE_URL": "http://127.0.0.1:9"}
        with patch.dict("os.environ", nobody):
            self.ask()

        self.assertEqual(self.failed().mapped("outcome"), ["not_sent"])

    def test_who_did_it_is_a_name_or_automatic(self):
        self.posted()
        self.drain()
        self.assertEqual(set(self.new_rows().mapped("done_by")), {"automatic"})

        self.known = self.log().search([])
        connection = self.connection.with_user(self.administrator).sudo(False)
        connection.action_refresh_references()
        self.assertEqual(
            set(self.new_rows().mapped("done_by")), {self.administrator.name}
        )

    def test_work_that_nobody_named_is_logged_too(self):
        self.connection._with_client(lambda client: client.company_info(), "archive")

        self.assertEqual(self.new_rows().mapped("action"), ["other"])


@tagged("post_install", "-at_install")
class TestLogOfSigningIn(LogCase, ConnectionCase):
    def test_refused_sign_in_is_a_failure(self):
        self.connect()
        self.known = self.log().search([])
        self.emulator.expire_tokens("all")
        with self.fails_with(GrantRefused):
            self.connection._with_client(lambda client: client.company_info(), "test")

        self.assertEqual(self.failed().mapped("outcome"), ["refused", "signed_out"])
