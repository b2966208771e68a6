"""Where things are; the environment is that of setup/lib.sh."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETUP_DIR = Path(os.environ["SETUP_DIR"])
LOG_DIR = SETUP_DIR / "log" / "test"
DATA_DIR = Path(os.environ.get("ODOO_DATA_DIR") or SETUP_DIR / "data")


def our_addons() -> list[str]:
    """Names of the addons in this checkout, the main one first."""
    return sorted(
        manifest.parent.name
        for manifest in ROOT.glob("service_billing_qbo*/__manifest__.py")
    )
