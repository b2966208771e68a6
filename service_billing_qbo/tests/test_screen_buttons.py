"""No button without its row in a table of who may press it."""

from lxml import etree

from odoo.tests import TransactionCase, new_test_user, tagged

from .test_screen_rights import (
    ADMINISTRATORS,
    BOOKKEEPERS,
    CLERKS,
    ROLES,
    SCREENS,
)

ADDON = "service_billing_qbo"
READERS = {"clerk", "bookkeeper", "administrator", "auditor"}
OVERSEERS = {"bookkeeper", "administrator", "auditor"}
# What leads to the place that fixes a cause differs by that place.
FIXES = {
    "action_fix Choose": BOOKKEEPERS,
    "action_fix Link": BOOKKEEPERS,
    "action_fix Choose customer": BOOKKEEPERS,
    "action_fix Match Customers": BOOKKEEPERS,
    "action_fix Renumber": CLERKS,
    "action_fix Connect to QuickBooks": ADMINISTRATORS,
    "action_fix Configuration": ADMINISTRATORS,
    "action_fix Open": CLERKS,
}
LINKS = {"action_link_found": BOOKKEEPERS}
CHANGES = {
    "action_change_export": BOOKKEEPERS,
    "action_change_keep": BOOKKEEPERS,
    "action_change_unlink": BOOKKEEPERS,
}
# By model and view, beside those of SCREENS.
MORE = {
    ("res.partner", "form"): {
        "action_qbo_export_now": BOOKKEEPERS,
        "action_qbo_open": READERS,
    },
    ("qbo.export", "form"): {
        "action_export_now": CLERKS,
        "action_open_document": READERS,
    },
    ("qbo.problem", "list"): {**FIXES, **LINKS, **CHANGES},
    ("qbo.problem", "kanban"): {**FIXES, **LINKS},
    ("qbo.problem", "form"): {**FIXES, **LINKS, **CHANGES},
    ("qbo.preview", "form"): FIXES,
    ("qbo.connection", "form"): {
        "action_export_earlier": BOOKKEEPERS,
        "action_leave_earlier": BOOKKEEPERS,
        "action_view_waiting": OVERSEERS,
        "action_view_problems": OVERSEERS,
    },
    ("qbo.connection", "kanban"): {"action_refresh_references": BOOKKEEPERS},
}
# Dialogs, which only those can open who may do what their buttons do.
DIALOGS = {
    "qbo.accept.difference": BOOKKEEPERS,
    "qbo.create.items": BOOKKEEPERS,
    "qbo.exclude": BOOKKEEPERS,
    "qbo.link.customer": BOOKKEEPERS,
    "qbo.link.document": BOOKKEEPERS,
    "qbo.test": BOOKKEEPERS,
    "res.config.settings": set(),
}


def name_of(button):
    """The name in the tables: with the label where one method has several buttons."""
    name = button.get("name")
    return f"{name} {button.get('string')}" if name == "action_fix" else name


@tagged("post_install", "-at_install")
class TestScreenButtons(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, f"buttons {role}", group)
            for role, group in ROLES.items()
        }

    def test_every_button_of_ours_stands_in_a_table(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", ADDON), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(data.mapped("res_id"))
        for view in views.filtered("model"):
            place = (view.model, view.type)
            known = {**SCREENS.get(place, {}), **MORE.get(place, {})}
            for button in etree.fromstring(view.arch_db).iter("button"):
                if button.get("position") or button.get("special"):
                    continue
                with self.subTest(screen=place, button=name_of(button)):
                    self.assertTrue(view.model in DIALOGS or name_of(button) in known)

    def test_each_role_has_these_buttons_and_no_other(self):
        for (model, kind), table in MORE.items():
            for role, user in self.users.items():
                records = self.env[model].with_user(user)
                if not records.has_access("read"):
                    continue
                arch = etree.fromstring(records.get_view(view_type=kind)["arch"])
                found = {name_of(button) for button in arch.iter("button")}
                for name, roles in table.items():
                    with self.subTest(screen=f"{model} {kind}", name=name, role=role):
                        self.assertEqual(name in found, role in roles)

    def test_each_role_opens_its_dialogs(self):
        for model, roles in DIALOGS.items():
            for role, user in self.users.items():
                with self.subTest(dialog=model, role=role):
                    allowed = self.env[model].with_user(user).has_access("create")
                    self.assertEqual(allowed, role in roles)
