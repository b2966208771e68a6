"""Whatever a client does, in whatever order, the books stay right."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from qbo_emulator.testing import EmulatorProcess

from .conftest import App, Books, invoice_of

#: Amounts in cents: some equal, some not, some far apart.
AMOUNTS = st.sampled_from([1, 333, 1000, 1000, 2599, 100000])
PICK = st.integers(min_value=0, max_value=1000)
ACCOUNT_KINDS = ("Asset", "Liability", "Equity")


def money(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


class Bookkeeping(RuleBasedStateMachine):
    """A client that does anything that it may; set by :func:`machine`."""

    emulator: EmulatorProcess
    kind: str

    @initialize(credit=st.booleans(), payments=st.booleans())
    def sign_in(self, credit: bool, payments: bool) -> None:
        self.emulator.reset()
        app = App(self.emulator)
        realms = {realm["kind"]: realm["realm_id"] for realm in app.info["realms"]}
        self.books: Books = app.connect(realm_id=realms[self.kind])
        self.books.prefer(
            "SalesFormsPrefs", AutoApplyCredit=credit, AutoApplyPayments=payments
        )
        parent = self.customer("Harbor Dental")
        self.customers = [parent, self.customer("Site", ParentRef={"value": parent})]
        if self.kind == "multicurrency":
            self.customers.append(
                self.customer("Hafen AG", CurrencyRef={"value": "EUR"})
            )
        self.tokens: dict[tuple[str, str], int] = {}
        self.look()

    def look(self) -> None:
        """Take the books and the ledger as they are now."""
        self.seen = self.emulator.books(self.books.realm_id)
        self.entries = self.emulator.ledger(self.books.realm_id)

    def customer(self, name: str, **members: Any) -> str:
        return str(self.books.customer(name, **members)["Id"])

    # -- what a client does ------------------------------------------------------------

    @rule(entity=st.sampled_from(["Invoice", "CreditMemo"]), who=PICK, amount=AMOUNTS)
    def create_form(self, entity: str, who: int, amount: int) -> None:
        self.write(entity, self.form(self.pick(self.customers, who), amount))

    @rule(who=PICK, amount=AMOUNTS, share=st.integers(0, 3), rate=st.booleans())
    def create_payment(self, who: int, amount: int, share: int, rate: bool) -> None:
        """Pay up to the whole amount of what is open, oldest first."""
        customer = self.pick(self.customers, who)
        sent = {
            "CustomerRef": {"value": customer},
            "TotalAmt": amount / 100,
            "Line": self.lines(customer, money(amount * share) / 300),
            **self.currency(customer),
        }
        if rate and sent.get("CurrencyRef", {}).get("value") == "EUR":
            sent["ExchangeRate"] = 1.2345
        self.write("Payment", sent)

    @rule(who=PICK)
    def link_credit(self, who: int) -> None:
        """Use a credit memo by a payment of nothing."""
        customer = self.pick(self.customers, who)
        for memo in self.open("CreditMemo", customer)[:1]:
            credit = money(memo["Balance"])
            lines = self.lines(customer, credit)
            used = sum((money(line["Amount"]) for line in lines), Decimal(0))
            if used:
                lines.append(line_of("CreditMemo", memo["Id"], used))
                empty = {"CustomerRef": {"value": customer}, "TotalAmt": 0}
                self.write(
                    "Payment", {**empty, "Line": lines, **self.currency(customer)}
                )

    @precondition(lambda self: self.documents("Invoice", "CreditMemo"))
    @rule(which=PICK, amount=AMOUNTS)
    def change_amount(self, which: int, amount: int) -> None:
        entity, doc = self.pick(self.documents("Invoice", "CreditMemo"), which)
        line = {**doc["Line"][0], "Amount": amount / 100}
        self.write(entity, self.identity(doc, sparse=True, Line=[line]))

    @precondition(lambda self: self.documents("Payment"))
    @rule(which=PICK)
    def unlink(self, which: int) -> None:
        """Take the last line out of a payment; credits among them need a charge."""
        entity, doc = self.pick(self.documents("Payment"), which)
        lines = [
            line
            for line in doc.get("Line", [])[:-1]
            if line["LinkedTxn"][0]["TxnType"] == "Invoice" and doc["TotalAmt"]
        ]
        self.write(entity, self.identity(doc, sparse=True, Line=lines))

    @precondition(lambda self: self.documents("Invoice", "Payment"))
    @rule(which=PICK)
    def void(self, which: int) -> None:
        entity, doc = self.pick(self.documents("Invoice", "Payment"), which)
        how = {"operation": "void"} if entity == "Invoice" else {"include": "void"}
        self.write(entity, self.identity(doc), **how)

    @precondition(lambda self: self.documents("Invoice", "CreditMemo", "Payment"))
    @rule(which=PICK)
    def delete(self, which: int) -> None:
        """Delete a payment, or a form that no payment links."""
        entity, doc = self.pick(
            self.documents("Invoice", "CreditMemo", "Payment"), which
        )
        if entity == "Payment" or not doc["LinkedTxn"]:
            self.write(entity, self.identity(doc), operation="delete")
            self.tokens.pop((entity, doc["Id"]), None)

    # -- how it does it ---------------------------------------------------------------

    def write(self, entity: str, sent: dict[str, Any], **params: str) -> None:
        """Send a valid call and send it again: the repeat changes nothing."""
        params["requestid"] = uuid.uuid4().hex
        first = self.books.post(entity, sent, **params)
        assert first.status_code == 200, first.text
        before = self.emulator.books(self.books.realm_id)
        repeated = self.books.post(entity, sent, **params)
        self.look()
        assert repeated.json()[entity] == first.json()[entity]
        assert self.seen == before

    def form(self, customer: str, amount: int) -> dict[str, Any]:
        code, more = "TAX", {}
        if self.kind == "uk":
            code, more = "2", {"GlobalTaxCalculation": "TaxExcluded"}
        return invoice_of(
            customer, str(amount / 100), code=code, **more, **self.currency(customer)
        )

    def currency(self, customer: str) -> dict[str, Any]:
        if self.kind != "multicurrency":
            return {}
        (found,) = [each for each in self.seen["Customer"] if each["Id"] == customer]
        return {"CurrencyRef": {"value": found["CurrencyRef"]["value"]}}

    def lines(self, customer: str, limit: Decimal) -> list[dict[str, Any]]:
        """Return payment lines over the customer's open invoices up to a limit."""
        lines, left = [], money(limit)
        for invoice in self.open("Invoice", customer):
            amount = min(left, money(invoice["Balance"]))
            if amount > 0:
                lines.append(line_of("Invoice", invoice["Id"], amount))
                left -= amount
        return lines

    def open(self, entity: str, customer: str) -> list[dict[str, Any]]:
        return [
            doc
            for doc in self.seen[entity]
            if doc["CustomerRef"]["value"] == customer and doc["Balance"] > 0
        ]

    def documents(self, *entities: str) -> list[tuple[str, dict[str, Any]]]:
        return [(entity, doc) for entity in entities for doc in self.seen[entity]]

    @staticmethod
    def identity(doc: dict[str, Any], **members: Any) -> dict[str, Any]:
        return {"Id": doc["Id"], "SyncToken": doc["SyncToken"], **members}

    @staticmethod
    def pick(things: list[Any], number: int) -> Any:
        return things[number % len(things)]

    # -- what always holds ------------------------------------------------------------

    @invariant()
    def every_transaction_balances(self) -> None:
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for entry in self.entries:
            sums[entry["txn_id"]] += Decimal(entry["home"])
        assert {txn: total for txn, total in sums.items() if total} == {}

    @invariant()
    def balances_are_sums(self) -> None:
        """Accounts show their entries, customers and receivables what is open."""
        books = self.seen
        accounts: dict[str, Decimal] = defaultdict(Decimal)
        for entry in self.entries:
            accounts[entry["account_id"]] += Decimal(entry["amount"])
        for account in books["Account"]:
            shows = account["Classification"] in ACCOUNT_KINDS
            expected = accounts[account["Id"]] if shows else Decimal(0)
            assert money(account["CurrentBalance"]) == expected, account["Name"]
        owed: dict[str, Decimal] = defaultdict(Decimal)
        for entity, member, sign in (
            ("Invoice", "Balance", 1),
            ("CreditMemo", "RemainingCredit", -1),
            ("Payment", "UnappliedAmt", -1),
        ):
            for doc in books[entity]:
                assert doc[member] >= 0
                owed[doc["CustomerRef"]["value"]] += sign * money(doc[member])
        balances = {each["Id"]: each for each in books["Customer"]}
        for customer in self.customers:
            assert money(balances[customer]["Balance"]) == owed[customer]
        parent, child = self.customers[:2]
        with_jobs = money(balances[parent]["BalanceWithJobs"])
        assert with_jobs == owed[parent] + owed[child]

    @invariant()
    def links_agree(self) -> None:
        """What payments apply to a form is what its total and balance differ by."""
        books = self.seen
        applied: dict[str, Decimal] = defaultdict(Decimal)
        links = defaultdict(set)
        for payment in books["Payment"]:
            for line in payment.get("Line", []):
                (link,) = line["LinkedTxn"]
                applied[link["TxnId"]] += money(line["Amount"])
                links[link["TxnId"]].add(payment["Id"])
        for entity in ("Invoice", "CreditMemo"):
            for doc in books[entity]:
                settled = money(doc["TotalAmt"]) - money(doc["Balance"])
                assert settled == applied[doc["Id"]]
                assert {each["TxnId"] for each in doc["LinkedTxn"]} == links[doc["Id"]]

    @invariant()
    def sync_tokens_only_rise(self) -> None:
        for entity in ("Invoice", "CreditMemo", "Payment", "Customer"):
            for _entity, doc in self.documents(entity):
                token = int(doc["SyncToken"])
                assert token >= self.tokens.get((entity, doc["Id"]), 0)
                self.tokens[entity, doc["Id"]] = token


