"""Someone says something about a few words of a page; the page changes, and the conversation stays with its words."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.steps import HALF, LEAD, READER, make_page, press, save, sees_heading, text_box

WORDS = "Ziekte telt nooit mee als maatstaf."
TEXT = f"De pot is van ons allemaal.\n\n## Regels\n\nHet team verdeelt. {WORDS} Zo is het.\n\nCijfers naar de OR."
SAID = "Geldt dat ook voor wie zorgt?"

SELECT = """(words) => {
  const walker = document.createTreeWalker(document.querySelector("[data-offer] .prose"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const place = walker.currentNode.data.indexOf(words);
    if (place < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, place);
    range.setEnd(walker.currentNode, place + words.length);
    document.getSelection().removeAllRanges();
    document.getSelection().addRange(range);
    return true;
  }
  return false;
}"""


def _write(page: Page, address: str, text: str) -> None:
    page.goto(f"{address}/bewerken")
    text_box(page).fill(text)
    save(page)


def _choose(page: Page, scripts: bool) -> None:
    """Point at the words: by selecting them, or by choosing their paragraph."""
    if scripts:
        assert page.evaluate(SELECT, WORDS)
        page.get_by_role("button", name="Reageer op deze passage").click()
        form = page.get_by_role("region", name="Reageer op deze passage")
        expect(form.get_by_text(WORDS)).to_be_visible()
        expect(form.get_by_label("Je reactie")).to_be_focused()
    else:
        page.get_by_role("link", name="Reageer op een passage").click()
        item = page.get_by_role("listitem").filter(has_text=WORDS)
        item.get_by_role("link", name="Reageer hierop").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_conversation_stays_with_its_words(visit: Visitor, scripts: bool) -> None:
    """It is still there after an edit elsewhere, tells what changed when the words go, and comes back with them."""
    title = f"Ziek en de pot, {'met' if scripts else 'zonder'} script"
    lead = visit(LEAD)
    address = make_page(lead, HALF, title, TEXT)
    reader = visit(READER, address, java_script_enabled=scripts)
    _choose(reader, scripts)
    reader.get_by_label("Je reactie").fill(SAID)
    press(reader, "Plaats reactie")
    sees_heading(reader, title)
    mark = reader.get_by_role("link", name="1 reactie bij deze passage")
    expect(mark).to_be_visible()
    expect(reader.locator(".spoken")).to_contain_text(WORDS.rstrip("."))

    _write(lead, address, f"Sinds dit jaar is er een pot.\n\n{TEXT}")
    reader.goto(address)
    expect(reader.locator(".spoken")).to_contain_text(WORDS.rstrip("."))
    mark.click()
    main = reader.get_by_role("main")
    expect(main).to_contain_text(SAID)
    reader.get_by_role("link", name="Bekijk in de pagina").click()
    sees_heading(reader, title)
    expect(reader.locator(".spoken:target")).to_be_visible()

    rewritten = TEXT.split("\n\n")
    _write(
        lead, address, "\n\n".join(["Wat er over ziekte stond, is weg.", rewritten[0], rewritten[1], rewritten[3]])
    )
    reader.goto(address)
    expect(mark).to_have_count(0)
    reader.goto(f"{address}/gesprek")
    changed = reader.get_by_role("region", name="De tekst is veranderd")
    expect(changed).to_contain_text(WORDS)
    changed.get_by_text("Wat er veranderde").first.click()
    expect(changed.locator(".was").filter(has_text="Ziekte")).to_be_visible()

    _write(lead, address, TEXT)
    reader.goto(address)
    expect(mark).to_be_visible()
