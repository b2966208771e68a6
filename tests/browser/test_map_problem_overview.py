"""One story: what is not mapped stops an invoice once, and goes when it is mapped."""

import pytest
from demo_run import connecting
from demo_run.people import BOOKKEEPER, CLERK, QUICKBOOKS_ADMINISTRATOR
from playwright.sync_api import expect

INVOICE = "action-account.action_move_out_invoice_type/{}"


@pytest.fixture(scope="module")
def connected(world):
    """A connected company in which nothing is mapped yet."""
    olivia = world.staff[QUICKBOOKS_ADMINISTRATOR.login]
    keys = {
        "client_id": world.quickbooks.client_id,
        "client_secret": world.quickbooks.client_secret,
    }
    world.admin.create("qbo.app", {"environment": "sandbox", **keys})
    connection_id = connecting.choose_quickbooks(olivia)
    connecting.connect(olivia, connection_id, world.quickbooks.realm_id)
    return world


@pytest.fixture(scope="module")
def bookkeeper(connected):
    """The bookkeeper's screen."""
    return connected.screen(BOOKKEEPER.login)


def test_unmapped_product_stops_its_invoices_by_one_problem(connected, bookkeeper):
    """Three invoices wait for one choice; the clerk sees why, and cannot choose."""
    moves = [connected.draft() for _ in range(3)]
    connected.clerk.call("account.move", "action_post", moves)
    clerk = connected.screen(CLERK.login)
    clerk.open_menu("Invoicing")
    clerk.open(INVOICE.format(moves[0]))
    clerk.see_status("Needs attention", clerk.page.locator(".oe_stat_button"))
    clerk.see("has no QuickBooks item")
    clerk.picture("invoice_problem")
    clerk.open_menu("Service Billing", "Problems")
    row = clerk.page.get_by_role("row").filter(has_text="has no QuickBooks item")
    expect(row).to_have_count(1)
    clerk.see_no("Choose", row)
    row.get_by_text("has no QuickBooks item").click()
    clerk.see("Since", clerk.page.locator(".o_form_view"))
    expect(clerk.dialog).to_have_count(0)
    bookkeeper.open_menu("Service Billing", "Problems")
    bookkeeper.see("has no QuickBooks item")
    bookkeeper.picture("problems")
    bookkeeper.open_menu("Service Billing", "Exports")
    bookkeeper.see_title("Exports")
    bookkeeper.see("INV/2026/00001")
    bookkeeper.picture("exports")


def test_choice_releases_what_it_stopped(connected, bookkeeper):
    """The bookkeeper chooses; all three go by themselves and the problem closes."""
    bookkeeper.open_menu("Service Billing", "Problems")
    row = bookkeeper.page.get_by_role("row").filter(has_text="has no QuickBooks item")
    bookkeeper.press("Choose", row)
    bookkeeper.see_title("Account Mapping")
    bookkeeper.see_rows()
    bookkeeper.picture("mapping_missing")
    mapped = bookkeeper.page.get_by_role("row").filter(has_text="Marine Wi-Fi router")
    mapped.locator("[name=reference_id]").click()
    mapped.locator("[name=reference_id] input").fill("Hours")
    bookkeeper.page.locator(".o-autocomplete--dropdown-item").first.click()
    bookkeeper.page.locator(".o_list_button_save").first.click()
    bookkeeper.open_menu("Service Billing", "Exports")
    bookkeeper.see("No exports found.")
    assert len(connected.quickbooks.books()["Invoice"]) == 3
    bookkeeper.open_menu("Service Billing", "Problems")
    bookkeeper.see("No problems.")


def test_overview_and_lists_show_what_happened(connected, bookkeeper):
    """Numbers of the card, lists, log and matching are there to be read."""
    bookkeeper.open_menu("Service Billing", "Overview")
    bookkeeper.see("Last export")
    bookkeeper.picture("overview")
    integration = ("Service Billing", "Accounting Integration")
    bookkeeper.open_menu(*integration, "Account Mapping")
    bookkeeper.see_title("Account Mapping")
    bookkeeper.see_rows()
    bookkeeper.picture("mapping")
    bookkeeper.open_menu(*integration, "QuickBooks Lists")
    bookkeeper.see_title("QuickBooks Lists")
    bookkeeper.see_rows()
    bookkeeper.picture("quickbooks_lists")
    bookkeeper.open_menu("Service Billing", "Customers", "Match Customers")
    bookkeeper.see_title("Match Customers")
    bookkeeper.picture("match_customers")
    admin = connected.screen("admin")
    admin.open_menu(*integration, "Log")
    admin.see_title("Log")
    admin.see_rows()
    admin.picture("log")
