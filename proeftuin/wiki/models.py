"""Pages and their versions.

What must stay true: a revision is never changed or removed, and its number is unique within the page, so two
simultaneous saves collide instead of overwriting. The rendered text is derived data and can be made again.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from proeftuin.db import Base, enum_type


class PageKind(StrEnum):
    START = "start"
    PROGRESS = "voortgang"
    PLAIN = "gewoon"
    REVIEW = "terugblik"
    DECISION = "besluit"


class Page(Base):
    """A page of a pilot or of the site (`space_id` is the subject it belongs to). `title_key` is the title
    without case and accents; within a space it is unique."""

    __tablename__ = "page"
    __table_args__ = (UniqueConstraint("space_id", "slug"), UniqueConstraint("space_id", "title_key"))

    id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    slug: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(150))
    title_key: Mapped[str] = mapped_column(String(150))
    kind: Mapped[PageKind] = mapped_column(enum_type(PageKind), default=PageKind.PLAIN)
    is_restricted: Mapped[bool] = mapped_column(default=False)
    current: Mapped[int] = mapped_column(default=0)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Revision(Base):
    """The text of a page as it was saved once. Never changed."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("page_id", "number"), Index("ix_revision_author_id", "author_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    number: Mapped[int]
    base: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    summary: Mapped[str] = mapped_column(String(300), default="")
    is_minor: Mapped[bool] = mapped_column(default=False)
    restores: Mapped[int | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class Rendering(Base):
    """The newest text of a page as HTML, made when it was saved."""

    __tablename__ = "rendering"

    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), primary_key=True)
    number: Mapped[int]
    renderer: Mapped[int]
    html: Mapped[str] = mapped_column(Text)
    headings: Mapped[list[Any]] = mapped_column(JSON, default=list)
    excerpt: Mapped[str] = mapped_column(Text, default="")
    is_degraded: Mapped[bool] = mapped_column(default=False)


class PageLink(Base):
    """A page mentions a title in its space or another; the target may not exist yet."""

    __tablename__ = "page_link"
    __table_args__ = (Index("ix_page_link_space_id_target_key", "space_id", "target_key"),)

    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    target_key: Mapped[str] = mapped_column(String(150), primary_key=True)
