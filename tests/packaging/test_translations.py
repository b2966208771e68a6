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

from translations import untranslated  # noqa: E402 - found through the path above

CATALOGUES = sorted(ROOT.glob("service_billing_qbo*/i18n/*.po"))
# Named placeholders, and the tags of texts that people see formatted.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|</?[a-z][^>]*>")

every_catalogue = pytest.mark.parametrize(
    "path", CATALOGUES, ids=lambda path: str(path.relative_to(ROOT))
)


def template_of(path):
    return polib.pofile(str(next(path.parent.glob("*.pot"))))


@pytest.mark.parametrize("language", ["es", "fr"])
def test_language_is_there(language):
    for i18n in ROOT.glob("service_billing_qbo*/i18n"):
        assert (i18n / f"{language}.po").exists()


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
