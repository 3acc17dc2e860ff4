"""Several people, or one with a quick finger, at the same moment: every comment counted, none posted twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from proeftuin.accounts.actor import Actor
from proeftuin.db import Database, session
from proeftuin.events.models import Audience, Subject, SubjectKind
from proeftuin.events.service import create_subject
from proeftuin.talk import service
from proeftuin.talk.models import Capacity, Thread
from tests.cast import Cast
from tests.talk.scene import Scene


@pytest.fixture(params=["sqlite", "postgresql"])
def separate(request: pytest.FixtureRequest, own_url: Callable[[str], str]) -> Iterator[Database]:
    """Give a database of its own, in which transactions really end."""
    database = Database(own_url(request.param))
    yield database
    database.close()


@pytest.fixture
def place(separate: Database) -> Scene:
    """Give the cast and a subject to talk about, in the separate database."""
    with separate.transaction():
        cast = Cast.create()
        subject = create_subject(
            SubjectKind.PILOT, title="Groen reisbudget", path="/proeftuinen/groen", audience=Audience.EVERYONE
        )
        return Scene(separate, cast, subject.id, "groen", 0, "", 0, "")


def together(*acts: Callable[[], None]) -> None:
    """Let acts begin at the same moment, each in its own thread, and pass on what went wrong."""
    barrier, problems = threading.Barrier(len(acts)), []

    def run(act: Callable[[], None]) -> None:
        barrier.wait()
        try:
            act()
        except Exception as problem:  # whatever it was, the test has to see it
            problems.append(problem)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def start(place: Scene, actor: Actor, words: str) -> int:
    with place.database.transaction():
        subject = session().get_one(Subject, place.pilot_id)
        capacity = Capacity.EMPLOYEE
        return service.start_thread(actor, subject, title="", text=words, capacity=capacity, allowed=[capacity]).id


def reply(place: Scene, actor: Actor, thread_id: int, words: str) -> None:
    with place.database.transaction():
        thread, capacity = session().get_one(Thread, thread_id), Capacity.EMPLOYEE
        service.reply(actor, thread, text=words, capacity=capacity, allowed=[capacity])


def test_comments_at_the_same_moment_are_all_counted(place: Scene) -> None:
    for number in range(5):
        thread = start(place, place.cast.lead, f"Vraag {number}")
        people = place.cast.everyone().values()
        together(*[partial(reply, place, person, thread, "Ik eerst.") for person in people])
        stored, comments = place.thread(thread), place.comments(thread)
        assert stored.comments == len(comments) == 9
        assert stored.last_at == max(comment.created_at for comment in comments)


def test_two_clicks_at_the_same_moment_are_one_comment(place: Scene) -> None:
    thread = start(place, place.cast.lead, "Wat vinden jullie?")
    together(*[lambda: reply(place, place.cast.hr, thread, "Mooi.")] * 4)
    assert place.thread(thread).comments == len(place.comments(thread)) == 2


def test_two_clicks_at_the_same_moment_are_one_thread(place: Scene) -> None:
    started: list[int] = []
    together(*[lambda: started.append(start(place, place.cast.hr, "Een vraag"))] * 4)
    assert len(started) == 4
    assert len(set(started)) == 1
