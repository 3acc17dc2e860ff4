"""The files of a source, judged and laid out on disk beside its pages.

What must stay true: what lies here was judged and may be kept as it is; one version is in memory at a time; the file
on the disk has no name and is the operating system's to remove.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from proeftuin.files.formats import Format
from proeftuin.files.judging import Judged
from proeftuin.files.pictures import Picture
from proeftuin.files.service import Words

_TABLES = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000; PRAGMA temp_store=FILE;
CREATE TABLE file (id INTEGER PRIMARY KEY, key TEXT UNIQUE, place TEXT, name TEXT, format TEXT);
CREATE TABLE version (seq INTEGER PRIMARY KEY, file INTEGER, number INTEGER, key TEXT, at INTEGER, author TEXT,
 alt TEXT, decorative INTEGER, description TEXT, digest TEXT, size INTEGER, width INTEGER, height INTEGER,
 UNIQUE (file, number));
CREATE TABLE content (version INTEGER, form TEXT, bytes BLOB, PRIMARY KEY (version, form));
"""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_WHOLE = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the source. `place` is the key of its page, "" for the space itself."""

    id: int
    key: str
    place: str
    name: str
    format: Format


@dataclass(frozen=True, slots=True)
class SourceFileVersion:
    """A version of a file in the source, without its bytes. `digest` and `size` are of what will be kept."""

    key: str
    number: int
    at: datetime
    author: str
    words: Words
    digest: str = ""
    size: int = 0
    seq: int = 0


class FileSpool:
    """A nameless file with files and their versions."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None)  # "": on disk, gone when closed
        self._rows.executescript(_TABLES)

    def close(self) -> None:
        """Throw everything away."""
        self._rows.close()

    def add_file(self, key: str, place: str, name: str, format: Format) -> SourceFile:
        """Add a file, or find the one with this key."""
        values = (key, place, name, format.value)
        self._rows.execute("INSERT OR IGNORE INTO file (key, place, name, format) VALUES (?, ?, ?, ?)", values)
        found = self.find_file(key)
        assert found is not None
        return found

    def find_file(self, key: str) -> SourceFile | None:
        """Return the file with a key, when there is one."""
        row = self._rows.execute("SELECT id, key, place, name, format FROM file WHERE key = ?", (key,)).fetchone()
        return None if row is None else _source(row)

    def add_version(self, file: SourceFile, version: SourceFileVersion, judged: Judged) -> bool:
        """Add a version with its bytes; return False when one with this number was there."""
        picture, words = judged.picture, version.words
        sides = (picture.width, picture.height) if picture else (None, None)
        added = self._rows.execute(
            "INSERT OR IGNORE INTO version (file, number, key, at, author, alt, decorative, description, digest,"
            " size, width, height) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                file.id,
                version.number,
                version.key,
                (version.at - _EPOCH) // _MICROSECOND,
                version.author,
                words.alt,
                words.is_decorative,
                words.description,
                sha256(judged.content).hexdigest(),
                len(judged.content),
                *sides,
            ),
        )
        if added.rowcount != 1:
            return False
        forms = {_WHOLE: judged.content, **(picture.smaller if picture else {})}
        rows = ((added.lastrowid, form, content) for form, content in forms.items())
        self._rows.executemany("INSERT INTO content VALUES (?, ?, ?)", rows)
        return True

    def files(self) -> Iterator[SourceFile]:
        """Give the files in the order in which they were found."""
        yield from map(_source, self._rows.execute("SELECT id, key, place, name, format FROM file ORDER BY id"))

    def versions(self, file: SourceFile) -> list[SourceFileVersion]:
        """Return the versions of a file by number, without their bytes."""
        rows = self._rows.execute(
            "SELECT key, number, at, author, alt, decorative, description, digest, size, seq FROM version"
            " WHERE file = ? ORDER BY number",
            (file.id,),
        )
        return [
            SourceFileVersion(
                key, number, _EPOCH + timedelta(microseconds=at), author, Words(alt, bool(plain), about), *rest
            )
            for key, number, at, author, alt, plain, about, *rest in rows
        ]

    def judged(self, file: SourceFile, version: SourceFileVersion) -> Judged:
        """Return a version with its bytes."""
        forms = dict(self._rows.execute("SELECT form, bytes FROM content WHERE version = ?", (version.seq,)))
        content = forms.pop(_WHOLE)
        if not file.format.is_picture:
            return Judged(file.format, content)
        sides = self._rows.execute("SELECT width, height FROM version WHERE seq = ?", (version.seq,))
        width, height = sides.fetchone()
        return Judged(file.format, content, Picture(file.format, content, width, height, forms, was_moving=False))

    def count_files(self) -> int:
        """Return how many files there are."""
        return int(self._rows.execute("SELECT count(*) FROM file").fetchone()[0])


def _source(row: tuple[int, str, str, str, str]) -> SourceFile:
    id, key, place, name, format = row
    return SourceFile(id, key, place, name, Format(format))
