"""The pilots of the front page: cards, the filters in the address, and questions that wait.

What must stay true: the number of statements does not grow with the number of pilots, and what the reader may not
read is neither listed nor counted.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Select, String, bindparam, func, or_, select

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Department
from proeftuin.db import session
from proeftuin.events.models import Subject
from proeftuin.pilots import course
from proeftuin.pilots.course import Badge, Period
from proeftuin.pilots.heads import code_of, theme_names, themes_of
from proeftuin.pilots.models import Pilot, PilotTheme, State, Theme
from proeftuin.pilots.policy import visible_subjects, visible_to
from proeftuin.prepared import Prepared
from proeftuin.talk.models import Thread, ThreadState
from proeftuin.talk.reading import OpenQuestions

__all__ = [
    "Card",
    "Filters",
    "OpenQuestions",
    "Phase",
    "count_states",
    "list_cards",
    "open_questions",
]


class Phase(StrEnum):
    """The phases by which the front page can be filtered."""

    ACTIVE = "actief"
    RUNNING = "lopend"
    PAUSED = "gepauzeerd"
    PREPARATION = "voorbereiding"
    DONE = "klaar"
    CONCEPT = "concept"

    @property
    def states(self) -> tuple[State, ...]:
        """Return the states that belong to the phase."""
        done = (State.COMPLETED, State.STOPPED, State.EVALUATED, State.ARCHIVED, State.NEVER_STARTED)
        return {
            Phase.ACTIVE: (State.RUNNING, State.PAUSED, State.PREPARATION),
            Phase.RUNNING: (State.RUNNING,),
            Phase.PAUSED: (State.PAUSED,),
            Phase.PREPARATION: (State.PREPARATION,),
            Phase.DONE: done,
            Phase.CONCEPT: (State.CONCEPT,),
        }[self]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address of the front page asks for; themes and departments by their key, "" for all."""

    theme: str = ""
    department: str = ""
    phase: Phase = Phase.ACTIVE


@dataclass(frozen=True, slots=True)
class Card:
    """A pilot on the front page."""

    id: int
    code: str
    title: str
    path: str
    state: State
    state_since: date
    starts_on: date | None
    ends_on: date | None
    summary: str
    department: str | None
    themes: tuple[str, ...]

    @property
    def badge(self) -> Badge:
        """Return the state as a badge: kind, icon and word."""
        return course.badge(self.state)

    def period(self, today: date) -> Period | None:
        """Return when the pilot runs, seen from a day."""
        return course.period(self, today)

    def lacks_evaluation(self, today: date) -> bool:
        """Return whether the pilot ended so long ago that its evaluation is missed."""
        return course.lacks_evaluation(self, today)


def _card_rows() -> Select[Any]:
    return (
        select(
            *(
                getattr(Pilot, name)
                for name in ("id", "code", "title", "state", "state_since", "starts_on", "ends_on")
            ),
            Pilot.summary,
            Subject.path,
            Department.name.label("department"),
            themes_of(Pilot.id).label("themes"),
        )
        .join(Subject, Subject.id == Pilot.id)
        .outerjoin(Department, Department.id == Pilot.department_id)
        .where(visible_to(bindparam("reader")))
    )


@cache
def _cards(is_themed: bool, is_of_department: bool) -> Prepared:
    query = _card_rows().where(Pilot.state.in_(bindparam("states", expanding=True)))
    if is_themed:
        themed = select(PilotTheme.pilot_id).join(Theme, Theme.id == PilotTheme.theme_id)
        query = query.where(Pilot.id.in_(themed.where(Theme.key == bindparam("theme"))))
    if is_of_department:
        key = bindparam("department_key", type_=String)
        whole = select(Department.id).where(Department.key == key).scalar_subquery()
        query = query.where(or_(Department.key == key, Department.parent_id == whole))
    return Prepared(query)


def list_cards(actor: Actor, filters: Filters) -> list[Card]:
    """Return the pilots that the actor may read and the filters let through: running first, then by title.

    What is done comes newest first. A department stands for its parts too.
    """
    given: dict[str, Any] = {"reader": actor.id, "states": filters.phase.states}
    if filters.theme:
        given["theme"] = filters.theme
    if filters.department:
        given["department_key"] = filters.department
    rows = _cards(bool(filters.theme), bool(filters.department)).rows(**given)
    order = {state: position for position, state in enumerate(filters.phase.states)}
    if filters.phase is Phase.DONE:
        rows = sorted(rows, key=lambda row: (row.state_since, row.id), reverse=True)
    else:
        rows = sorted(rows, key=lambda row: (order[row.state], row.title))
    return [
        Card(
            id=row.id,
            code=code_of(row),
            title=row.title,
            path=row.path,
            state=row.state,
            state_since=row.state_since,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            summary=row.summary,
            department=row.department,
            themes=theme_names(row),
        )
        for row in rows
    ]


def count_states(actor: Actor) -> dict[State, int]:
    """Count the pilots that the actor may read, by state."""
    query = (
        select(Pilot.state, func.count())
        .join(Subject, Subject.id == Pilot.id)
        .where(visible_subjects(actor))
        .group_by(Pilot.state)
    )
    return dict(session().execute(query).all())


def open_questions(actor: Actor, pilot_ids: Collection[int]) -> dict[int, OpenQuestions]:
    """Return for each pilot with unanswered questions how many there are, its readable pages included."""
    if not pilot_ids:
        return {}
    rows = _OPEN_QUESTIONS.rows(reader=actor.id, pilots=list(pilot_ids))
    return {pilot_id: OpenQuestions.since(n, oldest) for pilot_id, n, oldest in rows if pilot_id is not None}


_OPEN_QUESTIONS = Prepared(
    select(Subject.circle_id, func.count(), func.min(Thread.opened_at))
    .join(Subject, Subject.id == Thread.subject_id)
    .where(
        Thread.state == ThreadState.OPEN,
        Subject.circle_id.in_(bindparam("pilots", expanding=True)),
        visible_to(bindparam("reader")),
    )
    .group_by(Subject.circle_id)
)
