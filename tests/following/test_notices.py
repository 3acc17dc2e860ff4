"""Notices: who is told what, once, and what the bell counts."""

from __future__ import annotations

import re

from sqlalchemy import delete, func, insert, literal, select, update

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Person
from proeftuin.db import Database, session
from proeftuin.events import jobs
from proeftuin.events.models import Audience, Event, Subject
from proeftuin.events.service import enqueue, record
from proeftuin.following import notify, queries
from proeftuin.following.models import Follow, Notice
from proeftuin.pilots.models import TeamMember
from tests.client import Client
from tests.following.scene import Scene


def told(database: Database, actor: Actor, *, kind: str = "") -> list[str]:
    with database.reading() as reading:
        query = select(Event.kind).join(Notice, Notice.event_id == Event.id).where(Notice.person_id == actor.id)
        return [each for each in reading.scalars(query.order_by(Event.id)) if each.startswith(kind)]


def follow(client: Client, actor: Actor, subject_id: int) -> None:
    assert client.as_(actor).post(f"/volgen/{subject_id}", {"follow": "1"}).status_code == 303


def unread(scene: Scene, actor: Actor) -> int:
    """Return what the bell counts, which is the same number as it is asked for with everyone at once."""
    with scene.database.reading() as reading:
        counts = dict(reading.execute(select(Person.id, queries.unread_of(Person.id))).all())
        assert counts[actor.id] == queries.count_unread(actor)
        return counts[actor.id]


def test_following_a_pilot_includes_its_pages_and_their_talk(client: Client, scene: Scene) -> None:
    follow(client, scene.cast.outsider, scene.pilot_id)
    page = scene.page()
    scene.ask(scene.cast.colleague, "Hoe dan?", subject_id=page)
    assert told(scene.database, scene.cast.outsider) == ["page:created", "comment:posted"]


def test_following_a_page_is_about_that_page_only(client: Client, scene: Scene) -> None:
    page, other = scene.page("Een"), scene.page("Twee")
    follow(client, scene.cast.outsider, page)
    scene.save(other, "Anders.")
    assert told(scene.database, scene.cast.outsider) == []
    scene.save(page, "Anders.")
    assert told(scene.database, scene.cast.outsider) == ["page:saved"]


def test_nobody_is_told_of_their_own_acts_or_of_small_changes(client: Client, scene: Scene) -> None:
    follow(client, scene.cast.outsider, scene.pilot_id)
    page = scene.page()
    scene.save(page, "Tikfout weg.", minor=True)
    assert told(scene.database, scene.cast.outsider) == ["page:created"]
    assert told(scene.database, scene.cast.lead, kind="page:") == []


def test_a_restricted_page_is_told_to_the_team_only(client: Client, scene: Scene) -> None:
    follow(client, scene.cast.outsider, scene.pilot_id)
    scene.page("Besloten", restricted=True)
    assert told(scene.database, scene.cast.outsider) == []
    assert told(scene.database, scene.cast.member, kind="page:") == ["page:created"]


def test_the_right_to_read_is_looked_at_when_the_notice_is_written(client: Client, scene: Scene) -> None:
    page = scene.page()
    follow(client, scene.cast.outsider, page)
    with scene.database.transaction() as writing:
        record(scene.cast.lead.id, "page:saved", page, object_id=2, summary="Nu geheim")
        writing.get_one(Subject, page).audience = Audience.TEAM
    jobs.run_due(scene.database)
    assert told(scene.database, scene.cast.outsider) == []


def test_a_notice_of_what_became_invisible_is_not_shown_and_not_counted(client: Client, scene: Scene) -> None:
    page = scene.page("Wordt besloten")
    follow(client, scene.cast.outsider, page)
    scene.save(page, "Anders.", summary="KANARIE")
    assert unread(scene, scene.cast.outsider) == 1
    with scene.database.transaction() as writing:
        writing.get_one(Subject, page).audience = Audience.TEAM
    assert unread(scene, scene.cast.outsider) == 0
    html = client.as_(scene.cast.outsider).get("/mijn/berichten").get_data(as_text=True)
    assert "KANARIE" not in html
    assert "Wordt besloten" not in html


