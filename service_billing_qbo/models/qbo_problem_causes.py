import logging
from collections.abc import Mapping
from datetime import date
from typing import Any

from odoo import api, models
from odoo.tools import formatLang, split_every

from ..engine.judging import Judgement
from ..engine.naming import NOTHING_THERE, named_references
from ..mappers.outcome import CLOSED_BOOKS, Cause
from ..quickbooks import QuickBooksError, VaultError, jsonmoney
from .qbo_change_follow import QUERY_IDS
from .qbo_exceptions import ListsBusy, NotConnected
from .qbo_reference_content import NAME_LISTS
from .short_date import short_date

_logger = logging.getLogger(__name__)

#: Kinds of which one cause stops many documents: the key names the cause. For all
#: others it names the document.
SHARED_KINDS = (
    "closed",
    "connection",
    "feature",
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
#: What is kept of a document that has the number, to link it without asking again.
LINKED_BY = (
    "Id",
    "SyncToken",
    "DocNumber",
    "TxnDate",
    "TotalAmt",
    "Balance",
    "CustomerRef",
    "CurrencyRef",
    "TxnTaxDetail",
    "HomeTotalAmt",
)
#: Kinds that the company's preferences decide, which are read once a day.
FACTS_KINDS = {"closed", "currency", "feature"}


class QboProblem(models.Model):
    """What a refusal of QuickBooks means, in words of the person who mends it."""

    _inherit = "qbo.problem"

    @api.model
    def _causes_of(
        self, connection, row: Mapping[str, Any], judgement: Judgement
    ) -> list[Cause]:
        """Return what stops a refused export: what of it is inactive there, by name.

        :param row: columns of ``qbo.export``
        """
        # In another company that is connected by now its Ids are other entries.
        is_of_realm = row["realm_id"] == connection.realm_id
        if judgement.code in NOTHING_THERE and is_of_realm:
            named = named_references([row["payload_text"]])
            if gone := self.env["qbo.reference"]._unusable_of(connection, named):
                return [self._cause_of_gone(row, reference) for reference in gone]
        return [self._cause_of(connection, row, judgement)]

    @api.model
    def _cause_of_gone(self, row: Mapping[str, Any], reference) -> Cause:
        """The cause that what a refused call names is inactive, or deleted, there."""
        if reference.entity == "customer":
            place = self.env["res.partner"].browse(row["partner_id"])
        else:
            place = self.env["qbo.mapping"].search(
                [
                    "|",
                    ("reference_id", "=", reference.id),
                    ("class_id", "=", reference.id),
                ],
                limit=1,
            )
        return reference._cause_of_unusable(place)

    @api.model
    def _cause_of(
        self, connection, row: Mapping[str, Any], judgement: Judgement
    ) -> Cause:
        """Return the cause of a refused export.

        :param row: columns of ``qbo.export``
        """
        kind = judgement.problem_kind
        message, todo = self._sentences(connection, row, judgement)
        res_model, res_id = row["res_model"], row["res_id"]
        if kind in ("connection", "subscription", "feature", "closed"):
            res_model, res_id = connection._name, connection.id
        elif kind == "customer" and row.get("partner_id"):
            # Whoever is to be linked, or gets another name, is the customer.
            res_model, res_id = "res.partner", row["partner_id"]
        return Cause(
            kind=kind,
            key=self._key_of(row, judgement),
            message=message,
            todo=todo,
            res_model=res_model,
            res_id=res_id,
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
        self, connection, row: Mapping[str, Any], judgement: Judgement
    ) -> tuple[str, str]:
        """Return (what happened, what to do)."""
        text = judgement.text
        document = row["reference"] or row["entity"]
        retry_all = self.env._("Fix it in QuickBooks, then Retry all.")
        sentences = {
            "closed": self._closed_sentences(connection._closed_for(row)),
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
                    "QuickBooks refused %(document)s, because something in it is "
                    "inactive or deleted there: %(text)s",
                    document=document,
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
                self.env._("Decide which of the two is right, then Retry all."),
            ),
        }
        unknown = (
            self.env._(
                "QuickBooks refused %(document)s: %(text)s",
                document=document,
                text=text,
            ),
            self.env._("Open the document, correct it, then Retry export."),
        )
        return sentences.get(judgement.problem_kind, unknown)

    @api.model
    def _closed_sentences(self, closed_until: date | None) -> tuple[str, str]:
        """Return (what happened, what to do) where the books are closed.

        :param closed_until: the last day that is closed, where it is known
        """
        message = self.env._("The books of that date are closed.")
        if closed_until:
            message = self.env._(
                "The books are closed up to and including %(date)s.",
                # As lists and forms write dates, such as "Since" beside it.
                date=short_date(self.env, closed_until),
            )
        todo = self.env._(
            "Reopen the books in QuickBooks (Account and settings > Advanced), then "
            "Retry all; or have an administrator choose First open day in the "
            "Configuration."
        )
        return message, todo

    @api.model
    def _details_of(self, row: Mapping[str, Any], judgement: Judgement) -> str:
        """Return what Intuit's support asks for."""
        parts = [
            str(judgement.fault or judgement.text),
            judgement.intuit_tid,
            row.get("request_id") or "",
        ]
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
                "Look for it in QuickBooks, then Retry all; if that does not help, "
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
                for some in split_every(QUERY_IDS, qbo_ids, list):
                    rows = connection._read_by_ids(entity, some)
                    connection._take_changes({entity: rows})
        except (ListsBusy, NotConnected, QuickBooksError, VaultError) as error:
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
        if found:
            message = self.env._(
                "QuickBooks has another invoice %(number)s (%(customer)s, %(total)s).",
                number=number,
                customer=(found.get("CustomerRef") or {}).get("name") or "?",
                total=self._money_of(found),
            )
            todo = self.env._(
                "Link it if it is this one; else change the number here or there, then"
                " Retry all."
            )
        else:
            message = self.env._(
                "QuickBooks has another document with the number %(number)s.",
                number=number,
            )
            todo = self.env._("Change the number here or there, then Retry all.")
        return Cause(
            kind="number",
            key=f"number:{row['res_model']}:{row['res_id']}",
            message=message,
            todo=todo,
            res_model=row["res_model"],
            res_id=row["res_id"],
            found_text=jsonmoney.dumps(
                {name: found[name] for name in LINKED_BY if name in found}
            )
            if found
            else "",
        )

    @api.model
    def _money_of(self, found: Mapping[str, Any]) -> str:
        """Return the total of a document of QuickBooks as people here write it."""
        code = (found.get("CurrencyRef") or {}).get("value")
        currencies = self.env["res.currency"].with_context(active_test=False)
        currency = code and currencies.search([("name", "=", code)], limit=1)
        return formatLang(
            self.env,
            float(found.get("TotalAmt") or 0),
            currency_obj=currency or self.env.company.currency_id,
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
                "Give the voided one another number in QuickBooks, then Retry all."
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
            message=self.env._(
                "QuickBooks has a %(kind)s named %(name)s.", kind=kind, name=name
            ),
            todo=self.env._(
                "Link it, or give the customer another name in QuickBooks."
            ),
            **self.env[row["res_model"]].browse(row["res_id"])._qbo_name_question(),
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
