"""Decisions of Match Customers: taken by people, applied row by row."""

from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError

from .counted import counted
from .roles import BOOKKEEPER, check_role

#: So many decisions are applied in one transaction, some seconds long.
AT_ONCE = 100
#: So many refusals are told by name, the others are counted.
TOLD = 5
# What a decision settles, as the keys of a customer's problems name it.
DECIDED_CAUSES = ("match", "ignored")


class QboMatch(models.Model):
    _inherit = "qbo.match"

    def action_accept_confident(self):
        """Decide to link every confident row; nothing is linked yet.

        :raise AccessError: for others than bookkeepers
        """
        check_role(self.env, BOOKKEEPER)
        confident = (self.exists() if self else self._undecided()).filtered(
            lambda row: row.match == "confident" and not row.decision
        )
        confident.decision = "link"
        return self.env["qbo.mapping"]._toast(
            counted(
                len(confident),
                self.env._("1 customer will be linked."),
                self.env._("%(count)s customers will be linked.", count=len(confident)),
            )
        )

    @api.model
    def _undecided(self):
        """Return the rows that the list of the current company shows."""
        connection = self.env["qbo.connection"]._for_company(self.env.company)
        return self.search(
            [
                ("connection_id", "=", connection.id),
                ("realm_id", "=", connection.realm_id),
                ("applied_at", "=", False),
            ]
        )

    def action_apply(self):
        """Do what was decided for the selected rows, or for all.

        Many are applied in parts by the web client, which shows how far it has come.

        :raise AccessError: for others than bookkeepers
        :raise NotConnected: a customer is to be created and QuickBooks not connected
        """
        check_role(self.env, BOOKKEEPER)
        rows = (self.exists() if self else self._undecided()).filtered(
            lambda row: row.decision and not row.applied_at
        )
        if not rows:
            return self.env["qbo.mapping"]._toast(
                self.env._("Nothing to apply: choose a decision for some first.")
            )
        to_create = rows.filtered(lambda row: row.decision == "create")
        for connection in to_create.connection_id.sudo():
            connection._check_connected()
        if len(rows) <= AT_ONCE:
            return self._applied_toast(rows.apply_decisions())
        return {
            "type": "ir.actions.client",
            "tag": "service_billing_qbo.apply_decisions",
            "params": {"ids": rows.ids, "at_once": AT_ONCE},
        }

    def apply_decisions(self):
        """Apply these decisions; one that cannot be applied stops no other.

        :return: how many were linked, to be created and ignored, by decision, and
            ``refused``: a sentence for each that was not applied
        :rtype: dict
        :raise AccessError: for others than bookkeepers
        """
        check_role(self.env, BOOKKEEPER)
        done, refused = Counter(), []
        for row in self.exists():
            if not row.decision or row.applied_at:
                continue
            refusal = row._refusal() or row._apply_guarded()
            if refusal:
                refused.append(refusal)
            else:
                done[row.decision] += 1
        return {**done, "refused": refused}

    @api.model
    def applied_words(self, parts):
        """Say what became of the decisions, for the web client, which applied parts.

        :param list parts: what :meth:`apply_decisions` returned
        :return: the parameters of a notification
        :rtype: dict
        """
        done, refused = Counter(), []
        for part in parts:
            done.update({key: part.get(key, 0) for key in ("link", "create", "ignore")})
            refused += part["refused"]
        return self._applied_toast({**done, "refused": refused})["params"]

    @api.model
    def _applied_toast(self, applied):
        refused = applied["refused"]
        words = self.env._(
            "Linked: %(linked)s. Being created in QuickBooks: %(created)s."
            " Ignored: %(ignored)s. Not applied: %(refused)s.",
            linked=applied.get("link", 0),
            created=applied.get("create", 0),
            ignored=applied.get("ignore", 0),
            refused=len(refused),
        )
        more = len(refused) - TOLD
        told = refused[:TOLD]
        if more > 0:
            told.append(
                counted(
                    more,
                    self.env._("And 1 more."),
                    self.env._("And %(count)s more.", count=more),
                )
            )
        action = self.env["qbo.mapping"]._toast("\n".join([words, *told]))
        if refused:
            # It names what is to be done: it stays until it was read.
            action["params"].update(type="warning", sticky=True)
        return action

    def _refusal(self) -> str:
        """Say why this decision cannot be applied and what to do; empty when it can."""
        self.ensure_one()
        name = self.partner_id.sudo().display_name
        reference = self.reference_id.sudo()
        if self.decision == "link" and not reference:
            return self.env._(
                "%(name)s: choose the QuickBooks customer to link, or decide to create"
                " or ignore it.",
                name=name,
            )
        if self.decision == "link" and not reference._is_usable():
            return self.env._(
                "%(name)s: %(candidate)s cannot be linked. Reactivate it in QuickBooks,"
                " or choose another customer.",
                name=name,
                candidate=reference.display_name,
            )
        bound = self._bound_to()
        if bound and (self.decision, reference.qbo_id) != ("link", bound):
            known = reference._find(self.connection_id.sudo(), "customer", bound)
            return self.env._(
                "%(name)s is %(candidate)s in QuickBooks already. To link another one,"
                " open the customer.",
                name=name,
                candidate=known.display_name or bound,
            )
        return ""

    def _bound_to(self) -> str:
        """Return the Id of the QuickBooks customer that this one is already."""
        return (
            self.env["qbo.binding"]
            ._find(self.connection_id.sudo(), self.partner_id, "Customer")
            .qbo_id
        )

    def _apply_guarded(self) -> str:
        """Apply this decision; say why when it is refused, and leave all as it was."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._apply()
        except UserError as error:
            return f"{self.partner_id.sudo().display_name}: {error}"
        return ""

    def _apply(self):
        self.ensure_one()
        connection = self.connection_id.sudo()
        if self.decision == "link":
            self.partner_id._qbo_link_customer(connection, self.reference_id.sudo())
        elif self.decision == "create" and self.new_name:
            self.partner_id._qbo_create_as(connection, self.new_name)
        elif self.decision == "create":
            self.partner_id.sudo()._qbo_check_free(connection, self.partner_id.name)
            self.partner_id.sudo()._qbo_release_waiting(connection)
        self._decide(self.decision)

    def _decide(self, decision: str) -> None:
        """Take a decision as applied: what waited for it is judged anew.

        :param decision: a value of ``decision``
        """
        rows = self.sudo()
        rows.write({"decision": decision, "applied_at": fields.Datetime.now()})
        for row in rows:
            keys = [f"customer:{cause}:{row.partner_id.id}" for cause in DECIDED_CAUSES]
            self.env["qbo.problem"]._close(row.connection_id, keys)
