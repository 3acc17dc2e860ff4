"""Two people at one page: what fits is put together, what does not fit is shown, and nothing is chosen away."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.steps import HALF, LEAD, SECOND, make_page, press, save, sees_heading, text_box

TEXT = "De eerste alinea blijft.\n\nDe tweede alinea blijft.\n\nDe derde alinea blijft."


@pytest.fixture
def both(visit: Visitor) -> tuple[Page, Page]:
    """Give the browsers of two people of one team."""
    return visit(LEAD), visit(SECOND)


def test_what_does_not_touch_is_put_together(both: tuple[Page, Page]) -> None:
    """One changes the beginning, the other the end; the second save holds both."""
    lead, second = both
    address = make_page(lead, HALF, "Twee pennen, één blad", TEXT)
    _both_open(both, address)
    _change(lead, "De eerste alinea blijft.", "De eerste alinea is van Ruud.")
    save(lead)
    _change(second, "De derde alinea blijft.", "De derde alinea is van Carla.")
    save(second)
    expect(second.get_by_role("status").filter(has_text="Dat paste samen")).to_contain_text(LEAD)
    article = second.locator("article")
    for words in ("De eerste alinea is van Ruud.", "De tweede alinea blijft.", "De derde alinea is van Carla."):
        expect(article).to_contain_text(words)


def test_what_touches_is_shown_and_not_a_word_is_lost(both: tuple[Page, Page]) -> None:
    """Both change the same sentence. The second sees both, of which both are chosen, and keeps both by default."""
    lead, second = both
    address = make_page(lead, HALF, "Twee pennen, één zin", TEXT)
    _both_open(both, address)
    _change(lead, "De tweede alinea blijft.", "De tweede alinea schreef Ruud op maandag.")
    save(lead)
    _change(second, "De tweede alinea blijft.", "De tweede alinea schreef Carla op dinsdag.")
    _change(second, "De derde alinea blijft.", "De derde alinea is ook van Carla.")
    second.get_by_label("Wat heb je veranderd?").fill("Dinsdag erbij")
    press(second, "Opslaan")

    main = second.get_by_role("main")
    expect(main.locator(".theirs").first).to_contain_text("schreef Ruud op maandag")
    expect(main.locator(".yours").first).to_contain_text("schreef Carla op dinsdag")
    expect(main.locator("input[type=radio]:checked")).to_have_count(1)
    expect(main.locator("input[type=radio]:checked")).to_have_value("beide")
    assert main.locator("input[type=radio]").count() >= 3

    save(second)
    sees_heading(second, "Twee pennen, één zin")
    article = second.locator("article")
    for words in ("schreef Ruud op maandag", "schreef Carla op dinsdag", "De derde alinea is ook van Carla."):
        expect(article).to_contain_text(words)
    second.goto(f"{address}/geschiedenis")
    expect(second.locator("ol.versions > li")).to_have_count(3)
    expect(second.get_by_role("main")).to_contain_text("Dinsdag erbij")


def test_the_choice_on_the_conflict_screen_is_what_is_saved(both: tuple[Page, Page]) -> None:
    """Whoever chooses one of the two gets that one; the other stays in the history."""
    lead, second = both
    address = make_page(lead, HALF, "Twee pennen, één keuze", TEXT)
    _both_open(both, address)
    _change(lead, "De tweede alinea blijft.", "Hier koos Ruud.")
    save(lead)
    _change(second, "De tweede alinea blijft.", "Hier koos Carla.")
    press(second, "Opslaan")
    second.get_by_role("radio", name=re.compile("Die van Ruud")).check()
    save(second)
    expect(second.locator("article")).to_contain_text("Hier koos Ruud.")
    expect(second.locator("article")).not_to_contain_text("Hier koos Carla.")


def _both_open(both: tuple[Page, Page], address: str) -> None:
    for page in both:
        page.goto(f"{address}/bewerken")


def _change(page: Page, old: str, new: str) -> None:
    text = text_box(page).input_value()
    assert old in text
    text_box(page).fill(text.replace(old, new))
