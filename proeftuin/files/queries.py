"""Reading files: the list of a page or a pilot, one file with its versions, and what to send for an address.

What must stay true: whether the reader may see the page or the pilot is part of each statement; a file that was
taken away is only its tombstone to everyone but those who may put it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Person
from proeftuin.db import session
from proeftuin.errors import NotFound
from proeftuin.events.models import Subject
from proeftuin.files.formats import Format
from proeftuin.files.models import Blob, EndKind, File, FileEnd, FileVersion
from proeftuin.files.pictures import SIZES
from proeftuin.files.places import Place
from proeftuin.pilots.policy import visible_subjects


@dataclass(frozen=True, slots=True)
class Version:
    """A file as it was from one moment on."""

    file_id: int
    name: str
    format: Format
    number: int
    size: int
    width: int | None
    height: int | None
    alt: str
    is_decorative: bool
    description: str
    who: str | None
    at: datetime

    @property
    def address(self) -> str:
        """Return where the file itself is."""
        return address_of(self.file_id, self.number, self.name)

    @property
    def in_list(self) -> str:
        """Return where the picture is in the size for a list, or "" for other files."""
        return smaller_address(self.file_id, self.number, self.name, "lijst") if self.format.is_picture else ""

    @property
    def markdown(self) -> str:
        """Return what to write in a page to show the file, or to link to it."""
        return markdown_for(self.name, self.format, self.alt)


@dataclass(frozen=True, slots=True)
class End:
    """Who took a file away, when and why."""

    kind: EndKind
    reason: str
    who: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """A file in a list: its newest version, since when it is there, and its end when it was taken away."""

    version: Version
    subject_id: int
    since: datetime
    end: End | None

    @property
    def id(self) -> int:
        """Return the number of the file."""
        return self.version.file_id

    @property
    def name(self) -> str:
        """Return the name of the file."""
        return self.version.name

    @property
    def is_gone(self) -> bool:
        """Return whether it was taken away."""
        return self.end is not None

    @property
    def is_erased(self) -> bool:
        """Return whether nothing of it is left."""
        return self.end is not None and self.end.kind is EndKind.ERASED


@dataclass(frozen=True, slots=True)
class Content:
    """What an address of a file stands for."""

    subject_id: int
    name: str
    format: Format
    digest: str
    end: EndKind | None


_Ender = aliased(Person)


def address_of(file_id: int, number: int, name: str) -> str:
    """Return where a version of a file is."""
    return f"/bestanden/{file_id}/{number}/{quote(name)}"


def smaller_address(file_id: int, number: int, name: str, size: str) -> str:
    """Return where a picture is in a smaller size."""
    return f"/bestanden/{file_id}/{number}/{size}/{quote(name)}"


def shown_sides(width: int, height: int, size: str) -> tuple[int, int]:
    """Return how wide and high a picture is in a smaller size."""
    scale = min(1.0, SIZES[size] / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def markdown_for(name: str, format: Format, alt: str) -> str:
    """Return what to write in a page to show a picture, or to link to another file."""
    words = "".join(f"\\{sign}" if sign in "\\[]" else sign for sign in alt or ("" if format.is_picture else name))
    return f"{'!' if format.is_picture else ''}[{words}](bestand:{name})"


def list_files(actor: Actor, place: Place) -> list[Line]:
    """Return the files of a page or a pilot by name; those that were taken away come last."""
    rows = session().execute(_lines(actor).where(File.subject_id == place.id).order_by(File.name_key))
    return sorted(map(_line, rows), key=lambda line: line.is_gone)


def get_file(actor: Actor, file_id: int) -> Line:
    """Return a file with its newest version.

    :raises NotFound: when there is none, or the reader may not see what it belongs to.
    """
    row = session().execute(_lines(actor).where(File.id == file_id)).first()
    if row is None:
        raise NotFound
    return _line(row)


def list_versions(file: Line) -> list[Version]:
    """Return the versions of a file, the newest first."""
    query = (
        select(*_VERSION)
        .select_from(FileVersion)
        .join(File, File.id == FileVersion.file_id)
        .join(Blob, Blob.digest == FileVersion.digest)
        .outerjoin(Person, Person.id == FileVersion.author_id)
        .where(FileVersion.file_id == file.id)
        .order_by(FileVersion.number.desc())
    )
    return [_version(row) for row in session().execute(query)]


def find_content(actor: Actor, file_id: int, number: int) -> Content:
    """Return what to send for a version of a file, in one statement.

    :raises NotFound: when there is none, or the reader may not see what it belongs to.
    """
    query = (
        select(File.subject_id, File.name, File.format, FileVersion.digest, FileEnd.kind)
        .join(FileVersion, FileVersion.file_id == File.id)
        .join(Subject, Subject.id == File.subject_id)
        .outerjoin(FileEnd, FileEnd.id == last_end())
        .where(File.id == file_id, FileVersion.number == number, visible_subjects(actor))
    )
    row = session().execute(query).first()
    if row is None:
        raise NotFound
    return Content(*row)


_VERSION = (
    File.id,
    File.name,
    File.format,
    FileVersion.number,
    Blob.size,
    FileVersion.width,
    FileVersion.height,
    FileVersion.alt,
    FileVersion.is_decorative,
    FileVersion.description,
    func.coalesce(Person.name, FileVersion.alias),
    FileVersion.created_at,
)


def last_end() -> Any:
    """Return the number of what became last of the file at hand, as a part of a statement."""
    return select(func.max(FileEnd.id)).where(FileEnd.file_id == File.id).correlate(File).scalar_subquery()


def newest_number() -> Any:
    """Return the number of the newest version of the file at hand, as a part of a statement."""
    return (
        select(func.max(FileVersion.number)).where(FileVersion.file_id == File.id).correlate(File).scalar_subquery()
    )


def is_there() -> Any:
    """Return the criterion for the files at hand that were not taken away."""
    return (
        func.coalesce(
            select(FileEnd.kind).where(FileEnd.id == last_end()).correlate(File).scalar_subquery(), EndKind.RESTORED
        )
        == EndKind.RESTORED
    )


def _lines(actor: Actor) -> Select[Any]:
    of_end: tuple[Any, ...] = (FileEnd.kind, FileEnd.reason, _Ender.name, FileEnd.created_at)
    columns: tuple[Any, ...] = (*_VERSION, File.subject_id, File.created_at, *of_end)
    return (
        select(*columns)
        .select_from(File)
        .join(Subject, Subject.id == File.subject_id)
        .join(FileVersion, and_(FileVersion.file_id == File.id, FileVersion.number == newest_number()))
        .join(Blob, Blob.digest == FileVersion.digest)
        .outerjoin(Person, Person.id == FileVersion.author_id)
        .outerjoin(FileEnd, FileEnd.id == last_end())
        .outerjoin(_Ender, _Ender.id == FileEnd.author_id)
        .where(visible_subjects(actor))
    )


def _version(row: Sequence[Any]) -> Version:
    return Version(*row)


def _line(row: Any) -> Line:
    version = _version(row[: len(_VERSION)])
    subject_id, since, kind, reason, who, at = row[len(_VERSION) :]
    end = End(kind, reason, who, at) if kind is not None and kind is not EndKind.RESTORED else None
    return Line(version, subject_id, since, end)
