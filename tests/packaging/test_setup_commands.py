"""The commands in setup/ on a machine that has the system's packages."""

import os
import subprocess
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = sorted(
    path
    for path in (ROOT / "setup").iterdir()
    if path.is_file() and path.read_text().startswith("#!")
)


def bash(
    script: str, setup_dir: Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run lines of bash after setup/lib.sh, with everything in ``setup_dir``."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "ODOO"))
    }
    return subprocess.run(
        ["bash", "-euc", f'. "{ROOT}/setup/lib.sh"; {script}'],
        env={**environment, **variables, "SETUP_DIR": str(setup_dir)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS, ids=lambda path: path.name)
def test_command_can_be_run_and_says_what_it_does(command: Path) -> None:
    assert os.access(command, os.X_OK)
    shebang, comment = command.read_text().splitlines()[:2]
    assert shebang == "#!/usr/bin/env bash"
    assert comment.startswith(f"# setup/{command.name}")


def test_private_postgresql_keeps_commits_when_the_server_is_killed(
    tmp_path: Path,
) -> None:
    """Crash tests kill servers; fsync off must lose nothing but to a machine's crash.

    The folder's name is too long for a socket's, so this is also the other socket.
    """
    folder = tmp_path / ("long" * 25)
    try:
        done = bash(
            "use_postgresql\n"
            'psql -qd postgres -c "CREATE TABLE kept AS SELECT 42 AS answer"\n'
            "pg_ctl -w -m immediate restart >/dev/null\n"
            'psql -Atd postgres -c "SELECT answer FROM kept"',
            folder,
        )
        assert done.stdout == "42\n", done.stderr
    finally:
        bash("pg_stop", folder)


def test_clean_leaves_nothing_and_stops_the_server(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    started = bash("use_postgresql", folder)
    assert started.returncode == 0, started.stderr
    pid = int((folder / "pg/data/postmaster.pid").read_text().split()[0])
    server = psutil.Process(pid)
    subprocess.run(
        [ROOT / "setup/clean"],
        env={**os.environ, "SETUP_DIR": str(folder)},
        check=True,
        capture_output=True,
    )
    assert not folder.exists()
    server.wait(timeout=10)


def test_failing_step_stops_the_command_and_shows_why(tmp_path: Path) -> None:
    """A step ends at its first error, the reader sees the end of its log."""
    done = bash(
        "start_steps python || true\nwait_steps || exit 7",
        tmp_path,
        PYTHON="/bin/false",
    )
    assert done.returncode == 7
    assert "no Python of 3.10 to 3.13 found" in done.stderr


def test_unknown_odoo_home_is_named(tmp_path: Path) -> None:
    done = bash(f"ODOO_HOME={tmp_path}; ready_odoo", tmp_path / "made")
    assert done.returncode == 1
    assert "holds no Odoo 19" in done.stderr
