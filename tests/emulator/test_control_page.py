"""The page that shows the emulator to people."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import requests

from qbo_emulator.testing import EmulatorProcess

from .conftest import Books


class Checker(HTMLParser):
    """Knows whether every element is closed by its own end tag."""

    VOID = frozenset({"meta", "input", "option"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def page(emulator: EmulatorProcess) -> str:
    answer = requests.get(f"{emulator.base_url}/_emulator", timeout=10)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    checker = Checker()
    checker.feed(answer.text)
    assert checker.open == []
    return answer.text


def press(emulator: EmulatorProcess, **form: str) -> requests.Response:
    return requests.post(f"{emulator.base_url}/_emulator/", data=form, timeout=10)


def test_page_shows_companies_documents_requests_and_faults(
    emulator: EmulatorProcess, books: Books
) -> None:
    customer = books.customer("Bold <b> & Sons")
    books.invoice(customer["Id"], "1234.50", DocNumber="INV/1")
    emulator.arm("slow", entity="Term", nth=3)
    books.refused("Customer", DisplayName="Bold <b> & Sons")
    text = page(emulator)
    for expected in (
        "Harbor Books LLC",
        books.realm_id,
        "INV/1",
        "Bold &lt;b&gt; &amp; Sons",
        "1234.50",
        "entity term, nth 3",
        "POST /v3/company/",
        '<tr class="bad">',
    ):
        assert expected in text, expected
    assert books.tokens["access_token"] not in text
    assert emulator.info()["client_secret"] not in text


def test_buttons(emulator: EmulatorProcess) -> None:
    shown = press(emulator, order="arm", kind="error_500", entity="Invoice", nth="2")
    assert shown.status_code == 200  # the page again, after a redirect
    assert "<h1>" in shown.text
    (armed,) = emulator.faults()
    assert (armed["kind"], armed["match"]["nth"]) == ("error_500", 2)
    before = re.search(r"Its time is ([^U]+) UTC", page(emulator))
    press(emulator, order="clock", advance_s="86400")
    after = re.search(r"Its time is ([^U]+) UTC", page(emulator))
    assert before is not None
    assert after is not None
    assert after[1] > before[1]
    press(emulator, order="disarm")
    assert emulator.faults() == []
    assert press(emulator, order="dance").status_code == 400
