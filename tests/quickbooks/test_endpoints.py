"""Addresses: Intuit's, those of a discovery document, and none that is insecure."""

from __future__ import annotations

import dataclasses

import pytest
from service_billing_qbo.quickbooks import (
    AnswerLost,
    Endpoints,
    InsecureAddress,
    NotSent,
    QuickBooksError,
    Unavailable,
    discover,
)
from tests.quickbooks.raw_server import RawServer

from qbo_emulator.testing import EmulatorProcess


def test_environments_of_intuit_differ_in_api_and_screens_only() -> None:
    sandbox = dataclasses.asdict(Endpoints.for_environment("sandbox"))
    production = dataclasses.asdict(Endpoints.for_environment("production"))

    assert sandbox["api_base_url"] == "https://sandbox-quickbooks.api.intuit.com"
    assert production["api_base_url"] == "https://quickbooks.api.intuit.com"
    assert {name for name in sandbox if sandbox[name] != production[name]} == {
        "api_base_url",
        "app_host",
        "userinfo_endpoint",
    }


def test_environment_that_intuit_does_not_have() -> None:
    with pytest.raises(ValueError, match="sandbox, production"):
        Endpoints.for_environment("test")


def test_addresses_of_the_emulator_come_from_its_document(
    emulator: EmulatorProcess,
) -> None:
    info = emulator.info()

    endpoints = Endpoints.for_environment(
        "sandbox", info["discovery_url"], f"{info['base_url']}/"
    )

    base_url = info["base_url"]
    assert endpoints.api_base_url == endpoints.app_host == base_url
    assert endpoints.token_endpoint.startswith(base_url)
    assert endpoints.authorization_endpoint.startswith(base_url)
    assert endpoints.revocation_endpoint.startswith(base_url)
    assert endpoints.userinfo_endpoint.startswith(base_url)


@pytest.mark.parametrize(
    "api_base_url", ["http://example.com", "quickbooks", "ftp://x"]
)
def test_insecure_address_is_refused(api_base_url: str) -> None:
    with pytest.raises(InsecureAddress, match="api_base_url must be an https address"):
        Endpoints.for_environment("sandbox", api_base_url=api_base_url)


def test_document_that_names_an_insecure_address_is_refused(
    raw_server: RawServer,
) -> None:
    raw_server.will_answer(200, b'{"token_endpoint":"http://evil.example.com/token"}')

    with pytest.raises(InsecureAddress, match="token_endpoint"):
        Endpoints.for_environment("sandbox", raw_server.url)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b'{"token_endpoint":7}', b"<html></html>"]
)
def test_answer_that_is_no_discovery_document(
    raw_server: RawServer, body: bytes
) -> None:
    raw_server.will_answer(200, body)

    with pytest.raises(AnswerLost, match="discovery document"):
        discover(raw_server.url)


def test_document_that_cannot_be_had(raw_server: RawServer) -> None:
    raw_server.will_answer(503)

    with pytest.raises(Unavailable):
        discover(raw_server.url)
    with pytest.raises(InsecureAddress):
        discover("http://example.com")
    assert issubclass(InsecureAddress, NotSent)
    assert issubclass(NotSent, QuickBooksError)
