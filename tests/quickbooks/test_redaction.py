"""No secret leaves in a text, and texts without secrets stay as they are."""

from __future__ import annotations

import json
import logging
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from service_billing_qbo.quickbooks import RedactingFilter, redact

SECRET = "S3cr3t-value_42.with~odd+chars=="
JWE = "eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0..q6j.X-_y.z"
REFRESH = "AB11732481723vYxh3SJ1MWQZrz5Lgm2gpUOQ"
NEW_REFRESH = "RT1-166-H0-1763820000abcdefgh"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {SECRET}",
        f"authorization: Basic {SECRET}",
        f"{{'Authorization': 'Bearer {SECRET}', 'Accept': '*/*'}}",
        f'{{"access_token":"{SECRET}","token_type":"bearer"}}',
        f'{{"refresh_token" : "{SECRET}"}}',
        f"{{'client_secret': '{SECRET}'}}",
        f'b\'{{"token": "{SECRET}"}}\'',
        f"grant_type=refresh_token&refresh_token={SECRET}",
        f"refresh_token={SECRET}&grant_type=refresh_token",
        f"https://odoo.example.com/callback?code={SECRET}&state=abc&realmId=1",
        f"https://odoo.example.com/callback?realmId=1&state={SECRET}",
        f"grant_type=authorization_code&code={SECRET}",
        f"client_secret: {SECRET}",
        f"verifier_token={SECRET}",
        f"intuit-signature: {SECRET}",
        f"Cookie: session_id={SECRET}; other={SECRET}",
        f"Set-Cookie: session_id={SECRET}",
        f"Cannot connect to https://admin:{SECRET}@proxy.example.com:3128/",
        f"password={SECRET}",
    ],
)
def test_secret_is_masked_by_its_name(text: str) -> None:
    assert SECRET not in redact(text)
    assert "[hidden]" in redact(text)


@pytest.mark.parametrize("token", [JWE, REFRESH, NEW_REFRESH])
@pytest.mark.parametrize("text", ["Token expired: {}", "{}", "<Detail>{}</Detail>"])
def test_token_is_masked_by_its_looks(text: str, token: str) -> None:
    assert token not in redact(text.format(token))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Duplicate Document Number Error : DocNumber=18696 is assigned to"
        " TxnType=Invoice with TxnId=6575 (code 6140)",
        "message=AuthenticationFailed; errorCode=003200; statusCode=401",
        '{"Fault":{"Error":[{"code":"6240","Detail":"Id=58"}]}}',
        "POST /v3/company/123/invoice 200 intuit_tid=1-abc 12 ms",
        "minorversion=75&requestid=7f6e5d4c3b2a1908f7e6d5c4b3a29180",
        "SyncToken 3, a basic plan, Bearer of the news",
        "https://qbo.intuit.com/app/invoice?txnId=130",
        '{"token_type":"bearer","expires_in":3600}',
        "ABC123, AB11, eyJ",
    ],
)
def test_text_without_a_secret_stays(text: str) -> None:
    assert redact(text) == text


def test_masked_json_is_still_json() -> None:
    text = json.dumps({"access_token": 'with "quotes" \\', "expires_in": 3600})

    assert json.loads(redact(text)) == {"access_token": "[hidden]", "expires_in": 3600}


@given(st.text(min_size=1, max_size=40))
def test_any_refresh_token_is_masked_in_json_and_form(token: str) -> None:
    as_json = json.dumps({"refresh_token": token})
    as_form = urlencode({"refresh_token": token})

    assert redact(as_json) == '{"refresh_token": "[hidden]"}'
    assert redact(as_form) == "refresh_token=[hidden]"


@given(st.text(max_size=200))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert redact(redact(text)) == redact(text)


def test_mapping_is_masked_by_name_and_by_value() -> None:
    headers = {
        "AUTHORIZATION": f"Bearer {SECRET}",
        "Accept": "application/json",
        "x": [f"token={SECRET}", {"client_secret": SECRET}, 7],
    }

    assert redact(headers) == {
        "AUTHORIZATION": "[hidden]",
        "Accept": "application/json",
        "x": ["token=[hidden]", {"client_secret": "[hidden]"}, 7],
    }
    assert SECRET in headers["AUTHORIZATION"], "the original is not changed"


def test_log_record_passes_masked(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("tests.quickbooks.redaction")
    logger.addFilter(RedactingFilter())

    try:
        raise RuntimeError(f"refresh_token={SECRET}")
    except RuntimeError:
        logger.exception("failed with %s", f"Bearer {SECRET}", stack_info=True)

    assert SECRET not in caplog.text
    assert "failed with Bearer [hidden]" in caplog.text
    assert "RuntimeError: refresh_token=[hidden]" in caplog.text
