"""A page gets another name: what led to the old one leads to the new one, and links are written anew."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from proeftuin.db import session
from proeftuin.events.models import Event, Job
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import Pilot, State
from proeftuin.wiki import queries, relinking
from proeftuin.wiki.models import PageKind, PageName, Revision
from proeftuin.wiki.settings import change_settings
from tests.cast import Cast
from tests.client import Client
from tests.wiki.scene import Scene, build
from tests.wiki.test_links import links


def rename(scene: Scene, path: str, title: str) -> str:
    """Give the page at an address another title and return where it is now."""
    with scene.act():
        row = scene.row(path)
        change_settings(scene.cast.lead, row, title=title, kind=None, restricted=row.is_restricted)
        return queries.get_path(scene.cast.lead, row.id)


def test_a_rename_gives_a_new_address_and_every_old_one_leads_there_with_the_rest(
    client: Client, cast: Cast, scene: Scene
) -> None:
    old = scene.page("De maatstaven")
    scene.save(old, "Zo meten we het beter.")
    new = rename(scene, old, "Onze drie maatstaven")
    assert new == f"{scene.path}/onze-drie-maatstaven"
    browser = client.as_(cast.outsider)
    for rest in (
        "",
        "/geschiedenis",
        "/versies/1",
        "/gesprek",
        "/vergelijk?van=1&naar=2",
        "/verwijzingen",
        "?x=%C3%A9",
    ):
        answer = browser.get(f"{old}{rest}")
        assert (answer.status_code, answer.location) == (308, f"{new}{rest}")
        assert browser.get(answer.location).status_code == 200
        assert "no-cache" in answer.headers["Cache-Control"]
    assert client.as_(cast.lead).get(f"{old}/bewerken").location == f"{new}/bewerken"
    page = browser.get(new).get_data(as_text=True)
    assert "Onze drie maatstaven" in page


def test_a_form_that_was_open_during_a_rename_is_saved_in_the_page(client: Client, cast: Cast, scene: Scene) -> None:
    old = scene.page("De maatstaven", "Een.\n\nTwee.")
    new = rename(scene, old, "Maten")
    form = {"base": "1", "text": "Een.\n\nTwee en een half.", "summary": ""}
    answer = client.as_(cast.lead).post(f"{old}/bewerken", form)
    assert (answer.status_code, answer.location) == (308, f"{new}/bewerken")
    assert client.as_(cast.lead).post(answer.location, form).status_code == 303
    assert scene.text(new) == "Een.\n\nTwee en een half."


def test_who_may_not_read_the_page_gets_the_same_404_as_for_nothing(client: Client, cast: Cast, scene: Scene) -> None:
    old = scene.page("Salarissen van team Tram", restricted=True)
    rename(scene, old, "Lonen")
    for person in (cast.outsider, cast.hr, cast.admin, cast.union):
        browser = client.as_(person)
        absent = browser.get(f"{scene.path}/bestaat-niet")
        hidden = browser.get(old)
        assert hidden.status_code == 404
        assert "Location" not in hidden.headers
        assert "Lonen" not in hidden.get_data(as_text=True)
        slug = old.rsplit("/", 1)[1]
        assert hidden.get_data(as_text=True).replace(slug, "bestaat-niet") == absent.get_data(as_text=True)
    assert client.as_(cast.member).get(old).status_code == 308


def test_links_are_written_anew_in_one_minor_version_of_each_page(client: Client, cast: Cast, scene: Scene) -> None:
    target = scene.page("De maatstaven", "Zie [[De maatstaven]].")
    code = "`[[De maatstaven]]`\n\n    [[De maatstaven]]"
    text = f"[[De maatstaven]], [[de MAATSTAVEN|onze maten]], [[de-maatstaven]] en {code}"
    page = scene.page("Week 1", text)
    other = scene.page("Week 2", "Geen link.")
    new = rename(scene, target, "Maten")
    assert scene.text(page) == f"[[Maten]], [[Maten|onze maten]], [[Maten]] en {code}"
    assert (scene.current(page), scene.current(other)) == (2, 1)
    assert scene.text(new) == "Zie [[Maten]]."
    with scene.database.reading():
        event = session().scalars(select(Event).where(Event.kind == "page:saved").order_by(Event.id.desc())).first()
        version = (
            session()
            .scalars(select(Revision).where(Revision.page_id == scene.row(page).id, Revision.number == 2))
            .one()
        )
        assert event is not None
        assert event.minor
        assert (version.is_minor, version.base, version.author_id) == (True, 1, cast.lead.id)
        assert version.summary == "Verwijzing aangepast: “De maatstaven” heet nu “Maten”"
    assert links(client.as_(cast.outsider), page)[:3] == [
        (new, True, "Maten"),
        (new, True, "onze maten"),
        (new, True, "Maten"),
    ]
    assert "klein" in client.as_(cast.outsider).get(f"{page}/geschiedenis").get_data(as_text=True)
    assert "Week 1" in client.as_(cast.outsider).get(f"{new}/verwijzingen").get_data(as_text=True)


def test_links_from_other_spaces_are_written_anew_too(client: Client, cast: Cast, scene: Scene) -> None:
    other = build(scene.database, cast, "Groen reisbudget")
    slug = scene.path.rsplit("/", 1)[1]
    target = scene.page("De maatstaven")
    there = other.page("Met de trein", f"Zie [[{slug}:De maatstaven]].")
    on_site = scene.site_page("Afspraken", f"Zie [[{slug}:De maatstaven|daar]].")
    rename(scene, target, "Maten")
    assert scene.text(there) == f"Zie [[{slug}:Maten]]."
    assert scene.text(on_site) == f"Zie [[{slug}:Maten|daar]]."


def test_a_page_that_the_renamer_may_not_read_is_left_alone_and_its_link_works(
    client: Client, cast: Cast, scene: Scene
) -> None:
    other = build(scene.database, cast, "Groen reisbudget")
    slug = scene.path.rsplit("/", 1)[1]
    target = scene.page("De maatstaven")
    secret = other.page("Onder ons", f"[[{slug}:De maatstaven]]", restricted=True)
    with scene.act():
        pilots.add_member(cast.lead, session().get_one(Pilot, scene.pilot_id), cast.outsider.id)
    with scene.act():
        change_settings(cast.outsider, scene.row(target), title="Maten", kind=None, restricted=False)
    assert scene.text(secret) == f"[[{slug}:De maatstaven]]"
    assert links(client.as_(cast.lead), secret) == [(f"{scene.path}/maten", True, "De maatstaven")]


def test_a_new_name_is_not_told_to_readers_who_may_not_know_it(client: Client, cast: Cast, scene: Scene) -> None:
    target = scene.page("Salarissen", restricted=True)
    page = scene.page("Week 1", "[[Salarissen]]")
    note = scene.page("Notitie", "[[Salarissen]]", restricted=True)
    rename(scene, target, "Lonen")
    assert scene.text(page) == "[[Salarissen]]"
    assert scene.text(note) == "[[Lonen]]"


def test_a_middle_title_keeps_working_after_more_renames(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page("Een")
    for title in ("Twee", "Drie", "Vier"):
        path = rename(scene, path, title)
    page = scene.page("Week 1", "[[Een]] [[Twee]] [[Drie]] [[Vier]] [[twee]]")
    browser = client.as_(cast.outsider)
    assert [(address, exists) for address, exists, _ in links(browser, page)] == [(path, True)] * 5
    for old in ("een", "twee", "drie"):
        assert browser.get(f"{scene.path}/{old}").location == path


def test_a_page_can_have_its_old_name_back(client: Client, cast: Cast, scene: Scene) -> None:
    first = scene.page("Een")
    second = rename(scene, first, "Twee")
    assert rename(scene, second, "Een") == first
    browser = client.as_(cast.outsider)
    assert browser.get(first).status_code == 200
    assert browser.get(second).location == first


def test_a_new_page_takes_an_old_title_but_never_an_old_address(client: Client, cast: Cast, scene: Scene) -> None:
    old = scene.page("Een")
    page = scene.page("Week 1", "[[Een|eerst]] en [[een]]")
    moved = rename(scene, old, "Twee")
    note = scene.page("Week 2", "[[Een]]")
    browser = client.as_(cast.outsider)
    assert links(browser, note) == [(moved, True, "Een")]
    made = scene.page("Een")
    assert made == f"{scene.path}/een-2"
    assert links(browser, note) == [(made, True, "Een")]
    scene.work()
    assert links(browser, note) == [(made, True, "Een")]
    assert browser.get(old).location == moved
    assert scene.text(page) == "[[Twee|eerst]] en [[Twee]]"


def test_a_title_that_cannot_stand_in_a_link_is_written_as_address(client: Client, cast: Cast, scene: Scene) -> None:
    target = scene.page("Een")
    page = scene.page("Week 1", "[[Een]]")
    new = rename(scene, target, "Loon [2026] | deel `a`")
    assert scene.text(page) == f"[[{new.rsplit('/', 1)[1]}]]"
    assert links(client.as_(cast.outsider), page)[0][:2] == (new, True)


@pytest.mark.parametrize("kind", [PageKind.START])
def test_a_start_page_keeps_its_address(scene: Scene, kind: PageKind) -> None:
    path = scene.page("Welkom", kind=kind)
    assert rename(scene, path, "Hallo") == path


def test_the_glossary_keeps_its_address(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.site_page("Begrippen")
    browser = client.as_(cast.hr)
    assert browser.post(f"{path}/instellingen", {"title": "Woorden"}).location == path
    assert "Woorden" in browser.get("/begrippen").get_data(as_text=True)


def test_pages_of_an_archived_pilot_are_not_written(client: Client, cast: Cast, scene: Scene) -> None:
    target = scene.site_page("Spelregels")
    page = scene.page("Week 1", "[[site:Spelregels]]")
    with scene.act():
        session().get_one(Pilot, scene.pilot_id).state = State.ARCHIVED
    with scene.act():
        change_settings(cast.hr, scene.row(target), title="Afspraken", kind=None, restricted=False)
    assert scene.current(page) == 1
    assert links(client.as_(cast.outsider), page) == [("/wiki/afspraken", True, "Spelregels")]


def test_many_linking_pages_are_written_in_parts_and_twice_is_once(scene: Scene) -> None:
    target = scene.page("Een")
    pages = [scene.page(f"Week {n}", "[[Een]]", kind=PageKind.PROGRESS) for n in range(relinking.AT_ONCE + 5)]
    scene.work()
    rename(scene, target, "Twee")
    assert sum(scene.current(page) == 2 for page in pages) == relinking.AT_ONCE
    with scene.database.reading():
        payload = session().scalars(select(Job.payload).where(Job.kind == relinking.JOB)).one()
    scene.work()
    assert {scene.text(page) for page in pages} == {"[[Twee]]"}
    with scene.act():
        relinking.relink_rest([Job(kind=relinking.JOB, payload={**payload, "after": 0})])
    assert {scene.current(page) for page in pages} == {2}


def test_a_change_of_case_keeps_address_and_names(scene: Scene) -> None:
    path = scene.page("De maatstaven")
    assert rename(scene, path, "De Maatstaven") == path
    with scene.database.reading():
        assert session().scalars(select(PageName)).all() == []


def test_a_number_always_leads_to_the_page(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page("Een")
    with scene.database.reading():
        number = scene.row(path).id
    browser = client.as_(cast.outsider)
    assert f'href="/p/{number}"' in browser.get(path).get_data(as_text=True)
    new = rename(scene, path, "Twee")
    assert browser.get(f"/p/{number}?x=1").location == f"{new}?x=1"
    assert browser.get(f"/p/{number}/versies/1").location == f"{new}/versies/1"
    assert f'href="/p/{number}/versies/1"' in browser.get(f"{new}/versies/1").get_data(as_text=True)
    assert browser.get("/p/999999").status_code == 404
    secret = scene.page("Geheim", restricted=True)
    with scene.database.reading():
        hidden = scene.row(secret).id
    assert browser.get(f"/p/{hidden}").status_code == 404
    assert browser.get(f"/p/{hidden}/versies/1").status_code == 404


def test_every_heading_has_a_link_to_itself(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page("Een", "## Wat ging goed\n\nVeel.\n\n## Wat niet\n\nNiets.\n\n## Wat ging goed\n\nNog wat.")
    for person in (cast.outsider, cast.lead):
        page = client.as_(person).get(path).get_data(as_text=True)
        for address in ("kop-wat-ging-goed", "kop-wat-niet", "kop-wat-ging-goed_2"):
            assert f'id="{address}"' in page
            assert f'class="anchor" href="#{address}"' in page
    scene.save(path, "## Vooraf\n\nNieuw.\n\n" + scene.text(path))
    page = client.as_(cast.outsider).get(path).get_data(as_text=True)
    assert (
        page.index('id="kop-wat-ging-goed"')
        < page.index('id="kop-wat-niet"')
        < page.index('id="kop-wat-ging-goed_2"')
    )


def test_completion_knows_old_names_and_never_what_may_not_be_seen(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page("De maatstaven")
    rename(scene, path, "Onze maten")
    scene.page("Maatwerk voor de baas", restricted=True)
    slug = scene.path.rsplit("/", 1)[1]
    found = client.as_(cast.outsider).get(f"/wiki/titels?q=maatst&ruimte={slug}").get_json()
    assert [(each["title"], each["target"]) for each in found] == [("Onze maten", "Onze maten")]
    assert "De maatstaven" in found[0]["place"]
    assert client.as_(cast.outsider).get(f"/wiki/titels?q=maatwerk&ruimte={slug}").get_json() == []
    team = client.as_(cast.lead).get(f"/wiki/titels?q=MÁÁT&ruimte={slug}&besloten=1").get_json()
    assert {each["title"] for each in team} == {"Onze maten", "Maatwerk voor de baas"}
