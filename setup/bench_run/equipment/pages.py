"""Reads pages of invoices as the web client does, with the addon's fields or without.

Part of what ``inside`` offers, and like it runs within an Odoo process.
"""

from lxml import etree

from bench_run.equipment.cost import Cost

#: What Odoo's list shows at once, and how far it counts (list_controller.js).
PAGE, COUNT_LIMIT = 80, 10_001
INVOICES = [("move_type", "=", "out_invoice")]
VIEWS = {"list": "account.view_out_invoice_tree", "form": "account.view_move_form"}
#: The addon's fields on Odoo's own models begin with it.
OURS = "qbo_"


class PageReader:
    """Opens the list and the form of invoices; needs ``env`` and ``_cost``."""

    def settle_copies(self) -> None:
        """Have three of four queued invoices in QuickBooks; the rest waits or failed.

        By the tables alone: what is measured reads them, and nothing is sent.
        """
        self.env.cr.execute(
            "UPDATE qbo_export SET state = (ARRAY['exported', 'exported', 'exported',"
            " CASE WHEN id % 8 = 3 THEN 'waiting' ELSE 'problem' END])[1 + id % 4]"
            " WHERE res_model = 'account.move' AND state = 'waiting'"
        )
        self.env.cr.execute(
            "INSERT INTO qbo_binding (connection_id, company_id, realm_id, res_model,"
            " res_id, entity, qbo_id, doc_number, remote_state)"
            " SELECT e.connection_id, e.company_id, c.realm_id, e.res_model, e.res_id,"
            " 'Invoice', 'copy-' || e.res_id, m.name, 'present' FROM qbo_export e"
            " JOIN qbo_connection c ON c.id = e.connection_id"
            " JOIN account_move m ON m.id = e.res_id"
            " WHERE e.res_model = 'account.move' AND e.state = 'exported'"
            " AND NOT EXISTS (SELECT FROM qbo_binding b"
            " WHERE b.res_model = e.res_model AND b.res_id = e.res_id)"
        )
        self.env.cr.commit()
        self.env.cr.execute("ANALYZE account_move, qbo_export, qbo_binding")

    def open_list(self, ours: bool) -> Cost:
        """Read the first page of the list of invoices; what it cost.

        :param ours: with the QuickBooks columns
        """
        moves = self._moves()
        fields = self._specification("list", ours)
        with self._cost() as cost:
            found = moves.web_search_read(
                INVOICES, fields, limit=PAGE, count_limit=COUNT_LIMIT
            )
        if len(found["records"]) != PAGE:
            raise ValueError(f"only {len(found['records'])} invoices")
        return cost

    def open_form(self, ours: bool) -> Cost:
        """Read one invoice of the page as the form does; what it cost.

        :param ours: with all of the addon's fields
        """
        move = self._moves().search(INVOICES, limit=1)
        fields = self._specification("form", ours)
        self.env.invalidate_all()
        with self._cost() as cost:
            move.web_read(fields)
        return cost

    def _moves(self):
        """The invoices as a person reads them: rights are part of the cost."""
        self.env.invalidate_all()
        user = self.env.ref("base.user_admin")
        return self.env["account.move"].with_user(user)

    def _specification(self, kind: str, ours: bool) -> dict:
        """What the web client asks for: the fields of the view."""
        view = self.env.ref(VIEWS[kind])
        moves = self.env["account.move"].with_user(self.env.ref("base.user_admin"))
        arch = etree.fromstring(moves.get_view(view.id, kind)["arch"])
        return _fields_of(moves, arch, ours)


def _fields_of(model, element, ours: bool) -> dict:
    """The specification of ``web_read`` for the fields below an element of a view."""
    found: dict[str, dict] = {}
    for child in element:
        if child.tag != "field":
            found |= _fields_of(model, child, ours)
            continue
        name = child.get("name")
        if name not in model._fields or (name.startswith(OURS) and not ours):
            continue
        field = model._fields[name]
        found[name] = {}
        if field.relational and field.type != "many2one_reference":
            below = model.env[field.comodel_name]
            nested = [view for view in child if view.tag in ("list", "kanban")]
            shown = _fields_of(below, nested[0], ours) if nested else {}
            found[name] = {"fields": shown or {"display_name": {}}}
    return found
