"""The query language."""

from __future__ import annotations

import pytest

from .conftest import Books, fault_of


def names(books: Books, statement: str) -> list[str]:
    return [each["DisplayName"] for each in books.query(statement).get("Customer", [])]


def refused(books: Books, statement: str) -> tuple[str, str]:
    error = fault_of(books.call("GET", "query", params={"query": statement}))
    return error["code"], error["Detail"]


def test_lists_hide_what_is_inactive_unless_asked(books: Books) -> None:
    assert "Old Mill Bakery (deleted)" not in names(books, "select * from Customer")
    everyone = names(books, "select * from Customer where Active IN (true, false)")
    assert "Old Mill Bakery (deleted)" in everyone


def test_conditions_compare_without_case_and_take_escapes(books: Books) -> None:
    books.customer("O'Brien \\ Sons")
    assert names(books, "SELECT * FROM Customer WHERE displayname = 'cool CARS'")
    escaped = r"select * from Customer where DisplayName = 'O\'Brien \\ Sons'"
    assert names(books, escaped) == ["O'Brien \\ Sons"]
    assert names(books, "select * from Customer where DisplayName like '%bird%'")


def test_paging_and_order(books: Books) -> None:
    ordered = "select * from Customer orderby DisplayName desc"
    everyone = names(books, ordered)
    assert everyone == sorted(everyone, key=str.lower, reverse=True)
    assert names(books, f"{ordered} startposition 2 maxresults 2") == everyone[1:3]


def test_count_and_nothing_found(books: Books) -> None:
    assert books.query("select count(*) from Invoice") == {"totalCount": 0}
    assert books.query("select * from Invoice") == {}


def test_statement_may_come_as_a_body(books: Books) -> None:
    answer = books.call(
        "POST",
        "query",
        data="select * from Term where DueDays >= 30",
        headers={"Content-Type": "application/text"},
    )
    assert len(answer.json()["QueryResponse"]["Term"]) == 2


def test_tax_codes_offer_tax_and_non_until_active_is_asked_for(books: Books) -> None:
    everything = books.query("select * from TaxCode")["TaxCode"]
    assert [each["Id"] for each in everything] == ["TAX", "NON", "2"]
    assert "SyncToken" not in everything[0]
    active = books.query("select * from TaxCode where Active = true")["TaxCode"]
    assert [each["Id"] for each in active] == ["2"]


@pytest.mark.parametrize(
    "statement",
    [
        "select * from Customer where Active = true or Job = true",
        "select * from Customer where not Active = true",
        "select * from Customer where Id != '1'",
        "select * from Customer where (Id = '1')",
        "select * from Customer group by Job",
        "select from Customer",
        "delete from Customer",
        "select * from Customer where Id = ",
        "",
    ],
)
def test_what_the_grammar_lacks_is_a_parser_error(books: Books, statement: str) -> None:
    assert refused(books, statement)[0] == "4000"


def test_what_cannot_be_asked_is_a_validation_error(books: Books) -> None:
    code, detail = refused(books, "select * from Customer startposition 0")
    assert code == "4001"
    assert "value 0 is too small. Min allowed value is 1" in detail
    for statement in (
        "select * from Spaceship",
        "select * from Customer where Shoe = '44'",
        "select * from Customer where Id > '1'",
        "select * from Customer maxresults 1001",
    ):
        assert refused(books, statement)[0] == "4001"
