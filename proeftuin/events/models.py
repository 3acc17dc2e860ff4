"""The spine: subjects, what happened to them, and the jobs that follow from it.

A subject is anything that has a history, can be followed and talked about: a pilot, a page, the site itself.
A pilot, a page and a deviation share the primary key of their subject, so one number points at one thing everywhere:
in events, threads, follows, notices and the search index.

What must stay true: an event is never changed or removed; who may read an event is who may read its subject.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from proeftuin.db import Base, enum_type
from proeftuin.past.tables import HasPast, OnlyGrows


class SubjectKind(StrEnum):
    SITE = "site"
    PILOT = "pilot"
    PAGE = "page"
    DEVIATION = "deviation"


class Audience(StrEnum):
    """Who may read: every employee, or the team of the circle."""

    EVERYONE = "everyone"
    TEAM = "team"


class Subject(HasPast, Base):
    """One thing with a history. `circle_id` is the pilot whose team reads it when the audience is the team.

    `is_gone` says that it was taken away: it stands in no list any more, and its address tells what became of it.
    """

    __tablename__ = "subject"
    __table_args__ = (
        CheckConstraint("audience = 'everyone' OR circle_id IS NOT NULL", name="team_has_circle"),
        Index("ix_subject_circle_id", "circle_id"),
    )
    # Of the past one reads what one may read now and might read then.
    __past_shown__ = {
        "audience": "CASE WHEN {then[audience]} = 'team' OR coalesce({now[audience]}, 'team') = 'team' THEN 'team'"
        " ELSE 'everyone' END",
        "is_gone": "({then[is_gone]} OR coalesce({now[is_gone]}, true))",
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SubjectKind] = mapped_column(enum_type(SubjectKind))
    title: Mapped[str] = mapped_column(String(200))
    path: Mapped[str] = mapped_column(String(300))
    audience: Mapped[Audience] = mapped_column(enum_type(Audience), default=Audience.EVERYONE)
    circle_id: Mapped[int | None] = mapped_column(ForeignKey("subject.id"))
    is_gone: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]


class Event(OnlyGrows, Base):
    """Something that happened to a subject, by whom, in one line. Never changed, never removed."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_subject_id_id", "subject_id", "id"),
        Index("ix_event_kind_id", "kind", "id"),
        Index("ix_event_at", "at"),
    )
    __added_at__ = "at"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    object_id: Mapped[int | None]
    summary: Mapped[str] = mapped_column(String(300), default="")
    minor: Mapped[bool] = mapped_column(default=False)
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Job(Base):
    """Something to do after the commit, at least once. `key` lets equal waiting jobs be one."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_due_at", "due_at"),
        Index("ix_job_kind_key", "kind", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(80), default="")
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
