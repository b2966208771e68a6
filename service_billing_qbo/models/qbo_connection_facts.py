from functools import lru_cache

from odoo import api, fields, models

from ..quickbooks import QuickBooksClient, jsonmoney
from ..quickbooks.preferences import QboCompany, QboPreferences

APP_PAGES = {
    "Invoice": "invoice?txnId=",
    "CreditMemo": "creditmemo?txnId=",
    "Payment": "recvpayment?txnId=",
    "Customer": "customerdetail?nameId=",
    "Item": "item?itemId=",
}


class QboConnection(models.Model):
    """Facts of the QuickBooks company, read on connecting and once a day.

    Reads are metered by Intuit, so the texts of CompanyInfo and Preferences are kept
    and everybody else looks there.
    """

    _inherit = "qbo.connection"

    qbo_company_name = fields.Char(readonly=True, copy=False)
    qbo_country = fields.Char(readonly=True, copy=False)
    qbo_plan = fields.Char(readonly=True, copy=False)
    home_currency_id = fields.Many2one(
        "res.currency", "Home currency", readonly=True, copy=False
    )
    company_info_text = fields.Text(readonly=True, copy=False)
    preferences_text = fields.Text(readonly=True, copy=False)
    facts_checked_at = fields.Datetime(readonly=True, copy=False)
    tax_model = fields.Selection(
        [
            ("us_automated", "United States, automated sales tax"),
            ("us_manual", "United States, own rates"),
            ("us_none", "United States, no sales tax"),
            ("global", "A tax code on each line"),
        ],
        compute="_compute_tax_model",
    )

    def _prefs(self) -> QboPreferences:
        """Return the preferences as they were read last; no network."""
        self.ensure_one()
        return _parse_preferences(self.preferences_text or "{}")

    def _company_info(self) -> QboCompany:
        """Return the company as it was read last; no network."""
        self.ensure_one()
        return QboCompany.from_payload(jsonmoney.loads(self.company_info_text or "{}"))

    def _is_in_other_country(self, company: QboCompany | None = None) -> bool:
        """Whether the two companies are in different countries, as far as it is known.

        QuickBooks writes countries in more than one way, as a code or by name. Where
        the word is known to neither, what matters is left: whether the sales tax is
        that of the United States.

        :param company: as read just now; by default as it was read last
        """
        country = self.company_id.country_id
        company = company or self._company_info()
        if not country:
            return False
        if company.is_us != (country.code == "US"):
            return True
        theirs = self._country_named(company.country)
        return bool(theirs) and theirs != country

    @api.model
    def _country_named(self, word: str):
        """Return the country that QuickBooks calls so, or none.

        :param word: ISO code of two letters, "UK", or the name in English
        """
        countries = self.env["res.country"].with_context(lang="en_US")
        if not word:
            return countries
        if len(word) == 2:
            code = "GB" if word.upper() == "UK" else word.upper()
            return countries.search([("code", "=", code)], limit=1)
        return countries.search([("name", "=ilike", word)], limit=1)

    @api.depends("company_info_text", "preferences_text")
    def _compute_tax_model(self):
        for connection in self:
            prefs = connection._prefs()
            if not connection.company_info_text:
                connection.tax_model = False
            elif not connection._company_info().is_us:
                connection.tax_model = "global"
            elif not prefs.using_sales_tax:
                connection.tax_model = "us_none"
            elif prefs.partner_tax_enabled:
                connection.tax_model = "us_automated"
            else:
                connection.tax_model = "us_manual"

    def _read_facts(self, action: str = "read company") -> tuple[dict, dict]:
        """Read CompanyInfo and Preferences, once each, and keep them.

        They are stored in a cursor of their own, for the state of the connection may
        just have been: the caller's transaction must not write the row again.

        :param action: what it is done for, for the log
        :return: CompanyInfo and Preferences; the caller's transaction sees older ones
        :raises NotConnected, QuickBooksError: as they come
        """
        company_info, preferences = self._with_client(fetch_facts, action)
        with self._own_env() as env:
            connection = self.with_env(env)
            connection.write(connection._facts_values(company_info, preferences))
        self.invalidate_recordset(flush=False)
        return company_info, preferences

    def _facts_values(self, company_info: dict, preferences: dict) -> dict:
        company = QboCompany.from_payload(company_info)
        prefs = QboPreferences.from_payload(preferences)
        return {
            "qbo_company_name": company.name,
            "qbo_country": company.country,
            "qbo_plan": company.plan,
            "home_currency_id": self._currency_named(prefs.home_currency).id,
            "company_info_text": jsonmoney.dumps(company_info),
            "preferences_text": jsonmoney.dumps(preferences),
            "facts_checked_at": fields.Datetime.now(),
        }

    @api.model
    def _currency_named(self, code: str | None):
        """Return a currency by its ISO code, also one that is not active in Odoo."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        return currencies.search([("name", "=", code)], limit=1) if code else currencies

    def _qbo_url(self, entity: str, qbo_id: str) -> str:
        """Return the address of a document in QuickBooks' own screens.

        The paths are common practice, Intuit does not document them.
        """
        self.ensure_one()
        host = self._endpoints(discover=False).app_host
        return f"{host}/app/{APP_PAGES[entity]}{qbo_id}"


def fetch_facts(client: QuickBooksClient) -> tuple[dict, dict]:
    """Read CompanyInfo and Preferences: two metered reads."""
    return client.company_info(), client.preferences()


@lru_cache(maxsize=64)
def _parse_preferences(text: str) -> QboPreferences:
    return QboPreferences.from_payload(jsonmoney.loads(text))
