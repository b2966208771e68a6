"""One story: who uses the keyboard, a phone, large letters, a dark screen, or hears."""

import re

import pytest
from demo_run.people import BOOKKEEPER, QUICKBOOKS_ADMINISTRATOR
from playwright.sync_api import expect

INVOICE = "action-account.action_move_out_invoice_type/{}"
SCREENS = {
    "Overview": "service_billing_qbo.qbo_connection_action_open_overview",
    "Exports": "service_billing_qbo.qbo_export_action",
    "Problems": "service_billing_qbo.qbo_problem_action",
    "Account Mapping": "service_billing_qbo.qbo_mapping_action_open",
    "Match Customers": "service_billing_qbo.qbo_match_action_open",
    "Configuration": "service_billing_qbo.qbo_connection_action_configuration",
}
# Lists whose rows are cards where there is little room.
CARDS = ("Exports", "Problems")
# A phone, and a screen of 1366 px at 200 %.
WIDTHS = (390, 683)
LEGIBLE = 4.5
# How much wider than the window the page is; what scrolls by itself, as lists do, may.
TOO_WIDE = """() => {
    const {scrollWidth, clientWidth} = document.documentElement;
    return scrollWidth - clientWidth;
}"""
# Each colour of our badges beside the contrast of its text.
CONTRASTS = """() => {
    const light = (colour) => {
        const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => {
            const share = part / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    };
    return ["grey", "blue", "green", "amber", "red", "purple"].map((name) => {
        const badge = document.createElement("span");
        badge.className = `o_qbo_status badge rounded-pill o_qbo_status_${name}`;
        document.body.append(badge);
        const style = getComputedStyle(badge);
        const [low, high] = [light(style.color), light(style.backgroundColor)].sort(
            (a, b) => a - b
        );
        badge.remove();
        return [name, (high + 0.05) / (low + 0.05)];
    });
}"""


@pytest.fixture(scope="module")
def connected(world):
    """A connected company in which all is mapped."""
    world.enter_keys()
    world.connect()
    world.wait_for_lists()
    world.map_all()
    return world


@pytest.fixture(scope="module")
def exported(connected):
    """An invoice in QuickBooks."""
    move = connected.draft("consulting")
    connected.post(move)
    connected.wait_for_export("account.move", move)
    return move


@pytest.fixture(scope="module")
def bookkeeper(connected):
    """The bookkeeper's screen."""
    return connected.screen(BOOKKEEPER.login)


def test_preview_opens_by_its_hotkey_and_fits_a_phone(connected, bookkeeper):
    """Alt+Shift+E on a draft; Escape closes it."""
    page = bookkeeper.page
    bookkeeper.open(INVOICE.format(connected.draft("consulting")))
    expect(page.locator(".o_form_view button[name=action_qbo_preview]")).to_be_visible()
    page.keyboard.press("Alt+Shift+E")
    bookkeeper.see("QuickBooks will get", bookkeeper.dialog)
    window = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(TOO_WIDE) <= 0, width
    page.set_viewport_size(window)
    page.keyboard.press("Escape")
    expect(page.locator(".modal")).to_have_count(0)


def test_what_is_stopped_is_explained_and_goes_without_a_mouse(connected, bookkeeper):
    """The list explains its badge to who comes by keyboard; Alt+E presses Retry export,
    and the change is told by one region, not by one a badge."""
    page = bookkeeper.page
    connected.quickbooks.tell(
        "faults",
        {"kind": "refused", "times": 1, "match": {"path": "/invoice"}, "code": "2020"},
    )
    move = connected.draft("consulting")
    connected.post(move)
    bookkeeper.open("action-account.action_move_out_invoice_type")
    badge = page.locator(".o_list_view .o_qbo_status[data-status=problem]").first
    expect(badge).to_be_visible()
    badge.focus()
    expect(page.locator(".o_popover")).to_contain_text("QuickBooks")
    assert page.locator("[role=status]").count() <= 2
    bookkeeper.open(INVOICE.format(move))
    expect(page.locator(".o_qbo_status[data-status=problem]").first).to_be_visible()
    page.keyboard.press("Alt+E")
    expect(page.locator(".o_qbo_status[data-status=exported]").first).to_be_visible()
    told = page.locator(".o_qbo_announcer [role=status]")
    expect(told).to_have_text(re.compile("Exported"))
    expect(page.locator(".o_qbo_status[role]")).to_have_count(0)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways(connected, exported, width):
    """On a phone, and in large letters."""
    screen = connected.screen(
        QUICKBOOKS_ADMINISTRATOR.login, viewport={"width": width, "height": 844}
    )
    wide = {}
    for name, action in SCREENS.items():
        screen.open(f"action-{action}")
        expect(screen.page.locator(".o_content").first).to_be_visible()
        if name in CARDS:
            expect(screen.page.locator(".o_kanban_view")).to_be_visible()
        wide[name] = screen.page.evaluate(TOO_WIDE)
    assert {name: by for name, by in wide.items() if by > 0} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_badges_are_legible(bookkeeper, scheme):
    """4.5:1, by day and by night."""
    page = bookkeeper.page
    page.context.add_cookies(
        [{"name": "color_scheme", "value": scheme, "url": bookkeeper.odoo_url}]
    )
    bookkeeper.open(f"action-{SCREENS['Exports']}")
    contrasts = dict(page.evaluate(CONTRASTS))
    page.context.clear_cookies(name="color_scheme")
    assert {name: ratio for name, ratio in contrasts.items() if ratio < LEGIBLE} == {}


def test_from_right_to_left(connected, exported):
    """The page turns, and nothing of ours is pushed out of it."""
    admin = connected.admin
    english = admin.find("res.lang", [("code", "=", "en_US")])
    admin.write("res.lang", [english], {"direction": "rtl"})
    try:
        screen = connected.screen(BOOKKEEPER.login)
        for name in ("Overview", "Exports", "Problems"):
            screen.open(f"action-{SCREENS[name]}")
            expect(screen.page.locator("body")).to_have_class(re.compile("o_rtl"))
            assert screen.page.evaluate(TOO_WIDE) <= 0, name
    finally:
        admin.write("res.lang", [english], {"direction": "ltr"})
