"""One story: what goes wrong with totals, tokens and companies, and how it ends.

It begins with a connection made by keyboard alone and an invoice sent from a phone.
"""

from decimal import Decimal

import pytest
from demo_run import connecting
from demo_run.people import BOOKKEEPER, CLERK, QUICKBOOKS_ADMINISTRATOR
from demo_run.wait import until
from playwright.sync_api import expect
from quickbooks_window import authorize, press_connect
from screen import Screen

INVOICE = "action-account.action_move_out_invoice_type/{}"
INVOICES = "action-account.action_move_out_invoice_type"
PHONE = {"width": 390, "height": 844}
OTHER = "Harbor Export LLC"
IN_QUICKBOOKS_S = 60.0


@pytest.fixture(scope="module")
def shop(world):
    """A company whose Intuit app is known, not connected."""
    world.enter_keys()
    return world


@pytest.fixture(scope="module")
def olivia(shop):
    """The QuickBooks administrator's screen."""
    return shop.screen(QUICKBOOKS_ADMINISTRATOR.login)


@pytest.fixture(scope="module")
def bookkeeper(shop):
    """The bookkeeper's screen."""
    return shop.screen(BOOKKEEPER.login)


def tab_to(page, selector):
    """Press Tab until the focus is within an element."""
    for _press in range(80):
        if page.evaluate(
            "selector => document.activeElement?.closest(selector) !== null", selector
        ):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {selector}")


def open_configuration(screen: Screen):
    """Open the Configuration by the menus."""
    screen.open_menu("Service Billing", "Accounting Integration", "Configuration")
    screen.see("Connection Authorized")


def wait_in_quickbooks(shop, move):
    """Wait until an invoice is in QuickBooks, once."""
    name = shop.invoice(move)["name"]

    def count():
        found = shop.quickbooks.books()["Invoice"]
        return sum(each.get("DocNumber") == name for each in found)

    until(lambda: count() > 0, f"{name} in QuickBooks", IN_QUICKBOOKS_S)
    assert count() == 1


def test_connect_by_keyboard_alone(shop, olivia):
    """No mouse from the Configuration to the connected company."""
    page = olivia.page
    olivia.open("action-service_billing_qbo.qbo_connection_action_configuration")
    olivia.see("There are currently no connection credentials available.")
    page.keyboard.press("Alt+e")
    expect(olivia.dialog).to_be_visible()
    tab_to(page, ".modal [name=accounting_vendor]")
    choose_by_keyboard(page, "QuickBooks")
    tab_to(page, ".modal button[name=qbo_connect]")
    with page.expect_popup() as opened:
        page.keyboard.press("Enter")
    window = opened.value
    window.wait_for_selector("[name=decision]")
    tab_to(window, "[name=decision][value=authorize]")
    window.keyboard.press("Enter")
    body = window.locator("body")
    expect(body).to_contain_text(f"Connected to {shop.quickbooks.company}")
    tab_to(window, "form[action*=confirm] button")
    window.keyboard.press("Enter")
    expect(body).to_contain_text("is the right company")
    window.close()
    expect(olivia.field("authorized_text", olivia.dialog)).to_contain_text("Yes")
    page.keyboard.press("Alt+q")
    expect(page.locator(".modal")).to_have_count(0)
    olivia.see_status("Connected")


def choose_by_keyboard(page, label):
    """Choose in the selection field that has the focus."""
    if page.evaluate("document.activeElement.tagName") == "SELECT":
        page.keyboard.type(label)
        return
    page.keyboard.type(label)
    expect(page.get_by_role("menuitem", name=label, exact=True)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_phone_previews_a_draft_posts_it_and_sees_it_exported(shop):
    """On 390 pixels: the expected total before, the badge after, nothing cut off."""
    shop.map_all()
    clerk = shop.screen(CLERK.login, viewport=PHONE)
    # Odoo's own greeting covers a phone's whole screen.
    clerk.page.add_locator_handler(
        clerk.page.locator(".o-mail-ChatWindow"),
        lambda greeting: greeting.locator("[title*=Close]").first.click(),
    )
    clerk.open(INVOICE.format(shop.draft("router", "consulting")))
    clerk.page.locator(".o_statusbar_buttons .dropdown-toggle").click()
    clerk.page.get_by_text("QuickBooks preview").first.click()
    clerk.see("before it is confirmed", clerk.dialog)
    clerk.see("Equal", clerk.dialog)
    clerk.picture("phone_preview")
    clerk.press("Close", clerk.dialog)
    expect(clerk.page.locator(".modal")).to_have_count(0)
    clerk.press("Confirm")
    expect(clerk.page.get_by_role("button", name="Send", exact=True)).to_be_visible()
    clerk.page.get_by_role("tab", name="Other Info").click()
    badge = clerk.page.locator("[name=qbo_group] .o_qbo_status, .o_qbo_status:visible")
    expect(badge.last).to_have_text("Exported")
    width = clerk.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], f"the page is {width} pixels wide"
    # On a phone the smart buttons are behind one.
    clerk.page.get_by_role("tab", name="Invoice Lines").click()
    clerk.page.locator(".o_control_panel button:has(.fa-bolt)").click()
    clerk.see_status("Exported", clerk.page.locator(".o-dropdown--menu"))
    clerk.picture("phone_invoice")


