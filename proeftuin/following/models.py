"""Who follows what, what they were told, and where they left off. All of it is private to that person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from proeftuin.db import Base


class Follow(Base):
    """A person wants to hear of a subject; following a pilot includes its pages."""

    __tablename__ = "follow"
    __table_args__ = (UniqueConstraint("subject_id", "person_id"), Index("ix_follow_person_id", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    since: Mapped[datetime]


class Notice(Base):
    """A person was told of an event, once. Nobody else can see whether it was read."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "event_id"),
        Index("ix_notice_person_id_is_read", "person_id", "is_read"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    is_read: Mapped[bool] = mapped_column(default=False)


class Bookmark(Base):
    """Up to which event a person had seen the news at the visit before this one."""

    __tablename__ = "bookmark"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    seen_event_id: Mapped[int]
    latest_event_id: Mapped[int]
    moved_at: Mapped[datetime]


class FeedKey(Base):
    """A secret in the address with which a feed reader may read what its owner may read."""

    __tablename__ = "feed_key"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
