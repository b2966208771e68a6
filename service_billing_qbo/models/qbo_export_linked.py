"""Links by people and what is on its way to QuickBooks: neither undoes the other."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..mappers.outcome import Cause
from .qbo_export import OPEN_STATES

#: The answer is still to come, or to be looked for: it says who the customer is.
UNDER_WAY = ("sending", "checking")


class QboExport(models.Model):
    """A customer that a person has linked stays linked.

    Nobody links a customer while QuickBooks is being told of it. Where it is not known
    whether QuickBooks has it, and a person has to act, it may be linked all the same:
    then what QuickBooks turns out to have made is superfluous, and people are told.
    """

    _inherit = "qbo.export"

    @api.model
    def _check_not_under_way(self, connection, customer) -> None:
        """Refuse to change the link of a customer while its answer is outstanding.

        Locks its row, so that the drain sends nothing until the caller has committed.

        :param customer: ``res.partner`` or ``qbo.currency.customer``
        :raise UserError: it is being sent, or looked for
        :raise SerializationFailure: the drain was first; a new transaction will see it
        """
        self.flush_model(["state"])
        self.env.cr.execute(
            SQL(
                """
                SELECT state, operation FROM qbo_export
                 WHERE connection_id = %s AND res_model = %s AND res_id = %s
                   AND state IN %s
                   FOR NO KEY UPDATE
                """,
                connection.id,
                customer._name,
                customer.id,
                (*OPEN_STATES, "excluded"),
            ),
            log_exceptions=False,
        )
        for state, operation in self.env.cr.fetchall():
            if state not in UNDER_WAY:
                continue
            name = customer.sudo().display_name
            if operation == "create":
                raise UserError(
                    self.env._(
                        "%(name)s is being created in QuickBooks at this moment. Try"
                        " again in a minute.",
                        name=name,
                    )
                )
            raise UserError(
                self.env._(
                    "%(names)s: QuickBooks is being told just now. Try again in a"
                    " minute.",
                    names=name,
                )
            )

    @api.model
    def _linked_ids(self, connection, rows: list[dict]) -> set[int]:
        """Return the exports of those customers that a person has linked."""
        linked = set()
        customers = [row for row in rows if row["entity"] == "Customer"]
        for res_model in {row["res_model"] for row in customers}:
            of_model = [row for row in customers if row["res_model"] == res_model]
            bindings = self.env["qbo.binding"]._find_many(
                connection, res_model, [row["res_id"] for row in of_model]
            )
            linked |= {
                row["id"]
                for row in of_model
                if row["realm_id"] == connection.realm_id
                and bindings.get(row["res_id"], self.env["qbo.binding"])[:1].linked
            }
        return linked

    @api.model
    def _without_linked(self, connection, rows, answers, known) -> list[dict]:
        """Return the rows whose answers may be written into their bindings.

        Not those of customers that a person has linked with others meanwhile. People
        are told of a customer that was created and that nobody needs.

        :param answers: QuickBooks' objects by export id
        :param known: the bindings so far, by record id
        """
        kept, causes = [], []
        for row in rows:
            binding = known.get(row["res_id"], self.env["qbo.binding"])[:1]
            answer = answers.get(row["id"]) or {}
            is_of_another = (
                row["entity"] == "Customer"
                and binding.linked
                and answer.get("Id", binding.qbo_id) != binding.qbo_id
            )
            if not is_of_another:
                kept.append(row)
            elif row["operation"] == "create":
                causes.append(self._cause_of_superfluous(connection, binding, answer))
        if causes:
            # They stop nothing: whoever has mended one closes it.
            self.env["qbo.problem"]._open_rows(connection, causes, {})
            self.env["qbo.problem"].invalidate_model()
        return kept

    @api.model
    def _cause_of_superfluous(self, connection, binding, answer) -> Cause:
        """QuickBooks made a customer for one that a person linked with another."""
        customer = self.env[binding.res_model].browse(binding.res_id)
        partner = customer if customer._name == "res.partner" else customer.partner_id
        linked = self.env["qbo.reference"]._find(connection, "customer", binding.qbo_id)
        return Cause(
            kind="customer",
            key=f"customer:superfluous:{answer['Id']}",
            message=self.env._(
                "QuickBooks has created a second customer, %(new)s (Id %(id)s):"
                " %(name)s had been linked with %(linked)s, to which its invoices go.",
                new=answer.get("DisplayName") or customer.display_name,
                id=answer["Id"],
                name=customer.display_name,
                linked=linked.display_name or binding.qbo_id,
            ),
            todo=self.env._(
                "Make the one with Id %(id)s inactive in QuickBooks, then Retry all.",
                id=answer["Id"],
            ),
            res_model=partner._name,
            res_id=partner.id,
        )
