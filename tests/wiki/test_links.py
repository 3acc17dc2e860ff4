"""Wiki links: what they lead to, and what they never tell."""

from __future__ import annotations

import re

from sqlalchemy import select

from proeftuin.db import Database, session
from proeftuin.events.models import Job
from proeftuin.wiki import renderings
from proeftuin.wiki.models import PageKind, Rendering
from proeftuin.wiki.settings import change_settings, set_restricted
from tests.cast import Cast
from tests.client import Client
from tests.wiki.scene import Scene, build


def links(client: Client, path: str) -> list[tuple[str, bool, str]]:
    """Return address, existence and words of the links in the text of a page."""
    page = client.get(path).get_data(as_text=True)
    prose = page[page.index('class="prose"') :].split("<aside", 1)[0]
    found = re.findall(r'<a (?=[^>]*href="([^"]*)")([^>]*)>([^<]*)', prose)
    return [(href.replace("&amp;", "&"), "missing" not in rest, words) for href, rest, words in found]


def stale(database: Database) -> list[int]:
    with database.reading():
        return list(session().scalars(select(Rendering.page_id).where(Rendering.renderer == renderings.STALE)))


def test_a_title_leads_to_the_page_whatever_its_case(client: Client, cast: Cast, scene: Scene) -> None:
    target = scene.page("De maatstaven")
    page = scene.page("Week 1", "[[de MAATSTAVEN]] en [[de-maatstaven]] en [[De maatstaven|zie daar]]")
    assert links(client.as_(cast.outsider), page) == [
        (target, True, "de MAATSTAVEN"),
        (target, True, "De maatstaven"),
        (target, True, "zie daar"),
    ]


def test_a_link_leads_to_another_space_by_its_prefix(
    client: Client, cast: Cast, scene: Scene, database: Database
) -> None:
    glossary = scene.site_page("Begrippen")
    other = build(database, cast, "Groen reisbudget")
    trains = other.page("Met de trein")
    slug = other.path.rsplit("/", 1)[1]
    page = scene.page("Week 1", f"[[site:Begrippen]], [[{slug}:met de trein]], [[{slug}:Op de fiets]]")
    assert links(client.as_(cast.outsider), page) == [
        (glossary, True, "Begrippen"),
        (trains, True, "met de trein"),
        (f"{other.path}/nieuwe-pagina?titel=Op%20de%20fiets", False, "Op de fiets"),
    ]


def test_a_red_link_is_blue_in_the_very_next_view_after_the_page_is_made(
    client: Client, cast: Cast, scene: Scene
) -> None:
    page = scene.page("Week 1", "Zie [[Het logboek]].")
    browser = client.as_(cast.outsider)
    [(address, exists, _)] = links(browser, page)
    assert (address, exists) == (f"{scene.path}/nieuwe-pagina?titel=Het%20logboek", False)
    made = scene.page("HET LOGBOEK")
    assert links(browser, page) == [(made, True, "Het logboek")]
    assert stale(scene.database)
    scene.work()
    assert not stale(scene.database)
    assert links(browser, page) == [(made, True, "Het logboek")]


def test_old_links_keep_working_after_a_rename(client: Client, cast: Cast, scene: Scene) -> None:
    target = scene.page("De maatstaven")
    page = scene.page("Week 1", "[[De maatstaven]] en [[Onze drie maatstaven]]")
    with scene.act():
        change_settings(cast.lead, scene.row(target), title="Onze drie maatstaven", kind=None, restricted=False)
    browser = client.as_(cast.outsider)
    now = f"{scene.path}/onze-drie-maatstaven"
    for _ in range(2):
        assert [(address, exists) for address, exists, _ in links(browser, page)] == [(now, True), (now, True)]
        scene.work()
    assert "Onze drie maatstaven" in browser.get(target, follow_redirects=True).get_data(as_text=True)


def test_a_page_that_gets_the_title_of_a_link_to_another_takes_it_over(
    client: Client, cast: Cast, scene: Scene
) -> None:
    first = scene.page("C")
    page = scene.page("Week 1", "[[C++]]")
    browser = client.as_(cast.outsider)
    assert links(browser, page)[0][0] == first
    second = scene.page("C++")
    assert second != first
    assert links(browser, page)[0][0] == second


