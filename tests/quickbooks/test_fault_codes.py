"""Every code that Intuit documents has one decision."""

from __future__ import annotations

import re

import pytest
from service_billing_qbo.quickbooks import (
    PROBLEM_KINDS,
    Classification,
    Fault,
    Outcome,
    classify,
    existing_id,
)
from service_billing_qbo.quickbooks.faults import CODES

# developer.intuit.com, "Error codes", as far as a document, a customer or a list entry
# can meet them; those of employees, time sheets, journals and budgets are left out: for
# an unknown code a person is asked.
DOCUMENTED = """
    100 110 120 130 140 150 500 600 610 620 630 700 800 900 1000 1010 1020 1040 1050
    2000 2010 2020 2030 2040 2050 2060 2070 2080 2090 2100 2110 2120 2130 2140 2150 2160
    2170 2180 2190 2200 2210 2220 2230 2240 2250 2280 2290 2500 2600
    3000 3001 3100 3200 3202 4000 4001 4002 5000 5010 5020 5030
    6000 6020 6030 6040 6041 6050 6070 6080 6090 6100 6110 6120 6130 6140 6150 6160 6170
    6180 6190 6200 6210 6220 6230 6240 6250 6270 6280 6310 6400 6420 6430 6440 6450 6460
    6470 6480 6520 6530 6540 10000 10100 10200
""".split()


@pytest.mark.parametrize("code", DOCUMENTED)
def test_documented_code_is_in_the_table(code: str) -> None:
    assert code in CODES
    assert classify(Fault(code)) == CODES[code]


@pytest.mark.parametrize("code", CODES)
def test_row_of_the_table_is_well_formed(code: str) -> None:
    assert re.fullmatch(r"\d{3,5}|HTTP-[45]\d\d|NO-ANSWER|[a-z_]+", code)
    assert isinstance(CODES[code].outcome, Outcome)
    assert CODES[code].problem_kind in PROBLEM_KINDS


def test_table_names_no_number_that_intuit_does_not() -> None:
    assert {code for code in CODES if code.isdecimal()} == set(DOCUMENTED)


def test_every_outcome_and_every_kind_is_reached() -> None:
    assert {row.outcome for row in CODES.values()} == set(Outcome)
    assert {row.problem_kind for row in CODES.values()} == set(PROBLEM_KINDS)


def test_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        CODES["6140"] = CODES["600"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("code", "outcome", "kind"),
    [
        ("600", Outcome.LOOK_UP, "unknown"),
        ("630", Outcome.LOOK_UP, "unknown"),
        ("6140", Outcome.LOOK_UP, "number"),
        ("6240", Outcome.LOOK_UP, "customer"),
        ("5010", Outcome.STALE, "changed"),
        ("130", Outcome.PAUSE, "connection"),
        ("140", Outcome.PAUSE, "connection"),
        ("150", Outcome.PAUSE, "connection"),
        ("6190", Outcome.PAUSE, "subscription"),
        ("3200", Outcome.REFRESH, "connection"),
        ("3100", Outcome.RECONNECT, "connection"),
        ("120", Outcome.RECONNECT, "connection"),
        ("3001", Outcome.TRANSIENT, "connection"),
        ("10000", Outcome.UNCERTAIN, "unknown"),
        ("6210", Outcome.PERSON, "closed"),
        ("2500", Outcome.PERSON, "inactive"),
        ("6100", Outcome.PERSON, "unmapped"),
        ("5030", Outcome.PERSON, "feature"),
        ("2010", Outcome.BUG, "unknown"),
    ],
)
def test_decision_on_which_the_engine_relies(
    code: str, outcome: Outcome, kind: str
) -> None:
    assert classify(Fault(code)) == Classification(outcome, kind)


@pytest.mark.parametrize("code", ["9999", "6300", "unknown", "", "HTTP-418"])
def test_code_that_the_table_does_not_know_needs_a_person(code: str) -> None:
    assert classify(Fault(code)) == Classification(Outcome.PERSON, "unknown")


@pytest.mark.parametrize("code", ["HTTP-500", "HTTP-504", "HTTP-522"])
def test_any_failure_of_the_server_is_uncertain(code: str) -> None:
    assert classify(Fault(code)).outcome is Outcome.UNCERTAIN


@pytest.mark.parametrize(
    ("code", "detail", "kind"),
    [
        ("6000", "The currency of the transaction is invalid for customer", "currency"),
        ("6000", "Make sure all transactions have a GST/HST rate.", "unmapped"),
        ("6000", "The account period has closed", "closed"),
        ("6000", "You must set a transaction amount.", "data"),
        ("610", "Another user has deleted this transaction.", "changed"),
        ("610", "Something you're trying to use has been made inactive.", "inactive"),
        ("2500", "Invalid Reference Id : Accounts element id 7 not found", "inactive"),
        ("2500", "Invalid Reference Id : Names element id 7 not found", "customer"),
    ],
)
def test_text_chooses_the_heading_and_never_the_outcome(
    code: str, detail: str, kind: str
) -> None:
    assert classify(Fault(code, detail=detail)) == Classification(Outcome.PERSON, kind)


@pytest.mark.parametrize(
    ("fault", "qbo_id"),
    [
        (
            Fault(
                "6140",
                detail="Duplicate Document Number Error : You must specify a different"
                " number. This number has already been used. DocNumber=18696 is"
                " assigned to TxnType=Invoice with TxnId=6575",
            ),
            "6575",
        ),
        (Fault("6240", detail="The name supplied already exists. : Id=58"), "58"),
        (Fault("6240", detail="The name supplied already exists. : null"), None),
        (
            Fault("6240", detail="The name supplied already exists. : Another vendor"),
            None,
        ),
        (Fault("2500", detail="Invalid Reference Id : Id=58"), None),
        (Fault("6140", detail="DocNumber=18696"), None),
    ],
)
def test_id_of_the_record_in_the_way(fault: Fault, qbo_id: str | None) -> None:
    assert existing_id(fault) == qbo_id
