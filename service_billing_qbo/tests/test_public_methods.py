"""Whatever the web client can call: who may, and who is refused.

The web client is anybody's: each method without an underscore can be called by each
person with a password, on each record, whatever the screens show.
"""

import inspect

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .books_common import BooksCase

OURS = "odoo.addons.service_billing_qbo"
ROLES = {
    "clerk": "base.group_user,account.group_account_invoice",
    "bookkeeper": "base.group_user,service_billing_qbo.group_bookkeeper",
    "administrator": "base.group_user,service_billing_qbo.group_administrator",
    "auditor": "base.group_user,account.group_account_readonly",
    "employee": "base.group_user",
    "customer": "base.group_portal",
}
ADMINISTRATORS = {"administrator"}
BOOKKEEPERS = {"bookkeeper", *ADMINISTRATORS}
CLERKS = {"clerk", *BOOKKEEPERS}
READERS = {*CLERKS, "auditor"}
# Who sees the connection itself.
OVERSEERS = {*BOOKKEEPERS, "auditor"}
# Only says which screen opens; that screen has rights of its own.
ANYBODY = set(ROLES)

METHODS = {
    "account.move": {
        "action_qbo_accept_difference": BOOKKEEPERS,
        "action_qbo_exclude": BOOKKEEPERS,
        "action_qbo_export_now": CLERKS,
        "action_qbo_export_selected": CLERKS,
        "action_qbo_open": READERS,
        "action_qbo_open_export": READERS,
        "action_qbo_preview": READERS,
        "action_qbo_retry": CLERKS,
        "action_qbo_retry_selected": CLERKS,
        "qbo_alert": READERS,
    },
    "account.partial.reconcile": {
        "action_qbo_export_now": CLERKS,
        "action_qbo_open": READERS,
        "action_qbo_retry": CLERKS,
    },
    "product.template": {
        "action_qbo_export_now": CLERKS,
        "action_qbo_open": READERS,
        "action_qbo_retry": CLERKS,
    },
    "qbo.accept.difference": {"action_accept": BOOKKEEPERS},
    "qbo.connection": {
        "action_confirm_company": ADMINISTRATORS,
        "action_edit": ANYBODY,
        "action_export_earlier": BOOKKEEPERS,
        "action_guide": OVERSEERS,
        "action_guide_leave_earlier": BOOKKEEPERS,
        "action_leave_earlier": BOOKKEEPERS,
        "action_open_configuration": OVERSEERS,
        "action_open_overview": OVERSEERS,
        "action_open_own_configuration": ANYBODY,
        "action_pause": ADMINISTRATORS,
        "action_refresh_references": BOOKKEEPERS,
        "action_resume": ADMINISTRATORS,
        "action_test": BOOKKEEPERS,
        "action_view_differences": OVERSEERS,
        "action_view_problems": ANYBODY,
        "action_view_waiting": ANYBODY,
        "disconnect_from_quickbooks": ADMINISTRATORS,
        "disconnect_question": ADMINISTRATORS,
    },
    "qbo.create.items": {"action_apply": BOOKKEEPERS},
    "qbo.currency.customer": {
        "action_qbo_export_now": CLERKS,
        "action_qbo_open": READERS,
        "action_qbo_retry": CLERKS,
    },
    "qbo.exclude": {"action_exclude": BOOKKEEPERS},
    "qbo.export": {
        "action_exclude": BOOKKEEPERS,
        "action_export_now": CLERKS,
        "action_open_document": READERS,
        "action_open_exclude": BOOKKEEPERS,
        "action_preview": READERS,
        "action_retry": CLERKS,
    },
    "qbo.link.customer": {"action_create_as": BOOKKEEPERS, "action_link": BOOKKEEPERS},
    "qbo.link.document": {"action_link": BOOKKEEPERS},
    "qbo.mapping": {
        "action_accept_proposals": BOOKKEEPERS,
        "action_auto_match": BOOKKEEPERS,
        "action_create_in_quickbooks": BOOKKEEPERS,
        "action_open": READERS,
        "action_open_taxes": READERS,
        "action_refresh_references": BOOKKEEPERS,
    },
    "qbo.match": {
        "action_accept_confident": BOOKKEEPERS,
        "action_apply": BOOKKEEPERS,
        "action_open": OVERSEERS,
        "applied_words": ANYBODY,
        "apply_decisions": BOOKKEEPERS,
        "list_sentence": OVERSEERS,
    },
    "qbo.preview": {"action_export_now": CLERKS},
    "qbo.preview.cause": {"action_fix": READERS},
    "qbo.problem": {
        "action_change_export": BOOKKEEPERS,
        "action_change_keep": BOOKKEEPERS,
        "action_change_unlink": BOOKKEEPERS,
        "action_fix": READERS,
        "action_link_found": BOOKKEEPERS,
        "action_retry_all": BOOKKEEPERS,
    },
    "qbo.test": {"action_test_again": BOOKKEEPERS},
    "qbo.test.row": {"action_fix": BOOKKEEPERS},
    "res.config.settings": {
        "action_qbo_configuration": OVERSEERS,
        "action_qbo_refresh_references": BOOKKEEPERS,
        "action_qbo_test": BOOKKEEPERS,
    },
    "res.partner": {
        "action_qbo_export_now": CLERKS,
        "action_qbo_link": BOOKKEEPERS,
        "action_qbo_open": READERS,
        "action_qbo_refresh_balance": CLERKS,
        "action_qbo_retry": CLERKS,
        "action_qbo_unlink": BOOKKEEPERS,
    },
}
ARGUMENTS = {"action_guide": ["map"], "applied_words": [[]]}
WITH_REASON = {("qbo.export", "action_exclude"): ["Entered by hand."]}


