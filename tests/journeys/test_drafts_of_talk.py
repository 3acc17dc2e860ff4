"""What somebody was saying is found again as well: in a new thread, a reply, a change, and about a passage."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Server, Visitor, open_groups
from tests.journeys.steps import HALF, LEAD, READER, make_page, path_of, press, sees_heading, slow_script, text_box
from tests.journeys.test_drafts import KEPT, line


def says(page: Page, words: str) -> None:
    """Type in the form of a conversation, and see that it is kept."""
    text_box(page).press("Control+End")
    text_box(page).press_sequentially(words)
    expect(line(page)).to_have_text(KEPT)


def no_draft_of(page: Page, words: str) -> None:
    page.goto("/mijn/concepten")
    expect(page.get_by_role("main")).not_to_contain_text(words)


def test_a_new_thread_survives_a_crash_of_the_browser_and_of_the_server(visit: Visitor, server: Server) -> None:
    """Typed, the tab is gone, the server too; on another device it is offered, gone on with and placed."""
    address = make_page(visit(LEAD), HALF, "Waarover gesproken wordt", "Een tekst.")
    page = visit(READER, f"{address}/gesprek")
    page.get_by_role("textbox", name="Onderwerp").fill("Mijn onderwerp")
    says(page, "Wat ik wilde zeggen.")
    page.close(run_before_unload=False)
    server.crash()
    again = visit(READER, f"{address}/gesprek")
    expect(again.locator(".left-here")).to_contain_text("Je was hier eerder een reactie aan het schrijven (vandaag ")
    again.get_by_role("link", name="Verder met je concept").click()
    expect(text_box(again)).to_have_value("Wat ik wilde zeggen.")
    expect(again.get_by_role("textbox", name="Onderwerp")).to_have_value("Mijn onderwerp")
    press(again, "Plaats reactie")
    sees_heading(again, "Mijn onderwerp")
    no_draft_of(again, "Wat ik wilde zeggen")


def test_a_reply_and_a_change_are_kept_without_a_connection(visit: Visitor) -> None:
    """In the tunnel the browser keeps it; outside it is sent, and another screen has it."""
    address = make_page(visit(LEAD), HALF, "Gesprek in de tunnel", "Een tekst.")
    page = visit(READER, f"{address}/gesprek")
    text_box(page).fill("Een begin.")
    press(page, "Plaats reactie")
    sees_heading(page, "Een begin.")
    thread = path_of(page)
    page.context.set_offline(True)
    text_box(page).press_sequentially("In het donker.")
    expect(line(page)).to_contain_text("Er is geen verbinding. Je tekst is bewaard in deze browser")
    page.context.set_offline(False)
    expect(line(page)).to_have_text(KEPT)
    other = visit(READER, "/mijn/concepten")
    expect(other.get_by_role("main")).to_contain_text("In het donker.")
    other.goto(thread)
    other.get_by_role("link", name="Verder met je concept").click()
    expect(text_box(other)).to_have_value("In het donker.")
    press(other, "Plaats reactie")
    expect(other.locator("article.post").last).to_contain_text("In het donker.")
    no_draft_of(other, "In het donker.")

    other.goto(thread)
    other.locator("article.post").last.get_by_role("link", name="Wijzig").click()
    says(other, " En nu in het licht.")
    other.reload()
    expect(other.locator(".left-here")).to_contain_text("Je was deze reactie eerder aan het wijzigen")
    other.get_by_role("link", name="Verder met je concept").click()
    expect(text_box(other)).to_have_value("In het donker. En nu in het licht.")
    press(other, "Bewaar")
    expect(other.locator("article.post").last).to_contain_text("En nu in het licht.")
    no_draft_of(other, "En nu in het licht.")


def test_signed_out_while_saying_something(visit: Visitor) -> None:
    """The browser holds the words, the sign-in is asked in place, and no draft is left behind."""
    page = visit(LEAD, again=True)
    address = make_page(page, HALF, "Uitgelogd in gesprek", "Een tekst.")
    page.goto(f"{address}/gesprek")
    page.context.clear_cookies()
    text_box(page).press_sequentially("Dit zei ik zonder sessie.")
    expect(line(page)).to_contain_text("Je bent uitgelogd. Je tekst is bewaard in deze browser.")
    press(page, "Plaats reactie")
    sees_heading(page, "Je was uitgelogd. Je tekst is er nog.")
    open_groups(page)
    page.get_by_role("main").get_by_role("button", name=LEAD).click()
    expect(page.locator("article.post")).to_contain_text("Dit zei ik zonder sessie.")
    no_draft_of(page, "Dit zei ik zonder sessie")


def speak_about(page: Page, words: str) -> None:
    """Select words of the page and ask for the form to say something about them."""
    page.evaluate(
        """words => {
            const walker = document.createTreeWalker(document.querySelector("[data-offer] .prose"), 4);
            while (walker.nextNode()) {
                const at = walker.currentNode.textContent.indexOf(words);
                if (at < 0) continue;
                const node = walker.currentNode;
                document.getSelection().setBaseAndExtent(node, at, node, at + words.length);
                return;
            }
        }""",
        words,
    )
    page.get_by_role("button", name="Reageer op deze passage").click()


def test_what_is_said_about_a_passage_is_kept_from_the_first_form_and_from_the_second(visit: Visitor) -> None:
    """The form comes into the page later, more than once; each time it keeps itself, with what was typed before."""
    address = make_page(
        visit(LEAD), HALF, "Passages die bewaren", "De eerste zin staat hier.\n\nDe tweede staat daar."
    )
    page = visit(READER, address)
    with slow_script(page, "writing.js"):
        speak_about(page, "De eerste zin")
        text_box(page).press_sequentially("Over de eerste.")
        expect(text_box(page)).to_have_value("Over de eerste.")
    expect(line(page)).to_have_text(KEPT)
    page.get_by_role("button", name="Annuleren").click()
    speak_about(page, "De tweede")
    says(page, "Over de tweede.")
    page.get_by_role("button", name="Annuleren").click()
    page.goto("/mijn/concepten")
    main = page.get_by_role("main")
    for said in ("Over de eerste.", "Over de tweede."):
        expect(main).to_contain_text(said)
    main.get_by_role("link", name=re.compile("^Verder schrijven")).first.click()
    expect(page.locator(".about-passage")).to_contain_text("De tweede")
    expect(text_box(page)).to_have_value("Over de tweede.")
    press(page, "Plaats reactie")
    expect(page.locator(".spoken")).to_have_text("De tweede")


def test_a_step_back_to_what_was_said_makes_no_draft_of_it(visit: Visitor) -> None:
    """The browser would fill in again what was typed there; that is no typing."""
    address = make_page(visit(LEAD), HALF, "Terug na het zeggen", "Een tekst.")
    page = visit(READER, f"{address}/gesprek")
    text_box(page).fill("Gezegd en klaar.")
    press(page, "Plaats reactie")
    expect(page.get_by_role("main")).to_contain_text("Gezegd en klaar.")
    for step in (page.go_back, page.reload):
        step()
        page.wait_for_timeout(1500)  # longer than typing is waited for
    no_draft_of(page, "Gezegd en klaar.")
