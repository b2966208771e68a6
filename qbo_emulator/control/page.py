"""``/_emulator``: a page that shows what is going on and takes a few orders."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from html import escape
from typing import Any

from qbo_emulator.bad_days.armed import ArmedFault
from qbo_emulator.bad_days.kinds import KINDS
from qbo_emulator.entities.registry import ENTITIES
from qbo_emulator.jsontext import Document
from qbo_emulator.state import Emulator
from qbo_emulator.wire.answer import Answer
from qbo_emulator.wire.exchange import Exchange

__all__ = ["order", "show"]

_HTML = "text/html; charset=utf-8"
_SHOWN_DOCUMENTS, _SHOWN_REQUESTS = 20, 50
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>QuickBooks emulator</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem auto; max-width: 75rem;
        padding: 0 1rem; color: #21262a }}
h1 {{ font-size: 1.4rem }} h2 {{ font-size: 1.1rem; margin-top: 2rem }}
table {{ border-collapse: collapse; width: 100% }}
table.calls {{ table-layout: fixed }}
table.calls th {{ width: 10% }} table.calls th:nth-child(-n+3) {{ width: 6% }}
table.calls th:nth-child(4) {{ width: 52% }}
td {{ overflow-wrap: anywhere }}
th, td {{ text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #d4d7dc;
          vertical-align: top }}
td.n {{ text-align: right; font-variant-numeric: tabular-nums }}
tr.bad td {{ background: #fdecea }}
form {{ display: flex; flex-wrap: wrap; gap: .75rem; align-items: end;
        margin: .75rem 0 }}
label {{ display: grid; font-size: .85rem }}
input, select, button {{ font: inherit; padding: .3rem .5rem }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; max-height: 20rem;
       overflow: auto; background: #f4f5f8; padding: .5rem }}
</style></head><body><h1>QuickBooks emulator</h1>
<p>Its time is {now}. Calls: {calls}. <a href="">Look again</a></p>
<form method="post"><label>Move the clock by (seconds)
<input name="advance_s" type="number" value="3600" required></label>
<button name="order" value="clock">Move</button></form>
<h2>Armed faults</h2>{faults}
<form method="post">
<label>Kind<select name="kind">{kinds}</select></label>
<label>Entity<input name="entity" list="entities" placeholder="any"></label>
<label>Only the nth call<input name="nth" type="number" min="1"></label>
<label>Times<input name="times" type="number" min="1"></label>
<datalist id="entities">{entities}</datalist>
<button name="order" value="arm">Arm</button></form>
<form method="post"><button name="order" value="disarm">Disarm all</button></form>
{realms}<h2>Requests</h2>{requests}</body></html>
"""


def show(emulator: Emulator, _exchange: Exchange) -> Answer:
    """GET: the page."""
    with emulator.store.transaction() as connection:
        calls = connection.execute("SELECT COUNT(*) FROM request_log").fetchone()[0]
        realms = "".join(
            _realm(connection, realm) for realm in emulator.realms(connection)
        )
        requests = _requests(connection)
    text = _PAGE.format(
        now=escape(f"{emulator.clock.now():%Y-%m-%d %H:%M:%S} UTC"),
        calls=calls,
        faults=_faults(emulator.faults.shown()),
        kinds="".join(
            f'<option value="{escape(name)}">{escape(name)}: {escape(kind.about)}'
            "</option>"
            for name, kind in KINDS.items()
        ),
        entities="".join(f'<option value="{escape(name)}">' for name in ENTITIES),
        realms=realms,
        requests=requests,
    )
    return Answer(200, text, _HTML)


def order(emulator: Emulator, exchange: Exchange) -> Answer:
    """POST: do what a button of the page says, then show it again.

    Raises ``ValueError`` for what is no order.
    """
    form = exchange.form
    wanted = form.get("order")
    if wanted == "arm":
        match: Document = {"entity": form.get("entity", "")}
        if form.get("nth"):
            match["nth"] = int(form["nth"])
        arming: Document = {"kind": form.get("kind"), "match": match}
        if form.get("times"):
            arming["times"] = int(form["times"])
        emulator.faults.arm([ArmedFault.read(arming)])
    elif wanted == "disarm":
        emulator.faults.clear()
    elif wanted == "clock":
        with emulator.store.transaction() as connection:
            emulator.advance_clock(connection, float(form["advance_s"]))
    else:
        raise ValueError(f"no order {wanted}")
    return Answer(303, "", _HTML, {"Location": exchange.path})


