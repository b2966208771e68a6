"""The four people of the demo, as real users with the rights of their roles."""

from dataclasses import dataclass

from demo_run.api import Api
from demo_run.browser import Browser

ADMIN_LOGIN = "admin"
FIRST_ADMIN_PASSWORD = "admin"  # Odoo's own, in a new database; changed at once


@dataclass(frozen=True)
class Role:
    """A user to be made: the groups are external identifiers."""

    login: str
    name: str
    what: str
    groups: tuple[str, ...]


QUICKBOOKS_ADMINISTRATOR = Role(
    "olivia",
    "Olivia Administrator",
    "connects",
    ("base.group_user", "service_billing_qbo.group_administrator"),
)
BOOKKEEPER = Role(
    "bruno",
    "Bruno Bookkeeper",
    "maps and settles problems",
    (
        "base.group_user",
        "base.group_partner_manager",
        "service_billing_qbo.group_bookkeeper",
    ),
)
CLERK = Role(
    "clara",
    "Clara Clerk",
    "makes and posts invoices",
    ("base.group_user", "base.group_partner_manager", "account.group_account_invoice"),
)


@dataclass(frozen=True)
class Person:
    """A user at work: with a browser, and with a key for the external API."""

    login: str
    browser: Browser
    api: Api


class Office:
    """Lets people in to one database; all share one password, made for this run."""

    def __init__(self, base_url: str, database: str, password: str) -> None:
        self.base_url = base_url
        self.database = database
        self.password = password

    def system_administrator(self) -> Person:
        """Odoo's own first user, whose well-known password is replaced."""
        person = self._let_in(ADMIN_LOGIN, FIRST_ADMIN_PASSWORD)
        person.api.call(
            "res.users",
            "change_password",
            old_passwd=FIRST_ADMIN_PASSWORD,
            new_passwd=self.password,
        )
        return person

    def hire(self, admin: Api, role: Role) -> Person:
        """Make a user with the groups of a role and let that user in."""
        admin.create(
            "res.users",
            {
                "name": role.name,
                "login": role.login,
                "password": self.password,
                "group_ids": [(6, 0, [admin.ref(group) for group in role.groups])],
            },
            no_reset_password=True,
        )
        return self._let_in(role.login, self.password)

    def _let_in(self, login: str, password: str) -> Person:
        """Log a user in and make that user's key."""
        browser = Browser(self.base_url, self.database)
        browser.log_in(login, password)
        key = browser.make_api_key(password, "setup/demo")
        return Person(login, browser, Api(self.base_url, self.database, key, login))
