"""The consent page: one form, no session; its hidden fields carry the question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

__all__ = ["consent_page", "error_page"]

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; background: #f4f5f8; color: #21262a }}
main {{ max-width: 26rem; margin: 4rem auto; background: #fff; padding: 2rem;
        border-radius: .5rem; box-shadow: 0 1px 4px #0003 }}
h1 {{ font-size: 1.25rem; margin-top: 0 }}
label {{ display: block; font-weight: 600; margin: 1rem 0 .25rem }}
input, select {{ width: 100%; box-sizing: border-box; padding: .5rem; font: inherit }}
button {{ font: inherit; padding: .5rem 1.25rem; margin: 1.5rem .5rem 0 0;
          border: 1px solid #2ca01c; border-radius: .25rem; cursor: pointer;
          background: #fff; color: #108000 }}
button.main {{ background: #2ca01c; color: #fff }}
small {{ color: #6b6c72 }}
</style></head><body><main>{content}</main></body></html>
"""


def consent_page(
    action: str,
    question: Mapping[str, str],
    companies: Sequence[tuple[str, str]],
    user: str,
) -> str:
    """Return the form. ``companies`` are (realm id, name); ``question`` the query's
    members."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in question.items()
    )
    options = "".join(
        f'<option value="{escape(realm_id)}">{escape(name)}'
        f" ({escape(realm_id)})</option>"
        for realm_id, name in companies
    )
    content = f"""
<h1>Connect this app to QuickBooks</h1>
<form method="post" action="{escape(action)}">{hidden}
<label for="user">Signed in as</label>
<input id="user" name="user" value="{escape(user)}">
<label for="realm_id">Company</label>
<select id="realm_id" name="realm_id">{options}</select>
<p><small>The app will be able to read and write the accounting data of this
company.</small></p>
<button class="main" name="decision" value="authorize">Authorize</button>
<button name="decision" value="cancel">Cancel</button>
</form>"""
    return _PAGE.format(title="QuickBooks emulator: authorize", content=content)


def error_page(message: str) -> str:
    """Return what the user sees when the app asked wrongly and nothing can be sent
    back."""
    content = f"<h1>Sorry, but the app did not connect</h1><p>{escape(message)}</p>"
    return _PAGE.format(title="QuickBooks emulator: error", content=content)
