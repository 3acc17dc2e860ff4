"""On paper and on a small telephone: what was written can be read, however long a Dutch word becomes."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.steps import HALF, LEAD, make_page

LONG_WORD = "Arbeidsvoorwaardenonderhandelingsdelegatievergaderingsnotulenvaststellingsprocedurebeschrijving"
TEXT = f"""{LONG_WORD} staat ook in de tekst, met https://oeverbrug.example/{"pad/" * 40}

| {LONG_WORD} | {LONG_WORD} |
| --- | --- |
| een | twee |

    {"een regel code zonder einde " * 8}
"""


def _is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("() => document.scrollingElement.scrollWidth > innerWidth"))


def test_a_very_long_word_fits_on_a_telephone(visit: Visitor) -> None:
    """In its own page, in lists, in the history, in search, in talk and among the changes."""
    page = visit(LEAD)
    address = make_page(page, HALF, LONG_WORD, TEXT)
    page.goto(f"{address}/gesprek")
    page.get_by_label("Onderwerp", exact=True).fill(LONG_WORD)
    page.get_by_label("Je reactie").fill(LONG_WORD * 2)
    page.get_by_role("button", name="Plaats reactie").click()
    page.set_viewport_size({"width": 320, "height": 640})
    too_wide = []
    for path in (
        page.url,
        address,
        f"{address}/bewerken",
        f"{address}/geschiedenis",
        f"{address}/gesprek",
        f"{address}/versies/1",
        f"{address}/instellingen",
        f"{HALF}/paginas",
        f"{HALF}/gesprek",
        f"{HALF}/geschiedenis",
        "/wijzigingen",
        "/",
        f"/zoeken?q={LONG_WORD}",
        f"/zoeken?q={LONG_WORD}bestaatniet",
    ):
        page.goto(path)
        if _is_too_wide(page):
            too_wide.append(path)
    assert too_wide == []


def test_a_page_on_paper_is_its_text(visit: Visitor) -> None:
    """Menus, buttons and boxes stay on the screen; the words and where they stand go on paper."""
    page = visit(LEAD, f"{HALF}/de-maatstaven")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("article.stack .prose")).to_be_visible()
    expect(page.locator("time").first).to_be_visible()
    for left_out in ("nav.nav", "form.search", ".tabs", "footer form", ".bell"):
        expect(page.locator(left_out).first).to_be_hidden()
    ink = page.locator("article.stack .prose").evaluate("e => getComputedStyle(e).color")
    paper = page.locator("html").evaluate("e => getComputedStyle(e).backgroundColor")
    assert ink != paper
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("html").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("article.stack .prose").evaluate("e => getComputedStyle(e).color") == ink
    page.goto(f"{HALF}/gesprek")
    expect(page.locator("#reageer")).to_be_hidden()
    expect(page.locator("article.post").first).to_be_visible()
