"""Makes an addon's README.rst and its page in Odoo's apps list from readme/*.rst.

The sections and their order are those of the OCA's README template; the page is the
same text as HTML.
"""

import ast
import sys
from pathlib import Path

from docutils.core import publish_string

ROOT = Path(__file__).resolve().parents[1]
PAGE = "static/description/index.html"
# Fragment -> its title; what comes first has the addon's name above it.
SECTIONS = {
    "DESCRIPTION": "",
    "INSTALL": "Installation",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "ROADMAP": "Known issues / Roadmap",
    "CREDITS": "Credits",
}
NOTICE = ".. Made by setup/readme of the fragments in readme/: change those."
HTML_SETTINGS = {
    "output_encoding": "unicode",
    "initial_header_level": 2,
    "generator": False,
    "datestamp": False,
    "source_link": False,
    # Odoo shows the page within its own: a style sheet would be cut out.
    "embed_stylesheet": False,
    "stylesheet_path": None,
    "stylesheet_dirs": [],
    "file_insertion_enabled": False,
    "raw_enabled": False,
}


def readme(addon: Path) -> str:
    """The text of README.rst.

    :param addon: the addon's folder
    """
    name = ast.literal_eval((addon / "__manifest__.py").read_text())["name"]
    parts = [NOTICE, _title(name, overlined=True)]
    for fragment, title in SECTIONS.items():
        path = addon / "readme" / f"{fragment}.rst"
        if path.exists():
            parts += [_title(title)] if title else []
            parts.append(path.read_text().strip())
    return "\n\n".join(parts) + "\n"


def page(addon: Path) -> str:
    """The text of the HTML page, which lies beside its pictures."""
    text = readme(addon).replace("static/description/", "")
    html: str = publish_string(
        text, writer_name="html5", settings_overrides=HTML_SETTINGS
    )
    return html


def addons() -> list[Path]:
    """The addons that have fragments."""
    return [path.parents[1] for path in sorted(ROOT.glob("*/readme/DESCRIPTION.rst"))]


def _title(text: str, *, overlined: bool = False) -> str:
    line = "=" * len(text)
    return "\n".join([*([line] if overlined else []), text, line])


def pages(addon: Path) -> dict[Path, str]:
    """Every file that is made, with the text that it should have."""
    return {addon / "README.rst": readme(addon), addon / PAGE: page(addon)}


def main() -> int:
    """Write the files of all addons that have fragments."""
    for addon in addons():
        for path, text in pages(addon).items():
            path.write_text(text)
            print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
