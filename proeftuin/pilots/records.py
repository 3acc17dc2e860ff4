"""What belongs to a pilot beside its plan, read for its screens: team, steps, risks, promises, questions, history.

What must stay true: each list is one statement; the history holds only what the reader may read. Participations are
no record: nobody can list them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, String, cast, column, func, literal, null, select, table, union_all
from sqlalchemy.orm import aliased

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Party, Person
from proeftuin.accounts.names import look_alike_key
from proeftuin.db import session
from proeftuin.errors import NotFound
from proeftuin.events.models import Subject
from proeftuin.naming import title_key
from proeftuin.past.day import is_past
from proeftuin.pilots.models import Pilot, Promise, PromiseState, Risk, State, TeamMember, Transition
from proeftuin.pilots.policy import visible_subjects
from proeftuin.talk.capacities import Marks, marks_of
from proeftuin.talk.models import Comment, Thread, ThreadState
from proeftuin.talk.texts import first_words


@dataclass(frozen=True, slots=True)
class Member:
    """Someone of the team."""

    person_id: int
    name: str
    function: str
    is_lead: bool
    since: date


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step that was made: from which state to which, when, why and by whom."""

    from_state: State | None
    to_state: State
    on: date
    reason: str
    statements: dict[str, Any]
    by: str | None
    second_reader: str | None


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A risk that still counts."""

    id: int
    risk: str
    measure: str
    owner: str | None


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A promise, with its owner by name."""

    id: int
    text: str
    note: str
    owner: str | None
    due_on: date
    state: PromiseState
    settled_on: date | None

    def is_late(self, today: date) -> bool:
        """Return whether the promise is open and its day has passed."""
        return self.state is PromiseState.OPEN and self.due_on < today

    @property
    def kept_late(self) -> bool:
        """Return whether the promise was kept after its day."""
        return self.state is PromiseState.KEPT and self.settled_on is not None and self.settled_on > self.due_on


