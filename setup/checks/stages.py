"""The stages of `setup/test`: each a function that runs one kind of test."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from . import databases
from .paths import LOG_DIR, ROOT, our_addons
from .ports import free_port
from .results import Result, from_junit, from_odoo_log

INSTALLATION = "installation"
PROCESS = "tests/process"
BROWSER = "tests/browser"
# The other folders hold plain tests: their processes never import Odoo.
PLAIN = sorted(
    str(folder.relative_to(ROOT))
    for folder in (ROOT / "tests").glob("[a-z]*/")
    if folder not in (ROOT / PROCESS, ROOT / BROWSER) and any(folder.glob("test_*.py"))
)
PYTHON = [sys.executable, "-m"]
# Where the emulators of a stage keep their answers, and the stages that have some.
ANSWERS = LOG_DIR / "answers"
RECORDED = ["plain", "odoo-pytest", "odoo-runner", "browser", "process"]
ODOO_HTTP = ["--odoo-http", "--odoo-log-level=critical"]


def run(command: list[str], log: Path, **environment: str) -> int:
    """Run a command in the checkout, its output to ``log``; its exit status."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        return subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode


def pytest_command(database: str | None, *arguments: str) -> list[str]:
    """pytest's command line: with Odoo on that database, or without Odoo at all."""
    if database is None:
        return [*PYTHON, "pytest", "-p", "no:odoo", *arguments]
    screenshots = f"--odoo-extra=screenshots={LOG_DIR / 'screenshots'}"
    return [
        *(*PYTHON, "pytest", f"--odoo-database={database}"),
        *(*ODOO_HTTP, screenshots, *arguments),
    ]


def _recording(kind: str) -> dict[str, str]:
    """The environment in which every emulator of a stage keeps what it answers."""
    folder = ANSWERS / kind
    shutil.rmtree(folder, ignore_errors=True)
    return {"QBO_EMULATOR_RECORD": str(folder)}


def _pytest(kind: str, paths: list[str], database: str | None, **env: str) -> Result:
    log, junit = LOG_DIR / f"{kind}.log", LOG_DIR / f"{kind}.xml"
    junit.unlink(missing_ok=True)
    missing = [path for path in paths if not any((ROOT / path).rglob("test_*.py"))]
    command = pytest_command(database, "-q", f"--junitxml={junit}", *paths)
    if missing:
        result = Result(kind)
        result.fail(f"no tests in {', '.join(missing)}")
        return result
    status = run(command, log, **_recording(kind), **env)
    result = from_junit(kind, junit)
    if status and not result.failed:
        result.fail(f"pytest ended with status {status}")
    if not result.good:
        result.notes.append(f"see {log}")
    return result


def checks(_earlier: dict[str, Result]) -> Result:
    """Linters and types, as pre-commit lists them; one hook is one test."""
    log = LOG_DIR / "checks.log"
    status = run([*PYTHON, "pre_commit", "run", "--all-files", "--color=never"], log)
    result = Result("checks")
    for name, verdict in re.findall(
        r"^(.*?)\.{3,}.*?(Passed|Failed)$", log.read_text(), re.MULTILINE
    ):
        if verdict == "Passed":
            result.passed += 1
        else:
            result.fail(f"failed: {name}")
    if status and not result.failed:
        result.fail(f"pre-commit ended with status {status}")
    if not result.good:
        result.notes.append(f"see {log}")
    return result


def upgrade_code(_earlier: dict[str, Result]) -> Result:
    """Odoo's own rewriting of outdated code finds nothing to rewrite."""
    log = LOG_DIR / "upgrade_code.log"
    command = [*PYTHON, "odoo", "upgrade_code", "--from", "17.0", "--dry-run"]
    status = run([*command, "--glob", "service_billing_qbo*/**/*"], log)
    result = Result("upgrade_code")
    if status:
        result.fail(f"Odoo would rewrite files, see {log}")
    else:
        result.passed = 1
    return result


