"""What waits too long is told once, at night, to whom it concerns, with the reason; and no longer than it is so."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.events import jobs
from proeftuin.events.models import Event, Job, Subject
from proeftuin.following import overdue, service
from proeftuin.following.models import Notice
from proeftuin.pilots import commitments
from proeftuin.pilots.models import Pilot, Promise, PromiseState
from proeftuin.talk import service as talk
from proeftuin.talk.models import Capacity, Thread
from tests.client import Client
from tests.following.scene import Scene

TODAY = clock.today()


def on(days: int, hour: int = 9) -> datetime:
    """Return a moment some days from today."""
    return clock.start_of(TODAY + timedelta(days=days)) + timedelta(hours=hour)


def promise(scene: Scene, due_in: int, *, owner: Actor | None = None, text: str = "De cijfers staan online.") -> int:
    with scene.database.transaction():
        pilot = session().get_one(Pilot, scene.pilot_id)
        made = commitments.make_promise(
            scene.cast.lead,
            pilot,
            text=text,
            owner_id=owner.id if owner else None,
            due_on=TODAY + timedelta(days=due_in),
        )
        return made.id


def settle(scene: Scene, number: int) -> None:
    with scene.database.transaction():
        pilot, row = session().get_one(Pilot, scene.pilot_id), session().get_one(Promise, number)
        commitments.settle_promise(scene.cast.lead, pilot, row, state=PromiseState.KEPT)


def follows(scene: Scene, actor: Actor) -> None:
    with scene.database.transaction():
        service.follow(actor, scene.pilot_id)


def night(scene: Scene, days: int) -> int:
    with clock.at(on(days, hour=0)), scene.database.transaction():
        return overdue.pass_time()


def told(scene: Scene, kind: str) -> list[Event]:
    with scene.database.reading() as reading:
        return list(reading.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))


def noticed(scene: Scene, event: Event, *, unread: bool = False) -> set[int]:
    query = select(Notice.person_id).where(Notice.event_id == event.id)
    with scene.database.reading() as reading:
        return set(reading.scalars(query.where(Notice.is_read.is_(False)) if unread else query))


def letters(scene: Scene) -> dict[str, str]:
    with scene.database.reading() as reading:
        waiting = reading.scalars(select(Job).where(Job.kind == "mail", Job.key == "")).all()
        return {job.payload["to"]: job.payload["text"] for job in waiting}


def tell(scene: Scene, *kinds: str) -> None:
    """Do the jobs of some kinds, and leave the letters where they can be read."""
    for kind in kinds:
        with scene.database.transaction() as work:
            batch = work.scalars(select(Job).where(Job.kind == kind)).all()
            jobs._handlers[kind](batch)
            for job in batch:
                work.delete(job)


# ---- promises


def test_a_promise_is_late_from_the_day_after_its_own_and_told_once(scene: Scene) -> None:
    number = promise(scene, 3)
    assert [night(scene, day) for day in (3, 4, 5, 6)] == [0, 1, 0, 0]
    event = told(scene, overdue.PROMISE)[0]
    assert (event.object_id, event.actor_id, event.subject_id) == (number, None, scene.pilot_id)
    assert event.data["on"] == (TODAY + timedelta(days=4)).isoformat()
    assert event.summary == "De cijfers staan online."


def test_missed_nights_are_caught_up_in_the_order_of_their_days(scene: Scene) -> None:
    later, sooner = promise(scene, 9, text="Later"), promise(scene, 2, text="Eerder")
    assert night(scene, 30) == 2
    events = told(scene, overdue.PROMISE)
    assert [event.object_id for event in events] == [sooner, later]
    assert [date.fromisoformat(event.data["on"]) - TODAY for event in events] == [
        timedelta(days=3),
        timedelta(days=10),
    ]


def test_the_owner_and_followers_hear_of_a_late_promise_and_why(scene: Scene, client: Client) -> None:
    promise(scene, 1, owner=scene.cast.member)
    follows(scene, scene.cast.outsider)
    night(scene, 2)
    with clock.at(on(2)):
        tell(scene, "following.notify", overdue.MAIL)
    event = told(scene, overdue.PROMISE)[0]
    assert noticed(scene, event) == {scene.cast.member.id, scene.cast.outsider.id, scene.cast.lead.id}
    sent = letters(scene)
    assert "omdat jij voor deze belofte zorgt" in sent["bilal.aksoy@oeverbrug.example"]
    assert "omdat je deze proeftuin volgt" in sent["onur.demir@oeverbrug.example"]
    assert f"{scene.path}/beloften" in sent["onur.demir@oeverbrug.example"]
    assert "De cijfers staan online." in sent["onur.demir@oeverbrug.example"]
    page = client.as_(scene.cast.outsider).get("/mijn/berichten").text
    assert "Een belofte is te laat bij" in page
    assert "Je krijgt dit omdat je deze proeftuin volgt" in page


def test_without_an_owner_the_lead_hears_of_it(scene: Scene) -> None:
    promise(scene, 1)
    with scene.database.transaction():
        service.unfollow(scene.cast.lead, scene.pilot_id)
        service.unfollow(scene.cast.member, scene.pilot_id)
    night(scene, 2)
    with clock.at(on(2)):
        tell(scene, "following.notify", overdue.MAIL)
    assert noticed(scene, told(scene, overdue.PROMISE)[0]) == {scene.cast.lead.id}
    assert "omdat je trekker bent" in letters(scene)["willemijn.smit@oeverbrug.example"]


def test_a_kept_promise_asks_for_no_attention_any_more(scene: Scene) -> None:
    number = promise(scene, 1)
    night(scene, 2)
    with clock.at(on(2)):
        tell(scene, "following.notify")
        event = told(scene, overdue.PROMISE)[0]
        assert noticed(scene, event, unread=True)
        settle(scene, number)
        assert noticed(scene, event, unread=True) == set()
        tell(scene, overdue.MAIL)
    assert letters(scene) == {}, "no letter goes out about what was settled in the meantime"


def test_a_promise_that_was_kept_before_the_telling_is_not_told(scene: Scene) -> None:
    number = promise(scene, 1)
    night(scene, 2)
    with clock.at(on(2)):
        settle(scene, number)
        tell(scene, "following.notify", overdue.MAIL)
    assert noticed(scene, told(scene, overdue.PROMISE)[0]) == set()


def test_a_new_day_for_a_promise_is_a_new_case(scene: Scene) -> None:
    number = promise(scene, 1)
    night(scene, 2)
    with clock.at(on(2)), scene.database.transaction():
        pilot, row = session().get_one(Pilot, scene.pilot_id), session().get_one(Promise, number)
        later = TODAY + timedelta(days=5)
        commitments.change_promise(scene.cast.lead, pilot, row, text=row.text, owner_id=None, due_on=later)
    assert [night(scene, day) for day in (3, 5, 6, 7)] == [0, 0, 1, 0]


# ---- questions


def test_a_question_of_somebody_outside_is_told_to_the_team_after_fourteen_days(scene: Scene, client: Client) -> None:
    scene.ask(scene.cast.outsider, "Wanneer begint het?", title="Het begin")
    follows(scene, scene.cast.colleague)
    assert [night(scene, day) for day in (13, 14, 15)] == [0, 1, 0]
    with clock.at(on(14)):
        tell(scene, "following.notify")
    event = told(scene, overdue.QUESTION)[0]
    assert noticed(scene, event) == {scene.cast.lead.id, scene.cast.member.id}
    assert not [job for job in letters(scene).values() if "Het begin" in job]
    page = client.as_(scene.cast.member).get("/mijn/berichten").text
    assert "Een vraag wacht al 14 dagen op antwoord" in page
    assert "Je krijgt dit omdat je in het proeftuinteam zit." in page
    assert "(klein)" not in page
    assert "wacht al 14 dagen" not in client.as_(scene.cast.colleague).get("/wijzigingen").text


def test_a_question_under_an_alias_counts_and_one_of_the_team_does_not(scene: Scene) -> None:
    scene.ask(scene.cast.member, "Wat spraken wij af?")
    with scene.database.transaction():
        talk.post_alias(
            session().get_one(Subject, scene.pilot_id),
            "Wulp",
            text="Waar zijn de cijfers?",
            capacity=Capacity.NON_PARTICIPANT,
            is_question=True,
        )
    assert night(scene, 20) == 1


def test_an_answer_ends_it_and_asking_again_begins_anew(scene: Scene) -> None:
    thread = scene.ask(scene.cast.outsider, "Wanneer begint het?")
    night(scene, 14)
    with clock.at(on(14)):
        tell(scene, "following.notify")
        event = told(scene, overdue.QUESTION)[0]
        assert noticed(scene, event, unread=True)
        scene.reply(scene.cast.lead, thread, "Op 1 maart.", answers=True)
    assert noticed(scene, event, unread=True) == set()
    assert night(scene, 40) == 0
    with clock.at(on(41)), scene.database.transaction():
        asker = scene.cast.outsider
        allowed = [Capacity.NON_PARTICIPANT]
        row = session().get_one(Thread, thread)
        talk.reopen(asker, row, text="Van welk jaar?", capacity=allowed[0], allowed=allowed)
    assert [night(scene, day) for day in (54, 55, 56)] == [0, 1, 0]


def test_the_job_of_the_night_puts_the_next_one_aside(scene: Scene) -> None:
    promise(scene, 1)
    with scene.database.transaction() as work:
        work.query(Job).filter(Job.kind != overdue.NIGHT).delete()
    with clock.at(on(2, hour=1)):
        jobs.run_due(scene.database)
    assert len(told(scene, overdue.PROMISE)) == 1
    with scene.database.reading() as reading:
        waiting = reading.scalars(select(Job).where(Job.kind == overdue.NIGHT)).all()
    assert [job.due_at for job in waiting] == [clock.start_of(TODAY + timedelta(days=3))]
