"""A page gets another name and goes away and comes back; whoever has an old link is helped every time."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.steps import HALF, LEAD, READER, make_page, path_of, press, sees_heading


def test_a_renamed_page_is_found_by_every_old_link(visit: Visitor) -> None:
    """The mail of last year, the link in another page and the number all lead to the page of today."""
    lead, reader = visit(LEAD), visit(READER)
    old = make_page(lead, HALF, "Afspraken over uitruil", "## Wie beslist\n\nHet team.")
    linking = make_page(
        lead, HALF, "Waar alles staat", "Zie [[Afspraken over uitruil]] en [[Afspraken over uitruil|hier]]."
    )
    reader.goto(old)
    fixed = reader.get_by_role("complementary").get_by_role("link", name="/p/").get_attribute("href")
    new = _rename(lead, old, "Ruilafspraken")

    reader.goto(f"{old}/versies/1#kop-wie-beslist")
    assert path_of(reader) == f"{new}/versies/1"
    assert reader.url.endswith("#kop-wie-beslist")
    assert fixed is not None
    reader.goto(fixed)
    sees_heading(reader, "Ruilafspraken")
    reader.goto(linking)
    links = reader.get_by_role("article").get_by_role("link", name="Ruilafspraken")
    expect(links).to_have_attribute("href", new)
    expect(reader.get_by_role("article").get_by_role("link", name="hier", exact=True)).to_have_attribute("href", new)
    reader.goto(f"{linking}/geschiedenis")
    expect(reader.get_by_role("main")).to_contain_text("“Afspraken over uitruil” heet nu “Ruilafspraken”")


def test_a_deleted_page_tells_why_and_comes_back(visit: Visitor) -> None:
    """Deleted with a reason, found as a tombstone, brought back with everything."""
    lead, reader = visit(LEAD), visit(READER)
    path = make_page(lead, HALF, "Een dubbele pagina", "Deze tekst staat ook ergens anders.")
    lead.get_by_role("link", name="Verwijderen").click()
    lead.get_by_label("Waarom moet deze pagina weg?").fill("Staat ook in het logboek")
    press(lead, "Verwijder de pagina")
    sees_heading(lead, "Een dubbele pagina")

    reader.goto(path)
    main = reader.get_by_role("main")
    expect(main).to_contain_text("Staat ook in het logboek")
    expect(main).to_contain_text(LEAD)
    expect(main).not_to_contain_text("Deze tekst staat ook ergens anders")
    reader.get_by_role("link", name="Lees de ene versie die er was").click()
    expect(reader.get_by_role("main")).to_contain_text("versie 1")
    reader.goto(f"{HALF}/paginas")
    expect(reader.get_by_role("main")).not_to_contain_text("Een dubbele pagina")

    press(lead, "Haal de pagina terug")
    reader.goto(path)
    expect(reader.get_by_role("article")).to_contain_text("Deze tekst staat ook ergens anders")


def _rename(page: Page, path: str, title: str) -> str:
    page.goto(f"{path}/instellingen")
    page.get_by_label("Titel", exact=True).fill(title)
    press(page, "Opslaan")
    sees_heading(page, title)
    return path_of(page)