def test_an_open_page_never_tells_of_a_restricted_one(client: Client, cast: Cast, scene: Scene) -> None:
    page = scene.page("Week 1", "[[Salarissen van team Tram]], [[salarissen-van-team-tram]] en [[Bestaat niet]]")
    before = links(client.as_(cast.outsider), page)
    secret = scene.page("Salarissen van team Tram", restricted=True)
    for _ in range(2):
        assert links(client.as_(cast.outsider), page) == before
        assert links(client.as_(cast.lead), page) == before
        scene.work()
    note = scene.page("Notitie", "[[Salarissen van team Tram]] en [[Week 1]]", restricted=True)
    assert [exists for _, exists, _ in links(client.as_(cast.lead), note)] == [True, True]
    with scene.act():
        set_restricted(cast.lead, scene.row(note), False)
    assert [exists for _, exists, _ in links(client.as_(cast.outsider), note)] == [False, True]
    assert client.as_(cast.outsider).get(secret).status_code == 404


def test_a_page_that_becomes_restricted_vanishes_from_links_at_once(client: Client, cast: Cast, scene: Scene) -> None:
    target = scene.page("Salarissen")
    page = scene.page("Week 1", "[[Salarissen]]")
    browser = client.as_(cast.outsider)
    assert links(browser, page)[0][1] is True
    with scene.act():
        set_restricted(cast.lead, scene.row(target), True)
    assert links(browser, page)[0][1] is False
    with scene.act():
        set_restricted(cast.lead, scene.row(target), False)
    assert links(browser, page)[0][1] is True


def test_a_prefix_does_not_tell_whether_a_concept_exists(
    client: Client, cast: Cast, scene: Scene, concept: Scene
) -> None:
    concept.page("Aanpak")
    slug = concept.path.rsplit("/", 1)[1]
    page = scene.page("Week 1", f"[[{slug}:Aanpak]] [[concept-999:Aanpak]]")
    first, second = (address.replace(slug, "concept-999") for address, _, _ in links(client.as_(cast.outsider), page))
    assert first == second


def test_what_links_here_counts_and_lists_what_the_reader_may_see(client: Client, cast: Cast, scene: Scene) -> None:
    target = scene.page("De maatstaven", "Zie ook [[De maatstaven]] zelf.")
    scene.page("Week 1", "[[de-maatstaven]]")
    scene.page("Onder ons", "[[De maatstaven]]", restricted=True)
    reader, team = client.as_(cast.outsider), client.as_(cast.member)
    assert "1 pagina" in reader.get(target).get_data(as_text=True)
    assert "2 pagina’s" in team.get(target).get_data(as_text=True)
    assert "Onder ons" not in reader.get(f"{target}/verwijzingen").get_data(as_text=True)
    assert "Onder ons" in team.get(f"{target}/verwijzingen").get_data(as_text=True)


def test_many_stale_pages_are_done_in_parts(database: Database, scene: Scene) -> None:
    for number in range(renderings.BATCH + 3):
        scene.page(f"Week {number}", "[[Het logboek]]", kind=PageKind.PROGRESS)
    scene.work()
    scene.page("Het logboek")
    with scene.act():
        renderings.render_stale([])
        assert session().scalar(select(Job.id).where(Job.kind == renderings.JOB))
    assert len(stale(database)) == 3
    scene.work()
    assert not stale(database)


def test_what_an_older_renderer_made_is_never_shown(client: Client, cast: Cast, scene: Scene) -> None:
    page = scene.page("Week 1", "Nieuw")
    with scene.act():
        row = session().get_one(Rendering, scene.row(page).id)
        row.html, row.renderer = "<p>Oud</p>", -1
    assert "<p>Nieuw</p>" in client.as_(cast.outsider).get(page).get_data(as_text=True)
    with scene.act():
        assert renderings.mark_outdated() == 1
    scene.work()
    with scene.database.reading():
        assert "Nieuw" in session().get_one(Rendering, scene.row(page).id).html