def _table(heads: tuple[str, ...], rows: Iterable[str], nothing: str) -> str:
    body = "".join(rows)
    if not body:
        return f"<p>{escape(nothing)}</p>"
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    kind = ' class="calls"' if "Call" in heads else ""
    return f"<table{kind}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(*values: Any) -> str:
    return "".join(
        f'<td class="n">{value:.2f}</td>'
        if isinstance(value, float)
        else f"<td>{escape('' if value is None else str(value))}</td>"
        for value in values
    )


def _faults(armed: list[Document]) -> str:
    rows = []
    for fault in armed:
        match = {name: each for name, each in fault["match"].items() if each}
        words = ", ".join(f"{name} {each}" for name, each in match.items())
        left = "without end" if fault["times"] is None else fault["times"]
        rows.append(f"<tr>{_cells(fault['kind'], words, left, fault['seen'])}</tr>")
    return _table(("Kind", "Match", "Times left", "Seen"), rows, "None.")


def _realm(connection: sqlite3.Connection, realm: dict[str, str]) -> str:
    realm_id = realm["realm_id"]
    counts = connection.execute(
        "SELECT entity, COUNT(*) AS n FROM documents WHERE realm_id = ? AND NOT deleted"
        " GROUP BY entity ORDER BY entity",
        (realm_id,),
    )
    count = ", ".join(f"{row['entity']} {row['n']}" for row in counts)
    rows = connection.execute(
        "SELECT entity, id, json_extract(body, '$.DocNumber') AS number, txn_date,"
        " total, balance,"
        " (SELECT display FROM documents AS c WHERE c.realm_id = d.realm_id"
        " AND c.entity = 'Customer' AND c.id = d.customer_id) AS customer"
        " FROM documents AS d WHERE realm_id = ? AND total IS NOT NULL AND NOT deleted"
        " ORDER BY seq DESC LIMIT ?",
        (realm_id, _SHOWN_DOCUMENTS),
    ).fetchall()
    names = ("entity", "id", "number", "txn_date", "customer", "total", "balance")
    table = _table(
        ("Document", "Id", "Number", "Date", "Customer", "Total", "Open"),
        (f"<tr>{_cells(*(row[name] for name in names))}</tr>" for row in rows),
        "No documents yet.",
    )
    return (
        f"<h2>{escape(realm['company'])} ({escape(realm['kind'])},"
        f" {escape(realm_id)})</h2><p>{escape(count)}."
        f' <a href="/_emulator/books?realm_id={escape(realm_id)}">All as JSON</a></p>'
        f"{table}"
    )


def _requests(connection: sqlite3.Connection) -> str:
    rows = connection.execute(
        "SELECT * FROM request_log ORDER BY n DESC LIMIT ?", (_SHOWN_REQUESTS,)
    ).fetchall()
    return _table(
        ("No.", "Time", "Status", "Call", "requestid", "Fault"),
        map(_request, rows),
        "None yet.",
    )


def _request(row: sqlite3.Row) -> str:
    query = f"?{row['query']}" if row["query"] else ""
    call = escape(f"{row['method']} {row['path']}{query}")
    texts = "".join(
        f"<pre>{escape(row[name])}</pre>" for name in ("body", "answer") if row[name]
    )
    details = f"<details><summary>{call}</summary>{texts}</details>" if texts else call
    bad = "" if row["status"] in range(200, 400) else ' class="bad"'
    begin = _cells(row["n"], row["time"][11:19], row["status"])
    end = _cells(row["requestid"], row["fault"])
    return f"<tr{bad}>{begin}<td>{details}</td>{end}</tr>"
