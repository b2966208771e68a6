"""What people read when a call fails: a sentence of theirs, never a code of ours."""

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..models.error_words import words_of
from ..quickbooks import QuickBooksError, Refused, VaultError
from ..quickbooks.faults import Fault
from .engine_common import EngineCase


def kinds_of(kind):
    """A class of errors and all below it."""
    return [kind, *(one for sub in kind.__subclasses__() for one in kinds_of(sub))]


@tagged("post_install", "-at_install")
class TestErrorWords(TransactionCase):
    def test_each_error_of_the_client_has_words(self):
        """A new one says only what Python says: it has no sentence, and this fails."""
        for kind in kinds_of(QuickBooksError)[1:] + [VaultError]:
            with self.subTest(error=kind.__name__):
                words = words_of(self.env, kind("127.0.0.1: HTTP-502"))
                self.assertNotIn("HTTP", words)
                self.assertTrue(words.endswith("."), words)

    def test_what_quickbooks_refused_is_in_its_own_words(self):
        fault = Fault("2020", "Amount is missing.", "Amount is missing.")
        error = Refused("QuickBooks refused (code 2020)", faults=[fault])
        self.assertEqual(
            words_of(self.env, error), "QuickBooks refused: Amount is missing."
        )


@tagged("post_install", "-at_install")
class TestErrorWordsOnScreens(EngineCase):
    def setUp(self):
        super().setUp()
        self.drain()
        self.addCleanup(self.emulator.clear_faults)

    def test_a_clerk_reads_why_it_is_tried_again(self):
        self.emulator.arm("unavailable", path="/invoice")
        self.emulator.arm("unavailable", path="/batch")
        invoice = self.posted()
        self.drain()

        self.assertIn(invoice.qbo_status, ("retry", "checking"))
        shown = self.row(invoice).last_message
        self.assertEqual(shown, "QuickBooks is not available just now.")
        # Who wants to know more finds the code in the log of the document.
        self.assertIn("502", self.row(invoice).log_document_ids.message)

    def test_a_button_that_asks_quickbooks_says_why_it_cannot(self):
        partner = self.customer.with_user(self.bookkeeper)
        self.emulator.arm("unavailable", path="/customer")
        with self.assertRaisesRegex(UserError, "QuickBooks is not available"):
            partner.action_qbo_refresh_balance()
        self.emulator.clear_faults()
        self.emulator.arm("unavailable", path="query")
        connection = self.connection.with_user(self.bookkeeper).sudo(False)
        with self.assertRaisesRegex(UserError, "QuickBooks is not available"):
            connection.action_refresh_references()
