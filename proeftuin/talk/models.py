"""Threads and comments under a subject.

What must stay true: a comment keeps every version of its text and the capacity in which it was first written; a
deleted comment leaves a tombstone. A comment has an author, or an alias and no author at all.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from proeftuin.db import Base, enum_type
from proeftuin.past.tables import HasPast, OnlyGrows


class Capacity(StrEnum):
    """In which capacity a comment was written, as it was at that moment."""

    EMPLOYEE = "medewerker"
    NON_PARTICIPANT = "niet-deelnemer"
    PARTICIPANT = "deelnemer"
    TEAM = "proeftuinteam"
    WORKS_COUNCIL = "or"
    UNION = "bond"
    EMPLOYER = "werkgever"
    HR = "hr"
    EXTERNAL = "extern"


class ThreadState(StrEnum):
    """A thread is talk, or a question that is open or answered."""

    TALK = "talk"
    OPEN = "open"
    ANSWERED = "answered"


class Thread(HasPast, Base):
    """One conversation about one subject. Counters are kept so that lists need no counting."""

    __tablename__ = "thread"
    __table_args__ = (
        Index("ix_thread_subject_id_last_at", "subject_id", "last_at"),
        Index("ix_thread_state", "state", "opened_at"),
        CheckConstraint("state = 'talk' OR opened_at IS NOT NULL", name="question_has_day"),
    )
    # A title that went with its comment is gone on every day.
    __past_shown__ = {"title": "CASE WHEN {now[title]} = '' THEN '' ELSE {then[title]} END"}

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[ThreadState] = mapped_column(enum_type(ThreadState), default=ThreadState.TALK)
    asker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    last_at: Mapped[datetime]
    comments: Mapped[int] = mapped_column(default=0)


class Comment(HasPast, Base):
    """One contribution to a thread. The text of now is the newest version."""

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_thread_id", "thread_id"),
        Index("ix_comment_author_id", "author_id"),
        CheckConstraint("author_id IS NULL OR alias IS NULL", name="one_voice"),
    )
    # Whoever takes a comment back takes it back from every day.
    __past_shown__ = {
        "html": "CASE WHEN {now[deleted_at]} IS NULL THEN {then[html]} ELSE '' END",
        "is_answer": "({then[is_answer]} AND {now[deleted_at]} IS NULL)",
        "deleted_at": "coalesce({then[deleted_at]}, {now[deleted_at]})",
        "deleted_reason": "CASE WHEN {now[deleted_at]} IS NULL THEN {then[deleted_reason]}"
        " ELSE {now[deleted_reason]} END",
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    alias: Mapped[str | None] = mapped_column(String(60))
    capacity: Mapped[Capacity] = mapped_column(enum_type(Capacity))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    is_answer: Mapped[bool] = mapped_column(default=False)
    html: Mapped[str] = mapped_column(Text)
    versions: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    deleted_reason: Mapped[str] = mapped_column(String(300), default="")


class CommentVersion(OnlyGrows, Base):
    """The text of a comment as it was saved once. Never changed."""

    __tablename__ = "comment_version"
    __table_args__ = (UniqueConstraint("comment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
