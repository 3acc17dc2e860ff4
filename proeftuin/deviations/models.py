"""The tables of the register.

A deviation itself only points: everything that was agreed, said or done stands in rows that are written once
(`Frozen`): versions, positions, acts, reports. In which state a deviation was on a day, as known on a day, is
computed from those rows (`walk.py`), never read from a row of now; the columns of `Deviation` hold what the course
gives today, so that a list of many needs no computing.

Two days stand with everything: `on`, from which it counts, and `recorded_at`, since when the register knows.

What must stay true: no row tells who takes part, or who is a member of a union; a party's position is written by its
own signatory, or from a letter and then counts once that party confirmed it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from proeftuin.db import Base, enum_type
from proeftuin.deviations.vocabulary import (
    ActKind,
    Basis,
    ConditionKind,
    ConditionState,
    Consent,
    Direction,
    Duty,
    LegalOutcome,
    PositionStatus,
    Severity,
    ShownTo,
    State,
    VersionKind,
)
from proeftuin.frozen import Frozen


class Deviation(Base):
    """A temporary other rule for a limited group, of one pilot. It shares the number of its subject.

    `code` is given when it is first submitted ("AFW-2026-03"). From `state` on, the columns are what the course of
    today gives (`standing.refresh`): the version that governs, the one that waits for agreement, and its days.
    `turn` rises with every write, so that of two who act at once the second is told.
    """

    __tablename__ = "deviation"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        Index("ix_deviation_pilot_id", "pilot_id"),
        Index("ix_deviation_state", "state", "last_day"),
        Index("ix_deviation_turn", "turn"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilot.id"))
    year: Mapped[int | None]
    serial: Mapped[int | None]
    code: Mapped[str | None] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(160), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[State] = mapped_column(enum_type(State), default=State.CONCEPT)
    state_since: Mapped[date]
    governing: Mapped[int | None]
    waiting: Mapped[int | None]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    submitted_on: Mapped[date | None]
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    turn: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": turn}


class Draft(Base):
    """The version in preparation, as it was typed, right or wrong. One at a time; `edition` rises with every save.

    `fields` holds what `drafting.FIELDS` names; `assessment` the legal check, which only HR writes.
    """

    __tablename__ = "deviation_draft"

    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"), primary_key=True)
    kind: Mapped[VersionKind] = mapped_column(enum_type(VersionKind))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    assessment: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    edition: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Version(Frozen, Base):
    """A submitted version: every field of 3.4, frozen. `digest` is the hash of all of it, which the log seals."""

    __tablename__ = "deviation_version"
    __table_args__ = (
        UniqueConstraint("deviation_id", "number"),
        CheckConstraint("valid_from <= valid_until", name="in_order"),
        Index("ix_deviation_version_submitted_at", "submitted_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"))
    number: Mapped[int]
    kind: Mapped[VersionKind] = mapped_column(enum_type(VersionKind))
    title: Mapped[str] = mapped_column(String(160))
    change_note: Mapped[str] = mapped_column(Text, default="")
    submitted_on: Mapped[date]
    submitted_at: Mapped[datetime]
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    respond_by: Mapped[date]
    cao_version_id: Mapped[int] = mapped_column(ForeignKey("cao_version.id"))
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    group: Mapped[str] = mapped_column(Text)
    max_participants: Mapped[int]
    selection: Mapped[str] = mapped_column(Text, default="")
    is_voluntary: Mapped[bool]
    direction: Mapped[Direction] = mapped_column(enum_type(Direction))
    direction_note: Mapped[str] = mapped_column(Text, default="")
    subgroups: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    shifts: Mapped[str] = mapped_column(Text, default="")
    guarantee: Mapped[str] = mapped_column(Text, default="")
    fallback_person: Mapped[str] = mapped_column(Text, default="")
    fallback_all: Mapped[str] = mapped_column(Text, default="")
    legal_outcome: Mapped[LegalOutcome] = mapped_column(enum_type(LegalOutcome))
    legal_references: Mapped[list[str]] = mapped_column(JSON, default=list)
    legal_note: Mapped[str] = mapped_column(Text, default="")
    legal_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    legal_on: Mapped[date]
    equal_treatment: Mapped[str] = mapped_column(Text, default="")
    consent: Mapped[Consent] = mapped_column(enum_type(Consent))
    consent_ground: Mapped[str] = mapped_column(String(120), default="")
    consent_reason: Mapped[str] = mapped_column(Text, default="")
    basis: Mapped[Basis] = mapped_column(enum_type(Basis))
    basis_reason: Mapped[str] = mapped_column(Text, default="")
    parties_reason: Mapped[str] = mapped_column(Text, default="")
    evaluate_by: Mapped[date | None]
    reporting: Mapped[str] = mapped_column(Text, default="")
    annexes_shown_to: Mapped[ShownTo] = mapped_column(enum_type(ShownTo), default=ShownTo.EVERYONE)
    employer_ends_at_once: Mapped[bool] = mapped_column(default=True)
    digest: Mapped[str] = mapped_column(String(64))


class Rule(Frozen, Base):
    """One paragraph of the cao that a version sets aside: the literal text of the cao, and what applies instead."""

    __tablename__ = "deviation_rule"
    __table_args__ = (
        UniqueConstraint("version_id", "article_key", "paragraph"),
        Index("ix_deviation_rule_article_key", "article_key", "paragraph"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("deviation_version.id"))
    position: Mapped[int]
    article_key: Mapped[str] = mapped_column(String(60))
    article_number: Mapped[str] = mapped_column(String(20))
    paragraph: Mapped[str] = mapped_column(String(20))
    cao_text: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class Asked(Frozen, Base):
    """A party of which a version asks a position, or which is only informed."""

    __tablename__ = "deviation_asked"

    version_id: Mapped[int] = mapped_column(ForeignKey("deviation_version.id"), primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), primary_key=True)
    duty: Mapped[Duty] = mapped_column(enum_type(Duty))


class Condition(Frozen, Base):
    """A condition of a version. With `every_months` it comes back after `due_on` until the last day."""

    __tablename__ = "deviation_condition"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("deviation_version.id"))
    position: Mapped[int]
    kind: Mapped[ConditionKind] = mapped_column(enum_type(ConditionKind))
    text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    every_months: Mapped[int] = mapped_column(default=0)


class ConditionReport(Frozen, Base):
    """What was reported of a condition, for the time it was due on a day."""

    __tablename__ = "deviation_condition_report"
    __table_args__ = (Index("ix_deviation_condition_report_condition_id", "condition_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    condition_id: Mapped[int] = mapped_column(ForeignKey("deviation_condition.id"))
    due_on: Mapped[date]
    state: Mapped[ConditionState] = mapped_column(enum_type(ConditionState))
    on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class Position(Frozen, Base):
    """What a party said of one version: decided on a day, recorded at a moment, by a signatory with a mandate.

    One that was entered from a letter (`is_letter`) counts once there is a `Confirmation`. `serial` counts the
    positions of a party on a version, so that two signatories at once cannot both write the next one.
    """

    __tablename__ = "deviation_position"
    __table_args__ = (UniqueConstraint("version_id", "party_id", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("deviation_version.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    serial: Mapped[int]
    status: Mapped[PositionStatus] = mapped_column(enum_type(PositionStatus))
    decided_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    is_letter: Mapped[bool] = mapped_column(default=False)
    signatory: Mapped[str] = mapped_column(String(120), default="")
    function: Mapped[str] = mapped_column(String(120), default="")
    direction: Mapped[Direction | None] = mapped_column(enum_type(Direction))
    reservation: Mapped[str] = mapped_column(Text, default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    remark_shown_to: Mapped[ShownTo] = mapped_column(enum_type(ShownTo), default=ShownTo.EVERYONE)
    document: Mapped[str] = mapped_column(String(200), default="")
    document_digest: Mapped[str] = mapped_column(String(64), default="")


class Confirmation(Frozen, Base):
    """A party's own signatory says whether a position that was entered from a letter is theirs."""

    __tablename__ = "deviation_confirmation"

    position_id: Mapped[int] = mapped_column(ForeignKey("deviation_position.id"), primary_key=True)
    is_ours: Mapped[bool]
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class Act(Frozen, Base):
    """Something that was done with a deviation, from a day on, by someone, for a party or not, with a reason.

    `data` holds what the kind asks besides: of a fallback statement `stopped_on`, `restored`, `open`, `is_complete`;
    of a report `severity`, `about`; of what was handled `report` (the number of the act).
    """

    __tablename__ = "deviation_act"
    __table_args__ = (Index("ix_deviation_act_deviation_id", "deviation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"))
    version: Mapped[int | None]
    kind: Mapped[ActKind] = mapped_column(enum_type(ActKind))
    on: Mapped[date]
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    severity: Mapped[Severity | None] = mapped_column(enum_type(Severity))
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class Announced(Frozen, Base):
    """A step of the course that was told: it was entered in the log, and what follows from it was done.

    `occurrence` counts steps that are otherwise the same: suspended, resumed and suspended again on one day.
    """

    __tablename__ = "deviation_announced"

    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(8), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    occurrence: Mapped[int] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime]


class Alert(Base):
    """Something a monitor must know. `key` makes one alert of one cause; red ones are closed by a monitor only.

    `settled_on` is the day on which its cause was gone, `closed_at` when somebody closed it, with a note.
    """

    __tablename__ = "deviation_alert"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_deviation_alert_deviation_id", "deviation_id"),
        Index("ix_deviation_alert_open", "closed_at", "settled_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(40))
    level: Mapped[str] = mapped_column(String(10))
    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    on: Mapped[date]
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    recorded_at: Mapped[datetime]
    settled_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closing_note: Mapped[str] = mapped_column(Text, default="")
