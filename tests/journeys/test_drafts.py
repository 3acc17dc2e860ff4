"""What somebody was typing is found again: after a crash, without a connection, on another screen, signed out."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Server, Visitor, open_groups
from tests.journeys.steps import HALF, LEAD, SECOND, make_page, press, save, sees_heading, slow_script, text_box

KEPT = re.compile(r"^Concept bewaard om \d\d\.\d\d")


def line(page: Page) -> Locator:
    """Return what the editor says about the draft."""
    return page.locator("[data-draft-line] > span")


def types(page: Page, words: str) -> None:
    """Type at the end of the text."""
    text_box(page).press("Control+End")
    text_box(page).press_sequentially(words)


def test_a_crash_costs_no_word(visit: Visitor) -> None:
    """The browser goes away in the middle; on another device the text is offered, gone on with and saved."""
    page = visit(LEAD)
    address = make_page(page, HALF, "Een klap tussendoor", "Wat er stond.")
    page.goto(f"{address}/bewerken")
    types(page, " En wat ik net typte.")
    expect(line(page)).to_have_text(KEPT)
    page.close(run_before_unload=False)

    again = visit(LEAD, f"{address}/bewerken")
    notice = again.locator(".left-here")
    expect(notice).to_contain_text(re.compile(r"Je was hier eerder bezig \(vandaag \d\d\.\d\d, versie 1\)\."))
    expect(text_box(again)).to_have_value("Wat er stond.")
    notice.get_by_text("Wat er in je concept anders is").click()
    expect(notice.locator("ins")).to_contain_text("En wat ik net typte.")
    notice.get_by_role("link", name="Verder met je concept").click()
    expect(text_box(again)).to_have_value("Wat er stond. En wat ik net typte.")
    save(again)
    expect(again.locator("article")).to_contain_text("En wat ik net typte.")
    again.goto("/mijn/concepten")
    expect(again.get_by_role("main")).not_to_contain_text("Een klap tussendoor")


def test_a_server_that_is_killed_costs_no_word(visit: Visitor, server: Server) -> None:
    """What was kept is there after the restart, and what is typed then is kept by the same editor."""
    page = visit(LEAD)
    address = make_page(page, HALF, "De stekker eruit", "Wat er stond.")
    page.goto(f"{address}/bewerken")
    types(page, " Voor de klap.")
    expect(line(page)).to_have_text(KEPT)
    server.crash()
    types(page, " Na de klap.")
    expect(page.locator("[data-draft-line] > a")).to_be_visible()
    page.wait_for_function("() => document.querySelector('form[data-draft-url]').dataset.kept === 'yes'")
    page.close(run_before_unload=False)
    again = visit(LEAD, f"{address}/bewerken")
    again.get_by_role("link", name="Verder met je concept").click()
    expect(text_box(again)).to_have_value("Wat er stond. Voor de klap. Na de klap.")


def test_leaving_at_once_still_keeps_what_was_typed(visit: Visitor) -> None:
    """Whoever types a word and closes the tab before the first second is over finds it again."""
    page = visit(LEAD)
    address = make_page(page, HALF, "Eén tel te vroeg", "Wat er stond.")
    page.goto(f"{address}/bewerken")
    page.on("dialog", lambda dialog: dialog.accept())
    types(page, " Vlug nog dit.")
    page.goto("/mijn/concepten")
    for _try in range(40):  # the browser sends it on its own, beside the page that comes next
        if page.get_by_role("main").get_by_text("Eén tel te vroeg").count():
            break
        page.reload()
    page.goto(f"{address}/bewerken")
    expect(page.locator(".left-here ins")).to_contain_text("Vlug nog dit.")


def test_without_a_connection_the_browser_keeps_it_and_sends_it_later(visit: Visitor) -> None:
    """The train goes into a tunnel and comes out again; nothing is asked of the writer."""
    page = visit(LEAD)
    address = make_page(page, HALF, "In de tunnel", "Wat er stond.")
    page.goto(f"{address}/bewerken")
    page.context.set_offline(True)
    types(page, " Getypt in het donker.")
    expect(line(page)).to_contain_text("Er is geen verbinding. Je tekst is bewaard in deze browser")
    page.context.set_offline(False)
    expect(line(page)).to_have_text(KEPT)
    other = visit(LEAD, "/mijn/concepten")
    expect(other.get_by_role("main")).to_contain_text("In de tunnel")


def test_what_could_not_be_sent_is_sent_by_a_page_that_is_opened_later(visit: Visitor) -> None:
    """The tab was gone before the connection came back, too fast for a last word to the server."""
    page = visit(LEAD)
    page.add_init_script("addEventListener('pagehide', (event) => event.stopImmediatePropagation(), true)")
    address = make_page(page, HALF, "Dicht in de tunnel", "Wat er stond.")
    page.goto(f"{address}/bewerken")
    page.context.set_offline(True)
    types(page, " Nooit verstuurd.")
    expect(line(page)).to_contain_text("bewaard in deze browser")
    context = page.context
    page.close(run_before_unload=False)
    context.set_offline(False)
    later = context.new_page()
    later.goto(f"{HALF}/de-maatstaven/bewerken")
    expect(line(later)).to_contain_text("stond nog tekst van jou die niet was verstuurd")
    later.goto(f"{address}/bewerken")
    expect(later.locator(".left-here ins")).to_contain_text("Nooit verstuurd.")
    assert later.evaluate("() => localStorage.length") == 0


def test_what_is_typed_before_the_script_is_there_is_kept(visit: Visitor) -> None:
    """On a slow line the text can be typed in before anything watches it."""
    page = visit(LEAD)
    address = make_page(page, HALF, "Traag geladen", "Wat er stond.")
    with slow_script(page, "writing.js"):
        page.goto(f"{address}/bewerken", wait_until="commit")
        types(page, " Al getypt.")
        expect(text_box(page)).to_have_value("Wat er stond. Al getypt.")
    expect(line(page)).to_have_text(KEPT)
    page.close(run_before_unload=False)
    expect(visit(LEAD, f"{address}/bewerken").locator(".left-here ins")).to_contain_text("Al getypt.")


def test_two_tabs_do_not_overwrite_each_other(visit: Visitor) -> None:
    """The same draft is gone on with on two screens; both texts stay, and that is said."""
    page = visit(LEAD)
    address = make_page(page, HALF, "Twee schermen", "Wat er stond.")
    page.goto(f"{address}/bewerken")
    types(page, " Begin.")
    expect(line(page)).to_have_text(KEPT)
    page.goto(f"{address}/bewerken")
    page.get_by_role("link", name="Verder met je concept").click()
    second = page.context.new_page()
    second.goto(page.url)
    types(second, " Van het tweede scherm.")
    expect(line(second)).to_have_text(KEPT)
    types(page, " Van het eerste scherm.")
    expect(line(page)).to_contain_text("Wat je hier typt, is een tweede concept.")
    third = visit(LEAD, "/mijn/concepten")
    for words in ("Van het tweede scherm.", "Van het eerste scherm."):
        expect(third.get_by_role("main")).to_contain_text(words)


def test_signed_out_while_typing(visit: Visitor) -> None:
    """The draft is refused, the text stays in the browser, that is said, and saving goes on in place."""
    page = visit(LEAD, again=True)
    address = make_page(page, HALF, "Uitgelogd onder het typen", "Wat er stond.")
    page.goto(f"{address}/bewerken")
    page.context.clear_cookies()
    types(page, " Dit typte ik daarna.")
    expect(line(page)).to_contain_text("Je bent uitgelogd. Je tekst is bewaard in deze browser.")
    assert "daarna" in page.evaluate("() => JSON.stringify(Object.values(localStorage))")
    press(page, "Opslaan")
    sees_heading(page, "Je was uitgelogd. Je tekst is er nog.")
    open_groups(page)
    page.get_by_role("main").get_by_role("button", name=LEAD).click()
    expect(page.locator("article")).to_contain_text("Dit typte ik daarna.")
    page.goto(f"{address}/bewerken")
    expect(page.locator(".left-here")).to_have_count(0)
    page.wait_for_function("() => localStorage.length === 0")
    page.goto("/mijn/concepten")
    expect(page.get_by_role("main")).not_to_contain_text("Uitgelogd onder het typen")


def test_others_quietly_hear_that_somebody_writes_and_that_there_is_a_new_version(visit: Visitor) -> None:
    """A notice for writers, no lock; and the number of new versions, with a link to what changed."""
    page = visit(LEAD)
    address = make_page(page, HALF, "Samen aan de slag", "Wat er stond.")
    second = visit(SECOND, f"{address}/bewerken")
    types(second, " Van Carla.")
    expect(line(second)).to_have_text(KEPT)
    page.goto(address)
    expect(page.locator("[data-writers]")).to_have_text(f"{SECOND} is deze pagina aan het bewerken.")
    page.goto(f"{address}/bewerken")
    expect(page.locator("[data-writers]")).to_have_text(f"{SECOND} is deze pagina ook aan het bewerken.")
    press(second, "Opslaan")
    sees_heading(second, "Samen aan de slag")
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(page.locator("[data-newer] [data-words]")).to_have_text("1 nieuwe versie sinds je begon.")
    expect(page.locator("[data-writers]")).to_be_hidden()
    page.get_by_role("link", name="Bekijk wat er veranderde").click()
    expect(page.locator(".diff ins").first).to_contain_text("Van Carla.")


def test_a_draft_of_a_new_page_and_throwing_it_away(visit: Visitor) -> None:
    """The form for a new page keeps itself too; a draft goes only after it was asked."""
    page = visit(LEAD, f"{HALF}/nieuwe-pagina?soort=gewoon")
    page.get_by_label("Titel", exact=True).fill("Een half idee")
    types(page, "De eerste gedachte.")
    expect(line(page)).to_have_text(KEPT)
    page.goto("/mijn")
    page.get_by_role("link", name=re.compile("die je niet opsloeg$")).click()
    main = page.get_by_role("main")
    main.get_by_role("link", name="Een half idee", exact=True).click()
    expect(page.get_by_label("Titel", exact=True)).to_have_value("Een half idee")
    expect(text_box(page)).to_have_value("De eerste gedachte.")
    page.locator("[data-draft-line] > a").click()
    sees_heading(page, "Een half idee")
    expect(main).to_contain_text("Weggooien kun je niet ongedaan maken.")
    press(page, "Gooi dit concept weg")
    expect(page.locator(".flashes")).to_contain_text("Het concept is weg.")
    expect(main).not_to_contain_text("Een half idee")


def test_a_text_that_is_too_long_is_said_and_not_sent(visit: Visitor) -> None:
    """A paste of five megabytes: a sentence, the text stays in the screen, and it is kept as a draft."""
    page = visit(LEAD)
    address = make_page(page, HALF, "Een heel lange plak", "Wat er stond.")
    page.goto(f"{address}/bewerken")
    text_box(page).evaluate(
        "area => { area.value = 'Een lange plak. '.repeat(330000);"
        " area.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    told = page.locator("[data-too-long]")
    expect(told).to_have_text(re.compile(r"De tekst is te lang: 5\.280\.000 tekens\. Het mogen er 100\.000 zijn\."))
    press(page, "Opslaan")
    expect(page).to_have_url(re.compile("/bewerken$"))
    expect(line(page)).to_have_text(KEPT)
    assert text_box(page).evaluate("area => area.value.length") == 5_280_000
