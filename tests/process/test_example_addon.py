"""The documented example of an extension really installs, and does what it says."""

import configparser
import json
import os
import subprocess
import sys
from pathlib import Path

from checks import databases
from demo_run import database

HERE = Path(__file__).parent
ADDON = "qbo_export_example"
ODOO_S = 300.0


def odoo(*arguments: str, text: str = "") -> str:
    """Run Odoo's command line with the example on its path; its output."""
    config = configparser.ConfigParser()
    config.read(os.environ["ODOO_RC"])
    paths = f"{config['options']['addons_path']},{HERE / 'example'}"
    done = subprocess.run(
        [sys.executable, "-m", "odoo", *arguments, f"--addons-path={paths}"],
        input=text,
        capture_output=True,
        text=True,
        timeout=ODOO_S,
        check=False,
    )
    assert not done.returncode, done.stderr[-2000:]
    return done.stdout


def test_field_and_billing_type_of_the_example_are_sent() -> None:
    """Somebody writes an addon by the example: it works without touching ours."""
    template = os.environ.get("QBO_TEST_TEMPLATE") or database.template()
    with databases.fresh_copy(template, "example") as copy:
        quiet = ("--no-http", "--max-cron-threads=0", "--log-level=error")
        odoo(
            "server",
            f"--database={copy}",
            f"--init={ADDON}",
            "--stop-after-init",
            *quiet,
        )
        script = (HERE / "example_check.py").read_text(encoding="utf-8")
        told = odoo("shell", f"--database={copy}", *quiet, text=script)
    (line,) = (line for line in told.splitlines() if "FOUND" in line)
    found = json.loads(line.partition("FOUND ")[2])
    assert found == {"TrackingNum": "1Z 999 AA1", "ItemRef": {"value": "77"}}