@tagged("post_install", "-at_install")
class TestPublicMethods(BooksCase):
    """A connection that is not connected, so that nothing is sent by who may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, f"public {role}", groups)
            for role, groups in ROLES.items()
        }
        for user in cls.users.values():
            user.write({"company_ids": cls.company.ids, "company_id": cls.company.id})
        # The customer of the documents: Odoo's portal shows them to him.
        cls.users["customer"].partner_id.parent_id = cls.customer

    def make_records(self):
        """One record of each model, in which there is something to decide."""
        own = {
            "connection_id": self.connection.id,
            "realm_id": self.connection.realm_id,
        }
        move = self.invoice()
        self.bind(move, "Invoice", "900", qbo_total=1, odoo_total=2, total_difference=1)
        binding = move.qbo_binding_id
        export = move.qbo_export_id
        export.state = "problem"
        reference = self.reference("customer", "77", "Half Moon Bakery")
        other = self.env["res.partner"].create({"name": "Half Moon Bakery"})
        problem = self.env["qbo.problem"].create(
            {
                "connection_id": self.connection.id,
                "company_id": self.company.id,
                "kind": "changed",
                "key": f"changed:Invoice:{binding.qbo_id}",
                "message": "It was changed.",
                "binding_id": binding.id,
                "opened_at": fields.Datetime.now(),
            }
        )
        self.records = {
            "account.move": move,
            "product.template": self.product.product_tmpl_id,
            "account.partial.reconcile": self.make_application(),
            "qbo.currency.customer": self.env["qbo.currency.customer"]._of(
                self.connection, self.customer, self.env.ref("base.EUR"), make=True
            ),
            "qbo.connection": self.connection,
            "qbo.export": export,
            "qbo.mapping": self.env["qbo.mapping"].search([], limit=1),
            "qbo.match": self.env["qbo.match"].create(
                {
                    **own,
                    "partner_id": other.id,
                    "reference_id": reference.id,
                    "match": "confident",
                    "decision": "link",
                }
            ),
            "qbo.problem": problem,
            "res.partner": self.customer,
        }
        self.wizards = {
            "qbo.accept.difference": {"binding_id": binding.id, "reason": "Right."},
            "qbo.create.items": {"connection_id": self.connection.id},
            "qbo.exclude": {"export_ids": export.ids, "reason": "Entered by hand."},
            "qbo.link.customer": {
                "partner_id": other.id,
                "connection_id": self.connection.id,
                "reference_id": reference.id,
            },
            "qbo.link.document": {"problem_id": problem.id},
            "qbo.preview": {"document_ids": [Command.create({"move_id": move.id})]},
            "qbo.preview.cause": {
                "preview_id": self.env["qbo.preview"].create({}).id,
                "fix": "choose",
            },
            "qbo.test": {"connection_id": self.connection.id},
            "qbo.test.row": {
                "test_id": self.env["qbo.test"]
                .create({"connection_id": self.connection.id})
                .id,
                "label": "Mapped entries",
                "status": "warning",
                "fix": "mapping",
            },
        }
        self.env.flush_all()

    def make_application(self):
        """A credit note that is applied to an invoice."""
        moves = self.invoice() + self.invoice(move_type="out_refund")
        lines = moves.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        lines.reconcile()
        return lines.matched_credit_ids

    def test_every_public_method_says_who_may_call_it(self):
        """A new one has to be thought about: it has no row, and this fails."""
        known = {model: set(methods) for model, methods in METHODS.items()}
        self.assertEqual(public_methods(self.env), known)

    def test_who_may_not_is_refused_past_the_web_client(self):
        """On real records; who may is stopped by nothing but the lost connection."""
        self.make_records()
        wrong = []
        for model, methods in METHODS.items():
            for name, roles in methods.items():
                for role, user in self.users.items():
                    if self.is_refused(model, name, user) != (role not in roles):
                        wrong.append((f"{model}.{name}", role))
        self.assertFalse(wrong, "Refused who may, or the other way round")

    def test_customer_reads_nothing_of_quickbooks_on_his_own_documents(self):
        """The words of a status may name other customers and their totals."""
        self.make_records()
        move = self.records["account.move"]
        records = (move, move.line_ids, self.customer, self.product)
        template = self.product.product_tmpl_id
        for model in (*(record._name for record in records), template._name):
            ours = [name for name in self.env[model]._fields if name.startswith("qbo_")]
            portal = self.env[model].with_user(self.users["customer"])
            self.assertTrue(ours)
            self.assertFalse(portal.fields_get(ours))
        for record in (move, self.customer):
            own = record.with_user(self.users["customer"])
            self.assertTrue(own.has_access("read"))
            with self.assertRaises(AccessError):
                own.read(["qbo_status_text"])
            with self.assertRaises(AccessError):
                own.search([("id", "=", own.id), ("qbo_status", "=", "problem")])

    def is_refused(self, model, name, user) -> bool:
        """Whether a person is refused as having no right to it."""
        arguments = WITH_REASON.get((model, name)) or ARGUMENTS.get(name, [])
        records = self.record(model, user).with_user(user).sudo(False)
        self.env.invalidate_all()
        before = self.env.cr.savepoint()
        try:
            getattr(records, name)(*arguments)
            refused = False
        except UserError as error:
            refused = isinstance(error, AccessError)
        before.close(rollback=True)
        self.env.invalidate_all()
        return refused

    def record(self, model, user):
        """A record for a person: a dialog of his own, if he can open one."""
        if values := self.wizards.get(model):
            dialogs = self.env[model].with_user(user).sudo(False)
            if not dialogs.has_access("create"):
                dialogs = dialogs.sudo()
            return dialogs.create(values)
        return self.records.get(model, self.env[model])


def public_methods(env) -> dict[str, set[str]]:
    """Return the methods that we have added, by model."""
    found = {}
    for model_name, model in env.registry.items():
        if model._abstract:
            continue
        classes = [one for one in model.__mro__ if one.__module__.startswith(OURS)]
        others = [one for one in model.__mro__ if one not in classes]
        names = {
            name
            for one in classes
            for name, value in vars(one).items()
            if not name.startswith("_") and inspect.isfunction(value)
        }
        inherited = {name for name in names for one in others if name in vars(one)}
        if added := names - inherited:
            found[model_name] = added
    return found
