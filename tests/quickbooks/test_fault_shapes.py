"""Faults in every shape that has been seen in the wild. Names and ids are invented."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from service_billing_qbo.quickbooks import Fault, parse_faults

JSON = "application/json;charset=UTF-8"

DUPLICATE_NAME = {
    "Fault": {
        "Error": [
            {
                "Message": "Duplicate Name Exists Error",
                "Detail": "The name supplied already exists. : Another customer, vendor"
                " or employee is already using this name.",
                "code": "6240",
                "element": "",
            }
        ],
        "type": "ValidationFault",
    },
    "time": "2026-09-01T02:03:04.567-07:00",
}

# The gateway's form, lower case and full of nulls (python-quickbooks issue 250).
TOKEN_EXPIRED = {
    "warnings": None,
    "intuitObject": None,
    "fault": {
        "error": [
            {
                "message": "message=AuthenticationFailed; errorCode=003200;"
                " statusCode=401",
                "detail": "Token expired",
                "code": "3200",
                "element": None,
            }
        ],
        "type": "AUTHENTICATION",
    },
    "report": None,
    "batchItemResponse": [],
    "time": 1633520295688,
}

# XML although JSON was asked for (oauth-jsclient issue 91, python-quickbooks 120).
XML_FAULT = b"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<IntuitResponse time="now" xmlns="http://schema.intuit.com/finance/v3">
  <Fault type="AuthenticationFault">
    <Error code="100" element="Token">
      <Message>General Authentication Error</Message>
      <Detail>AuthenticationErrorGeneral: SRV-110-Authentication Failure</Detail>
    </Error>
    <Error code="130"><Message>Accessing Wrong Cluster</Message></Error>
  </Fault>
</IntuitResponse>"""


def faults(status: int, body: object, content_type: str | None = JSON) -> list[Fault]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return parse_faults(status, content_type, raw)


def test_fault_of_the_application() -> None:
    assert faults(400, DUPLICATE_NAME) == [
        Fault(
            code="6240",
            message="Duplicate Name Exists Error",
            detail="The name supplied already exists. : Another customer, vendor or"
            " employee is already using this name.",
            element="",
            type="ValidationFault",
        )
    ]


def test_fault_of_the_gateway_in_lower_case() -> None:
    (fault,) = faults(401, TOKEN_EXPIRED)

    assert (fault.code, fault.detail) == ("3200", "Token expired")
    assert (fault.element, fault.type) == ("", "AUTHENTICATION")


def test_code_that_only_the_message_of_the_gateway_names() -> None:
    body = {
        "fault": {
            "error": [{"message": "message=ThrottleExceeded; errorCode=003001"}],
            "type": "SERVICE",
        }
    }

    assert faults(429, body)[0].code == "3001"


def test_leading_zeros_of_a_code_are_dropped() -> None:
    assert faults(403, {"Fault": {"Error": [{"code": "003100"}]}})[0].code == "3100"


def test_code_given_as_a_number() -> None:
    assert faults(400, {"Fault": {"Error": [{"code": 6140}]}})[0].code == "6140"


def test_fault_without_a_code_keeps_its_text() -> None:
    (fault,) = faults(400, {"Fault": {"Error": [{"Message": "Odd"}]}})

    assert (fault.code, fault.message) == ("unknown", "Odd")


def test_error_as_an_object_instead_of_an_array() -> None:
    body = {"Fault": {"Error": {"code": "610", "Message": "Object Not Found"}}}

    assert faults(400, body)[0].code == "610"


def test_several_errors_come_in_their_order() -> None:
    body = {"Fault": {"Error": [{"code": "2020"}, {"code": "2050"}]}}

    assert [fault.code for fault in faults(400, body)] == ["2020", "2050"]


def test_fault_inside_an_answer_200() -> None:
    assert faults(200, DUPLICATE_NAME)[0].code == "6240"


def test_faults_of_batch_items_are_not_faults_of_the_batch() -> None:
    assert faults(200, {"BatchItemResponse": [{"bId": "1", **DUPLICATE_NAME}]}) == []


def test_success_has_no_faults() -> None:
    assert faults(200, {"Invoice": {"Id": "1"}, "fault": None}) == []
    assert faults(200, b"") == []


