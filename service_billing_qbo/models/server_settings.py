"""The one place that reads what the server's administrator set for this addon.

A setting NAME is looked up, in this order, as
1. environment variable ``SERVICE_BILLING_QBO_<ENVIRONMENT>_<NAME>`` (the environment is
   SANDBOX or PRODUCTION),
2. environment variable ``SERVICE_BILLING_QBO_<NAME>``,
3. ``<environment>_<name>``, then ``<name>``, in the section ``[service_billing_qbo]``
   of odoo.conf.

Odoo's own parser keeps the section ``[options]`` only (odoo/tools/config.py,
``_load_file_options``), so the section is read here.
"""

import configparser
import os
from pathlib import Path

from odoo.tools import config

from ..quickbooks.crypto import Vault, load_keys

SECTION = "service_billing_qbo"
ENVIRONMENT_PREFIX = "SERVICE_BILLING_QBO"
KEY_FILE_NAME = "tokens.key"


def server_setting(name: str, environment: str | None = None) -> str | None:
    """Return a setting of the server, or None when it is not set or empty.

    :param name: the setting in lower case, for example "client_id"
    :param environment: "sandbox" or "production" for settings that may differ
    """
    scoped = [f"{environment}_{name}", name] if environment else [name]
    from_environment = (
        os.environ.get(f"{ENVIRONMENT_PREFIX}_{key.upper()}") for key in scoped
    )
    section = _odoo_conf_section()
    from_file = (section.get(key) for key in scoped)
    return next(filter(None, (*from_environment, *from_file)), None)


def key_file_path() -> Path:
    """Return where the key lies when neither environment nor odoo.conf holds one."""
    named = server_setting("key_file")
    return Path(named) if named else Path(config["data_dir"]) / SECTION / KEY_FILE_NAME


def encryption_key_place() -> str:
    """Say where the key is: "environment", "odoo.conf", "named_file" or "file".

    A file that the server's configuration names may lie anywhere.
    """
    if os.environ.get(f"{ENVIRONMENT_PREFIX}_KEYS"):
        return "environment"
    if _odoo_conf_section().get("keys"):
        return "odoo.conf"
    return "named_file" if server_setting("key_file") else "file"


def vault() -> Vault:
    """Return the vault that encrypts secrets at rest.

    The key is never in the database, so that a dump of it opens nothing. The
    key file is made once, with mode 0600.

    :raises KeyMissing: if the key file cannot be read or made
    """
    return Vault(
        load_keys(
            os.environ.get(f"{ENVIRONMENT_PREFIX}_KEYS"),
            _odoo_conf_section().get("keys"),
            key_file_path(),
        )
    )


def _odoo_conf_section() -> dict[str, str]:
    parser = configparser.RawConfigParser()
    parser.read(config["config"] or [], encoding="utf-8")
    return dict(parser[SECTION]) if parser.has_section(SECTION) else {}
