from odoo import models

from .counted import counted
from .qbo_connection_checks import Facts
from .short_date import short_date


class QboConnection(models.Model):
    """Test, what concerns the books: closed periods, credits, and what is mapped."""

    _inherit = "qbo.connection"

    def _checks(self):
        return [
            *super()._checks(),
            ("mapping", self.env._("Mapped entries"), self._check_mapping),
            ("locations", self.env._("Locations"), self._check_locations),
            ("closed_books", self.env._("Closed books"), self._check_closed_books),
            ("auto_credits", self.env._("Automatic credits"), self._check_auto_credits),
        ]

    def _mappings(self, domain):
        """Return the choices made for the company connected now."""
        return (
            self.env["qbo.mapping"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("connection_id", "=", self.id),
                    ("realm_id", "=", self.realm_id),
                    *domain,
                ]
            )
        )

    def _check_mapping(self, _facts: Facts):
        # Looked at anew: since the list was opened last documents have come.
        missing = len(self.env["qbo.mapping"]._needs(self))
        mapped = self._mappings([("reference_id", "!=", False)])
        gone = mapped.filtered(lambda mapping: not mapping.reference_id._is_usable())
        if missing and not gone:
            return (
                "warning",
                self.env._("%(count)s missing", count=missing),
                self.env._("Map what the waiting invoices need in Account Mapping."),
                "mapping",
            )
        if not mapped:
            return (
                "warning",
                self.env._("Nothing is mapped yet."),
                self.env._("Choose items and taxes before the first invoice waits."),
                "mapping",
            )
        if not gone:
            found = self.env._("%(count)s, all active", count=len(mapped))
            return "passed", found, ""
        return (
            "failed",
            self.env._(
                "Inactive in QuickBooks: %(count)s of %(total)s, such as %(example)s",
                count=len(gone),
                total=len(mapped),
                example=gone[0].reference_id.full_name,
            ),
            self.env._("Reactivate them there, or choose others in Account Mapping."),
            "mapping",
        )

    def _check_locations(self, facts: Facts):
        chosen = [("kind", "=", "department"), ("reference_id", "!=", False)]
        if facts.prefs.track_departments:
            if self._mappings(chosen):
                return "passed", self.env._("On"), ""
            found = self.env._("On in QuickBooks, none is chosen in Account Mapping.")
            return "passed", found, ""
        if not self._mappings(chosen):
            return "passed", self.env._("Off in QuickBooks, not used."), ""
        return (
            "failed",
            self.env._("Off"),
            self.env._(
                "Turn on Track locations in QuickBooks (Account and settings > "
                "Advanced), or remove the locations in Account Mapping."
            ),
            "mapping",
        )

    def _check_closed_books(self, facts: Facts):
        closed_until = facts.prefs.book_close_date
        if not closed_until:
            return "passed", self.env._("The books are open."), ""
        older = self._waiting_until(closed_until)
        date = short_date(self.env, closed_until)
        found = counted(
            older,
            self.env._(
                "Closed up to and including %(date)s, 1 waiting is dated in it.",
                date=date,
            ),
            self.env._(
                "Closed up to and including %(date)s, %(count)s waiting are dated in "
                "it.",
                date=date,
                count=older,
            ),
        )
        if not older or self.closed_books_policy == "first_open_day":
            return "passed", found, ""
        return (
            "warning",
            found,
            self.env._(
                "Reopen them in QuickBooks (Account and settings > Advanced), "
                "or choose First open day in Edit."
            ),
            "edit",
        )

    def _waiting_until(self, day) -> int:
        """Count the documents that wait for export and are dated up to a day."""
        moves = self.env["account.move"].sudo()
        exports = (
            self.env["qbo.export"]
            .sudo()
            .search(
                [
                    ("connection_id", "=", self.id),
                    ("res_model", "=", moves._name),
                    ("state", "in", ["waiting", "retry", "problem"]),
                ]
            )
        )
        return moves.search_count(
            [("id", "in", exports.mapped("res_id")), ("invoice_date", "<=", day)]
        )

    def _check_auto_credits(self, facts: Facts):
        if not facts.prefs.auto_apply_credit:
            return "passed", self.env._("Off"), ""
        return (
            "warning",
            self.env._(
                "On: QuickBooks may apply an open credit to a new invoice by itself."
            ),
            self.env._(
                "Turn off Automatically apply credits in QuickBooks "
                "(Account and settings > Advanced)."
            ),
        )
