"""Reading follows, notices and the address of a feed. All of it is asked by and given to its own person only.

What must stay true: a notice of something that its reader may not read any more is not shown and not counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, ScalarSelect, bindparam, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Person
from proeftuin.db import session
from proeftuin.errors import NotFound
from proeftuin.events.models import Event, Subject, SubjectKind
from proeftuin.following.changes import (
    PER_PAGE,
    READER,
    Change,
    ChangePage,
    Circle,
    Filters,
    News,
    list_changes,
    list_chosen,
    since_last_visit,
)
from proeftuin.following.models import FeedKey, Follow, Notice
from proeftuin.pilots.models import Pilot, State, TeamMember
from proeftuin.pilots.policy import readable_to, visible_to
from proeftuin.prepared import Prepared

__all__ = [
    "Change",
    "ChangePage",
    "Filters",
    "News",
    "count_unread",
    "find_feed_key",
    "find_feed_owner",
    "is_following",
    "list_changes",
    "list_follows",
    "list_notices",
    "list_own_pilots",
    "since_last_visit",
    "unread_of",
]

BELL_AT_MOST = 20
"""The bell counts up to here; one more stands for "and more"."""
LINES_IN_GROUP = 3


def unread_of(person: ColumnElement[int] | InstrumentedAttribute[int]) -> ScalarSelect[int]:
    """Return the column that counts the subjects of which a person has unread notices, up to 21.

    For a statement that asks more about the person; `person` may be a column of that statement.
    """
    subjects = (
        select(Notice.subject_id)
        .join(Subject, Subject.id == Notice.subject_id)
        .where(Notice.person_id == person, Notice.is_read.is_(False), readable_to(person))
        .distinct()
        .limit(BELL_AT_MOST + 1)
        .correlate(Person)
        .subquery("unread")
    )
    return select(func.count()).select_from(subjects).scalar_subquery()


_UNREAD = Prepared(select(unread_of(READER)))
_FOLLOWS_IT = Prepared(select(Follow.id).where(Follow.person_id == READER, Follow.subject_id == bindparam("subject")))


@dataclass(frozen=True, slots=True)
class Followed:
    """A thing that the actor follows. `place` is the pilot of a page."""

    subject_id: int
    title: str
    path: str
    is_pilot: bool
    place: str


@dataclass(frozen=True, slots=True)
class OwnPilot:
    """A pilot of whose team the actor is."""

    title: str
    path: str
    state: State
    is_lead: bool


@dataclass(frozen=True, slots=True)
class NoticeGroup:
    """What the actor was told of one subject, newest first; `newest` is the number of the last event of it."""

    subject_id: int
    title: str
    path: str
    place: str
    unread: int
    newest: int
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class NoticePage:
    """One page of groups: those with unread notices first. `newest` is the last event on it."""

    groups: Sequence[NoticeGroup]
    number: int
    has_next: bool

    @property
    def newest(self) -> int:
        return max((group.newest for group in self.groups), default=0)

    @property
    def has_unread(self) -> bool:
        return any(group.unread for group in self.groups)


def count_unread(actor: Actor) -> int:
    """Count the subjects of which the actor has unread notices, up to 21."""
    row = _UNREAD.first(reader=actor.id)
    return row[0] if row else 0


def is_following(actor: Actor, subject_id: int) -> bool:
    """Return whether the actor follows the subject itself."""
    return _FOLLOWS_IT.first(reader=actor.id, subject=subject_id) is not None


def list_follows(actor: Actor) -> Sequence[Followed]:
    """Return what the actor follows and may still read, by title."""
    rows = _FOLLOWS.rows(reader=actor.id)
    return [Followed(row.id, row.title, row.path, row.kind is SubjectKind.PILOT, row.place or "") for row in rows]


def list_own_pilots(actor: Actor) -> Sequence[OwnPilot]:
    """Return the pilots of whose team the actor is, the newest first; concepts are among them."""
    rows = session().execute(
        select(Subject.title, Subject.path, Pilot.state, TeamMember.is_lead)
        .join(Pilot, Pilot.id == Subject.id)
        .join(TeamMember, TeamMember.pilot_id == Pilot.id)
        .where(TeamMember.person_id == actor.id)
        .order_by(Pilot.id.desc())
    )
    return [OwnPilot(*row) for row in rows]


def list_notices(actor: Actor, number: int = 1, *, per_page: int = PER_PAGE) -> NoticePage:
    """Return one page of the actor's notices, grouped by subject.

    :raises NotFound: when the page lies beyond the end.
    """
    rows = _GROUPS.rows(reader=actor.id, limit=per_page + 1, offset=(number - 1) * per_page)
    if number > 1 and not rows:
        raise NotFound
    events: dict[int, list[int]] = {row.subject_id: [] for row in rows[:per_page]}
    for row in _NEWEST_OF_GROUPS.rows(reader=actor.id, subjects=list(events)):
        events[row.subject_id].append(row.event_id)
    changes = list_chosen(actor, [event_id for ids in events.values() for event_id in ids])
    groups = [_group(row, [changes[n] for n in events[row.subject_id] if n in changes]) for row in rows[:per_page]]
    return NoticePage(groups, number, len(rows) > per_page)


def find_feed_key(actor: Actor) -> FeedKey | None:
    """Return the secret of the actor's feeds, or None when no feed reader was let in."""
    return session().get(FeedKey, actor.id)


def find_feed_owner(key: str) -> int | None:
    """Return the number of the person whose feeds a secret opens."""
    return session().scalar(select(FeedKey.person_id).where(FeedKey.key == key))


def _group(row: Any, changes: Sequence[Change]) -> NoticeGroup:
    return NoticeGroup(row.subject_id, row.title, row.path, row.place or "", row.unread, row.newest, changes)


_FOLLOWS = Prepared(
    select(Subject.id, Subject.title, Subject.path, Subject.kind, Circle.title.label("place"))
    .join(Follow, Follow.subject_id == Subject.id)
    .outerjoin(Circle, (Circle.id == Subject.circle_id) & (Circle.id != Subject.id))
    .where(Follow.person_id == READER, visible_to(READER))
    .order_by(Subject.title, Subject.id)
)
_unread = func.sum(case((Notice.is_read, 0), else_=1))
_GROUPS = Prepared(
    select(
        Notice.subject_id,
        Subject.title,
        Subject.path,
        Circle.title.label("place"),
        _unread.label("unread"),
        func.max(Notice.event_id).label("newest"),
    )
    .join(Subject, Subject.id == Notice.subject_id)
    .outerjoin(Circle, (Circle.id == Subject.circle_id) & (Circle.id != Subject.id))
    .where(Notice.person_id == READER, readable_to(READER))
    .group_by(Notice.subject_id, Subject.title, Subject.path, Circle.title)
    .order_by(case((_unread > 0, 0), else_=1), func.max(Notice.event_id).desc())
    .limit(bindparam("limit", type_=Integer))
    .offset(bindparam("offset", type_=Integer))
)
_ranked = (
    select(
        Notice.subject_id,
        Notice.event_id,
        func.row_number().over(partition_by=Notice.subject_id, order_by=Notice.event_id.desc()).label("rank"),
    )
    .join(Event, Event.id == Notice.event_id)
    .where(Notice.person_id == READER, Notice.subject_id.in_(bindparam("subjects", expanding=True)))
    .subquery("ranked")
)
_NEWEST_OF_GROUPS = Prepared(
    select(_ranked.c.subject_id, _ranked.c.event_id)
    .where(_ranked.c.rank <= LINES_IN_GROUP)
    .order_by(_ranked.c.event_id.desc())
)
