"""Payment: what a customer paid, and which invoices and credits it settles."""

from __future__ import annotations

from qbo_emulator.entities.entity import Entity, EntityKind, Operation
from qbo_emulator.entities.fields import (
    amount,
    day,
    flag,
    known,
    many,
    read_only,
    ref,
    text,
)
from qbo_emulator.ledger import posting
from qbo_emulator.rules import closing, currencies, defaults, links, payments, sales

__all__ = ["PAYMENT"]

PAYMENT = Entity(
    name="Payment",
    kind=EntityKind.TRANSACTION,
    source="PET payment.md; SCRAPE qbTypes.ts; XSD Payment. PaymentRefNum takes 21 in"
    " the UI; the API's limit is not documented",
    operations=frozenset(Operation),
    void_by_include=True,
    required=("CustomerRef",),
    columns={
        "Id": "id",
        "TxnDate": "txn_date",
        "CustomerRef": "customer_id",
        "TotalAmt": "total",
        "UnappliedAmt": "balance",
    },
    fields=(
        ref("CustomerRef", "Customer").where(),
        ref("DepositToAccountRef", "Account"),
        ref("PaymentMethodRef", "PaymentMethod"),
        text("PaymentRefNum", 21).where(),
        amount("TotalAmt").where(),
        *read_only(amount("UnappliedAmt").where()),
        flag("ProcessPayment"),
        day("TxnDate").where(),
        ref("CurrencyRef", "CompanyCurrency", checked=False),
        amount("ExchangeRate"),
        text("PrivateNote", 4000),
        many("LinkedTxn", *known("TxnId TxnType TxnLineId")),
        many(
            "Line",
            amount("Amount"),
            many("LinkedTxn", *known("TxnId TxnType TxnLineId")),
            *known("Id LineNum Description DetailType LineEx"),
        ),
        ref("ARAccountRef", "Account"),
        *known(
            "CreditCardPayment TransactionLocationType TxnSource TaxExemptionRef"
            " CustomField DocNumber DepartmentRef TxnStatus RemitToRef PaymentType"
            " CheckPayment PaymentEx Tag AttachableRef"
        ),
    ),
    rules=(
        sales.txn_date,
        closing.books_open,
        payments.not_deposited,
        currencies.transaction_currency,
        payments.amount,
        payments.deposit_account,
        payments.checked_lines,
        payments.unapplied,
        defaults.values(ProcessPayment=False, LinkedTxn=[]),
    ),
    after=(links.settle, posting.post),
    on_void=(closing.books_open, payments.not_deposited, payments.void),
    on_delete=(closing.books_open, payments.not_deposited),
)
