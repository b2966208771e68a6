"""README and docs name only what exists, and all that exists of what they list."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADDON = ROOT / "service_billing_qbo"
README = ROOT / "README.md"
OPERATION = ROOT / "docs/operation.md"
ARCHITECTURE = ROOT / "docs/architecture.md"
PAGES = [README, *sorted((ROOT / "docs").glob("**/*.md"))]
PREFIX = "SERVICE_BILLING_QBO_"

every_page = pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: str(page.relative_to(ROOT))
)


def text_of(page):
    return page.read_text(encoding="utf-8")


def sources(folder, pattern):
    """The text of all files of a kind below a folder of the addon, but its tests."""
    return "\n".join(
        text_of(path)
        for path in sorted((ADDON / folder).rglob(pattern))
        if "tests" not in path.relative_to(ADDON).parts
    )


def commands():
    """The executables of setup/."""
    return {
        f"setup/{path.name}"
        for path in (ROOT / "setup").iterdir()
        if path.is_file() and os.access(path, os.X_OK)
    }


def settings():
    """The settings that the addon reads from the server, in upper case."""
    models = sources("models", "*.py")
    named = re.findall(r'server_setting\(\s*"(\w+)"', models)
    secrets = re.findall(r'_secret\(\s*"(\w+)"', models)
    listed = re.findall(r'_odoo_conf_section\(\)\.get\("(\w+)"\)', models)
    return {name.upper() for name in (*named, *secrets, *listed)}


@every_page
def test_commands_that_are_named_exist(page):
    named = set(re.findall(r"\bsetup/[a-z]+\b(?![/.-])", text_of(page)))
    assert named <= commands()


def test_command_table_lists_every_command():
    listed = set(re.findall(r"^\| `(setup/\w+)", text_of(README), re.MULTILINE))
    assert listed == commands()


def test_options_of_demo_in_the_table_are_its_options():
    (row,) = re.findall(r"^\| `setup/demo ([^`]*)`", text_of(README), re.MULTILINE)
    tell = "from demo_run.options import parser; print(parser().format_help())"
    told = subprocess.run(
        [sys.executable, "-c", tell],
        env={**os.environ, "PYTHONPATH": str(ROOT / "setup")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    option = re.compile(r"--[a-z][a-z-]*")
    assert set(option.findall(row)) == set(option.findall(told)) - {"--help"}


@every_page
def test_settings_that_are_named_are_read(page):
    named = re.findall(
        rf"{PREFIX}(?:SANDBOX_|PRODUCTION_)?([A-Z_]*[A-Z])\b", text_of(page)
    )
    assert set(named) - {"SANDBOX", "PRODUCTION"} <= settings()


def test_every_setting_is_explained():
    explained = re.findall(rf"^\| `{PREFIX}(\w+)` \| `(\w+)`", text_of(OPERATION), re.M)
    assert {name for name, _key in explained} == settings()
    assert all(key == name.lower() for name, key in explained)


@every_page
def test_routes_that_are_named_exist(page):
    named = set(re.findall(r"(?<![\w.])/service_billing_qbo/[a-z_]+", text_of(page)))
    named |= set(re.findall(r"(?<=>|9)/service_billing_qbo/[a-z_]+", text_of(page)))
    routes = re.findall(
        r'"(/service_billing_qbo/[a-z_]+)', sources("controllers", "*.py")
    )
    assert named <= set(routes)


@every_page
def test_models_that_are_named_exist(page):
    named = set(re.findall(r"\bqbo\.[a-z_.]+\b", text_of(page)))
    models = re.findall(r'_name = "(qbo\.[a-z_.]+)"', sources("models", "*.py"))
    assert named <= set(models)


def test_scheduled_actions_are_listed_by_their_names():
    """Lanes of one kind differ by a number, and are listed once."""
    names = {
        re.sub(r"[ ,]*\(?lane \d\)?", "", field.text or "")
        for path in (ADDON / "data").glob("*cron*.xml")
        for record in ElementTree.parse(path).iter("record")
        if record.get("model") == "ir.cron"
        for field in record.iter("field")
        if field.get("name") == "name"
    }
    listed = re.findall(r"^\| (QuickBooks: [^|(]*[^|( ])", text_of(OPERATION), re.M)
    assert set(listed) == names


def test_folders_of_the_architecture_exist():
    rows = re.findall(r"^\| (`[^|]*`) \|", text_of(ARCHITECTURE), re.MULTILINE)
    folders = [name for row in rows for name in re.findall(r"`([\w/]+)`", row)]
    assert folders
    missing = [
        name
        for name in folders
        if not any((base / name).is_dir() for base in (ROOT, ADDON))
    ]
    assert missing == []


@every_page
def test_links_and_pictures_lead_somewhere(page):
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", text_of(page))
    missing = [target for target in targets if not (page.parent / target).is_file()]
    assert missing == []


def test_what_the_addon_needs_is_in_the_dependency_table():
    rows = re.findall(r"^\| ([\w, .'-]+) \|", text_of(README), re.MULTILINE)
    explained = " ".join(rows).lower()
    needed = re.findall(r"^([\w-]+)==", text_of(ROOT / "requirements.txt"), re.M)
    assert [name for name in set(needed) if name.lower() not in explained] == []
