"""What of a pilot can be taken along by one reader: the rows behind the zip and the dossier.

What must stay true: every statement here asks whether the reader may read; a hidden version and a deleted comment
give no word of their text; of participants there is one number, the one that everyone sees, also for who may see
more; pages and versions come one by one, so that memory does not grow with the pilot.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import aliased

from proeftuin import config
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Party, Person
from proeftuin.db import session
from proeftuin.events.models import Subject
from proeftuin.pilots import participation
from proeftuin.pilots.heads import Overview
from proeftuin.pilots.policy import visible_subjects
from proeftuin.talk.capacities import word_for
from proeftuin.talk.models import Comment, CommentVersion, Thread
from proeftuin.talk.reading import removed_title
from proeftuin.wiki.models import Page, PageKind, Revision
from proeftuin.wiki.texts import hidden_numbers

_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class PackedPage:
    """A page of the pilot that the reader may read."""

    id: int
    slug: str
    title: str
    path: str
    kind: PageKind
    is_restricted: bool
    current: int
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class PackedVersion:
    """A version with the names of who wrote it; `text` is None when the version was hidden."""

    number: int
    at: datetime
    author: str
    suggester: str | None
    summary: str
    is_minor: bool
    base: int | None
    restores: int | None
    text: str | None


@dataclass(frozen=True, slots=True)
class PackedComment:
    """A comment with its marks in words; `text` is None for a tombstone."""

    id: int
    parent_id: int | None
    name: str
    capacity: str
    at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    reason: str
    is_answer: bool
    is_alias: bool
    text: str | None
    html: Markup


@dataclass(frozen=True, slots=True)
class PackedThread:
    """A conversation under the pilot or one of its pages."""

    id: int
    title: str
    about: str
    path: str
    state: str
    created_at: datetime
    opened_at: datetime | None
    answered_at: datetime | None


def count_for_everyone(pilot: Overview) -> participation.Count:
    """Return how many take part, as everyone sees it."""
    limit = config.current().small_group
    return participation.shown_count(pilot.participants, pilot.max_participants, is_exact=False, small_group=limit)


def pages(actor: Actor, pilot_id: int) -> list[PackedPage]:
    """Return the pages of a pilot that the actor may read, in the order in which they were made."""
    query = (
        select(
            Page.id,
            Page.slug,
            Page.title,
            Subject.path,
            Page.kind,
            Page.is_restricted,
            Page.current,
            Page.created_at,
            Page.changed_at,
        )
        .join(Subject, Subject.id == Page.id)
        .where(Page.space_id == pilot_id, Page.deleted_at.is_(None), visible_subjects(actor))
        .order_by(Page.created_at, Page.id)
    )
    return [PackedPage(*row) for row in session().execute(query)]


def versions(page: PackedPage) -> Iterator[PackedVersion]:
    """Give the versions of a page in their order; the page was found for a reader."""
    hidden = hidden_numbers(page.id)
    suggester = aliased(Person)
    query = (
        select(
            Revision.number,
            Revision.created_at,
            Person.name,
            Revision.alias,
            suggester.name,
            Revision.summary,
            Revision.is_minor,
            Revision.base,
            Revision.restores,
            Revision.text,
        )
        .outerjoin(Person, Person.id == Revision.author_id)
        .outerjoin(suggester, suggester.id == Revision.suggester_id)
        .where(Revision.page_id == page.id)
        .order_by(Revision.number)
    )
    for low in range(0, page.current, _AT_ONCE):
        for row in session().execute(query.where(Revision.number > low, Revision.number <= low + _AT_ONCE)):
            number, at, name, alias, suggested_by, summary, is_minor, base, restores, text = row
            author = name or alias or ""
            if number in hidden:
                yield PackedVersion(number, at, author, suggested_by, "", is_minor, base, restores, None)
            else:
                yield PackedVersion(number, at, author, suggested_by, summary, is_minor, base, restores, text)


def newest_text(page: PackedPage) -> str:
    """Return the text of a page as it is now; nothing when that version was hidden."""
    if page.current in hidden_numbers(page.id):
        return ""
    newest = select(Revision.text).where(Revision.page_id == page.id, Revision.number == page.current)
    return session().scalars(newest).one()


def authors(page: PackedPage) -> list[str]:
    """Return who wrote versions of a page, in the order in which they began."""
    query = (
        select(Person.name, Revision.alias)
        .select_from(Revision)
        .outerjoin(Person, Person.id == Revision.author_id)
        .where(Revision.page_id == page.id)
        .order_by(Revision.number)
    )
    return list(dict.fromkeys(filter(None, (name or alias for name, alias in session().execute(query)))))


def threads(actor: Actor, pilot_id: int) -> list[PackedThread]:
    """Return the conversations under a pilot and its pages that the actor may read, the oldest first."""
    query = (
        select(Thread, Subject.title, Subject.path)
        .join(Subject, Subject.id == Thread.subject_id)
        .where(Subject.circle_id == pilot_id, visible_subjects(actor))
        .order_by(Thread.created_at, Thread.id)
    )
    return [
        PackedThread(
            thread.id,
            thread.title or removed_title(),
            title,
            path,
            thread.state.value,
            thread.created_at,
            thread.opened_at,
            thread.answered_at,
        )
        for thread, title, path in session().execute(query)
    ]


def comments(thread: PackedThread) -> Iterator[PackedComment]:
    """Give the comments of a conversation in the order of time; the conversation was found for a reader."""
    query = (
        select(Comment, Person.name, Party.name, CommentVersion.text)
        .outerjoin(Person, Person.id == Comment.author_id)
        .outerjoin(Party, Party.id == Comment.party_id)
        .outerjoin(
            CommentVersion,
            (CommentVersion.comment_id == Comment.id) & (CommentVersion.number == Comment.versions),
        )
        .where(Comment.thread_id == thread.id)
        .order_by(Comment.created_at, Comment.id)
    )
    for comment, author, party, text in session().execute(query).yield_per(_AT_ONCE):
        yield _comment(comment, author, party, text)


def _comment(comment: Comment, author: str | None, party: str | None, text: str | None) -> PackedComment:
    word = word_for(comment.capacity)
    is_gone = comment.deleted_at is not None
    return PackedComment(
        id=comment.id,
        parent_id=comment.parent_id,
        name=comment.alias or author or "",
        capacity=f"{word}, {party}" if party else word,
        at=comment.created_at,
        edited_at=comment.edited_at,
        deleted_at=comment.deleted_at,
        reason=comment.deleted_reason,
        is_answer=comment.is_answer,
        is_alias=comment.alias is not None,
        text=None if is_gone else text,
        html=Markup("" if is_gone else comment.html),
    )
