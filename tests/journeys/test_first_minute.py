"""The first minute of a newcomer: one click to get in, and the company is alive (the tour of the README)."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.steps import path_of, press, sees_heading


def test_a_newcomer_sees_what_is_running_and_finds_the_way(visit: Visitor) -> None:
    """From the door to two versions of a page, compared."""
    page = visit(None, "/")
    _comes_in(page)
    _sees_the_company(page)
    _chooses_a_theme(page)
    _follows_a_pilot(page)
    _compares_two_versions(page)


def _comes_in(page: Page) -> None:
    assert path_of(page) == "/inloggen"
    page.get_by_role("button", name="Hanneke Jansma").click()
    expect(page).to_have_url(re.compile(r"^http://[^/]+/$"))


def _sees_the_company(page: Page) -> None:
    main = page.get_by_role("main")
    expect(main.locator(".lead").get_by_role("heading")).to_be_visible()
    assert main.locator("article.card").count() >= 4
    expect(main.get_by_role("heading", name="Sinds je vorige bezoek")).to_be_visible()
    waiting = main.locator("section", has=page.get_by_role("heading", name="Wacht op antwoord"))
    assert waiting.get_by_role("listitem").count() >= 1
    expect(main.get_by_role("heading", name="Klaar, en dit kwam eruit")).to_be_visible()


def _chooses_a_theme(page: Page) -> None:
    page.get_by_label("Thema").select_option("Belonen")
    press(page, "Toon")
    expect(page).to_have_url(re.compile(r"thema=belonen"))
    expect(page.get_by_label("Thema")).to_have_value("belonen")
    cards = page.get_by_role("main").locator("section[aria-labelledby=alle] article.card")
    expect(cards.first).to_be_visible()
    for card in cards.all():
        expect(card).to_contain_text("Belonen")


def _follows_a_pilot(page: Page) -> None:
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Het team verdeelt de helft").first.click()
    sees_heading(page, "Het team verdeelt de helft")
    expect(page.get_by_role("main").get_by_text("per gewerkt uur").first).to_be_attached()
    press(page, "Volgen")
    expect(page.get_by_role("button", name="Niet meer volgen")).to_be_visible()
    page.goto("/mijn")
    expect(page.get_by_role("main").get_by_role("link", name="Het team verdeelt de helft")).to_be_visible()
    page.go_back()


def _compares_two_versions(page: Page) -> None:
    page.get_by_role("link", name="Pagina’s").click()
    page.get_by_role("main").get_by_role("link", name="De maatstaven", exact=True).first.click()
    sees_heading(page, "De maatstaven")
    page.get_by_role("link", name="Geschiedenis").click()
    versions = page.locator("ol.versions > li")
    assert versions.count() >= 4
    page.get_by_role("radio", name="Versie 2 als oude versie").check()
    page.get_by_role("radio", name="Versie 3 als nieuwe versie").check()
    press(page, "Vergelijk gekozen versies")
    expect(page).to_have_url(re.compile(r"/vergelijk\?(?=.*van=2)(?=.*naar=3)"))
    sees_heading(page, "Versie 2 en versie 3 vergeleken")
    expect(page.locator(".diff ins").first).to_be_visible()
