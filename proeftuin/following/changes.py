"""Recent changes: the one way in which events are read for people.

What must stay true: visibility is part of the query, so what someone may not read is not in a list, a count, a
page number or a feed; only kinds that are meant for readers are read (`SORTS`), so the acts of administrators
stay out; no list is counted, a page is fetched with one row more than it shows. Each combination of filters is
one statement that is built once and kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Person
from proeftuin.direct import one_of
from proeftuin.errors import NotFound
from proeftuin.events.models import Event, Subject
from proeftuin.following.models import Bookmark, Follow
from proeftuin.pilots.models import Pilot, PilotTheme
from proeftuin.pilots.policy import readable_to
from proeftuin.prepared import Prepared
from proeftuin.talk.models import Comment, Thread
from proeftuin.wiki.hiding import is_hidden

PER_PAGE = 30
NEWS_AT_MOST = 100
"""How many events since the last visit are looked at; more is told as "more than"."""

SORTS = {
    "paginas": ("page:",),
    "reacties": ("comment:", "question:"),
    "proeftuinen": ("pilot:", "outcome:"),
    "bestanden": ("file:",),
    "voorstellen": ("suggestion:",),
    "cao": ("cao:",),
    "logboek": ("log:",),
    "afwijkingen": ("deviation:", "position:", "condition:", "alert:"),
}
"""The sorts of changes by their name in the address, and how their kinds begin."""

# The reader is filled in when a statement is carried out, so that statements can be kept.
READER = bindparam("reader", type_=Integer)
Circle = aliased(Subject, name="circle")


class Change(NamedTuple):
    """One event with what a line about it needs. `place` is the pilot of a page, `thread` the title of a talk,
    `delta` by how many characters a page grew, `to` the state a pilot came in."""

    id: int
    at: datetime
    kind: str
    minor: bool
    number: int | None
    summary: str
    title: str
    path: str
    who: str | None
    place: str | None
    place_path: str | None
    thread: str | None
    thread_id: int | None
    is_deleted: bool | None
    delta: int | None
    is_question: bool | None
    to: str | None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which changes are asked for. `first` and `last` are days, both included; `after` is the number of an event."""

    sort: str = ""
    pilot_id: int | None = None
    theme_id: int | None = None
    department_id: int | None = None
    with_minor: bool = False
    first: date | None = None
    last: date | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One page of changes, newest first. `number` counts from 1."""

    rows: Sequence[Change]
    number: int
    has_next: bool


@dataclass(frozen=True, slots=True)
class News:
    """What happened since the last visit: the first few, how many more, and between which events it all came."""

    rows: Sequence[Change] = ()
    more: int = 0
    is_capped: bool = False
    after: int = 0
    newest: int = 0

    @property
    def is_first_visit(self) -> bool:
        return self.after == 0


_OF_THEME = select(PilotTheme.pilot_id).where(PilotTheme.theme_id == bindparam("theme_id"))
_OF_DEPARTMENT = select(Pilot.id).where(Pilot.department_id == bindparam("department_id"))
_CRITERIA: dict[str, ColumnElement[bool]] = {
    "pilot_id": Subject.circle_id == bindparam("pilot_id"),
    "theme_id": Subject.circle_id.in_(
        select(PilotTheme.pilot_id).where(PilotTheme.theme_id == bindparam("theme_id"))
    ),
    "department_id": Subject.circle_id.in_(select(Pilot.id).where(Pilot.department_id == bindparam("department_id"))),
    "begin": Event.at >= bindparam("begin"),
    "end": Event.at < bindparam("end"),
    "after": Event.id > bindparam("after"),
}


def shown(sort: str = "") -> ColumnElement[bool]:
    """Return the criterion for events that are meant for readers, of one sort or of all."""
    beginnings = SORTS[sort] if sort else tuple(b for each in SORTS.values() for b in each)
    return or_(*(Event.kind.startswith(beginning) for beginning in beginnings))


def list_changes(actor: Actor, filters: Filters, number: int = 1, *, per_page: int = PER_PAGE) -> ChangePage:
    """Return one page of the changes that the actor may read.

    :raises NotFound: when the page lies beyond the end.
    """
    given: dict[str, Any] = {
        "pilot_id": filters.pilot_id,
        "theme_id": filters.theme_id,
        "department_id": filters.department_id,
        "begin": clock.start_of(filters.first) if filters.first else None,
        "end": clock.end_of(filters.last) if filters.last else None,
        "after": filters.after,
    }
    values = {name: value for name, value in given.items() if value is not None}
    statement = _statement(frozenset(values), filters.sort, filters.with_minor)
    window = {"reader": actor.id, "limit": per_page + 1, "offset": (number - 1) * per_page}
    rows = sorted(statement.rows(**values, **window), key=_when, reverse=True)
    if number > 1 and not rows:
        raise NotFound
    return ChangePage(rows[:per_page], number, len(rows) > per_page)


def since_last_visit(actor: Actor, *, limit: int = 5) -> News:
    """Return what others did since the visit before this one: what the actor follows first, then the newest."""
    rows = _SINCE.rows(reader=actor.id, limit=limit)
    if not rows:
        return News(after=-1)
    total = rows[0].total
    changes = [Change._make(row[: len(Change._fields)]) for row in rows]
    return News(changes, min(total, NEWS_AT_MOST) - len(changes), total > NEWS_AT_MOST, rows[0].after, rows[0].newest)


def list_chosen(actor: Actor, event_ids: Sequence[int]) -> dict[int, Change]:
    """Return the given events as far as the actor may read them, by number."""
    if not event_ids:
        return {}
    rows = _CHOSEN.rows(reader=actor.id, ids=list(event_ids))
    return {change.id: change for change in rows}


def _when(change: Change) -> tuple[datetime, int]:
    return change.at, change.id


def _events(*criteria: ColumnElement[bool]) -> Select[Any]:
    """Select the events that the reader may read, without what belongs to a line."""
    return (
        select(
            Event.id,
            Event.at,
            Event.kind,
            Event.minor,
            Event.object_id,
            Event.summary,
            Event.data,
            Event.subject_id,
            Subject.title,
            Subject.path,
            Subject.circle_id,
            Subject.is_gone,
            Event.actor_id,
        )
        .join(Subject, Subject.id == Event.subject_id)
        .where(readable_to(READER), *criteria)  # what happened to a page that was deleted is told as well
    )


def _lines(events: Subquery) -> Select[Any]:
    """Add to chosen events what a line needs, in the order of the fields of `Change`."""
    # What a writer said of a version that is hidden now is hidden with it; of what was taken away only the reason of
    # that is told.
    is_told_no_more = and_(events.c.is_gone, not_(one_of(events.c.kind, ("page:deleted", "page:undeleted"))))
    of_page = one_of(events.c.kind, ("page:created", "page:saved", "page:restored"))
    of_talk = or_(*(events.c.kind.startswith(beginning) for beginning in SORTS["reacties"]))
    return (
        select(
            events.c.id,
            events.c.at,
            events.c.kind,
            events.c.minor,
            events.c.object_id,
            case(
                (is_told_no_more, ""),
                (and_(of_page, is_hidden(events.c.subject_id, events.c.object_id)), ""),
                else_=events.c.summary,
            ),
            events.c.title,
            events.c.path,
            # Whoever wrote elsewhere is known by name only.
            func.coalesce(Person.name, events.c.data["alias"].as_string()),
            Circle.title,
            Circle.path,
            Thread.title,
            Thread.id,
            Comment.deleted_at.is_not(None),
            events.c.data["delta"].as_integer(),
            events.c.data["question"].as_boolean(),
            events.c.data["to"].as_string(),
        )
        .select_from(events)
        .outerjoin(Person, Person.id == events.c.actor_id)
        .outerjoin(Circle, and_(Circle.id == events.c.circle_id, Circle.id != events.c.subject_id))
        .outerjoin(Comment, and_(of_talk, Comment.id == events.c.object_id))
        .outerjoin(Thread, Thread.id == Comment.thread_id)
    )


@lru_cache(maxsize=512)
def _statement(names: frozenset[str], sort: str, with_minor: bool) -> Prepared:
    criteria = [shown(sort), *(_CRITERIA[name] for name in sorted(names))]
    if not with_minor:
        criteria.append(Event.minor.is_(false()))
    page = (
        _events(*criteria)
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(bindparam("limit", type_=Integer))
        .offset(bindparam("offset", type_=Integer))
        .subquery("page")
    )
    return Prepared(_lines(page), Change._make)  # a page of rows is put in order again more cheaply here than there


# What came in from elsewhere stands among the changes at its own day, and is no news.
_IS_NEWS = func.coalesce(Event.data["imported"].as_boolean(), false()).is_(false())


def _since() -> Select[Any]:
    seen = func.coalesce(select(Bookmark.seen_event_id).where(Bookmark.person_id == READER).scalar_subquery(), 0)
    followed = exists().where(
        Follow.person_id == READER, or_(Follow.subject_id == Event.subject_id, Follow.subject_id == Subject.circle_id)
    )
    by_others = or_(Event.actor_id.is_(None), Event.actor_id != READER)
    news = (
        _events(shown(), Event.minor.is_(false()), Event.id > seen, by_others, _IS_NEWS)
        .add_columns(followed.label("is_followed"), seen.label("after"))
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(NEWS_AT_MOST + 1)
        .subquery("news")
    )
    return (
        _lines(news)
        .add_columns(func.count().over().label("total"), func.max(news.c.id).over().label("newest"), news.c.after)
        .order_by(news.c.is_followed.desc(), news.c.at.desc(), news.c.id.desc())
        .limit(bindparam("limit", type_=Integer))
    )


_SINCE = Prepared(_since())
_CHOSEN = Prepared(
    _lines(_events(shown(), Event.id.in_(bindparam("ids", expanding=True))).subquery("chosen")), Change._make
)
