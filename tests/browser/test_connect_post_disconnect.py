"""One story: connect, post the first invoice, disconnect, connect again."""

import re

import pytest
from demo_run.check import money
from demo_run.people import CLERK
from playwright.sync_api import expect
from quickbooks_window import connect, press_connect

INVOICE = "action-account.action_move_out_invoice_type/{}"
NO_CREDENTIALS = "There are currently no connection credentials available."


@pytest.fixture(scope="module")
def admin(world):
    """The first user: system and QuickBooks administrator."""
    return world.screen("admin")


def test_app_keys_are_typed_once_and_never_shown_again(world, admin):
    """A system administrator sets the keys of the Intuit app; no secret comes back."""
    admin.open_menu("Settings")
    admin.open("action-service_billing_qbo.res_config_settings_action")
    block = admin.page.get_by_role("heading", name="QuickBooks Online")
    block.evaluate("element => element.scrollIntoView()")
    admin.see("You need the keys of an Intuit app.")
    admin.picture("settings_empty")
    admin.fill("qbo_client_id", world.quickbooks.client_id)
    admin.fill("qbo_client_secret", world.quickbooks.client_secret)
    admin.press("Save")
    admin.open("action-service_billing_qbo.res_config_settings_action")
    admin.see("Set on")
    expect(admin.field("qbo_client_secret").locator("input")).to_have_value("")
    assert world.quickbooks.client_secret not in admin.page.content()
    block.evaluate("element => element.scrollIntoView()")
    admin.picture("settings_keys_set")


def test_before_the_first_connect_all_attempts_say_no_credentials(
    admin,
):
    """Nothing is hidden: Test and Refresh are there, and say what is missing."""
    admin.open_menu("Service Billing", "Accounting Integration", "Configuration")
    admin.see(NO_CREDENTIALS)
    expect(admin.field("authorized_text")).to_have_text("No")
    for button in ("Test", "Refresh Account Mappings"):
        admin.press(button)
        admin.see(NO_CREDENTIALS, admin.dialog)
        admin.picture("no_credentials")
        admin.page.keyboard.press("Escape")
        expect(admin.page.locator(".modal")).to_have_count(0)
    admin.picture("configuration_never_connected")


def test_blocked_window_goes_on_in_the_tab(world):
    """A browser that opens no windows stops nobody."""
    admin = world.screen("admin")
    admin.page.add_init_script("window.open = () => null")
    admin.open_menu("Service Billing", "Accounting Integration", "Configuration")
    admin.press("Edit")
    admin.pick("accounting_vendor", "QuickBooks", admin.dialog)
    admin.press("Connect to QuickBooks", admin.dialog)
    blocked = admin.dialog_titled("Connect to QuickBooks")
    expect(blocked).to_contain_text("Your browser blocked the window.")
    admin.picture("connect_blocked")
    admin.press("Continue in this tab", blocked)
    admin.page.locator("[name=decision][value=cancel]").click()
    admin.see("You did not authorize the connection.")
    admin.press("Close")
    admin.see("Connection Authorized")
    admin.see_status("Not connected")


def test_connect_shows_which_company_was_authorized(world, admin):
    """Cancelled consent changes nothing; an authorized company is named everywhere."""
    admin.press("Edit")
    admin.pick("accounting_vendor", "QuickBooks", admin.dialog)
    admin.pick("connection_type", "Online Edition", admin.dialog)
    admin.picture("edit_dialog")

    window = press_connect(admin, admin.dialog)
    expect(window.locator("body")).to_contain_text(world.quickbooks.company)
    admin.picture("connect_consent_page", window)
    window.locator("[name=decision][value=cancel]").click()
    expect(window.locator("body")).to_contain_text(
        "You did not authorize the connection."
    )
    admin.picture("connect_not_authorized", window)
    window.close()

    connect(admin, world.quickbooks.company, admin.dialog, confirm=True)
    expect(admin.field("authorized_text", admin.dialog)).to_contain_text("Yes")
    for locked in ("accounting_vendor", "connection_type"):
        field = admin.field(locked, admin.dialog)
        expect(field).to_be_visible()
        expect(field.locator("select, input")).to_have_count(0)
    admin.picture("edit_dialog_connected")
    admin.press("Save", admin.dialog)
    expect(admin.page.locator(".modal")).to_have_count(0)
    admin.see_status("Connected")
    admin.see(world.quickbooks.company)
    admin.see_no("Connect to QuickBooks")
    admin.picture("configuration_connected")


