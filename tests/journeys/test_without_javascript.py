"""The whole main path with the scripts switched off: everything works, it is only less nice."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.steps import path_of, press, save, sees_heading, text_box

STARTER = "Tineke Boersma"
TITLE = "Meten zonder haast"
PLAN = {
    "question": "Meten we beter als de ploeg zelf het tempo kiest?",
    "hypothesis": "Als de ploeg het tempo kiest, dan meten we minder over, omdat niemand gokt.",
    "fallback": "De planner kiest het tempo weer.",
}


def test_the_main_path_works_without_javascript(visit: Visitor) -> None:
    """Sign in, start a pilot, write, look, save, talk, follow and find."""
    page = visit(STARTER, java_script_enabled=False)
    pilot = _starts_a_pilot(page)
    address = _writes_a_page(page, pilot)
    _changes_it(page, address)
    _talks(page, address)
    _follows(page, address)
    _finds(page)


def _starts_a_pilot(page: Page) -> str:
    page.get_by_role("link", name="Proeftuin beginnen").first.click()
    page.get_by_label("Titel", exact=True).fill(TITLE)
    press(page, "Verder naar voorbereiding")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Je antwoorden zijn bewaard als concept.")
    expect(page.get_by_label("Titel", exact=True)).to_have_value(TITLE)
    for name, answer in PLAN.items():
        page.locator(f"#{name}").fill(answer)
    page.get_by_label("Arbeidstijden").check()
    press(page, "Bewaar als concept")
    expect(page.locator(".flashes")).to_have_text(re.compile("Bewaard als concept."))
    press(page, "Verder naar voorbereiding")
    press(page, "Begin de voorbereiding")
    sees_heading(page, TITLE)
    return path_of(page)


def _writes_a_page(page: Page, pilot: str) -> str:
    page.goto(f"{pilot}/nieuwe-pagina")
    page.get_by_label("Titel", exact=True).fill("Ons eigen tempo")
    text_box(page).fill("Wij meten **langzaam** in *Roerdompmaten*.")
    press(page, "Voorbeeld")
    expect(page.locator("[data-preview] strong")).to_have_text("langzaam")
    expect(page.get_by_label("Titel", exact=True)).to_have_value("Ons eigen tempo")
    press(page, "Pagina maken")
    sees_heading(page, "Ons eigen tempo")
    return path_of(page)


def _changes_it(page: Page, address: str) -> None:
    page.goto(f"{address}/bewerken")
    text_box(page).fill("Wij meten **langzaam** in *Roerdompmaten*, en dat bevalt.")
    press(page, "Wijzigingen bekijken")
    expect(page.locator("#wijzigingen ins").first).to_contain_text("bevalt")
    expect(text_box(page)).to_have_value(re.compile("bevalt"))
    save(page)
    expect(page.locator("article")).to_contain_text("en dat bevalt")


def _talks(page: Page, address: str) -> None:
    page.goto(f"{address}/gesprek")
    page.get_by_label("Je reactie").fill("Zonder script kan ik ook praten.")
    press(page, "Plaats reactie")
    expect(page.locator("article.post")).to_contain_text("Zonder script kan ik ook praten.")


def _follows(page: Page, address: str) -> None:
    page.goto("/proeftuinen/vier-lange-dagen")
    press(page, "Volgen")
    expect(page.get_by_role("button", name="Niet meer volgen")).to_be_visible()


def _finds(page: Page) -> None:
    page.get_by_role("searchbox").fill("roerdompmaten")
    page.get_by_role("button", name="Zoeken").click()
    expect(page.locator("li.hit mark").first).to_have_text("Roerdompmaten")
