"""Whole tasks without a mouse: everything can be reached, is seen to be reached, and tells what is wrong."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.steps import HALF, LEAD, SECOND, make_page, sees_heading, text_box

MOST_STEPS = 120
"""How often Tab may be pressed before we say that something cannot be reached."""

ABOUT_FOCUS = """() => {
  const at = document.activeElement;
  const style = getComputedStyle(at);
  return {
    name: (at.getAttribute("aria-label") || at.labels?.[0]?.textContent || at.textContent || "").trim(),
    shows: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
    tag: at.tagName.toLowerCase(),
  };
}"""


def _tab_to(page: Page, name: str, tag: str = "", *, key: str = "Tab") -> None:
    """Press Tab until the thing with this name has the focus; whatever is passed must be seen to have it."""
    for _ in range(MOST_STEPS):
        page.keyboard.press(key)
        at = page.evaluate(ABOUT_FOCUS)
        if at["tag"] != "body":
            expect(page.locator(":focus")).to_be_in_viewport()
            assert at["shows"], f"nobody can see that the focus is at {at}"
        if re.search(name, at["name"]) and tag in ("", at["tag"]):
            return
    raise AssertionError(f"{name!r} cannot be reached by keyboard on {page.url}")


def test_signing_in_finding_writing_and_talking_by_keyboard(visit: Visitor) -> None:
    """From the door to a comment without touching a mouse."""
    make_page(visit(LEAD), HALF, "Alleen toetsen", "Wat er stond over grutto’s.")
    page = visit(None, "/")
    _tab_to(page, f"^{LEAD}", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("banner")).to_contain_text(LEAD)
    _finds(page)
    _writes(page)
    _talks(page)


def _finds(page: Page) -> None:
    _tab_to(page, "Zoek in proeftuinen", "input")
    page.keyboard.type("grutto")
    page.keyboard.press("Enter")
    expect(page.locator("li.hit").first).to_be_visible()
    _tab_to(page, "Alleen toetsen", "a")
    page.keyboard.press("Enter")
    sees_heading(page, "Alleen toetsen")


def _writes(page: Page) -> None:
    _tab_to(page, "^Bewerken$", "a")
    page.keyboard.press("Enter")
    sees_heading(page, "Alleen toetsen bewerken")
    _tab_to(page, r"^Vet", "button")
    for expected in ("Cursief", "Kop", "Link"):
        page.keyboard.press("ArrowRight")
        assert page.evaluate(ABOUT_FOCUS)["name"].startswith(expected)
    page.keyboard.press("Home")
    assert page.evaluate(ABOUT_FOCUS)["name"].startswith("Vet")
    page.keyboard.press("Tab")
    expect(text_box(page)).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type(" En ")
    page.keyboard.press("Control+b")
    page.keyboard.type("kluten")
    page.keyboard.press("Control+End")
    page.keyboard.type(".")
    expect(text_box(page)).to_have_value("Wat er stond over grutto’s. En **kluten**.")
    _tab_to(page, "^Opslaan$", "button")
    page.keyboard.press("Enter")
    expect(page.locator("article strong")).to_have_text("kluten")


def _talks(page: Page) -> None:
    _tab_to(page, "^Gesprek", "a")
    page.keyboard.press("Enter")
    sees_heading(page, "Gesprek")
    _tab_to(page, "^Je reactie", "textarea")
    page.keyboard.type("Zonder muis geschreven.")
    _tab_to(page, "^Plaats reactie$", "button")
    page.keyboard.press("Enter")
    expect(page.locator("article.post")).to_contain_text("Zonder muis geschreven.")


def test_the_first_tab_skips_to_the_content(visit: Visitor) -> None:
    """The skip link is the first stop, becomes visible, and leads past the masthead."""
    page = visit(LEAD)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Naar de inhoud")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('main') !== null")


def test_the_focus_goes_to_what_is_wrong(visit: Visitor) -> None:
    """After a refused form the summary has the focus, and its links lead to the fields."""
    page = visit(LEAD, f"{HALF}/nieuwe-pagina")
    page.get_by_label("Titel", exact=True).fill("De maatstaven")
    text_box(page).fill("Nog een keer dezelfde titel.")
    _tab_to(page, "^Pagina maken$", "button")
    page.keyboard.press("Enter")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    _tab_to(page, "^Titel:", "a")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Titel", exact=True)).to_be_focused()
    expect(page.get_by_label("Titel", exact=True)).to_have_attribute("aria-invalid", "true")


def test_a_conflict_is_settled_by_keyboard(visit: Visitor) -> None:
    """The second of two writers chooses without a mouse."""
    address = make_page(visit(LEAD), HALF, "Vier handen, twee toetsenborden", "Wat er stond.")
    page, other = visit(LEAD, f"{address}/bewerken"), visit(SECOND, f"{address}/bewerken")
    text_box(other).fill("De ene tekst.")
    other.keyboard.press("Control+s")
    sees_heading(other, "Vier handen, twee toetsenborden")
    text_box(page).fill("De andere tekst.")
    page.keyboard.press("Control+s")
    expect(page.locator(".theirs").first).to_contain_text("De ene tekst.")
    _tab_to(page, "Beide, onder elkaar", "input")
    page.keyboard.press("Space")
    _tab_to(page, "^Opslaan", "button")
    page.keyboard.press("Enter")
    sees_heading(page, "Vier handen, twee toetsenborden")
    expect(page.locator("article")).to_contain_text("De ene tekst.")
    expect(page.locator("article")).to_contain_text("De andere tekst.")
