"""What stands above every tab of a pilot, and the pilot in full: each in one statement.

The wiki and the talk pages print the same head, so it is on the path of almost every page. What must stay true: it
is one statement that was built once; it counts only what the reader may read, and never who takes part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    String,
    and_,
    bindparam,
    column,
    exists,
    func,
    or_,
    select,
    table,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Department
from proeftuin.db import session
from proeftuin.errors import NotFound
from proeftuin.events.models import Audience, Subject
from proeftuin.pilots import course
from proeftuin.pilots.course import Badge, Period
from proeftuin.pilots.models import ParticipantCount, Participation, Pilot, PilotTheme, State, TeamMember, Theme
from proeftuin.pilots.plan import TEXTS
from proeftuin.pilots.policy import Standing, standing_of, visible_to
from proeftuin.talk.models import Thread

_SEPARATOR = "\n"  # no theme holds a line end
_CONCEPT_ADDRESS = re.compile(r"concept-([1-9][0-9]{0,8})")

# The packages above own these two tables; a head only counts in them (docs/decisions/0023).
_page = table("page", column("id"), column("kind", String))
_follow = table("follow", column("subject_id"), column("person_id"))


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above every tab of a pilot."""

    id: int
    slug: str
    code: str
    title: str
    path: str
    state: State
    state_since: date
    starts_on: date | None
    ends_on: date | None
    department: str | None
    themes: tuple[str, ...]
    progress: int
    pages: int
    talk: int
    is_following: bool
    standing: Standing

    @property
    def badge(self) -> Badge:
        """Return the state as a badge: kind, icon and word."""
        return course.badge(self.state)

    def period(self, today: date) -> Period | None:
        """Return when the pilot runs, seen from a day."""
        return course.period(self, today)


@dataclass(frozen=True, slots=True)
class Overview:
    """A pilot in full: its head, the plan by name of field, and how many take part (never who)."""

    head: Head
    plan: dict[str, str]
    participants: int
    max_participants: int | None


def themes_of(pilot_id: InstrumentedAttribute[int]) -> ScalarSelect[str | None]:
    """Return the themes of a pilot as one text, for `theme_names`."""
    names = (
        select(Theme.name)
        .join(PilotTheme, PilotTheme.theme_id == Theme.id)
        .where(PilotTheme.pilot_id == pilot_id)
        .correlate(Pilot)
        .order_by(Theme.position, Theme.name)
        .subquery()
    )
    return select(func.aggregate_strings(names.c.name, _SEPARATOR)).scalar_subquery()


def _count_pages(*extra: ColumnElement[bool]) -> ScalarSelect[int]:
    page_subject = aliased(Subject)
    return (
        select(func.count())
        .select_from(page_subject)
        .join(_page, _page.c.id == page_subject.id)
        .where(page_subject.circle_id == Pilot.id, _visible_alias(page_subject), *extra)
        .correlate(Pilot)
        .scalar_subquery()
    )


def _visible_alias(subject: type[Subject]) -> ColumnElement[bool]:
    """Return the reading rule for another occurrence of the subject table, for the bound reader."""
    member = exists().where(TeamMember.pilot_id == subject.circle_id, TeamMember.person_id == bindparam("reader"))
    return and_(subject.is_gone.is_(False), or_(subject.audience == Audience.EVERYONE, member))


def _head_rows() -> Select[Any]:
    reader: BindParameter[int] = bindparam("reader")
    talked_about = aliased(Subject)
    talk = (
        select(func.coalesce(func.sum(Thread.comments), 0))
        .join(talked_about, talked_about.id == Thread.subject_id)
        .where(talked_about.circle_id == Pilot.id, _visible_alias(talked_about))
        .correlate(Pilot)
        .scalar_subquery()
    )
    is_lead = (
        select(TeamMember.is_lead)
        .where(TeamMember.pilot_id == Pilot.id, TeamMember.person_id == reader)
        .correlate(Pilot)
        .scalar_subquery()
    )
    participates = exists().where(Participation.pilot_id == Pilot.id, Participation.person_id == reader)
    follows = exists().where(_follow.c.subject_id == Pilot.id, _follow.c.person_id == reader)
    return (
        select(
            *(getattr(Pilot, name) for name in ("id", "slug", "code", "title", "state", "state_since")),
            Pilot.starts_on,
            Pilot.ends_on,
            Subject.path,
            Department.name.label("department"),
            themes_of(Pilot.id).label("themes"),
            _count_pages(_page.c.kind == "voortgang").label("progress"),
            _count_pages().label("pages"),
            talk.label("talk"),
            is_lead.label("is_lead"),
            participates.label("participates"),
            follows.label("is_following"),
        )
        .join(Subject, Subject.id == Pilot.id)
        .outerjoin(Department, Department.id == Pilot.department_id)
        .where(visible_to(reader), or_(Pilot.slug == bindparam("slug"), Pilot.id == bindparam("concept")))
    )


_HEAD = _head_rows()
_OVERVIEW = _HEAD.add_columns(
    *(getattr(Pilot, name) for name in TEXTS),
    Pilot.max_participants,
    func.coalesce(
        select(ParticipantCount.number)
        .where(ParticipantCount.pilot_id == Pilot.id)
        .correlate(Pilot)
        .scalar_subquery(),
        0,
    ).label("participants"),
)


def concept_number(slug: str) -> int | None:
    """Return the number in an address of a concept, or None for another address."""
    match = _CONCEPT_ADDRESS.fullmatch(slug)
    return int(match[1]) if match else None


def get_head(actor: Actor, slug: str) -> Head:
    """Return what stands above every tab of a pilot, in one statement.

    :raises NotFound: when there is none, or the actor may not read it.
    """
    return _head(_row(_HEAD, actor, slug))


def get_overview(actor: Actor, slug: str) -> Overview:
    """Return a pilot in full, in one statement.

    :raises NotFound: when there is none, or the actor may not read it.
    """
    row = _row(_OVERVIEW, actor, slug)
    plan = {name: getattr(row, name) for name in TEXTS}
    return Overview(_head(row), plan, row.participants, row.max_participants)


def _row(query: Select[Any], actor: Actor, slug: str) -> Row[Any]:
    row = session().execute(query, {"reader": actor.id, "slug": slug, "concept": concept_number(slug)}).one_or_none()
    if row is None:
        raise NotFound
    return row


def _head(row: Row[Any]) -> Head:
    return Head(
        id=row.id,
        slug=row.slug,
        code=code_of(row),
        title=row.title,
        path=row.path,
        state=row.state,
        state_since=row.state_since,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        department=row.department,
        themes=theme_names(row),
        progress=row.progress,
        pages=row.pages,
        talk=row.talk,
        is_following=bool(row.is_following),
        standing=_standing(row),
    )


def code_of(row: Row[Any]) -> str:
    """Return the code of a pilot; a concept has none yet."""
    return "" if row.state is State.CONCEPT else row.code


def theme_names(row: Row[Any]) -> tuple[str, ...]:
    """Return the themes of a row that selected `themes_of`."""
    return tuple(row.themes.split(_SEPARATOR)) if row.themes else ()


def _standing(row: Row[Any]) -> Standing:
    return standing_of(row.is_lead, row.participates)