def test_total_that_differs_is_seen_found_and_accepted(shop, bookkeeper):
    """QuickBooks answers a cent more: both totals are shown, a person settles it."""
    fault = {"kind": "tax_delta", "amount": "0.01"}
    shop.quickbooks.tell("faults", fault)
    move = shop.draft()
    shop.post(move)
    bookkeeper.open_menu("Invoicing")
    bookkeeper.open(INVOICE.format(move))
    bookkeeper.see_status("Total differs", bookkeeper.page.locator(".oe_stat_button"))
    shop.quickbooks.tell("faults", [])
    shown = shop.invoice(move)
    ours, theirs = shown["amount_total"], shown["amount_total"] + Decimal("0.01")
    told = bookkeeper.page.locator(".o_qbo_alert .alert")
    expect(told).to_contain_text(f"{ours:,.2f}")
    expect(told).to_contain_text(f"{theirs:,.2f}")
    expect(told).to_contain_text("QuickBooks' sales tax is")
    bookkeeper.picture("invoice_differs")
    bookkeeper.open(INVOICES)
    bookkeeper.page.locator(".o_searchview_dropdown_toggler").click()
    bookkeeper.page.get_by_role("menuitemcheckbox", name="Total differs").click()
    rows = bookkeeper.page.locator(".o_data_row")
    expect(rows.locator("[data-status=exported]")).to_have_count(0)
    expect(rows.filter(has_text=shown["name"])).to_have_count(1)
    bookkeeper.open(INVOICE.format(move))
    bookkeeper.page.get_by_text("Review", exact=True).first.click()
    bookkeeper.fill("reason", "QuickBooks rounds per rate", bookkeeper.dialog)
    bookkeeper.picture("accept_difference")
    bookkeeper.press("Accept difference", bookkeeper.dialog)
    bookkeeper.see_status("Exported", bookkeeper.page.locator(".oe_stat_button"))
    bookkeeper.see("Difference to QuickBooks accepted")


def test_default_sales_tax_that_differs_is_a_warning_of_test(shop, bookkeeper):
    """8.00 % here and 8.25 % there: totals would differ, so Test says so before."""
    tax = shop.catalogue.taxes[shop.catalogue.home.taxes[0].key]
    shop.admin.write("account.tax", [tax], {"amount": 8.0})
    bookkeeper.open_menu("Service Billing", "Overview")
    bookkeeper.press("Test")
    # The other one: no verifier token for webhooks was entered.
    bookkeeper.see("2 warnings, 0 failed", bookkeeper.dialog)
    row = bookkeeper.dialog.get_by_role("row").filter(has_text="Default sales tax")
    bookkeeper.see_status("Warning", row)
    bookkeeper.see("Odoo 8 %, QuickBooks 8.25 %", row)
    bookkeeper.picture("test_warns")
    shop.admin.write("account.tax", [tax], {"amount": 8.25})
    bookkeeper.press("Test again", bookkeeper.dialog)
    bookkeeper.see("Odoo 8.25 % = QuickBooks 8.25 %", bookkeeper.dialog)
    bookkeeper.press("Close", bookkeeper.dialog)


def test_revoked_authorization_is_told_once_and_everything_goes_after(shop, olivia):
    """The token died: one mail and one activity, whatever runs; then all goes once."""
    told_before = lost_mails(shop)
    shop.quickbooks.tell("disconnect", {"realm_id": shop.quickbooks.realm_id})
    moves = [shop.draft(), shop.draft()]
    shop.post(*moves)
    open_configuration(olivia)
    olivia.see_status("Connection lost")
    expect(olivia.field("authorized_text")).to_contain_text("No")
    olivia.picture("configuration_lost")
    for cron in ("ir_cron_notices", "cron_drain_0", "cron_drain_1") * 4:
        cron_id = shop.admin.ref(f"service_billing_qbo.{cron}")
        shop.admin.call("ir.cron", "method_direct_trigger", [cron_id])
    assert lost_mails(shop) == told_before + 1
    assert shop.activities("connection_lost") == 1
    olivia.open(INVOICE.format(moves[0]))
    olivia.see_status("Waiting", olivia.page.locator(".oe_stat_button"))
    olivia.picture("invoice_connection_lost")
    open_configuration(olivia)
    olivia.press("Test")
    olivia.see("1 failed", olivia.dialog)
    olivia.see_status("Failed", olivia.dialog)
    olivia.see("Not checked", olivia.dialog)
    olivia.picture("test_failed")
    olivia.press("Close", olivia.dialog)
    window = press_connect(olivia)
    olivia.see_status("Connecting")
    olivia.see("Finish in the QuickBooks window, or start again.")
    olivia.picture("configuration_connecting")
    expect(authorize(window)).to_contain_text("Connected to")
    window.close()
    olivia.see_status("Connected")
    for move in moves:
        wait_in_quickbooks(shop, move)
    shop.wait_for_activities("connection_lost", 0)


