"""No value breaks out of its quotes."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from service_billing_qbo.quickbooks.query import count, quote, select, where_in

# A text between single quotes in which backslash and apostrophe are always escaped.
LITERAL = re.compile(r"'((?:[^'\\]|\\\\|\\')*)'\Z")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_any_text_stays_one_literal_and_can_be_read_back(text: str) -> None:
    literal = LITERAL.match(quote(text))

    assert literal
    assert re.sub(r"\\(.)", r"\1", literal.group(1), flags=re.DOTALL) == text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Bill's Windsurf Shop", r"'Bill\'s Windsurf Shop'"),
        ("a\\", r"'a\\'"),
        ("x' OR Id = '1", r"'x\' OR Id = \'1'"),
        ("Café 李", "'Café 李'"),
        (True, "true"),
        (False, "false"),
        (42, "'42'"),
        (Decimal("1E+2"), "'100'"),
        (Decimal("108.20"), "'108.20'"),
        (date(2026, 11, 22), "'2026-11-22'"),
        (
            datetime(2026, 11, 22, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=-8))),
            "'2026-11-22T01:02:03-08:00'",
        ),
    ],
)
def test_value_is_written_as_the_query_language_wants_it(
    value: str | int | Decimal | bool | date, written: str
) -> None:
    assert quote(value) == written


def test_moment_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        quote(datetime(2026, 11, 22))  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize("text", ["a\nb", "\x00", "tab\t"])
def test_control_character_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="control"):
        quote(text)


def test_page_of_an_entity() -> None:
    assert (
        select("Customer", "Active IN (true, false)", start=1001)
        == "SELECT * FROM Customer WHERE Active IN (true, false)"
        " STARTPOSITION 1001 MAXRESULTS 1000"
    )


def test_page_in_an_order() -> None:
    assert (
        select("Term", max_results=5, order_by="MetaData.LastUpdatedTime")
        == "SELECT * FROM Term ORDERBY MetaData.LastUpdatedTime"
        " STARTPOSITION 1 MAXRESULTS 5"
    )


def test_counting() -> None:
    assert count("Invoice") == "SELECT COUNT(*) FROM Invoice"
    assert count("Item", "Type = 'Service'") == (
        "SELECT COUNT(*) FROM Item WHERE Type = 'Service'"
    )


def test_one_of_several_values() -> None:
    assert where_in("DocNumber", ["1", "2'"]) == r"DocNumber IN ('1', '2\'')"


def test_one_of_no_value_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        where_in("DocNumber", [])


@pytest.mark.parametrize(
    "name", ["", "Invoice WHERE 1", "Line.*", "a;b", "Id\n", ".Id"]
)
def test_name_that_is_no_name_is_refused(name: str) -> None:
    for write in (
        lambda: select(name),
        lambda: count(name),
        lambda: where_in(name, ["1"]),
    ):
        with pytest.raises(ValueError, match="not the name"):
            write()


@pytest.mark.parametrize(
    "page",
    [{"start": 0}, {"max_results": 0}, {"max_results": 1001}],
)
def test_page_that_quickbooks_would_refuse(page: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"start at 1|1 to 1000"):
        select("Invoice", **page)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [1, 1000])
def test_smallest_and_largest_page(size: int) -> None:
    assert select("Invoice", max_results=size).endswith(f"MAXRESULTS {size}")
