"""What was saved can be found, by whoever may read it, before its writer has reached for the search box."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.steps import HALF, LEAD, READER, make_page, sees_heading

PATIENCE = 1.0
"""Seconds between saving and finding: what the product promises (`product.md`, search)."""


def _finds(page: Page, words: str, title: str) -> None:
    """Search until the page is found, for no longer than the promise."""
    since = time.monotonic()
    while True:
        asked = time.monotonic()
        page.goto(f"/zoeken?q={words}")
        if page.locator("li.hit", has_text=title).count():
            return
        assert asked - since < PATIENCE, f"{title!r} was not found within a second"
        page.wait_for_timeout(50)


def test_a_page_is_found_with_its_snippet_and_facet(visit: Visitor) -> None:
    """The rare word is marked in its surroundings, and the hits can be narrowed down."""
    page = visit(LEAD)
    make_page(page, HALF, "Vogels langs het spoor", "Langs de dijk riep vannacht een kwartelkoning, heel zacht.")
    _finds(page, "kwartelkoning", "Vogels langs het spoor")
    hit = page.locator("li.hit", has_text="Vogels langs het spoor")
    expect(hit.locator("mark").first).to_have_text("kwartelkoning")
    expect(hit).to_contain_text("Langs de dijk riep vannacht")
    expect(page.get_by_role("status").first).to_contain_text("1 treffer")
    facets = page.get_by_role("complementary", name="Verfijnen")
    facets.get_by_role("link", name=re.compile("Rail & Tram")).click()
    expect(page).to_have_url(re.compile("afdeling=rail-tram"))
    expect(page.locator("li.hit")).to_have_count(1)
    page.locator("li.hit").get_by_role("link").first.click()
    sees_heading(page, "Vogels langs het spoor")


def test_a_restricted_page_is_found_by_its_team_only(visit: Visitor) -> None:
    """What you may not read is not in the hits, not in the counts and not in the facets."""
    lead, reader = visit(LEAD), visit(READER)
    make_page(lead, HALF, "Binnenskamers", "Hier staat het woord wielewaalprotocol.", restricted=True)
    _finds(lead, "wielewaalprotocol", "Binnenskamers")
    reader.goto("/zoeken?q=wielewaalprotocol")
    expect(reader.get_by_role("status").first).to_contain_text("0 treffers")
    expect(reader.get_by_role("main")).not_to_contain_text("Binnenskamers")
    expect(reader.locator(".facet a")).to_have_count(0)


def test_the_council_is_a_word_and_not_an_operator(visit: Visitor) -> None:
    """`OR instemming` asks for the works council and its consent: both words, not one of them."""
    page = visit(LEAD)
    make_page(page, HALF, "Gevraagd en gekregen", "De OR gaf instemming met de nachtzwaluwregel.")
    make_page(page, HALF, "Alleen gevraagd", "De directie gaf instemming met de nachtzwaluwregel.")
    _finds(page, "nachtzwaluwregel", "Alleen gevraagd")
    _finds(page, "OR instemming nachtzwaluwregel", "Gevraagd en gekregen")
    expect(page.locator("li.hit")).to_have_count(1)
    marked = {text.casefold() for text in page.locator("li.hit mark").all_inner_texts()}
    assert {"or", "instemming"} <= marked