def test_who_leaves_the_team_is_not_told_of_its_pages_any_more(client: Client, scene: Scene) -> None:
    page = scene.page("Besloten", restricted=True)
    counted = unread(scene, scene.cast.member)
    assert counted > 0
    with scene.database.transaction() as writing:
        for left in writing.scalars(select(TeamMember).where(TeamMember.person_id == scene.cast.member.id)):
            writing.delete(left)
    assert unread(scene, scene.cast.member) == counted - 1
    before = told(scene.database, scene.cast.member)
    scene.save(page, "Anders.", summary="KANARIE")
    assert told(scene.database, scene.cast.member) == before
    assert "Besloten" not in client.as_(scene.cast.member).get("/mijn/berichten").get_data(as_text=True)


def test_the_team_hears_questions_even_when_it_does_not_follow(scene: Scene) -> None:
    with scene.database.transaction() as writing:
        writing.execute(delete(Follow))
    scene.ask(scene.cast.colleague, "Hoe zit dat?")
    scene.ask(scene.cast.colleague, "Zomaar een opmerking.", question=False)
    assert told(scene.database, scene.cast.member, kind="comment:") == ["comment:posted"]
    assert told(scene.database, scene.cast.outsider) == []


def test_the_asker_hears_the_answer_and_the_writer_hears_the_reply(scene: Scene) -> None:
    thread = scene.ask(scene.cast.colleague, "Hoe zit dat?")
    reaction = scene.reply(scene.cast.outsider, thread, "Dat vraag ik me ook af.")
    scene.reply(scene.cast.council, thread, "Wij ook.", parent_id=reaction)
    scene.reply(scene.cast.lead, thread, "Zo zit het.", answers=True)
    assert told(scene.database, scene.cast.outsider) == ["comment:posted"]
    assert "question:answered" in told(scene.database, scene.cast.colleague)


def test_doing_a_job_twice_tells_once(client: Client, scene: Scene) -> None:
    follow(client, scene.cast.outsider, scene.pilot_id)
    scene.page()
    with scene.database.transaction():
        enqueue(notify.NOTIFY, event_id=scene.newest_event())
        enqueue(notify.NOTIFY, event_id=scene.newest_event())
        enqueue(notify.NOTIFY, event_id=999_999)
    jobs.run_due(scene.database)
    assert told(scene.database, scene.cast.outsider) == ["page:created"]


def test_somebody_blocked_or_gone_is_told_nothing(client: Client, scene: Scene) -> None:
    for actor in (scene.cast.outsider, scene.cast.council):
        follow(client, actor, scene.pilot_id)
    with scene.database.transaction() as writing:
        writing.get_one(Person, scene.cast.outsider.id).blocked_at = clock.now()
        writing.get_one(Person, scene.cast.council.id).ends_on = clock.day_of(clock.start_of(clock.today())).replace(
            year=2020
        )
    scene.page()
    assert told(scene.database, scene.cast.outsider) == told(scene.database, scene.cast.council) == []


def test_a_save_does_not_wait_for_its_followers(scene: Scene, statements: list[str]) -> None:
    page = scene.page()
    with scene.database.transaction() as writing:
        everyone = select(Person.id, literal(page), Person.created_at).where(
            Person.id.not_in(select(Follow.person_id).where(Follow.subject_id == page))
        )
        writing.execute(insert(Follow).from_select(["person_id", "subject_id", "since"], everyone))
    statements.clear()
    with scene.database.transaction():
        record(scene.cast.lead.id, "page:saved", page, object_id=2)
    assert not [s for s in statements if "notice" in s.lower()]
    statements.clear()
    jobs.run_due(scene.database)
    assert len([s for s in statements if s.startswith("INSERT INTO notice")]) == 1
    newest = scene.newest_event()
    with scene.database.reading() as reading:
        people = reading.scalar(select(func.count()).select_from(Person)) or 0
        notices = reading.scalar(select(func.count()).select_from(Notice).where(Notice.event_id == newest))
    assert notices == people - 1


