"""A folder with files, on disk or in a zip, as a list of names that can be opened.

What must stay true: nothing is ever unpacked to disk; a name that leads outside the folder, a link, a bomb or a
locked file refuses the whole; what is opened gives no more than its limit, whatever the archive says about itself.
"""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from proeftuin.clock import AMSTERDAM
from proeftuin.errors import Invalid
from proeftuin.i18n import _

MAX_FILES = 50_000
MAX_TOTAL = 4_000_000_000
MAX_RATIO = 200
_RATIO_FROM = 10_000_000  # small files may be very regular
_UNSET_TIME = 400_000_000  # unpacking such a zip gives such a file
_UNSET = 1980  # the first year that a zip can hold: a clock that was never set


class TooLong(Exception):
    """A file holds more than was asked for."""


@dataclass(frozen=True, slots=True)
class File:
    """One file: its name below the folder, with `/`, and when it was changed as far as that is known."""

    path: str
    size: int
    changed: datetime | None


class Tree(Protocol):
    """A folder that is only read."""

    @property
    def name(self) -> str: ...
    def files(self) -> list[File]: ...
    def open(self, path: str) -> IO[bytes]: ...


@contextmanager
def opened(path: Path) -> Iterator[Tree]:
    """Open a folder or a zip.

    :raises Invalid: when it is neither, or a zip that cannot be trusted.
    """
    if path.is_dir():
        yield Folder(path)
        return
    with path.open("rb") as stream, opened_zip(stream, path.stem) as tree:
        yield tree


@contextmanager
def opened_zip(stream: BinaryIO, name: str) -> Iterator[Tree]:
    """Open a stream as a zip.

    :raises Invalid: when it is none, or cannot be trusted.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            yield Archive(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise Invalid({"file": _("Dit is geen map en geen heel zip-bestand.")}) from error


class Folder:
    """A folder on disk. Links are passed over: they may lead anywhere."""

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        self.name = self._path.name

    def files(self) -> list[File]:
        """Return the files in the order of their names."""
        found: list[File] = []
        for folder, folders, names in os.walk(self._path, followlinks=False):
            folders[:] = [each for each in folders if not each.startswith(".")]
            for name in names:
                path = Path(folder) / name
                if name.startswith(".") or path.is_symlink() or not path.is_file():
                    continue
                about = path.stat()
                changed = datetime.fromtimestamp(about.st_mtime, UTC) if about.st_mtime > _UNSET_TIME else None
                found.append(File(path.relative_to(self._path).as_posix(), about.st_size, changed))
                if len(found) > MAX_FILES:
                    raise Invalid({"file": _too_many()})
        return sorted(found, key=lambda file: file.path)

    def open(self, path: str) -> IO[bytes]:
        """Open a file that `files` named."""
        return (self._path / path).open("rb")


class Archive:
    """A zip, looked at before anything in it is opened."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive = archive
        self.name = name

    def files(self) -> list[File]:
        """Return the files in the order of their names.

        :raises Invalid: when a name, a size or a kind of entry cannot be trusted.
        """
        entries = [entry for entry in self._archive.infolist() if not entry.is_dir()]
        if len(entries) > MAX_FILES:
            raise Invalid({"file": _too_many()})
        if len({entry.filename for entry in entries}) != len(entries):
            raise Invalid({"file": _("In deze zip heeft meer dan één bestand dezelfde naam.")})
        for entry in entries:
            _require_trust(entry)
        total, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
        if total > MAX_TOTAL or (total > _RATIO_FROM and total > MAX_RATIO * max(packed, 1)):
            raise Invalid({"file": _("Deze zip wordt uitgepakt veel te groot. Er is niets gelezen.")})
        found = [File(e.filename, e.file_size, _changed(e)) for e in entries if not _is_hidden(e.filename)]
        return sorted(found, key=lambda file: file.path)

    def open(self, path: str) -> IO[bytes]:
        """Open a file that `files` named; it gives no more than the archive says it holds."""
        return self._archive.open(path)


def read_bytes(tree: Tree, path: str, *, limit: int) -> bytes:
    """Return what a file holds.

    :raises TooLong: when that is more than `limit` bytes.
    """
    with tree.open(path) as stream:
        raw = stream.read(limit + 1)
    if len(raw) > limit:
        raise TooLong
    return raw


def read_text(tree: Tree, path: str, *, limit: int) -> str:
    """Return a file as text.

    :raises TooLong: when it holds more than `limit` bytes.
    :raises UnicodeDecodeError: when it is no UTF-8.
    """
    return read_bytes(tree, path, limit=limit).decode("utf-8")


def read_lines(tree: Tree, path: str, *, limit: int) -> Iterator[str]:
    """Give the lines of a text file, one at a time, without their ends.

    :raises TooLong: when a line holds more than `limit` bytes.
    :raises UnicodeDecodeError: when a line is no UTF-8.
    """
    with tree.open(path) as stream:
        lines = io.BufferedReader(stream) if isinstance(stream, io.RawIOBase) else stream
        while raw := lines.readline(limit + 1):
            if len(raw) > limit:
                raise TooLong
            yield raw.decode("utf-8").rstrip("\r\n")


def _require_trust(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or ".." in parts or (len(name) > 1 and name[1] == ":"):
        sentence = _("In deze zip staat een naam die buiten de map wijst: %(name)s", name=ascii(name)[:100])
        raise Invalid({"file": sentence + " " + _("Er is niets gelezen.")})
    if entry.flag_bits & 1:
        raise Invalid({"file": _("Deze zip is met een wachtwoord gesloten.")})
    if (entry.external_attr >> 16) & 0o170000 == 0o120000:
        raise Invalid({"file": _("In deze zip staat een verwijzing in plaats van een bestand. Er is niets gelezen.")})


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _changed(entry: zipfile.ZipInfo) -> datetime | None:
    if entry.date_time[0] <= _UNSET:
        return None
    try:
        return datetime(*entry.date_time, tzinfo=AMSTERDAM).astimezone(UTC)
    except ValueError:
        return None


def _too_many() -> str:
    return _("Dit zijn te veel bestanden. Het mogen er 50.000 zijn.")
