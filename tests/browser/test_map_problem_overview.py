"""One story: first mapping and matching; what is not mapped stops invoices once."""

from datetime import date

import pytest
from demo_run.people import BOOKKEEPER, CLERK, QUICKBOOKS_ADMINISTRATOR
from playwright.sync_api import expect
from quickbooks_user import QuickBooksUser

INVOICE = "action-account.action_move_out_invoice_type/{}"
INTEGRATION = ("Service Billing", "Accounting Integration")
MOORING_LINE = 'Mooring line 3/4" x 35 ft'
# Customers of Odoo before it is connected: QuickBooks has the first one.
EARLIER_CUSTOMERS = ("Cool Cars", "Dock Eleven", "Old Prospect")
# One that QuickBooks has with the same name and e-mail address.
SURE_CUSTOMER = ("Anchor Lights", "office@anchor.example.com")


@pytest.fixture(scope="module")
def connected(world):
    """A connected company in which nothing is mapped or matched yet."""
    for name in EARLIER_CUSTOMERS:
        world.clerk.create(
            "res.partner", {"name": name}, res_partner_search_mode="customer"
        )
    name, email = SURE_CUSTOMER
    world.clerk.create(
        "res.partner",
        {"name": name, "email": email, "is_company": True},
        res_partner_search_mode="customer",
    )
    QuickBooksUser(world.quickbooks).add_customer(name, email)
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


def choose_decision(screen, row, decision):
    """Choose in the row that is opened for it, and leave it to be saved."""
    chosen = screen.edit_row(row, "decision")
    menu = screen.page.locator(".o_select_menu_menu")
    if not menu.is_visible():
        chosen.click()
    menu.get_by_role("menuitem", name=decision, exact=True).click()
    expect(chosen).to_have_value(decision)


def decide(screen, name, decision):
    """Take a decision on one customer of Match Customers."""
    row = screen.page.get_by_role("row").filter(has_text=name)
    choose_decision(screen, row, decision)
    screen.save_row()
    screen.see_status(decision, row)


def test_link_is_for_the_customer_that_was_shown(connected, bookkeeper):
    """A colleague chooses another one, and the open list shows the former still."""
    name = EARLIER_CUSTOMERS[0]
    bookkeeper.open_menu("Service Billing", "Customers", "Match Customers")
    bookkeeper.see_title("Match Customers")
    row = bookkeeper.page.get_by_role("row").filter(has_text=name)
    expect(row).to_have_count(1)
    colleague = connected.staff[QUICKBOOKS_ADMINISTRATOR.login].api
    match = colleague.find("qbo.match", [("partner_id.name", "=", name)])
    others = [("entity", "=", "customer"), ("name", "!=", name)]
    other = colleague.search_read("qbo.reference", others, ["id"])[0]["id"]
    colleague.call("qbo.match", "write", [match], vals={"reference_id": other})

    choose_decision(bookkeeper, row, "Link")
    bookkeeper.page.locator(".o_list_button_save").first.click()
    bookkeeper.see("has changed meanwhile", bookkeeper.dialog)

    decided = colleague.read("qbo.match", [match], ["decision"])[0]["decision"]
    assert not decided
    colleague.call("qbo.match", "write", [match], vals={"reference_id": False})
    bookkeeper.press("Close", bookkeeper.dialog)
    bookkeeper.page.locator(".o_list_button_discard").first.click()


def test_guide_leads_to_matching(bookkeeper):
    """The sure one is accepted, others linked, created, ignored; the guide follows."""
    bookkeeper.open_menu("Service Billing", "Overview")
    step(bookkeeper, "connect", True)
    step(bookkeeper, "match", False)
    bookkeeper.picture("guide")
    bookkeeper.press("Match Customers")
    bookkeeper.see_title("Match Customers")
    bookkeeper.see("1 confident, 1 to review, 2 without match.")
    expect(bookkeeper.page.locator(".o_data_row").first).to_contain_text(
        "Anchor Lights"
    )
    nobody = bookkeeper.page.get_by_role("row").filter(has_text=EARLIER_CUSTOMERS[1])
    bookkeeper.see("Choose", nobody)
    linked, created, ignored = EARLIER_CUSTOMERS
    decide(bookkeeper, created, "Create")
    decide(bookkeeper, ignored, "Ignore")
    bookkeeper.picture("match_customers")
    bookkeeper.press("Accept all confident")
    bookkeeper.see("1 customer will be linked.")
    decide(bookkeeper, linked, "Link")
    bookkeeper.press("Apply decisions")
    bookkeeper.see(
        "Linked: 2. Being created in QuickBooks: 1. Ignored: 1. Not applied: 0."
    )
    bookkeeper.see("Nothing to decide.")
    bookkeeper.open_menu("Service Billing", "Overview")
    step(bookkeeper, "match", True)


