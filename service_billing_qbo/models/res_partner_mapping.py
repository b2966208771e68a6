from odoo import api, fields, models
from odoo.tools import SQL, html2plaintext

from ..mappers.addresses import postal_address
from ..mappers.contacts import emails, is_email, phone, web_address
from ..mappers.names import display_name
from ..mappers.outcome import LookUp, Prepared
from ..mappers.preparation import Preparation
from .qbo_export import OPEN_STATES

# Longer than any name; what QuickBooks takes of it is less.
NAME_LIMIT = 5000
# Intuit, Customer: lengths.
COMPANY_NAME_LIMIT = 100
NOTES_LIMIT = 2000


class ResPartner(models.Model):
    _inherit = "res.partner"

    qbo_name = fields.Char(
        string="Name in QuickBooks",
        company_dependent=True,
        help="Only when it must differ from the name in Odoo, for example because"
        " QuickBooks has a vendor of the same name.",
        groups="base.group_user",
    )

    qbo_first_waiting_id = fields.Many2one(
        "account.move",
        "Oldest document that waits for QuickBooks",
        compute="_compute_qbo_first_waiting",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends_context("company")
    def _compute_qbo_first_waiting(self):
        """Look once for all customers that are made ready together."""
        Export = self.env["qbo.export"]
        known = self.env["qbo.connection"]._known_realm(self.env.company.id)
        connection_id = known[0] if known else 0
        Export.flush_model(["partner_id", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, min(id) FROM qbo_export
                 WHERE connection_id = %s AND res_model = 'account.move'
                   AND state IN %s AND partner_id = ANY(%s)
              GROUP BY partner_id
                """,
                connection_id,
                OPEN_STATES,
                self.ids,
            )
        )
        exports = Export.browse([export_id for _partner_id, export_id in rows])
        moves = {export.partner_id.id: export.res_id for export in exports}
        for partner in self:
            partner.qbo_first_waiting_id = moves.get(partner.id)

    # ---- what is to be done -------------------------------------------------

    def _qbo_prepare(self, connection, binding):
        """Return the call that makes this customer in QuickBooks.

        Later changes stay in Odoo, unless the company sends them: address and
        contact details are kept in each system on its own once the customer exists.

        :param connection: the ``qbo.connection``
        :param binding: this customer's ``qbo.binding``, empty before the export
        :rtype: mappers.outcome.Prepared
        :raise mappers.outcome.CannotExport: a person must act first
        """
        self.ensure_one()
        connection = connection.sudo().with_company(connection.company_id)
        self = self.with_company(connection.company_id)
        if self != self.commercial_partner_id:
            return Prepared(entity="Customer", operation="nothing", payload={})
        prep = Preparation(
            connection=connection,
            prefs=connection._prefs(),
            binding=binding,
            tax_model=connection.tax_model,
        )
        if binding:
            return self._qbo_prepare_change(prep)
        payload = self._qbo_prepare_customer_vals(prep)
        stopped = len(prep.causes)
        if self._qbo_check_match(prep):
            return Prepared(entity="Customer", operation="nothing", payload={})
        if len(prep.causes) == stopped:
            # Who may be the one that has the name is asked about once.
            self._qbo_check_name(prep, payload["DisplayName"])
        prep.check()
        return Prepared(
            entity="Customer",
            operation="create",
            payload=payload,
            look_up=LookUp(
                entity="Customer",
                display_name=payload["DisplayName"],
                private_note=self._qbo_marker(),
            ),
        )

    def _qbo_prepare_customer_vals(self, prep):
        """Return the Customer as QuickBooks gets it; extend it to add to it.

        :param mappers.preparation.Preparation prep: company, and where to note
            what stops the export
        :rtype: dict
        """
        self.ensure_one()
        # Letters first: some colons are written by other signs.
        name = display_name(prep.line(self.qbo_name or self.name, NAME_LIMIT))
        vals = {
            "DisplayName": name,
            "PrintOnCheckName": name if len(name) <= 110 else "",
            "CompanyName": name[:COMPANY_NAME_LIMIT].rstrip()
            if self.is_company
            else "",
            **self._qbo_prepare_customer_contact_vals(prep),
            "BillAddr": prep.address(self._qbo_address()),
            "ShipAddr": prep.address(self._qbo_delivery_address()),
            "Notes": prep.text(self._qbo_notes(), NOTES_LIMIT),
            **self._qbo_prepare_customer_term_vals(prep),
            **self._qbo_prepare_customer_tax_vals(prep),
            **self._qbo_prepare_customer_parent_vals(prep),
        }
        if prep.prefs.multi_currency:
            vals["CurrencyRef"] = {"value": self._qbo_currency(prep).name}
        return {
            key: value for key, value in vals.items() if value not in ("", {}, None)
        }

    def _qbo_prepare_customer_contact_vals(self, prep):
        """Return e-mail address, phone and web address.

        :rtype: dict
        """
        vals = {}
        addresses = emails(self.email or "")
        wrong = [address for address in addresses if not is_email(address)]
        if wrong:
            self._qbo_stop_email(prep, wrong[0])
        elif addresses:
            vals["PrimaryEmailAddr"] = {"Address": addresses[0]}
        if number := phone(self.phone or ""):
            vals["PrimaryPhone"] = {"FreeFormNumber": prep.line(number, 30)}
        if address := web_address(self.website or ""):
            vals["WebAddr"] = {"URI": address}
        return vals

    def _qbo_prepare_customer_term_vals(self, prep):
        """Return the customer's default term by mapping.

        :rtype: dict
        """
        term = self.property_payment_term_id
        reference = term._qbo_term(prep) if term else None
        return {"SalesTermRef": {"value": reference.qbo_id}} if reference else {}

    def _qbo_prepare_customer_tax_vals(self, prep):
        """Return whether a customer of a US company pays sales tax, and why not.

        :rtype: dict
        """
        if not prep.is_us or prep.tax_model == "us_none":
            return {}
        exempt = self._qbo_is_tax_exempt(prep.connection.company_id)
        vals = {"Taxable": not exempt}
        if exempt and prep.tax_model == "us_automated":
            # Under automated sales tax only the reason makes a customer exempt.
            default = prep.connection.exemption_reason
            vals["TaxExemptionReasonId"] = self.qbo_exemption_reason or default or ""
        return vals

    def _qbo_is_tax_exempt(self, company):
        """Tell whether the customer pays no sales tax where others do.

        Either its own tax is none, or its fiscal position takes the default away.

        :rtype: bool
        """
        self.ensure_one()
        if self.qbo_sales_tax_id:
            return not self.qbo_sales_tax_id._qbo_rate()
        default_tax = company.account_sale_tax_id
        position = (
            self.env["account.fiscal.position"]
            .with_company(company)
            ._get_fiscal_position(self)
        )
        if not default_tax or not position:
            return False
        taxes = position.map_tax(default_tax).flatten_taxes_hierarchy()
        return not any(tax.amount_type == "code" or tax.amount for tax in taxes)

    def _qbo_currency(self, prep):
        """Return the currency the customer gets for ever in QuickBooks.

        The one of the oldest document that waits for the customer, else the one
        of the price list, else the company's.

        :rtype: res.currency
        """
        self.ensure_one()
        return (
            self.sudo().qbo_first_waiting_id.currency_id
            or self.specific_property_product_pricelist.currency_id
            or prep.connection.company_id.currency_id
        )

    # ---- parts --------------------------------------------------------------

    def _qbo_address(self):
        """Return the contact's postal address, empty when there is none.

        A contact other than the customer itself is named in the first line.

        :rtype: dict
        """
        if not self:
            return {}
        self.ensure_one()
        lines = [self.street or "", self.street2 or ""]
        if self != self.commercial_partner_id and self.name:
            lines.insert(0, self.name)
        if not any((self.street, self.street2, self.city, self.zip)):
            return {}
        return postal_address(
            lines,
            city=self.city or "",
            subdivision=self.state_id.code or "",
            postal_code=self.zip or "",
            country=self.with_context(lang="en_US").country_id.name or "",
        )

    def _qbo_delivery_address(self):
        return self.browse(self.address_get(["delivery"])["delivery"])._qbo_address()

    def _qbo_notes(self):
        """Return the notes, the contact details that fit nowhere else, the marker.

        :rtype: str
        """
        self.ensure_one()
        notes = [self._qbo_marker()]
        if self.phone and not phone(self.phone):
            notes.append(self.env._("Phone: %(number)s", number=self.phone))
        if self.website and not web_address(self.website):
            notes.append(self.env._("Website: %(address)s", address=self.website))
        more = emails(self.email or "")[1:]
        if more:
            notes.append(
                self.env._("More e-mail addresses: %(list)s", list=", ".join(more))
            )
        notes.append(html2plaintext(self.comment or ""))
        return "\n".join(note for note in notes if note)

    def _qbo_stop_email(self, prep, address):
        """Note an address that QuickBooks would refuse (fault 2210)."""
        self.ensure_one()
        prep.stop(
            "data",
            f"email:res.partner:{self.id}",
            self.env._(
                'The e-mail address "%(address)s" of %(name)s is not valid.',
                address=address,
                name=self.display_name,
            ),
            todo=self.env._("Correct the e-mail address."),
            res_model=self._name,
            res_id=self.id,
            turn="clerk",
        )

    def _qbo_after_export(self, connection, binding, answer):
        """Remember the new customer's name, so that the next one cannot take it.

        :param dict answer: the Customer as QuickBooks answered it
        """
        result = super()._qbo_after_export(connection, binding, answer)
        self.env["qbo.reference"]._remember(connection, "customer", answer)
        return result
