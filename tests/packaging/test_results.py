"""`setup/test` counts what pytest and Odoo's runner tell, and overlooks nothing."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "setup"))

from checks.results import Result, from_junit, from_odoo_log, last_line  # noqa: E402

TIME = "2026-01-01 10:00:00,000 17"
START = "odoo.addons.service_billing_qbo.tests.test_a: Starting TestA.test_one ..."
END = "odoo.tests.result: 0 failed, 0 error(s) of 1 tests when loading database 'x'"


def odoo_result(tmp_path: Path, *lines: str) -> Result:
    """What is read from a log of these lines."""
    log = tmp_path / "odoo.log"
    log.write_text("\n".join(lines))
    return from_odoo_log("odoo", log)


def test_good_run_of_odoo_is_counted(tmp_path: Path) -> None:
    result = odoo_result(tmp_path, f"{TIME} INFO x {START}", f"{TIME} INFO x {END}")
    assert result.good
    assert result.tests == {"service_billing_qbo.tests.test_a.TestA.test_one"}


@pytest.mark.parametrize(
    "line",
    [
        "WARNING x odoo.fields: unknown parameter",
        "ERROR x odoo.sql_db: bad query",
        "CRITICAL x odoo.service: no database",
    ],
)
def test_warning_in_the_log_fails_a_run_whose_tests_pass(
    tmp_path: Path, line: str
) -> None:
    result = odoo_result(
        tmp_path,
        f"{TIME} INFO x {START}",
        f"{TIME} {line}",
        f"{TIME} INFO x {END}",
    )
    assert not result.good
    assert line in result.notes[0]


@pytest.mark.parametrize(
    ("file", "good"),
    [
        ("/here/service_billing_qbo/models/account_move.py", False),
        ("/venv/lib/python3.11/site-packages/werkzeug/urls.py", True),
    ],
)
def test_python_s_warnings_count_when_they_are_about_our_files(
    tmp_path: Path, file: str, good: bool
) -> None:
    result = odoo_result(
        tmp_path,
        f"{TIME} INFO x {START}",
        f"{TIME} WARNING x py.warnings: {file}:5: DeprecationWarning: old",
        f"{TIME} INFO x {END}",
    )
    assert result.good is good


def test_run_of_odoo_that_breaks_off_is_a_failure(tmp_path: Path) -> None:
    assert not odoo_result(tmp_path, f"{TIME} INFO x {START}").good


def test_run_without_tests_is_no_success(tmp_path: Path) -> None:
    assert not odoo_result(tmp_path, f"{TIME} INFO x {END}").good


def test_skipped_test_of_odoo_is_a_failure(tmp_path: Path) -> None:
    skipped = START.replace("Starting", "skipped").replace(" ...", " : no browser")
    result = odoo_result(
        tmp_path,
        f"{TIME} INFO x {START}",
        f"{TIME} INFO x {skipped}",
        f"{TIME} INFO x {END}",
    )
    assert (result.skipped, result.good) == (1, False)


def test_skip_and_failure_of_pytest_are_told_by_name_and_reason(tmp_path: Path) -> None:
    junit = tmp_path / "junit.xml"
    junit.write_text(
        "<testsuites><testsuite>"
        '<testcase classname="a" name="good"/>'
        '<testcase classname="a" name="left"><skipped/></testcase>'
        '<testcase classname="a" name="bad"><failure message="1 is&#10;  not 2"/>'
        "</testcase>"
        '<testcase classname="a" name="bad"><error/></testcase>'
        "</testsuite></testsuites>"
    )
    result = from_junit("plain", junit)
    assert (result.passed, result.failed, result.skipped) == (1, 1, 1)
    assert {"skipped: a.left", "failed: a.bad: 1 is not 2"} <= set(result.notes)


def test_missing_results_are_a_failure(tmp_path: Path) -> None:
    assert not from_junit("plain", tmp_path / "none.xml").good


def test_last_line_adds_up_all_kinds() -> None:
    results = [Result("a", passed=2, skipped=1), Result("b", passed=3, failed=1)]
    assert last_line(results) == "5 passed, 1 failed, 1 skipped"
