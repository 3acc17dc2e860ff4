"""Which files of a pilot can be taken along by one reader: the rows behind the zip.

What must stay true: the statement asks whether the reader may read what a file belongs to; of a file that was taken
away there is its tombstone only, for who may put it back too, and of one that was erased there is nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Person
from proeftuin.db import session
from proeftuin.events.models import Subject
from proeftuin.files.formats import Format
from proeftuin.files.models import EndKind, File, FileEnd, FileVersion
from proeftuin.files.queries import last_end
from proeftuin.pilots.policy import visible_subjects
from proeftuin.wiki.models import Page


@dataclass(frozen=True, slots=True)
class PackedEnd:
    """Who took a file away, when and why."""

    at: datetime
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file of a page, or of the pilot itself when `slug` is None."""

    id: int
    slug: str | None
    name: str
    format: Format
    end: PackedEnd | None


@dataclass(frozen=True, slots=True)
class PackedFileVersion:
    """A version of a file with what was said of it."""

    number: int
    at: datetime
    who: str
    alt: str
    is_decorative: bool
    description: str
    digest: str


def files(actor: Actor, pilot_id: int) -> Sequence[PackedFile]:
    """Return the files of a pilot and of its pages that the actor may read, those of the pilot first."""
    ender = aliased(Person)
    of_end = (FileEnd.kind, FileEnd.created_at, ender.name, FileEnd.reason)
    query = (
        select(File.id, Page.slug, File.name, File.format, *of_end)
        .join(Subject, Subject.id == File.subject_id)
        .outerjoin(Page, Page.id == File.subject_id)
        .outerjoin(FileEnd, FileEnd.id == last_end())
        .outerjoin(ender, ender.id == FileEnd.author_id)
        .where((File.subject_id == pilot_id) | (Page.space_id == pilot_id))
        .where(Page.deleted_at.is_(None), visible_subjects(actor))
        .order_by(Page.id.is_not(None), Page.created_at, Page.id, File.name_key)
    )
    found = []
    for id, slug, name, format, kind, at, who, reason in session().execute(query):
        if kind is EndKind.ERASED:
            continue
        end = PackedEnd(at, who or "", reason) if kind is EndKind.REMOVED else None
        found.append(PackedFile(id, slug, name, format, end))
    return found


def versions(file: PackedFile) -> Sequence[PackedFileVersion]:
    """Return the versions of a file that was found for a reader, the oldest first; none when it was taken away."""
    if file.end is not None:
        return ()
    query = (
        select(
            FileVersion.number,
            FileVersion.created_at,
            func.coalesce(Person.name, FileVersion.alias, ""),
            FileVersion.alt,
            FileVersion.is_decorative,
            FileVersion.description,
            FileVersion.digest,
        )
        .outerjoin(Person, Person.id == FileVersion.author_id)
        .where(FileVersion.file_id == file.id)
        .order_by(FileVersion.number)
    )
    return [PackedFileVersion(*row) for row in session().execute(query)]
