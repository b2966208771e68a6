"""Scheduled actions that do something for each company: every one has its turn.

One whose QuickBooks does not answer may cost the whole time of a run. It must not cost
it always, nor the turn of the others.
"""

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta

from odoo import fields

from ..quickbooks import QuickBooksError, VaultError
from .qbo_exceptions import CONFLICTS, ListsBusy, NotConnected

_logger = logging.getLogger(__name__)

#: Who had no turn for so long gets one, if Odoo has to be asked for it. The actions run
#: once an hour.
TURN_EVERY = timedelta(minutes=59)
#: What is no news for a traceback: it is known, or somebody saved at the same moment.
ORDINARY = (
    QuickBooksError,
    VaultError,
    NotConnected,
    ListsBusy,
    *CONFLICTS,
)


def take_turns(
    rows,
    what: str,
    take_turn: Callable[..., bool | None],
    has_news: Callable[..., bool] = lambda row: False,
) -> None:
    """Give each row its turn, in transactions of its own, once a run.

    The one that waited longest is first. What fails is tried again in the next run.

    :param rows: records with ``connection_id`` (or connections), and the fields
        ``looked_after_at`` and ``looked_after_run``
    :param what: for the log
    :param take_turn: does it; returns whether the time was over before it was done
    :param has_news: whether a row is to be looked after again although its last turn is
        not long ago
    """
    cron = rows.env["ir.cron"]
    # Odoo calls again, up to ten times, while some are left; its deadline is one.
    run = str(rows.env.context.get("cron_end_time") or uuid.uuid4())
    left = rows.search(
        [("id", "in", rows.ids), ("looked_after_run", "!=", run)],
        order="looked_after_at ASC NULLS FIRST, id",
    )
    if cron._commit_progress(remaining=len(left)) <= 0:
        _give_back(left, has_news)
        return
    for row in left:
        try:
            _note_turn(row, looked_after_at=fields.Datetime.now(), looked_after_run=run)
            if take_turn(row):
                _note_turn(row, looked_after_run=False)
                _call_again(row)
        except ORDINARY as error:
            _logger.info("%s, %s: %s", what, row, error)
        except Exception:  # whatever is wrong here, the others must have their turn
            row.env.cr.rollback()
            _logger.exception("%s, %s: failed", what, row)
        if cron._commit_progress(1) <= 0:
            break


def _give_back(left, has_news) -> None:
    """The time is over: be called anew, if that is needed, after what else waits.

    Not for those that had their turn within the hour: with several that cost the whole
    time of a run, that would never end.
    """
    before = fields.Datetime.now() - TURN_EVERY
    remaining = left.filtered(
        lambda row: (
            not row.looked_after_at
            or row.looked_after_at < before
            or not row.looked_after_run
            or has_news(row)
        )
    )
    if remaining:
        _call_again(left)
    left.env["ir.cron"]._commit_progress(remaining=len(remaining))


def _call_again(rows) -> None:
    """By itself Odoo would come again within a minute, or within the hour."""
    rows.env["ir.cron"].browse(rows.env.context["cron_id"])._trigger()


def _note_turn(row, **values) -> None:
    """Note it before it is done: what is killed half-way has had its turn."""
    connection = row if row._name == "qbo.connection" else row.connection_id
    with connection._own_env() as env:
        row.with_env(env).write(values)
    row.invalidate_recordset(flush=False)
