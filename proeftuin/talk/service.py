"""Starting, answering, changing and taking away what people say.

In which capacities the actor may speak now comes from the caller (`allowed`, see `policy`); a capacity outside it is
refused, and what is stored with a comment never changes afterwards. What must stay true:

* every text is kept as a version; a deleted comment is a tombstone and its versions are shown to nobody;
* whoever writes to a thread holds its row, so that two at once come one after the other;
* a second click on the same button does nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from proeftuin.events.models import Subject
from proeftuin.i18n import _
from proeftuin.talk import policy, queries, threads
from proeftuin.talk.models import Capacity, Comment, Thread, ThreadState
from proeftuin.talk.texts import accept

NOTHING: Mapping[str, Any] = MappingProxyType({})


def start_thread(
    actor: Actor,
    subject: Subject,
    *,
    title: str,
    text: str,
    capacity: Capacity,
    allowed: Collection[Capacity],
    party_id: int | None = None,
    is_question: bool = False,
    same_place: ColumnElement[bool] | None = None,
    told: Mapping[str, Any] = NOTHING,
) -> Thread:
    """Start a conversation under a subject. Without a title it gets the first words of the text.

    `same_place` is a criterion on Thread for who knows more of its place than the subject: a second click must have
    been for the same place. `told` is what the event tells besides.

    :raises NotAllowed: when nobody like this actor may speak here (`allowed` is empty).
    :raises Invalid: when the text, the title or the capacity cannot be accepted.
    """
    _require_voice(actor, capacity, party_id, allowed)
    text, title = accept(text, title)
    threads.hold_author(actor)
    here = [Thread.subject_id == subject.id, Comment.created_at == Thread.created_at]
    twin = threads.find_twin(actor, text, *here, *(() if same_place is None else (same_place,)))
    if twin is not None:
        return session().get_one(Thread, twin.thread_id)
    thread = threads.open_thread(subject, title, asker_id=actor.id, is_question=is_question)
    comment = Comment(author_id=actor.id, capacity=capacity, party_id=party_id)
    threads.say(thread, comment, text)
    threads.name_after(thread, comment)
    threads.record(actor.id, "comment:posted", thread, comment, question=is_question, **told)
    return thread


def reply(
    actor: Actor,
    thread: Thread,
    *,
    text: str,
    capacity: Capacity,
    allowed: Collection[Capacity],
    parent_id: int | None = None,
    party_id: int | None = None,
    is_answer: bool = False,
) -> Comment:
    """Add a comment to a thread, under another comment or on its own; the team may make it the answer at once.

    :raises NotAllowed: when nobody like this actor may speak here.
    :raises NotFound: when the comment that is answered stands in another thread.
    :raises Invalid: when the text or the capacity cannot be accepted, or the question is not open (any more).
    """
    _require_voice(actor, capacity, party_id, allowed)
    text, _untitled = accept(text)
    threads.lock(thread)
    threads.require_parent(thread, parent_id)
    twin = threads.find_twin(
        actor, text, Comment.thread_id == thread.id, Comment.parent_id.is_not_distinct_from(parent_id)
    )
    if twin is not None:
        return twin
    if is_answer and capacity is not Capacity.TEAM:
        raise Invalid({"is_answer": _("Alleen het team van de proeftuin kan een vraag beantwoorden.")})
    if is_answer and thread.state is not ThreadState.OPEN:
        raise Invalid({"is_answer": _("Deze vraag is intussen al beantwoord. Je reactie kan er nog wel bij.")})
    comment = Comment(author_id=actor.id, capacity=capacity, party_id=party_id, parent_id=parent_id)
    threads.say(thread, comment, text)
    threads.record(actor.id, "comment:posted", thread, comment, question=False)
    if is_answer:
        _settle(actor, thread, comment)
    return comment


def post_alias(
    place: Subject | Thread,
    alias: str,
    *,
    text: str,
    capacity: Capacity,
    title: str = "",
    parent_id: int | None = None,
    is_question: bool = False,
) -> Comment:
    """Load what someone once wrote under a pseudonym: a new thread under a subject, or a comment in a thread.

    There is no author behind it, not even for us; so nobody can change it or take it away. Of when it was written
    only the day is kept: everything that follows from it is of the first moment of that day.
    """
    text, title = accept(text, title)
    if not isinstance(place, Subject):
        threads.lock(place)
        threads.require_parent(place, parent_id)
    with clock.at(threads.only_the_day(place)):
        if isinstance(place, Subject):
            thread = threads.open_thread(place, title, asker_id=None, is_question=is_question)
        else:
            thread = place
        comment = Comment(alias=alias, capacity=capacity, parent_id=parent_id)
        threads.say(thread, comment, text)
        threads.name_after(thread, comment)
        threads.record(None, "comment:posted", thread, comment, question=is_question)
    return comment


def edit_comment(actor: Actor, comment: Comment, *, text: str, base: int, allowed: Collection[Capacity]) -> Comment:
    """Give an own comment a new text; the old ones stay readable as versions. `base` is the version it was made from.

    :raises NotAllowed: when it is someone else's, or written in a capacity that the actor no longer has.
    :raises Conflict: when the text was changed since `base`.
    :raises Gone: when the comment was deleted.
    """
    if comment.author_id != actor.id:
        raise NotAllowed(_("Je kunt alleen je eigen reacties wijzigen."))
    if not policy.may_edit(actor, comment, allowed):
        raise NotAllowed(_("Je spreekt niet meer in de rol waarin je dit schreef. Plaats liever een nieuwe reactie."))
    text, _untitled = accept(text)
    thread = session().get_one(Thread, comment.thread_id)
    threads.lock(thread)
    session().refresh(comment)
    if comment.deleted_at is not None:
        raise Gone(_("Deze reactie is door de schrijver verwijderd."))
    if text == queries.get_text(comment):
        return comment
    if base != comment.versions:
        raise Conflict(_("Je hebt deze reactie intussen in een ander venster gewijzigd."))
    comment.edited_at = clock.now()
    threads.write(thread, comment, text)
    threads.record(actor.id, "comment:edited", thread, comment)
    return comment


def delete_comment(actor: Actor, comment: Comment) -> None:
    """Take an own comment away: a tombstone stays, and so do the replies.

    A thread loses the title that went with its first comment; a question taken back no longer waits for an answer;
    a question whose answer is taken back waits again, since the day it was asked.

    :raises NotAllowed: when it is someone else's.
    """
    if not policy.may_delete(actor, comment):
        raise NotAllowed(_("Je kunt alleen je eigen reacties verwijderen."))
    thread = session().get_one(Thread, comment.thread_id)
    threads.lock(thread)
    session().refresh(comment)
    if comment.deleted_at is not None:
        return
    was_answer, comment.is_answer = comment.is_answer, False
    comment.deleted_at = clock.now()
    comment.html = ""
    is_first = queries.is_first(comment)
    if is_first:
        thread.title = ""
        thread.state = ThreadState.TALK if thread.state is ThreadState.OPEN else thread.state
    waits_again = was_answer and thread.state is ThreadState.ANSWERED
    if waits_again:
        thread.state, thread.answered_at = ThreadState.OPEN, None
    threads.recount(thread)
    threads.record(actor.id, "comment:deleted", thread, comment, retitled=is_first)
    if waits_again:
        threads.record(actor.id, "question:reopened", thread, comment)


def answer(actor: Actor, thread: Thread, comment: Comment, *, allowed: Collection[Capacity]) -> None:
    """Make a comment of the team the answer to the question.

    :raises NotAllowed: when the actor is not of the team, or the comment was not written by the team.
    :raises Conflict: when the question is not open.
    """
    if Capacity.TEAM not in allowed:
        raise NotAllowed(_("Alleen het team van de proeftuin kan een vraag beantwoorden."))
    threads.lock(thread)
    session().refresh(comment)
    if comment.thread_id != thread.id:
        raise NotFound
    if comment.deleted_at is not None:
        raise Gone(_("Deze reactie is door de schrijver verwijderd."))
    if comment.capacity is not Capacity.TEAM:
        raise NotAllowed(_("Alleen een reactie van het team kan het antwoord zijn."))
    if thread.state is ThreadState.ANSWERED and comment.is_answer:
        return
    if thread.state is not ThreadState.OPEN:
        raise Conflict(_("Deze vraag staat niet meer open."))
    _settle(actor, thread, comment)


def reopen(
    actor: Actor,
    thread: Thread,
    *,
    text: str,
    capacity: Capacity,
    allowed: Collection[Capacity],
    party_id: int | None = None,
) -> Comment:
    """Ask an answered question again, with the reason as a comment; its age starts anew.

    :raises NotAllowed: when someone else asked it.
    :raises Conflict: when the question is not answered.
    """
    if thread.asker_id != actor.id:
        raise NotAllowed(_("Alleen wie de vraag stelde, kan haar heropenen."))
    _require_voice(actor, capacity, party_id, allowed)
    text, _untitled = accept(text)
    threads.lock(thread)
    twin = threads.find_twin(actor, text, Comment.thread_id == thread.id, Comment.parent_id.is_(None))
    if twin is not None and thread.state is ThreadState.OPEN:
        return twin
    if thread.state is not ThreadState.ANSWERED:
        raise Conflict(_("Deze vraag is niet beantwoord; ze hoeft niet heropend te worden."))
    comment = Comment(author_id=actor.id, capacity=capacity, party_id=party_id)
    thread.state, thread.opened_at, thread.answered_at = ThreadState.OPEN, clock.now(), None
    threads.say(thread, comment, text)
    threads.record(actor.id, "comment:posted", thread, comment, question=True)
    threads.record(actor.id, "question:reopened", thread, comment)
    return comment


def _require_voice(actor: Actor, capacity: Capacity, party_id: int | None, allowed: Collection[Capacity]) -> None:
    if not allowed:
        raise NotAllowed(_("Je kunt hier meelezen, maar niet reageren."))
    if capacity not in allowed or not policy.may_represent(actor, capacity, party_id):
        raise Invalid({"voice": _("Zo kun je hier nu niet reageren. Kies een van de mogelijkheden.")})


def _settle(actor: Actor, thread: Thread, comment: Comment) -> None:
    """Close the question with this comment; an answer of before it was reopened is no longer the answer."""
    earlier = select(Comment).where(Comment.thread_id == thread.id, Comment.is_answer, Comment.id != comment.id)
    for answer_of_before in session().scalars(earlier):
        answer_of_before.is_answer = False
    comment.is_answer = True
    thread.state, thread.answered_at = ThreadState.ANSWERED, clock.now()
    threads.record(actor.id, "question:answered", thread, comment)
