from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ..mappers.outcome import Cause
from ..quickbooks import QuickBooksError
from .counted import counted
from .error_words import words_of
from .qbo_connection_checks import Facts
from .qbo_connection_housekeeping import HOUSEKEEPING_CRON
from .qbo_exceptions import ListsBusy
from .qbo_problem_screens import NOT_READ
from .qbo_reference_content import PEOPLE_LISTS

#: Until they are known, reading the customers is tried again so often.
TRY_AGAIN_AFTER = timedelta(minutes=5)
#: So many failures in a row are a problem: the first may be over the next time.
PROBLEM_AFTER = 2


class QboConnection(models.Model):
    """Nothing goes to a QuickBooks company before its customers are known.

    Who is there already would be made a second time. Housekeeping reads them right
    after connecting; that takes seconds, minutes where there are ten thousands.
    """

    _inherit = "qbo.connection"

    people_failure = fields.Char(
        readonly=True,
        copy=False,
        help="Why QuickBooks' customers could not be read when it was tried last.",
    )
    people_failure_count = fields.Integer(readonly=True, copy=False)

    def _may_send(self):
        return super()._may_send() and bool(self.people_checked_at)

    def _why_held(self):
        held = super()._why_held()
        if held or self.people_checked_at:
            return held
        if self.people_failure:
            begins = self.env._("Exporting begins when they are known.")
            return f"{self._unread_words()} {begins}"
        return self.env._(
            "QuickBooks' customers are being read. Exporting begins when they are "
            "known."
        )

    # -- when they cannot be read ------------------------------------------------

    def _retrieve_lists(self, entities, until=None):
        # Not in the caller's transaction, which may begin after the lists are kept.
        with self._own_env() as env:
            realm_id = self.with_env(env).realm_id
        try:
            return super()._retrieve_lists(entities, until)
        except QuickBooksError as error:
            is_of_people = set(PEOPLE_LISTS).intersection(entities)
            if is_of_people and not self._ends_authorization(error):
                note = partial(type(self)._note_unread, error=error, realm_id=realm_id)
                self._in_own_env(note)
            raise

    def _note_unread(self, error: QuickBooksError, realm_id: str) -> None:
        """Write down why exporting does not begin, and let Problems say it.

        :param realm_id: of the company that was read
        """
        if self.realm_id != realm_id or self.people_checked_at:
            return
        connection = self._in_words_of_company()
        connection.people_failure = connection._why_unread(error)
        connection.people_failure_count += 1
        connection._follow_problem()

    def _why_unread(self, error: QuickBooksError) -> str:
        if self.metered_reads >= self.metered_reads_limit:
            return self.env._(
                "Intuit's metered reads of this month are used up. They begin anew on "
                "the first of the next month."
            )
        words = words_of(self.env, error)
        return words if words.endswith(".") else f"{words}."

    def _unread_words(self) -> str:
        return self.env._(
            "QuickBooks' customers, vendors and employees cannot be read: %(reason)s",
            reason=self.people_failure,
        )

    def _is_unreadable(self) -> bool:
        """Whether exporting does not begin, and people have to know why."""
        return (
            self.state == "connected"
            and not self.people_checked_at
            and self.people_failure_count >= PROBLEM_AFTER
        )

    def _cause_of_unreadable(self) -> Cause:
        return Cause(
            kind="connection",
            key=NOT_READ,
            message=self._unread_words(),
            todo=self.env._(
                "Mend the cause. It is tried again every few minutes; Refresh Account"
                " Mappings in the Configuration tries it now."
            ),
            res_model=self._name,
            res_id=self.id,
            turn="administrator",
        )

    def _check_still(self, realm_id: str) -> None:
        """Keep nothing that was read of a QuickBooks company that is no longer ours.

        :raises ListsBusy: another company was connected while that one was read
        """
        if self.realm_id != realm_id:
            raise ListsBusy(
                self.env._(
                    "Another QuickBooks company was connected meanwhile. Try again."
                )
            )

    def _look_after(self):
        if self.state == "connected" and not self.people_checked_at:
            # In a cursor of its own: what follows writes the connection in another.
            self._in_own_env(
                lambda connection: (
                    connection.env.ref(HOUSEKEEPING_CRON)
                    .sudo()
                    ._trigger(at=fields.Datetime.now() + TRY_AGAIN_AFTER)
                )
            )
        return super()._look_after()

    def _checks(self):
        return [
            *super()._checks(),
            ("customers", self.env._("Customers"), self._check_customers),
        ]

    def _check_customers(self, _facts: Facts):
        if not self.people_checked_at:
            unread = self.env._("QuickBooks' customers have not been read yet.")
            return (
                "warning",
                self._unread_words() if self.people_failure else unread,
                self.env._("Press Refresh Account Mappings."),
                "refresh",
            )
        count = self.env["qbo.match"]._count_to_decide(self)
        if not count:
            found = self.env._("No unlinked customer resembles one of QuickBooks.")
            return "passed", found, ""
        found = counted(
            count,
            self.env._("1 customer may be in QuickBooks already."),
            self.env._(
                "%(count)s customers may be in QuickBooks already.", count=count
            ),
        )
        todo = self.env._("Decide in Match Customers: till then their invoices wait.")
        return "warning", found, todo, "match"


class QboExport(models.Model):
    _inherit = "qbo.export"

    @api.model
    def _may_send_sql(self) -> SQL:
        # Else a lane would come back every few seconds, and send nothing each time.
        return SQL(
            "%s AND connection.people_checked_at IS NOT NULL", super()._may_send_sql()
        )
