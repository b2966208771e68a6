"""What became of every document: Odoo's tables beside QuickBooks' own books."""

from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal

import psycopg2
from demo_run.check import QBO_ENTITY, doubled_customers, money

MOVES = """
    SELECT move.name, move.move_type, move.state, move.amount_total, export.state,
           EXISTS (SELECT FROM qbo_export_problem_rel rel
                     JOIN qbo_problem problem ON problem.id = rel.problem_id
                    WHERE rel.export_id = export.id AND problem.closed_at IS NULL)
      FROM account_move move
 LEFT JOIN LATERAL (SELECT id, state FROM qbo_export
                     WHERE res_model = 'account.move' AND res_id = move.id
                  ORDER BY id DESC LIMIT 1) export ON true
     WHERE move.move_type IN ('out_invoice', 'out_refund')
       AND move.name IS NOT NULL AND move.name <> '/'
"""
OPEN = ("waiting", "sending", "retry", "checking", "problem")


@dataclass(frozen=True)
class Move:
    """An invoice or credit note in Odoo, and the last row of it in the outbox."""

    number: str
    move_type: str
    state: str
    total: Decimal
    export_state: str | None
    has_problem: bool


@dataclass
class Verdict:
    """Numbers of documents, by what is wrong with them."""

    documents: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong_total: list[str] = field(default_factory=list)
    stuck_without_problem: list[str] = field(default_factory=list)
    with_problem: list[str] = field(default_factory=list)

    @property
    def faults(self) -> int:
        """How many documents are not as they must be."""
        wrong = (self.lost, self.doubled, self.wrong_total, self.stuck_without_problem)
        return sum(map(len, wrong))


def read_moves(database: str) -> list[Move]:
    """All documents that ever had a number."""
    with closing(psycopg2.connect(dbname=database)) as connection:
        with connection.cursor() as cursor:
            cursor.execute(MOVES)
            return [
                Move(name, kind, state, money(total), export_state, has_problem)
                for name, kind, state, total, export_state, has_problem in cursor
            ]


def judge(moves: Iterable[Move], books: dict[str, list[dict]]) -> Verdict:
    """Compare both sides, number by number."""
    there: dict[tuple[str, str], list[dict]] = {}
    for entity in QBO_ENTITY.values():
        for document in books.get(entity, []):
            there.setdefault((entity, document["DocNumber"]), []).append(document)
    verdict = Verdict()
    for move in moves:
        verdict.documents += 1
        found = there.pop((QBO_ENTITY[move.move_type], move.number), [])
        _judge_one(verdict, move, found)
    for (entity, number), strangers in there.items():
        verdict.doubled += [f"{entity} {number}: no such document"] * len(strangers)
    verdict.doubled += doubled_customers(books)
    return verdict


def _judge_one(verdict: Verdict, move: Move, found: list[dict]) -> None:
    totals = [money(document["TotalAmt"]) for document in found]
    told = f"{move.number} ({move.state}, export {move.export_state}): {totals}"
    if len(found) > 1:
        verdict.doubled.append(told)
    if move.export_state in OPEN:
        wrong = (verdict.stuck_without_problem, verdict.with_problem)
        wrong[move.has_problem].append(told)
    elif move.state == "posted" and not found:
        verdict.lost.append(told)
    elif found and totals[0] != _expected(move):
        verdict.wrong_total.append(told)


def _expected(move: Move) -> Decimal:
    """What QuickBooks must show: a document that was cancelled is voided there."""
    return move.total if move.state == "posted" else Decimal("0.00")


def tallied(counts: Counter[str]) -> str:
    """Names with how often each is there, the most frequent first."""
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())
