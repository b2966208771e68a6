"""One story: first mapping and matching; what is not mapped stops invoices once."""

import pytest
from demo_run.people import BOOKKEEPER, CLERK
from playwright.sync_api import expect

INVOICE = "action-account.action_move_out_invoice_type/{}"
INTEGRATION = ("Service Billing", "Accounting Integration")
MOORING_LINE = 'Mooring line 3/4" x 35 ft'
# Customers of Odoo before it is connected: QuickBooks has the first one.
EARLIER_CUSTOMERS = ("Cool Cars", "Dock Eleven", "Old Prospect")


@pytest.fixture(scope="module")
def connected(world):
    """A connected company in which nothing is mapped or matched yet."""
    for name in EARLIER_CUSTOMERS:
        world.clerk.create(
            "res.partner", {"name": name}, res_partner_search_mode="customer"
        )
    world.enter_keys()
    world.connect()
    world.wait_for_lists()
    invoice = world.draft("consulting", "router")
    world.post(invoice)
    customer = world.clerk.read("account.move", [invoice], ["partner_id"])[0]
    world.wait_for_export("res.partner", customer["partner_id"][0])
    return world


@pytest.fixture(scope="module")
def bookkeeper(connected):
    """The bookkeeper's screen."""
    return connected.screen(BOOKKEEPER.login)


def step(screen, key, done):
    """Fail unless a step of the guide is done, or not."""
    mark = "true" if done else "false"
    found = screen.page.locator(f".o_qbo_guide li[data-step={key}]")
    expect(found).to_have_attribute("data-done", mark)


def test_guide_leads_to_matching(bookkeeper):
    """One customer is linked, one created, one left alone; the guide follows."""
    bookkeeper.open_menu("Service Billing", "Overview")
    step(bookkeeper, "connect", True)
    step(bookkeeper, "match", False)
    bookkeeper.picture("guide")
    bookkeeper.press("Match Customers")
    bookkeeper.see_title("Match Customers")
    for name, decision in zip(
        EARLIER_CUSTOMERS, ("Link", "Create", "Ignore"), strict=True
    ):
        row = bookkeeper.page.get_by_role("row").filter(has_text=name)
        row.locator("[name=decision]").click()
        # A row that is being edited holds its text in inputs.
        bookkeeper.page.locator(".o_selected_row [name=decision] input").fill(decision)
        choice = bookkeeper.page.get_by_role("menuitem", name=decision, exact=True)
        choice.click()
        bookkeeper.page.locator(".o_list_button_save").first.click()
    bookkeeper.picture("match_customers")
    bookkeeper.press("Apply decisions")
    bookkeeper.see("All matched.")
    bookkeeper.open_menu("Service Billing", "Overview")
    step(bookkeeper, "match", True)


def test_first_mapping_accepts_proposals_and_chooses_the_rest(connected, bookkeeper):
    """Two products are missing: one is proposed, one is chosen; then all goes."""
    page = bookkeeper.page
    bookkeeper.open_menu(*INTEGRATION, "Account Mapping")
    missing = page.locator(".o_qbo_status[data-status=missing]")
    expect(missing).to_have_count(2)
    bookkeeper.picture("mapping_missing")
    bookkeeper.press("Auto-match")
    proposed = page.get_by_role("row").filter(has_text="Consulting hour")
    expect(proposed.locator("[name=proposal_id]")).to_have_text("Consulting")
    proposed.locator(".o_list_record_selector input").check()
    bookkeeper.press("Accept proposals")
    bookkeeper.see_status("In QuickBooks", proposed)
    expect(missing).to_have_count(1)
    choose(bookkeeper, "Marine Wi-Fi router")
    bookkeeper.see("1 exports released.")
    bookkeeper.open_menu("Service Billing", "Overview")
    expect(page.locator(".o_qbo_guide")).to_have_count(0)
    bookkeeper.see("Last export")
    assert len(connected.quickbooks.books()["Invoice"]) == 1


