"""What an answer means for the row in the outbox.

QuickBooks' codes are decided in ``quickbooks.faults``; here the decision is
joined with what was asked: the same lost answer means "look it up" for a
create and "send it again" for an update, which a SyncToken guards.
"""

from dataclasses import dataclass
from enum import Enum

from ..quickbooks.batch import BatchAnswer
from ..quickbooks.errors import QuickBooksError, Refused
from ..quickbooks.faults import Classification, Fault, classify, classify_error
from ..quickbooks.faults import Outcome as Decision
from .outgoing import Outcome

__all__ = [
    "Judgement",
    "Verdict",
    "is_of_content",
    "judge_answer",
    "judge_error",
    "judge_outcome",
]


class Verdict(str, Enum):
    """What is done next with one export."""

    DONE = "done"
    """In QuickBooks as sent."""
    GONE = "gone"
    """To be deleted, and no longer there: as good as done."""
    AGAIN = "again"
    """Certainly not executed: prepare anew and try again later."""
    CHECK = "check"
    """Perhaps executed: look it up before anything is sent again."""
    PERSON = "person"
    """Will be refused until a person has acted."""


@dataclass(frozen=True)
class Judgement:
    """The verdict about one call and its reason.

    :ivar code: Intuit's code, or the name of our error
    :ivar text: what happened, for people, without the code
    :ivar problem_kind: heading under which a person sees it
    :ivar decision: what the client's table of codes says
    :ivar of_call: the whole call failed: it tells nothing of the single row
    :ivar error: how it failed
    """

    verdict: Verdict
    decision: Decision | None = None
    problem_kind: str = "unknown"
    code: str = ""
    text: str = ""
    fault: Fault | None = None
    intuit_tid: str = ""
    of_call: bool = False
    error: QuickBooksError | None = None


_VERDICTS = {
    Decision.TRANSIENT: Verdict.AGAIN,
    Decision.UNCERTAIN: Verdict.CHECK,
    Decision.LOOK_UP: Verdict.CHECK,
    Decision.STALE: Verdict.CHECK,
    Decision.RECONNECT: Verdict.AGAIN,
    Decision.REFRESH: Verdict.AGAIN,
    Decision.PAUSE: Verdict.AGAIN,
    Decision.PERSON: Verdict.PERSON,
    Decision.BUG: Verdict.PERSON,
}

#: Headings of what stops a whole QuickBooks company, whatever is sent.
_OF_COMPANY = ("connection", "subscription")
#: "Object not found": what a second delete is answered.
_NOT_FOUND = "610"


def judge_answer(operation: str, answer: BatchAnswer) -> Judgement:
    """Decide about the answer to one call.

    :param operation: what was asked: create, update, void, delete
    """
    if not answer.faults:
        return Judgement(Verdict.DONE)
    fault = answer.faults[0]  # Intuit puts the cause first
    if operation == "delete" and fault.code == _NOT_FOUND:
        return Judgement(Verdict.GONE, code=fault.code)
    classified = classify(fault)
    return _judgement(classified, code=fault.code, text=fault.text, fault=fault)


def judge_error(error: QuickBooksError) -> Judgement:
    """Decide about an error that concerns a whole batch."""
    fault = error.faults[0] if error.faults else None
    return _judgement(
        classify_error(error),
        code=fault.code if fault else type(error).__name__,
        text=error.reason if isinstance(error, Refused) else str(error),
        fault=fault,
        intuit_tid=error.intuit_tid or "",
        error=error,
    )


def judge_outcome(outcome: Outcome) -> dict[int, Judgement]:
    """Decide about every call of a batch, by export id."""
    calls = outcome.batch.calls
    if outcome.error:
        judged = judge_error(outcome.error)
        return {call.export_id: judged for call in calls}
    return {
        call.export_id: judge_answer(call.operation, outcome.answers[call.b_id])
        for call in calls
    }


def is_of_content(error: QuickBooksError) -> bool:
    """Whether QuickBooks refused what a call holds: another one may well be taken."""
    judged = judge_error(error)
    return (
        isinstance(error, Refused)
        and judged.verdict is Verdict.PERSON
        and judged.problem_kind not in _OF_COMPANY
    )


def _judgement(
    classified: Classification,
    *,
    code: str,
    text: str,
    fault: Fault | None,
    intuit_tid: str = "",
    error: QuickBooksError | None = None,
) -> Judgement:
    verdict = _VERDICTS[classified.outcome]
    if classified.problem_kind == "subscription":
        # The realm is left alone as well, but only a person can mend it.
        verdict = Verdict.PERSON
    return Judgement(
        verdict,
        decision=classified.outcome,
        problem_kind=classified.problem_kind,
        code=code,
        text=text,
        fault=fault,
        intuit_tid=intuit_tid,
        of_call=error is not None,
        error=error,
    )
