from datetime import timedelta

from odoo import api, fields, models

from .counted import counted
from .qbo_problem_screens import NOT_CONNECTED
from .roles import BOOKKEEPER, CLERK

PROBLEM_ACTIVITY = "service_billing_qbo.mail_activity_problem"
NOTICES_CRON = "service_billing_qbo.ir_cron_notices"
MAIL_EVERY = timedelta(days=1)


class QboProblem(models.Model):
    """Whom an open problem is shown to: one activity, closed by itself.

    Nothing of it happens while documents are sent: opening a problem only calls
    the scheduled action, which gives each open problem its activity once and each
    person one mail a day, however often it runs.
    """

    _name = "qbo.problem"
    _inherit = ["qbo.problem", "mail.thread", "mail.activity.mixin"]
    # Nobody writes problems; those who see one may talk about it.
    _mail_post_access = "read"

    user_id = fields.Many2one(
        "res.users", "Assigned to", readonly=True, ondelete="set null"
    )
    mailed_at = fields.Datetime(readonly=True, help="Last mail that named it.")

    def _opened(self) -> None:
        result = super()._opened()
        if self:
            self.env.ref(NOTICES_CRON).sudo()._trigger()
        return result

    def _closed(self) -> None:
        result = super()._closed()
        if self:
            self.sudo().activity_unlink([PROBLEM_ACTIVITY])
        return result

    @api.model
    def _tell_open(self, connection) -> None:
        """Give each open problem of a connection its activity, and mail once a day."""
        problems = self.search(
            [
                ("connection_id", "=", connection.id),
                ("closed_at", "=", False),
                # Who is to connect was told by the connection, once.
                ("key", "!=", NOT_CONNECTED),
            ],
            order="opened_at, id",
        )
        for problem in problems:
            problem._assign()
        for user, assigned in problems.grouped("user_id").items():
            if user:
                assigned._mail_once_a_day(user)

    def _assign(self) -> None:
        """Give the problem to the person whose turn it is, unless somebody has it."""
        self.ensure_one()
        person = self.user_id.filtered("active") or self._person()
        if not person or self.activity_search([PROBLEM_ACTIVITY]):
            return
        self.user_id = person
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        # The mail of the day tells it; the activity sends none of its own.
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            PROBLEM_ACTIVITY,
            summary=kinds[self.kind],
            note=" ".join(filter(None, [self.message, self.todo])),
            user_id=person.id,
        )

    def _person(self):
        """Return who can mend it: of the role whose turn it is, in this company.

        :rtype: res.users
        """
        self.ensure_one()
        if self.turn == "administrator":
            return self.connection_id._responsible()
        bookkeepers = self.connection_id._people(BOOKKEEPER)
        if self.turn == "clerk":
            # Who queued the document is who made it.
            makers = self.export_ids.create_uid & self.connection_id._people(CLERK)
            return makers[:1] or bookkeepers[:1]
        administrators = self.connection_id._administrators()
        return (bookkeepers - administrators)[:1] or bookkeepers[:1]

    def _mail_once_a_day(self, user) -> None:
        """Mail a person about what is open, unless it was done within a day.

        An ended subscription stops everything: all administrators are told.

        No amounts and no texts of QuickBooks: a mail is read by others, too.
        """
        now = fields.Datetime.now()
        if any(each.mailed_at and each.mailed_at > now - MAIL_EVERY for each in self):
            return
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        counts = [
            counted(
                problem.export_count,
                self.env._("%(problem)s: stops 1 export", problem=kinds[problem.kind]),
                self.env._(
                    "%(problem)s: stops %(count)s exports",
                    problem=kinds[problem.kind],
                    count=problem.export_count,
                ),
            )
            for problem in self
        ]
        told = user
        if "subscription" in self.mapped("kind"):
            told |= self.connection_id._administrators()
        self.connection_id._mail(
            told,
            counted(
                len(self),
                self.env._(
                    "%(company)s: 1 problem stops exports to QuickBooks",
                    company=self.connection_id.company_id.name,
                ),
                self.env._(
                    "%(company)s: %(count)s problems stop exports to QuickBooks",
                    company=self.connection_id.company_id.name,
                    count=len(self),
                ),
            ),
            [
                *counts,
                self.env._("Open Service Billing > Problems to see what to do."),
            ],
        )
        self.mailed_at = now
