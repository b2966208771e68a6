"""The hourly scheduled action: what it keeps alive and fresh, and for whom."""

import time
from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import ConnectionCase

HOUSEKEEPING = "service_billing_qbo.ir_cron_housekeeping"


@tagged("post_install", "-at_install")
class TestHousekeeping(ConnectionCase):
    """What the hourly cron keeps alive, fresh and told in time."""

    emulator_companies = ("us", "us")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect()

    def setUp(self):
        super().setUp()
        self.emulator.reset()
        self.authorize()
        self.since = self.last_call_number()

    def test_nothing_is_asked_while_nothing_is_due(self):
        self.run_housekeeping()

        self.assertFalse(self.emulator.requests(self.since))

    def test_facts_and_lists_are_read_once_a_day(self):
        for minutes in (1, 2):
            with self.later(days=1, minutes=minutes):
                self.run_housekeeping()

        self.assertEqual(len(self.calls("companyinfo", self.since)), 1)
        self.assertEqual(len(self.calls("preferences", self.since)), 1)
        self.assertTrue(self.calls("query", self.since))

    def test_authorization_that_is_used_rarely_is_renewed_weekly(self):
        with self.later(days=7, minutes=1):
            self.env["qbo.token"].sudo().search([]).access_expires_at = (
                datetime.now() + timedelta(hours=1)
            )
            self.run_housekeeping()

        self.assertEqual(len(self.calls("tokens/bearer", self.since)), 1)

    def test_administrators_are_warned_30_7_and_1_days_before_the_limit(self):
        limit = datetime(2031, 11, 22, 12)
        self.env["qbo.token"].sudo().search([]).hard_expires_at = limit
        warnings = []
        for days in (40, 29, 20, 6, 5, 0.5):
            with freeze_time(limit - timedelta(days=days)):
                self.connection._warn_before_hard_limit()
                self.env.invalidate_all()
            warnings.append(self.warning_count())

        self.assertEqual(warnings, [0, 1, 1, 2, 2, 3])
        self.assertEqual(len(self.connection.activity_ids), 1)

    def test_attempt_that_nobody_finishes_ends_after_ten_minutes(self):
        self.connection._disconnect()
        self.connection._begin_attempt(self.administrator)
        self.env.invalidate_all()
        self.assertEqual(self.connection.state, "connecting")

        with self.later(minutes=11):
            self.run_housekeeping()

        self.assertEqual(self.connection.state, "disconnected")

    def test_connection_lost_in_quickbooks_is_seen_within_the_day(self):
        self.emulator.expire_tokens("all")

        with self.later(days=1, minutes=1):
            self.run_housekeeping()

        self.assertEqual(self.connection.state, "lost")

    def test_one_connection_in_trouble_does_not_stop_the_others(self):
        company = self.env["res.company"].create(
            {"name": "Neighbour", "currency_id": self.env.ref("base.USD").id}
        )
        neighbour = self.connection_of(company)
        self.connection._disconnect()
        self.connect(neighbour)
        self.emulator.arm("unavailable", path="companyinfo")

        for minutes in (1, 2):
            with self.later(days=1, minutes=minutes):
                self.run_housekeeping()

        self.assertGreater(neighbour.facts_checked_at, datetime.now())

    def test_connection_that_costs_all_time_does_not_starve_the_others(self):
        """Each has its turn once a run, and the next run begins with another."""
        company = self.env["res.company"].create(
            {"name": "Neighbour", "currency_id": self.env.ref("base.USD").id}
        )
        neighbour = self.connection_of(company)

        self.connect(neighbour, self.realm_ids[1])
        self.connection.facts_checked_at = False
        self.emulator.arm(
            "slow", path=f"/company/{self.connection.realm_id}/companyinfo", seconds=3
        )
        self.addCleanup(self.emulator.clear_faults)
        now = fields.Datetime.now()
        self.connection.looked_after_at = now - timedelta(hours=3)
        neighbour.looked_after_at = now - timedelta(hours=2)

        self.turn_of(2)

        self.assertGreaterEqual(self.connection.looked_after_at, now)
        self.assertEqual(neighbour.looked_after_at, now - timedelta(hours=2))
        self.assertEqual(self.turn_of(0), (0, 1), "nothing is done without time")
        self.assertTrue(self.calls_asked_for("ir_cron_housekeeping"))
        self.turn_of(60)
        self.assertGreaterEqual(neighbour.looked_after_at, now)

    def test_whom_it_was_asked_for_has_a_turn_whenever_the_last_one_was(self):
        """Keys are mended: no lost connection waits for the next hour."""
        self.turn_of(60)
        self.assertEqual(self.turn_of(0), (0, 0))
        self.connection._set_state("lost", "The keys are wrong.")

        self.env["qbo.connection"]._app_keys_changed()

        self.assertEqual(self.turn_of(0), (0, 1))
        self.assertTrue(self.calls_asked_for("ir_cron_housekeeping"))

    def test_old_log_rows_are_dropped(self):
        log = self.env["qbo.log"].sudo()
        self.env.flush_all()
        self.assertTrue(log.search_count([]))

        with self.later(days=31):
            log._gc_log()

        self.assertFalse(log.search_count([]))

    def turn_of(self, seconds):
        """Odoo calls housekeeping with so much time; return (done, remaining)."""
        self.env["ir.cron.trigger"].search([]).unlink()
        return self.call_without_time(
            "ir_cron_housekeeping",
            "qbo.connection",
            "_cron_housekeeping",
            end=time.monotonic() + seconds,
        )

    def later(self, **age):
        return freeze_time(datetime.now() + timedelta(**age))

    def warning_count(self):
        return self.env["mail.message"].search_count(
            [
                ("model", "=", "qbo.connection"),
                ("res_id", "=", self.connection.id),
                ("subject", "like", "again within"),
            ]
        )
