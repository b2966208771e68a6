from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from odoo import fields, models

from ..quickbooks import QuickBooksError, VaultError
from ..quickbooks.preferences import QboCompany, QboPreferences
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
        _ = self.env._
        return [
            ("company", _("Company"), self._check_company),
            ("home_currency", _("Home currency"), self._check_home_currency),
            ("subscription", _("Subscription"), self._check_subscription),
            ("numbers", _("Custom transaction numbers"), self._check_numbers),
            ("classes", _("Classes"), self._check_classes),
            ("currencies", _("Currencies"), self._check_currencies),
            ("lists", _("Lists"), self._check_lists),
            ("sales_tax", _("Default sales tax"), self._check_sales_tax),
            ("closed_books", _("Closed books"), self._check_closed_books),
            ("auto_credits", _("Automatic credits"), self._check_auto_credits),
        ]

    # -- signing in -----------------------------------------------------------

    def _check_app_keys(self) -> CheckRow:
        _ = self.env._
        if not self.env["qbo.app"]._has_keys(self.environment):
            return CheckRow(
                "app_keys",
                _("App keys"),
                "failed",
                _("Missing"),
                _("A system administrator sets them in Settings > Invoicing."),
            )
        return CheckRow("app_keys", _("App keys"), "passed", _("Set"))

    def _check_sign_in(self) -> tuple[CheckRow, Facts | None]:
        _ = self.env._
        label = _("Sign-in")
        try:
            read = self._try_recover if self._may_recover() else self._read_for_test
            company_info, preferences = read()
        except (QuickBooksError, VaultError, NotConnected) as error:
            todo = _("Connect to QuickBooks.")
            if isinstance(error, QuickBooksError) and not self._ends_authorization(
                error
            ):
                todo = _("Try again in a few minutes.")
            return CheckRow("sign_in", label, "failed", str(error), todo), None
        facts = Facts(
            QboCompany.from_payload(company_info),
            QboPreferences.from_payload(preferences),
        )
        return CheckRow("sign_in", label, "passed", _("QuickBooks answered.")), facts

    def _may_recover(self) -> bool:
        return self.state == "lost" and not self.reconnect_needed

    def _read_for_test(self) -> tuple[dict, dict]:
        return self._read_facts(action="test")

    # -- the company ----------------------------------------------------------

    def _check_company(self, facts: Facts):
        _ = self.env._
        found = f"{facts.company.name}, {facts.company.country}"
        if self._is_in_other_country(facts.company):
            country = self.company_id.country_id.name
            return (
                "warning",
                found,
                _(
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
            self.env._("Amounts would be wrong. Connect a company that uses %s.", ours),
        )

    def _check_subscription(self, facts: Facts):
        _ = self.env._
        if facts.company.subscription_ended:
            return (
                "failed",
                facts.company.subscription,
                _("Renew the QuickBooks subscription."),
            )
        return "passed", facts.company.plan or _("Active"), ""

    def _check_numbers(self, facts: Facts):
        _ = self.env._
        if facts.prefs.custom_txn_numbers:
            return "passed", _("On: documents keep Odoo's numbers."), ""
        return (
            "warning",
            _("Off: QuickBooks numbers documents by itself."),
            _(
                "Turn on Custom transaction numbers in QuickBooks "
                "(Account and settings > Sales), so that both have the same number."
            ),
        )

    def _check_classes(self, facts: Facts):
        _ = self.env._
        if not self.use_classes:
            return "passed", _("Not used."), ""
        if facts.prefs.uses_classes:
            return "passed", _("On"), ""
        return (
            "failed",
            _("Off"),
            _(
                "Turn on Track classes in QuickBooks (Account and settings > "
                "Advanced), or turn off Use Classes here."
            ),
        )

    def _check_currencies(self, facts: Facts):
        _ = self.env._
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
            return "passed", _("Only %s is used.", home.name), ""
        if facts.prefs.multi_currency:
            return "passed", _("Multicurrency is on."), ""
        return (
            "failed",
            _(
                "Multicurrency is off, %(document)s is in %(currency)s.",
                document=foreign.display_name,
                currency=foreign.currency_id.name,
            ),
            _("Turn on Multicurrency in QuickBooks (Account and settings > Advanced)."),
        )

    def _exportable_domain(self) -> list:
        """Domain of the posted documents since the start date."""
        return [
            ("company_id", "=", self.company_id.id),
            ("move_type", "in", ["out_invoice", "out_refund"]),
            ("state", "=", "posted"),
            ("invoice_date", ">=", self.export_from),
        ]

    # -- lists and taxes ------------------------------------------------------

    def _check_lists(self, facts: Facts):
        _ = self.env._
        checked_at = self.references_checked_at
        if not checked_at or checked_at < fields.Datetime.now() - LISTS_FRESH_FOR:
            return (
                "warning",
                _("Not refreshed for days."),
                _("Press Refresh Account Mappings."),
            )
        count = (
            self.env["qbo.reference"]
            .sudo()
            .search_count(
                [("connection_id", "=", self.id), ("realm_id", "=", self.realm_id)]
            )
        )
        return "passed", _("%(count)s active entries", count=count), ""

    def _check_sales_tax(self, facts: Facts):
        """The tax that Odoo puts on a new product against QuickBooks' default."""
        _ = self.env._
        if not facts.company.is_us and not facts.prefs.default_tax_code_id:
            return "passed", _("Each tax is mapped to its tax code."), ""
        if facts.company.is_us and not facts.prefs.using_sales_tax:
            return self._check_no_sales_tax()
        ours, theirs = (
            self._default_odoo_rate(),
            self._default_quickbooks_rate(facts.prefs),
        )
        if theirs is None and facts.prefs.partner_tax_enabled:
            return (
                "passed",
                _("QuickBooks computes by address; totals are compared."),
                "",
            )
        values = {"odoo": _percent(ours), "quickbooks": _percent(theirs)}
        if ours == theirs:
            return (
                "passed",
                _("Odoo %(odoo)s = QuickBooks %(quickbooks)s", **values),
                "",
            )
        return (
            "warning",
            _("Odoo %(odoo)s, QuickBooks %(quickbooks)s", **values),
            _("Make the default sales tax equal in both, or totals will differ."),
        )

    def _check_no_sales_tax(self):
        _ = self.env._
        if not self._default_odoo_rate():
            return "passed", _("Neither charges sales tax."), ""
        return (
            "failed",
            _("Sales tax is off in QuickBooks: it would drop every invoice's tax."),
            _("Set up sales tax in QuickBooks (Taxes)."),
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

        Preferences name a tax code, whose sales rates add up (TaxPrefs.TaxGroupCodeRef,
        TaxCode.SalesTaxRateList, TaxRate.RateValue).
        """
        if not prefs.default_tax_code_id:
            return None
        references = self.env["qbo.reference"].sudo()
        code = references._find(self, "tax_code", prefs.default_tax_code_id)
        if not code:
            try:
                references._retrieve(self, ["tax_code", "tax_rate"])
            except (QuickBooksError, ListsBusy):
                return None
            code = references._find(self, "tax_code", prefs.default_tax_code_id)
        rates = [
            references._find(self, "tax_rate", rate_id)._details().get("rate")
            for rate_id in (code._details() if code else {}).get("rate_ids", [])
        ]
        known = [Decimal(str(rate)) for rate in rates if rate is not None]
        return sum(known, Decimal(0)) if known else None

    # -- books ----------------------------------------------------------------

    def _check_closed_books(self, facts: Facts):
        _ = self.env._
        closed_until = facts.prefs.book_close_date
        if not closed_until:
            return "passed", _("The books are open."), ""
        older = self._waiting_until(closed_until)
        found = _(
            "Closed until %(date)s, %(count)s waiting are older.",
            date=fields.Date.to_string(closed_until),
            count=older,
        )
        if not older or self.closed_books_policy == "first_open_day":
            return "passed", found, ""
        return (
            "warning",
            found,
            _(
                "Reopen them in QuickBooks (Account and settings > Advanced), "
                "or choose First open day in Edit."
            ),
        )

    def _waiting_until(self, day) -> int:
        """Count the documents that wait for export and are dated up to a day."""
        moves = self.env["account.move"].sudo()
        exports = (
            self.env["qbo.export"]
            .sudo()
            .search(
                [
                    ("connection_id", "=", self.id),
                    ("res_model", "=", moves._name),
                    ("state", "in", ["waiting", "retry", "problem"]),
                ]
            )
        )
        return moves.search_count(
            [("id", "in", exports.mapped("res_id")), ("invoice_date", "<=", day)]
        )

    def _check_auto_credits(self, facts: Facts):
        _ = self.env._
        if not facts.prefs.auto_apply_credit:
            return "passed", _("Off"), ""
        return (
            "warning",
            _("On: QuickBooks may apply an open credit to a new invoice by itself."),
            _(
                "Turn off Automatically apply credits in QuickBooks "
                "(Account and settings > Advanced)."
            ),
        )


def _percent(rate: Decimal | None) -> str:
    """8.2500 -> "8.25 %"; no rate -> "-"."""
    return "-" if rate is None else f"{rate.normalize():f} %"
