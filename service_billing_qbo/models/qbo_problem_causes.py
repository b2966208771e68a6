import logging
from collections.abc import Mapping
from typing import Any

from odoo import api, models

from ..engine.judging import Judgement
from ..mappers.outcome import CLOSED_BOOKS, Cause
from ..quickbooks import QuickBooksError, VaultError
from .qbo_exceptions import NotConnected
from .qbo_reference_content import NAME_LISTS

_logger = logging.getLogger(__name__)

#: Kinds of which one cause stops many documents: the key names the cause. For all
#: others it names the document.
SHARED_KINDS = (
    "closed",
    "connection",
    "feature",
    "inactive",
    "subscription",
    "unmapped",
)
#: Who can mend what QuickBooks refused; a bookkeeper the rest.
TURNS = {
    "connection": "administrator",
    "subscription": "administrator",
    "feature": "administrator",
    "data": "clerk",
}
#: Kinds that the company's preferences decide, which are read once a day.
FACTS_KINDS = {"closed", "currency", "feature"}


class QboProblem(models.Model):
    """What a refusal of QuickBooks means, in words of the person who mends it."""

    _inherit = "qbo.problem"

    @api.model
    def _cause_of(
        self, connection, row: Mapping[str, Any], judgement: Judgement
    ) -> Cause:
        """Return the cause of a refused export.

        :param row: columns of ``qbo.export``
        """
        kind = judgement.problem_kind
        message, todo = self._sentences(row, judgement)
        on_record = kind not in ("connection", "subscription", "feature", "closed")
        return Cause(
            kind=kind,
            key=self._key_of(row, judgement),
            message=message,
            todo=todo,
            res_model=row["res_model"] if on_record else "qbo.connection",
            res_id=row["res_id"] if on_record else connection.id,
            turn=TURNS.get(kind, "bookkeeper"),
        )

    @api.model
    def _key_of(self, row: Mapping[str, Any], judgement: Judgement) -> str:
        kind = judgement.problem_kind
        if kind == "closed":
            return CLOSED_BOOKS
        if kind in ("subscription", "connection"):
            return f"{kind}:{judgement.code}"
        if kind in SHARED_KINDS:
            return f"{kind}:{judgement.code}:{judgement.text}"
        return f"{kind}:{row['res_model']}:{row['res_id']}"

    @api.model
    def _sentences(
        self, row: Mapping[str, Any], judgement: Judgement
    ) -> tuple[str, str]:
        """Return (what happened, what to do)."""
        text = judgement.text
        document = row["reference"] or row["entity"]
        retry_all = self.env._("Fix it in QuickBooks, then Retry all.")
        sentences = {
            "closed": (
                self.env._(
                    "The books are closed. Reopen them in QuickBooks (Account and "
                    "settings > Advanced), or have an administrator choose First open "
                    "day in the Configuration."
                ),
                self.env._("Reopen the books in QuickBooks, then Retry all."),
            ),
            "subscription": (
                self.env._("The QuickBooks subscription has ended."),
                retry_all,
            ),
            "connection": (
                self.env._(
                    "QuickBooks is closed to this company for now: %(text)s", text=text
                ),
                self.env._("Retry all, or connect again."),
            ),
            "feature": (
                self.env._("A feature is off in QuickBooks: %(text)s", text=text),
                retry_all,
            ),
            "inactive": (
                self.env._(
                    "An item, a customer, an account or a term that is used is "
                    "inactive or deleted in QuickBooks, which says: %(text)s",
                    text=text,
                ),
                self.env._("Reactivate it there and Retry all, or choose another."),
            ),
            "unmapped": (
                self.env._(
                    "QuickBooks does not take what was chosen: %(text)s", text=text
                ),
                self.env._("Choose another entry."),
            ),
            "changed": (
                self.env._(
                    "%(document)s was changed in QuickBooks: %(text)s",
                    document=document,
                    text=text,
                ),
                self.env._("Decide which of the two is right, then Retry."),
            ),
        }
        unknown = (
            self.env._(
                "QuickBooks refused %(document)s: %(text)s",
                document=document,
                text=text,
            ),
            self.env._("Open the document, correct it and Retry."),
        )
        return sentences.get(judgement.problem_kind, unknown)

    @api.model
    def _details_of(self, row: Mapping[str, Any], judgement: Judgement) -> str:
        """Return what Intuit's support asks for."""
        parts = [judgement.text, judgement.intuit_tid, row.get("request_id") or ""]
        return "\n".join(part for part in parts if part)

    @api.model
    def _cause_of_look_up(self, row: Mapping[str, Any], judgement: Judgement) -> Cause:
        """QuickBooks may have it, and refuses the question whether it does."""
        return Cause(
            kind="unknown",
            key=f"look-up:{row['res_model']}:{row['res_id']}",
            message=self.env._(
                "QuickBooks does not say whether it has %(document)s: %(text)s",
                document=row["reference"] or row["entity"],
                text=judgement.text,
            ),
            todo=self.env._(
                "Look for it in QuickBooks, then Retry; if that does not help, "
                "exclude it here and enter it there."
            ),
            res_model=row["res_model"],
            res_id=row["res_id"],
        )

    # -- fixed in QuickBooks ---------------------------------------------------------

    def _look_again(self, connection) -> None:
        """Read anew what these were judged by: somebody says it was fixed there.

        Else the exports would be judged by what was read up to a day ago. When it
        cannot be read now, they go on all the same, and QuickBooks judges them.
        """
        try:
            if FACTS_KINDS & set(self.mapped("kind")):
                connection._read_facts("retry")
            for entity, qbo_ids in self._named_references().items():
                rows = connection._read_by_ids(entity, qbo_ids)
                connection._take_changes({entity: rows})
        except (NotConnected, QuickBooksError, VaultError) as error:
            _logger.info("Before a retry of connection %s: %s", connection.id, error)

    def _named_references(self) -> dict[str, list[str]]:
        """Return Ids by Intuit's entity of what is inactive, as the keys name it."""
        found: dict[str, list[str]] = {}
        for problem in self:
            kind, _colon, named = problem.key.partition(":")
            entity, _colon, qbo_id = named.partition(":")
            if kind == "inactive" and qbo_id.isdecimal() and entity in NAME_LISTS:
                found.setdefault(NAME_LISTS[entity].entity, []).append(qbo_id)
        return found

    # -- taken numbers and names ---------------------------------------------------

    @api.model
    def _cause_of_number(
        self, row: Mapping[str, Any], found: Mapping[str, Any]
    ) -> Cause:
        """Another document has this document's number.

        :param found: that document as QuickBooks has it; empty when it was not found
        """
        number = row["doc_number"] or row["reference"]
        customer = (found.get("CustomerRef") or {}).get("name") or "?"
        return Cause(
            kind="number",
            key=f"number:{row['res_model']}:{row['res_id']}",
            message=self.env._(
                "QuickBooks has another invoice %(number)s (%(customer)s, %(total)s).",
                number=number,
                customer=customer,
                total=found.get("TotalAmt", "?"),
            ),
            todo=self.env._("Change the number there or here, then Retry."),
            res_model=row["res_model"],
            res_id=row["res_id"],
        )

    @api.model
    def _cause_of_voided_number(self, row: Mapping[str, Any]) -> Cause:
        """The document was voided before, and its number stays taken."""
        return Cause(
            kind="number",
            key=f"number:{row['res_model']}:{row['res_id']}",
            message=self.env._(
                "QuickBooks keeps the voided invoice %(number)s with its number.",
                number=row["doc_number"] or row["reference"],
            ),
            todo=self.env._(
                "Give the voided one another number in QuickBooks, then Retry."
            ),
            res_model=row["res_model"],
            res_id=row["res_id"],
        )

    @api.model
    def _cause_of_name(
        self, row: Mapping[str, Any], name: str, entity: str, active: bool
    ) -> Cause:
        """QuickBooks has this name already, for something that is not ours.

        :param entity: ``Customer``, ``Vendor``, ``Employee``, or empty when not found
        """
        if row["entity"] == "Item":
            return self._cause_of_item_name(row, name)
        kinds = {
            "Customer": self.env._("customer"),
            "Vendor": self.env._("vendor"),
            "Employee": self.env._("employee"),
        }
        kind = kinds.get(entity, self.env._("customer, vendor or employee"))
        if not active:
            kind = self.env._("inactive %(kind)s", kind=kind)
        return Cause(
            kind="customer",
            key=f"customer:name:{row['res_id']}",
            message=self.env._(
                "QuickBooks has a %(kind)s named %(name)s.", kind=kind, name=name
            ),
            todo=self.env._(
                "Link it, or give the customer another name in QuickBooks."
            ),
            res_model=row["res_model"],
            res_id=row["res_id"],
        )

    @api.model
    def _cause_of_item_name(self, row: Mapping[str, Any], name: str) -> Cause:
        return Cause(
            kind="data",
            key=f"item-name:{row['res_model']}:{row['res_id']}",
            message=self.env._("QuickBooks has an item named %(name)s.", name=name),
            todo=self.env._("Choose that item, or give the product another name."),
            res_model=row["res_model"],
            res_id=row["res_id"],
        )
