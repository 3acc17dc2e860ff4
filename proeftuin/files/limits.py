"""How much may come in: for one file, and for all of them together.

What must stay true: what is kept twice under two names counts once, what was erased counts no more; the total is
counted, not remembered.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from proeftuin import config
from proeftuin.db import session
from proeftuin.errors import Invalid
from proeftuin.files.models import Blob
from proeftuin.i18n import _

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Room:
    """How much there is and how much of it is left, in bytes."""

    per_file: int
    total: int
    used: int

    @property
    def left(self) -> int:
        """Return how many bytes still fit."""
        return max(0, self.total - self.used)


def room() -> Room:
    """Return how much room there is now."""
    settings = config.current()
    used = session().scalar(select(func.coalesce(func.sum(Blob.size), 0)).where(Blob.erased_at.is_(None)))
    return Room(settings.file_mb * MB, settings.files_mb * MB, int(used or 0))


def check(size: int) -> None:
    """Refuse a file that is too large, or for which there is no room.

    :raises Invalid: with how large it may be.
    """
    there = room()
    if size <= 0:
        raise Invalid({"file": _("Dit bestand is leeg. Kies een ander bestand.")})
    if size > there.per_file:
        raise Invalid({"file": too_large(there.per_file)})
    if size > there.left:
        raise Invalid({"file": no_room(there.left, there.total)})


def no_room(left: int, total: int) -> str:
    """Return the sentence about a file for which there is no room."""
    return _(
        "Er is nog %(left)s MB over van %(total)s MB. Dit bestand past er niet meer bij.",
        left=left // MB,
        total=total // MB,
    )


def too_large(most: int) -> str:
    """Return the sentence about a file that is larger than a file may be."""
    return _("Dit bestand is te groot. Een bestand mag hoogstens %(n)s MB zijn.", n=most // MB)
