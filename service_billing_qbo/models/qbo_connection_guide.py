from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .counted import counted
from .roles import ADMINISTRATOR, BOOKKEEPER, check_role
from .short_date import short_date

SYSTEM = "base.group_system"
#: Waiting documents that are looked at for what they lack: the guide is read often.
LOOKED_AT = 100
#: Each step with who can do it, in the order in which they are done.
STEPS = {
    "app_keys": SYSTEM,
    "connect": ADMINISTRATOR,
    "verify": ADMINISTRATOR,
    "sales_tax": BOOKKEEPER,
    "map": BOOKKEEPER,
    "match": BOOKKEEPER,
    "earlier": BOOKKEEPER,
    "test": BOOKKEEPER,
    "first_export": BOOKKEEPER,
}


class QboConnection(models.Model):
    """The check list from nothing to the first exported invoice, on the Overview.

    No step is remembered as done: each is looked at anew in what is there, so that
    it can be left and taken up again, by whoever comes next.
    """

    _inherit = "qbo.connection"

    tested_at = fields.Datetime(
        readonly=True, copy=False, help="Last Test in which nothing failed."
    )
    earlier_left_until = fields.Date(
        readonly=True,
        copy=False,
        help="People said that what is dated before stays out of QuickBooks.",
    )
    guide = fields.Json(compute="_compute_guide")

    @api.depends_context("uid", "lang")
    def _compute_guide(self):
        for connection in self:
            started = connection._has_exported()
            connection.guide = False if started else connection._guide_steps()

    def _has_exported(self) -> bool:
        """Whether a document has reached the QuickBooks company of now."""
        self.ensure_one()
        exported = [
            ("connection_id", "=", self.id),
            ("realm_id", "=", self.realm_id),
            ("res_model", "=", "account.move"),
        ]
        return bool(self.env["qbo.binding"].sudo().search_count(exported, limit=1))

    def _guide_steps(self):
        """Return the steps as the screen shows them.

        :return: key, label, what was found, whether done, text of the button, and of
            a second one where a step can be ended in another way
        :rtype: list[dict]
        """
        self.ensure_one()
        facts = self.sudo()
        labels = {
            "app_keys": self.env._("Enter the keys of an Intuit app"),
            "connect": self.env._("Connect to QuickBooks"),
            "verify": self.env._("Verify the company"),
            "sales_tax": self.env._("Compare the sales tax"),
            "map": self.env._("Map what the waiting invoices need"),
            "match": self.env._("Match Customers"),
            "earlier": self.env._("Decide on earlier invoices"),
            "test": self.env._("Test"),
            "first_export": self.env._("Export the first invoice"),
        }
        buttons = {
            "app_keys": self.env._("Settings"),
            "connect": self.env._("Set up QuickBooks"),
            "verify": self.env._("This is the right company"),
            "sales_tax": self.env._("Account Mapping"),
            "map": self.env._("Account Mapping"),
            "match": self.env._("Match Customers"),
            "earlier": self.env._("Preview"),
            "test": self.env._("Test"),
            "first_export": self.env._("Invoices"),
        }
        explained = self._guide_explanations()
        steps = []
        for key, role in STEPS.items():
            done, text = getattr(facts, f"_guide_{key}")()
            may_press = self.env.user.has_group(role) and (
                key == "app_keys" or self.env.user.has_group(BOOKKEEPER)
            )
            if not done and not may_press and role in (SYSTEM, ADMINISTRATOR):
                text = self._guide_ask(role)
            needs_connection = key not in ("app_keys", "connect")
            has_button = (
                may_press
                and not done
                and (not needs_connection or bool(facts.realm_id))
            )
            steps.append(
                {
                    "key": key,
                    "label": labels[key],
                    "text": text or (not done and explained[key]) or "",
                    "done": done,
                    "button": has_button and buttons[key],
                    "other_button": has_button
                    and key == "earlier"
                    and self.env._("Leave them out"),
                }
            )
        return steps

    def _guide_explanations(self) -> dict[str, str]:
        """Return what each step is, shown till there is something to tell of it."""
        return {
            "app_keys": self.env._(
                "Client ID and Client Secret, from developer.intuit.com"
            ),
            "connect": self.env._("Sign in at Intuit and choose the company"),
            "verify": self.env._("Nothing is sent before it is confirmed"),
            "sales_tax": self.env._("What each tax is in QuickBooks"),
            "map": self.env._("What each product and term is in QuickBooks"),
            "match": self.env._("Link those that QuickBooks has already"),
            "earlier": self.env._("Those from before the first connection"),
            "test": self.env._("Compares both companies, and says what to do"),
            "first_export": self.env._("Post one, it goes by itself"),
        }

    def _guide_ask(self, role):
        if role == SYSTEM:
            return self.env._("Ask a system administrator.")
        return self.env._("Ask %(people)s.", people=self.sudo()._administrator_names())

    # -- what is there: (done, what was found) ---------------------------------------

    def _guide_app_keys(self):
        return self.env["qbo.app"]._has_keys(self.environment), ""

    def _guide_connect(self):
        return self.state == "connected", self.qbo_company_name or ""

    def _guide_verify(self):
        if not self._awaits_confirmation():
            return self.company_confirmed, ""
        return False, self.env._(
            "Is it %(quickbooks)s? Nothing is sent before it is confirmed",
            quickbooks=self.qbo_company_name,
        )

    def _guide_sales_tax(self):
        if not self.realm_id:
            return False, ""
        if self.tax_model == "us_automated":
            text = self.env._("Odoo's sales tax is sent; totals are compared")
            return True, text
        missing = self._missing_mappings("tax_code")
        return not missing, self._missing_words(missing)

    def _guide_map(self):
        if not self.realm_id:
            return False, ""
        missing = self._missing_mappings()
        chosen = bool(self._chosen_mappings())
        text = self._missing_words(missing)
        if not missing and not chosen:
            text = self.env._("No invoice waits: begin with the billing types")
        return not missing and chosen, text

    def _guide_match(self):
        if not self.realm_id:
            return False, ""
        matches = self.env["qbo.match"]
        decided = matches.search(
            [
                ("connection_id", "=", self.id),
                ("realm_id", "=", self.realm_id),
                ("applied_at", "!=", False),
            ]
        )
        count = len(matches._unlinked_customers(self) - decided.partner_id)
        text = counted(
            count,
            self.env._("1 customer is not linked yet"),
            self.env._("%(count)s customers are not linked yet", count=count),
        )
        return not count, text if count else ""

    def _guide_earlier(self):
        if not self.realm_id or not self.export_from:
            return False, ""
        count = self.env["account.move"].search_count(self._earlier_domain())
        if not count and self.earlier_left_until:
            return True, self.env._("They stay out")
        if not count:
            return True, self.env._("There are none")
        date = short_date(self.env, self.export_from)
        text = counted(
            count,
            self.env._(
                "1 invoice from before %(date)s goes only when you export it", date=date
            ),
            self.env._(
                "%(count)s invoices from before %(date)s go only when you export them",
                count=count,
                date=date,
            ),
        )
        return False, text

    def _guide_test(self):
        return bool(self.tested_at), ""

    def _guide_first_export(self):
        return self._has_exported(), ""

    def _chosen_mappings(self) -> int:
        return self.env["qbo.mapping"].search_count(
            [
                ("connection_id", "=", self.id),
                ("realm_id", "=", self.realm_id),
                ("reference_id", "!=", False),
            ]
        )

    def _missing_mappings(self, kind=None) -> int:
        """Count the choices that waiting documents lack, looking at the first ones.

        :param kind: of ``qbo.mapping``; all by default
        """
        needs = self.env["qbo.mapping"]._needs(self, limit=LOOKED_AT)
        return sum(kind in (None, needed) for needed, *_place in needs)

    def _missing_words(self, count: int) -> str:
        return self.env._("%(count)s missing", count=count) if count else ""

    def _earlier_domain(self):
        """Return the posted invoices that do not go by themselves and are not there.

        Without those of which people said that they stay out.
        """
        companies = self._companies()
        Move = self.env["account.move"].with_context(allowed_company_ids=companies.ids)
        domain = (
            Move._qbo_exportable_domain()
            & Domain("company_id", "in", companies.ids)
            & Domain("invoice_date", "<", self.export_from)
            & Domain("qbo_status", "=", "not_exported")
        )
        if self.earlier_left_until:
            domain &= Domain("invoice_date", ">=", self.earlier_left_until)
        return domain

    # -- what people press -----------------------------------------------------------

    def action_guide(self, key):
        """Open the place where a step is done, or do it where one press is enough.

        :param str key: a key of ``STEPS``
        :return: an action; False when there is nothing to open
        """
        self.ensure_one()
        self.check_access("read")
        openers = {
            "app_keys": self._open_app_keys,
            "connect": self.action_edit,
            "verify": self._guide_confirm,
            "sales_tax": self.env["qbo.mapping"].action_open_taxes,
            "map": self.env["qbo.mapping"].action_open,
            "match": self.env["qbo.match"].action_open,
            "earlier": self._preview_earlier,
            "test": self.action_test,
            "first_export": self._open_invoices,
        }
        if key not in openers:
            raise UserError(self.env._("There is no such step."))
        return openers[key]()

    def action_guide_leave_earlier(self):
        """Button "Leave them out": what is dated before the first day stays out.

        :raise AccessError: for others than bookkeepers
        """
        self.ensure_one()
        check_role(self.env, BOOKKEEPER)
        self.check_access("read")
        self.sudo().earlier_left_until = self.export_from
        return False

    def _guide_confirm(self):
        self.action_confirm_company()
        return False

    def _open_app_keys(self):
        return self.env["ir.actions.act_window"]._for_xml_id(
            "service_billing_qbo.res_config_settings_action"
        )

    def _open_invoices(self):
        return self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )

    def _preview_earlier(self):
        """Show which earlier invoices would go and which cannot, with Export now."""
        Move = self.env["account.move"].with_company(self.company_id)
        moves = Move.search(self.sudo()._earlier_domain(), order="invoice_date, id")
        return moves.action_qbo_preview()
