"""One story: the lists of people who have been at work for days, in all states."""

from datetime import date, timedelta

import pytest
from demo_run.connecting import START_DAYS_AGO
from demo_run.people import BOOKKEEPER, CLERK, QUICKBOOKS_ADMINISTRATOR
from demo_run.wait import until
from playwright.sync_api import expect

INVOICE = "action-account.action_move_out_invoice_type/{}"
INVOICES = "action-account.action_move_out_invoice_type"
BILL = "action-account.action_move_in_invoice_type/{}"
EXPORTED_COUNT = 6
DAYS = 9
PHONE = {"width": 390, "height": 844}
# The texts of a list, or a card, that are wider than their place.
CUT_CELLS = """(part) => [...part.querySelectorAll("th, td, .o_qbo_status, span, div")]
    .filter((cell) => cell.scrollWidth > cell.clientWidth + 1 && cell.innerText.trim()
        && getComputedStyle(cell).overflowX === "hidden")
    .map((cell) => cell.innerText)"""
ENTRIES = {
    "QuickBooks preview",
    "Open in QuickBooks",
    "Exclude from QuickBooks",
    "Accept difference",
}


@pytest.fixture(scope="module")
def busy(world):
    """Invoices that are there, differ, need a person, are too early, and wait."""
    world.enter_keys()
    world.connect()
    world.map_all()
    exported = [
        world.draft("consulting", quantity=1 + n) for n in range(EXPORTED_COUNT)
    ]
    world.post(*exported)
    for move in exported:
        world.wait_for_export("account.move", move)
    world.quickbooks.tell("faults", {"kind": "tax_delta", "amount": "0.01"})
    differs = world.draft("router")
    world.post(differs)
    world.wait_for_export("account.move", differs)
    world.quickbooks.tell("faults", [])
    stopped = [world.draft("vest", quantity=n) for n in (1, 3)]
    for move in stopped:
        customer = world.clerk.read("account.move", [move], ["partner_id"])[0]
        email = {"email": "office at seaside"}
        world.admin.write("res.partner", [customer["partner_id"][0]], email)
    early = world.draft("line")
    day = (date.today() - timedelta(days=START_DAYS_AGO + 5)).isoformat()
    world.clerk.write("account.move", [early], {"invoice_date": day})
    world.post(early, *stopped)
    for move in stopped:
        wait_for_status(world, move, "problem")
    olivia = world.staff[QUICKBOOKS_ADMINISTRATOR.login].api
    connection = olivia.find("qbo.connection", [])
    olivia.call("qbo.connection", "action_pause", [connection])
    waiting = world.draft("inspection")
    world.post(waiting)
    world.draft("router", "consulting")
    world.spread_over_days(DAYS)
    return {
        "exported": exported[0],
        "differs": differs,
        "stopped": stopped[0],
        "early": early,
        "waiting": waiting,
    }


def wait_for_status(world, move, status):
    """Wait until an invoice has that status."""

    def found():
        return world.clerk.read("account.move", [move], ["qbo_status"])[0]["qbo_status"]

    until(lambda: found() == status, f"the status {status} of {move}", 60.0)


@pytest.fixture(scope="module")
def bookkeeper(world, busy):
    """The bookkeeper's screen."""
    return world.screen(BOOKKEEPER.login)


def row_of(world, screen, move):
    """The row of an invoice."""
    name = world.invoice(move)["name"]
    return screen.page.get_by_role("row").filter(has_text=name)


def test_list_tells_of_each_invoice_and_groups_them(world, busy):
    """The badge of each, then how many of each: the same words."""
    clerk = world.screen(CLERK.login)
    clerk.open_menu("Invoicing")
    clerk.open_menu("Invoicing")
    clerk.open(INVOICES)
    labels = {
        "exported": "Exported",
        "differs": "Total differs",
        "stopped": "Needs attention",
        "early": "Not exported",
        "waiting": "Waiting",
    }
    for key, label in labels.items():
        clerk.see_status(label, row_of(world, clerk, busy[key]))
    clerk.picture("invoice_list")
    clerk.page.locator(".o_searchview_dropdown_toggler").click()
    clerk.page.get_by_role("menuitemcheckbox", name="QuickBooks status").click()
    groups = clerk.page.locator(".o_group_header")
    for label, count in (
        ("Exported", EXPORTED_COUNT),
        ("Total differs", 1),
        ("Needs attention", 2),
        ("Not exported", 1),
        ("Waiting", 1),
    ):
        clerk.see(f"{label} ({count})", groups)
    # And the draft, which has nothing to do with QuickBooks yet.
    expect(groups).to_have_count(len(labels) + 1)
    clerk.picture("invoice_list_groups")


def entries_of(screen, address):
    """Our entries in the cog menu of a form."""
    screen.open(address)
    screen.page.locator(".o_cp_action_menus .dropdown-toggle").first.click()
    menu = screen.page.locator(".o-dropdown--menu")
    expect(menu.get_by_text("Delete", exact=True)).to_be_visible()
    return ENTRIES & set(menu.locator(".o-dropdown-item").all_inner_texts())