def plain(_earlier: dict[str, Result]) -> Result:
    """The tests that need no Odoo: client, emulator, demo, packaging."""
    return _pytest("plain", PLAIN, None)


def template(_earlier: dict[str, Result]) -> Result:
    """The addons install into a database with accounting."""
    databases.addon_template()
    return Result(INSTALLATION, passed=1)


def odoo_pytest(_earlier: dict[str, Result]) -> Result:
    """The addons' tests by pytest-odoo."""
    template_name = databases.for_tests(databases.addon_template())
    with databases.fresh_copy(template_name, "pytest") as database:
        paths = [f"{addon}/tests" for addon in our_addons()]
        return _pytest("odoo-pytest", paths, database)


def odoo_runner(_earlier: dict[str, Result]) -> Result:
    """The addons' tests by Odoo's own runner while it installs them."""
    log = LOG_DIR / "odoo-runner.log"
    tags = ",".join(f"/{addon}" for addon in our_addons())
    template_name = databases.for_tests(databases.base_template())
    with databases.fresh_copy(template_name, "runner") as database:
        status = run(
            [
                *(*PYTHON, "odoo", "--database", database),
                *("--init", ",".join(our_addons()), "--test-tags", tags),
                *("--stop-after-init", "--http-port", str(free_port())),
                *("--max-cron-threads", "0"),
                *("--screenshots", str(LOG_DIR / "screenshots")),
            ],
            log,
            # The same tests; all of their documents are in the other runner.
            QBO_PROPERTY_EXAMPLES="20",
            QBO_CATALOGUE_EVERY="10",
            **_recording("odoo-runner"),
        )
    result = from_odoo_log("odoo-runner", log)
    if status and not result.failed:
        result.fail(f"Odoo ended with status {status}, see {log}")
    return result


def same_tests(earlier: dict[str, Result]) -> Result:
    """pytest finds tests by file name, Odoo by imports: both ran the same ones."""
    result = Result("same tests")
    by_pytest = earlier["odoo-pytest"].tests
    by_odoo = earlier["odoo-runner"].tests
    for runner, extra in (
        ("pytest", by_pytest - by_odoo),
        ("Odoo's runner", by_odoo - by_pytest),
    ):
        if extra:
            result.fail(f"only {runner} ran {', '.join(sorted(extra)[:10])}")
    if by_pytest and by_pytest == by_odoo:
        result.passed = 1
    return result


def browser(_earlier: dict[str, Result]) -> Result:
    """What people do on the screens, in Chromium, with real servers behind it."""
    return _pytest("browser", [BROWSER], None)


def process(_earlier: dict[str, Result]) -> Result:
    """Several processes at once, and processes that are killed."""
    template_name = databases.shop_template()
    return _pytest("process", [PROCESS], None, QBO_TEST_TEMPLATE=template_name)


def recorded_answers(_earlier: dict[str, Result]) -> Result:
    """All that Odoo was answered in these stages is as Intuit's schemas say."""
    result = Result("recorded answers")
    for kind in RECORDED:
        log = LOG_DIR / f"answers-{kind}.log"
        module = "tests.emulator.contract.schema.recorded"
        if run([*PYTHON, module, str(ANSWERS / kind)], log):
            result.fail(f"answers of {kind}, see {log}")
        else:
            result.passed += 1
    return result


# Stage -> (function, the stages that must have ended before). They begin in this
# order as processors are free: the longest first.
STAGES: dict[str, tuple[Callable[[dict[str, Result]], Result], list[str]]] = {
    INSTALLATION: (template, []),
    "checks": (checks, []),
    "upgrade_code": (upgrade_code, []),
    "plain": (plain, []),
    "process": (process, [INSTALLATION]),
    "odoo-runner": (odoo_runner, [INSTALLATION]),
    "odoo-pytest": (odoo_pytest, [INSTALLATION]),
    "browser": (browser, [INSTALLATION]),
    "same tests": (same_tests, ["odoo-pytest", "odoo-runner"]),
    "recorded answers": (recorded_answers, RECORDED),
}
