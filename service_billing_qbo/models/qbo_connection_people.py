from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .counted import counted
from .qbo_connection_checks import Facts
from .qbo_connection_housekeeping import HOUSEKEEPING_CRON
from .qbo_exceptions import ListsBusy

#: Until they are known, reading the customers is tried again so often.
TRY_AGAIN_AFTER = timedelta(minutes=5)


class QboConnection(models.Model):
    """Nothing goes to a QuickBooks company before its customers are known.

    Who is there already would be made a second time. Housekeeping reads them right
    after connecting; that takes seconds, minutes where there are ten thousands.
    """

    _inherit = "qbo.connection"

    def _may_send(self):
        return super()._may_send() and bool(self.people_checked_at)

    def _why_held(self):
        held = super()._why_held()
        if held or self.people_checked_at:
            return held
        return self.env._(
            "QuickBooks' customers are being read. Exporting begins when they are "
            "known."
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
            return (
                "warning",
                self.env._("QuickBooks' customers have not been read yet."),
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
