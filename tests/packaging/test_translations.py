"""Spanish and French are complete, and keep what a sentence is filled with."""

import os
import re
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("SETUP_DIR", str(ROOT / ".setup"))
sys.path.insert(0, str(ROOT / "setup"))

# Found through the path above.
from checks.paths import glue_addons, our_addons  # noqa: E402
from translations import SAME, untranslated  # noqa: E402

CATALOGUES = sorted(ROOT.glob("service_billing_qbo*/i18n/*.po"))
# What marks a string of code or of a view that people read.
STRING = re.compile(r"\b_t?\(\s*[fr]?\"|<field name=\"arch\"|<menuitem|string=")
# Named placeholders, and the tags of texts that people see formatted.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|</?[a-z][^>]*>")

every_catalogue = pytest.mark.parametrize(
    "path", CATALOGUES, ids=lambda path: str(path.relative_to(ROOT))
)


def template_of(path):
    return polib.pofile(str(next(path.parent.glob("*.pot"))))


@pytest.mark.parametrize("addon", [*our_addons(), *glue_addons()])
def test_addon_with_strings_has_each_language(addon):
    """An addon without any translations is found by its strings."""
    if not STRING.search("".join(texts_of(ROOT / addon))):
        return
    files = {path.name for path in (ROOT / addon / "i18n").glob("*.po*")}
    assert files == {f"{addon}.pot", *(f"{language}.po" for language in SAME)}


def texts_of(addon):
    """What people may read of an addon is in these files."""
    for path in addon.rglob("*"):
        if path.suffix in (".py", ".xml", ".js") and "tests" not in path.parts:
            yield path.read_text(encoding="utf-8")


@every_catalogue
def test_every_string_is_translated(path):
    catalogue = polib.pofile(str(path))
    wanted = {entry.msgid for entry in template_of(path)}
    assert wanted == {entry.msgid for entry in catalogue}
    assert untranslated(catalogue, path.stem) == set()


@every_catalogue
def test_what_fills_a_sentence_is_in_its_translation(path):
    differing = [
        entry.msgid
        for entry in polib.pofile(str(path)).translated_entries()
        if sorted(PLACEHOLDER.findall(entry.msgid))
        != sorted(PLACEHOLDER.findall(entry.msgstr))
    ]
    assert differing == []
