"""Calling Odoo's cron workers in time.

A trigger for later is seen when a worker looks by itself, every 60 seconds or more
(``SLEEP_INTERVAL``, odoo/service/server.py): only a trigger for now notifies them. So
the process that asks for a later call sends the same notification when the time has
come. It is a convenience: when the process is gone by then, the minute holds.
A database server that does not answer then is tried again a little later.
"""

import logging
import threading
import time

import psycopg2

from odoo import sql_db
from odoo.tools import SQL

from odoo.addons.base.models.ir_cron import ODOO_NOTIFY_FUNCTION

_logger = logging.getLogger(__name__)

#: Times are kept in whole seconds: a worker that comes at once may be early.
_LATE_S = 1.0
_AGAIN_AFTER_S = 10.0

_alarms: dict[tuple[str, int], tuple[float, threading.Timer]] = {}
_alarms_lock = threading.Lock()


def ring_after(dbname: str, lane: int, delay_s: float) -> None:
    """Wake the cron workers of a database in ``delay_s`` seconds.

    Once per lane: of two times the earlier one counts, since the lane that is called
    then asks again for what is due later.
    """
    ring_at = time.monotonic() + delay_s + _LATE_S
    with _alarms_lock:
        known_at, known = _alarms.get((dbname, lane), (None, None))
        if known is not None and known.is_alive():
            if known_at <= ring_at:
                return
            known.cancel()
        timer = threading.Timer(delay_s + _LATE_S, _ring, (dbname, lane))
        timer.name = f"qbo-alarm-{lane}"
        timer.daemon = True
        _alarms[dbname, lane] = (ring_at, timer)
        timer.start()


def _ring(dbname: str, lane: int) -> None:
    try:
        with sql_db.db_connect("postgres").cursor() as cr:
            function = SQL.identifier(ODOO_NOTIFY_FUNCTION)
            cr.execute(SQL("SELECT %s('cron_trigger', %s)", function, dbname))
    except psycopg2.Error as error:
        _logger.info("The cron workers are called a little later: %s", error)
        with _alarms_lock:
            _alarms.pop((dbname, lane), None)
        ring_after(dbname, lane, _AGAIN_AFTER_S)
