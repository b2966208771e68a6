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
    move = _steps(cursor, MOVE, "id = ANY(%s)", move_ids)
    line = _steps(cursor, LINE, "move_id = ANY(%s)", move_ids)
    steps = {
        "ids": move_ids,
        "copies": copies,
        **{f"move_{name}": value for name, value in move.items()},
        **{f"line_{name}": value for name, value in line.items()},
    }
    new_move = "{} + %(move_first)s + copy * %(move_step)s"
    new_line = "{} + %(line_first)s + copy * %(line_step)s"
    _copy_rows(
        cursor,
        MOVE,
        {
            "id": new_move.format("original.id"),
            "name": "original.name || '-' || copy",
        },
        "original.id = ANY(%(ids)s)",
        steps,
    )
    _copy_rows(
        cursor,
        LINE,
        {
            "id": new_line.format("original.id"),
            "move_id": new_move.format("original.move_id"),
            "move_name": "original.move_name || '-' || copy",
        },
        "original.move_id = ANY(%(ids)s)",
        steps,
    )
    for table in LINE_TIES:
        _copy_rows(
            cursor,
            table,
            {"account_move_line_id": new_line.format("original.account_move_line_id")},
            "original.account_move_line_id IN"
            f" (SELECT id FROM {LINE} WHERE move_id = ANY(%(ids)s))",
            steps,
        )
    for table in (MOVE, LINE):
        cursor.execute(f"SELECT setval('{table}_id_seq', max(id)) FROM {table}")
        cursor.execute(f"ANALYZE {table}")
    return [
        move_id + move["first"] + copy * move["step"]
        for copy in range(1, copies + 1)
        for move_id in move_ids
    ]


def _steps(cursor, table: str, which: str, ids: list[int]) -> dict[str, int]:
    """How far the ids of copies are from those of the originals.

    The first copy is ``first`` + ``step`` away, each further one a ``step`` more; all
    come after whatever the table has.
    """
    cursor.execute(f"SELECT min(id), max(id) FROM {table} WHERE {which}", [ids])
    lowest, highest = cursor.fetchone()
    cursor.execute(f"SELECT max(id) FROM {table}")
    step = highest - lowest + 1
    return {"first": cursor.fetchone()[0] + 1 - lowest - step, "step": step}


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
