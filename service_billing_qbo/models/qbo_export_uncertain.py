from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.backoff import BackOff

#: The answer came and could not be written down; never a code of Intuit's.
NOT_RECORDED = "NotRecorded"


class QboExport(models.Model):
    """Rows of which nobody can say whether QuickBooks has them, or what they are.

    The former stay to be looked up, whoever lets them go on and however late.
    """

    _inherit = "qbo.export"

    @api.model
    def _keep_uncertain(self, export_id: int, code: str = NOT_RECORDED) -> None:
        """Stopped after it was sent: look it up when it goes on.

        Its ids and payload are still those of the call that was made.

        :param code: why the outcome is unknown
        """
        self.env.cr.execute(
            SQL("UPDATE qbo_export SET check_code = %s WHERE id = %s", code, export_id)
        )
        self._tell_rows([export_id])

    @api.model
    def _stop_look_up(self, connection, row, judgement) -> None:
        """QuickBooks refuses to look for this one: a person must, others go on.

        :param judgement: the ``Judgement`` of the refusal
        """
        Problem = self.env["qbo.problem"]
        Problem._stop_with_followers(
            connection,
            {row["id"]: [Problem._cause_of_look_up(row, judgement)]},
            {row["id"]: Problem._details_of(row, judgement)},
        )
        self._keep_uncertain(row["id"], row["check_code"] or NOT_RECORDED)

    @api.model
    def _put_off_look_ups(self, rows: list[dict], reason: str, pace: BackOff) -> None:
        """Ask for these again after as long as they have been uncertain already.

        :param pace: the shortest and the longest that this may be
        """
        export_ids = [row["id"] for row in rows]
        self.env.cr.execute(
            SQL(
                """
                UPDATE qbo_export
                   SET last_message = %(reason)s,
                       retry_at = %(now)s + LEAST(
                           GREATEST(%(now)s - sent_at, %(shortest)s), %(longest)s)
                 WHERE id = ANY(%(ids)s) AND state = 'checking'
                """,
                reason=reason,
                now=fields.Datetime.now(),
                shortest=timedelta(seconds=pace.first_s),
                longest=timedelta(seconds=pace.longest_s),
                ids=export_ids,
            )
        )
        self._tell_rows(export_ids)

    @api.model
    def _cancel_unknown(self, rows) -> list[dict]:
        """Cancel rows of models that are gone with their addon; return the others.

        Nobody could say any more what is to be sent; what QuickBooks has stays there.
        """
        unknown = self.browse(
            [row["id"] for row in rows if row["res_model"] not in self.env]
        )
        if not unknown:
            return rows
        unknown.write(
            {
                "state": "cancelled",
                "done_at": fields.Datetime.now(),
                "retry_at": False,
                "waits_for_id": False,
                "last_message": self.env._(
                    "The addon of this kind of document is no longer installed."
                ),
            }
        )
        unknown.flush_recordset()
        self.env["qbo.problem"]._settled(unknown.ids)
        return [row for row in rows if row["id"] not in set(unknown.ids)]
