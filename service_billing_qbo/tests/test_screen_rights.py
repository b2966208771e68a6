"""Each role sees its menus and presses its buttons, also past the web client."""

from lxml import etree

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
    "menu_root": {"clerk", "bookkeeper", "administrator", "auditor"},
    "menu_customers": {"clerk", "bookkeeper", "administrator", "auditor"},
    "menu_customers_all": {"clerk", "bookkeeper", "administrator", "auditor"},
    "menu_integration": {"bookkeeper", "administrator", "auditor"},
    "menu_overview": {"bookkeeper", "administrator", "auditor"},
    "menu_exports": {"clerk", "bookkeeper", "administrator", "auditor"},
    "menu_problems": {"clerk", "bookkeeper", "administrator", "auditor"},
    "menu_configuration": {"administrator"},
    "menu_mapping": {"bookkeeper", "administrator", "auditor"},
    "menu_log": {"administrator", "auditor"},
    "menu_match": {"bookkeeper", "administrator", "auditor"},
    "menu_references": {"bookkeeper", "administrator", "auditor"},
}
CLERKS = {"clerk", "bookkeeper", "administrator"}
BOOKKEEPERS = {"bookkeeper", "administrator"}
ADMINISTRATORS = {"administrator"}
EVERYBODY = CLERKS | {"auditor"}
OVERSEERS = BOOKKEEPERS | {"auditor"}
NOBODY = set()
# What is decided about a problem.
DECISIONS = {
    "action_fix": CLERKS,
    "action_change_export": BOOKKEEPERS,
    "action_change_keep": BOOKKEEPERS,
    "action_change_unlink": BOOKKEEPERS,
}
# By model and view: each button, or field in a place of its own, with who has it.
SCREENS = {
    ("account.move", "form"): {
        "action_qbo_export_now": CLERKS,
        "action_qbo_retry": CLERKS,
        "action_qbo_preview": CLERKS,
        "action_qbo_open_export": CLERKS | {"auditor"},
        "qbo_doc_number": CLERKS | {"auditor"},
    },
    ("res.partner", "form"): {
        "action_qbo_link": BOOKKEEPERS,
        "action_qbo_unlink": BOOKKEEPERS,
        "action_qbo_refresh_balance": CLERKS,
        "qbo_override_ids": BOOKKEEPERS | {"auditor"},
        "qbo_chosen_customer": CLERKS | {"auditor"},
    },
    ("qbo.export", "list"): {
        "action_retry": CLERKS,
        "action_open_exclude": BOOKKEEPERS,
        "action_preview": CLERKS | {"auditor"},
    },
    ("qbo.export", "form"): {
        "action_export_now": CLERKS,
        "action_open_document": EVERYBODY,
        "action_retry_all": BOOKKEEPERS,
        "action_link_found": BOOKKEEPERS,
        **DECISIONS,
        "action_retry": CLERKS,
        "action_open_exclude": BOOKKEEPERS,
        "action_preview": CLERKS | {"auditor"},
        "payload_text": BOOKKEEPERS | {"auditor"},
    },
    ("qbo.problem", "list"): {
        "action_retry_all": BOOKKEEPERS,
        "action_link_found": BOOKKEEPERS,
        **DECISIONS,
    },
    ("qbo.problem", "kanban"): {
        "action_retry_all": BOOKKEEPERS,
        "action_link_found": BOOKKEEPERS,
        "action_fix": CLERKS,
    },
    ("qbo.problem", "form"): {
        "action_retry_all": BOOKKEEPERS,
        "action_link_found": BOOKKEEPERS,
        # Of the documents that it stops.
        "action_retry": CLERKS,
        "action_preview": CLERKS | {"auditor"},
        "action_open_exclude": BOOKKEEPERS,
        **DECISIONS,
    },
    ("qbo.preview", "form"): {
        "action_fix": CLERKS,
        "action_export_now": CLERKS,
        "payload_text": BOOKKEEPERS | {"auditor"},
    },
    ("qbo.mapping", "list"): {
        "action_refresh_references": BOOKKEEPERS,
        "action_auto_match": BOOKKEEPERS,
        "action_accept_proposals": BOOKKEEPERS,
        "action_create_in_quickbooks": BOOKKEEPERS,
    },
    ("qbo.match", "list"): {
        "action_accept_confident": BOOKKEEPERS,
        "action_apply": BOOKKEEPERS,
    },
    ("qbo.connection", "form"): {
        "action_test": BOOKKEEPERS,
        "action_refresh_references": BOOKKEEPERS,
        "action_edit": ADMINISTRATORS,
        "action_pause": ADMINISTRATORS,
        "action_resume": ADMINISTRATORS,
        "qbo_disconnect": ADMINISTRATORS,
        "qbo_connect": ADMINISTRATORS,
        "action_view_problems": OVERSEERS,
        "action_view_waiting": OVERSEERS,
        "action_export_earlier": BOOKKEEPERS,
        "action_leave_earlier": BOOKKEEPERS,
    },
    ("qbo.connection", "kanban"): {
        "action_test": BOOKKEEPERS,
        "action_refresh_references": BOOKKEEPERS,
        "action_open_own_configuration": ADMINISTRATORS,
        "action_view_waiting": OVERSEERS,
        "action_view_problems": OVERSEERS,
        "action_view_differences": OVERSEERS,
    },
}
# The cog menu of the invoice and its list.
COG = {
    "action_move_export": CLERKS,
    "action_move_retry": CLERKS,
    "action_move_preview": CLERKS | {"auditor"},
    "action_move_open_in_quickbooks": CLERKS | {"auditor"},
    "action_move_exclude": BOOKKEEPERS,
    "action_move_accept_difference": BOOKKEEPERS,
}
# By model: who reads it, and who writes, creates and deletes its rows.
ACCESS = {
    "qbo.app": (NOBODY, NOBODY, NOBODY, NOBODY),
    "qbo.attachment": (EVERYBODY, NOBODY, NOBODY, NOBODY),
    "qbo.binding": (EVERYBODY, NOBODY, NOBODY, NOBODY),
    "qbo.call.count": (OVERSEERS, NOBODY, NOBODY, NOBODY),
    "qbo.change": (ADMINISTRATORS, NOBODY, NOBODY, NOBODY),
    "qbo.change.state": (BOOKKEEPERS, NOBODY, NOBODY, NOBODY),
    "qbo.connection": (OVERSEERS, ADMINISTRATORS, NOBODY, NOBODY),
    "qbo.currency.customer": (EVERYBODY, NOBODY, NOBODY, NOBODY),
    "qbo.custom.field": (OVERSEERS, ADMINISTRATORS, ADMINISTRATORS, ADMINISTRATORS),
    "qbo.drain": (ADMINISTRATORS, NOBODY, NOBODY, NOBODY),
    "qbo.export": (EVERYBODY, NOBODY, NOBODY, NOBODY),
    "qbo.log": (ADMINISTRATORS | {"auditor"}, NOBODY, NOBODY, NOBODY),
    "qbo.log.document": (OVERSEERS, NOBODY, NOBODY, NOBODY),
    "qbo.mapping": (EVERYBODY, BOOKKEEPERS, BOOKKEEPERS, BOOKKEEPERS),
    "qbo.match": (OVERSEERS, BOOKKEEPERS, NOBODY, NOBODY),
    "qbo.problem": (EVERYBODY, NOBODY, NOBODY, NOBODY),
    "qbo.reference": (EVERYBODY, NOBODY, NOBODY, NOBODY),
    "qbo.token": (NOBODY, NOBODY, NOBODY, NOBODY),
    # Dialogs: who opens one fills it in.
    "qbo.accept.difference": (BOOKKEEPERS, BOOKKEEPERS, BOOKKEEPERS, NOBODY),
    "qbo.create.items": (BOOKKEEPERS, BOOKKEEPERS, BOOKKEEPERS, NOBODY),
    "qbo.create.items.row": (BOOKKEEPERS, BOOKKEEPERS, BOOKKEEPERS, NOBODY),
    "qbo.exclude": (BOOKKEEPERS, BOOKKEEPERS, BOOKKEEPERS, NOBODY),
    "qbo.link.customer": (BOOKKEEPERS, BOOKKEEPERS, BOOKKEEPERS, NOBODY),
    "qbo.link.document": (BOOKKEEPERS, BOOKKEEPERS, BOOKKEEPERS, NOBODY),
    "qbo.preview": (EVERYBODY, NOBODY, NOBODY, NOBODY),
    "qbo.preview.cause": (EVERYBODY, NOBODY, NOBODY, NOBODY),
    "qbo.preview.document": (EVERYBODY, NOBODY, NOBODY, NOBODY),
    "qbo.preview.row": (EVERYBODY, NOBODY, NOBODY, NOBODY),
    "qbo.test": (BOOKKEEPERS, BOOKKEEPERS, BOOKKEEPERS, NOBODY),
    "qbo.test.row": (BOOKKEEPERS, BOOKKEEPERS, BOOKKEEPERS, NOBODY),
}
OPERATIONS = ("read", "write", "create", "unlink")


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
        cls.partner = cls.env["res.partner"].create({"name": "Harbor Dental"})

    def test_each_role_sees_its_menus(self):
        """The table of screens, and nobody sees more."""
        for name, roles in MENUS.items():
            menu = self.env.ref(f"service_billing_qbo.{name}")
            for role, user in self.users.items():
                visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
                way = map(int, menu.parent_path.strip("/").split("/"))
                found = all(each in visible for each in way)
                self.assertEqual(found, role in roles, f"{name}, {role}")

    def test_each_role_reads_and_writes_its_models(self):
        """A clerk sees states, no setup; outbox and links are nobody's to write."""
        for model, by_operation in ACCESS.items():
            for operation, roles in zip(OPERATIONS, by_operation, strict=True):
                allowed = {
                    role
                    for role, user in self.users.items()
                    if self.env[model].with_user(user).has_access(operation)
                }
                with self.subTest(model=model, operation=operation):
                    self.assertEqual(allowed, roles)

    def test_every_model_says_who_may_read_and_write_it(self):
        """A new one has to be thought about: it has no row, and this fails."""
        ours = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("qbo.") and not model._abstract
        }
        self.assertEqual(ours, set(ACCESS))

    def test_every_button_says_who_has_it(self):
        """Whatever a screen of ours lets an administrator press has a row."""
        administrator = self.users["administrator"]
        for (model, view_type), table in SCREENS.items():
            if not model.startswith("qbo."):
                continue
            records = self.env[model].with_user(administrator)
            arch = etree.fromstring(records.get_view(view_type=view_type)["arch"])
            pressed = {
                element.get("name")
                for element in arch.iter("button", "a")
                if element.get("type") == "object"
            }
            with self.subTest(screen=f"{model} {view_type}"):
                self.assertFalse(pressed - set(table))

    def test_each_role_has_the_buttons_of_its_screens(self):
        """What a role may not press is not on its screen."""
        for (model, view_type), table in SCREENS.items():
            for role, user in self.users.items():
                records = self.env[model].with_user(user)
                if not records.has_access("read"):
                    continue
                arch = etree.fromstring(records.get_view(view_type=view_type)["arch"])
                found = {
                    element.get("name")
                    for element in arch.iter("button", "field", "widget", "a")
                    if element.get("column_invisible") not in ("1", "True")
                }
                for name, roles in table.items():
                    with self.subTest(
                        screen=f"{model} {view_type}", name=name, role=role
                    ):
                        self.assertEqual(name in found, role in roles)

    def test_each_role_has_its_entries_in_the_cog_menu(self):
        for role, user in self.users.items():
            actions = self.env["ir.actions.actions"].with_user(user)
            found = {
                action["id"]
                for kind in actions.get_bindings("account.move").values()
                for action in kind
            }
            for name, roles in COG.items():
                action = self.env.ref(f"service_billing_qbo.{name}")
                with self.subTest(entry=name, role=role):
                    self.assertEqual(action.id in found, role in roles)

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
                lambda user: self.env["qbo.match"].with_user(user).action_open(),
                lambda user: self.partner.with_user(user).action_qbo_unlink(),
                lambda user: self._mapping(user).action_create_in_quickbooks(),
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
                lambda user: self.partner.with_user(user).action_qbo_unlink(),
                lambda user: self.partner.with_user(user).action_qbo_refresh_balance(),
                lambda user: self._mapping(user).action_create_in_quickbooks(),
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

    def _mapping(self, user):
        return self.env["qbo.mapping"].with_user(user)

    def _connection(self, user):
        return self.connection.sudo(False).with_user(user)
