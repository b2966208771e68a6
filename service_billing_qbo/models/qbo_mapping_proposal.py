"""Proposals: which entry of QuickBooks a record of Odoo probably is, and why."""

from odoo import api, models

from ..mappers.proposals import Wanted, propose
from .counted import counted
from .roles import BOOKKEEPER, check_role


class QboMapping(models.Model):
    _inherit = "qbo.mapping"

    def action_refresh_references(self):
        """Read QuickBooks' lists again, then look what the mapping lacks."""
        connection = self._connection_of_screen()
        action = connection.action_refresh_references()
        self._refresh_needed(connection)
        return action

    def action_auto_match(self):
        """Propose an entry for every row without one; nothing is chosen yet."""
        connection = self._connection_of_screen()
        self._refresh_needed(connection)
        rows = self._all_rows(connection).filtered(lambda row: not row.reference_id)
        rows._propose()
        return self._toast(rows._proposed_words())

    def _proposed_words(self):
        """Return what was proposed for these rows, and what of it is waited for.

        :rtype: str
        """
        count = len(self.filtered("proposal_id"))
        words = [
            counted(
                count,
                self.env._("1 proposal found."),
                self.env._("%(count)s proposals found.", count=count),
            )
        ]
        if missing := self.filtered("needed_count"):
            words.append(
                self.env._(
                    "Missing entries: %(missing)s, of them with a proposal: %(found)s.",
                    found=len(missing.filtered("proposal_id")),
                    missing=len(missing),
                )
            )
        if count:
            words.append(self.env._("Select rows, then Accept proposals."))
        return " ".join(words)

    def action_accept_proposals(self):
        """Choose what was proposed, for the selected rows.

        :raise AccessError: for others than bookkeepers
        """
        check_role(self.env, BOOKKEEPER)
        accepted = self.filtered(lambda row: row.proposal_id and not row.reference_id)
        for row in accepted:
            row.write({"reference_id": row.proposal_id.id})
        return self._toast(
            counted(
                len(accepted),
                self.env._("1 proposal accepted."),
                self.env._("%(count)s proposals accepted.", count=len(accepted)),
            )
        )

    @api.model
    def _connection_of_screen(self):
        """Return the current company's connection, for a bookkeeper.

        :raise AccessError: for anybody else
        :raise NotConnected: when the company uses no accounting vendor yet
        """
        check_role(self.env, BOOKKEEPER)
        connections = self.env["qbo.connection"]
        connection = connections._for_company(self.env.company)
        if not connection:
            connections._ensure_own(self.env.company)._check_connected()
        return connection

    @api.model
    def _toast(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _propose(self):
        """Write a proposal on each of these rows that has a likely entry.

        :return: number of rows with a proposal
        :rtype: int
        """
        count = 0
        for connection in self.connection_id:
            for kind in {row.kind for row in self}:
                rows = self.filtered(
                    lambda row, c=connection, k=kind: (
                        row.connection_id == c and row.kind == k
                    )
                )
                candidates = self._candidates(connection, kind)
                count += sum(row._propose_from(connection, candidates) for row in rows)
        return count

    def _propose_from(self, connection, candidates):
        self.ensure_one()
        proposal = propose(self._wanted(connection), candidates)
        reasons = {
            "sku": self.env._("same internal reference"),
            "name": self.env._("same name"),
            "similar": self.env._("similar name"),
            "rate": self.env._("same rate"),
            "days": self.env._("same number of days"),
            "taxable": self.env._("by its rate"),
        }
        self.sudo().write(
            {
                "proposal_id": proposal.candidate_id if proposal else False,
                "proposal_reason": reasons[proposal.reason] if proposal else False,
            }
        )
        return bool(proposal)

    def _wanted(self, connection):
        """Return what is known of the Odoo record to find its entry by.

        :rtype: mappers.proposals.Wanted
        """
        self.ensure_one()
        record = self._record() if self.res_model and self.res_id else None
        name = (record.name if record and "name" in record else "") or self.record_name
        wanted = {"name": name or ""}
        if self.level == "product" and record:
            wanted["sku"] = record.default_code or ""
        elif self.level == "term" and record:
            wanted.update(days=record._qbo_days(), exact=True)
        elif self.level == "tax":
            tax = record or self.env["account.tax"]
            rate = tax._qbo_rate()
            if connection.tax_model == "us_automated":
                wanted = {
                    "name": "",
                    "taxable": bool(rate) or tax.amount_type == "code",
                }
            else:
                wanted["rate"] = rate
        return Wanted(**wanted)

    @api.model
    def _candidates(self, connection, kind):
        """Return the active entries of one list.

        :rtype: list[mappers.proposals.Candidate]
        """
        references = self._active_references(connection, kind)
        rates = (
            self.env["account.tax"]._qbo_rates(connection) if kind == "tax_code" else {}
        )
        return [reference._qbo_candidate(rates) for reference in references]
