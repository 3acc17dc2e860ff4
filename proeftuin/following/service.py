"""Follow, read notices, move the bookmark, keep the address of a feed. Everything here is private to its person.

What must stay true: none of it is recorded as an event, and nothing of it is given to anyone else.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.errors import Gone, NotFound
from proeftuin.events.models import Event, Subject, SubjectKind
from proeftuin.following.models import Bookmark, FeedKey, Follow, Notice
from proeftuin.i18n import _
from proeftuin.pilots.policy import readable_subjects

SAME_VISIT = timedelta(hours=4)
"""Signing in again within this time, on a phone for instance, belongs to the same visit."""


def follow(actor: Actor, subject_id: int) -> None:
    """Let the actor hear of a pilot (with its pages) or a page.

    :raises NotFound: when there is no such thing that the actor may read.
    :raises Gone: when it was deleted.
    """
    readable = select(Subject).where(
        Subject.id == subject_id, Subject.kind != SubjectKind.SITE, readable_subjects(actor)
    )
    subject = session().scalar(readable)
    if subject is None:
        raise NotFound
    if subject.is_gone:
        raise Gone(
            _("“%(title)s” is verwijderd. Je kunt het niet meer volgen.", title=subject.title), way_out=subject.path
        )
    start_following(actor.id, subject_id)


def start_following(person_id: int, subject_id: int) -> None:
    """Add a follow unless there is one; whoever calls this has seen to it that the person may read the subject."""
    known = select(Follow.id).where(Follow.person_id == person_id, Follow.subject_id == subject_id)
    if session().scalar(known) is None:
        session().add(Follow(person_id=person_id, subject_id=subject_id, since=clock.now()))


def unfollow(actor: Actor, subject_id: int) -> None:
    """Stop; also for what the actor may not read any more."""
    session().execute(delete(Follow).where(Follow.person_id == actor.id, Follow.subject_id == subject_id))


def mark_read(actor: Actor, *, subject_id: int | None = None, through: int | None = None) -> None:
    """Mark the actor's notices as read: of one subject or of all, up to the event that was shown last."""
    notices = update(Notice).where(Notice.person_id == actor.id, Notice.is_read.is_(False))
    if subject_id is not None:
        notices = notices.where(Notice.subject_id == subject_id)
    if through is not None:
        notices = notices.where(Notice.event_id <= through)
    session().execute(notices.values(is_read=True))


def move_bookmark(person_id: int) -> None:
    """Begin a visit: what came since the start of the visit before this one is news.

    At a first visit everything is new, so the bookmark stands at the very beginning.
    """
    bookmark = session().get(Bookmark, person_id)
    if bookmark is None:
        session().add(Bookmark(person_id=person_id, seen_event_id=0, latest_event_id=_newest(), moved_at=clock.now()))
    elif bookmark.moved_at < clock.now() - SAME_VISIT:
        bookmark.seen_event_id, bookmark.latest_event_id = bookmark.latest_event_id, _newest()
        bookmark.moved_at = clock.now()


def catch_up(actor: Actor, *, through: int | None = None) -> None:
    """Put the bookmark behind everything the actor was shown ("Ik ben bij")."""
    newest = _newest()
    seen = newest if through is None else min(through, newest)
    bookmark = session().get(Bookmark, actor.id)
    if bookmark is None:
        session().add(Bookmark(person_id=actor.id, seen_event_id=seen, latest_event_id=seen, moved_at=clock.now()))
        return
    bookmark.seen_event_id = max(bookmark.seen_event_id, seen)
    bookmark.latest_event_id = max(bookmark.latest_event_id, seen)


def renew_feed_key(actor: Actor) -> FeedKey:
    """Make a new secret for the actor's feeds; the address with the old one is dead at once."""
    withdraw_feed_key(actor)
    key = FeedKey(person_id=actor.id, key=secrets.token_urlsafe(32), created_at=clock.now())
    session().add(key)
    return key


def withdraw_feed_key(actor: Actor) -> None:
    """Let no feed reader read for the actor any more."""
    session().execute(delete(FeedKey).where(FeedKey.person_id == actor.id))


def _newest() -> int:
    return session().scalar(select(func.max(Event.id))) or 0
