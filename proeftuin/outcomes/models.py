"""The tables of what was measured: measures, publications with the figures of each measure, and the answers.

A measure is settled before the start; settling it anew is a new row, so what it was before stays. A publication and
its figures are written once: a better one comes after it and does not take its place. The figures hold only what may
be shown; screens, exports and statistics are made of them and of nothing else.

What must stay true: an answer is read by nobody but the act that publishes (`service.py`); it names a code, never a
person, and is kept apart, so that it can be destroyed in time while the figures stay. An intake is what one
researcher is about to publish; it lives a day at most.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from proeftuin.db import Base, enum_type
from proeftuin.frozen import Frozen
from proeftuin.outcomes.figures import Arm, Kind, Moment
from proeftuin.outcomes.statistics import Favourable
from proeftuin.past.tables import OnlyGrows


class Measure(Frozen, OnlyGrows, Base):
    """What is measured in a pilot, as it was settled at one moment; of each key the newest row counts. `smallest` is
    the smallest difference that is worth it: in the unit of the answers, for shares in percentage points."""

    __tablename__ = "outcome_measure"
    __table_args__ = (Index("ix_outcome_measure_pilot_id", "pilot_id"),)
    __added_at__ = "settled_at"

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilot.id"))
    key: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(160))
    scale: Mapped[str] = mapped_column(String(160), default="")
    kind: Mapped[Kind] = mapped_column(enum_type(Kind))
    favourable: Mapped[Favourable] = mapped_column(enum_type(Favourable))
    smallest: Mapped[float]
    is_primary: Mapped[bool]
    is_dropped: Mapped[bool] = mapped_column(default=False)
    settled_at: Mapped[datetime]
    settled_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Publication(Frozen, OnlyGrows, Base):
    """The outcomes of a pilot as they were published once. The four numbers are the flow of people, as far as it is
    known: who was invited, signed up, began and stopped. `digest` is the hash of the file."""

    __tablename__ = "outcome_publication"
    __table_args__ = (UniqueConstraint("pilot_id", "number"),)
    __added_at__ = "published_at"

    id: Mapped[int] = mapped_column(primary_key=True)
    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilot.id"))
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    published_on: Mapped[date]
    published_at: Mapped[datetime]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    small_group: Mapped[int]
    invited: Mapped[int | None]
    signed_up: Mapped[int | None]
    began: Mapped[int | None]
    stopped: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(64))


class Result(Frozen, OnlyGrows, Base):
    """The figures of one measure in one publication (`figures.as_data`), without what is too small to show."""

    __tablename__ = "outcome_result"
    __table_args__ = (UniqueConstraint("publication_id", "measure_id"),)
    __added_at__ = "published_at"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("outcome_publication.id"))
    measure_id: Mapped[int] = mapped_column(ForeignKey("outcome_measure.id"))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime]


class AnswerRow(Base):
    """What one respondent answered to one measure at one moment. `code` is "" when answers may not be linked."""

    __tablename__ = "outcome_answer"
    __table_args__ = (Index("ix_outcome_answer_publication_id", "publication_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("outcome_publication.id"))
    measure_id: Mapped[int] = mapped_column(ForeignKey("outcome_measure.id"))
    arm: Mapped[Arm] = mapped_column(enum_type(Arm))
    moment: Mapped[Moment] = mapped_column(enum_type(Moment))
    code: Mapped[str] = mapped_column(String(20))
    subgroup: Mapped[str] = mapped_column(String(60), default="")
    value: Mapped[float]


class Intake(Base):
    """A file that was read without an error and waits for its researcher to look at the counts and publish it."""

    __tablename__ = "outcome_intake"

    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilot.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    others: Mapped[int]
    began_at: Mapped[datetime]
