"""Money passes through JSON without ever being a float."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from service_billing_qbo.quickbooks.jsonmoney import dumps, loads

amounts = st.decimals(
    min_value=-(10**11), max_value=10**11, allow_nan=False, allow_infinity=False
)
payloads = st.recursive(
    st.none() | st.booleans() | st.text(max_size=20) | amounts,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=15,
)


@given(payloads)
def test_what_is_written_is_read_again(payload: object) -> None:
    assert loads(dumps(payload)) == payload
    assert loads(dumps(payload).encode()) == payload


@given(payloads)
def test_any_reader_of_json_understands_it(payload: object) -> None:
    json.loads(dumps(payload))


@given(amounts)
def test_amount_is_written_without_exponent_and_with_its_decimals(
    amount: Decimal,
) -> None:
    written = dumps(amount)

    assert "E" not in written
    assert "e" not in written
    assert Decimal(written) == amount


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Decimal("108.20"), "108.20"),
        (Decimal("1E+2"), "100"),
        (Decimal("0.0000001"), "0.0000001"),
        (Decimal("-0.00"), "0.00"),
        (Decimal("-5.10"), "-5.10"),
        (7, "7"),
    ],
)
def test_amount_is_plain(amount: object, written: str) -> None:
    assert dumps(amount) == written


def test_same_payload_gives_the_same_text_in_its_own_order() -> None:
    payload = {"Line": [{"Amount": Decimal("1.10"), "Id": "é"}], "DocNumber": "1"}

    assert dumps(payload) == '{"Line":[{"Amount":1.10,"Id":"é"}],"DocNumber":"1"}'


@pytest.mark.parametrize(
    ("payload", "place"),
    [
        (0.1, r"\$ "),
        ({"Line": [{"Amount": 1.0}]}, r"\$\.Line\[0\]\.Amount "),
        ({"Line": ({"Qty": 2.5},)}, r"\$\.Line\[0\]\.Qty "),
    ],
)
def test_float_is_refused_with_its_place(payload: object, place: str) -> None:
    with pytest.raises(TypeError, match=f"{place}is a float"):
        dumps(payload)


@pytest.mark.parametrize("odd", [{1, 2}, b"bytes", object()])
def test_what_json_cannot_hold_is_refused(odd: object) -> None:
    with pytest.raises(TypeError, match="cannot be written"):
        dumps({"Line": odd})


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "1E+999999", "1E-999999"])
def test_decimal_that_is_no_amount_is_refused(odd: str) -> None:
    with pytest.raises(ValueError, match="is not an amount"):
        dumps(Decimal(odd))


def test_every_number_of_an_answer_is_a_decimal() -> None:
    """QuickBooks writes 100.0 and 100 for the same amount."""
    answer = loads(b'{"Balance":85,"TotalAmt":216.10,"Qty":2}')

    assert {type(value) for value in answer.values()} == {Decimal}
    assert answer["TotalAmt"] == Decimal("216.10")


@pytest.mark.parametrize(
    "text", [b"", b"{", b'{"a":', b"<html>", b"\xff", b"NaN", b"[" * 100_000]
)
def test_text_that_is_not_json_is_refused_in_one_way(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any ValueError says it
        loads(text)