def test_test_shows_equal_sales_tax_on_both_sides(admin):
    """Every check passes, and the default sales tax is named with both rates."""
    admin.press("Test")
    admin.see("0 failed", admin.dialog)
    admin.see("8.25", admin.dialog)
    admin.see("2 metered reads of Intuit's monthly allowance.", admin.dialog)
    last = admin.dialog.locator(".o_data_row").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    admin.picture("test_passed")
    admin.press("Close", admin.dialog)


def test_settings_have_the_same_buttons(admin):
    """Who sets the keys sees there what became of them."""
    open_settings(admin)
    admin.see_status("Connected")
    admin.press("Disconnect QB Online")
    admin.press("Keep connected", admin.dialog_titled("Disconnect QB Online"))
    admin.press("Test")
    admin.see("0 failed", admin.dialog)
    admin.press("Close", admin.dialog)
    expect(admin.page.locator(".modal")).to_have_count(0)
    admin.picture("settings_connected")
    admin.open_menu("Service Billing", "Accounting Integration", "Configuration")
    admin.see_status("Connected")


def test_address_of_the_configuration_opens_it_again(admin):
    """Reloaded, and in another window that knows nothing of this one."""
    page = admin.page
    expect(page).to_have_url(re.compile(r"/odoo/quickbooks-configuration/\d+$"))
    page.reload()
    admin.see("Connection Authorized")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_text("Connection Authorized")).to_be_visible()
    other.close()


def open_settings(admin):
    """The block QuickBooks Online in the settings of Invoicing."""
    admin.open("action-service_billing_qbo.res_config_settings_action")
    block = admin.page.get_by_role("heading", name="QuickBooks Online")
    block.evaluate("element => element.scrollIntoView()")


def test_pausing_asks_and_says_so(admin):
    """Invoices are queued on; the Configuration shows that nothing is sent."""
    admin.press("Pause exporting")
    admin.press("Pause exporting", admin.dialog_titled("Pause exporting"))
    resume = admin.page.get_by_role("button", name="Resume exporting")
    expect(resume).to_be_visible()
    expect(admin.page.locator(".modal")).to_have_count(0)
    admin.see("nothing is sent until you resume")
    admin.picture("configuration_paused")
    admin.press("Resume exporting")
    expect(resume).to_have_count(0)


@pytest.fixture(scope="module")
def clerk(world):
    """The billing clerk, who knows nothing of connections."""
    screen = world.screen(CLERK.login)
    screen.open_menu("Invoicing")
    return screen


def test_posted_invoice_turns_to_exported_without_reload(world, admin, clerk):
    """The clerk looks, confirms and goes on working; the badge follows by itself."""
    world.map_all()
    move = world.draft()
    total = f"{world.invoice(move)['amount_total']:,.2f}"
    clerk.open(INVOICE.format(move))
    clerk.press("QuickBooks preview")
    expected = clerk.dialog.get_by_role("row").filter(has_text=re.compile("^Total"))
    expect(expected.locator("[name=qbo_amount]")).to_contain_text(total)
    clerk.see_status("Equal", expected)
    clerk.press("Close", clerk.dialog)
    # QuickBooks takes its time: nobody waits for it.
    world.quickbooks.tell("faults", {"kind": "slow", "seconds": 5})
    clerk.press("Confirm")
    badge = clerk.page.locator(".oe_stat_button .o_qbo_status")
    expect(badge).to_have_text(re.compile("Waiting|Sending"))
    expect(clerk.page.get_by_role("button", name="Send", exact=True)).to_be_enabled()
    expect(badge).to_have_text("Exported")
    shown = world.invoice(move)
    found = world.quickbooks.invoice(shown["name"])
    assert money(found["TotalAmt"]) == money(shown["amount_total"])
    clerk.page.get_by_role("tab", name="Other Info").click()
    expect(clerk.field("qbo_doc_number")).to_have_text(shown["name"])
    clerk.picture("invoice_exported")
    clerk.open("action-account.action_move_out_invoice_type")
    row = clerk.page.get_by_role("row").filter(has_text=shown["name"])
    clerk.see_status("Exported", row)
    admin.open_menu("Service Billing", "Overview")
    today = admin.page.locator("[name=exported_graph] tbody tr").last
    expect(today.locator("td").first).to_have_text("1")
    admin.open_menu("Service Billing", "Accounting Integration", "Configuration")


