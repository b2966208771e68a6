"""Which button of a problem leads to the place that mends it."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .qbo_export import NAME_MODELS
from .qbo_log import SHOWN_DOCUMENTS
from .res_partner_link import CURRENCY_KEY
from .roles import BOOKKEEPER, check_role

# By kind, where the record does not say more; a kind that is not here is mended in
# QuickBooks and tried again.
FIXES = {
    "unmapped": "choose",
    "inactive": "choose",
    "customer": "link",
    "currency": "customer",
    "closed": "configuration",
    "connection": "configuration",
    "number": "renumber",
    "data": "open",
    "changed": "open",
    "unknown": "open",
}
FIX_WORDS = [
    ("choose", "Choose"),
    ("link", "Link"),
    ("customer", "Choose customer"),
    ("match", "Match Customers"),
    ("renumber", "Renumber"),
    ("connect", "Connect to QuickBooks"),
    ("configuration", "Configuration"),
    ("open", "Open"),
]
#: The problem that nothing can be sent at all, as its key names it.
NOT_CONNECTED = "connection:not-connected"
#: The problem that nobody has said that the connected company is the right one.
NOT_CONFIRMED = "connection:not-confirmed"
#: The problem that QuickBooks' customers cannot be read, before which nothing is sent.
NOT_READ = "connection:not-read"
#: Those of them that stop no single export: all waits.
STOP_ALL = (NOT_CONNECTED, NOT_CONFIRMED, NOT_READ)
#: Closed books of what is there already: no setting helps, they must be reopened.
CLOSED_THERE = "closed:there:"
#: Problems of data that a choice mends, as their keys begin.
CHOICES = ("rate", "item-name")
#: Kinds that may be mended in QuickBooks, whatever record they are about.
MENDED_THERE = (
    "changed",
    "closed",
    "connection",
    "currency",
    "feature",
    "inactive",
    "number",
    "subscription",
    "unknown",
)
#: Of the other kinds, how the keys of those begin: refusals of QuickBooks (they begin
#: with the kind), and what is compared with something that can be changed there.
MENDED_THERE_TOO = (
    "class",
    "customer:account.move",
    "customer:name",
    "customer:res.partner",
    "customer:superfluous",
    "data",
    "pdf",
    "rate",
    "taxes",
    "unmapped",
)


def fix_of(kind: str, key: str, res_model: str, res_id: int) -> str | None:
    """Return the button that leads to the place where a cause is mended.

    :param key: of the cause, see ``qbo.problem``
    :param res_model: with ``res_id``, the record that the cause names, perhaps none
    :return: a key of ``FIX_WORDS``; None where nothing in Odoo mends it
    """
    if key == NOT_CONNECTED:
        return "connect"
    if res_model == "qbo.match":
        return "match"
    is_of_customer = res_model == "res.partner"
    fix = FIXES.get(kind)
    if kind == "data" and key.split(":")[0] in CHOICES:
        fix = "choose"
    elif kind == "inactive" and is_of_customer:
        fix = "customer"
    elif kind in ("customer", "currency") and not is_of_customer:
        fix = "open"
    elif key.startswith(CLOSED_THERE):
        fix = None
    if fix in ("link", "customer", "renumber", "open") and not (res_model and res_id):
        return None
    return fix


def may_be_mended_there(kind: str, key: str) -> bool:
    """Return whether Retry all helps: what is mended in Odoo goes by itself."""
    if key in STOP_ALL:
        return False
    begins = (key.split(":")[0], ":".join(key.split(":")[:2]))
    return kind in MENDED_THERE or any(begin in MENDED_THERE_TOO for begin in begins)


class QboProblem(models.Model):
    _inherit = "qbo.problem"

    fix = fields.Selection(FIX_WORDS, compute="_compute_fix")
    retry_helps = fields.Boolean(compute="_compute_fix")
    documents = fields.Char(compute="_compute_documents", help="What it stops.")

    @api.depends("kind", "key", "res_model", "res_id", "closed_at")
    def _compute_fix(self):
        for problem in self:
            is_open = not problem.closed_at
            cause = problem.kind, problem.key
            problem.fix = is_open and fix_of(*cause, problem.res_model, problem.res_id)
            problem.retry_helps = is_open and may_be_mended_there(*cause)

    @api.depends("export_ids.state")
    @api.depends_context("allowed_company_ids", "lang", "uid")
    def _compute_documents(self):
        """Name those that the user may see: several companies may share a customer."""
        exports = self.env["qbo.export"]
        exports.flush_model(["state", "reference"])
        stopped = exports._search(
            [("state", "=", "problem"), ("res_model", "not in", NAME_MODELS)]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT rel.problem_id, count(*),
                       (array_agg(export.reference ORDER BY export.id))[:%s]
                  FROM qbo_export_problem_rel rel
                  JOIN qbo_export export ON export.id = rel.export_id
                 WHERE rel.problem_id IN %s AND export.id IN %s
              GROUP BY rel.problem_id
                """,
                SHOWN_DOCUMENTS,
                tuple(self.ids) or (0,),
                stopped.subselect(),
            )
        )
        found = {id_: (references, count) for id_, count, references in rows}
        in_words = self.env["qbo.log"]._in_words
        for problem in self:
            problem.documents = in_words(*found.get(problem.id, ([], 0)))

    def action_retry_all(self):
        check_role(self.env, BOOKKEEPER)
        return super().action_retry_all()

    def action_fix(self):
        """Open the screen on which the cause is mended."""
        self.ensure_one()
        return self.with_company(self.company_id)._fix_action(
            self.fix, self.key, self.res_model, self.res_id
        )

    @api.model
    def _fix_action(self, fix, key, res_model, res_id):
        """Return the action that opens the place where a cause is mended.

        :param str fix: a key of ``FIX_WORDS``
        :param str key: of the cause
        :return: an action
        :raise UserError: the record is no longer there
        """
        if fix == "choose":
            return self._choose_action(key, res_model, res_id)
        if fix == "match":
            return self.env["qbo.match"].action_open()
        if fix in ("configuration", "connect"):
            return self.env["qbo.connection"].action_open_configuration()
        record = res_model in self.env and self.env[res_model].browse(res_id).exists()
        if not record:
            raise UserError(self.env._("What this is about is no longer in Odoo."))
        if fix in ("link", "customer"):
            return record._qbo_link_action(self._currency_asked_about(key))
        if hasattr(record, "_qbo_shown_on"):
            record = record._qbo_shown_on()
        action = {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
        return self._with_words(action, record) if fix == "renumber" else action

    @api.model
    def _currency_asked_about(self, key):
        """Return the currency in which it is asked who a customer is, or none.

        :param str key: of the cause
        :rtype: res.currency
        """
        currencies = self.env["res.currency"].with_context(active_test=False)
        if not (key or "").startswith(CURRENCY_KEY):
            return currencies
        return currencies.search([("name", "=", key.rpartition(":")[2])], limit=1)

    @api.model
    def _with_words(self, action, document):
        """Say first how a document gets another number; that is Odoo's own way."""
        words = self.env._(
            "Reset %(document)s to draft, change its number and confirm it again: then"
            " it goes to QuickBooks by itself.",
            document=document.display_name,
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "sticky": True,
                "message": words,
                "next": action,
            },
        }

    @api.model
    def _choose_action(self, key, res_model, res_id):
        """Open the choices; only those that matter, where there are any."""
        mappings = self.env["qbo.mapping"]
        action = mappings.action_open()
        shown = Domain(action["domain"])
        begin = (key or "").split(":")[0]
        if begin in CHOICES:
            domain = Domain("res_model", "=", res_model) & Domain("res_id", "=", res_id)
            if row := mappings.search(shown & domain, limit=1):
                chosen = {"search_default_record_name": row.record_name}
                action["context"] = {**action["context"], **_only(""), **chosen}
            return action
        if begin in ("inactive", "foreign"):
            name, domain = (
                "unusable",
                Domain("reference_id.active", "=", False)
                | Domain("reference_id.deleted", "=", True),
            )
        else:
            name, domain = "needed", Domain("needed_count", ">", 0)
        is_there = mappings.search_count(shown & domain, limit=1)
        action["context"] = {**action["context"], **_only(name if is_there else "")}
        return action


def _only(name):
    """Return the context in which Account Mapping opens with one filter, or none.

    :param str name: of a filter of its search view, or empty
    :rtype: dict
    """
    filters = dict.fromkeys(("needed", "without_unneeded"), 0)
    if name:
        filters[name] = 1
    return {f"search_default_{key}": on for key, on in filters.items()}
