"""Each role sees its menus and presses its buttons, also past the web client."""

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

ROLES = {
    "clerk": "account.group_account_invoice",
    "bookkeeper": "service_billing_qbo.group_bookkeeper",
    "administrator": "service_billing_qbo.group_administrator",
    "auditor": "account.group_account_readonly",
    "employee": "base.group_user",
}
MENUS = {
    "menu_overview": {"bookkeeper", "administrator", "auditor"},
    "menu_exports": {"clerk", "bookkeeper", "administrator", "auditor"},
    "menu_problems": {"clerk", "bookkeeper", "administrator", "auditor"},
    "menu_configuration": {"administrator"},
    "menu_mapping": {"bookkeeper", "administrator", "auditor"},
    "menu_log": {"administrator", "auditor"},
}
READS = {
    "qbo.export": {"clerk", "bookkeeper", "administrator", "auditor"},
    "qbo.problem": {"clerk", "bookkeeper", "administrator", "auditor"},
    "qbo.binding": {"clerk", "bookkeeper", "administrator", "auditor"},
    "qbo.reference": {"clerk", "bookkeeper", "administrator", "auditor"},
    "qbo.mapping": {"clerk", "bookkeeper", "administrator", "auditor"},
    "qbo.connection": {"bookkeeper", "administrator", "auditor"},
    "qbo.log": {"administrator", "auditor"},
    "qbo.app": set(),
    "qbo.token": set(),
}
WRITES = {
    "qbo.mapping": {"bookkeeper", "administrator"},
    "qbo.connection": {"administrator"},
    "qbo.export": set(),
    "qbo.problem": set(),
    "qbo.binding": set(),
    "qbo.reference": set(),
    "qbo.log": set(),
}


@tagged("post_install", "-at_install")
class TestScreenRights(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, f"screens {role}", group)
            for role, group in ROLES.items()
        }
        cls.connection = cls.env["qbo.connection"]._ensure_for_company(cls.env.company)

    def test_each_role_sees_its_menus(self):
        """The table of screens, and nobody sees more."""
        for name, roles in MENUS.items():
            menu = self.env.ref(f"service_billing_qbo.{name}")
            for role, user in self.users.items():
                visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
                self.assertEqual(menu.id in visible, role in roles, f"{name}, {role}")

    def test_each_role_reads_and_writes_its_models(self):
        """A clerk sees states, no setup; outbox and links are nobody's to write."""
        for operation, table in (("read", READS), ("write", WRITES)):
            for model, roles in table.items():
                for role, user in self.users.items():
                    allowed = self.env[model].with_user(user).has_access(operation)
                    self.assertEqual(
                        allowed, role in roles, f"{operation} {model}, {role}"
                    )

    def test_buttons_are_closed_past_the_web_client(self):
        """A method that works as superuser checks who called it."""
        export = self.env["qbo.export"]
        problem = self.env["qbo.problem"]
        refused = {
            "clerk": [
                lambda user: export.with_user(user).action_exclude("no"),
                lambda user: problem.with_user(user).action_retry_all(),
                lambda user: self._connection(user).action_refresh_references(),
                lambda user: self._connection(user).action_test(),
                lambda user: self._connection(user).disconnect_question(),
                lambda user: self._connection(user).disconnect_from_quickbooks(),
                lambda user: self._connection(user).action_pause(),
            ],
            "bookkeeper": [
                lambda user: self._connection(user).disconnect_from_quickbooks(),
                lambda user: self._connection(user).action_pause(),
            ],
            "auditor": [
                lambda user: export.with_user(user).action_export_now(),
                lambda user: export.with_user(user).action_retry(),
                lambda user: export.with_user(user).action_exclude("no"),
                lambda user: problem.with_user(user).action_retry_all(),
                lambda user: self._connection(user).action_refresh_references(),
            ],
        }
        for role, presses in refused.items():
            for number, press in enumerate(presses):
                with self.subTest(role=role, press=number):
                    with self.assertRaises(AccessError):
                        press(self.users[role])

    def test_other_company_is_not_seen(self):
        """The rows of a company are for its people."""
        other = self.env["res.company"].create({"name": "Other Harbor"})
        foreign = self.env["qbo.connection"]._ensure_for_company(other)
        found = (
            self.env["qbo.connection"].with_user(self.users["administrator"]).search([])
        )
        self.assertNotIn(foreign, found)
        self.assertIn(self.connection, found)

    def _connection(self, user):
        return self.connection.sudo(False).with_user(user)
