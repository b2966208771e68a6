"""What an addon says of itself in Odoo and on its page is what its fragments say."""

import re
import sys
from html import unescape
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "setup"))

import readme_page  # noqa: E402 - found through the path above

every_addon = pytest.mark.parametrize(
    "addon", readme_page.addons(), ids=lambda addon: addon.name
)


def words(html):
    """The text of a page; versions of docutils differ in its tags."""
    body = html.partition("<body")[2]
    return unescape(re.sub(r"<!--.*?-->|<[^>]*>", " ", body, flags=re.DOTALL)).split()


@every_addon
def test_readme_is_made_of_the_fragments(addon):
    assert (addon / "README.rst").read_text() == readme_page.readme(addon)


@every_addon
def test_page_is_made_of_the_fragments(addon):
    assert words((addon / readme_page.PAGE).read_text()) == words(
        readme_page.page(addon)
    )


@every_addon
def test_pictures_of_the_page_are_there(addon):
    named = re.findall(r'<img [^>]*src="([^"]+)"', readme_page.page(addon))
    # What only joins two addons has no screens to show.
    assert bool(named) == (addon / "views").is_dir()
    assert all((addon / readme_page.PAGE).with_name(name).exists() for name in named)
