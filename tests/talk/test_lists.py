"""Lists of threads, one thread and lines elsewhere: order, two levels, the ends of long threads, few statements."""

from __future__ import annotations

from datetime import timedelta

import pytest

from proeftuin import clock
from proeftuin.errors import NotFound
from proeftuin.pilots.policy import visible_subjects
from proeftuin.talk import queries
from proeftuin.talk.models import Capacity
from proeftuin.talk.reading import Post, nest
from tests.talk.scene import Scene, at


def post(number: int, parent: int | None = None) -> Post:
    """Return a comment as `nest` gets it."""
    return Post(
        id=number,
        thread_id=1,
        parent_id=parent,
        author_id=1,
        name="Onur",
        capacity=Capacity.EMPLOYEE,
        party_id=None,
        marks=(),
        at=at(1),
        html="",  # type: ignore[arg-type]
        versions=1,
        edited_at=None,
        is_answer=False,
        deleted_at=None,
        parent_name="Onur",
    )


def shape(tops: list[Post]) -> list[tuple[int, list[int]]]:
    return [(top.id, [reply.id for reply in top.replies]) for top in tops]


def test_replies_lie_under_the_top_of_their_chain() -> None:
    tops = nest([post(1), post(2, 1), post(3), post(4, 2), post(5, 3), post(6, 1)])
    assert shape(tops) == [(1, [2, 4, 6]), (3, [5])]
    assert [reply.says_whom for reply in tops[0].replies] == [False, True, False]


def test_a_thousand_replies_deep_are_two_levels() -> None:
    tops = nest([post(1), *(post(number, number - 1) for number in range(2, 1002))])
    assert shape(tops) == [(1, list(range(2, 1002)))]
    assert not any(reply.replies for reply in tops[0].replies)


def test_a_circle_of_replies_loses_nobody() -> None:
    tops = nest([post(1, 3), post(2, 1), post(3, 2), post(4, 4)])
    assert shape(tops) == [(1, [2, 3]), (4, [])]


def test_a_reply_to_what_stands_on_another_page_says_whom_it_answers() -> None:
    tops = nest([post(8, 2), post(9, 8)])
    assert shape(tops) == [(8, [9])]
    assert tops[0].says_whom


def test_threads_with_the_newest_activity_stand_first(scene: Scene) -> None:
    threads = []
    for day, text in enumerate(("Eén", "Twee", "Drie"), start=1):
        with clock.at(at(day)):
            threads.append(scene.ask(scene.cast.outsider, text)[0])
    with clock.at(at(9)):
        scene.reply(scene.cast.lead, threads[0])
    with scene.database.reading():
        assert [row.title for row in queries.list_threads([scene.pilot_id]).rows] == ["Eén", "Drie", "Twee"]


def test_a_list_has_pages_and_a_filter(scene: Scene) -> None:
    for number in range(5):
        scene.ask(scene.cast.outsider, f"Vraag {number}", question=number % 2 == 0)
    with scene.database.reading():
        first, last = (queries.list_threads([scene.pilot_id], n, per_page=2) for n in (1, 3))
        assert ([row.title for row in first.rows], first.total, len(last.rows)) == (["Vraag 4", "Vraag 3"], 5, 1)
        only_open = queries.list_threads([scene.pilot_id], only_open=True)
        assert [row.title for row in only_open.rows] == ["Vraag 4", "Vraag 2", "Vraag 0"]
        with pytest.raises(NotFound):
            queries.list_threads([scene.pilot_id], 4, per_page=2)


def test_a_list_brings_the_ends_of_a_long_thread_and_the_answer(scene: Scene) -> None:
    with clock.at(at(1)):
        thread, _ = scene.ask(scene.cast.outsider, "Begin")
        scene.reply(scene.cast.lead, thread, "Het antwoord", answers=True)
    for number in range(10):
        with clock.at(at(2) + timedelta(minutes=number)):
            scene.reply(scene.cast.colleague, thread, f"Nog iets {number}")
    with scene.database.reading():
        shown = queries.list_threads([scene.pilot_id]).rows[0]
    assert [one.excerpt for one in shown.posts] == ["Begin", *(f"Nog iets {number}" for number in range(6, 10))]
    assert (shown.hidden, shown.comments) == (7, 12)
    assert shown.answer is not None
    assert shown.answer.excerpt == "Het antwoord"