def test_another_company_changes_nothing_until_its_use_is_typed(shop, olivia):
    """Go back keeps the old one; a wrong name is refused; the right one starts anew."""
    connection_id = shop.admin.find("qbo.connection", [])
    disconnect(shop, connection_id)
    open_configuration(olivia)
    window = press_connect(olivia)
    body = authorize(window, shop.quickbooks.realms[OTHER])
    expect(body).to_contain_text(f"You authorized {OTHER}. Nothing was changed.")
    expect(body).to_contain_text(shop.quickbooks.company)
    olivia.picture("connect_wrong_company", window)
    window.close()
    olivia.see_status("Wrong company")
    olivia.see("Nothing is sent.")
    olivia.picture("configuration_wrong_company")
    with olivia.page.expect_popup() as opened:
        olivia.press("Choose")
    window = opened.value
    expect(window.locator("body")).to_contain_text(f"You authorized {OTHER}.")
    window.get_by_role("button", name="Go back and choose").click()
    window.wait_for_selector("[name=decision]")
    expect(authorize(window)).to_contain_text(f"Connected to {shop.quickbooks.company}")
    window.close()
    olivia.see_status("Connected")
    olivia.see(shop.quickbooks.company)

    disconnect(shop, connection_id)
    open_configuration(olivia)
    window = press_connect(olivia)
    body = authorize(window, shop.quickbooks.realms[OTHER])
    use = window.get_by_role("button", name=f"Use {OTHER} from now on")
    window.locator("[name=company_name]").fill("Somebody else")
    use.click()
    expect(body).to_contain_text("That is not the name of the Odoo company.")
    window.locator("[name=company_name]").fill(
        shop.admin.read("res.company", [1], ["name"])[0]["name"]
    )
    use.click()
    expect(body).to_contain_text(f"Connected to {OTHER}")
    window.close()
    olivia.see_status("Connected")
    olivia.see(OTHER)
    olivia.open_menu("Service Billing", "Overview")
    verify = olivia.page.locator(".o_qbo_guide li[data-step=verify]")
    expect(verify).to_contain_text(f"Is it {OTHER}?")
    olivia.press("This is the right company", verify)
    expect(verify).to_have_attribute("data-done", "true")
    found = shop.admin.read("qbo.connection", [connection_id], ["realm_id"])[0]
    here = [("realm_id", "=", found["realm_id"]), ("reference_id", "!=", False)]
    assert shop.admin.call("qbo.mapping", "search_count", domain=here) == 0
    here = [("realm_id", "=", found["realm_id"]), ("res_model", "=", "account.move")]
    assert shop.admin.call("qbo.binding", "search_count", domain=here) == 0


def test_books_in_pounds_are_refused(shop, olivia):
    """Amounts would be wrong: nothing is connected."""
    connection_id = shop.admin.find("qbo.connection", [])
    disconnect(shop, connection_id)
    [pounds] = set(shop.quickbooks.realms) - {shop.quickbooks.company, OTHER}
    open_configuration(olivia)
    window = press_connect(olivia)
    body = authorize(window, shop.quickbooks.realms[pounds])
    expect(body).to_contain_text("Amounts would be wrong. Not connected.")
    olivia.picture("connect_other_currency", window)
    window.close()
    pages_of_failures(shop, olivia, connection_id)
    connecting.connect(
        shop.staff[QUICKBOOKS_ADMINISTRATOR.login],
        connection_id,
        shop.quickbooks.realms[OTHER],
    )


