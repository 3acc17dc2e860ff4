"""Since your last visit: a bookmark in the log, moved at a sign-in or by hand, and seen by nobody else."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import Database
from proeftuin.events.service import record
from proeftuin.following import queries, service
from proeftuin.following.changes import NEWS_AT_MOST, News
from proeftuin.following.models import Bookmark
from tests.client import Client
from tests.following.scene import Scene


def news(database: Database, actor: Actor) -> News:
    with database.reading():
        return queries.since_last_visit(actor)


def visit(scene: Scene, actor: Actor, *, days: int) -> None:
    """Sign in some days from now."""
    with clock.at(clock.now() + timedelta(days=days)), scene.database.transaction():
        service.move_bookmark(actor.id)


def titles(found: News) -> list[str]:
    return [change.title for change in found.rows]


def test_at_a_first_visit_everything_is_new(scene: Scene) -> None:
    visit(scene, scene.cast.outsider, days=0)
    found = news(scene.database, scene.cast.outsider)
    assert found.is_first_visit
    assert "Groen reisbudget" in titles(found)


def test_news_is_what_came_since_the_visit_before_this_one(scene: Scene) -> None:
    visit(scene, scene.cast.outsider, days=0)
    scene.page("Na het eerste bezoek")
    visit(scene, scene.cast.outsider, days=1)
    assert titles(news(scene.database, scene.cast.outsider)) == ["Na het eerste bezoek"]
    scene.page("Tijdens het tweede bezoek")
    visit(scene, scene.cast.outsider, days=2)
    assert titles(news(scene.database, scene.cast.outsider)) == ["Tijdens het tweede bezoek"]
    visit(scene, scene.cast.outsider, days=3)
    assert titles(news(scene.database, scene.cast.outsider)) == []


def test_signing_in_on_a_second_device_is_the_same_visit(scene: Scene) -> None:
    visit(scene, scene.cast.outsider, days=0)
    scene.page("Nieuw")
    visit(scene, scene.cast.outsider, days=1)
    with clock.at(clock.now() + timedelta(days=1, hours=1)), scene.database.transaction():
        service.move_bookmark(scene.cast.outsider.id)
    assert titles(news(scene.database, scene.cast.outsider)) == ["Nieuw"]


def test_what_one_follows_comes_first_and_own_acts_are_no_news(client: Client, scene: Scene) -> None:
    visit(scene, scene.cast.outsider, days=0)
    visit(scene, scene.cast.outsider, days=1)
    followed = scene.page("Gevolgd")
    scene.page("Nieuwer")
    scene.ask(scene.cast.outsider, "Mijn eigen vraag?")
    client.as_(scene.cast.outsider).post(f"/volgen/{followed}", {"follow": "1"})
    assert titles(news(scene.database, scene.cast.outsider)) == ["Gevolgd", "Nieuwer"]


def test_a_few_lines_and_how_many_more(client: Client, scene: Scene) -> None:
    visit(scene, scene.cast.outsider, days=0)
    visit(scene, scene.cast.outsider, days=1)
    seen = scene.newest_event()
    for n in range(8):
        scene.page(f"Pagina {n}")
    found = news(scene.database, scene.cast.outsider)
    assert (len(found.rows), found.more, found.is_capped, found.after) == (5, 3, False, seen)
    html = client.as_(scene.cast.outsider).get("/").text
    assert "Nog 3 wijzigingen" in html
    assert f'href="/wijzigingen?sinds={seen}"' in html
    listed = client.as_(scene.cast.outsider).get(f"/wijzigingen?sinds={seen}").text
    assert all(f">Pagina {n}</a>" in listed for n in range(8))
    assert "begon de proeftuin" not in listed


def test_a_long_absence_is_not_counted_to_the_end(scene: Scene) -> None:
    visit(scene, scene.cast.outsider, days=0)
    visit(scene, scene.cast.outsider, days=1)
    with scene.database.transaction():
        for _ in range(NEWS_AT_MOST + 20):
            record(scene.cast.lead.id, "pilot:changed", scene.pilot_id)
    found = news(scene.database, scene.cast.outsider)
    assert (found.more, found.is_capped) == (NEWS_AT_MOST - 5, True)


def test_i_am_up_to_date_clears_the_news_and_nothing_that_came_later(client: Client, scene: Scene) -> None:
    visit(scene, scene.cast.outsider, days=0)
    visit(scene, scene.cast.outsider, days=1)
    scene.page("Gezien")
    shown = news(scene.database, scene.cast.outsider).newest
    scene.page("Net erna")
    answer = client.as_(scene.cast.outsider).post("/mijn/bij", {"tot": str(shown), "back": "/"})
    assert (answer.status_code, answer.location) == (303, "/")
    assert titles(news(scene.database, scene.cast.outsider)) == ["Net erna"]
    client.as_(scene.cast.outsider).post("/mijn/bij", {"tot": "999999999"})
    assert titles(news(scene.database, scene.cast.outsider)) == []


def test_a_wrong_number_does_not_hide_the_future(client: Client, scene: Scene) -> None:
    client.as_(scene.cast.outsider).post("/mijn/bij", {"tot": "999999999"})
    scene.page("Later")
    assert titles(news(scene.database, scene.cast.outsider)) == ["Later"]


def test_looking_moves_nothing(client: Client, scene: Scene) -> None:
    visit(scene, scene.cast.outsider, days=0)
    with scene.database.reading() as reading:
        before = reading.execute(select(Bookmark.seen_event_id, Bookmark.latest_event_id, Bookmark.moved_at)).all()
    scene.page()
    reader = client.as_(scene.cast.outsider)
    for path in ("/", "/wijzigingen", "/mijn", "/mijn/berichten", "/wijzigingen/atom"):
        assert reader.get(path).status_code == 200
    with scene.database.reading() as reading:
        after = reading.execute(select(Bookmark.seen_event_id, Bookmark.latest_event_id, Bookmark.moved_at)).all()
    assert before == after


def test_signing_in_moves_the_bookmark(scene: Scene) -> None:
    from proeftuin.accounts import service as accounts

    assert accounts.after_sign_in.count(service.move_bookmark) == 1
