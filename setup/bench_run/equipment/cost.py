"""What a piece of work cost."""

from dataclasses import dataclass


@dataclass
class Cost:
    """Seconds of the clock, of the Odoo process and of its PostgreSQL sessions; and
    the queries of the transaction that did the work."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    database_cpu_s: float = 0.0
    queries: int = 0
