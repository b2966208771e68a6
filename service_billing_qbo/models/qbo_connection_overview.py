"""The card of a company on the Overview: facts from our own tables, no network."""

import json
from datetime import timedelta

from babel.dates import format_skeleton, format_timedelta

from odoo import api, fields, models
from odoo.tools import (
    SQL,
    babel_locale_parse,
    format_datetime,
    format_time,
    formatLang,
)

from .qbo_binding import OPEN_DIFFERENCE

# Intuit, App Partner Program, Builder tier: metered reads of an app and month that
# are free; calls of one company and minute.
METERED_READS_PER_MONTH = 500_000
CALLS_PER_MINUTE = 500
SHOWN_DAYS = 14


class QboConnection(models.Model):
    _inherit = "qbo.connection"

    differs_count = fields.Integer(compute="_compute_overview_counts")
    last_export_text = fields.Char(compute="_compute_last_export_text")
    exported_graph = fields.Text(compute="_compute_overview_graphs")
    speed_graph = fields.Text(compute="_compute_overview_graphs")
    metered_reads = fields.Integer(compute="_compute_metered_reads")
    metered_reads_limit = fields.Integer(compute="_compute_metered_reads")
    metered_reads_text = fields.Char(compute="_compute_metered_reads")
    busiest_minute_text = fields.Char(compute="_compute_busiest_minute")
    busiest_minute = fields.Integer(compute="_compute_busiest_minute")
    busiest_minute_limit = fields.Integer(compute="_compute_busiest_minute")

    def _compute_overview_counts(self):
        groups = self.env["qbo.binding"]._read_group(
            [
                ("connection_id", "in", self.ids),
                *OPEN_DIFFERENCE,
                ("remote_state", "=", "present"),
            ],
            ["connection_id"],
            ["__count"],
        )
        counts = dict(groups)
        for connection in self:
            connection.differs_count = counts.get(connection, 0)

    def _compute_last_export_text(self):
        locale = babel_locale_parse(self.env.lang or "en_US")
        for connection in self:
            last = self.env["qbo.export"].search(
                [
                    ("connection_id", "=", connection.id),
                    ("realm_id", "=", connection.realm_id),
                    ("res_model", "=", "account.move"),
                    ("state", "=", "exported"),
                ],
                order="done_at desc, id desc",
                limit=1,
            )
            if not last.done_at:
                connection.last_export_text = self.env._("Nothing was exported yet")
                continue
            connection.last_export_text = self.env._(
                "Last export %(time)s, %(duration)s after it was queued",
                time=self._moment(last.done_at),
                duration=format_timedelta(
                    max(last.done_at - last.queued_at, timedelta(0)), locale=locale
                ),
            )

    def _moment(self, moment) -> str:
        """Write a moment: today's by its time alone."""
        today = fields.Datetime.context_timestamp(self, moment).date()
        if today == fields.Date.context_today(self):
            return format_time(
                self.env, moment, tz=self.env.tz.zone, time_format="short"
            )
        return format_datetime(self.env, moment, dt_format="short")

    def _compute_overview_graphs(self):
        today = fields.Date.context_today(self)
        days = [today - timedelta(days=ago) for ago in reversed(range(SHOWN_DAYS))]
        arrived = self._documents_by_day("done_at", ["exported"], days[0])
        stopped = self._documents_by_day("queued_at", ["problem"], days[0])
        locale = babel_locale_parse(self.env.lang or "en_US")
        labels = [format_skeleton("MMMd", day, locale=locale) for day in days]
        for connection in self:
            went = [arrived.get((connection.id, day), (0, 0)) for day in days]
            stays = [stopped.get((connection.id, day), (0, 0)) for day in days]
            connection.exported_graph = json.dumps(
                [
                    {
                        "key": self.env._("Exported"),
                        "values": _points(labels, went),
                        "color": "success",
                    },
                    {
                        "key": self.env._("Needs attention"),
                        "values": _points(labels, stays),
                        "color": "danger",
                    },
                ]
            )
            connection.speed_graph = json.dumps(
                [
                    {
                        "key": self.env._("Seconds to QuickBooks"),
                        # A day without an export has no speed.
                        "values": [
                            {"label": label, "value": seconds if count else None}
                            for label, (count, seconds) in zip(
                                labels, went, strict=True
                            )
                        ],
                        "color": "info",
                    }
                ]
            )

    def _documents_by_day(self, moment, states, since):
        """Count documents by connection and day of the reader's time zone.

        :param str moment: the field whose day counts: ``done_at`` or ``queued_at``
        :param list states: of their exports
        :param date since: the first day
        :return: ``{(connection id, day): (count, median seconds from queue to end)}``
        """
        self.env["qbo.export"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT connection_id,
                       (%(moment)s AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                           AS day,
                       count(*),
                       percentile_cont(0.5) WITHIN GROUP
                           (ORDER BY extract(epoch FROM done_at - queued_at))
                  FROM qbo_export
                 WHERE connection_id = ANY(%(ids)s) AND state = ANY(%(states)s)
                   AND res_model = 'account.move' AND %(moment)s >= %(since)s
              GROUP BY connection_id, day
                """,
                moment=SQL.identifier(moment),
                zone=self.env.tz.zone,
                ids=self.ids,
                states=states,
                # No zone is further than a day from UTC.
                since=since - timedelta(days=1),
            )
        )
        return {
            (connection_id, day): (count, round(float(seconds or 0), 1))
            for connection_id, day, count, seconds in rows
        }

    def _compute_metered_reads(self):
        """Intuit counts the reads of the whole app, so all companies share one sum."""
        this_month = fields.Date.today().replace(day=1)
        [(total,)] = (
            self.env["qbo.call.count"]
            .sudo()
            ._read_group([("month", "=", this_month)], [], ["metered:sum"])
        )
        for connection in self:
            connection.metered_reads = total or 0
            connection.metered_reads_limit = METERED_READS_PER_MONTH
            connection.metered_reads_text = self.env._(
                "Metered reads this month: %(count)s of %(limit)s",
                count=_grouped(self.env, total or 0),
                limit=_grouped(self.env, METERED_READS_PER_MONTH),
            )

    def _compute_busiest_minute(self):
        since = fields.Datetime.now() - timedelta(days=1)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT connection_id, max(calls) FROM (
                    SELECT connection_id, count(*) AS calls FROM qbo_log
                     WHERE connection_id = ANY(%s) AND created_at >= %s
                  GROUP BY connection_id, date_trunc('minute', created_at)
                ) AS minutes GROUP BY connection_id
                """,
                self.ids,
                since,
            )
        )
        busiest = dict(rows)
        for connection in self:
            connection.busiest_minute = busiest.get(connection.id, 0)
            connection.busiest_minute_limit = CALLS_PER_MINUTE
            connection.busiest_minute_text = self.env._(
                "Busiest minute of the day: %(count)s of %(limit)s calls",
                count=connection.busiest_minute,
                limit=CALLS_PER_MINUTE,
            )

    @api.model
    def action_open_overview(self):
        """Open the cards, with one for the current company at least."""
        self.check_access("read")
        self._ensure_for_company(self.env.company)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "service_billing_qbo.qbo_connection_action_overview"
        )

    def action_view_differences(self):
        """Open the documents whose total differs."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Total differs"),
            "res_model": "account.move",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("company_id", "in", self._companies().ids),
                ("qbo_status", "=", "differs"),
            ],
            "context": {"default_move_type": "out_invoice", "create": False},
        }


def _grouped(env, number: int) -> str:
    """Write a number as the reader's language groups its digits."""
    return formatLang(env, number, digits=0)


def _points(labels, rows):
    """Write the count of each day as a chart's points.

    :param list labels: of the days
    :param list rows: (count, median seconds), one for each day
    """
    return [
        {"label": label, "value": count}
        for label, (count, _seconds) in zip(labels, rows, strict=True)
    ]
