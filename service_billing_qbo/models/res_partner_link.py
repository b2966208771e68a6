from functools import partial

from odoo import models
from odoo.exceptions import UserError

from ..mappers.names import display_name, free_name, name_key
from ..mappers.text import is_writable
from .roles import BOOKKEEPER, check_role

# The lists over which a DisplayName is unique in QuickBooks.
NAME_LISTS = ("customer", "vendor", "employee")
# What may stand in a customer's way, as the keys of its problems name it.
CUSTOMER_CAUSES = ("ignored", "letters", "match", "name")
# How the key of the question begins who a customer is in another currency.
CURRENCY_KEY = "currency:res.partner:"


class ResPartner(models.Model):
    """Who the customer is in QuickBooks: its name there, and links by people."""

    _inherit = "res.partner"

    def _qbo_check_name(self, prep, name, other=None):
        """Stop a name that QuickBooks cannot take or already has.

        :param other: the ``qbo.currency.customer`` that is to have it, if it is one
        """
        self.ensure_one()
        cause = {"res_model": self._name, "res_id": self.id}
        if not name or (prep.is_us and not is_writable(self.qbo_name or self.name)):
            prep.stop(
                "customer",
                f"customer:letters:{self.id}",
                self.env._(
                    "The name of %(name)s cannot be written in QuickBooks, which"
                    " takes Latin letters only.",
                    name=self.display_name,
                ),
                todo=self.env._("Fill in the Name in QuickBooks."),
                **cause,
            )
            return
        taken = self._qbo_same_names(prep.connection, name).filtered(
            lambda ref: ref.entity != "customer" or ref.qbo_id != prep.binding.qbo_id
        )[:1]
        if taken:
            code = other.currency_id.name if other else ""
            message, todo = self._qbo_taken_words(prep.connection, name, taken, code)
            question = (other or self)._qbo_name_question()
            prep.stop(message=message, todo=todo, **question)

    def _qbo_name_question(self):
        """Return what the problem that QuickBooks has the name already is about.

        :return: kind, key and record of a cause
        :rtype: dict
        """
        self.ensure_one()
        return {
            "kind": "customer",
            "key": f"customer:name:{self.id}",
            "res_model": self._name,
            "res_id": self.id,
        }

    def _qbo_currency_key(self, currency):
        """Return the key of the question who the customer of a currency is.

        :param currency: ``res.currency``
        :rtype: str
        """
        self.ensure_one()
        return f"{CURRENCY_KEY}{self.id}:{currency.name}"

    def _qbo_taken_words(self, connection, name, taken, code=""):
        """Return what to say of a name that QuickBooks has already.

        :param taken: the ``qbo.reference`` that has it
        :param str code: of the currency that the customer is for, if that matters
        :return: what is the matter, and what to do
        :rtype: tuple[str, str]
        """
        kinds = dict(taken._fields["entity"]._description_selection(self.env))
        message = self.env._(
            "QuickBooks has a %(kind)s named %(name)s.",
            kind=kinds[taken.entity].lower(),
            name=taken.display_name,
        )
        free = self._qbo_free_name(connection, name)
        is_of_currency = not code or taken._details().get("currency") == code
        if taken.entity == "customer" and is_of_currency:
            todo = self.env._(
                'Link it, or create the customer as "%(name)s".', name=free
            )
        else:
            todo = self.env._('Create the customer as "%(name)s".', name=free)
        return message, todo

    def _qbo_check_free(self, connection, name):
        """Refuse to make a customer under a name that QuickBooks has already.

        :raise UserError: with a name that is free
        """
        name = display_name(name or "")
        if not name:
            raise UserError(self.env._("Fill in the Name in QuickBooks."))
        taken = self._qbo_same_names(connection, name)[:1]
        if taken:
            words = self._qbo_taken_words(connection, name, taken)
            raise UserError(" ".join(words))

    def _qbo_same_names(self, connection, name):
        """Return what QuickBooks has under this name, case ignored, inactive too.

        :rtype: qbo.reference
        """
        references = (
            self.env["qbo.reference"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("connection_id", "=", connection.id),
                    ("realm_id", "=", connection.realm_id),
                    ("entity", "in", NAME_LISTS),
                    ("deleted", "=", False),
                    ("name", "=ilike", _escape_like(name)),
                ],
                order="active desc, id",
            )
        )
        return references.filtered(lambda ref: name_key(ref.name) == name_key(name))

    def _qbo_free_name(self, connection, name):
        """Return a name to offer that QuickBooks does not have yet.

        :return: the name itself where it is free
        :rtype: str
        """
        return free_name(name, partial(self._qbo_same_names, connection))

    # ---- what people decide -------------------------------------------------

    def _qbo_link_customer(self, connection, reference):
        """Link this customer to one that QuickBooks has; what waited goes on.

        Writes as superuser: whoever calls it for a person has looked at his role.

        :param reference: ``qbo.reference`` of the chosen customer
        :raise UserError: when it cannot be this customer, or QuickBooks is being told
            of it at this moment
        """
        self.ensure_one()
        is_theirs = reference.connection_id == connection and reference._is_usable()
        if reference.entity != "customer" or not is_theirs:
            raise UserError(
                self.env._(
                    "%(name)s cannot be linked: choose an active customer of"
                    " QuickBooks.",
                    name=reference.display_name,
                )
            )
        bindings = self.env["qbo.binding"].sudo()
        record = self._qbo_record_to_link(connection, reference)
        self.env["qbo.export"].sudo()._check_not_under_way(connection, record)
        existing = bindings._find(connection, record, "Customer")
        values = {
            "qbo_id": reference.qbo_id,
            "sync_token": reference.sync_token,
            "linked": True,
            "remote_state": "present",
        }
        if existing:
            existing.write(values)
        else:
            bindings.create(
                {
                    "connection_id": connection.id,
                    "company_id": connection.company_id.id,
                    "realm_id": connection.realm_id,
                    "res_model": record._name,
                    "res_id": record.id,
                    "entity": "Customer",
                    **values,
                }
            )
        matches = self.env["qbo.match"]._rows_of(connection, self)
        # What was decided before, and not applied, would link another one later.
        matches.reference_id = reference
        matches._decide("link")
        # Whom nobody needed is somebody now.
        problems = self.env["qbo.problem"]
        problems._close(connection, [f"customer:superfluous:{reference.qbo_id}"])
        self._qbo_release_waiting(connection)

    def _qbo_record_to_link(self, connection, reference):
        """Return what a QuickBooks customer is linked to: this one, or of a currency.

        Linked already, and the chosen one has another currency: both stay.

        :param reference: ``qbo.reference`` of the chosen customer
        :return: this partner, or its ``qbo.currency.customer``
        """
        binding = self.env["qbo.binding"]._find(connection, self, "Customer")
        code = reference._details().get("currency")
        if not binding or not code:
            return self
        if reference._currency_of(connection, binding.qbo_id) in ("", code):
            return self
        currency = self.env["res.currency"].search([("name", "=", code)])
        others = self.env["qbo.currency.customer"]
        return others._of(connection, self, currency, make=True) if currency else self

    def _qbo_create_as(self, connection, name):
        """Let the customer be created under another name than in Odoo.

        :param str name: the name in QuickBooks
        :raise AccessError: for others than bookkeepers
        :raise UserError: QuickBooks has that name already
        """
        self.ensure_one()
        check_role(self.env, BOOKKEEPER)
        self.check_access("read")
        self._qbo_check_free(connection, name)
        # A bookkeeper says who it is in QuickBooks, also without changing contacts.
        customer = self.sudo().with_company(connection.company_id)
        customer.qbo_name = name if name != self.name else False
        self._qbo_make_customer()
        self._qbo_note_created(connection)
        self._qbo_release_waiting(connection)

    def _qbo_make_customer(self):
        """Take contacts that a bookkeeper sends to QuickBooks as customers in Odoo."""
        self.check_access("read")
        new = self.sudo().filtered(
            lambda partner: (
                not partner.customer_rank and partner == partner.commercial_partner_id
            )
        )
        new.customer_rank = 1

    def _qbo_release_waiting(self, connection):
        """Close what stood in this customer's way and let its exports go."""
        exports = self.env["qbo.export"].sudo()
        # Kept out by a person, and now let in by one.
        exports.search(
            [
                ("connection_id", "=", connection.id),
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("state", "=", "excluded"),
            ]
        )._release()
        keys = [f"customer:{cause}:{self.id}" for cause in CUSTOMER_CAUSES]
        keys += [
            self._qbo_currency_key(currency)
            for currency in self.env["res.currency"].search([])
        ]
        self.env["qbo.problem"]._close(connection, keys)
        # Such as the one it was until now, if that is inactive there.
        self.env["qbo.problem"]._corrected(self)
        exports._enqueue(self, connection)


def _escape_like(text):
    """Return the text as a LIKE pattern that matches only itself.

    :param str text: what to look for
    :rtype: str
    """
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
