"""The processor's time that PostgreSQL spends for one database."""

import psutil


def cpu_seconds_of_sessions(cursor) -> dict[int, float]:
    """CPU seconds of the sessions of the cursor's database, by process.

    Empty when the server is on another machine.
    """
    cursor.execute(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    )
    seconds = {}
    for (pid,) in cursor.fetchall():
        try:
            process = psutil.Process(pid)
            if "postgres" in process.name():
                seconds[pid] = sum(process.cpu_times()[:2])
        except psutil.NoSuchProcess:
            continue
    return seconds
