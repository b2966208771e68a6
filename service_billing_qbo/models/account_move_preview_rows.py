"""A preview as a bookkeeper reads a document: rows with both systems side by side."""

from odoo import models
from odoo.tools import format_amount

from .account_move_line import TEXT_LINES
from .short_date import short_date

#: Where a payload names an entry of a list, and how that list is called here.
REFERENCES = {
    "CustomerRef": "customer",
    "ItemRef": "item",
    "ClassRef": "class",
    "TaxCodeRef": "tax_code",
    "TxnTaxCodeRef": "tax_code",
    "SalesTermRef": "term",
    "DepartmentRef": "department",
}


class AccountMove(models.Model):
    _inherit = "account.move"

    def _qbo_preview_rows(self, preview):
        """Return the rows of the preview, as values of ``qbo.preview.row``.

        :param preview: DocumentPreview of this document
        :rtype: list[dict]
        """
        self.ensure_one()
        if "Line" not in preview.payload:
            return []
        names = self._qbo_reference_names(preview.payload, preview.before)
        now = self._qbo_texts(preview.payload, names)
        before = self._qbo_texts(preview.before, names) if preview.before else {}
        if "customer" not in now:
            words = self._qbo_customer_foreseen(preview)
            now = {"customer": (self.env._("Customer"), words, None), **now}
        ours = self._qbo_our_texts(preview.payload)
        rows = []
        for key in [*now, *(key for key in before if key not in now)]:
            label, *theirs = now.get(key) or (before[key][0], "", None)
            rows.append(
                self._qbo_preview_row(label, ours.get(key), theirs, before.get(key))
            )
            if before and before.get(key, [None])[1:] != now.get(key, [None])[1:]:
                rows[-1]["preview_mark"] = "changed"
        return rows + self._qbo_preview_sums(preview)

    def _qbo_customer_foreseen(self, preview):
        """Say who becomes the customer of a document whose customer is not there yet.

        :rtype: str
        """
        asks = any(cause.kind in ("customer", "currency") for cause in preview.causes)
        if preview.first and not asks:
            return self.env._("New: %(customer)s", customer=preview.first[-1])
        return self.env._("Not known yet")

    def _qbo_preview_row(self, label, ours, theirs, before):
        odoo_text, odoo_amount = ours or ("", None)
        qbo_text, qbo_amount = theirs
        old_text, old_amount = before[1:] if before else (qbo_text, qbo_amount)
        return {
            "label": label,
            "odoo_text": odoo_text,
            "odoo_amount": self._qbo_money(odoo_amount),
            "qbo_text": _was_will_be(old_text, qbo_text),
            "qbo_amount": _was_will_be(
                self._qbo_money(old_amount), self._qbo_money(qbo_amount)
            ),
            "preview_mark": False,
        }

    def _qbo_money(self, amount):
        if amount is None:
            return ""
        return format_amount(self.env, float(amount), self.currency_id)

    def _qbo_texts(self, payload, names):
        """Return what a payload says, in words.

        :param dict names: name by (list, Id)
        :return: ``{key: (label, text, amount or None)}`` in the order of a document
        :rtype: dict
        """

        def name(part, key):
            return names.get((REFERENCES[key], part.get(key, {}).get("value")), "")

        texts = {
            "customer": (self.env._("Customer"), name(payload, "CustomerRef"), None),
            "number": (self.env._("Number"), payload.get("DocNumber", ""), None),
            "date": (self.env._("Date"), self._qbo_day(payload, "TxnDate"), None),
            "due": (self.env._("Due date"), self._qbo_day(payload, "DueDate"), None),
            "term": (self.env._("Terms"), name(payload, "SalesTermRef"), None),
            "location": (self.env._("Location"), name(payload, "DepartmentRef"), None),
            "class": (self.env._("Class"), name(payload, "ClassRef"), None),
            "currency": (
                self.env._("Currency"),
                payload.get("CurrencyRef", {}).get("value", ""),
                None,
            ),
        }
        texts = {key: row for key, row in texts.items() if row[1]}
        for number, line in enumerate(payload.get("Line", []), 1):
            detail = line.get("SalesItemLineDetail")
            label = self.env._("Line %(number)s", number=number)
            if not detail:
                texts["line", number] = (label, line.get("Description", ""), None)
                continue
            class_ = name(detail, "ClassRef")
            item = name(detail, "ItemRef")
            words = [
                self.env._("Item %(name)s", name=item)
                if item
                else self.env._("No item"),
                class_ and self.env._("class %(name)s", name=class_),
                self._qbo_tax_word(detail, names),
            ]
            text = ", ".join(filter(None, words))
            texts["line", number] = (label, text, line.get("Amount"))
        return texts

    def _qbo_tax_word(self, detail, names):
        code = detail.get("TaxCodeRef", {}).get("value")
        us_codes = {"TAX": self.env._("Taxable"), "NON": self.env._("Not taxable")}
        return us_codes.get(code) or names.get(("tax_code", code), "")

    def _qbo_day(self, payload, key):
        return short_date(self.env, payload[key]) if payload.get(key) else ""

    def _qbo_our_texts(self, payload):
        """Return what Odoo has, by the keys of :meth:`_qbo_texts`.

        :rtype: dict
        """
        texts = {
            "customer": (self._qbo_customer().display_name, None),
            "number": (self.name if self.name not in (False, "/") else "", None),
            "date": (
                self.invoice_date and short_date(self.env, self.invoice_date),
                None,
            ),
            "due": (
                self.invoice_date_due and short_date(self.env, self.invoice_date_due),
                None,
            ),
            "term": (self.invoice_payment_term_id.name or "", None),
            "currency": (self.currency_id.name, None),
        }
        for number, line in enumerate(self._qbo_lines_sent(payload), 1):
            texts["line", number] = self._qbo_line_text(line)
        return texts

    def _qbo_lines_sent(self, payload):
        """Return the lines that stand beside those of the payload, in its order.

        Where another addon adds or leaves out lines they do not pair off: then none
        is shown rather than a wrong one.

        :rtype: list
        """
        lines = [
            line
            for line in self._qbo_lines()
            if line.display_type not in TEXT_LINES or (line.name or "").strip()
        ]
        return lines if len(lines) <= len(payload["Line"]) else []

    def _qbo_line_text(self, line):
        if line.display_type in TEXT_LINES:
            return line.name, None
        name = line.product_id.display_name or line.name or ""
        quantity = f"{line.quantity:g}"
        text = name.split("\n")[0]
        return f"{text} x {quantity}", line._qbo_amount()

    def _qbo_preview_sums(self, preview):
        """Return the rows of tax and total, with what QuickBooks is expected to find.

        :rtype: list[dict]
        """
        rows = []
        sums = (
            (
                self.env._("Sales tax"),
                ", ".join(self.invoice_line_ids.tax_ids.mapped("name")),
                self._qbo_tax(),
                preview.expected_tax,
            ),
            (self.env._("Total"), "", self._qbo_total(), preview.expected_total),
        )
        for label, text, ours, theirs in sums:
            known = theirs is not None
            words = self.env._("Not known yet") if preview.causes else "-"
            if known:
                words = (
                    self.env._("In QuickBooks")
                    if preview.is_there
                    else self.env._("Expected")
                )
            mark = known and ("equal" if theirs == ours else "differs")
            rows.append(
                {
                    "label": label,
                    "odoo_text": text,
                    "odoo_amount": self._qbo_money(ours),
                    "qbo_text": words,
                    "qbo_amount": self._qbo_money(theirs),
                    "preview_mark": mark,
                }
            )
        return rows

    def _qbo_reference_names(self, *payloads):
        """Return the names of all list entries that payloads name, with one query.

        :return: name by (list, Id)
        :rtype: dict
        """
        found = set()
        for payload in payloads:
            parts = [payload, payload.get("TxnTaxDetail", {})]
            parts += [
                line.get("SalesItemLineDetail", {}) for line in payload.get("Line", [])
            ]
            for part in parts:
                for key, entity in REFERENCES.items():
                    if key in part:
                        found.add((entity, part[key]["value"]))
        connection = self.env["qbo.connection"]._for_company(self.company_id)
        references = (
            self.env["qbo.reference"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("connection_id", "=", connection.id),
                    ("realm_id", "=", connection.realm_id),
                    ("entity", "in", list({entity for entity, _id in found})),
                    ("qbo_id", "in", list({qbo_id for _entity, qbo_id in found})),
                ]
            )
        )
        return {
            (row.entity, row.qbo_id): row.full_name or row.name for row in references
        }


def _was_will_be(before, after):
    """Return "was -> will be" where they differ, else the text as it is."""
    if before == after or not before:
        return after
    return f"{before} -> {after or '-'}"
