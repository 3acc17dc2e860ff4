"""A question is asked, answered by the team and asked again by the asker; its age is counted in days of Amsterdam."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from proeftuin import clock
from proeftuin.db import session
from proeftuin.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from proeftuin.pilots.policy import visible_subjects
from proeftuin.talk import queries, service
from proeftuin.talk.models import Capacity, Comment, Thread, ThreadState
from proeftuin.talk.reading import ThreadView
from tests.talk.scene import Scene, at


def view(scene: Scene, thread: int, about: int | None = None) -> ThreadView:
    """Return a thread as a list shows it."""
    with scene.database.reading():
        page = queries.list_threads([about or scene.pilot_id])
    return next(row for row in page.rows if row.id == thread)


def test_a_question_is_open_until_the_team_answers(scene: Scene) -> None:
    with clock.at(at(5)):
        thread, first = scene.ask(scene.cast.outsider)
    asked = scene.thread(thread)
    assert (asked.state, asked.asker_id, asked.opened_at) == (ThreadState.OPEN, scene.cast.outsider.id, at(5))
    with clock.at(at(6)):
        answer = scene.reply(scene.cast.lead, thread, to=first, answers=True)
    answered = scene.thread(thread)
    assert (answered.state, answered.answered_at) == (ThreadState.ANSWERED, at(6))
    assert scene.comment(answer).is_answer
    shown = view(scene, thread)
    assert shown.answer is not None
    assert (shown.answer.id, shown.days_to_answer) == (answer, 1)


def test_a_comment_of_the_team_can_become_the_answer_afterwards(scene: Scene) -> None:
    thread, _ = scene.ask(scene.cast.outsider)
    comment = scene.reply(scene.cast.member, thread)
    assert scene.thread(thread).state is ThreadState.OPEN
    scene.answer(scene.cast.lead, comment)
    scene.answer(scene.cast.lead, comment)
    assert scene.thread(thread).state is ThreadState.ANSWERED
    assert [event.object_id for event in scene.events("question:answered")] == [comment]


def test_only_the_team_answers(scene: Scene) -> None:
    thread, _ = scene.ask(scene.cast.outsider)
    of_team = scene.reply(scene.cast.lead, thread)
    for name in ("outsider", "colleague", "council", "union", "hr", "admin"):
        person = scene.cast.everyone()[name]
        with pytest.raises(Invalid) as refusal:
            scene.reply(person, thread, f"{name} vindt van wel.", answers=True)
        assert set(refusal.value.fields) == {"is_answer"}
        with pytest.raises(NotAllowed):
            scene.answer(person, of_team)
    assert scene.thread(thread).state is ThreadState.OPEN


def test_only_what_the_team_wrote_can_be_the_answer(scene: Scene) -> None:
    thread, _ = scene.ask(scene.cast.outsider)
    by_another = scene.reply(scene.cast.colleague, thread, "Volgens mij zit het zo.")
    with pytest.raises(NotAllowed):
        scene.answer(scene.cast.lead, by_another)
    deleted = scene.reply(scene.cast.lead, thread, "Weg ermee.")
    scene.delete(scene.cast.lead, deleted)
    with pytest.raises(Gone):
        scene.answer(scene.cast.lead, deleted)
    other, _ = scene.ask(scene.cast.colleague, "Een andere vraag")
    elsewhere = scene.reply(scene.cast.lead, other, "Daarom.")
    with pytest.raises(NotFound), scene.database.transaction():
        service.answer(
            scene.cast.lead,
            session().get_one(Thread, thread),
            session().get_one(Comment, elsewhere),
            allowed=[Capacity.TEAM],
        )


def test_a_conversation_without_a_question_has_no_answer(scene: Scene) -> None:
    thread, _ = scene.ask(scene.cast.outsider, "Mooi plan.", question=False)
    with pytest.raises(Invalid):
        scene.reply(scene.cast.lead, thread, "Dank.", answers=True)
    comment = scene.reply(scene.cast.lead, thread, "Dank!")
    with pytest.raises(Conflict):
        scene.answer(scene.cast.lead, comment)
    assert [len(scene.comments(thread)), scene.thread(thread).asker_id] == [2, None]


def test_a_second_answer_is_refused_and_says_so(scene: Scene) -> None:
    thread, _ = scene.ask(scene.cast.outsider)
    scene.reply(scene.cast.lead, thread, answers=True)
    with pytest.raises(Invalid) as refusal:
        scene.reply(scene.cast.member, thread, "En nog dit.", answers=True)
    assert set(refusal.value.fields) == {"is_answer"}


def test_the_asker_asks_again_and_the_age_starts_anew(scene: Scene) -> None:
    with clock.at(at(5)):
        thread, _ = scene.ask(scene.cast.outsider)
    with clock.at(at(6)):
        first = scene.reply(scene.cast.lead, thread, answers=True)
    with clock.at(at(10)):
        reason = scene.reopen(scene.cast.outsider, thread)
        assert scene.reopen(scene.cast.outsider, thread) == reason
    again = scene.thread(thread)
    assert (again.state, again.opened_at, again.answered_at) == (ThreadState.OPEN, at(10), None)
    assert (scene.comment(reason).parent_id, again.comments) == (None, 3)
    assert view(scene, thread).days_open(date(2026, 3, 12)) == 2
    assert view(scene, thread).answer is None
    with clock.at(at(13)):
        second = scene.reply(scene.cast.lead, thread, "Nu wel goed.", answers=True)
    assert [scene.comment(number).is_answer for number in (first, second)] == [False, True]
    assert view(scene, thread).days_to_answer == 3


def test_nobody_else_asks_again(scene: Scene) -> None:
    thread, _ = scene.ask(scene.cast.outsider)
    scene.reply(scene.cast.lead, thread, answers=True)
    for name in ("lead", "member", "colleague", "council", "hr", "admin"):
        with pytest.raises(NotAllowed):
            scene.reopen(scene.cast.everyone()[name], thread)
    assert scene.thread(thread).state is ThreadState.ANSWERED


def test_an_open_question_is_not_asked_again(scene: Scene) -> None:
    thread, _ = scene.ask(scene.cast.outsider)
    with pytest.raises(Conflict):
        scene.reopen(scene.cast.outsider, thread)
    with pytest.raises(Invalid):
        scene.reopen(scene.cast.outsider, thread, "  ")


def test_taking_the_question_back_ends_the_waiting(scene: Scene) -> None:
    thread, first = scene.ask(scene.cast.outsider)
    scene.reply(scene.cast.colleague, thread, "Goede vraag.")
    scene.delete(scene.cast.outsider, first)
    assert scene.thread(thread).state is ThreadState.TALK
    with scene.database.reading():
        assert queries.open_questions([scene.pilot_id]) == {}


def test_taking_the_answer_back_lets_the_question_wait_since_it_was_asked(scene: Scene) -> None:
    with clock.at(at(5)):
        thread, _ = scene.ask(scene.cast.outsider)
    with clock.at(at(6)):
        answer = scene.reply(scene.cast.lead, thread, answers=True)
    with clock.at(at(8)):
        scene.delete(scene.cast.lead, answer)
    stored = scene.thread(thread)
    assert (stored.state, stored.opened_at, stored.answered_at) == (ThreadState.OPEN, at(5), None)
    assert [event.kind for event in scene.events()][-2:] == ["comment:deleted", "question:reopened"]


@pytest.mark.parametrize(
    ("asked", "today", "days"),
    [
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), date(2026, 3, 29), 1),  # 23.59, the night the clock goes forward
        (datetime(2026, 3, 28, 23, 1, tzinfo=UTC), date(2026, 3, 29), 0),  # 0.01 on the 29th
        (datetime(2026, 10, 24, 22, 1, tzinfo=UTC), date(2026, 10, 26), 1),  # 0.01 on the 25th, a day of 25 hours
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2027, 1, 1), 0),  # the new year began in Amsterdam
    ],
)
def test_an_age_is_counted_in_days_of_amsterdam(scene: Scene, asked: datetime, today: date, days: int) -> None:
    with clock.at(asked):
        thread, _ = scene.ask(scene.cast.outsider)
    assert view(scene, thread).days_open(today) == days
    with scene.database.reading():
        assert queries.open_questions([scene.pilot_id])[scene.pilot_id].days(today) == days


def test_open_questions_are_counted_where_the_reader_may_look(scene: Scene) -> None:
    with clock.at(at(1)):
        scene.ask(scene.cast.lead, "Besloten vraag", about=scene.restricted_id)
    with clock.at(at(2)):
        scene.ask(scene.cast.outsider, about=scene.page_id)
    with clock.at(at(3)):
        scene.ask(scene.cast.outsider)
        answered, _ = scene.ask(scene.cast.colleague, "Al klaar?")
        scene.reply(scene.cast.lead, answered, "Ja.", answers=True)
    with scene.database.reading():
        for person, count, oldest in ((scene.cast.lead, 3, 1), (scene.cast.outsider, 2, 2)):
            found = queries.open_questions_of_pilots([scene.pilot_id], visible_subjects(person))[scene.pilot_id]
            assert (found.count, found.oldest) == (count, date(2026, 3, oldest))
        right_under = queries.open_questions([scene.pilot_id, scene.page_id])
    assert {number: found.count for number, found in right_under.items()} == {scene.pilot_id: 1, scene.page_id: 1}


def test_what_waits_longest_stands_first_and_hidden_questions_nowhere(scene: Scene) -> None:
    with clock.at(at(1)):
        scene.ask(scene.cast.lead, "Besloten vraag", about=scene.restricted_id)
    with clock.at(at(2)):
        scene.ask(scene.cast.outsider, "Tweede", about=scene.page_id)
    with clock.at(at(3)):
        scene.ask(scene.cast.outsider, "Derde")
    with scene.database.reading():
        for_all = queries.waiting_questions(visible_subjects(scene.cast.outsider), limit=5)
        for_team = queries.waiting_questions(visible_subjects(scene.cast.lead), limit=2)
    assert [(w.title, w.place, w.days(date(2026, 3, 4))) for w in for_all] == [
        ("Tweede", "Het team verdeelt de helft", 2),
        ("Derde", "Het team verdeelt de helft", 1),
    ]
    assert [w.title for w in for_team] == ["Besloten vraag", "Tweede"]
