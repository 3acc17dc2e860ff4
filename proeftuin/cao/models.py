"""The tables of the cao: the agreement, its published versions with their text, and texts in preparation.

What must stay true: what was published is never changed or removed (`frozen` refuses it): a correction is a new
version that names the one it corrects, and why. A text in preparation is nobody's history and changes until it is
published.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from proeftuin.cao.structure import Character, Nature
from proeftuin.db import Base, enum_type
from proeftuin.frozen import Frozen
from proeftuin.past.tables import OnlyGrows


class Agreement(Frozen, OnlyGrows, Base):
    """A cao. One company has one; its versions follow each other."""

    __tablename__ = "cao_agreement"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    created_at: Mapped[datetime]


class Version(Frozen, OnlyGrows, Base):
    """A published version: valid from a day through a day (both included), and known since `published_at`.

    What the parties agreed about deviations stands in the version, because it is part of what they signed.
    """

    __tablename__ = "cao_version"
    __table_args__ = (
        UniqueConstraint("agreement_id", "number"),
        CheckConstraint("valid_from <= valid_until", name="in_order"),
        CheckConstraint("(corrects_id IS NULL) = (correction_reason = '')", name="correction_has_reason"),
        Index("ix_cao_version_valid_from", "valid_from", "valid_until"),
        Index("ix_cao_version_corrects_id", "corrects_id", unique=True),
    )
    __added_at__ = "published_at"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("cao_agreement.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(60), default="")
    label: Mapped[str] = mapped_column(String(60))
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    notified_on: Mapped[date | None]
    confirmed_on: Mapped[date | None]
    default_character: Mapped[Character] = mapped_column(enum_type(Character))
    decision_rule: Mapped[str] = mapped_column(String(200), default="")
    max_deviation_months: Mapped[int]
    notice_days: Mapped[int]
    reconfirm_days: Mapped[int]
    ends_with_cao: Mapped[bool]
    silent_agreement: Mapped[bool]
    is_retroactive: Mapped[bool]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("cao_version.id"))
    correction_reason: Mapped[str] = mapped_column(String(500), default="")
    source: Mapped[str] = mapped_column(String(200), default="")
    digest: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class ChapterRow(Frozen, Base):
    """A chapter of one version."""

    __tablename__ = "cao_chapter"
    __table_args__ = (UniqueConstraint("version_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("cao_version.id"))
    position: Mapped[int]
    number: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))


class ArticleRow(Frozen, Base):
    """An article of one version. `key` is the same in every version; the number may change."""

    __tablename__ = "cao_article"
    __table_args__ = (
        UniqueConstraint("version_id", "number"),
        UniqueConstraint("version_id", "key"),
        Index("ix_cao_article_key", "key"),
        Index("ix_cao_article_chapter_id", "chapter_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("cao_version.id"))
    chapter_id: Mapped[int] = mapped_column(ForeignKey("cao_chapter.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(60))
    number: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    nature: Mapped[Nature] = mapped_column(enum_type(Nature))
    character: Mapped[Character] = mapped_column(enum_type(Character))
    statutes: Mapped[list[str]] = mapped_column(JSON, default=list)


class ParagraphRow(Frozen, Base):
    """A paragraph (*lid*) of an article; without a number when the article has text outside its paragraphs."""

    __tablename__ = "cao_paragraph"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("cao_article.id"))
    position: Mapped[int]
    number: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)


class AnnexRow(Frozen, Base):
    """An annex of one version."""

    __tablename__ = "cao_annex"
    __table_args__ = (UniqueConstraint("version_id", "letter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("cao_version.id"))
    position: Mapped[int]
    letter: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")


class Preparation(Base):
    """A text on its way to be published, as it was given, with what was typed about it.

    `terms` holds what was typed, right or wrong, so that nothing is lost; `edition` rises with every save, so that
    of two who save the second is told. What became of it stands in `version_id`.
    """

    __tablename__ = "cao_preparation"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(String(200), default="")
    terms: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    edition: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("cao_version.id"))