def test_cog_menu_has_what_makes_sense(world, busy, bookkeeper):
    """On a vendor bill nothing of ours; on an invoice what its state allows."""
    preview = "QuickBooks preview"
    supplier = world.admin.create("res.partner", {"name": "Rope Works"})
    bill = world.clerk.create(
        "account.move", {"move_type": "in_invoice", "partner_id": supplier}
    )
    expected = {
        INVOICE.format(busy["stopped"]): {preview, "Exclude from QuickBooks"},
        INVOICE.format(busy["exported"]): {preview, "Open in QuickBooks"},
        INVOICE.format(busy["differs"]): {
            preview,
            "Open in QuickBooks",
            "Accept difference",
        },
        BILL.format(bill): set(),
    }
    for address, entries in expected.items():
        assert entries_of(bookkeeper, address) == entries, address


def test_exports_are_listed_and_plotted_over_time(bookkeeper):
    """What is open, then all of it over days: list, graph, pivot, Overview."""
    page = bookkeeper.page
    bookkeeper.open_menu("Service Billing", "Exports")
    bookkeeper.see_title("Exports")
    bookkeeper.see_rows()
    bookkeeper.see("is not valid")
    bookkeeper.picture("exports")
    page.locator(".o_facet_remove").first.click()
    page.locator(".o_switch_view.o_graph").click()
    expect(page.locator(".o_graph_canvas_container canvas")).to_be_visible()
    bookkeeper.picture("plot")
    page.locator(".o_switch_view.o_pivot").click()
    expect(page.locator(".o_pivot_cell_value").first).to_be_visible()
    bookkeeper.picture("pivot")
    bookkeeper.open_menu("Service Billing", "Overview")
    bookkeeper.see("Last export")
    bookkeeper.picture("overview")


def test_exports_are_previewed_by_hotkey_from_their_form(world, busy, bookkeeper):
    """The export of a stopped invoice says why in one colour, and what would go."""
    bookkeeper.open_menu("Service Billing", "Exports")
    row_of(world, bookkeeper, busy["stopped"]).locator("[name=reference]").click()
    form = bookkeeper.page.locator(".o_form_view")
    bookkeeper.see_status("Needs attention", form)
    expect(form.locator(".alert-danger")).to_contain_text("is not valid")
    expect(form.get_by_text("Exported at")).to_have_count(0)
    bookkeeper.picture("export")
    bookkeeper.page.keyboard.press("Alt+Shift+e")
    bookkeeper.see("is not valid", bookkeeper.dialog)
    bookkeeper.press("Close", bookkeeper.dialog)


def test_preview_of_several_cuts_no_word(world, busy, bookkeeper):
    """What is there is not sent again; the rest says what becomes of it, and why."""
    bookkeeper.open_menu("Invoicing")
    bookkeeper.open(INVOICES)
    for key in ("stopped", "early", "exported", "differs", "waiting"):
        row = row_of(world, bookkeeper, busy[key])
        row.locator(".o_list_record_selector input").check()
    bookkeeper.page.locator(".o_cp_action_menus .dropdown-toggle").last.click()
    bookkeeper.page.get_by_role("menuitem", name="QuickBooks preview").click()
    dialog = bookkeeper.dialog
    bookkeeper.see("2 would go, 1 cannot, 2 in QuickBooks already", dialog)
    bookkeeper.see("is not valid", dialog)
    bookkeeper.picture("preview_several")
    assert dialog.evaluate(CUT_CELLS) == []
    bookkeeper.press("Close", dialog)


@pytest.mark.parametrize("name", ["Problems", "Exports"])
def test_phone_shows_cards_that_cut_no_word(world, busy, name):
    """On 390 pixels the columns of a list do not fit: each row is a card."""
    screen = world.screen(BOOKKEEPER.login, viewport=PHONE)
    screen.open(f"action-service_billing_qbo.qbo_{name.lower()[:-1]}_action")
    cards = screen.page.locator(".o_kanban_record:not(.o_kanban_ghost)")
    card = cards.filter(has_text="is not valid").first
    expect(card).to_be_visible()
    if name == "Problems":
        screen.see("Billing clerk", card)
        expect(card.get_by_role("button", name="Open", exact=True)).to_be_visible()
    else:
        screen.see_status("Needs attention", card)
        screen.see(world.invoice(busy["stopped"])["name"], cards)
    screen.picture(f"phone_{name.lower()}")
    assert card.evaluate(CUT_CELLS) == []


def test_excluding_from_the_list_names_them_and_counts_the_rest(
    world, busy, bookkeeper
):
    """One that needs attention, one never queued, one that is there already."""
    bookkeeper.open_menu("Invoicing")
    bookkeeper.open(INVOICES)
    for key in ("stopped", "early", "exported"):
        row = row_of(world, bookkeeper, busy[key])
        row.locator(".o_list_record_selector input").check()
    bookkeeper.page.locator(".o_cp_action_menus .dropdown-toggle").last.click()
    bookkeeper.page.get_by_role("menuitem", name="Exclude from QuickBooks").click()
    dialog = bookkeeper.dialog
    bookkeeper.see("2 documents will not be sent to QuickBooks", dialog)
    bookkeeper.see(world.invoice(busy["early"])["name"], dialog)
    bookkeeper.see("1 already exported", dialog)
    bookkeeper.picture("exclude")
    bookkeeper.fill("reason", "Entered in QuickBooks by hand", dialog)
    bookkeeper.press("Exclude", dialog)
    bookkeeper.see("2 excluded, 1 already exported")
    row = row_of(world, bookkeeper, busy["stopped"])
    bookkeeper.see_status("Not exported", row)
