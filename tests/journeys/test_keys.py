"""Keys that save a hand its way: in the editor, on every page, and only those that somebody wants."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.steps import HALF, LEAD, READER, make_page, path_of, press, sees_heading, text_box


def _focused(page: Page) -> str:
    return str(page.evaluate("() => document.activeElement.id || document.activeElement.name"))


def test_lists_go_on_and_end_with_enter(visit: Visitor) -> None:
    """Bullets, numbers and tasks; Enter on an empty item ends the list."""
    page = visit(LEAD, f"{HALF}/nieuwe-pagina")
    for typed, expected in (
        (("- een", "twee", "", "uit"), "- een\n- twee\nuit"),
        (("9. een", "twee", "", "uit"), "9. een\n10. twee\nuit"),
        (("1) een", "twee"), "1) een\n2) twee"),
        (("- [x] een", "twee", "", "uit"), "- [x] een\n- [ ] twee\nuit"),
        (("  * een", "twee"), "  * een\n  * twee"),
        (("gewoon", "verder"), "gewoon\nverder"),
    ):
        text_box(page).fill("")
        text_box(page).focus()
        for number, words in enumerate(typed):
            if number:
                page.keyboard.press("Enter")
            page.keyboard.type(words)
        expect(text_box(page)).to_have_value(expected)


def test_tab_leaves_the_editor_and_control_s_saves_from_every_field(visit: Visitor) -> None:
    """Nobody is caught in the text; saving works from the summary too."""
    page = visit(LEAD)
    address = make_page(page, HALF, "Weg met Tab", "Wat er stond.")
    page.goto(f"{address}/bewerken")
    text_box(page).focus()
    page.keyboard.press("Tab")
    assert _focused(page) != "text"
    text_box(page).focus()
    page.keyboard.press("Shift+Tab")
    assert _focused(page) != "text"
    text_box(page).fill("Wat er komt.")
    page.get_by_label("Wat heb je veranderd?").focus()
    page.keyboard.press("Control+s")
    sees_heading(page, "Weg met Tab")
    expect(page.locator("article")).to_contain_text("Wat er komt.")


def test_titles_can_be_chosen_by_keyboard(visit: Visitor) -> None:
    """After [[ there is a combobox; arrows, Enter and Escape work, and only pages one may see are in it."""
    page = visit(LEAD)
    make_page(page, HALF, "Kluten tellen", "Tekst.")
    make_page(page, HALF, "Kluten ringen", "Tekst.")
    make_page(page, HALF, "Kluten van het team", "Tekst.", restricted=True)
    address = make_page(page, HALF, "Waar het naar linkt", "Zie ")
    page.goto(f"{address}/bewerken")
    text_box(page).press("Control+End")
    text_box(page).press_sequentially("Zie [[klu")
    combobox = page.get_by_role("combobox")
    expect(combobox).to_have_attribute("aria-expanded", "true")
    options = page.get_by_role("option")
    expect(options).to_have_text(["Kluten ringen", "Kluten tellen"])  # a page for everyone cannot link to the team's
    expect(page.locator("[data-titles-told]")).to_contain_text("2 pagina’s gevonden.")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    assert combobox.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    page.keyboard.press("Enter")
    expect(text_box(page)).to_have_value(re.compile(r"Zie \[\[Kluten tellen\]\]$"))
    expect(page.get_by_role("combobox")).to_have_count(0)
    page.keyboard.type(" en [[klu")
    expect(options.first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.type("xyz")
    expect(page.locator("[data-titles-told]")).to_contain_text("Geen pagina gevonden.")


def test_a_slash_goes_to_search_but_not_while_typing(visit: Visitor) -> None:
    """The one key that works everywhere; in a field it is a slash."""
    page = visit(READER, f"{HALF}/de-maatstaven")
    page.keyboard.press("/")
    assert _focused(page) == "q"
    expect(page.locator("#q")).to_have_value("")
    page.keyboard.type("a/b")
    expect(page.locator("#q")).to_have_value("a/b")


def test_letters_are_off_until_somebody_wants_them_and_all_can_be_off(visit: Visitor) -> None:
    """WCAG 2.1.4: keys without Ctrl are a choice."""
    page = visit(READER, f"{HALF}/de-maatstaven")
    page.keyboard.press("h")
    page.keyboard.press("g")
    assert path_of(page) == f"{HALF}/de-maatstaven"
    page.goto("/mijn")
    page.get_by_role("link", name="Toetsen").click()
    page.get_by_label("Ook de letters").check()
    press(page, "Bewaar")
    page.goto(f"{HALF}/de-maatstaven")
    page.keyboard.press("h")
    sees_heading(page, "Geschiedenis")
    page.goto("/mijn/toetsen")
    page.get_by_label(re.compile("^Geen")).check()
    press(page, "Bewaar")
    page.goto(f"{HALF}/de-maatstaven")
    page.keyboard.press("/")
    page.keyboard.press("h")
    assert _focused(page) != "q"
    assert path_of(page) == f"{HALF}/de-maatstaven"


def test_the_keys_are_listed_where_one_writes(visit: Visitor) -> None:
    """A small help under the text, folded."""
    page = visit(LEAD, f"{HALF}/de-maatstaven/bewerken")
    page.get_by_text("Toetsen", exact=True).click()
    expect(page.locator(".key-help dl")).to_contain_text("opslaan")
    expect(page.get_by_role("link", name="Alle toetsen")).to_be_visible()