def test_unmapped_product_stops_its_invoices_by_one_problem(connected, bookkeeper):
    """Three invoices wait for one choice; the clerk sees why, and cannot choose."""
    good = connected.draft("consulting")
    moves = [connected.draft("vest") for _ in range(3)]
    connected.post(good, *moves)
    clerk = connected.screen(CLERK.login)
    clerk.open_menu("Invoicing")
    clerk.open(INVOICE.format(good))
    clerk.see_status("Exported", clerk.page.locator(".oe_stat_button"))
    clerk.open(INVOICE.format(moves[0]))
    clerk.see_status("Needs attention", clerk.page.locator(".oe_stat_button"))
    clerk.see("has no QuickBooks item")
    clerk.picture("invoice_problem")
    clerk.open_menu("Service Billing", "Problems")
    row = clerk.page.get_by_role("row").filter(has_text="has no QuickBooks item")
    expect(row).to_have_count(1)
    expect(row.locator("[name=export_count]")).to_have_text("3")
    clerk.see_no("Choose", row)
    row.get_by_text("has no QuickBooks item").click()
    clerk.see("Since", clerk.page.locator(".o_form_view"))
    expect(clerk.dialog).to_have_count(0)
    connected.wait_for_activities("problem", 1)
    bookkeeper.open_menu("Service Billing", "Problems")
    bookkeeper.see("has no QuickBooks item")
    bookkeeper.picture("problems")
    bookkeeper.open_menu("Service Billing", "Exports")
    bookkeeper.see_title("Exports")
    bookkeeper.see("INV/2026/00003")
    bookkeeper.picture("exports")


def test_choice_releases_what_it_stopped(connected, bookkeeper):
    """The bookkeeper chooses; all three go by themselves and the problem closes."""
    bookkeeper.open_menu("Service Billing", "Problems")
    row = bookkeeper.page.get_by_role("row").filter(has_text="has no QuickBooks item")
    bookkeeper.press("Choose", row)
    bookkeeper.see_title("Account Mapping")
    bookkeeper.see_rows()
    choose(bookkeeper, "Life vest")
    bookkeeper.see("3 exports released.")
    bookkeeper.open_menu("Service Billing", "Exports")
    bookkeeper.see("No exports found.")
    assert len(connected.quickbooks.books()["Invoice"]) == 5
    bookkeeper.open_menu("Service Billing", "Problems")
    bookkeeper.see("No problems.")
    connected.wait_for_activities("problem", 0)


def test_missing_product_is_created_in_quickbooks(connected, bookkeeper):
    """The bookkeeper sees what it becomes, names its account; then its invoice goes."""
    move = connected.draft("line")
    connected.post(move)
    bookkeeper.open_menu(*INTEGRATION, "Account Mapping")
    row = bookkeeper.page.get_by_role("row").filter(has_text=MOORING_LINE)
    row.locator(".o_list_record_selector input").check()
    bookkeeper.press("Create in QuickBooks")
    dialog = bookkeeper.dialog_titled("Create in QuickBooks")
    bookkeeper.see("1 to create, 0 to link, 0 to ignore.", dialog)
    account = dialog.locator("[name=income_account_id] input")
    account.fill("Services")
    bookkeeper.page.locator(".o-autocomplete--dropdown-item").get_by_text(
        "Services", exact=True
    ).click()
    bookkeeper.picture("create_items")
    bookkeeper.press("Apply decisions", dialog)
    bookkeeper.see("1 items are being created in QuickBooks, 0 linked.")
    bookkeeper.see_status("In QuickBooks", row)
    items = {item["Name"] for item in connected.quickbooks.books()["Item"]}
    assert MOORING_LINE in items
    connected.wait_for_export("account.move", move)


def test_overview_and_lists_show_what_happened(connected, bookkeeper):
    """Numbers of the card, lists, log and matching are there to be read."""
    bookkeeper.open_menu("Service Billing", "Overview")
    bookkeeper.see("Last export")
    bookkeeper.picture("overview")
    bookkeeper.open_menu(*INTEGRATION, "Account Mapping")
    bookkeeper.see_title("Account Mapping")
    bookkeeper.see_rows()
    bookkeeper.picture("mapping")
    bookkeeper.open_menu(*INTEGRATION, "QuickBooks Lists")
    bookkeeper.see_title("QuickBooks Lists")
    bookkeeper.see_rows()
    bookkeeper.picture("quickbooks_lists")
    admin = connected.screen("admin")
    admin.open_menu(*INTEGRATION, "Log")
    admin.see_title("Log")
    admin.see_rows()
    admin.see("INV/2026/")
    admin.picture("log")


def choose(screen, product):
    """Choose the item Hours for a product in the list of account mappings."""
    mapped = screen.page.get_by_role("row").filter(has_text=product)
    mapped.locator("[name=reference_id]").click()
    mapped.locator("[name=reference_id] input").fill("Hours")
    offered = screen.page.locator(".o-autocomplete--dropdown-item")
    offered.filter(has_text="Hours").first.click()
    chosen = screen.page.locator(".o_selected_row [name=reference_id] input")
    expect(chosen).to_have_value("Hours")
    screen.page.locator(".o_list_button_save").first.click()
