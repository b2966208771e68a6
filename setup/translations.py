"""Brings an addon's .pot up to date and merges it into its .po files.

Ends 0 when every string has a translation; else it names how many are missing.
"""

import subprocess
import sys
from pathlib import Path

import polib
from checks import databases
from checks.paths import ROOT, glue_addons, our_addons

# Each export writes the time of day into these: no news, but a change of the file.
DATES = ("POT-Creation-Date", "PO-Revision-Date")

# Words that a language shares with English: left empty in its file, as the OCA wants
# them, which shows the English one.
NAMES = {
    '<span class="text-muted text-nowrap">Odoo</span>',
    '<span class="text-muted text-nowrap">QuickBooks</span>',
    "Client ID",
    "Client Secret",
    "HTTP",
    "ID",
    "JSON",
    "Odoo",
    "Odoo %(odoo)s = QuickBooks %(quickbooks)s",
    "Odoo %(odoo)s, QuickBooks %(quickbooks)s",
    "QuickBooks",
    "QuickBooks Online",
    "Total",
    "Webhook",
    "ms",
}
SAME = {
    "es": NAMES | {"Hospital", "No", "Plan", "Realm"},
    "fr": NAMES
    | {
        "Action",
        "Cause",
        "Classes",
        "Configuration",
        "Contact",
        "Date",
        "Date %(old)s > %(new)s",
        "Document",
        "Documents",
        "Guide",
        "Journal",
        "Messages",
        "Note",
        "OK",
        "Production",
        "Question",
        "Service",
        "Taxable",
        "Taxes",
        "Type",
    },
}


def export(addon: str) -> Path:
    """Write the addon's .pot as Odoo collects its strings; the file's path."""
    folder = ROOT / addon / "i18n"
    pot = folder / f"{addon}.pot"
    folder.mkdir(exist_ok=True)
    with databases.fresh_copy(databases.addon_template(), "i18n") as database:
        if addon in glue_addons():
            databases.install(database, [addon])
        subprocess.run(
            [
                *(sys.executable, "-m", "odoo", "i18n", "export"),
                *("--database", database, "--output", str(pot), addon),
            ],
            cwd=ROOT,
            check=True,
        )
    _save(polib.pofile(str(pot)))
    return pot


def merge(pot: Path) -> dict[str, int]:
    """Merge a .pot into the .po files beside it; strings without translation, by
    language."""
    template = polib.pofile(str(pot))
    missing = {}
    for path in sorted(pot.parent.glob("*.po")):
        catalogue = polib.pofile(str(path))
        catalogue.merge(template)
        for gone in catalogue.obsolete_entries():
            catalogue.remove(gone)
        for entry in catalogue:
            if entry.msgstr == entry.msgid:
                entry.msgstr = ""
        catalogue.sort(key=lambda entry: entry.msgid)
        _save(catalogue)
        missing[path.stem] = len(untranslated(catalogue, path.stem))
    return missing


def untranslated(catalogue: polib.POFile, language: str) -> set[str]:
    """The strings that people of a language would read in English."""
    translated = {entry.msgid for entry in catalogue.translated_entries()}
    return {entry.msgid for entry in catalogue} - translated - SAME.get(language, set())


def _begin(pot: Path, language: str) -> None:
    """Make the file of a language that an addon lacks, from its .pot."""
    path = pot.with_name(f"{language}.po")
    if not path.exists():
        catalogue = polib.pofile(str(pot))
        catalogue.metadata["Language"] = language
        catalogue.save(str(path))


def _save(catalogue: polib.POFile) -> None:
    for name in DATES:
        catalogue.metadata.pop(name, None)
    catalogue.save()


def main() -> int:
    """All our addons; 0 when nothing is missing."""
    missing_count = 0
    for addon in [*our_addons(), *glue_addons()]:
        pot = export(addon)
        for language in SAME:
            _begin(pot, language)
        for language, count in merge(pot).items():
            print(f"{addon}, {language}: {count} strings to translate")
            missing_count += count
    return min(missing_count, 1)


if __name__ == "__main__":
    sys.exit(main())
