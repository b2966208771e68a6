"""Which choices the waiting documents need, and what a choice releases."""

from collections import Counter

from odoo import api, models

from .qbo_export import OPEN_STATES

#: Problems of data that another choice mends, as their keys begin: a tax code of
#: another rate, tax codes that no single one holds, lines that are not taxable,
#: several classes, an item of the product's name.
MENDED_BY_CHOICE = ("rate", "taxes", "tax", "class", "item-name")
# How many waiting documents are looked at; the oldest stand for the rest.
DOCUMENT_LIMIT = 2000


class QboMapping(models.Model):
    _inherit = "qbo.mapping"

    # ---- the list shows what is missing -------------------------------------

    @api.model
    def _refresh_needed(self, connection):
        """Bring the list in line with what waiting documents need.

        Rows are made for what nobody chose yet, and empty rows that nothing
        needs any more go, but for the usual ones.

        :param connection: the ``qbo.connection``
        """
        if not connection.realm_id:
            return
        needs = self._needs(connection)
        usual = self._usual_places(connection)
        rows = {(row.kind, *row._place()): row for row in self._all_rows(connection)}
        missing = [place for place in {*needs, *usual} if place not in rows]
        self.sudo().create(
            [
                {
                    "connection_id": connection.id,
                    "realm_id": connection.realm_id,
                    "kind": kind,
                    "res_model": res_model,
                    "res_id": res_id,
                    "billing_type": billing_type,
                    "needed_count": needs[kind, res_model, res_id, billing_type],
                }
                for kind, res_model, res_id, billing_type in missing
            ]
        )
        for place, row in rows.items():
            if row.needed_count != needs[place]:
                row.needed_count = needs[place]
        self.browse().concat(
            *(
                row
                for place, row in rows.items()
                if not row.reference_id
                and not row.class_id
                and place not in needs
                and place not in usual
            )
        ).unlink()

    @api.model
    def _all_rows(self, connection):
        """Return every row of the present realm, as superuser.

        :rtype: qbo.mapping
        """
        return self.sudo().search(
            [
                ("connection_id", "=", connection.id),
                ("realm_id", "=", connection.realm_id or ""),
            ]
        )

    @api.model
    def _needs(self, connection, limit=DOCUMENT_LIMIT):
        """Count the waiting documents by the choice they lack.

        :param int limit: how many documents are looked at, the oldest first
        :return: ``{(kind, res_model, res_id, billing_type): documents}``
        :rtype: collections.Counter
        """
        exports = (
            self.env["qbo.export"]
            .sudo()
            .search(
                [
                    ("connection_id", "=", connection.id),
                    ("res_model", "=", "account.move"),
                    ("state", "in", OPEN_STATES),
                ],
                order="id",
                limit=limit,
            )
        )
        moves = (
            self.env["account.move"].sudo().browse(exports.mapped("res_id")).exists()
        )
        needs = Counter()
        connection = connection._reading_once()
        for move in moves.with_company(connection.company_id):
            needs.update(move._qbo_needs(connection))
        return needs

    @api.model
    def _usual_places(self, connection):
        """Return the places that the list always shows, needed or not.

        :rtype: set[tuple]
        """
        companies = connection._companies()
        types = self._fields["billing_type"]._description_selection(self.env)
        places = {("item", "", 0, key) for key, _label in types}
        terms = self.env["account.payment.term"].search(
            [("company_id", "in", [False, *companies.ids])]
        )
        places |= {("term", terms._name, term.id, False) for term in terms}
        taxes = self.env["account.tax"].search(
            [
                *self.env["account.tax"]._check_company_domain(companies),
                ("type_tax_use", "=", "sale"),
            ]
        )
        if connection.tax_model == "global":
            places.add(("tax_code", "account.tax", 0, False))
        # Without sales tax in QuickBooks a tax goes as a line: it needs an item.
        kind = "item" if connection.tax_model == "us_none" else "tax_code"
        places |= {(kind, taxes._name, tax.id, False) for tax in taxes}
        places |= {
            ("item", "product.category", category_id, False)
            for category_id in self._sale_category_ids(companies)
        }
        if connection._prefs().track_departments:
            journals = self.env["account.journal"].search(
                [("company_id", "in", companies.ids), ("type", "=", "sale")]
            )
            places |= {("department", journals._name, j.id, False) for j in journals}
            places |= {("department", c._name, c.id, False) for c in companies}
        return places

    @api.model
    def _sale_category_ids(self, companies):
        """Return the product categories of what these companies sell.

        With those above them, where a choice counts as well.

        :rtype: set[int]
        """
        groups = (
            self.env["product.template"]
            .sudo()
            ._read_group(
                [
                    ("sale_ok", "=", True),
                    ("categ_id", "!=", False),
                    ("company_id", "in", [False, *companies.ids]),
                ],
                ["categ_id"],
            )
        )
        paths = [category.parent_path for (category,) in groups]
        return {int(id_) for path in paths for id_ in path.split("/") if id_}

    # ---- what a choice releases ---------------------------------------------

    def _after_choice(self):
        """Let the documents go that waited for these choices, and say how many."""
        released = self.env["qbo.export"].sudo()
        for connection in self.sudo().connection_id:
            rows = self.filtered(lambda row, c=connection: row.connection_id == c)
            released |= rows.sudo()._release_waiting(connection)
        self.env["qbo.problem"]._tell_released(released)

    def _release_waiting(self, connection):
        """Let the exports go that these rows may have mended.

        :return: the exports that were stopped and go on
        """
        problems = self.env["qbo.problem"].search(
            [
                ("connection_id", "=", connection.id),
                ("kind", "in", ("unmapped", "inactive", "feature", "data")),
                ("closed_at", "=", False),
            ]
        )
        if not problems:
            return problems.export_ids
        settled = problems.filtered(
            lambda problem: self._is_settled(connection, problem)
        )
        released = settled._close_all()
        # The rest may be mended for some of the documents: they are judged anew.
        maybe = (problems - settled).filtered(lambda problem: self._may_mend(problem))
        return released | maybe._judge_anew()

    def _is_settled(self, connection, problem):
        """Tell whether a choice now exists for what the problem's key names.

        :rtype: bool
        """
        kind, *place = problem.key.split(":")
        if kind == "item-name":
            # It stops the making of an item, which a choice makes needless.
            record = self.env["product.template"].browse(int(place[-1]))
            return bool(self._resolve(connection, "item", record).reference_id)
        # A key that QuickBooks' own refusal made names no place.
        kinds = self._fields["kind"].get_values(self.env)
        if problem.kind != "unmapped" or kind not in kinds or len(place) != 2:
            return False
        name, value = place
        if name == "type":
            return bool(
                self._resolve(connection, kind, self.browse(), value).reference_id
            )
        record = self.env[name].browse(int(value))
        if name == "product.template":
            places = record._qbo_places() if record.exists() else []
            rows = self._rows(connection, kind, places) if places else {}
            return any(row.reference_id for row in rows.values())
        return bool(self._resolve(connection, kind, record).reference_id)

    def _may_mend(self, problem):
        """Tell whether these rows can have mended a problem for some documents.

        :rtype: bool
        """
        if problem.kind in ("inactive", "feature"):
            return True
        begin, *_place = problem.key.split(":")
        if problem.kind == "data":
            return begin in MENDED_BY_CHOICE
        # A refusal of QuickBooks names no place: any choice may be the one it means.
        is_refusal = begin == "unmapped"
        return is_refusal or "customer" in self.mapped("level")
