"""The rows of a conversation: finding, locking, adding and counting them, below the verbs of `service`.

What must stay true: counters are counted anew when they are stored, by someone who holds the thread's
row; an event holds no word of what was said, because events stay and a comment may be taken away.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Person
from proeftuin.db import session
from proeftuin.errors import NotFound
from proeftuin.events import service as events
from proeftuin.events.models import Subject
from proeftuin.i18n import _
from proeftuin.talk.models import Comment, CommentVersion, Thread, ThreadState
from proeftuin.talk.texts import DERIVED_TITLE, first_words, render_comment

SECOND_CLICK = timedelta(seconds=60)


def hold_author(actor: Actor) -> None:
    """Let two first clicks of one person come one after the other, until the end of the transaction."""
    session().execute(select(Person.id).where(Person.id == actor.id).with_for_update(key_share=True))


def lock(thread: Thread) -> None:
    """Hold the thread until the end of the transaction, as it is now."""
    session().refresh(thread, with_for_update={"key_share": True})


def require_parent(thread: Thread, parent_id: int | None) -> None:
    """Refuse a parent that stands in another thread.

    :raises NotFound: when it does.
    """
    if parent_id is None:
        return
    found = session().scalar(select(Comment.id).where(Comment.id == parent_id, Comment.thread_id == thread.id))
    if found is None:
        raise NotFound


def find_twin(actor: Actor, text: str, *place: ColumnElement[bool]) -> Comment | None:
    """Return what the actor posted at this place with this text less than a minute ago: the first click."""
    return session().scalar(
        select(Comment)
        .join(Thread, Thread.id == Comment.thread_id)
        .join(CommentVersion, (CommentVersion.comment_id == Comment.id) & (CommentVersion.number == Comment.versions))
        .where(
            Comment.author_id == actor.id,
            Comment.created_at > clock.now() - SECOND_CLICK,
            Comment.deleted_at.is_(None),
            CommentVersion.text == text,
            *place,
        )
        .order_by(Comment.id)
        .limit(1)
    )


def open_thread(subject: Subject, title: str, *, asker_id: int | None, is_question: bool) -> Thread:
    """Add a thread without comments."""
    moment = clock.now()
    thread = Thread(
        subject_id=subject.id,
        title=title,
        state=ThreadState.OPEN if is_question else ThreadState.TALK,
        asker_id=asker_id if is_question else None,
        opened_at=moment if is_question else None,
        created_at=moment,
        last_at=moment,
    )
    session().add(thread)
    session().flush()
    return thread


def only_the_day(place: Subject | Thread) -> datetime:
    """Return the moment that is kept of what is said under an alias: the first of the day, or of what was said last.

    The hour would tell who sat at a screen then. That it came after what was said last is known from its number.
    """
    first = clock.start_of(clock.today())
    return max(first, place.last_at) if isinstance(place, Thread) else first


def say(thread: Thread, comment: Comment, text: str) -> None:
    """Add a comment with its first version to a thread, and count."""
    comment.thread_id = thread.id
    comment.created_at = clock.now() if thread.comments else thread.created_at
    comment.versions = 0
    comment.html = ""
    session().add(comment)
    session().flush()  # the addresses of headings inside the text hold its number
    write(thread, comment, text)
    recount(thread)


def write(thread: Thread, comment: Comment, text: str) -> None:
    """Give a comment its next version."""
    comment.versions += 1
    comment.html = render_comment(text, subject_of(thread), scope=f"r{comment.id}-")
    moment = comment.edited_at or comment.created_at
    session().add(CommentVersion(comment_id=comment.id, number=comment.versions, text=text, created_at=moment))
    session().flush()


def name_after(thread: Thread, comment: Comment) -> None:
    """Give a thread without a title the first words of its first comment."""
    if not thread.title and thread.comments == 1:
        thread.title = first_words(comment.html, length=DERIVED_TITLE) or _("Zonder onderwerp")
        session().flush()


def recount(thread: Thread) -> None:
    """Store how many comments live in the thread and when the last one came."""
    session().flush()
    of_thread = select(Comment).where(Comment.thread_id == thread.id)
    living = of_thread.with_only_columns(func.count()).where(Comment.deleted_at.is_(None)).scalar_subquery()
    latest = of_thread.with_only_columns(func.max(Comment.created_at)).scalar_subquery()
    thread.comments, thread.last_at = session().execute(select(living, latest)).one()
    session().flush()


def record(actor_id: int | None, kind: str, thread: Thread, comment: Comment, **data: Any) -> None:
    """Record the event without a word of the text: events stay, a comment may be taken away."""
    events.record(
        actor_id,
        kind,
        thread.subject_id,
        object_id=comment.id,
        thread_id=thread.id,
        capacity=comment.capacity.value,
        **data,
    )


def subject_of(thread: Thread) -> Subject:
    """Return what the thread hangs under."""
    return session().get_one(Subject, thread.subject_id)
