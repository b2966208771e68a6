"""Days in texts, as Odoo's own date fields beside them show them."""

from babel.dates import format_skeleton

from odoo import fields
from odoo.tools import babel_locale_parse


def short_date(env, moment) -> str:
    """Return "Nov 23" for a day of this year and "Nov 23, 2025" for another.

    :param moment: a date, or a time in UTC, which becomes the day of the reader
    """
    day = moment
    if hasattr(moment, "hour"):
        day = fields.Datetime.context_timestamp(env.user, moment).date()
    is_this_year = day.year == fields.Date.context_today(env.user).year
    skeleton = "MMMd" if is_this_year else "yMMMd"
    return format_skeleton(
        skeleton, day, locale=babel_locale_parse(env.lang or "en_US")
    )
