"""The pilot and what belongs to it.

What must stay true: a state changes only through a transition with a day and a reason, and every transition is
kept; a participation is private and leaves no row behind when someone stops, only a count.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from proeftuin.db import Base, enum_type
from proeftuin.past.tables import HasPast, OnlyGrows


class State(StrEnum):
    """The states of a pilot (domain dossier 5.1)."""

    CONCEPT = "concept"
    PREPARATION = "voorbereiding"
    RUNNING = "lopend"
    PAUSED = "gepauzeerd"
    COMPLETED = "afgerond"
    STOPPED = "afgebroken"
    EVALUATED = "geevalueerd"
    ARCHIVED = "gearchiveerd"
    NEVER_STARTED = "niet_gestart"


class Theme(HasPast, Base):
    """A subject of experiments: appraisal, reward, career. The list is the company's own."""

    __tablename__ = "theme"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    closed_on: Mapped[date | None]


class Pilot(HasPast, Base):
    """One experiment of one department. The eight questions of its plan are the columns `question` to
    `change_of_mind`; `version` rises with every change so that two people cannot overwrite each other."""

    __tablename__ = "pilot"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index("ix_pilot_state", "state"),
        Index("ix_pilot_department_id", "department_id"),
    )
    # On which day somebody stopped is to be found nowhere; how many took part stands in `ParticipantCount`.
    __past_never__ = frozenset({"stopped_early", "counted_elsewhere"})

    id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    title_key: Mapped[str] = mapped_column(String(120), unique=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    state: Mapped[State] = mapped_column(enum_type(State), default=State.CONCEPT)
    state_since: Mapped[date]
    summary: Mapped[str] = mapped_column(Text, default="")
    motive: Mapped[str] = mapped_column(Text, default="")
    changes: Mapped[str] = mapped_column(Text, default="")
    stays: Mapped[str] = mapped_column(Text, default="")
    question: Mapped[str] = mapped_column(Text, default="")
    hypothesis: Mapped[str] = mapped_column(Text, default="")
    measure: Mapped[str] = mapped_column(Text, default="")
    measurement: Mapped[str] = mapped_column(Text, default="")
    comparison: Mapped[str] = mapped_column(Text, default="")
    what_can_go_wrong: Mapped[str] = mapped_column(Text, default="")
    fallback: Mapped[str] = mapped_column(Text, default="")
    change_of_mind: Mapped[str] = mapped_column(Text, default="")
    voluntariness: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    max_participants: Mapped[int | None]
    counted_elsewhere: Mapped[int] = mapped_column(default=0)
    stopped_early: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class PilotTheme(HasPast, Base):
    """A pilot belongs to a theme; it may belong to several."""

    __tablename__ = "pilot_theme"

    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilot.id"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), primary_key=True)


class PlanForm(Base):
    """A form in which one person is writing a plan. `base` holds a fingerprint of every field as this form last knew
    it, so that a form that saves itself while someone types builds on its own last save, and the form of a new pilot
    makes one pilot however often it is sent."""

    __tablename__ = "plan_form"
    __table_args__ = (Index("ix_plan_form_pilot_id", "pilot_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilot.id"))
    base: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


class TeamMember(HasPast, Base):
    """A person writes the pilot's pages and answers for them; the lead answers for the whole."""

    __tablename__ = "team_member"
    __table_args__ = (
        UniqueConstraint("pilot_id", "person_id"),
        Index("ix_team_member_person_id", "person_id"),
    )
    # Statements that ask who may read go on reading the team of now, on whatever day (`records.list_team` does not).
    __past_name__ = "team_member_then"

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilot.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    is_lead: Mapped[bool] = mapped_column(default=False)
    since: Mapped[date]


class Participation(Base):
    """A person takes part. Seen by that person only; everyone else sees a number (domain dossier 8.3)."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("pilot_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilot.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    since: Mapped[date]


class ParticipantCount(HasPast, Base):
    """How many take part in a pilot, those who are counted outside the system included. Its past is a number for each
    day on which it changed, without people (domain dossier 8.3)."""

    __tablename__ = "participant_count"

    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilot.id"), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class Transition(OnlyGrows, Base):
    """A pilot went from one state to another on a day, for a reason. Never changed. `statements` is what had to be
    said at this step besides the reason: that participants were told, why nothing was measured."""

    __tablename__ = "transition"
    __table_args__ = (Index("ix_transition_pilot_id", "pilot_id"),)
    __added_at__ = "recorded_at"

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilot.id"))
    from_state: Mapped[State | None] = mapped_column(enum_type(State, "from_state"))
    to_state: Mapped[State] = mapped_column(enum_type(State))
    on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text, default="")
    statements: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    second_reader_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class Risk(HasPast, Base):
    """Something that may go wrong, what is done about it and who sees to that."""

    __tablename__ = "risk"
    __table_args__ = (Index("ix_risk_pilot_id", "pilot_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilot.id"))
    risk: Mapped[str] = mapped_column(Text)
    measure: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_on: Mapped[date | None]


class PromiseState(StrEnum):
    """A promise is open, kept, or withdrawn with a reason. Late follows from the day."""

    OPEN = "open"
    KEPT = "nagekomen"
    WITHDRAWN = "ingetrokken"


class Promise(HasPast, Base):
    """What someone of the team will have done by when."""

    __tablename__ = "promise"
    __table_args__ = (
        Index("ix_promise_pilot_id", "pilot_id"),
        CheckConstraint("state <> 'nagekomen' OR settled_on IS NOT NULL", name="kept_has_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilot.id"))
    text: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    state: Mapped[PromiseState] = mapped_column(enum_type(PromiseState), default=PromiseState.OPEN)
    settled_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
