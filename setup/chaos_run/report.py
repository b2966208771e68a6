"""What a fault run ends with: a table for people, JSON for programs (design 8)."""

from collections import Counter
from dataclasses import dataclass

from chaos_run.nodes import Kills
from chaos_run.verdict import Verdict, tallied

SHOWN = 5
REASON_LENGTH = 160


@dataclass(frozen=True)
class Report:
    """Everything that happened, and what became of the documents."""

    seed: int
    verdict: Verdict
    kills: Kills
    database_restarts: int
    faults: Counter[str]
    refreshes: int
    expiries: int
    revocations: int
    connections_lost: list[str]
    seconds: float
    refusals: list[str]

    @property
    def good(self) -> bool:
        """Nothing lost, doubled, wrong, stuck in silence; no connection lost."""
        return not self.verdict.faults and not self.connections_lost

    def as_json(self) -> dict:
        """The stable shape of design 8."""
        verdict = self.verdict
        return {
            "seed": self.seed,
            "documents": verdict.documents,
            "kills": self.kills.count,
            "faults": self.faults.total(),
            "lost": len(verdict.lost),
            "doubled": len(verdict.doubled),
            "wrong_total": len(verdict.wrong_total),
            "stuck_without_problem": len(verdict.stuck_without_problem),
            "refreshes": self.refreshes,
            "expiries": self.expiries,
            "connections_lost": len(self.connections_lost),
        }

    def text(self) -> str:
        """The table, and the first documents of each fault."""
        verdict = self.verdict
        kills = f"{self.kills.by_point} at named points, {self.kills.by_moment} others"
        rows = (
            ("seed", self.seed, ""),
            ("seconds", round(self.seconds), ""),
            ("documents", verdict.documents, ""),
            ("Odoo servers killed", self.kills.count, kills),
            ("PostgreSQL restarts", self.database_restarts, ""),
            ("faults of QuickBooks", self.faults.total(), tallied(self.faults)),
            ("refusals seen by people", len(self.refusals), _reasons(self.refusals)),
            ("tokens expired", self.expiries, f"{self.refreshes} refreshes"),
            ("revoked in QuickBooks", self.revocations, "connected again"),
            ("waiting for a person", *_documents(verdict.with_problem)),
            ("lost", *_documents(verdict.lost)),
            ("doubled", *_documents(verdict.doubled)),
            ("wrong total", *_documents(verdict.wrong_total)),
            (
                "stuck without a problem",
                *_documents(verdict.stuck_without_problem),
            ),
            ("connections lost", *_documents(self.connections_lost)),
        )
        lines = [
            f"{name:24} {figure:>7}  {text}".rstrip() for name, figure, text in rows
        ]
        return "\n".join(lines)


def _documents(found: list[str]) -> tuple[int, str]:
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return len(found), "; ".join(found[:SHOWN]) + more


def _reasons(refusals: list[str]) -> str:
    """The first words of each kind of refusal, most frequent first."""
    counted = Counter(" ".join(refusal.split())[:REASON_LENGTH] for refusal in refusals)
    return "; ".join(f"{count} x {why}" for why, count in counted.most_common(SHOWN))
