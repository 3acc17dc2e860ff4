"""One section of a page is edited; what others do elsewhere on the page is none of its business."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.steps import HALF, LEAD, READER, SECOND, make_page, path_of, press, save, sees_heading, text_box

TEXT = """\
Vooraf.

## Regels

Ziekte telt niet mee.

```
## Geen kop
```

## Doen

Cijfers naar de OR.
"""


def _edits(page: Page, address: str, heading: str) -> None:
    page.goto(address)
    page.get_by_role("link", name=f"bewerken van de paragraaf “{heading}”").click()
    expect(page.get_by_role("main")).to_contain_text(f"Alleen de paragraaf “{heading}”.")


def test_a_section_is_edited_and_the_rest_stays(visit: Visitor) -> None:
    """The link at a heading opens only that section, fenced code is no heading, and the page is whole afterwards."""
    page = visit(LEAD)
    address = make_page(page, HALF, "In stukken", TEXT)
    assert page.locator("article .edit-link").count() == 2
    _edits(page, address, "Regels")
    expect(text_box(page)).to_have_value("## Regels\n\nZiekte telt niet mee.\n\n```\n## Geen kop\n```")
    text_box(page).fill("## Spelregels\n\nZiekte telt nooit mee.")
    press(page, "Wijzigingen bekijken")
    expect(page.locator("#wijzigingen ins").first).to_be_visible()
    expect(page.locator("#wijzigingen")).not_to_contain_text("Cijfers naar de OR.")
    save(page)
    assert path_of(page) == address
    assert page.url.endswith("#kop-spelregels")
    page.goto(f"{address}/bewerken")
    expect(text_box(page)).to_have_value(
        "Vooraf.\n\n## Spelregels\n\nZiekte telt nooit mee.\n\n## Doen\n\nCijfers naar de OR.\n"
    )


def test_only_writers_get_the_links_and_paper_gets_none(visit: Visitor) -> None:
    """A reader sees no link; nor does who prints."""
    page = visit(LEAD)
    address = make_page(page, HALF, "Links voor schrijvers", TEXT)
    page.emulate_media(media="print")
    expect(page.locator("article .edit-link").first).to_be_hidden()
    expect(visit(READER, address).locator("article .edit-link")).to_have_count(0)


def test_two_people_in_two_sections_never_meet(visit: Visitor) -> None:
    """Each saves a section; the second is told that it fitted."""
    lead, second = visit(LEAD), visit(SECOND)
    address = make_page(lead, HALF, "Ieder een stuk", TEXT)
    _edits(lead, address, "Regels")
    _edits(second, address, "Doen")
    text_box(lead).fill("## Regels\n\nAlles telt mee.")
    save(lead)
    text_box(second).fill("## Doen\n\nCijfers naar iedereen.")
    save(second)
    expect(second.get_by_role("status").filter(has_text="Dat paste samen")).to_contain_text(LEAD)
    for words in ("Alles telt mee.", "Cijfers naar iedereen."):
        expect(second.locator("article")).to_contain_text(words)


def test_a_clash_is_about_the_section_only(visit: Visitor) -> None:
    """Both change the same sentence of one section; the rest of the page is not in question and nothing is lost."""
    lead, second = visit(LEAD), visit(SECOND)
    address = make_page(lead, HALF, "Een stuk voor twee", TEXT)
    _edits(second, address, "Doen")
    lead.goto(f"{address}/bewerken")
    text_box(lead).fill(
        TEXT.replace("Vooraf.", "Vooraf van Ruud.").replace("Cijfers naar de OR.", "Ruud belt de OR.")
    )
    save(lead)
    text_box(second).fill("## Doen\n\nCarla mailt de OR.")
    press(second, "Opslaan")
    sees_heading(second, "Jullie schreven tegelijk")
    expect(second.locator(".theirs")).to_have_count(1)
    expect(second.locator(".theirs")).to_contain_text("Ruud belt de OR.")
    save(second)
    for words in ("Vooraf van Ruud.", "Ruud belt de OR.", "Carla mailt de OR."):
        expect(second.locator("article")).to_contain_text(words)


def test_a_section_that_has_gone_goes_on_in_the_whole_page(visit: Visitor) -> None:
    """Somebody threw the section away meanwhile: the text stands in the editor of the whole page."""
    lead, second = visit(LEAD), visit(SECOND)
    address = make_page(lead, HALF, "Een stuk dat weg is", TEXT)
    _edits(second, address, "Doen")
    lead.goto(f"{address}/bewerken")
    text_box(lead).fill(TEXT[: TEXT.index("## Doen")])
    save(lead)
    text_box(second).fill("## Doen\n\nCijfers naar iedereen, elke maand.")
    press(second, "Opslaan")
    expect(second.get_by_role("alert").first).to_contain_text("Die paragraaf staat niet meer zo in de pagina.")
    expect(text_box(second)).to_have_value(re.compile("Vooraf.[\\s\\S]*Cijfers naar iedereen, elke maand."))
    second.goto(f"{address}/bewerken?paragraaf=kop-doen")
    expect(second.get_by_role("main")).to_contain_text("Die paragraaf staat niet meer zo in de pagina.")


def test_a_section_without_a_script(visit: Visitor) -> None:
    """The link, the editor, the draft button and saving work without a script."""
    address = make_page(visit(LEAD), HALF, "Een stuk zonder script", TEXT)
    page = visit(LEAD, address, java_script_enabled=False)
    page.get_by_role("link", name="bewerken van de paragraaf “Doen”").click()
    text_box(page).fill("## Doen\n\nMet de hand bewaard.")
    press(page, "Bewaar als concept")
    expect(page.locator(".flashes")).to_contain_text("Je concept is bewaard.")
    page.goto(f"{address}/bewerken")
    expect(page.locator(".left-here")).to_contain_text("bezig aan de paragraaf “Doen”")
    page.get_by_role("link", name="Verder met je concept").click()
    expect(text_box(page)).to_have_value("## Doen\n\nMet de hand bewaard.")
    save(page)
    expect(page.locator("article")).to_contain_text("Met de hand bewaard.")
    page.goto("/mijn/concepten")
    expect(page.get_by_role("main")).not_to_contain_text("Een stuk zonder script")