def test_notices_are_grouped_by_subject_and_read_one_group_at_a_time(client: Client, scene: Scene) -> None:
    page, other = scene.page("De maatstaven"), scene.page("De planning")
    reader = client.as_(scene.cast.outsider)
    follow(client, scene.cast.outsider, page)
    follow(client, scene.cast.outsider, other)
    for n in range(4):
        scene.save(page, f"Versie {n}.", summary=f"ronde {n};")
    scene.save(other, "Anders.")
    html = reader.get("/mijn/berichten").get_data(as_text=True)
    assert html.index(">De planning</a>") < html.index(">De maatstaven</a>")
    assert re.search(r"4 wijzigingen in\s*<a [^>]*>De maatstaven</a>", html)
    assert "ronde 3;" in html
    assert "ronde 0;" not in html
    assert unread(scene, scene.cast.outsider) == 2
    answer = reader.post("/mijn/berichten", {"onderwerp": str(page), "tot": str(scene.newest_event())})
    assert (answer.status_code, answer.location) == (303, "/mijn/berichten")
    assert unread(scene, scene.cast.outsider) == 1
    reader.post("/mijn/berichten", {"tot": str(scene.newest_event())})
    assert unread(scene, scene.cast.outsider) == 0


def test_what_came_in_after_the_page_was_shown_stays_unread(client: Client, scene: Scene) -> None:
    page = scene.page()
    follow(client, scene.cast.outsider, page)
    scene.save(page, "Een.")
    shown = scene.newest_event()
    scene.save(page, "Twee.")
    client.as_(scene.cast.outsider).post("/mijn/berichten", {"tot": str(shown)})
    assert unread(scene, scene.cast.outsider) == 1


def test_reading_is_of_one_person_only(client: Client, scene: Scene) -> None:
    for actor in (scene.cast.outsider, scene.cast.council):
        follow(client, actor, scene.pilot_id)
    scene.page()
    client.as_(scene.cast.outsider).post("/mijn/berichten")
    assert unread(scene, scene.cast.council) == 1


def test_showing_notices_does_not_read_them(client: Client, scene: Scene) -> None:
    follow(client, scene.cast.outsider, scene.pilot_id)
    scene.page()
    client.as_(scene.cast.outsider).get("/mijn/berichten")
    assert unread(scene, scene.cast.outsider) == 1


def test_the_bell_counts_subjects_up_to_twenty_and_more(client: Client, scene: Scene) -> None:
    with scene.database.transaction():
        first = session().get_one(Subject, scene.pilot_id)
        for n in range(25):
            page = Subject(
                kind="page",
                title=f"Pagina {n}",
                path=f"{scene.path}/p{n}",
                audience=Audience.EVERYONE,
                circle_id=first.id,
                created_at=clock.now(),
            )
            session().add(page)
            session().flush()
            for _ in range(2):
                event = record(scene.cast.lead.id, "page:saved", page.id, object_id=2)
                session().add(
                    Notice(person_id=scene.cast.outsider.id, event_id=event.id, subject_id=page.id, is_read=False)
                )
    html = client.as_(scene.cast.outsider).get("/mijn/berichten").get_data(as_text=True)
    assert '<span class="count">20+</span>' in html
    with scene.database.transaction() as writing:
        writing.execute(update(Notice).values(is_read=True))
        own = select(Notice.id).where(Notice.person_id == scene.cast.outsider.id).order_by(Notice.id)
        kept = writing.scalars(own.limit(3)).all()
        writing.execute(update(Notice).where(Notice.id.in_(kept)).values(is_read=False))
    html = client.as_(scene.cast.outsider).get("/mijn/berichten").get_data(as_text=True)
    assert '<span class="count">2</span>' in html
