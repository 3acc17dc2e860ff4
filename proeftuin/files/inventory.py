"""Comparing the rows with the disk: what is missing, what is broken, what nobody asks for any more.

What must stay true: looking changes nothing; only what no row names, and has not been touched for a while, is thrown
away, because the bytes of a file come a moment before its row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from proeftuin.db import session
from proeftuin.files import storage, uploads
from proeftuin.files.models import Blob, Upload


@dataclass(slots=True)
class Found:
    """What a look at the disk gave. `orphaned` are paths without a row; `unfinished` uploads that wait."""

    whole: int = 0
    missing: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    orphaned: list[Path] = field(default_factory=list)
    unfinished: int = 0

    @property
    def is_well(self) -> bool:
        """Return whether rows and disk agree."""
        return not (self.missing or self.broken or self.orphaned)


def look() -> Found:
    """Compare every row with the disk, and the sum of every file with its name."""
    found = Found()
    rows = dict(session().execute(select(Blob.digest, Blob.size).where(Blob.erased_at.is_(None))).all())
    there = dict(storage.list_digests())
    for digest, size in rows.items():
        path = there.get(digest)
        if path is None:
            found.missing.append(digest)
        elif path.stat().st_size != size or storage.digest_of(path) != digest:
            found.broken.append(digest)
        else:
            found.whole += 1
    found.orphaned += [path for digest, path in there.items() if digest not in rows]
    found.orphaned += storage.list_leftovers()
    tokens = set(session().scalars(select(Upload.token).where(Upload.file_id.is_(None))))
    found.unfinished = len(tokens)
    found.orphaned += [path for path in _parts() if path.stem not in tokens]
    return found


def sweep(found: Found, *, grace: float) -> int:
    """Throw away orphans not touched for `grace` seconds, and uploads that were given up; return how many."""
    count = 0
    for path in found.orphaned:
        if path.is_file() and storage.age(path) >= grace:
            digest = path.parent.name + path.name
            if len(digest) == 64 and session().get(Blob, digest) is not None and _is_wanted(digest):
                continue  # a row came in the meantime
            path.unlink()
            count += 1
    return count + uploads.forget_all_old()


def _is_wanted(digest: str) -> bool:
    return session().get_one(Blob, digest).erased_at is None


def _parts() -> list[Path]:
    return sorted((storage.folder() / storage.PARTS).glob("*.part"))
