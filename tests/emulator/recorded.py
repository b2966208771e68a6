"""Every answer that a test provokes is held against Intuit's schemas."""

from __future__ import annotations

from qbo_emulator.testing import EmulatorProcess

from .contract.schema.validator import problems_of


def check_answers(emulator: EmulatorProcess) -> None:
    """Fail when an answer has a name, type or value that the schemas do not have.

    Answers that a fault was armed for are left out: they are wrong on purpose.
    """
    problems = [
        f"{call['method']} {call['path']}: {problem}"
        for call in emulator.requests()
        if call["path"].startswith("/v3/")
        and not call["fault"]
        and (call["answer"] or "").startswith("{")
        for problem in problems_of(call["answer"])
    ]
    assert not problems, "\n".join(problems[:20])