def test_first_mapping_accepts_proposals_and_chooses_the_rest(connected, bookkeeper):
    """Two products are missing: one is proposed, one is chosen; then all goes."""
    page = bookkeeper.page
    bookkeeper.open_menu(*INTEGRATION, "Account Mapping")
    missing = page.locator(".o_qbo_status[data-status=missing]")
    expect(missing).to_have_count(2)
    kind = page.locator(".o_search_panel_category_value").filter(has_text="Products")
    expect(kind.locator(".o_search_panel_counter")).to_have_text("2")
    bookkeeper.picture("mapping_missing")
    bookkeeper.press("Auto-match")
    proposed = page.get_by_role("row").filter(has_text="Consulting hour")
    expect(proposed.locator("[name=proposal_id]")).to_have_text("Consulting")
    proposed.locator(".o_list_record_selector input").check()
    bookkeeper.press("Accept proposals")
    bookkeeper.see_status("In QuickBooks", proposed)
    expect(proposed.locator("[name=proposal_id]")).to_have_text("")
    expect(missing).to_have_count(1)
    choose(bookkeeper, "Marine Wi-Fi router")
    bookkeeper.see("1 export released.")
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
    row = bookkeeper.page.get_by_role("row").filter(has_text="INV/2026/00003")
    row.locator(".o_list_record_selector input").check()
    bookkeeper.press("Exclude")
    bookkeeper.see("1 document will not be sent to QuickBooks", bookkeeper.dialog)
    bookkeeper.see("INV/2026/00003", bookkeeper.dialog)
    bookkeeper.press("Discard", bookkeeper.dialog)
    row.get_by_text("INV/2026/00003").click()
    form = bookkeeper.page.locator(".o_form_view")
    bookkeeper.see_status("Needs attention", form)
    bookkeeper.see("has no QuickBooks item", form)


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
    bookkeeper.press("Apply decisions", dialog)
    required = dialog.locator(".o_field_invalid[name=income_account_id]")
    expect(required).to_be_visible()
    account = required.locator("input")
    account.fill("Services")
    bookkeeper.page.locator(".o-autocomplete--dropdown-item").get_by_text(
        "Services", exact=True
    ).click()
    bookkeeper.picture("create_items")
    bookkeeper.press("Apply decisions", dialog)
    bookkeeper.see("Being created in QuickBooks: 1. Linked: 0.")
    bookkeeper.see_status("In QuickBooks", row)
    items = {item["Name"] for item in connected.quickbooks.books()["Item"]}
    assert MOORING_LINE in items
    connected.wait_for_export("account.move", move)


def test_overview_and_lists_show_what_happened(connected, bookkeeper):
    """Numbers of the card, lists, log and matching are there to be read."""
    bookkeeper.open_menu("Service Billing", "Overview")
    bookkeeper.see("Last export")
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


def test_preview_shows_both_sides_beside_each_other(connected, bookkeeper):
    """A draft as QuickBooks will get it, equal to the cent; JSON for the curious."""
    bookkeeper.open(INVOICE.format(connected.draft("vest", "consulting")))
    bookkeeper.press("QuickBooks preview")
    bookkeeper.see("Equal", bookkeeper.dialog)
    bookkeeper.picture("preview")
    bookkeeper.dialog.get_by_role("tab", name="JSON").click()
    bookkeeper.see("SalesItemLineDetail", bookkeeper.dialog)
    bookkeeper.picture("preview_json")
    bookkeeper.press("Close", bookkeeper.dialog)


def open_cool_cars(connected, bookkeeper):
    """The form of a customer that was linked, at what concerns its invoices."""
    found = connected.clerk.call(
        "res.partner", "search", domain=[("name", "=", "Cool Cars")]
    )
    bookkeeper.open(f"action-account.res_partner_action_customer/{found[0]}")
    bookkeeper.page.get_by_role("tab", name="Invoicing").click()


