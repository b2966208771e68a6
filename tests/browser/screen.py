"""What a person does at a screen, and what that person sees.

Waiting is always for something on screen (Playwright's ``expect``), never for time.
"""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, TimeoutError, expect

# A drain, two redirects and a reload fit in it on a slow machine.
SEE_TIMEOUT_MS = 30_000
# What a click does shows sooner, even there.
CLICK_TIMEOUT_MS = 8_000
# The first page of a new database waits until Odoo has made its bundles.
FIRST_PAGE_TIMEOUT_MS = 180_000
expect.set_options(timeout=SEE_TIMEOUT_MS)
# Charts grow for a second; a picture shall show their figures.
CHARTS_AT_REST = """
for (const chart of Object.values(window.Chart?.instances ?? {})) {
    chart.stop().update("none");
}
"""


class Screen:
    """One browser window with one user in it."""

    def __init__(self, page: Page, odoo_url: str, pictures: Path | None) -> None:
        self.page = page
        self.odoo_url = odoo_url
        self._pictures = pictures
        page.set_default_timeout(SEE_TIMEOUT_MS)

    # -- getting about ------------------------------------------------------

    def log_in(self, login: str, password: str) -> None:
        """Log in by Odoo's own page."""
        patience = FIRST_PAGE_TIMEOUT_MS
        self.page.goto(f"{self.odoo_url}/web/login", timeout=patience)
        self.page.locator("input[name=login]").fill(login)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("form.oe_login_form button[type=submit]").click()
        self.page.wait_for_url(re.compile("/odoo"), timeout=patience)
        expect(self.page.locator(".o_main_navbar")).to_be_visible(timeout=patience)

    def open(self, path: str) -> None:
        """Go to an address below Odoo's and wait for the web client."""
        self.page.goto(f"{self.odoo_url}/odoo/{path}")
        expect(self.page.locator(".o_action_manager > .o_action")).to_be_visible()

    def open_menu(self, app: str, *entries: str) -> None:
        """Choose an app and then its menus, as a mouse does."""
        self.page.goto(f"{self.odoo_url}/odoo")
        self.page.locator(".o_navbar_apps_menu button").click()
        self.page.get_by_role("menuitem", name=app, exact=True).click()
        for entry in entries:
            self.page.locator(".o_main_navbar, .o-dropdown--menu").get_by_text(
                entry, exact=True
            ).first.click()

    # -- doing --------------------------------------------------------------

    def press(self, name: str, inside: Locator | None = None) -> None:
        """Press the button with that name."""
        (inside or self.page).get_by_role("button", name=name, exact=True).first.click()

    def field(self, name: str, inside: Locator | None = None) -> Locator:
        """The field of the top-most view, by its technical name."""
        return (inside or self.page).locator(f".o_field_widget[name={name}]").first

    def edit_row(self, row: Locator, name: str) -> Locator:
        """Click into a list's row to edit it; the input of that column.

        A person whose click falls into the moment in which the list shows new values
        clicks again.
        """
        edited = self.page.locator(".o_selected_row")
        expect(edited).to_have_count(0)
        field = edited.locator(f"[name={name}] input")
        for _click in range(3):
            row.locator(f"td[name={name}]").click()
            try:
                field.wait_for(timeout=CLICK_TIMEOUT_MS)
            except TimeoutError:
                continue
            break
        return field

    def save_row(self) -> None:
        """Press Save, and see that it is saved."""
        self.page.locator(".o_list_button_save").first.click()
        expect(self.page.locator(".o_selected_row")).to_have_count(0)

    def fill(self, name: str, value: str, inside: Locator | None = None) -> None:
        """Type into a field."""
        self.field(name, inside).locator("input, textarea").first.fill(value)

    def pick(self, name: str, label: str, inside: Locator | None = None) -> None:
        """Choose in a selection field."""
        field = self.field(name, inside)
        if field.locator("select").count():
            field.locator("select").select_option(label=label)
        else:
            field.locator("input").click()
            self.page.get_by_role("menuitem", name=label, exact=True).click()

    @property
    def dialog(self) -> Locator:
        """The dialog on top."""
        return self.page.locator(".modal.o_technical_modal .modal-dialog").last

    def dialog_titled(self, title: str) -> Locator:
        """The dialog with that title, which may lie over another."""
        heading = self.page.get_by_role("heading", name=title, exact=True)
        return self.page.locator(".modal-content").filter(has=heading)

    # -- seeing -------------------------------------------------------------

    def see(self, text: str, inside: Locator | None = None) -> None:
        """Fail unless that text appears."""
        expect(
            (inside or self.page).get_by_text(text).filter(visible=True).first
        ).to_be_visible()

    def see_title(self, title: str) -> None:
        """Fail unless the screen of that name comes up."""
        shown = self.page.locator(".o_breadcrumb").get_by_text(title, exact=True)
        expect(shown.first).to_be_visible()

    def see_rows(self) -> None:
        """Fail unless the list on screen has rows."""
        expect(self.page.locator(".o_data_row").first).to_be_visible()

    def see_no(self, name: str, inside: Locator | None = None) -> None:
        """Fail unless there is no such button, or it goes away."""
        buttons = (inside or self.page).get_by_role("button", name=name, exact=True)
        expect(buttons).to_have_count(0)

    def see_status(self, label: str, inside: Locator | None = None) -> None:
        """Fail unless the QuickBooks badge comes to say that."""
        badge = (inside or self.page).locator(".o_qbo_status").first
        expect(badge).to_have_text(re.compile(rf"^\s*{re.escape(label)}\s*$"))

    def picture(self, name: str, page: Page | None = None) -> None:
        """Keep what is on screen for the documents, when pictures are being made."""
        if self._pictures:
            self._pictures.mkdir(parents=True, exist_ok=True)
            shown = page or self.page
            shown.mouse.move(0, 0)
            shown.evaluate(CHARTS_AT_REST)
            shown.screenshot(
                path=self._pictures / f"{name}.png",
                animations="disabled",
                style=".o_loading_indicator { display: none }",
            )
