"""Where an imported version of a page or a file came from.

What must stay true: a row says that one version of a source is one version here, and is never changed.
By these rows importing twice changes nothing, an import that was broken off goes on where it stopped, and a later
file of the same source adds only what is new.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from proeftuin.db import Base

MAX_KEY = 200


class Origin(Base):
    """One version of a page came from one version of a page in a source. `created_at` is when it came."""

    __tablename__ = "origin"
    __table_args__ = (
        UniqueConstraint("space_id", "source", "page_key", "version_key"),
        Index("ix_origin_page_id_number", "page_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    number: Mapped[int]
    space_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    source: Mapped[str] = mapped_column(String(MAX_KEY))
    page_key: Mapped[str] = mapped_column(String(MAX_KEY))
    version_key: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]


class FileOrigin(Base):
    """One version of a file came from one version of a file in a source. `created_at` is when it came."""

    __tablename__ = "file_origin"
    __table_args__ = (UniqueConstraint("space_id", "source", "file_key", "version_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"))
    number: Mapped[int]
    space_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    source: Mapped[str] = mapped_column(String(MAX_KEY))
    file_key: Mapped[str] = mapped_column(String(MAX_KEY))
    version_key: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
