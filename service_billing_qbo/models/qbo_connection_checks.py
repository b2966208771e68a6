from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from odoo import fields, models

from ..quickbooks import QuickBooksError, Refused, VaultError
from ..quickbooks.preferences import QboCompany, QboPreferences
from .counted import counted
from .error_words import words_of
from .qbo_exceptions import ListsBusy, NotConnected

LISTS_FRESH_FOR = timedelta(days=2)


@dataclass(frozen=True)
class CheckRow:
    """One line of Test: what was looked at, what was found, and what to do about it.

    status: passed, warning, failed or not_checked.
    """

    key: str
    label: str
    status: str
    found: str = ""
    todo: str = ""


@dataclass(frozen=True)
class Facts:
    """What QuickBooks said during this test."""

    company: QboCompany
    prefs: QboPreferences


class QboConnection(models.Model):
    """Test: everything that would make an export fail or differ, before one does.

    CompanyInfo and Preferences are read once each; all else comes from what is
    kept. A check is a method that returns a row; addons add theirs to `_checks`.
    """

    _inherit = "qbo.connection"

    def _run_test(self) -> list[CheckRow]:
        """Ask QuickBooks and return the checks in the order in which to mend them."""
        self.ensure_one()
        rows = [self._check_app_keys()]
        sign_in, facts = self._check_sign_in()
        rows.append(sign_in)
        for key, label, check in self._checks():
            if facts:
                status, found, todo = check(facts)
            else:
                status, found, todo = "not_checked", "", ""
            rows.append(CheckRow(key, label, status, found, todo))
        return rows

    def _checks(self) -> list[tuple]:
        """Return (key, label, method).

        A method takes Facts and returns (status, found, what to do).
        """
        return [
            ("company", self.env._("Company"), self._check_company),
            ("home_currency", self.env._("Home currency"), self._check_home_currency),
            ("subscription", self.env._("Subscription"), self._check_subscription),
            ("numbers", self.env._("Custom transaction numbers"), self._check_numbers),
            ("classes", self.env._("Classes"), self._check_classes),
            ("currencies", self.env._("Currencies"), self._check_currencies),
            ("lists", self.env._("Lists"), self._check_lists),
            ("sales_tax", self.env._("Default sales tax"), self._check_sales_tax),
        ]

    # -- signing in -----------------------------------------------------------

    def _check_app_keys(self) -> CheckRow:
        if not self.env["qbo.app"]._has_keys(self.environment):
            return CheckRow(
                "app_keys",
                self.env._("App keys"),
                "failed",
                self.env._("Not entered"),
                self.env._("A system administrator sets them in Settings > Invoicing."),
            )
        return CheckRow(
            "app_keys", self.env._("App keys"), "passed", self.env._("Entered")
        )

    def _check_sign_in(self) -> tuple[CheckRow, Facts | None]:
        label = self.env._("Sign-in")
        try:
            read = self._try_recover if self._may_recover() else self._read_for_test
            company_info, preferences = read()
        except NotConnected as error:
            found, todo = str(error), self.env._("Connect to QuickBooks.")
        except (QuickBooksError, VaultError) as error:
            found, todo = self._words_for_failed_sign_in(error)
        else:
            row = CheckRow("sign_in", label, "passed", self.env._("Signed in."))
            return row, Facts(
                QboCompany.from_payload(company_info),
                QboPreferences.from_payload(preferences),
            )
        return CheckRow("sign_in", label, "failed", found, todo), None

    def _words_for_failed_sign_in(self, error: Exception) -> tuple[str, str]:
        """Return what was found, and what to do."""
        if self._ends_authorization(error):
            todo = self.env._("Fix the cause, or connect to QuickBooks again.")
            return self._reason_of(error), todo
        todo = self.env._("Try again in a few minutes.")
        if isinstance(error, Refused):
            return words_of(self.env, error), todo
        return self.env._("QuickBooks does not answer."), todo

    def _may_recover(self) -> bool:
        return self.state == "lost" and not self.reconnect_needed

    def _read_for_test(self) -> tuple[dict, dict]:
        return self._read_facts(action="test")

    # -- the company ----------------------------------------------------------

    def _check_company(self, facts: Facts):
        found = f"{facts.company.name}, {facts.company.country}"
        if self._is_in_other_country(facts.company):
            country = self.company_id.country_id.name
            return (
                "warning",
                found,
                self.env._(
                    "The Odoo company is in %(country)s: taxes may not fit.",
                    country=country,
                ),
            )
        return "passed", found, ""

    def _check_home_currency(self, facts: Facts):
        ours, theirs = self.company_id.currency_id.name, facts.prefs.home_currency
        if ours == theirs:
            return "passed", ours, ""
        return (
            "failed",
            f"Odoo {ours}, QuickBooks {theirs}",
            self.env._(
                "Amounts would be wrong. Connect a company that uses %(currency)s.",
                currency=ours,
            ),
        )

    def _check_subscription(self, facts: Facts):
        if facts.company.subscription_ended:
            return (
                "failed",
                facts.company.subscription,
                self.env._("Renew the QuickBooks subscription."),
            )
        return "passed", facts.company.plan or self.env._("Active"), ""

    def _check_numbers(self, facts: Facts):
        if facts.prefs.custom_txn_numbers:
            return "passed", self.env._("On: documents keep Odoo's numbers."), ""
        return (
            "warning",
            self.env._("Off: QuickBooks numbers documents by itself."),
            self.env._(
                "Turn on Custom transaction numbers in QuickBooks "
                "(Account and settings > Sales), so that both have the same number."
            ),
        )

    def _check_classes(self, facts: Facts):
        if not self.use_classes:
            return "passed", self.env._("Not used."), ""
        if facts.prefs.uses_classes:
            return "passed", self.env._("On"), ""
        return (
            "failed",
            self.env._("Off"),
            self.env._(
                "Turn on Track classes in QuickBooks (Account and settings > "
                "Advanced), or turn off Use Classes here."
            ),
        )

    def _check_currencies(self, facts: Facts):
        home = self.company_id.currency_id
        foreign = (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    *self._exportable_domain(),
                    ("currency_id", "!=", home.id),
                ],
                limit=1,
            )
        )
        if not foreign:
            return (
                "passed",
                self.env._("Only %(currency)s is used.", currency=home.name),
                "",
            )
        if facts.prefs.multi_currency:
            return "passed", self.env._("Multicurrency is on."), ""
        return (
            "failed",
            self.env._(
                "Multicurrency is off, %(document)s is in %(currency)s.",
                document=foreign.display_name,
                currency=foreign.currency_id.name,
            ),
            self.env._(
                "Turn on Multicurrency in QuickBooks (Account and settings > Advanced)."
            ),
        )

    def _exportable_domain(self) -> list:
        """Domain of the posted documents since the start date."""
        return [
            ("company_id", "in", self._companies().ids),
            ("move_type", "in", ["out_invoice", "out_refund"]),
            ("state", "=", "posted"),
            ("invoice_date", ">=", self.export_from),
        ]

    # -- lists and taxes ------------------------------------------------------

    def _check_lists(self, _facts: Facts):
        checked_at = self.references_checked_at
        if not checked_at or checked_at < fields.Datetime.now() - LISTS_FRESH_FOR:
            return (
                "warning",
                self.env._("Not refreshed for days."),
                self.env._("Press Refresh Account Mappings."),
            )
        count = (
            self.env["qbo.reference"]
            .sudo()
            .search_count(
                [("connection_id", "=", self.id), ("realm_id", "=", self.realm_id)]
            )
        )
        found = counted(
            count,
            self.env._("1 active entry"),
            self.env._("%(count)s active entries", count=count),
        )
        return "passed", found, ""

    def _check_sales_tax(self, facts: Facts):
        """The tax that Odoo puts on a new product against QuickBooks' default."""
        if not facts.company.is_us and not facts.prefs.default_tax_code_id:
            return "passed", self.env._("Each tax is mapped to its tax code."), ""
        if facts.company.is_us and not facts.prefs.using_sales_tax:
            return self._check_no_sales_tax()
        ours, theirs = (
            self._default_odoo_rate(),
            self._default_quickbooks_rate(facts.prefs),
        )
        if theirs is None and facts.prefs.partner_tax_enabled:
            return (
                "passed",
                self.env._("Odoo's sales tax is sent; totals are compared."),
                "",
            )
        values = {"odoo": _percent(ours), "quickbooks": _percent(theirs)}
        if ours == theirs:
            return (
                "passed",
                self.env._("Odoo %(odoo)s = QuickBooks %(quickbooks)s", **values),
                "",
            )
        return (
            "warning",
            self.env._("Odoo %(odoo)s, QuickBooks %(quickbooks)s", **values),
            self.env._(
                "Odoo's sales tax is sent. Make the default equal in both, or what is "
                "typed in QuickBooks has another tax."
            ),
        )

    def _check_no_sales_tax(self):
        if not self._default_odoo_rate():
            return "passed", self.env._("Neither charges sales tax."), ""
        return (
            "failed",
            self.env._(
                "Sales tax is off in QuickBooks: it would drop every invoice's tax."
            ),
            self.env._("Set up sales tax in QuickBooks (Taxes)."),
        )

    def _default_odoo_rate(self) -> Decimal | None:
        """Return the percentage of the company's default sales tax, or None."""
        tax = self.company_id.sudo().account_sale_tax_id
        parts = tax.children_tax_ids if tax.amount_type == "group" else tax
        rates = [
            Decimal(str(part.amount)) for part in parts if part.amount_type == "percent"
        ]
        return sum(rates, Decimal(0)) if rates else None

    def _default_quickbooks_rate(self, prefs: QboPreferences) -> Decimal | None:
        """Return the percentage of QuickBooks' default tax code, or None.

        Right after connecting the lists may not have come yet; then the two that it
        takes are retrieved. In a cursor of its own, for the sign-in of this test may
        just have been committed by another.
        """
        if not prefs.default_tax_code_id:
            return None
        rate = self._kept_rate(prefs.default_tax_code_id)
        if rate is not None:
            return rate
        with self._own_env() as env:
            connection = self.with_env(env)
            try:
                env["qbo.reference"]._retrieve(connection, ["tax_code", "tax_rate"])
            except (QuickBooksError, ListsBusy):
                return None
            return connection._kept_rate(prefs.default_tax_code_id)

    def _kept_rate(self, tax_code_id: str) -> Decimal | None:
        """Return the percentage that a tax code charges on sales, as far as it is kept.

        Its sales rates add up (TaxCode.SalesTaxRateList, TaxRate.RateValue).
        """
        references = self.env["qbo.reference"].sudo()
        code = references._find(self, "tax_code", tax_code_id)
        rate_ids = code._details().get("rate_ids", []) if code else []
        rates = [
            reference._details().get("rate")
            for rate_id in rate_ids
            for reference in references._find(self, "tax_rate", rate_id)
        ]
        known = [Decimal(str(rate)) for rate in rates if rate is not None]
        return sum(known, Decimal(0)) if known else None


def _percent(rate: Decimal | None) -> str:
    """8.2500 -> "8.25 %"; no rate -> "-"."""
    return "-" if rate is None else f"{rate.normalize():f} %"
