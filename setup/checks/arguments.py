"""`setup/test ARGS`: pytest in the environment that the named tests need."""

import os
import subprocess
from collections.abc import Iterator

from . import databases
from .paths import LOG_DIR, ROOT, glue_addons, our_addons
from .results import Result, from_junit
from .stages import BROWSER, PLAIN, PROCESS, pytest_command

PLAIN_KIND, ODOO_KIND, GLUE_KIND, PROCESS_KIND = "plain", "odoo", "glue", "process"


def run_pytest(arguments: list[str]) -> list[Result]:
    """Hand the arguments to pytest: once for paths that need Odoo within the
    process, once for those that must not have it, or both when none is named."""
    options, paths = _split(arguments)
    return [
        _run(kind, [*options, *of_kind]) for kind, of_kind in _by_kind(paths) if of_kind
    ]


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Options with their values, and paths (also as path::test), from the top."""
    options: list[str] = []
    paths: list[str] = []
    for argument in arguments:
        named = argument.split("::")[0]
        # The names of the others begin with that of the main addon.
        is_path = named.startswith(("tests/", *our_addons())) or named.endswith(".py")
        (paths if is_path else options).append(argument)
    return options, paths


def _by_kind(paths: list[str]) -> Iterator[tuple[str, list[str]]]:
    tests = paths or [
        path
        for path in [*PLAIN, PROCESS, BROWSER, *(f"{a}/tests" for a in our_addons())]
        if any((ROOT / path).rglob("test_*.py"))
    ]
    kinds: dict[str, list[str]] = {
        kind: [] for kind in (PLAIN_KIND, ODOO_KIND, GLUE_KIND, PROCESS_KIND)
    }
    for path in tests:
        kinds[_kind(path)].append(path)
    yield from kinds.items()


def _kind(path: str) -> str:
    inner = os.path.relpath(ROOT / path.split("::")[0], ROOT)
    if inner.split(os.sep)[0] in our_addons():
        return ODOO_KIND
    if inner.split(os.sep)[0] in glue_addons():
        return GLUE_KIND
    return PROCESS_KIND if inner.startswith(PROCESS) else PLAIN_KIND


def _run(kind: str, arguments: list[str]) -> Result:
    junit = LOG_DIR / f"arguments-{kind}.xml"
    junit.unlink(missing_ok=True)
    arguments = [f"--junitxml={junit}", *arguments]
    if kind == ODOO_KIND:
        template = databases.for_tests(databases.addon_template())
        with databases.fresh_copy(template, "pytest") as database:
            status = _call(pytest_command(database, *arguments))
    elif kind == GLUE_KIND:
        with databases.fresh_copy(databases.addon_template(), "glue") as database:
            databases.install(database, glue_addons())
            status = _call(pytest_command(database, *arguments))
    elif kind == PROCESS_KIND:
        template = databases.shop_template()
        status = _call(pytest_command(None, *arguments), QBO_TEST_TEMPLATE=template)
    else:
        status = _call(pytest_command(None, *arguments))
    result = from_junit(kind, junit)
    if status and not result.failed:
        result.fail(f"pytest ended with status {status}")
    return result


def _call(command: list[str], **environment: str) -> int:
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=False
    ).returncode
