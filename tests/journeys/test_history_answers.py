"""Someone wants to know how a page came to be as it is, and puts one thing right."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.steps import HALF, LEAD, READER, SECOND, make_page, press, save, sees_heading, text_box

POT = "Elk team verdeelt zelf de helft van de pot."
SICK = "Ziekte telt gewoon mee bij het verdelen."


def _write(page: Page, address: str, text: str) -> None:
    page.goto(f"{address}/bewerken")
    text_box(page).fill(text)
    save(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_the_history_tells_who_when_and_undoes_one_thing(visit: Visitor, scripts: bool) -> None:
    """A sentence went; a reader finds out when, and someone of the team brings it back without losing the rest."""
    title = f"De pot, {'met' if scripts else 'zonder'} script"
    lead = visit(LEAD)
    address = make_page(lead, HALF, title, f"{SICK}\n\n{POT}")
    second = visit(SECOND, address, java_script_enabled=scripts)
    _write(second, address, POT)
    _write(lead, address, f"{POT}\n\nIn maart kijken we terug.")

    reader = visit(READER, f"{address}/geschiedenis", java_script_enabled=scripts)
    reader.get_by_text("Zoeken en kiezen in de geschiedenis").click()
    reader.get_by_label("Wanneer kwam of verdween deze zin?").fill("ziekte telt GEWOON mee")
    press(reader, "Zoek de zin")
    main = reader.get_by_role("main")
    expect(main).to_contain_text("Deze woorden staan nu niet op de pagina.")
    gone = main.get_by_role("listitem").filter(has_text="Verdween")
    expect(gone).to_contain_text(SECOND)
    gone.get_by_role("link", name="versie 2").click()
    expect(main.locator("del").filter(has_text="Ziekte telt")).to_be_visible()
    reader.get_by_role("link", name="Onder elkaar").click()
    expect(reader.locator(".diff-inline")).to_be_visible()

    second.goto(f"{address}/geschiedenis")
    second.locator("#versie-2").get_by_role("link", name="ongedaan maken").click()
    expect(second.locator("table.diff ins").filter(has_text="Ziekte telt")).to_be_visible()
    press(second, "Versie 2 ongedaan maken")
    sees_heading(second, title)
    for text in (SICK, "In maart kijken we terug."):
        expect(second.get_by_role("main")).to_contain_text(text)

    second.goto(f"{address}/auteurs")
    passage = second.locator(".written > section").filter(has_text="Ziekte telt")
    expect(passage).to_contain_text(LEAD)
    expect(passage).to_contain_text(f"teruggezet door {SECOND}")
    second.goto(f"{address}/geschiedenis?soort=gewoon")
    expect(second.locator("ol.versions > li")).to_have_count(4)
    expect(second.get_by_role("main")).to_contain_text(f"Maakt versie 2 van {SECOND} ongedaan")


def test_a_sentence_that_is_selected_in_the_page_asks_when_it_came(visit: Visitor) -> None:
    """Selected in the page, the next stop of the Tab key asks; also where one can only read."""
    lead = visit(LEAD)
    address = make_page(lead, HALF, "Gevraagd aan de pagina", "De pot is van ons allemaal.\n\nCijfers naar de OR.")
    lead.goto(f"{address}/bewerken")
    text_box(lead).fill("De pot is van ons allemaal.\n\nZiekte telt nooit mee.\n\nCijfers naar de OR.")
    save(lead)
    reader = visit(READER, address)
    chosen = reader.locator("[data-phrase] .prose p", has_text="Ziekte telt nooit mee.")
    chosen.click()  # where the Tab key goes on from
    chosen.evaluate("paragraph => document.getSelection().selectAllChildren(paragraph)")
    question = reader.get_by_role("link", name="Wanneer stond dit er?")
    expect(question).to_be_visible()
    for _ in range(3):
        reader.keyboard.press("Tab")
        if question.evaluate("link => link === document.activeElement"):
            break
    expect(question).to_be_focused()
    reader.keyboard.press("Enter")
    sees_heading(reader, "Wanneer stond dit er?")
    expect(reader.get_by_role("main")).to_contain_text("Deze woorden staan nu op de pagina.")
    expect(reader.get_by_role("main")).to_contain_text("Kwam erbij in versie 2")
    expect(reader.get_by_role("textbox", name="Zin")).to_have_value("Ziekte telt nooit mee.")
