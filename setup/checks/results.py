"""What a stage brought, read from pytest's JUnit file or from Odoo's log."""

import dataclasses
import re
from pathlib import Path
from xml.etree import ElementTree

LOG_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?P<level>[A-Z]+) \S+ (?P<logger>\S+): "
)
TEST_START = re.compile(
    r" odoo\.addons\.(?P<module>\S+): Starting (?P<test>\S+) \.\.\."
)
TEST_SKIP = re.compile(r": skipped (?P<test>\S+ .*)$")
TEST_END = re.compile(
    r" odoo\.tests\.result: (?P<failed>\d+) failed,"
    r" (?P<errors>\d+) error\(s\) of \d+ tests"
)
# Odoo's name for the package that addons are in; pytest names tests with or without.
ADDONS = "odoo.addons."
BAD_LEVELS = {"WARNING", "ERROR", "CRITICAL"}


@dataclasses.dataclass
class Result:
    """Counts of one stage, its wall time, and what a reader must know of failures."""

    kind: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    notes: list[str] = dataclasses.field(default_factory=list)
    tests: set[str] = dataclasses.field(default_factory=set)

    @property
    def good(self) -> bool:
        """Nothing failed, nothing was skipped, and something was run."""
        return not self.failed and not self.skipped and self.passed > 0

    def fail(self, note: str) -> None:
        """Count one more failure, with its reason."""
        self.failed += 1
        self.notes.append(note)


def from_junit(kind: str, path: Path) -> Result:
    """Result of a pytest run; an unreadable file counts as a failure."""
    result = Result(kind)
    try:
        cases = list(ElementTree.parse(path).getroot().iter("testcase"))
    except (OSError, ElementTree.ParseError) as error:
        result.fail(f"pytest wrote no results: {error}")
        return result
    bad: dict[str, str] = {}
    for case in cases:
        name = f"{case.get('classname')}.{case.get('name')}".removeprefix(ADDONS)
        result.tests.add(name)
        if case.find("skipped") is not None:
            result.skipped += 1
            result.notes.append(f"skipped: {name}")
        elif reason := _reason(case):
            bad.setdefault(name, reason)
    result.failed = len(bad)
    result.passed = len(result.tests) - len(bad) - result.skipped
    result.notes += [f"failed: {name}: {bad[name]}" for name in sorted(bad)]
    return result


def _reason(case: ElementTree.Element) -> str:
    """Why a test failed, in one line; empty when it passed."""
    for kind in ("failure", "error"):
        found = case.find(kind)
        if found is not None:
            return " ".join(found.get("message", kind).split())[:400] or kind
    return ""


def from_odoo_log(kind: str, path: Path) -> Result:
    """Result of Odoo's own runner. A warning in its log is a failure like any other."""
    result = Result(kind)
    ended = False
    for line in path.read_text(errors="replace").splitlines():
        if started := TEST_START.search(line):
            result.tests.add(f"{started['module']}.{started['test']}")
        elif skipped := TEST_SKIP.search(line):
            result.skipped += 1
            result.notes.append(f"skipped: {skipped['test']}")
        elif end := TEST_END.search(line):
            ended = True
            result.failed += int(end["failed"]) + int(end["errors"])
        elif _is_bad(line):
            result.fail(f"log: {line[:300]}")
    result.passed = max(0, len(result.tests) - result.failed - result.skipped)
    if not ended:
        result.fail("Odoo's runner did not reach its summary")
    return result


def _is_bad(line: str) -> bool:
    """Is this line of Odoo's log a warning or worse that concerns us?

    Python's own warnings count when they are about our files: Odoo calls functions of
    its libraries that these will drop one day.
    """
    head = LOG_LINE.match(line)
    if not head or head["level"] not in BAD_LEVELS:
        return False
    return head["logger"] != "py.warnings" or "/service_billing_qbo" in line


def table(results: list[Result]) -> str:
    """The results as people read them, and the plain last line for programs."""
    width = max(len(result.kind) for result in results)
    lines = [f"{'kind':<{width}}  tests  seconds"]
    for result in results:
        total = result.passed + result.failed + result.skipped
        verdict = "" if result.good else "  FAILED"
        lines.append(
            f"{result.kind:<{width}}  {total:>5}  {result.seconds:>7.1f}{verdict}"
        )
    return "\n".join(lines)


def last_line(results: list[Result]) -> str:
    """`N passed, N failed, N skipped` of all results together."""
    return ", ".join(
        f"{sum(getattr(result, part) for result in results)} {part}"
        for part in ("passed", "failed", "skipped")
    )
