"""What tools and people expect to find in and around the addon's folder."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADDONS = sorted(
    path.parent for path in ROOT.glob("service_billing_qbo*/__manifest__.py")
)
# Names that differ between PyPI and `import`.
PYPI_NAMES = {"requests_oauthlib": "requests-oauthlib"}


def manifest(addon: Path) -> dict:
    """The addon's manifest, as Odoo reads it."""
    return ast.literal_eval((addon / "__manifest__.py").read_text())


def pinned(file: str) -> dict[str, str]:
    """Package -> version of a requirements file; every line must pin exactly."""
    pins = {}
    for line in (ROOT / file).read_text().splitlines():
        if line and not line.startswith("#"):
            found = re.fullmatch(r"([\w.-]+)==([\w.]+)(?: ; python_version .*)?", line)
            assert found, f"{file}: {line!r} does not pin a version"
            pins[found[1]] = found[2]
    return pins


def test_top_level_manifest_is_the_addon_s() -> None:
    """Tools that look for one addon at the top find it."""
    assert (ROOT / "__manifest__.py").readlink() == Path(
        "service_billing_qbo/__manifest__.py"
    )


@pytest.mark.parametrize("addon", ADDONS, ids=lambda path: path.name)
def test_both_test_runners_see_the_same_files(addon: Path) -> None:
    """pytest collects every test_*.py, Odoo's runner what tests/__init__.py imports."""
    tree = ast.parse((addon / "tests/__init__.py").read_text())
    imported = {
        name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level == 1 and not node.module
        for name in node.names
    }
    files = {path.stem for path in (addon / "tests").glob("test_*.py")}
    assert {name for name in imported if name.startswith("test_")} == files


@pytest.mark.parametrize("addon", ADDONS, ids=lambda path: path.name)
def test_python_dependencies_of_the_manifest_are_in_requirements(addon: Path) -> None:
    """`pip install -r requirements.txt` is enough for the addon to install."""
    needed = manifest(addon).get("external_dependencies", {}).get("python", [])
    assert {PYPI_NAMES.get(name, name) for name in needed} <= set(
        pinned("requirements.txt")
    )


@pytest.mark.parametrize(
    "file",
    [
        "requirements.txt",
        "requirements-dev.txt",
        "setup/odoo-requirements.txt",
        "setup/oca-requirements.txt",
    ],
)
def test_requirements_are_exact(file: str) -> None:
    """The same commit brings the same versions tomorrow."""
    assert pinned(file)


def test_requirements_do_not_contradict_each_other() -> None:
    """They go into one environment."""
    lines: dict[str, set[str]] = {}
    for file in ("requirements.txt", "setup/odoo-requirements.txt"):
        for line in (ROOT / file).read_text().splitlines():
            name, _, rest = line.partition("==")
            if rest:
                lines.setdefault(name.lower(), set()).add((file, rest))
    for name, places in lines.items():
        if len({file for file, _ in places}) == 2:
            ours = {rest for file, rest in places if file == "requirements.txt"}
            odoo = {rest for file, rest in places if file != "requirements.txt"}
            assert ours == odoo, name