def pages_of_failures(shop, olivia, connection_id):
    """What our window says when the keys are wrong, QuickBooks is silent, or the
    question is gone."""
    start = f"{olivia.odoo_url}{connecting.start_path(connection_id)}"
    window = olivia.page.context.new_page()
    fault = {"kind": "unavailable", "match": {"path": "companyinfo"}}
    shop.quickbooks.tell("faults", fault)
    window.goto(start)
    body = authorize(window, shop.quickbooks.realms[OTHER])
    expect(body).to_contain_text("QuickBooks does not answer. Nothing was changed.")
    olivia.picture("connect_no_answer", window)
    shop.quickbooks.tell("faults", [])

    app = shop.admin.find("qbo.app", [("environment", "=", "sandbox")])
    shop.admin.write("qbo.app", [app], {"client_secret": "mistyped"})
    window.goto(start)
    body = authorize(window, shop.quickbooks.realms[OTHER])
    expect(body).to_contain_text("Intuit refuses the Client ID and Client Secret.")
    olivia.picture("connect_wrong_keys", window)
    secret = {"client_secret": shop.quickbooks.client_secret}
    shop.admin.write("qbo.app", [app], secret)

    window.goto(f"{olivia.odoo_url}/service_billing_qbo/choose/{connection_id}")
    expect(window.locator("body")).to_contain_text("has expired or was already used")
    olivia.picture("connect_expired", window)
    window.goto(f"{olivia.odoo_url}/service_billing_qbo/disconnected")
    expect(window.locator("body")).to_contain_text("QuickBooks is disconnected.")
    olivia.picture("disconnected_in_quickbooks", window)
    window.close()


def test_two_companies_have_two_quickbooks_and_keep_apart(shop, olivia):
    """The second cannot take the first one's; ending one leaves the other as it is."""
    first_id = shop.admin.find("qbo.connection", [])
    second = second_company(shop)
    context = {"allowed_company_ids": [second]}
    admin = shop.staff[QUICKBOOKS_ADMINISTRATOR.login]
    action = admin.api.call(
        "qbo.connection", "action_open_configuration", context=context
    )
    second_id = action["res_id"]
    admin.api.call(
        "qbo.connection",
        "write",
        [second_id],
        vals={"accounting_vendor": "quickbooks"},
        context=context,
    )
    window = olivia.page.context.new_page()
    window.goto(f"{olivia.odoo_url}{connecting.start_path(second_id)}")
    body = authorize(window, shop.quickbooks.realms[OTHER])
    expect(body).to_contain_text("A QuickBooks company serves one Odoo company only.")
    olivia.picture("connect_taken", window)
    window.close()
    connecting.connect(admin, second_id, shop.quickbooks.realm_id)
    disconnect_unconfirmed(shop, olivia)
    states = shop.admin.read("qbo.connection", [first_id, second_id], ["state"])
    assert [each["state"] for each in states] == ["disconnected", "connected"]
    olivia.page.context.add_cookies(
        [{"name": "cids", "value": f"1-{second}", "url": olivia.odoo_url}]
    )
    olivia.open_menu("Service Billing", "Overview")
    cards = olivia.page.locator(".o_kanban_record:not(.o_kanban_ghost)")
    expect(cards).to_have_count(2)
    expect(cards.filter(has_text="North Harbor LLC")).to_contain_text("Connected")
    olivia.picture("overview_two_companies")


def disconnect_unconfirmed(shop, olivia):
    """Intuit cannot be reached: the company is disconnected here, and a person is told
    what is left to do there."""
    open_configuration(olivia)
    fault = {"kind": "unavailable", "match": {"path": "revoke"}}
    shop.quickbooks.tell("faults", fault)
    olivia.press("Disconnect QB Online")
    olivia.press("Disconnect", olivia.dialog_titled("Disconnect QB Online"))
    done = olivia.dialog_titled("Successful Disconnection")
    expect(done).to_contain_text("Intuit did not confirm: remove the app")
    olivia.picture("disconnect_unconfirmed")
    olivia.press("OK", done)
    olivia.see_status("Disconnected")
    shop.quickbooks.tell("faults", [])


def lost_mails(shop):
    """How many mails said that the connection is lost."""
    domain = [("subject", "ilike", "connection to QuickBooks is lost")]
    return shop.admin.call("mail.message", "search_count", domain=domain)


def second_company(shop):
    """Another Odoo company with the same people."""
    company = shop.admin.create(
        "res.company",
        {
            "name": "North Harbor LLC",
            "country_id": shop.admin.ref("base.us"),
            "currency_id": shop.admin.ref("base.USD"),
        },
    )
    users = [
        shop.admin.find("res.users", [("login", "=", login)])
        for login in ("olivia", "admin")
    ]
    shop.admin.write("res.users", users, {"company_ids": [(4, company)]})
    return company


def disconnect(shop, connection_id):
    """The administrator ends the connection."""
    api = shop.staff[QUICKBOOKS_ADMINISTRATOR.login].api
    api.call("qbo.connection", "disconnect_from_quickbooks", [connection_id])
