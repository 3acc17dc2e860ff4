"""Pages that are asked for, and pages to which nobody links."""

from __future__ import annotations

import re

from proeftuin.wiki.models import PageKind
from tests.cast import Cast
from tests.client import Client
from tests.wiki.scene import Scene, build


def listed(client: Client, path: str) -> list[str]:
    """Return the titles in a list of pages, in their order."""
    page = client.get(path).get_data(as_text=True)
    main = page[page.index("<main") : page.index("</main>")]
    rows = re.findall(r"<li><a (?:class=\"missing\" )?href=\"[^\"]*\">(.*?)(?:<span|</a>)", main)
    return [row for row in rows if row not in ("Alle pagina’s", "Gevraagd", "Los")]


def test_wanted_pages_by_number_of_pages_with_who_asks(client: Client, cast: Cast, scene: Scene) -> None:
    scene.page("Week 1", "[[Het logboek]], [[het LOGBOEK]] en [[De kosten]]")
    scene.page("Week 2", "[[Het logboek]] en [[Week 1]]")
    lead = client.as_(cast.lead)
    assert listed(lead, f"{scene.path}/gevraagd") == ["Het logboek", "De kosten"]
    page = lead.get(f"{scene.path}/gevraagd").get_data(as_text=True)
    assert "2 pagina’s linken hierheen" in page
    assert f'href="{scene.path}/nieuwe-pagina?titel=Het%20logboek"' in page
    assert "Maak deze pagina" in page
    assert "Maak deze pagina" not in client.as_(cast.outsider).get(f"{scene.path}/gevraagd").get_data(as_text=True)
    scene.page("Het logboek")
    assert listed(lead, f"{scene.path}/gevraagd") == ["De kosten"]


def test_wanted_pages_tell_nothing_of_what_may_not_be_read(client: Client, cast: Cast, scene: Scene) -> None:
    scene.page("Week 1", "[[Lonen]] en [[Bestaat niet]]")
    scene.page("Onder ons", "[[Ontslagen]]", restricted=True)
    reader = client.as_(cast.outsider)
    before = reader.get(f"{scene.path}/gevraagd").get_data(as_text=True)
    scene.page("Lonen", restricted=True)
    scene.work()
    assert reader.get(f"{scene.path}/gevraagd").get_data(as_text=True) == before
    assert listed(client.as_(cast.outsider), f"{scene.path}/gevraagd") == ["Bestaat niet", "Lonen"]
    assert listed(client.as_(cast.lead), f"{scene.path}/gevraagd") == ["Bestaat niet", "Ontslagen"]


def test_a_deleted_page_is_asked_for_as_deleted(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page("Het logboek")
    scene.page("Week 1", "[[Het logboek]]")
    client.as_(cast.lead).post(f"{path}/verwijderen", {"reason": "Weg"})
    scene.work()
    page = client.as_(cast.outsider).get(f"{scene.path}/gevraagd").get_data(as_text=True)
    assert f'class="missing" href="{path}"' in page


def test_orphans_are_pages_without_links_from_what_the_reader_may_read(
    client: Client, cast: Cast, scene: Scene
) -> None:
    scene.page("Welkom", "[[Week 1]]", kind=PageKind.START)
    scene.page("Week 1", "Zie [[Week 1]] zelf.")
    scene.page("Vergeten", "Zie [[Vergeten]] zelf.")
    scene.page("Alleen van het team", "Tekst.")
    scene.page("Onder ons", "[[Alleen van het team]]", restricted=True)
    assert listed(client.as_(cast.outsider), f"{scene.path}/los") == ["Alleen van het team", "Vergeten"]
    assert listed(client.as_(cast.lead), f"{scene.path}/los") == ["Onder ons", "Vergeten"]


def test_a_link_from_another_space_counts(client: Client, cast: Cast, scene: Scene) -> None:
    other = build(scene.database, cast, "Groen reisbudget")
    other.page("Met de trein")
    scene.page("Week 1", f"[[{other.path.rsplit('/', 1)[1]}:Met de trein]] en [[site:Spelregels]]")
    reader = client.as_(cast.outsider)
    assert listed(reader, f"{other.path}/los") == []
    assert listed(reader, "/wiki/gevraagd") == ["Spelregels"]
    scene.site_page("Spelregels")
    scene.site_page("Losse pagina")
    scene.site_page("Begrippen")
    assert listed(reader, "/wiki/los") == ["Losse pagina"]


def test_the_lists_of_a_hidden_pilot_are_not_there(client: Client, cast: Cast, concept: Scene) -> None:
    for name in ("gevraagd", "los"):
        assert client.as_(cast.outsider).get(f"{concept.path}/{name}").status_code == 404
        assert client.as_(cast.member).get(f"{concept.path}/{name}").status_code == 200


def test_the_lists_can_be_reached_from_the_list_of_pages(client: Client, cast: Cast, scene: Scene) -> None:
    for path, here in ((f"{scene.path}/paginas", scene.path), ("/wiki", "/wiki")):
        page = client.as_(cast.outsider).get(path).get_data(as_text=True)
        assert f'href="{here}/gevraagd"' in page
        assert f'href="{here}/los"' in page
