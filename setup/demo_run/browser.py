"""A person at a browser: logs in, follows redirects, fills in the forms that appear."""

from typing import Any
from urllib.parse import urljoin

import requests
from lxml import html

from demo_run.api import OdooRefused
from demo_run.failure import DemoFailure

TIMEOUT_S = 60.0


class UnexpectedPage(DemoFailure):
    """A page that is not the one that was expected; the text says which and where."""


class Page:
    """An HTML page that was answered, with its forms."""

    def __init__(self, answer: requests.Response) -> None:
        self.url = answer.url
        self.status = answer.status_code
        self._tree = html.fromstring(answer.content, base_url=answer.url)

    @property
    def text(self) -> str:
        """The words of the page, in one line."""
        body = self._tree.find("body")
        return " ".join((self._tree if body is None else body).text_content().split())

    def form_with(self, field: str) -> html.FormElement:
        """The form that has a field of that name.

        :raises UnexpectedPage: when no form has it
        """
        for form in self._tree.forms:
            if field in {
                element.get("name")
                for element in form.iter("input", "select", "button")
            }:
                return form
        raise UnexpectedPage(
            f"{self.url} ({self.status}) has no form with {field}: {self.text[:300]}"
        )


class Browser:
    """One person's session with cookies; redirects are followed, to other sites too."""

    def __init__(self, base_url: str, database: str) -> None:
        self._base_url = base_url
        self._database = database
        self._http = requests.Session()

    def open(self, url: str) -> Page:
        """The page at an address, absolute or below Odoo's."""
        return Page(
            self._http.get(urljoin(self._base_url + "/", url), timeout=TIMEOUT_S)
        )

    def submit(self, page: Page, form: html.FormElement, **values: str) -> Page:
        """The page after sending a form with its values and these; a button is one."""
        fields = [
            (name, value) for name, value in form.form_values() if name not in values
        ]
        url = urljoin(page.url, form.get("action") or page.url)
        return Page(
            self._http.post(url, data=[*fields, *values.items()], timeout=TIMEOUT_S)
        )

    def log_in(self, login: str, password: str) -> None:
        """Log in by Odoo's own log-in page.

        :raises UnexpectedPage: when Odoo does not let the person in
        """
        page = self.open(f"/web/login?db={self._database}")
        page = self.submit(
            page, page.form_with("password"), login=login, password=password
        )
        if "/web/login" in page.url:
            raise UnexpectedPage(f"Odoo did not let {login} in")

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """What a button of the web client does.

        :raises OdooRefused: when Odoo answers with an error
        """
        answer = self._http.post(
            f"{self._base_url}/web/dataset/call_kw/{model}/{method}",
            json={
                "jsonrpc": "2.0",
                "method": "call",
                "params": {
                    "model": model,
                    "method": method,
                    "args": args,
                    "kwargs": kwargs,
                },
            },
            timeout=TIMEOUT_S,
        ).json()
        if error := answer.get("error"):
            data = error.get("data", {})
            raise OdooRefused(
                f"{model}.{method}", data.get("name", ""), data.get("message", "")
            )
        return answer["result"]

    def make_api_key(self, password: str, purpose: str) -> str:
        """A key for the external API, made as in Preferences; valid for a day."""
        description = self.call(
            "res.users.apikeys.description",
            "create",
            [{"name": purpose, "duration": "1"}],
        )
        shown = self.call("res.users.apikeys.description", "make_key", description)
        if shown["res_model"] == "res.users.identitycheck":
            shown = self.call(
                "res.users.identitycheck",
                "run_check",
                [shown["res_id"]],
                context={"password": password},
            )
        return shown["context"]["default_key"]
