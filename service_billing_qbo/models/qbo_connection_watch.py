"""The mails and activities that tell people in time, each once."""

import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import formatLang

from .counted import counted
from .qbo_export import OPEN_STATES
from .roles import BOOKKEEPER

_logger = logging.getLogger(__name__)

DIFFERENCE_ACTIVITY = "service_billing_qbo.mail_activity_difference"
DIFFERENCE_EVERY = timedelta(days=1)
READS_WARNINGS_PERCENT = (80, 95)
STALLED_AFTER = timedelta(hours=24)


class QboConnection(models.Model):
    """Tells people early what would go wrong unseen: each event once.

    Called every hour, and soon after a problem opened.
    """

    _inherit = "qbo.connection"

    differences_told_at = fields.Datetime(readonly=True, copy=False)
    reads_warned_month = fields.Date(readonly=True, copy=False)
    reads_warned_percent = fields.Integer(readonly=True, copy=False)
    stalled_told_at = fields.Datetime(readonly=True, copy=False)

    @api.model
    def _cron_tell_people(self) -> None:
        """Look at every connection, one transaction each."""
        cron = self.env["ir.cron"]
        connections = self.search([("accounting_vendor", "=", "quickbooks")])
        cron._commit_progress(remaining=len(connections))
        for connection in connections:
            try:
                connection._in_words_of_company()._tell_what_needs_people()
            except Exception:
                # Whatever is wrong with this one must not keep the others from theirs.
                self.env.cr.rollback()
                _logger.exception("Telling people of %s failed", connection.id)
            if not cron._commit_progress(1):
                break

    def _in_words_of_company(self):
        """Return this connection for work that nobody waits for.

        What is written down then is read by all of its company: it is told in the
        company's language, as no person's is at hand.
        """
        company = self.company_id
        lang = company.partner_id.lang or self.env.lang
        return self.with_company(company).with_context(lang=lang)

    def _kept_reason_of(self, error: Exception) -> str:
        """Return the reason as it is written down, whoever was the first to meet it."""
        return self._in_words_of_company()._reason_of(error)

    def _tell_what_needs_people(self) -> None:
        self.ensure_one()
        self.env["qbo.problem"]._tell_open(self)
        self._tell_differences()
        self._warn_of_reads()
        self._tell_stalled()

    def _mail(self, users, subject, sentences) -> None:
        """Send one mail; it is not kept on a document.

        :param users: who gets it
        :param sentences: one line each
        """
        self.env["mail.thread"].message_notify(
            partner_ids=users.partner_id.ids,
            subject=subject,
            body=Markup("<br/>").join(sentences),
            author_id=self.env.ref("base.partner_root").id,
        )

    def _tell_differences(self) -> None:
        """One activity a day while totals differ, for a bookkeeper; else none."""
        count = self.differs_count
        if not count:
            self.activity_unlink([DIFFERENCE_ACTIVITY])
            return
        now = fields.Datetime.now()
        told = self.differences_told_at
        if self.activity_search([DIFFERENCE_ACTIVITY]) or (
            told and told > now - DIFFERENCE_EVERY
        ):
            return
        administrators = self._administrators()
        bookkeepers = self._people(BOOKKEEPER)
        person = (bookkeepers - administrators)[:1] or bookkeepers[:1]
        self.differences_told_at = now
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            DIFFERENCE_ACTIVITY,
            summary=counted(
                count,
                self.env._("1 total differs"),
                self.env._("%(count)s totals differ", count=count),
            ),
            note=self.env._(
                "Invoices, filter Total differs: see why, then correct or accept each."
            ),
            user_id=person.id or self.env.uid,
        )

    def _warn_of_reads(self) -> None:
        """Tell administrators when 80 and 95 % of the month's free reads are used."""
        month = fields.Date.today().replace(day=1)
        used = self.metered_reads * 100 // self.metered_reads_limit
        warned = self.reads_warned_percent if self.reads_warned_month == month else 0
        due = [
            percent for percent in READS_WARNINGS_PERCENT if warned < percent <= used
        ]
        if not due:
            return
        self.reads_warned_month = month
        self.reads_warned_percent = max(due)
        self._mail(
            self._administrators(),
            self.env._(
                "%(percent)s %% of Intuit's metered reads are used", percent=used
            ),
            [
                self.env._(
                    "%(used)s of %(limit)s reads of this month are used, by all "
                    "companies of this database. Creating documents is not counted.",
                    used=formatLang(self.env, self.metered_reads, digits=0),
                    limit=formatLang(self.env, self.metered_reads_limit, digits=0),
                )
            ],
        )

    def _tell_stalled(self) -> None:
        """Tell administrators when exports wait for a day and nothing gets through."""
        if self.paused:
            return
        before = fields.Datetime.now() - STALLED_AFTER
        exports = self.env["qbo.export"]
        here = [("connection_id", "=", self.id)]
        # What a problem stops is told by the problem.
        states = [state for state in OPEN_STATES if state != "problem"]
        waiting = exports.search_count(
            [*here, ("state", "in", states), ("queued_at", "<=", before)]
        )
        last = exports.search(
            [*here, ("state", "=", "exported")], order="done_at desc", limit=1
        )
        told = self.stalled_told_at
        already = told and (not last.done_at or last.done_at < told)
        if not waiting or already or (last.done_at and last.done_at > before):
            return
        self.stalled_told_at = fields.Datetime.now()
        self._mail(
            self._administrators(),
            self.env._(
                "%(company)s: nothing has reached QuickBooks for 24 hours",
                company=self.company_id.name,
            ),
            filter(
                None,
                [
                    counted(
                        waiting,
                        self.env._("1 export waits."),
                        self.env._("%(count)s exports wait.", count=waiting),
                    ),
                    self._why_held(),
                    self.env._("Open Service Billing > Overview and press Test."),
                ],
            ),
        )