@dataclass(frozen=True, slots=True)
class Commitments:
    """The risks and promises of a pilot: promises with what is late first, then by day."""

    risks: Sequence[RiskLine]
    promises: Sequence[PromiseLine]


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a colleague, open or answered."""

    thread_id: int
    text: str
    name: str
    marks: Marks
    at: datetime
    is_open: bool

    def days(self, today: date) -> int:
        """Return for how many days it has waited."""
        return (today - clock.day_of(self.at)).days


def list_team(pilot_id: int) -> Sequence[Member]:
    """Return the team: leads first, then by name."""
    team = _TEAM_THEN if is_past() else TeamMember.__table__
    query = (
        select(Person.id, Person.name, Person.function, team.c.is_lead, team.c.since)
        .join(team, team.c.person_id == Person.id)
        .where(team.c.pilot_id == pilot_id)
        .order_by(team.c.is_lead.desc(), Person.name)
    )
    return [Member(*row) for row in session().execute(query)]


# The table of the team tells who may read, and that is who is in it now; this is who was in it then.
_TEAM_THEN = table(
    TeamMember.__past_name__,
    column("pilot_id"),
    column("person_id"),
    column("is_lead", Boolean),
    column("since", Date),
)


def list_steps_taken(pilot_id: int) -> Sequence[StepTaken]:
    """Return the steps of a pilot in the order in which they were made."""
    reader = aliased(Person)
    query = (
        select(
            Transition.from_state,
            Transition.to_state,
            Transition.on,
            Transition.reason,
            Transition.statements,
            Person.name,
            reader.name,
        )
        .outerjoin(Person, Person.id == Transition.actor_id)
        .outerjoin(reader, reader.id == Transition.second_reader_id)
        .where(Transition.pilot_id == pilot_id)
        .order_by(Transition.on, Transition.id)
    )
    return [StepTaken(*row) for row in session().execute(query)]


def list_commitments(pilot_id: int) -> Commitments:
    """Return the risks that count and all promises of a pilot, in one statement."""
    risks = select(
        literal("risk").label("kind"),
        Risk.id,
        Risk.risk.label("text"),
        Risk.measure.label("note"),
        Risk.owner_id,
        cast(null(), Date).label("due_on"),
        cast(null(), String).label("state"),
        cast(null(), Date).label("settled_on"),
    ).where(Risk.pilot_id == pilot_id, Risk.withdrawn_on.is_(None))
    promises = select(
        literal("promise"),
        Promise.id,
        Promise.text,
        Promise.note,
        Promise.owner_id,
        Promise.due_on,
        cast(Promise.state, String),
        Promise.settled_on,
    ).where(Promise.pilot_id == pilot_id)
    both = union_all(risks, promises).subquery()
    query = select(both, Person.name).outerjoin(Person, Person.id == both.c.owner_id).order_by(both.c.id)
    rows = session().execute(query).all()
    return Commitments(
        [RiskLine(row.id, row.text, row.note, row.name) for row in rows if row.kind == "risk"],
        sorted((_promise(row) for row in rows if row.kind == "promise"), key=_urgency),
    )


def _promise(row: Any) -> PromiseLine:
    return PromiseLine(row.id, row.text, row.note, row.name, row.due_on, PromiseState(row.state), row.settled_on)


def _urgency(promise: PromiseLine) -> tuple[bool, int]:
    """Return the order of promises: open ones by day, then settled ones with the latest first."""
    if promise.state is PromiseState.OPEN:
        return False, promise.due_on.toordinal()
    return True, -(promise.settled_on or promise.due_on).toordinal()


def get_risk(pilot: Pilot, risk_id: int) -> Risk:
    """Return a risk of a pilot that still counts.

    :raises NotFound: when the pilot has no such risk.
    """
    risk = session().get(Risk, risk_id)
    if risk is None or risk.pilot_id != pilot.id or risk.withdrawn_on is not None:
        raise NotFound
    return risk


def get_promise(pilot: Pilot, promise_id: int) -> Promise:
    """Return a promise of a pilot.

    :raises NotFound: when the pilot has no such promise.
    """
    promise = session().get(Promise, promise_id)
    if promise is None or promise.pilot_id != pilot.id:
        raise NotFound
    return promise


def list_questions(actor: Actor, pilot_id: int, *, limit: int = 3) -> Sequence[Question]:
    """Return the questions about a pilot and its readable pages: open ones first, then the newest."""
    first = select(func.min(Comment.id)).where(Comment.thread_id == Thread.id).correlate(Thread).scalar_subquery()
    query = (
        select(Thread, Comment, Person.name.label("author"), Party.name.label("party"))
        .join(Subject, Subject.id == Thread.subject_id)
        .join(Comment, Comment.id == first)
        .outerjoin(Person, Person.id == Comment.author_id)
        .outerjoin(Party, Party.id == Comment.party_id)
        .where(
            Subject.circle_id == pilot_id,
            visible_subjects(actor),
            Thread.state != ThreadState.TALK,
            Comment.deleted_at.is_(None),
        )
        .order_by((Thread.state == ThreadState.ANSWERED), Thread.opened_at.desc(), Thread.id.desc())
        .limit(limit)
    )
    return [_question(row) for row in session().execute(query)]


def _question(row: Any) -> Question:
    thread, comment = row.Thread, row.Comment
    return Question(
        thread_id=thread.id,
        text=first_words(comment.html),
        name=comment.alias or row.author or "",
        marks=marks_of(comment.capacity, alias=comment.alias, party_name=row.party),
        at=thread.opened_at,
        is_open=thread.state is ThreadState.OPEN,
    )


def find_person_named(text: str) -> Person | None:
    """Return the person whose name or e-mail address was typed, whatever its case and accents, or None."""
    typed = text.strip()
    keys = {title_key(typed), look_alike_key(typed)}
    query = select(Person).where(Person.name_key.in_(keys) | (Person.email == typed.lower()))
    return session().scalars(query.where(Person.blocked_at.is_(None)).limit(1)).first()
