"""A team drafts a deviation: with a card that follows what is typed, and with the scripts switched off."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.steps import HALF, LEAD, SECOND, path_of, press, sees_heading, slow_script

NEW = f"/afwijkingen/nieuw?proeftuin={HALF.rpartition('/')[2]}"
HR = "Esra Yildiz"
QUOTE = "De resultaatbeloning is voor iedere medewerker hetzelfde percentage van zijn jaarsalaris."
INSTEAD = "De helft van de resultaatbeloning verdeelt het team."


def begin(page: Page, title: str) -> str:
    """Begin a draft and return its address."""
    page.get_by_label("Titel").fill(title)
    press(page, "Begin")
    sees_heading(page, title)
    return path_of(page)


def test_the_card_follows_the_words_and_everything_is_kept_while_typing(visit: Visitor) -> None:
    page = visit(LEAD, NEW)
    address = begin(page, "Helft via het team")
    page.get_by_label("Kies een artikel").fill("art. 4.6 lid 2")
    expect(page.locator("[data-paragraphs] input[value='2']")).to_be_checked()
    press(page, "Neem over in de afwijking")
    expect(page.locator("blockquote")).to_have_text(QUOTE)
    page.get_by_label("Dit geldt in plaats daarvan").fill(INSTEAD)
    expect(page.locator("#kaart .rule-text").last).to_contain_text("verdeelt het team")
    page.get_by_label("experimenteerartikel in de cao").check()
    expect(page.locator("#duties [data-part=parties] li").first).to_contain_text("moet akkoord zijn")
    page.get_by_label("de cao laat het aan werkgever en OR").check()
    expect(page.locator("#duties [data-part=parties]")).to_contain_text("wordt geïnformeerd")
    expect(page.locator("[data-saved]")).to_contain_text(re.compile("Bewaard om"))
    page.reload()
    expect(page.get_by_label("Dit geldt in plaats daarvan")).to_have_value(INSTEAD)
    expect(page.get_by_label("de cao laat het aan werkgever en OR")).to_be_checked()

    second = visit(SECOND, address)
    expect(second.get_by_label("Dit geldt in plaats daarvan")).to_have_value(INSTEAD)
    check = visit(HR, f"{address}/toets")
    check.get_by_label("BW 7:646").check()
    check.get_by_label("Binnen de wet").check()
    press(check, "Zet de toets in het concept")
    expect(check.locator("#legal")).to_contain_text(f"Gedaan door {HR}")

    second.get_by_label("Dit geldt in plaats daarvan").fill("Alles verdeelt het team.")
    press(second, "Verder naar voorleggen")
    sees_heading(second, "Voorleggen aan de partijen")
    expect(second.get_by_role("alert")).to_contain_text("De toets is verouderd")
    second.get_by_role("link", name="Voor wie").click()
    expect(second.locator("#group")).to_have_attribute("aria-invalid", "true")


def test_what_is_typed_before_the_script_is_there_is_followed(visit: Visitor) -> None:
    """On a slow line the article and the group can be typed in before anything watches them."""
    page = visit(LEAD, NEW)
    with slow_script(page, "drafting.js"):
        page.get_by_label("Titel").fill("Eerder dan het script")
        press(page, "Begin")
        page.get_by_label("Kies een artikel").fill("art. 4.6 lid 2")
        page.get_by_label("Voor wie geldt het?").fill("Deelnemers van Rail & Tram")
    expect(page.locator("[data-paragraphs] input[value='2']")).to_be_checked()
    expect(page.locator("#kaart")).to_contain_text("Deelnemers van Rail & Tram")
    expect(page.locator("[data-saved]")).to_contain_text(re.compile("Bewaard om"))


def test_a_deviation_is_drafted_without_javascript(visit: Visitor) -> None:
    page = visit(LEAD, NEW, java_script_enabled=False)
    begin(page, "Zonder script")
    page.get_by_label("Kies een artikel").fill("4.6")
    page.get_by_label("Voor wie geldt het?").fill("Deelnemers van Rail & Tram")
    press(page, "Toon de leden")
    page.locator("[data-paragraphs] input[value='2']").check()
    press(page, "Neem over in de afwijking")
    expect(page.locator("blockquote")).to_have_text(QUOTE)
    expect(page.get_by_label("Voor wie geldt het?")).to_have_value("Deelnemers van Rail & Tram")
    page.get_by_label("Dit geldt in plaats daarvan").fill(INSTEAD)
    page.get_by_label("Laatste dag (tot en met)").fill("2000-01-01")
    press(page, "Voorwaarde erbij")
    page.get_by_label("Wat moet er gebeuren, of juist niet?").fill("Elk kwartaal cijfers.")
    press(page, "Bewaar als concept")
    expect(page.locator("#kaart .rule-text").last).to_contain_text("verdeelt het team")
    expect(page.locator("#kaart")).to_contain_text("Elk kwartaal cijfers.")
    press(page, "Verder naar voorleggen")
    expect(page.get_by_role("alert")).to_contain_text("Voorwaarde 1: dag")
    page.get_by_role("link", name="Terug naar het concept").click()
    press(page, "Haal voorwaarde 1 weg")
    expect(page.get_by_label("Wat moet er gebeuren, of juist niet?")).to_have_count(0)