def test_a_list_costs_the_same_statements_however_long(scene: Scene, statements: list[str]) -> None:
    def cost() -> int:
        statements.clear()
        with scene.database.reading():
            queries.list_threads([scene.pilot_id, scene.page_id])
        return len(statements)

    scene.ask(scene.cast.outsider)
    before = cost()
    for number in range(6):
        thread, first = scene.ask(scene.cast.colleague, f"Vraag {number}", about=scene.page_id)
        scene.reply(scene.cast.lead, thread, to=first, answers=True)
    assert cost() == before == 3


def test_a_thread_has_pages_and_every_comment_knows_its_own(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "COMMENTS_PER_PAGE", 3)
    thread, first = scene.ask(scene.cast.outsider)
    replies = [scene.reply(scene.cast.lead, thread, f"Antwoord {number}", to=first) for number in range(5)]
    with scene.database.reading():
        row, subject = queries.get_thread(thread, visible_subjects(scene.cast.outsider))
        pages = [queries.read_thread(row, subject, number)[1] for number in (1, 2)]
        assert [[one.id for one in page.rows] for page in pages] == [[first, *replies[:2]], replies[2:]]
        assert [queries.page_of(comment) for comment in scene.comments(thread)] == [1, 1, 1, 2, 2, 2]
        with pytest.raises(NotFound):
            queries.read_thread(row, subject, 3)


def test_what_hangs_under_a_hidden_page_is_not_found(scene: Scene) -> None:
    thread, comment = scene.ask(scene.cast.lead, "Alleen wij", about=scene.restricted_id)
    for name, person in scene.cast.everyone().items():
        visible = visible_subjects(person)
        with scene.database.reading():
            if name in ("lead", "member"):
                assert queries.get_thread(thread, visible)[0].id == thread
                continue
            with pytest.raises(NotFound):
                queries.get_thread(thread, visible)
            with pytest.raises(NotFound):
                queries.get_comment(comment, visible)
            with pytest.raises(NotFound):
                queries.get_subject(scene.restricted_id, visible)


def test_of_a_deleted_comment_no_list_gives_a_word(scene: Scene) -> None:
    thread, first = scene.ask(scene.cast.outsider, "Geheim woord")
    reply = scene.reply(scene.cast.lead, thread, "Geheim antwoord", to=first)
    scene.reply(scene.cast.colleague, thread, "Aha.", to=reply)
    scene.delete(scene.cast.lead, reply)
    with scene.database.reading():
        shown = queries.list_threads([scene.pilot_id]).rows[0]
        tombstone, after = shown.posts[0].replies
        assert (tombstone.html, tombstone.excerpt, tombstone.deleted_at is not None) == ("", "", True)
        assert (after.says_whom, after.parent_name) == (True, "")
        assert "Geheim antwoord" not in {line.text for line in queries.recent_comments([scene.pilot_id])}
        assert queries.count_comments([scene.pilot_id, scene.page_id]) == {scene.pilot_id: 2}


def test_recent_comments_are_lines(scene: Scene) -> None:
    with clock.at(at(1)):
        thread, _ = scene.ask(scene.cast.outsider, "Een **lange** vraag. " * 20, about=scene.page_id)
    with clock.at(at(2)):
        scene.reply(scene.cast.union, thread, "Wij ook.")
    with scene.database.reading():
        newest, older = queries.recent_comments([scene.page_id])
    assert (newest.text, newest.name, newest.marks) == (
        "Wij ook.",
        "Karin Oosterveld",
        (("named", "namens Vakbond De Schakel"),),
    )
    assert older.text.startswith("Een lange vraag.")
    assert older.text.endswith("…")
    assert len(older.text) <= 141


def test_recent_questions_are_the_newest_with_what_was_asked(scene: Scene) -> None:
    for day in (1, 2, 3):
        with clock.at(at(day)):
            thread, first = scene.ask(scene.cast.outsider, f"Vraag {day}")
            scene.reply(scene.cast.lead, thread, "Antwoord", to=first, answers=day == 2)
    scene.ask(scene.cast.outsider, "Geen vraag", question=False)
    with scene.database.reading():
        found = queries.recent_questions([scene.pilot_id])
    assert [(row.title, row.is_answered, [p.excerpt for p in row.posts]) for row in found] == [
        ("Vraag 3", False, ["Vraag 3"]),
        ("Vraag 2", True, ["Vraag 2"]),
    ]


def test_nothing_to_ask_for_gives_nothing(scene: Scene) -> None:
    with scene.database.reading():
        assert queries.list_threads([]).rows == []
        assert queries.open_questions([]) == {}
        assert queries.count_comments([]) == {}
        assert queries.open_questions_of_pilots([], visible_subjects(scene.cast.lead)) == {}
