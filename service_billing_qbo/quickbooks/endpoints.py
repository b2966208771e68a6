"""Intuit's addresses, or those of another server that its discovery document names.

Sources: Intuit's OAuth SDKs (oauth-jsclient, oauth-pythonclient) and the QuickBooks
SDKs for the constants; developer.intuit.com, "Platform requirements", asks to read them
from the discovery document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from . import jsonmoney
from ._answers import error_of
from .errors import AnswerLost, InsecureAddress
from .transport import Request, Transport, is_secure

__all__ = ["DISCOVERY_URLS", "ENVIRONMENTS", "Endpoints", "discover"]

ENVIRONMENTS = ("sandbox", "production")

DISCOVERY_URLS: Mapping[str, str] = {
    "sandbox": "https://developer.intuit.com/.well-known/openid_sandbox_configuration/",
    "production": "https://developer.intuit.com/.well-known/openid_configuration/",
}
_API_BASE_URLS = {
    "sandbox": "https://sandbox-quickbooks.api.intuit.com",
    "production": "https://quickbooks.api.intuit.com",
}
_APP_HOSTS = {
    "sandbox": "https://sandbox.qbo.intuit.com",
    "production": "https://qbo.intuit.com",
}
_USERINFO_URLS = {
    "sandbox": "https://sandbox-accounts.platform.intuit.com/v1/openid_connect/userinfo",
    "production": "https://accounts.platform.intuit.com/v1/openid_connect/userinfo",
}


@dataclass(frozen=True)
class Endpoints:
    """Where to send what. Every address is https, or on this machine.

    :param api_base_url: without a slash at its end; paths begin with /v3/company/.
    :param app_host: the QuickBooks screens, for links that people follow.
    :raises InsecureAddress: for plain http to another machine.
    """

    api_base_url: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str
    userinfo_endpoint: str
    app_host: str

    def __post_init__(self) -> None:
        for name, url in vars(self).items():
            if not is_secure(url):
                raise InsecureAddress(f"The {name} must be an https address.")

    @classmethod
    def for_environment(
        cls,
        environment: str,
        discovery_url: str | None = None,
        api_base_url: str | None = None,
        transport: Transport | None = None,
    ) -> Endpoints:
        """Addresses of one of Intuit's environments, or of a server that imitates them.

        :param environment: "sandbox" or "production".
        :param discovery_url: read the OAuth addresses from this document (one call);
            without it Intuit's constants are used and nothing is called.
        :param api_base_url: another server for the API; its screens are taken to be
            there too.
        :raises ValueError: for another environment.
        :raises QuickBooksError: when the discovery document cannot be read.
        """
        if environment not in ENVIRONMENTS:
            raise ValueError(f"environment must be one of {', '.join(ENVIRONMENTS)}")
        found = discover(discovery_url, transport) if discovery_url else {}
        base_url = (api_base_url or _API_BASE_URLS[environment]).rstrip("/")
        return cls(
            api_base_url=base_url,
            authorization_endpoint=found.get(
                "authorization_endpoint", "https://appcenter.intuit.com/connect/oauth2"
            ),
            token_endpoint=found.get(
                "token_endpoint",
                "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
            ),
            revocation_endpoint=found.get(
                "revocation_endpoint",
                "https://developer.api.intuit.com/v2/oauth2/tokens/revoke",
            ),
            userinfo_endpoint=found.get(
                "userinfo_endpoint", _USERINFO_URLS[environment]
            ),
            app_host=base_url if api_base_url else _APP_HOSTS[environment],
        )


def discover(url: str, transport: Transport | None = None) -> dict[str, str]:
    """Read an OpenID discovery document; it changes rarely, keep the result.

    :return: its members that are texts.
    :raises QuickBooksError: not reachable, or not such a document.
    """
    transport = transport or Transport()
    request = Request(
        method="GET",
        url=url,
        timeout_s=transport.timeout_s,
        headers={"Accept": "application/json"},
        is_limited=False,
    )
    answer = transport.send(request)
    if answer.status != 200:
        raise error_of(answer, request)
    try:
        document: Any = jsonmoney.loads(answer.body)
    except ValueError:
        document = None
    if not isinstance(document, dict) or not isinstance(
        document.get("token_endpoint"), str
    ):
        raise AnswerLost(
            f"{urlsplit(url).netloc} did not answer with a discovery document.",
            status=200,
        )
    return {name: value for name, value in document.items() if isinstance(value, str)}
