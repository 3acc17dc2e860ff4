"""Saying, changing and taking away: every version is kept, a tombstone stays, and a second click does nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from proeftuin import clock
from proeftuin.db import session
from proeftuin.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from proeftuin.events.models import Job, Subject
from proeftuin.talk import queries, service
from proeftuin.talk.models import Capacity, Comment, Thread
from tests.talk.scene import Scene, at


def test_a_thread_without_a_title_gets_the_first_words(scene: Scene) -> None:
    text = (
        "Ik doe **niet** mee omdat ik om [vier uur](https://example.org) mijn kinderen haal, "
        "en dat blijft voorlopig zo."
    )
    thread, _ = scene.ask(scene.cast.outsider, text)
    title = scene.thread(thread).title
    assert title == "Ik doe niet mee omdat ik om vier uur mijn kinderen haal, en dat blijft voorlopig…"
    assert len(title) <= 82


def test_a_long_word_makes_a_title_too(scene: Scene) -> None:
    thread, _ = scene.ask(scene.cast.outsider, "Arbeidsvoorwaarden" * 30)
    assert 20 < len(scene.thread(thread).title) <= 81


@pytest.mark.parametrize("text", ["---", "![](/x.png)", "<!-- niets -->"])
def test_a_text_without_words_still_makes_a_thread(scene: Scene, text: str) -> None:
    thread, _ = scene.ask(scene.cast.outsider, text)
    assert scene.thread(thread).title


@pytest.mark.parametrize("text", ["", "  \r\n \t ", "\u200b", "\x00"])
def test_an_empty_text_is_refused(scene: Scene, text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        scene.ask(scene.cast.outsider, text)
    assert set(refusal.value.fields) == {"text"}
    assert scene.events() == []


def test_the_longest_text_and_title_fit_and_one_more_does_not(scene: Scene) -> None:
    scene.ask(scene.cast.outsider, "a" * 20_000, title="b" * 150)
    with pytest.raises(Invalid) as refusal:
        scene.ask(scene.cast.outsider, "a" * 20_001, title="b" * 151)
    assert set(refusal.value.fields) == {"text", "title"}


def test_line_ends_of_a_browser_do_not_count_twice(scene: Scene) -> None:
    _, comment = scene.ask(scene.cast.outsider, "a\r\n" * 9_999 + "bc")
    assert scene.texts(comment) == ["a\n" * 9_999 + "bc"]


def test_characters_that_no_text_needs_are_left_out(scene: Scene) -> None:
    _, comment = scene.ask(scene.cast.outsider, "Goed\x00 \u202eplan\u202c\ud800", title="Een\u202e plan")
    assert scene.texts(comment) == ["Goed plan"]
    assert scene.thread(scene.comment(comment).thread_id).title == "Een plan"


def test_a_text_is_rendered_and_cleaned(scene: Scene) -> None:
    _, comment = scene.ask(
        scene.cast.outsider, "## Kop\n\n**Vet** <script>alert(1)</script> [x](javascript:alert(1))"
    )
    html = scene.comment(comment).html
    assert "<strong>Vet</strong>" in html
    assert f'id="r{comment}-kop-' in html
    assert "<script" not in html
    assert "javascript:" not in html.replace("javascript:alert(1))", "")


@pytest.mark.parametrize(
    ("typed", "href"),
    [
        ("[[De maatstaven]]", "/proeftuinen/het-team-verdeelt-de-helft/de-maatstaven"),
        ("[[bestaat niet]]", "/proeftuinen/het-team-verdeelt-de-helft/bestaat-niet"),
        ("[[groen-reisbudget:Negen maanden]]", "/proeftuinen/groen-reisbudget/negen-maanden"),
        ("[[site:Begrippen]]", "/wiki/begrippen"),
    ],
)
def test_a_wiki_link_leads_somewhere_without_being_looked_up(scene: Scene, typed: str, href: str) -> None:
    for about in (scene.pilot_id, scene.page_id):
        _, comment = scene.ask(scene.cast.outsider, f"Zie {typed}.", about=about)
        assert f'href="{href}"' in scene.comment(comment).html
        assert "missing" not in scene.comment(comment).html


def test_a_second_click_posts_nothing(scene: Scene) -> None:
    with clock.at(at(1)):
        thread, first = scene.ask(scene.cast.outsider)
        answer = scene.reply(scene.cast.lead, thread, to=first)
    with clock.at(at(1) + timedelta(seconds=59)):
        assert scene.ask(scene.cast.outsider) == (thread, first)
        assert scene.reply(scene.cast.lead, thread, to=first) == answer
    assert scene.thread(thread).comments == 2
    assert [event.kind for event in scene.events()] == ["comment:posted"] * 2


def test_the_same_words_later_elsewhere_or_by_another_are_said_again(scene: Scene) -> None:
    with clock.at(at(1)):
        thread, first = scene.ask(scene.cast.outsider)
        scene.reply(scene.cast.outsider, thread, "Eens.", to=first)
        scene.reply(scene.cast.outsider, thread, "Eens.")
        scene.reply(scene.cast.colleague, thread, "Eens.")
        scene.ask(scene.cast.outsider, about=scene.page_id)
    with clock.at(at(1) + timedelta(seconds=61)):
        scene.reply(scene.cast.outsider, thread, "Eens.")
    assert scene.thread(thread).comments == 5


def test_a_deleted_text_can_be_posted_again_at_once(scene: Scene) -> None:
    with clock.at(at(1)):
        thread, _ = scene.ask(scene.cast.outsider)
        first = scene.reply(scene.cast.lead, thread)
        scene.delete(scene.cast.lead, first)
        assert scene.reply(scene.cast.lead, thread) != first


def test_a_reply_to_a_comment_of_another_thread_is_refused(scene: Scene) -> None:
    _, elsewhere = scene.ask(scene.cast.outsider)
    thread, _ = scene.ask(scene.cast.colleague, "Iets anders")
    with pytest.raises(NotFound):
        scene.reply(scene.cast.lead, thread, to=elsewhere)
    with pytest.raises(NotFound):
        scene.reply(scene.cast.lead, thread, to=999_999)


def test_counters_follow_what_is_said_and_taken_away(scene: Scene) -> None:
    with clock.at(at(1)):
        thread, _ = scene.ask(scene.cast.outsider)
    with clock.at(at(2)):
        reply = scene.reply(scene.cast.lead, thread)
    stored = scene.thread(thread)
    assert (stored.comments, stored.created_at, stored.last_at) == (2, at(1), at(2))
    with clock.at(at(3)):
        scene.edit(scene.cast.lead, reply, "Beter gezegd.")
        scene.delete(scene.cast.lead, reply)
    stored = scene.thread(thread)
    assert (stored.comments, stored.last_at) == (1, at(2))


def test_changing_keeps_every_version(scene: Scene) -> None:
    with clock.at(at(1)):
        _, comment = scene.ask(scene.cast.outsider, "Eén")
    with clock.at(at(2)):
        scene.edit(scene.cast.outsider, comment, "Twee")
    with clock.at(at(3)):
        scene.edit(scene.cast.outsider, comment, "Drie", base=2)
    stored = scene.comment(comment)
    assert scene.texts(comment) == ["Eén", "Twee", "Drie"]
    assert (stored.versions, stored.created_at, stored.edited_at) == (3, at(1), at(3))
    assert "Drie" in stored.html
    with scene.database.reading():
        moments = [version.created_at for version in queries.list_versions(stored).rows]
    assert moments == [at(3), at(2), at(1)]


def test_the_same_text_makes_no_version(scene: Scene) -> None:
    _, comment = scene.ask(scene.cast.outsider, "Eén")
    scene.edit(scene.cast.outsider, comment, "Eén\r\n")
    assert (scene.comment(comment).versions, scene.comment(comment).edited_at) == (1, None)
    assert [event.kind for event in scene.events()] == ["comment:posted"]


def test_a_change_from_an_older_version_is_refused(scene: Scene) -> None:
    _, comment = scene.ask(scene.cast.outsider, "Eén")
    scene.edit(scene.cast.outsider, comment, "Twee")
    with pytest.raises(Conflict):
        scene.edit(scene.cast.outsider, comment, "Drie", base=1)
    assert scene.texts(comment) == ["Eén", "Twee"]


def test_only_the_writer_changes_and_deletes(scene: Scene) -> None:
    _, comment = scene.ask(scene.cast.outsider)
    others = [person for name, person in scene.cast.everyone().items() if name != "outsider"]
    for other in others:
        with pytest.raises(NotAllowed):
            scene.edit(other, comment, "Ik vind het geweldig.")
        with pytest.raises(NotAllowed):
            scene.delete(other, comment)
    assert scene.comment(comment).deleted_at is None
    assert scene.texts(comment) == ["Waar zijn de cijfers?"]


def test_deleting_empties_the_screen_and_keeps_the_rows(scene: Scene) -> None:
    thread, _ = scene.ask(scene.cast.outsider)
    reply = scene.reply(scene.cast.lead, thread, "Te snel gezegd.")
    scene.edit(scene.cast.lead, reply, "Echt te snel gezegd.")
    scene.delete(scene.cast.lead, reply)
    scene.delete(scene.cast.lead, reply)
    stored = scene.comment(reply)
    assert stored.html == ""
    assert stored.deleted_at is not None
    assert len(scene.texts(reply)) == 2
    assert [event.kind for event in scene.events("comment:deleted")] == ["comment:deleted"]
    with pytest.raises(Gone):
        scene.edit(scene.cast.lead, reply, "Toch weer", base=2)


def test_the_title_goes_with_the_first_comment_only(scene: Scene) -> None:
    thread, first = scene.ask(scene.cast.outsider, title="Mijn leidinggevende")
    scene.reply(scene.cast.outsider, thread, "Nog iets.")
    scene.delete(scene.cast.outsider, scene.comments(thread)[1].id)
    assert scene.thread(thread).title == "Mijn leidinggevende"
    scene.delete(scene.cast.outsider, first)
    assert scene.thread(thread).title == ""
    assert [event.data["retitled"] for event in scene.events("comment:deleted")] == [False, True]


def test_the_index_lets_go_of_a_deleted_title_with_every_reply(scene: Scene) -> None:
    thread, first = scene.ask(scene.cast.outsider, title="Mijn leidinggevende")
    reply = scene.reply(scene.cast.lead, thread)
    with scene.database.transaction():
        session().execute(delete(Job))
    scene.delete(scene.cast.outsider, first)
    with scene.database.reading() as reading:
        keys = set(reading.scalars(select(Job.key)))
    assert {f"comment:{first}", f"comment:{reply}"} <= keys


def test_no_event_holds_a_word_of_what_was_said(scene: Scene) -> None:
    thread, first = scene.ask(scene.cast.outsider, "Geheimzinnig woord", title="Geheimzinnige titel")
    scene.reply(scene.cast.lead, thread, "Geheimzinnig antwoord", answers=True)
    scene.edit(scene.cast.outsider, first, "Geheimzinnig anders")
    scene.delete(scene.cast.outsider, first)
    for event in scene.events():
        assert "eheimzinnig" not in f"{event.summary} {event.data}"


def test_events_say_what_happened_to_which_comment(scene: Scene) -> None:
    thread, first = scene.ask(scene.cast.outsider, about=scene.page_id)
    answer = scene.reply(scene.cast.lead, thread, to=first, answers=True)
    again = scene.reopen(scene.cast.outsider, thread)
    told = [(event.kind, event.subject_id, event.object_id, event.actor_id) for event in scene.events()]
    page, asker, lead = scene.page_id, scene.cast.outsider.id, scene.cast.lead.id
    assert told == [
        ("comment:posted", page, first, asker),
        ("comment:posted", page, answer, lead),
        ("question:answered", page, answer, lead),
        ("comment:posted", page, again, asker),
        ("question:reopened", page, again, asker),
    ]
    assert scene.events()[0].data == {"thread_id": thread, "question": True, "capacity": "niet-deelnemer"}
    assert scene.events()[1].data == {"thread_id": thread, "question": False, "capacity": "proeftuinteam"}


def test_a_pseudonym_of_before_has_no_author_and_belongs_to_nobody(scene: Scene) -> None:
    with scene.database.transaction():
        subject = session().get_one(Subject, scene.pilot_id)
        said = service.post_alias(
            subject, "Wulp", text="Waar zijn de cijfers?", capacity=Capacity.NON_PARTICIPANT, is_question=True
        )
        thread = session().get_one(Thread, said.thread_id)
        again = service.post_alias(
            thread, "Kluut", text="Ja, waar?", capacity=Capacity.PARTICIPANT, parent_id=said.id
        )
        numbers = (thread.id, said.id, again.id)
    stored = scene.comment(numbers[1])
    assert (stored.author_id, stored.alias, scene.thread(numbers[0]).comments) == (None, "Wulp", 2)
    assert scene.thread(numbers[0]).title == "Waar zijn de cijfers?"
    assert {event.actor_id for event in scene.events()} == {None}
    with scene.database.reading():
        post = queries.get_post(numbers[1], scene.thread(numbers[0]))
    assert (post.name, post.marks) == ("Wulp", (("alias", "schuilnaam"), ("", "niet-deelnemer")))
    for person in scene.cast.everyone().values():
        with pytest.raises(NotAllowed):
            scene.delete(person, numbers[1])


def test_a_comment_cannot_have_two_voices(scene: Scene) -> None:
    thread, _ = scene.ask(scene.cast.outsider)
    both = Comment(
        thread_id=thread,
        author_id=scene.cast.lead.id,
        alias="Wulp",
        capacity=Capacity.TEAM,
        html="",
        created_at=clock.now(),
    )
    with scene.database.reading() as reading:
        reading.add(both)
        with pytest.raises(IntegrityError, match="one_voice"):
            reading.flush()