def test_disconnect_asks_and_frees_the_selectors(world, admin):
    """Keep connected changes nothing; Disconnect says so and keeps the settings."""
    admin.press("Edit")
    admin.press("Disconnect QB Online", admin.dialog)
    question = admin.dialog_titled("Disconnect QB Online")
    expect(question).to_contain_text("Settings, mappings and links are kept.")
    admin.picture("disconnect_question")
    admin.press("Keep connected", question)
    expect(admin.field("authorized_text", admin.dialog)).to_contain_text("Yes")

    admin.press("Disconnect QB Online", admin.dialog)
    admin.press("Disconnect", question)
    done = admin.dialog_titled("Successful Disconnection")
    expect(done).to_contain_text("All other settings are unchanged.")
    # The Configuration behind the dialogs follows.
    admin.see_status("Disconnected", admin.page.locator(".o_action_manager"))
    admin.picture("disconnect_done")
    admin.press("OK", done)
    for free in ("accounting_vendor", "connection_type"):
        field = admin.field(free, admin.dialog)
        expect(field.locator("select, input")).to_have_count(1)
    admin.press("Save", admin.dialog)
    expect(admin.page.locator(".modal")).to_have_count(0)
    admin.see_status("Disconnected")
    admin.picture("configuration_disconnected")


def test_stop_using_quickbooks_is_asked_before_it_is_saved(admin):
    """Choosing None and pressing Save is not enough to lose what waits."""
    admin.press("Edit")
    admin.pick("accounting_vendor", "None", admin.dialog)
    admin.see("Stop using QuickBooks?", admin.dialog)
    admin.press("Save", admin.dialog)
    question = admin.dialog_titled("Stop using QuickBooks?")
    expect(question).to_contain_text("Waiting exports will not be sent")
    admin.picture("stop_using_question")
    admin.press("Go on using it", question)
    admin.press("Discard", admin.dialog)
    expect(admin.page.locator(".modal")).to_have_count(0)
    admin.see_status("Disconnected")


def test_while_disconnected_attempts_by_hand_say_so_and_posting_goes_on(
    world, admin, clerk
):
    """Refresh and Export now name the reason; what is posted waits."""
    admin.press("Refresh Account Mappings")
    admin.see("The QuickBooks account is not connected.", admin.dialog)
    admin.picture("not_connected_administrator")
    admin.press("Close", admin.dialog)

    clerk.open(INVOICE.format(world.draft()))
    clerk.press("Confirm")
    clerk.see_status("Waiting", clerk.page.locator(".oe_stat_button"))
    clerk.press("Export now")
    clerk.see("The QuickBooks account is not connected.", clerk.dialog)
    clerk.picture("not_connected_clerk")
    clerk.press("Close", clerk.dialog)
    clerk.picture("invoice_waiting")


def test_same_company_again_goes_on_where_it_was(world, admin, clerk):
    """Links are there, what waited goes once, without anybody pressing anything."""
    open_settings(admin)
    admin.see_status("Disconnected")
    connect(admin, world.quickbooks.company)
    admin.see_status("Connected")
    clerk.see_status("Exported", clerk.page.locator(".oe_stat_button"))
    numbers = [i["DocNumber"] for i in world.quickbooks.books()["Invoice"]]
    assert len(numbers) == len(set(numbers)) == 2
