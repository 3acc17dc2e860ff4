"""Files, their versions, what became of them, and what is on its way.

What must stay true: a file, a version and an end are written once and never changed, so the state of any day can be
read from the moments of the first two; what was taken away now is taken away on every day that is looked back on.
Only two things change: what was read from a blob, which can be read again, and an upload, which nobody but its sender
sees.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from proeftuin.db import Base, enum_type
from proeftuin.files.formats import Format
from proeftuin.past.tables import OnlyGrows

MAX_ALT = 300
MAX_DESCRIPTION = 500
MAX_REASON = 300


class Blob(Base):
    """Bytes on the disk, named by what they hold. `text` is what was read in them, `read_at` when."""

    __tablename__ = "blob"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(Text, default="")
    read_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class File(OnlyGrows, Base):
    """A file of a page or a pilot. Its name is unique there, also after it was removed."""

    __tablename__ = "file"
    __table_args__ = (UniqueConstraint("subject_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(100))
    format: Mapped[Format] = mapped_column(enum_type(Format, "format"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class FileVersion(OnlyGrows, Base):
    """What a file held from one moment on. Never changed; a better alternative text is a version too.

    `alias` is the name of who made a version elsewhere and is no person here.
    """

    __tablename__ = "file_version"
    __table_args__ = (UniqueConstraint("file_id", "number"), Index("ix_file_version_digest", "digest"))

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(ForeignKey("blob.digest"))
    width: Mapped[int | None]
    height: Mapped[int | None]
    alt: Mapped[str] = mapped_column(String(MAX_ALT), default="")
    is_decorative: Mapped[bool] = mapped_column(default=False)
    description: Mapped[str] = mapped_column(String(MAX_DESCRIPTION), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    alias: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]


class EndKind(StrEnum):
    """What became of a file: taken away, put back, or its content destroyed as well."""

    REMOVED = "removed"
    RESTORED = "restored"
    ERASED = "erased"


class FileEnd(Base):
    """A file was taken away or put back, by whom and why. The newest one counts."""

    __tablename__ = "file_end"
    __table_args__ = (Index("ix_file_end_file_id_id", "file_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"))
    kind: Mapped[EndKind] = mapped_column(enum_type(EndKind))
    reason: Mapped[str] = mapped_column(String(MAX_REASON), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class Upload(Base):
    """A file on its way in, in pieces; how far it is, is how long its part on the disk is.

    `digest` is what the sender says the whole will be; `file_id` is set when it arrived, so that sending the form
    twice gives one file.
    """

    __tablename__ = "upload"
    __table_args__ = (UniqueConstraint("token"), Index("ix_upload_person_id", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64), default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    created_at: Mapped[datetime]
