"""Refresh Account Mappings: somebody waits until QuickBooks' lists have been read."""

import time

from odoo import fields, models

from .qbo_exceptions import TakesLonger
from .qbo_reference_content import MAPPING_LISTS, PEOPLE_LISTS
from .roles import BOOKKEEPER, check_role

# Beyond that nobody looks at a spinner any more: housekeeping reads the rest.
REFRESH_PATIENCE_S = 30.0


class QboConnection(models.Model):
    _inherit = "qbo.connection"

    def action_refresh_references(self):
        """Button "Refresh Account Mappings": retrieve every list now and say what came.

        :raises AccessError: for others than bookkeepers
        :raises NotConnected, UserError: with what a person has to do
        """
        self.ensure_one()
        check_role(self.env, BOOKKEEPER)
        self._check_connected()
        connection = self.sudo()
        until = time.monotonic() + REFRESH_PATIENCE_S
        try:
            with connection._telling_failures():
                # Customers may be ten thousands: what mapping needs is there before,
                # unless nothing goes before they are known.
                order = [MAPPING_LISTS, PEOPLE_LISTS]
                if not connection.people_checked_at:
                    order.reverse()
                found = {}
                for lists in order:
                    found |= connection._retrieve_lists(lists, until)
        except TakesLonger:
            connection._in_own_env(lambda row: row._read_lists_soon())
            return self._refresh_notification("info", self._takes_longer_words())
        return self._refresh_notification(
            "success",
            self.env._(
                "%(count)s entries, %(inactive)s of them inactive",
                count=sum(rows for rows, _inactive in found.values()),
                inactive=sum(inactive for _rows, inactive in found.values()),
            ),
        )

    def _read_lists_soon(self) -> None:
        """Let housekeeping read every list, however old they are."""
        self.lists_asked = True
        self._housekeeping_at(fields.Datetime.now())

    def _takes_longer_words(self) -> str:
        return self.env._(
            "QuickBooks has many entries: they are being read in the background, and "
            "are here in some minutes."
        )

    def _refresh_notification(self, kind: str, message: str) -> dict:
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
