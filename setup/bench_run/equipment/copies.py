"""Many posted invoices in a moment: rows are copied within PostgreSQL.

A copy differs from its original by ids and number, so Odoo cannot tell it from one
that was made by hand.
"""

MOVE, LINE = "account_move", "account_move_line"
#: Tables that tie lines to others.
LINE_TIES = (
    "account_move_line_account_tax_rel",
    "account_account_tag_account_move_line_rel",
)


def multiply(cursor, move_ids: list[int], copies: int) -> list[int]:
    """Copy moves with their lines so many times; the ids of the copies."""
    move_step, line_step = _next_id(cursor, MOVE), _next_id(cursor, LINE)
    steps = {"ids": move_ids, "copies": copies, "move": move_step, "line": line_step}
    _copy_rows(
        cursor,
        MOVE,
        {
            "id": "original.id + copy * %(move)s",
            "name": "original.name || '-' || copy",
        },
        "original.id = ANY(%(ids)s)",
        steps,
    )
    _copy_rows(
        cursor,
        LINE,
        {
            "id": "original.id + copy * %(line)s",
            "move_id": "original.move_id + copy * %(move)s",
            "move_name": "original.move_name || '-' || copy",
        },
        "original.move_id = ANY(%(ids)s)",
        steps,
    )
    for table in LINE_TIES:
        _copy_rows(
            cursor,
            table,
            {"account_move_line_id": "original.account_move_line_id + copy * %(line)s"},
            "original.account_move_line_id IN"
            f" (SELECT id FROM {LINE} WHERE move_id = ANY(%(ids)s))",
            steps,
        )
    for table in (MOVE, LINE):
        cursor.execute(f"SELECT setval('{table}_id_seq', max(id)) FROM {table}")
        cursor.execute(f"ANALYZE {table}")
    return [
        move_id + copy * move_step
        for copy in range(1, copies + 1)
        for move_id in move_ids
    ]


def _next_id(cursor, table: str) -> int:
    cursor.execute(f"SELECT max(id) + 1 FROM {table}")
    return cursor.fetchone()[0]


def _copy_rows(cursor, table: str, other: dict[str, str], which: str, steps) -> None:
    """Copy rows with ``other`` values in some columns."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema AND table_name = %s",
        (table,),
    )
    columns = [name for (name,) in cursor.fetchall()]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(other.get(name, f'original."{name}"') for name in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {values}"
        f" FROM {table} AS original, generate_series(1, %(copies)s) AS copy"
        f" WHERE {which}",
        steps,
    )
