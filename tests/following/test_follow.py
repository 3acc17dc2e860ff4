"""Following with one click, and a person's own page."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from proeftuin.accounts.actor import Actor
from proeftuin.db import Database
from proeftuin.events.models import Event, Subject, SubjectKind
from proeftuin.following import queries
from proeftuin.following.models import Follow
from tests.client import Client
from tests.following.scene import Scene, build


def follows(database: Database, actor: Actor) -> set[int]:
    with database.reading() as reading:
        return set(reading.scalars(select(Follow.subject_id).where(Follow.person_id == actor.id)))


def test_one_click_follows_and_one_click_stops(client: Client, scene: Scene) -> None:
    reader = client.as_(scene.cast.outsider)
    response = reader.post(f"/volgen/{scene.pilot_id}", {"follow": "1", "back": scene.path})
    assert (response.status_code, response.location) == (303, scene.path)
    assert follows(scene.database, scene.cast.outsider) == {scene.pilot_id}
    reader.post(f"/volgen/{scene.pilot_id}", {"follow": "1", "back": scene.path})
    reader.post(f"/volgen/{scene.pilot_id}", {"follow": "0", "back": scene.path})
    assert follows(scene.database, scene.cast.outsider) == set()


def test_one_cannot_follow_what_one_may_not_read_or_what_does_not_exist(client: Client, scene: Scene) -> None:
    secret = scene.page("Besloten", restricted=True)
    concept = build(scene.database, scene.cast, "Nog een concept", opened=False)
    with scene.database.reading() as reading:
        site = reading.scalars(select(Subject.id).where(Subject.kind == SubjectKind.SITE)).one()
    reader = client.as_(scene.cast.outsider)
    for number in (secret, concept.pilot_id, site, 999_999, 10**12):
        assert reader.post(f"/volgen/{number}", {"follow": "1"}).status_code == 404
    assert follows(scene.database, scene.cast.outsider) == set()


def test_one_can_stop_following_what_one_may_not_read_any_more(client: Client, scene: Scene) -> None:
    page = scene.page("Wordt besloten")
    reader = client.as_(scene.cast.outsider)
    reader.post(f"/volgen/{page}", {"follow": "1"})
    with scene.database.transaction() as writing:
        writing.get_one(Subject, page).audience = writing.get_one(Subject, page).audience.TEAM
    assert reader.post(f"/volgen/{page}", {"follow": "0"}).status_code == 303
    assert follows(scene.database, scene.cast.outsider) == set()


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "http://evil.example",
        "/\t/evil",
        "/a\r\nX: y",
        "@evil",
        "",
    ],
)
def test_nobody_is_sent_to_another_site(client: Client, scene: Scene, back: str) -> None:
    response = client.as_(scene.cast.outsider).post(f"/volgen/{scene.pilot_id}", {"follow": "1", "back": back})
    assert (response.status_code, response.location) == (303, "/mijn")


def test_who_begins_a_pilot_and_who_joins_its_team_follow_it(scene: Scene) -> None:
    assert scene.pilot_id in follows(scene.database, scene.cast.lead)
    assert scene.pilot_id in follows(scene.database, scene.cast.member)


def test_following_leaves_no_event(client: Client, scene: Scene) -> None:
    before = scene.newest_event()
    client.as_(scene.cast.outsider).post(f"/volgen/{scene.pilot_id}", {"follow": "1"})
    with scene.database.reading() as reading:
        assert reading.scalars(select(Event.id).where(Event.id > before)).all() == []


def test_the_own_page_lists_follows_pilots_and_concepts(client: Client, scene: Scene) -> None:
    build(scene.database, scene.cast, "Nog een concept", opened=False)
    html = client.as_(scene.cast.lead).get("/mijn").get_data(as_text=True)
    assert ">Groen reisbudget</a>" in html
    assert ">Nog een concept</a>" in html
    assert "Niet meer volgen" in html
    other = client.as_(scene.cast.outsider).get("/mijn").get_data(as_text=True)
    assert "Nog een concept" not in other
    assert "Je volgt nog niets" in other


def test_is_following_tells_only_about_the_thing_itself(client: Client, scene: Scene, database: Database) -> None:
    page = scene.page()
    client.as_(scene.cast.outsider).post(f"/volgen/{scene.pilot_id}", {"follow": "1"})
    with database.reading():
        assert queries.is_following(scene.cast.outsider, scene.pilot_id)
        assert not queries.is_following(scene.cast.outsider, page)
        assert not queries.is_following(scene.cast.colleague, scene.pilot_id)