@pytest.mark.parametrize("content_type", ["application/xml", JSON, None])
def test_xml_whatever_the_content_type_says(content_type: str | None) -> None:
    first, second = faults(401, XML_FAULT, content_type)

    assert first == Fault(
        code="100",
        message="General Authentication Error",
        detail="AuthenticationErrorGeneral: SRV-110-Authentication Failure",
        element="Token",
        type="AuthenticationFault",
    )
    assert (second.code, second.message) == ("130", "Accessing Wrong Cluster")


def test_xml_with_a_document_type_is_not_parsed() -> None:
    """A few hundred bytes of entities can stand for gigabytes of text."""
    bomb = b'<!DOCTYPE a [<!ENTITY b "bb">]>' + XML_FAULT.partition(b"?>")[2]

    assert [fault.code for fault in faults(401, bomb, "text/xml")] == ["HTTP-401"]


def test_page_of_a_gateway_gives_status_and_title() -> None:
    page = b"<html><head><title>502 Bad&nbsp;Gateway</title></head><body>nginx</body>"

    assert faults(502, page, "text/html") == [
        Fault("HTTP-502", "Bad Gateway", "502 Bad Gateway", type="HTML")
    ]


def test_page_without_a_title_is_taken_by_its_heading() -> None:
    page = b"<H1><b>Service</b> down</H1>"

    assert faults(503, page, "text/html")[0].detail == "Service down"


@pytest.mark.parametrize(
    "body", [b"", b"upstream connect error", b"null", b"[1]", b"{}"]
)
def test_status_alone_is_the_last_resort(body: bytes) -> None:
    assert faults(503, body, None) == [
        Fault("HTTP-503", "Service Unavailable", type="HTTP")
    ]


def test_status_that_nobody_knows() -> None:
    assert faults(599, b"")[0].code == "HTTP-599"


@pytest.mark.parametrize(
    ("body", "code", "detail"),
    [
        (
            {"error_description": "Token invalid", "error": "invalid_grant"},
            "invalid_grant",
            "Token invalid",
        ),
        ({"error": "invalid_grant"}, "invalid_grant", ""),
        ({"error": "invalid_client"}, "invalid_client", ""),
    ],
)
def test_error_of_the_token_endpoint(body: object, code: str, detail: str) -> None:
    (fault,) = faults(400, body)

    assert (fault.code, fault.detail, fault.type) == (code, detail, "OAUTH")


def test_endless_text_is_shortened() -> None:
    (fault,) = faults(
        400, {"Fault": {"Error": [{"code": "6000", "Detail": "x" * 9999}]}}
    )

    assert len(fault.detail) == 2000


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (
            Fault("6140", "Duplicate", "Duplicate : used"),
            "Duplicate : used (code 6140)",
        ),
        (Fault("6000", "Invalid", "No amount"), "Invalid: No amount (code 6000)"),
        (Fault("6000", "Invalid"), "Invalid (code 6000)"),
        (Fault("6000"), "no text given (code 6000)"),
    ],
)
def test_text_for_people_says_nothing_twice(fault: Fault, text: str) -> None:
    assert str(fault) == text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "Fault",
                    "fault",
                    "Error",
                    "error",
                    "code",
                    "Message",
                    "detail",
                    "type",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)
bodies = (
    st.binary(max_size=400)
    | st.text(max_size=200).map(str.encode)
    | json_values.map(lambda value: json.dumps(value).encode())
    | st.text(max_size=60).map(
        lambda text: f"<Fault><Error>{text}</Error></Fault>".encode()
    )
    | st.integers(0, len(XML_FAULT)).map(lambda cut: XML_FAULT[:cut])
)


@given(st.integers(100, 599), st.none() | st.text(max_size=30), bodies)
@example(400, JSON, b"[" * 100_000)
@example(400, JSON, b'{"Fault":{"Error":[{"code":' + b"9" * 5000 + b"}]}}")
@example(500, "text/html", b"<title>" * 10_000)
@example(400, "text/xml", b"\xff\xfe<\x00F\x00")
def test_whatever_comes_is_read_without_an_exception(
    status: int, content_type: str | None, body: bytes
) -> None:
    found = parse_faults(status, content_type, body)

    assert found or status < 400
    assert all(fault.code for fault in found)
    assert all(
        isinstance(part, str) for fault in found for part in vars(fault).values()
    )


def test_decimal_code_is_text() -> None:
    """Numbers of an answer are Decimal; a code stays what Intuit prints."""
    assert faults(400, b'{"Fault":{"Error":[{"code":6140}]}}')[0].code == str(
        Decimal(6140)
    )