def test_customer_shows_its_link(connected, bookkeeper):
    """The form of a linked customer names the customer of QuickBooks."""
    open_cool_cars(connected, bookkeeper)
    bookkeeper.see("Link to External Accounting")
    bookkeeper.see("Refresh Balance")
    bookkeeper.see("not read yet")
    group = bookkeeper.page.locator(".o_group [name=qbo_mark]")
    bookkeeper.see_status("In QuickBooks", group)
    unlink = bookkeeper.page.get_by_role("button", name="Unlink", exact=True)
    unlink.scroll_into_view_if_needed()
    bookkeeper.picture("customer")


def test_wrong_link_is_taken_off_and_the_right_one_chosen(connected, bookkeeper):
    """Unlink asks; the likely one is proposed, others are searched by name."""
    open_cool_cars(connected, bookkeeper)
    bookkeeper.press("Unlink")
    bookkeeper.see("Exported invoices stay linked.", bookkeeper.page.locator(".modal"))
    bookkeeper.press("Unlink", bookkeeper.page.locator(".modal"))
    bookkeeper.press("Choose existing customer")
    dialog = bookkeeper.dialog
    search = bookkeeper.field("reference_id", dialog).locator("input")
    expect(search).to_have_value("Cool Cars")
    for name in ("Amy's Bird Sanctuary", "Cool Cars"):
        search.fill(name[:4])
        offered = bookkeeper.page.locator(".o-autocomplete--dropdown-item")
        offered.filter(has_text=name).first.click()
        expect(search).to_have_value(name)
    expect(dialog.locator(".alert")).to_have_count(0)
    bookkeeper.picture("link_customer")
    bookkeeper.press("Link", dialog)
    bookkeeper.see("Refresh Balance")
    expect(bookkeeper.field("qbo_chosen_customer")).to_have_text("Cool Cars")


def test_item_made_inactive_there_and_active_again_goes_by_retry_all(
    connected, bookkeeper
):
    """Nobody told Odoo: QuickBooks refuses, a person mends it there, all goes."""
    at_quickbooks = QuickBooksUser(connected.quickbooks)
    at_quickbooks.make_item("Goods", active=False)
    move = connected.draft("vest")
    connected.post(move)
    bookkeeper.open_menu("Service Billing", "Problems")
    row = bookkeeper.page.get_by_role("row").filter(has_text="inactive")
    expect(row).to_have_count(1)
    bookkeeper.picture("problem_inactive")
    at_quickbooks.make_item("Goods", active=True)
    bookkeeper.press("Retry all", row)
    bookkeeper.see("1 export released.")
    bookkeeper.see("No problems.")
    connected.wait_for_export("account.move", move)


def test_closed_books_are_one_problem_until_they_are_opened(connected, bookkeeper):
    """One invoice is refused, the next is known in advance: the cause is the same."""
    at_quickbooks = QuickBooksUser(connected.quickbooks)
    at_quickbooks.close_books(date.today().isoformat())
    refused, foreseen = connected.draft("vest"), connected.draft("vest")
    connected.post(refused)
    bookkeeper.open_menu("Service Billing", "Problems")
    row = bookkeeper.page.get_by_role("row").filter(has_text="books are closed")
    expect(row.locator("[name=export_count]")).to_have_text("1")
    bookkeeper.open_menu("Service Billing", "Overview")
    bookkeeper.press("Test")
    bookkeeper.see("Closed up to and including", bookkeeper.dialog)
    bookkeeper.press("Close", bookkeeper.dialog)
    connected.post(foreseen)
    bookkeeper.open_menu("Service Billing", "Problems")
    expect(row).to_have_count(1)
    expect(row.locator("[name=export_count]")).to_have_text("2")
    bookkeeper.see("closed up to and including")
    bookkeeper.picture("problem_closed_books")
    at_quickbooks.close_books("")
    bookkeeper.press("Retry all", row)
    bookkeeper.see("2 exports released.")
    bookkeeper.see("No problems.")
    for move in (refused, foreseen):
        connected.wait_for_export("account.move", move)
    connected.wait_for_activities("problem", 0)


