"""The source of an import, laid out on disk: read in full before anything is kept, and then page by page.

What must stay true: memory does not grow with the source; the versions of a page come in the order of time, wherever
they stood; a version that stands in the source twice counts once. The file is the operating system's to remove: it
has no name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType

from proeftuin.exchange.file_spool import FileSpool

_TABLES = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000; PRAGMA temp_store=FILE;
CREATE TABLE page (id INTEGER PRIMARY KEY, key TEXT UNIQUE, title TEXT, kind TEXT, restricted INTEGER);
CREATE TABLE version (seq INTEGER PRIMARY KEY, page INTEGER, key TEXT, number INTEGER, at INTEGER, author TEXT,
 summary TEXT, minor INTEGER, base INTEGER, restores INTEGER, text TEXT, UNIQUE (page, key));
CREATE INDEX in_time ON version (page, at, seq);
CREATE TABLE remark (seq INTEGER PRIMARY KEY, fate TEXT, page TEXT, version TEXT, sentence TEXT);
"""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A page of the source, with a key that it keeps in later files of the same source."""

    id: int
    key: str
    title: str
    kind: str
    is_restricted: bool


@dataclass(frozen=True, slots=True)
class SourceVersion:
    """A version of a page in the source. `number`, `base` and `restores` are numbers of the source."""

    key: str
    at: datetime
    author: str
    text: str
    summary: str = ""
    is_minor: bool = False
    number: int | None = None
    base: int | None = None
    restores: int | None = None


class Spool:
    """A nameless file with pages, their versions, and remarks about them."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None)  # "": on disk, gone when closed
        self._rows.executescript(_TABLES)
        self.files = FileSpool()

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._rows.close()
        self.files.close()

    def add_page(self, key: str, title: str, kind: str, *, is_restricted: bool) -> int:
        """Add a page, or find the one with this key, and return its number here."""
        values = (key, title, kind, is_restricted)
        self._rows.execute("INSERT OR IGNORE INTO page (key, title, kind, restricted) VALUES (?, ?, ?, ?)", values)
        found: int = self._rows.execute("SELECT id FROM page WHERE key = ?", (key,)).fetchone()[0]
        return found

    def add_version(self, page: int, version: SourceVersion) -> bool:
        """Add a version to a page; return False when it was there."""
        added = self._rows.execute(
            "INSERT OR IGNORE INTO version (page, key, number, at, author, summary, minor, base, restores, text)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                page,
                version.key,
                version.number,
                (version.at - _EPOCH) // _MICROSECOND,
                version.author,
                version.summary,
                version.is_minor,
                version.base,
                version.restores,
                version.text,
            ),
        )
        return added.rowcount == 1

    def pages(self) -> Iterator[SourcePage]:
        """Give the pages in the order in which they were found."""
        rows = self._rows.execute("SELECT id, key, title, kind, restricted FROM page ORDER BY id")
        for number, key, title, kind, restricted in rows:
            yield SourcePage(number, key, title, kind, bool(restricted))

    def versions(self, page: int) -> Iterator[SourceVersion]:
        """Give the versions of a page in the order of time."""
        rows = self._rows.execute(
            "SELECT key, at, author, text, summary, minor, number, base, restores FROM version"
            " WHERE page = ? ORDER BY at, seq",
            (page,),
        )
        for key, at, author, text, summary, minor, number, base, restores in rows:
            moment = _EPOCH + timedelta(microseconds=at)
            yield SourceVersion(key, moment, author, text, summary, bool(minor), number, base, restores)

    def keys(self, page: int) -> Iterator[tuple[str, datetime]]:
        """Give the keys of the versions of a page, and their moments, in the order of time."""
        rows = self._rows.execute("SELECT key, at FROM version WHERE page = ? ORDER BY at, seq", (page,))
        for key, at in rows:
            yield key, _EPOCH + timedelta(microseconds=at)

    def newest_text(self, page: int) -> str | None:
        """Return the newest text of a page, or None when it has no version."""
        newest = "SELECT text FROM version WHERE page = ? ORDER BY at DESC, seq DESC LIMIT 1"
        row = self._rows.execute(newest, (page,)).fetchone()
        return None if row is None else str(row[0])

    def count_pages(self) -> int:
        """Return how many pages there are."""
        return int(self._rows.execute("SELECT count(*) FROM page").fetchone()[0])

    def count_versions(self) -> int:
        """Return how many versions there are."""
        return int(self._rows.execute("SELECT count(*) FROM version").fetchone()[0])

    def add_remark(self, fate: str, page: str, version: str, sentence: str) -> None:
        """Keep a remark about a page or a version."""
        values = (fate, page, version, sentence)
        self._rows.execute("INSERT INTO remark (fate, page, version, sentence) VALUES (?, ?, ?, ?)", values)

    def remarks(self) -> Iterator[tuple[str, str, str, str]]:
        """Give the remarks in the order in which they were made."""
        yield from self._rows.execute("SELECT fate, page, version, sentence FROM remark ORDER BY seq")
