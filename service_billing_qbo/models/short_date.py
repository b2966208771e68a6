"""Days in texts, written in one way: with the month by its name, and the year."""

from odoo import fields
from odoo.tools import format_date


def short_date(env, moment) -> str:
    """Return "Nov 23, 2026", in the reader's language; empty for no day.

    :param moment: a date, or a time in UTC, which becomes the day of the reader
    """
    day = moment
    if hasattr(moment, "hour"):
        day = fields.Datetime.context_timestamp(env.user, moment).date()
    return format_date(env, day, date_format="medium")
