"""The plain packages stand alone: without Odoo, and the emulator without the addon."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

IMPORT_ALL = """
import importlib, pathlib, sys, types

class Refused:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {refused!r}:
            raise ImportError(f"{{name}} is not for this package")

sys.meta_path.insert(0, Refused())
if {package!r}.startswith("service_billing_qbo."):
    addon = types.ModuleType("service_billing_qbo")
    addon.__path__ = ["service_billing_qbo"]
    sys.modules["service_billing_qbo"] = addon
folder = pathlib.Path({package!r}.replace(".", "/"))
for path in sorted(folder.rglob("*.py")):
    if path.name != "__main__.py":
        importlib.import_module(".".join(path.with_suffix("").parts))
"""


@pytest.mark.parametrize(
    ("package", "refused"),
    [
        ("service_billing_qbo.quickbooks", ["odoo", "qbo_emulator"]),
        ("qbo_emulator", ["odoo", "service_billing_qbo"]),
    ],
)
def test_plain_package_imports_nothing_of_the_others(
    package: str, refused: list[str]
) -> None:
    """Two readings of Intuit's contract check each other while they share nothing."""
    program = IMPORT_ALL.format(package=package, refused=refused)
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
