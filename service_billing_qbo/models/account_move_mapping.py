from datetime import timedelta
from decimal import Decimal

from odoo import fields, models
from odoo.tools import html2plaintext

from ..mappers.contacts import emails, is_email
from ..mappers.money import round_half_up
from ..mappers.numbers import doc_number
from ..mappers.outcome import CLOSED_BOOKS, LookUp, Prepared
from ..mappers.preparation import Preparation
from .short_date import short_date

# Intuit, Invoice: lengths.
MEMO_LIMIT = 1000
PRIVATE_NOTE_LIMIT = 4000
RATE_DIGITS = 10
# What QuickBooks has of a document for good, but not as a document that counts.
GONE = ("deleted", "voided")


class AccountMove(models.Model):
    _inherit = "account.move"

    # ---- what is to be done -------------------------------------------------

    def _qbo_prepare(self, connection, binding):
        """Return the call that brings this document's present state to QuickBooks.

        :param connection: the ``qbo.connection``
        :param binding: this document's ``qbo.binding``, empty before the first export
        :rtype: mappers.outcome.Prepared
        :raise mappers.outcome.CannotExport: a person must act first
        :raise mappers.outcome.NeedsFirst: the customer is not in QuickBooks yet
        """
        self.ensure_one()
        prep = self._qbo_preparation(connection, binding)
        if self.state == "posted":
            return self._qbo_prepare_document(prep)
        return self._qbo_prepare_withdrawal(prep)

    def _qbo_preparation(self, connection, binding):
        """Return what the steps share, with the choices that the lines may need.

        :rtype: mappers.preparation.Preparation
        """
        connection = connection.sudo().with_company(connection.company_id)
        return Preparation(
            connection=connection,
            prefs=connection._prefs(),
            # What was deleted there cannot be changed, nor can a void be taken back:
            # posted again, it is new.
            binding=binding.filtered(lambda known: known.remote_state not in GONE),
            tax_model=connection.tax_model,
        )

    def _qbo_prepare_document(self, prep):
        """Return the call that creates or updates the document.

        :rtype: mappers.outcome.Prepared
        """
        self.ensure_one()
        self = self.with_company(self.company_id)
        payload = self._qbo_prepare_invoice_vals(prep)
        customer_binding = self._qbo_customer_first(prep)
        prep.check()
        payload["CustomerRef"] = {"value": customer_binding.qbo_id}
        if prep.binding:
            payload = self._qbo_as_update(prep, payload)
        return Prepared(
            entity=self._qbo_entity(),
            operation="update" if prep.binding else "create",
            payload=payload,
            expected_total=self._qbo_total(),
            expected_tax=self._qbo_expected_tax(prep),
            currency=self.currency_id.name,
            doc_number=payload.get("DocNumber"),
            look_up=LookUp(
                entity=self._qbo_entity(),
                doc_number=payload.get("DocNumber", ""),
                customer_id=customer_binding.qbo_id,
                total=self._qbo_total(),
                txn_date=payload["TxnDate"],
                private_note=self._qbo_marker(),
            ),
        )

    def _qbo_prepare_withdrawal(self, prep):
        """Return the call for a document that is no longer posted.

        A draft is being worked on: QuickBooks keeps the last posted state until
        it is posted again. A cancelled invoice is voided, or deleted where the
        company chose so; a credit memo is deleted, since the API has no void for it.

        :rtype: mappers.outcome.Prepared
        """
        self.ensure_one()
        entity = self._qbo_entity()
        if self.state != "cancel" or not prep.binding:
            return Prepared(entity=entity, operation="nothing", payload={})
        self._qbo_check_books_open(prep)
        prep.check()
        return Prepared(
            entity=prep.binding.entity,
            operation=self._qbo_withdrawal(prep.binding),
            payload={"Id": prep.binding.qbo_id, "SyncToken": prep.binding.sync_token},
        )

    def _qbo_withdrawal(self, binding):
        """Return what a cancelled document becomes in QuickBooks: void or delete.

        :param binding: its ``qbo.binding``
        :rtype: str
        """
        can_void = binding.entity == "Invoice"
        is_voided = can_void and binding.connection_id.cancel_policy == "void"
        return "void" if is_voided else "delete"

    def _qbo_entity(self):
        """Return QuickBooks' name of this kind of document.

        :rtype: str
        """
        self.ensure_one()
        return "CreditMemo" if self.move_type == "out_refund" else "Invoice"

    # ---- the document as QuickBooks gets it ---------------------------------

    def _qbo_prepare_invoice_vals(self, prep):
        """Return the Invoice or CreditMemo but for ``CustomerRef``.

        Extend it to add to a document::

            def _qbo_prepare_invoice_vals(self, prep):
                vals = super()._qbo_prepare_invoice_vals(prep)
                vals["TrackingNum"] = prep.line(self.tracking_number, 31)
                return vals

        :param mappers.preparation.Preparation prep: company, and where to note
            what stops the export
        :rtype: dict
        """
        self.ensure_one()
        lines = self._qbo_prepare_lines(prep)
        vals = {
            **self._qbo_prepare_number_vals(prep),
            **self._qbo_prepare_date_vals(prep),
            **self._qbo_prepare_term_vals(prep),
            **self._qbo_prepare_currency_vals(prep),
            **self._qbo_prepare_contact_vals(prep),
            **self._qbo_prepare_note_vals(prep),
            **self._qbo_prepare_dimension_vals(prep),
            "Line": lines,
            **self._qbo_prepare_tax_vals(prep, lines),
        }
        lines += self._qbo_prepare_rounding_lines(prep, len(lines) + 1)
        if self._qbo_entity() == "Invoice":
            # Odoo sends the invoice; QuickBooks must not send a second one.
            vals["EmailStatus"] = "NotSet"
        return {
            key: value for key, value in vals.items() if value not in ("", {}, None)
        }

    def _qbo_prepare_number_vals(self, prep):
        """Return ``DocNumber`` where the company numbers by itself.

        :rtype: dict
        """
        if not prep.prefs.custom_txn_numbers or not self.name or self.name == "/":
            return {}
        return {"DocNumber": doc_number(prep.line(self.name, 100))}

    def _qbo_prepare_date_vals(self, prep):
        """Return ``TxnDate`` and ``DueDate``: the invoice date, not the booking date.

        :rtype: dict
        """
        txn_date = self._qbo_txn_date(prep)
        vals = {"TxnDate": fields.Date.to_string(txn_date)}
        if self._qbo_entity() == "Invoice" and self.invoice_date_due:
            vals["DueDate"] = fields.Date.to_string(
                max(self.invoice_date_due, txn_date)
            )
        return vals

    def _qbo_txn_date(self, prep):
        """Return the document's date in QuickBooks, noting closed books.

        :rtype: datetime.date
        """
        there = prep.binding.qbo_date
        invoice_date = self.invoice_date or fields.Date.context_today(self)
        if there and self._qbo_is_closed(prep, there):
            self._qbo_check_books_open(prep)
            return there
        if there and there != invoice_date and self._qbo_was_moved(prep, invoice_date):
            return there
        if self._qbo_is_closed(prep, invoice_date):
            if prep.connection.closed_books_policy == "first_open_day":
                return prep.book_close_date + timedelta(days=1)
            self._qbo_stop_closed(prep)
        return invoice_date

    def _qbo_was_moved(self, prep, invoice_date):
        """Tell whether a document of this date was put on an open day when it was sent.

        Then it stays there, whatever was opened or closed since: moving it would change
        two months of the books. Its note tells the invoice date.
        """
        note = self._qbo_last_sent(prep).get("PrivateNote", "")
        return fields.Date.to_string(invoice_date) in note

    def _qbo_is_closed(self, prep, day):
        return bool(prep.book_close_date and day <= prep.book_close_date)

    def _qbo_check_books_open(self, prep):
        """Stop when the document's date in QuickBooks lies in its closed books.

        Intuit refuses every change of it then, another date, too (6210).
        """
        day = prep.binding.qbo_date or self.invoice_date
        if day and self._qbo_is_closed(prep, day):
            self._qbo_stop_closed(prep)

    def _qbo_stop_closed(self, prep):
        """Note that the books are closed on the document's date."""
        closed_until = prep.book_close_date
        key = CLOSED_BOOKS
        message, todo = self.env["qbo.problem"]._closed_sentences(closed_until)
        if prep.binding:
            key = f"closed:there:{fields.Date.to_string(closed_until)}"
            message = self.env._(
                "The books are closed up to and including %(date)s, and QuickBooks"
                " changes nothing in them.",
                date=short_date(self.env, closed_until),
            )
            todo = self.env._(
                "Reopen the books in QuickBooks (Account and settings > Advanced), then"
                " Retry all."
            )
        prep.stop(
            "closed",
            key,
            message,
            todo=todo,
            res_model="qbo.connection",
            res_id=prep.connection.id,
        )

    def _qbo_prepare_term_vals(self, prep):
        """Return ``SalesTermRef`` by mapping; an unmapped term is never just dropped.

        :rtype: dict
        """
        term = self.invoice_payment_term_id
        if self._qbo_entity() != "Invoice" or not term:
            return {}
        reference = term._qbo_term(prep)
        return {"SalesTermRef": {"value": reference.qbo_id}} if reference else {}

    def _qbo_prepare_currency_vals(self, prep):
        """Return ``CurrencyRef`` and ``ExchangeRate`` (home units per foreign unit).

        Odoo's rate counts foreign units per home unit: it is inverted.

        :rtype: dict
        """
        currency, home = self.currency_id.name, prep.prefs.home_currency
        if not prep.prefs.multi_currency:
            if currency != home:
                prep.stop(
                    "currency",
                    f"currency:off:{currency}",
                    self.env._(
                        "%(document)s is in %(currency)s, and QuickBooks keeps"
                        " %(home)s only.",
                        document=self.display_name,
                        currency=currency,
                        home=home,
                    ),
                    todo=self.env._("Switch multi-currency on in QuickBooks."),
                    turn="administrator",
                )
            return {}
        vals = {"CurrencyRef": {"value": currency}}
        if currency != home and self.invoice_currency_rate:
            rate = Decimal(1) / Decimal(repr(self.invoice_currency_rate))
            vals["ExchangeRate"] = round_half_up(rate, RATE_DIGITS)
        return vals

    def _qbo_prepare_contact_vals(self, prep):
        """Return the e-mail address and the two addresses of the document.

        :rtype: dict
        """
        vals = {
            "BillAddr": prep.address(self.partner_id._qbo_address()),
            "ShipAddr": prep.address(self.partner_shipping_id._qbo_address()),
        }
        contact = (
            self.partner_id if self.partner_id.email else self.commercial_partner_id
        )
        addresses = emails(contact.email or "")
        wrong = [address for address in addresses if not is_email(address)]
        if wrong:
            contact._qbo_stop_email(prep, wrong[0])
        elif addresses:
            vals["BillEmail"] = {"Address": addresses[0]}
        return vals

    def _qbo_prepare_note_vals(self, prep):
        """Return what the customer reads and what only the bookkeeper reads.

        :rtype: dict
        """
        memo = prep.text(html2plaintext(self.narration or ""), MEMO_LIMIT)
        return {
            "CustomerMemo": {"value": memo} if memo else None,
            "PrivateNote": prep.text(self._qbo_private_note(prep), PRIVATE_NOTE_LIMIT),
        }

    def _qbo_private_note(self, prep):
        """Return the note that names and links the Odoo document.

        :rtype: str
        """
        lines = [self._qbo_marker(), self._qbo_link()]
        if self.invoice_date and self._qbo_txn_date(prep) != self.invoice_date:
            lines.append(
                self.env._(
                    "Dated the first open day; the invoice date in Odoo is %(date)s.",
                    date=fields.Date.to_string(self.invoice_date),
                )
            )
        return "\n".join(lines)

    def _qbo_link(self):
        """Return the address that opens this document in Odoo.

        :rtype: str
        """
        return f"{self.get_base_url()}/mail/view?model={self._name}&res_id={self.id}"
