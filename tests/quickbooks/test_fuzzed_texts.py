"""Names, addresses, notes and e-mails as no careful person writes them.

QuickBooks refuses none of 10,000 of them: what it cannot take is told apart before,
and what is too long is shortened visibly. The texts pass the same plain functions as
the customers and invoices of Odoo.
"""

from __future__ import annotations

import json
import os
import random
import types
from collections.abc import Iterator
from typing import Any

import pytest
from service_billing_qbo.mappers.addresses import postal_address
from service_billing_qbo.mappers.contacts import emails, is_email, phone, web_address
from service_billing_qbo.mappers.names import display_name
from service_billing_qbo.mappers.preparation import Preparation
from service_billing_qbo.mappers.text import is_writable
from service_billing_qbo.quickbooks.batch import MAX_ITEMS, BatchItem

from .company import Company

COUNT = 10_000
# The first ones only, unless setup/bench property asks for all.
SENT = COUNT if "QBO_PROPERTY_EXAMPLES" in os.environ else 600
NAME_LIMIT, NOTES_LIMIT = 500, 2000
# Characters that broke something somewhere once.
ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz ABC",
    "äöüßéèñçÅØæ¿¡ °§",
    "“”„‘’–—…•€™ Łódź Přerov Şişli",  # noqa: RUF001
    "東京海運 Владивосток العربية עברית",
    "😀🚢👩🇫🇷",
    ":：︰\t\n\r\x0b\x0c\x00\x07\x1b\x7f\u2028\u200b\ufeff",  # noqa: RUF001
    "'\"\\%_;--<>&{}[]()@#/,|`~^*+=?!",
    "0123456789.-+()",
)
EMAILS = (
    "ana@example.com",
    "ana@example",
    "a b@c.de",
    "é@ü.fr",
    "a@b.co; x@y.org",
    "@",
)


class Texts:
    """The same random texts in every run."""

    def __init__(self) -> None:
        self.chance = random.Random(2026)

    def text(self, longest: int) -> str:
        alphabet = self.chance.choice(ALPHABETS) + self.chance.choice(ALPHABETS)
        length = self.chance.choice((0, 1, 8, 8, 30, 30, 100, longest))
        return "".join(self.chance.choices(alphabet, k=length))

    def email(self) -> str:
        return self.chance.choice((*EMAILS, self.text(150)))


def preparation() -> Preparation:
    """For a US company: what it writes is ISO-8859-1."""
    return Preparation(None, types.SimpleNamespace(), None, "us_automated")


def customers(texts: Texts) -> Iterator[dict[str, Any]]:
    """Customers that the addon would send; what it stops is left out."""
    prep = preparation()
    for number in range(COUNT):
        name = f"{number} {texts.text(700)}"
        addresses = emails(texts.email())
        if not is_writable(name) or not all(map(is_email, addresses)):
            addresses = []
        vals = {
            "DisplayName": display_name(prep.line(name, 5000)),
            "BillAddr": prep.address(
                postal_address(
                    [texts.text(600), texts.text(600)],
                    city=texts.text(300),
                    subdivision="",
                    postal_code=texts.text(40),
                    country=texts.text(300),
                )
            ),
            "Notes": prep.text(texts.text(3000), NOTES_LIMIT),
            "PrimaryEmailAddr": {"Address": addresses[0]} if addresses else {},
        }
        if number_ := phone(texts.text(60)):
            vals["PrimaryPhone"] = {"FreeFormNumber": prep.line(number_, 30)}
        if address := web_address(texts.text(60)):
            vals["WebAddr"] = {"URI": address}
        yield {key: value for key, value in vals.items() if value}


@pytest.fixture(scope="module")
def payloads() -> list[dict[str, Any]]:
    return list(customers(Texts()))


def test_quickbooks_takes_all_that_is_not_stopped(
    company: Company, payloads: list[dict[str, Any]]
) -> None:
    """Thirty customers a call; none is refused."""
    for start in range(0, SENT, MAX_ITEMS):
        items = [
            BatchItem(str(number), "create", "Customer", payload)
            for number, payload in enumerate(payloads[start : start + MAX_ITEMS])
        ]
        answers = company.client.batch(items, f"fuzz-{start}")
        for item, answer in zip(items, answers, strict=True):
            assert answer.is_ok, (answer.faults, item.payload)


def test_us_company_gets_its_characters_and_no_colon(
    payloads: list[dict[str, Any]],
) -> None:
    assert len(payloads) == COUNT
    for payload in payloads:
        json.dumps(payload, ensure_ascii=False).encode("latin-1")
        assert ":" not in payload["DisplayName"]


def test_what_is_shortened_is_shortened_visibly() -> None:
    texts, prep = Texts(), preparation()
    for _each in range(COUNT):
        text = texts.text(2500)
        whole, kept = prep.text(text, 10_000), prep.text(text, NOTES_LIMIT)
        assert kept == whole or kept.endswith("...")
        assert len(kept) <= NOTES_LIMIT
        name = display_name(prep.line(text, 10_000))
        assert len(name) <= NAME_LIMIT
