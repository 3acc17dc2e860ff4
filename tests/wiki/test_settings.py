"""Title, kind and readers of a page; and the end of writing in the archive."""

from __future__ import annotations

import pytest

from proeftuin.db import Database, session
from proeftuin.events.models import Event
from proeftuin.pilots.models import Pilot, State
from proeftuin.wiki import service
from proeftuin.wiki.models import PageKind
from tests.cast import Cast
from tests.client import Client
from tests.wiki.scene import Scene


def kinds_of_events(database: Database) -> list[str]:
    with database.reading() as reading:
        return [event.kind for event in reading.query(Event).order_by(Event.id) if event.kind.startswith("page:")]


def test_title_kind_and_readers_are_changed_in_one_form(
    client: Client, cast: Cast, scene: Scene, database: Database
) -> None:
    path = scene.page("Week 1", kind=PageKind.PROGRESS)
    browser = client.as_(cast.member)
    form = browser.get(f"{path}/instellingen").get_data(as_text=True)
    assert 'value="Week 1"' in form
    answer = browser.post(f"{path}/instellingen", {"title": "Week één", "kind": "gewoon", "restricted": "1"})
    path = f"{scene.path}/week-een"
    assert (answer.status_code, answer.location) == (303, path)
    assert client.as_(cast.outsider).get(path).status_code == 404
    assert "Week één" in browser.get(path).get_data(as_text=True)
    assert kinds_of_events(database) == ["page:created", "page:renamed", "page:restricted"]
    browser.post(f"{path}/instellingen", {"title": "Week één", "kind": "gewoon"})
    assert client.as_(cast.outsider).get(path).status_code == 200
    assert kinds_of_events(database)[-1] == "page:opened"


def test_a_rename_onto_a_title_in_use_is_refused(client: Client, cast: Cast, scene: Scene) -> None:
    scene.page("De maatstaven")
    path = scene.page("Week 1")
    refused = client.as_(cast.lead).post(f"{path}/instellingen", {"title": "de MAATSTAVEN", "kind": "besluit"})
    assert refused.status_code == 422
    assert "de MAATSTAVEN" in refused.get_data(as_text=True)
    with scene.database.reading():
        assert scene.row(path).kind is PageKind.PLAIN


@pytest.mark.parametrize("kind", [PageKind.START, PageKind.DECISION])
def test_a_start_page_or_decision_stays_one_and_stays_open(
    client: Client, cast: Cast, scene: Scene, kind: PageKind
) -> None:
    path = scene.page("Vast", kind=kind)
    browser = client.as_(cast.lead)
    assert browser.post(f"{path}/instellingen", {"title": "Vast", "restricted": "1"}).status_code == 422
    assert browser.post(f"{path}/instellingen", {"title": "Vast", "kind": "gewoon"}).status_code == 422
    assert client.as_(cast.outsider).get(path).status_code == 200


def test_a_restricted_page_cannot_become_a_decision_and_stay_restricted(
    client: Client, cast: Cast, scene: Scene
) -> None:
    path = scene.page("Week 1", restricted=True)
    form = {"title": "Week 1", "kind": "besluit", "restricted": "1"}
    assert client.as_(cast.lead).post(f"{path}/instellingen", form).status_code == 422


def test_a_page_of_the_site_is_never_restricted(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.site_page("Spelregels")
    refused = client.as_(cast.hr).post(f"{path}/instellingen", {"title": "Spelregels", "restricted": "1"})
    assert refused.status_code == 422
    assert client.as_(cast.outsider).get(path).status_code == 200


def test_others_than_the_writers_do_not_get_the_settings(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page()
    for person in (cast.outsider, cast.admin, cast.hr):
        assert client.as_(person).get(f"{path}/instellingen").status_code == 403
        assert client.as_(person).post(f"{path}/instellingen", {"title": "X"}).status_code == 403


def test_pages_of_an_archived_pilot_can_be_read_and_not_written(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page()
    secret = scene.page("Salarissen", restricted=True)
    with scene.act():
        session().get_one(Pilot, scene.pilot_id).state = State.ARCHIVED
    browser = client.as_(cast.lead)
    page = browser.get(path).get_data(as_text=True)
    assert "/bewerken" not in page
    assert "/instellingen" not in page
    for act in ("bewerken", "instellingen", "terugzetten/1", "voorbeeld"):
        assert browser.post(f"{path}/{act}", {"text": "x", "base": "1", "title": "X"}).status_code == 403
    assert browser.post(f"{scene.path}/nieuwe-pagina", {"title": "X", "text": "x"}).status_code == 403
    assert browser.get(secret).status_code == 200
    assert scene.current(path) == 1


def test_a_save_can_bring_a_new_title_with_or_without_another_text(scene: Scene, database: Database) -> None:
    path = scene.page("Week 1", "Tekst.")
    with scene.act():
        saved = service.save_page(
            scene.cast.lead, scene.row(path), base=1, text="Tekst.", summary="", title="Week een"
        )
        path = f"{scene.path}/week-een"
        assert (saved.number, saved.is_new, saved.path) == (1, False, path)
    with scene.act():
        service.save_page(scene.cast.lead, scene.row(path), base=1, text="Andere.", summary="", title="WEEK EEN")
    assert kinds_of_events(database) == ["page:created", "page:renamed", "page:renamed", "page:saved"]
    assert (scene.text(path), scene.current(path)) == ("Andere.", 2)
