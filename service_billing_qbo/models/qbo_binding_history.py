"""What became of a document in QuickBooks stays to be read on it in Odoo.

A document has one link at a time. Voided and posted again it is another document of
QuickBooks: the notes on it say which it was before. A change that went is no news: it
is what was asked for.
"""

from markupsafe import Markup

from odoo import fields, models
from odoo.tools import SQL, float_compare

from .qbo_binding import DOCUMENT_ENTITIES
from .qbo_export import OPEN_STATES
from .qbo_log_document import LINKED

# What notes of one batch do not share.
OF_ONE_NOTE = ("id", "res_id", "body")


class QboBinding(models.Model):
    _inherit = "qbo.binding"

    noted_difference = fields.Float(
        readonly=True, help="The difference that a note on the document tells of."
    )

    def _with_link(self, message: str) -> Markup:
        """Return a sentence with a link that opens the document in QuickBooks."""
        self.ensure_one()
        if self.entity not in DOCUMENT_ENTITIES:
            return Markup("%s") % message
        return Markup("%s (%s)") % (message, self._link())

    def _link(self) -> Markup:
        """Return a document's name there as a link that opens it in QuickBooks."""
        address = self.connection_id._qbo_url(self.entity, self.qbo_id)
        return Markup('<a href="%s" target="_blank">%s</a>') % (address, self._named())

    def _named(self) -> str:
        """Return how QuickBooks names the document: "Invoice 1069"."""
        number = self.doc_number or self.qbo_id
        if self.entity == "Invoice":
            return self.env._("Invoice %(number)s", number=number)
        if self.entity == "CreditMemo":
            return self.env._("Credit memo %(number)s", number=number)
        return self.env._("Payment %(number)s", number=number)

    def _notes_of_export(self, is_new: bool, goes_again: bool) -> list:
        """Return what is worth a note after an answer of QuickBooks.

        :param is_new: QuickBooks has the document for the first time
        :param goes_again: a change is on its way already, a rounding line for one: what
            differs now may be equal in a second
        """
        notes = []
        if is_new and self.remote_state == "present":
            notes.append(
                self.env._("Exported to QuickBooks as %(link)s.", link=self._link())
            )
        if self.remote_state == "voided":
            message = self.env._("Voided in QuickBooks, as it was cancelled here.")
            notes.append(self._with_link(message))
        if self.remote_state == "deleted":
            message = self.env._("Deleted in QuickBooks, as it was cancelled here.")
            notes.append(self._with_link(message))
        if not goes_again and self._is_news_of_difference():
            notes.append(
                self.env._("Total differs: %(totals)s", totals=self._totals_text())
            )
        return notes

    def _is_news_of_difference(self) -> bool:
        """Whether the totals differ, and not as the last note said; remembers it."""
        apart = 0.0
        if self._difference_is_open():
            apart = self.total_difference or self.home_difference
        is_news = float_compare(apart, self.noted_difference, precision_digits=6) != 0
        if is_news:
            self.noted_difference = apart
        return bool(apart) and is_news


class AccountMove(models.Model):
    _inherit = "account.move"

    def _qbo_after_exports(self, connection, bindings, answers):
        result = super()._qbo_after_exports(connection, bindings, answers)
        created, going_again = self._qbo_just_created(connection)
        if self.env.context.get(LINKED):
            created = set()
        bodies = {}
        for id_, binding in bindings.items():
            notes = binding._notes_of_export(id_ in created, id_ in going_again)
            if notes:
                bodies[id_] = Markup(" ").join(notes)
        if bodies:
            self._qbo_log(bodies)
        return result

    def _qbo_log(self, bodies):
        """Put notes on documents: the first as Odoo makes it, the others as copies.

        Odoo's notes of one batch differ in document and text alone (its
        ``_message_log_batch``), yet each takes a fifth of the time of an export.

        :param dict bodies: Markup by id of the document
        """
        paragraphs = {id_: Markup("<p>%s</p>") % body for id_, body in bodies.items()}
        (first_id, first_body), *others = paragraphs.items()
        values = [SQL("%s", (id_, str(body))) for id_, body in others]
        note = self.browse(first_id)._message_log(body=first_body)
        if not others:
            return
        note.flush_recordset()
        columns = SQL(", ").join(
            SQL.identifier(name)
            for name, field in note._fields.items()
            if field.store and field.column_type and name not in OF_ONE_NOTE
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mail_message (res_id, body, %(columns)s)
                SELECT other.res_id, other.body, note.* FROM
                    (SELECT %(columns)s FROM mail_message WHERE id = %(note)s) AS note,
                    (VALUES %(others)s) AS other (res_id, body)
                """,
                columns=columns,
                note=note.id,
                others=SQL(", ").join(values),
            )
        )
        self.invalidate_recordset(["message_ids"], flush=False)

    def _qbo_just_created(self, connection):
        """Return which of these QuickBooks has for the first time, and which go again.

        :param connection: the ``qbo.connection`` whose answers were just written down
        :return: (ids of the first kind, ids of the second kind); one query
        :rtype: tuple[set[int], set[int]]
        """
        rows = (
            self.env["qbo.export"]
            .sudo()
            .search_fetch(
                [
                    ("connection_id", "=", connection.id),
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                ],
                ["res_id", "state", "operation", "done_at"],
                order="id",
            )
        )
        # The newest that is done is the one that was just answered.
        last = {row.res_id: row.operation for row in rows if row.done_at}
        created = {id_ for id_, operation in last.items() if operation == "create"}
        return created, {row.res_id for row in rows if row.state in OPEN_STATES}
