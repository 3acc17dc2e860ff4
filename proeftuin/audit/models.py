"""The tables of the sealed log.

What must stay true: rows are only added (triggers in the database refuse every change, on SQLite and PostgreSQL);
places have no gaps; an entry names the hash of the one before it. The one thing that may go is what an entry holds
(`log_content`), and only after `log_erasure` says so. Moments are the very text that is hashed. `log_comment` and
`log_alert` are no part of what is sealed: they say how to check it, and what the check found.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from proeftuin.db import Base

MOMENT = 27
HASH = 64


class LogEntry(Base):
    """One formal act. `content` is the salted hash of what it holds, `hash` that of the leaf of the tree."""

    __tablename__ = "log_entry"
    __table_args__ = (Index("ix_log_entry_at", "at"), Index("ix_log_entry_subject_object", "subject", "object"))

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(MOMENT))
    act: Mapped[str] = mapped_column(String(40))
    subject: Mapped[int | None] = mapped_column(ForeignKey("subject.id"))
    object: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(32))
    role: Mapped[str] = mapped_column(String(40))
    party: Mapped[str] = mapped_column(String(120))
    content: Mapped[str] = mapped_column(String(HASH))
    previous: Mapped[str] = mapped_column(String(HASH))
    hash: Mapped[str] = mapped_column(String(HASH))


class LogContent(Base):
    """What an entry holds, and the salt without which its hash tells nothing. Both go together, or neither."""

    __tablename__ = "log_content"

    position: Mapped[int] = mapped_column(ForeignKey("log_entry.position"), primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(HASH))
    content: Mapped[str] = mapped_column(Text)


class LogErasure(Base):
    """The mark that what an entry held was erased; `entry` is the place of the entry that says why."""

    __tablename__ = "log_erasure"

    position: Mapped[int] = mapped_column(ForeignKey("log_entry.position"), primary_key=True, autoincrement=False)
    entry: Mapped[int] = mapped_column(ForeignKey("log_entry.position"))


class LogActor(Base):
    """Who hides behind a random reference: one for each person and subject, so the log is no file on a person."""

    __tablename__ = "log_actor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    reference: Mapped[str] = mapped_column(String(32), unique=True)


class LogNode(Base):
    """The hash of a complete subtree. `place` numbers the nodes of the tree from left to right (see tree.py)."""

    __tablename__ = "log_node"

    place: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class LogSeal(Base):
    """How the log stood at the end of a day, and when that was really written down. `line` is what was mailed."""

    __tablename__ = "log_seal"

    day: Mapped[date] = mapped_column(primary_key=True)
    size: Mapped[int]
    root: Mapped[str] = mapped_column(String(HASH))
    head: Mapped[str] = mapped_column(String(HASH))
    made: Mapped[str] = mapped_column(String(MOMENT))
    previous: Mapped[str] = mapped_column(String(HASH))


class LogComment(Base):
    """With which salt a version of a comment stands in a batch of the log. The salt goes when the comment is taken
    away, so that its hash tells nothing any more; the row stays and says that this was in the open."""

    __tablename__ = "log_comment"
    __table_args__ = (Index("ix_log_comment_position", "position"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("comment_version.id"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(ForeignKey("log_entry.position"))
    salt: Mapped[str | None] = mapped_column(String(HASH))


class LogAlert(Base):
    """The check of the night found that the log is not as it was sealed. It stays until a monitor closes it.

    `key` stands for what was found, `settled_on` is the day on which the log was right again.
    """

    __tablename__ = "log_alert"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(HASH))
    on: Mapped[date]
    findings: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    recorded_at: Mapped[datetime]
    settled_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closing_note: Mapped[str] = mapped_column(Text, default="")