def test_invoice_voided_there_is_a_question(connected, bookkeeper):
    """Somebody voids it in QuickBooks; Odoo asks which of the two is right."""
    move = connected.draft("consulting")
    connected.post(move)
    connected.wait_for_export("account.move", move)
    number = connected.invoice(move)["name"]
    QuickBooksUser(connected.quickbooks).void_invoice(number)
    connected.follow_changes()
    bookkeeper.open_menu("Service Billing", "Problems")
    row = bookkeeper.page.get_by_role("row").filter(has_text=number)
    bookkeeper.see("voided in QuickBooks", row)
    for answer in ("Export again", "Keep", "Unlink"):
        expect(row.get_by_role("button", name=answer, exact=True)).to_be_visible()
    bookkeeper.picture("problem_voided_there")
    bookkeeper.press("Keep", row)
    bookkeeper.press("Keep", bookkeeper.dialog)
    bookkeeper.see("No problems.")
    bookkeeper.open(INVOICE.format(move))
    badge = bookkeeper.page.locator(".oe_stat_button .o_qbo_status")
    expect(badge).to_have_count(1)


@pytest.fixture(scope="module")
def french(connected):
    """A company of people who read French: what is told is told in its language."""
    admin = connected.admin
    asked = [("code", "=", "fr_FR"), ("active", "in", [True, False])]
    language = admin.find("res.lang", asked)
    wizard = admin.create("base.language.install", {"lang_ids": [(6, 0, [language])]})
    admin.call("base.language.install", "lang_install", [wizard])
    # Odoo forgets its list of languages when one is written, before that is committed:
    # a lane that asks in between has the old one kept. Nothing is in between this time.
    admin.write("res.lang", [language], {"active": True})
    people = [
        admin.find("res.users", [("login", "=", role.login)])
        for role in (CLERK, BOOKKEEPER)
    ]
    company = admin.read("res.company", [1], ["partner_id"])[0]["partner_id"][0]
    admin.write("res.users", people, {"lang": "fr_FR"})
    admin.write("res.partner", [company], {"lang": "fr_FR"})


def test_problem_in_french_from_the_refusal_to_its_end(connected, french):
    """The whole journey by a clerk and a bookkeeper who read no English."""
    app = "Facturation de services"
    good = connected.draft("consulting")
    moves = [connected.draft("inspection") for _ in range(3)]
    connected.post(good, *moves)
    clerk = connected.screen(CLERK.login)
    clerk.open(INVOICE.format(good))
    clerk.see_status("Exporté", clerk.page.locator(".oe_stat_button"))
    clerk.open(INVOICE.format(moves[0]))
    clerk.see_status("À traiter", clerk.page.locator(".oe_stat_button"))
    clerk.see("n'a pas d'article QuickBooks")
    clerk.open_menu(app, "Problèmes")
    row = clerk.page.get_by_role("row").filter(has_text="pas d'article QuickBooks")
    expect(row).to_have_count(1)
    expect(row.locator("[name=export_count]")).to_have_text("3")
    clerk.see_no("Choisir", row)
    connected.wait_for_activities("problem", 1)

    bookkeeper = connected.screen(BOOKKEEPER.login)
    bookkeeper.open_menu(app, "Problèmes")
    row = bookkeeper.page.get_by_role("row").filter(has_text="pas d'article")
    expect(row.locator("[name=turn]")).to_have_text("Comptable")
    bookkeeper.press("Choisir", row)
    bookkeeper.see_title("Correspondance des comptes")
    choose(bookkeeper, "Dock inspection", "Services")
    bookkeeper.see("3 exportations débloquées.")
    bookkeeper.open_menu(app, "Exportations")
    bookkeeper.see("Aucune exportation trouvée.")
    for move in moves:
        connected.wait_for_export("account.move", move)
    bookkeeper.open_menu(app, "Problèmes")
    bookkeeper.see("Aucun problème.")
    connected.wait_for_activities("problem", 0)


def choose(screen, product, item="Goods"):
    """Choose a QuickBooks item for a product in the list of account mappings."""
    mapped = screen.page.get_by_role("row").filter(has_text=product)
    screen.edit_row(mapped, "reference_id").fill(item)
    offered = screen.page.locator(".o-autocomplete--dropdown-item")
    offered.filter(has_text=item).first.click()
    chosen = screen.page.locator(".o_selected_row [name=reference_id] input")
    expect(chosen).to_have_value(item)
    screen.save_row()
