"""An afternoon: eight questions, a team, the first progress, and colleagues who read along from that moment only."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.steps import READER, STARTER, path_of, press, sees_heading, text_box

TITLE = "Samen tekenen, samen stoppen"
ANSWERS = {
    "summary": "We stoppen om vier uur met tekenen en controleren dan elkaars werk.",
    "question": "Maken we minder tekenfouten als we om vier uur wisselen?",
    "hypothesis": "Als we om vier uur wisselen, dan vinden we fouten eerder, omdat je frisser kijkt.",
    "measure": "Fouten per tekenpakket; een kwart minder is de moeite waard.",
    "measurement": "Het aantal fouten, drie maanden vooraf en drie maanden achteraf.",
    "comparison": "Tekenkamer Noord, dat niets verandert.",
    "what_can_go_wrong": "Wie langzamer tekent, voelt zich bekeken.",
    "fallback": "Ieder doet zijn werk weer zelf, vanaf de volgende dag.",
    "change_of_mind": "Als niemand verschil merkt.",
}


def test_a_department_starts_a_pilot(visit: Visitor) -> None:
    """A concept belongs to its team; what is opened stands on the front page of everyone."""
    starter, reader = visit(STARTER, "/proeftuinen/nieuw"), visit(READER)
    concept = _answers_are_kept_while_typing(starter)
    _is_not_there_for(reader, concept)
    pilot = _opens_it(starter, concept)
    _takes_someone_in_the_team(starter, pilot)
    _writes_progress(starter, pilot)
    _is_seen_by(reader, pilot)


def _answers_are_kept_while_typing(page: Page) -> str:
    """Return the address of the concept, which was made by typing alone."""
    page.get_by_label("Titel", exact=True).fill(TITLE)
    for name, answer in ANSWERS.items():
        page.locator(f"#{name}").fill(answer)
    page.get_by_label("Arbeidstijden").check()
    expect(page.get_by_role("status")).to_have_text(re.compile(r"Bewaard om \d\d\.\d\d uur"))
    page.goto("/mijn")
    page.get_by_role("main").get_by_role("link", name=TITLE).first.click()
    page.get_by_role("link", name="Bewerken").click()
    expect(page.locator("#question")).to_have_value(ANSWERS["question"])
    return path_of(page).removesuffix("/bewerken")


def _is_not_there_for(page: Page, concept: str) -> None:
    for address in (concept, f"{concept}/bewerken", f"{concept}/gesprek", f"{concept}/team"):
        response = page.goto(address)
        assert response is not None
        assert response.status == 404, address
    page.goto("/")
    expect(page.get_by_role("main")).not_to_contain_text(TITLE)


def _opens_it(page: Page, concept: str) -> str:
    page.goto(f"{concept}/bewerken")
    press(page, "Verder naar voorbereiding")
    expect(page).to_have_url(re.compile("/fase"))
    press(page, "Begin de voorbereiding")
    sees_heading(page, TITLE)
    assert path_of(page) == "/proeftuinen/samen-tekenen-samen-stoppen"
    expect(page.get_by_role("main")).to_contain_text("In voorbereiding")
    return path_of(page)


def _takes_someone_in_the_team(page: Page, pilot: str) -> None:
    page.goto(f"{pilot}/team")
    page.get_by_label("Naam of e-mailadres").fill("Nisha Singh")
    press(page, "Voeg toe")
    expect(page.get_by_role("main").get_by_role("listitem").filter(has_text="Nisha Singh")).to_be_visible()


def _writes_progress(page: Page, pilot: str) -> None:
    page.goto(f"{pilot}/nieuwe-pagina")
    page.get_by_label("Titel", exact=True).fill("De eerste wissel")
    page.get_by_role("radio", name="Voortgang").check()
    press(page, "Zet de vragen van deze soort klaar")
    expect(text_box(page)).to_have_value(re.compile("## Wat ging goed"))
    expect(page.get_by_label("Titel", exact=True)).to_have_value("De eerste wissel")
    text_box(page).fill(
        "Om vier uur wisselden we voor het eerst van tekening.\n\n## Wat ging goed\n\nVijf fouten gevonden."
    )
    press(page, "Pagina maken")
    sees_heading(page, "De eerste wissel")


def _is_seen_by(page: Page, pilot: str) -> None:
    page.goto("/")
    main = page.get_by_role("main")
    expect(main.get_by_role("link", name=TITLE).first).to_be_visible()
    expect(main).to_contain_text("De eerste wissel")
    expect(main).to_contain_text("Om vier uur wisselden we voor het eerst van tekening.")
    response = page.goto(pilot)
    assert response is not None
    assert response.ok
    expect(page.get_by_role("link", name="Bewerken")).to_have_count(0)
