"""Where things are; the environment is that of setup/lib.sh."""

import ast
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETUP_DIR = Path(os.environ["SETUP_DIR"])
LOG_DIR = SETUP_DIR / "log" / "test"
DATA_DIR = Path(os.environ.get("ODOO_DATA_DIR") or SETUP_DIR / "data")


def our_addons() -> list[str]:
    """Names of the addons in this checkout that need nothing but Odoo."""
    return [name for name in _all_addons() if not _is_glue(name)]


def glue_addons() -> list[str]:
    """Names of those that join ours to somebody else's: no test database has them, they
    are installed by their own tests."""
    return [name for name in _all_addons() if _is_glue(name)]


def _all_addons() -> list[str]:
    manifests = ROOT.glob("service_billing_qbo*/__manifest__.py")
    return sorted(manifest.parent.name for manifest in manifests)


def _is_glue(name: str) -> bool:
    manifest = ast.literal_eval((ROOT / name / "__manifest__.py").read_text())
    return bool(manifest.get("auto_install"))
