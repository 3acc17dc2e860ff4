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
from proeftuin.past.tables import HasPast, OnlyGrows

_IS_HIDDEN = (
    "(SELECT h.is_hidden FROM {own}hidden_version AS h WHERE h.page_id = {then[page_id]}"
    " AND h.number = {then[number]} ORDER BY h.id DESC LIMIT 1)"
)
"""Whether the version of a rendering is hidden now, for its past."""


class PageKind(StrEnum):
    START = "start"
    PROGRESS = "voortgang"
    PLAIN = "gewoon"
    REVIEW = "terugblik"
    DECISION = "besluit"


class Page(HasPast, Base):
    """A page of a pilot or of the site (`space_id` is the subject it belongs to). `title_key` is the title
    without case and accents; within a space it is unique."""

    __tablename__ = "page"
    __table_args__ = (UniqueConstraint("space_id", "slug"), UniqueConstraint("space_id", "title_key"))
    # What was taken away since cannot be read on an earlier day either.
    __past_shown__ = {
        "deleted_at": "coalesce({then[deleted_at]}, {now[deleted_at]})",
        "deleted_by_id": "CASE WHEN {then[deleted_at]} IS NULL THEN {now[deleted_by_id]}"
        " ELSE {then[deleted_by_id]} END",
        "deleted_reason": "CASE WHEN {then[deleted_at]} IS NULL THEN coalesce({now[deleted_reason]}, '')"
        " ELSE {then[deleted_reason]} END",
    }

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
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[int | None]  # a person; SQLite cannot add a reference to a table that exists
    deleted_reason: Mapped[str] = mapped_column(String(300), default="", server_default="")


class Revision(OnlyGrows, Base):
    """The text of a page as it was saved once. Never changed. `alias` is the name of a writer who is no person here:
    the version was written elsewhere and came in with its page. `suggester_id` is who wrote it when the author took
    over what somebody else had suggested."""

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("page_id", "number"),
        Index("ix_revision_author_id", "author_id"),
        # Everything that the history filters by, so that no text is read to know which versions to show.
        Index(
            "ix_revision_history",
            "page_id",
            "number",
            "author_id",
            "suggester_id",
            "created_at",
            "base",
            "restores",
            "is_minor",
        ),
    )

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
    alias: Mapped[str | None] = mapped_column(String(120))
    suggester_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class Rendering(HasPast, Base):
    """The newest text of a page as HTML, made when it was saved."""

    __tablename__ = "rendering"
    # A version that was hidden since is not shown; whoever makes it anew from its text is told that it is hidden.
    __past_shown__ = {
        "renderer": f"CASE WHEN {_IS_HIDDEN} THEN 0 ELSE {{then[renderer]}} END",
        "html": f"CASE WHEN {_IS_HIDDEN} THEN '' ELSE {{then[html]}} END",
        "headings": f"CASE WHEN {_IS_HIDDEN} THEN '[]' ELSE {{then[headings]}} END",
        "excerpt": f"CASE WHEN {_IS_HIDDEN} THEN '' ELSE {{then[excerpt]}} END",
    }

    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), primary_key=True)
    number: Mapped[int]
    renderer: Mapped[int]
    html: Mapped[str] = mapped_column(Text)
    headings: Mapped[list[Any]] = mapped_column(JSON, default=list)
    excerpt: Mapped[str] = mapped_column(Text, default="")
    is_degraded: Mapped[bool] = mapped_column(default=False)


class PageLink(HasPast, Base):
    """A page mentions a title in its space or another; the target may not exist yet. `title` is how it was typed."""

    __tablename__ = "page_link"
    __table_args__ = (Index("ix_page_link_space_id_target_key", "space_id", "target_key"),)

    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    target_key: Mapped[str] = mapped_column(String(150), primary_key=True)
    title: Mapped[str] = mapped_column(String(200), default="", server_default="")


class PageName(OnlyGrows, Base):
    """A title and an address that a page had until `created_at`. Only added, never changed or removed: links to them
    keep leading to the page, and no other page gets the address."""

    __tablename__ = "page_name"
    __table_args__ = (
        Index("ix_page_name_space_id_title_key", "space_id", "title_key"),
        Index("ix_page_name_space_id_slug", "space_id", "slug"),
        Index("ix_page_name_page_id", "page_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    space_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    slug: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(150))
    title_key: Mapped[str] = mapped_column(String(150))
    created_at: Mapped[datetime]


class HiddenVersion(Base):
    """Someone hid a version of a page, or showed it again, for a reason. Only added; the newest row of each counts.

    It has no past: what is hidden now is hidden on every day that is looked back on.
    """

    __tablename__ = "hidden_version"
    __table_args__ = (Index("ix_hidden_version_page_id_number", "page_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    number: Mapped[int]
    is_hidden: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(300))
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
