from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..mappers.outcome import Cause
from ..models.qbo_problem_screens import fix_of, may_be_mended_there
from ..models.roles import CLERK
from .engine_common import EngineCase

# kind, key, record -> the button that leads to where it is mended, whether Retry all
# helps: what is mended in Odoo goes by itself.
BUTTONS = {
    ("unmapped", "item:product.template:1", "product.template"): ("choose", False),
    ("unmapped", "unmapped:6100:Invalid", "account.move"): ("choose", True),
    ("inactive", "inactive:item:19", "qbo.mapping"): ("choose", True),
    ("inactive", "inactive:customer:58", "res.partner"): ("customer", True),
    ("inactive", "inactive:account.move:1", "account.move"): ("choose", True),
    ("customer", "customer:name:1", "res.partner"): ("link", True),
    ("customer", "customer:letters:1", "res.partner"): ("link", False),
    ("customer", "customer:match:1", "qbo.match"): ("match", False),
    ("customer", "customer:superfluous:58", "res.partner"): ("link", True),
    ("customer", "customer:account.move:1", "res.partner"): ("link", True),
    ("customer", "customer:account.move:1", "account.move"): ("open", True),
    ("closed", "closed:books", "qbo.connection"): ("configuration", True),
    ("closed", "closed:there:2026-10-31", "qbo.connection"): (None, True),
    ("number", "number:account.move:1", "account.move"): ("renumber", True),
    ("currency", "currency:off:EUR", ""): (None, True),
    ("currency", "currency:res.partner:1:EUR", "res.partner"): ("customer", True),
    ("currency", "currency:account.move:1", "account.move"): ("open", True),
    ("feature", "feature:class", ""): (None, True),
    ("connection", "connection:not-connected", "qbo.connection"): ("connect", False),
    ("connection", "connection:140", "qbo.connection"): ("configuration", True),
    ("subscription", "subscription:6190", "qbo.connection"): (None, True),
    ("data", "email:res.partner:1", "res.partner"): ("open", False),
    ("data", "rate:account.tax:1:5", "account.tax"): ("choose", True),
    ("data", "item-name:product.template:1", "product.template"): ("choose", False),
    ("data", "lines:none:1", "account.move"): ("open", False),
    ("data", "data:account.move:1", "account.move"): ("open", True),
    ("changed", "changed:account.move:1", "account.move"): ("open", True),
    ("unknown", "unknown:account.move:1", "account.move"): ("open", True),
}


@tagged("post_install", "-at_install")
class TestProblemButtons(EngineCase):
    """Each button leads somewhere, and only what helps is offered."""

    def problem(self, kind, key, record=None, **values):
        cause = Cause(
            kind=kind,
            key=key,
            message="What happened.",
            res_model=record._name if record else "",
            res_id=record.id if record else 0,
            **values,
        )
        export = self.row(self.posted())
        return self.env["qbo.problem"]._open(self.connection.sudo(), cause, export)

    def test_table_of_buttons(self):
        for (kind, key, res_model), buttons in BUTTONS.items():
            with self.subTest(kind=kind, key=key):
                fix = fix_of(kind, key, res_model, 1 if res_model else 0)
                self.assertEqual((fix, may_be_mended_there(kind, key)), buttons)

    def test_choose_opens_unfiltered_where_no_choice_is_unusable(self):
        """Else the list that is to mend it would be empty."""
        problem = self.problem("inactive", "inactive:account.move:1")

        action = self.by_bookkeeper(problem).action_fix()

        searched = {k: v for k, v in action["context"].items() if "search" in k}
        self.assertFalse(any(searched.values()), searched)
        shown = self.by_bookkeeper(self.env["qbo.mapping"]).search(action["domain"])
        self.assertTrue(shown)

    def test_choose_shows_the_tax_of_another_rate(self):
        mappings = self.env["qbo.mapping"].sudo()
        mappings._refresh_needed(self.connection.sudo())
        problem = self.problem("data", f"rate:account.tax:{self.sales_tax.id}:5")
        problem.sudo().write({"res_model": "account.tax", "res_id": self.sales_tax.id})

        action = self.by_bookkeeper(problem).action_fix()

        context = action["context"]
        self.assertEqual(context["search_default_record_name"], self.sales_tax.name)
        self.assertFalse(context["search_default_needed"])

    def test_what_is_gone_is_said_to_be_gone(self):
        partner = self.make_customer("Gone")
        problem = self.problem("unknown", "unknown:res.partner:1", partner)
        self.env["qbo.export"].sudo().search([("partner_id", "=", partner.id)]).unlink()
        partner.unlink()
        with self.assertRaisesRegex(UserError, "no longer in Odoo"):
            self.by_bookkeeper(problem).action_fix()

    def test_details_for_support_are_not_for_clerks(self):
        problem = self.problem("unknown", "unknown:account.move:1")
        clerk = new_test_user(self.env, "clerk details", CLERK)
        self.assertFalse(self.by_bookkeeper(problem).details)
        with self.assertRaises(AccessError):
            problem.with_user(clerk).read(["details"])
        arch = problem.with_user(clerk).get_view(view_type="form")["arch"]
        self.assertNotIn("Details for support", arch)
        arch = self.by_bookkeeper(problem).get_view(view_type="form")["arch"]
        self.assertIn("Details for support", arch)
