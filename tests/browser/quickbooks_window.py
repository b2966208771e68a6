"""What an administrator does in QuickBooks' own window."""

from playwright.sync_api import Locator, Page, expect
from screen import Screen


def press_connect(admin: Screen, inside: Locator | None = None) -> Page:
    """The window that opens; the consent page is in it."""
    with admin.page.expect_popup() as opened:
        admin.press("Connect to QuickBooks", inside)
    window = opened.value
    window.wait_for_selector("[name=decision]")
    return window


def authorize(window: Page, realm_id: str = "") -> Locator:
    """Authorize a company, the first by default; what our page then says."""
    if realm_id:
        window.locator("[name=realm_id]").select_option(realm_id)
    window.locator("[name=decision][value=authorize]").click()
    window.wait_for_selector("[data-qbo-page]")
    return window.locator("body")


def connect(
    admin: Screen, company: str, inside: Locator | None = None, confirm: bool = False
) -> None:
    """Authorize the company, say that it is the right one if it is the first time,
    and close QuickBooks' window."""
    window = press_connect(admin, inside)
    body = authorize(window)
    expect(body).to_contain_text(f"Connected to {company}")
    asked = "Please verify that it is the right one."
    expect(body).to_contain_text(asked if confirm else "It is the company of before")
    admin.picture("connect_success" if confirm else "connect_again", window)
    if confirm:
        window.get_by_role("button", name="This is the right company").click()
        expect(body).to_contain_text("You can close this window.")
        admin.picture("connect_confirmed", window)
    window.close()
