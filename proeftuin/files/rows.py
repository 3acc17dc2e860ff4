"""The rows that an act on a file begins from, and who may have them."""

from __future__ import annotations

from sqlalchemy import select

from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.errors import NotFound
from proeftuin.files.models import File, FileEnd, FileVersion
from proeftuin.files.places import get_place


def get_row(actor: Actor, file_id: int, *, writing: bool = False) -> File:
    """Return the row of a file.

    :raises NotFound: when there is none, or what it belongs to may not be seen.
    :raises NotAllowed: when it is for `writing` and the actor may only read.
    """
    file = session().get(File, file_id)
    if file is None:
        raise NotFound
    get_place(actor, file.subject_id, writing=writing)
    return file


def newest_version(file_id: int) -> FileVersion:
    """Return the newest version of a file."""
    newest = select(FileVersion).where(FileVersion.file_id == file_id).order_by(FileVersion.number.desc()).limit(1)
    return session().scalars(newest).one()


def last_end(file_id: int) -> FileEnd | None:
    """Return what became of a file last: taken away or put back; None when it was always there."""
    return session().scalar(select(FileEnd).where(FileEnd.file_id == file_id).order_by(FileEnd.id.desc()).limit(1))