def line_of(kind: str, id_: str, amount: Decimal) -> dict[str, Any]:
    return {
        "Amount": float(amount),
        "LinkedTxn": [{"TxnId": id_, "TxnType": kind}],
    }


@pytest.fixture(scope="module")
def ledger_process() -> Iterator[EmulatorProcess]:
    with EmulatorProcess("us", "uk", "multicurrency") as emulator:
        yield emulator


@pytest.mark.parametrize("kind", ["us", "uk", "multicurrency"])
def test_any_sequence_of_operations_keeps_the_books_right(
    ledger_process: EmulatorProcess, kind: str
) -> None:
    machine = type(
        "Machine", (Bookkeeping,), {"emulator": ledger_process, "kind": kind}
    )
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=10,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_form_posts_to_the_accounts_of_its_lines(
    ledger_process: EmulatorProcess,
) -> None:
    """Receivable against income, shipping, discount and tax; a void takes it back."""
    ledger_process.reset()
    books = App(ledger_process).connect()
    sent = invoice_of(books.customer()["Id"], "100.00", "20.00", code="TAX")
    shipping = {"value": "SHIPPING_ITEM_ID"}
    sent["Line"][1]["SalesItemLineDetail"] = {
        "ItemRef": shipping,
        "TaxCodeRef": {"value": "NON"},
    }
    discount = {"PercentBased": True, "DiscountPercent": 10}
    sent["Line"].append(
        {"DetailType": "DiscountLineDetail", "DiscountLineDetail": discount}
    )
    invoice = books.create("Invoice", **sent)
    names = {
        each["Id"]: each["Name"]
        for each in ledger_process.books(books.realm_id)["Account"]
    }
    posted = {
        names[entry["account_id"]]: entry["amount"]
        for entry in ledger_process.ledger(books.realm_id)
    }
    assert posted == {
        "Accounts Receivable (A/R)": "116.25",
        "Services": "-100.00",
        "Shipping Income": "-20.00",
        "Discounts given": "12.00",
        "Sales Tax Payable": "-8.25",
    }
    void = {"Id": invoice["Id"], "SyncToken": "0"}
    books.post("Invoice", void, operation="void")
    assert ledger_process.ledger(books.realm_id) == []
