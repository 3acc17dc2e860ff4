"""The files of a pilot in its zip: the bytes as they are kept, and a list that says what they are.

What must stay true: bytes go from the disk to the stream in small pieces; a version that only says something else
about the same bytes does not hold them again; the same state gives the same bytes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from proeftuin.accounts.actor import Actor
from proeftuin.exchange import file_gathering
from proeftuin.exchange.file_gathering import PackedFile, PackedFileVersion
from proeftuin.exchange.layout import (
    FILE_LIST,
    FileLine,
    GoneLine,
    content_path,
    file_line,
    page_path,
)
from proeftuin.files import storage
from proeftuin.files.formats import Format

log = logging.getLogger(__name__)
_STEP = 1 << 16

Write = Callable[[str, Iterable[bytes], bool], None]
"""Writes an entry by its name: its pieces, and whether packing them makes them smaller."""


def pack_files(actor: Actor, pilot_id: int, write: Write) -> None:
    """Write the files that an actor may take along of a pilot."""
    files = file_gathering.files(actor, pilot_id)
    lost: set[str] = set()
    for file in files:
        for path, digest in _contents(file, file_gathering.versions(file)).items():
            try:
                stream = storage.path_of(digest).open("rb")
            except FileNotFoundError:  # lost, or erased at this very moment
                log.error("the file with sum %s is missing on the disk", digest)
                lost.add(path)
                continue
            with stream:
                write(path, iter(partial(stream.read, _STEP), b""), file.format is Format.CSV)
    if files:
        write(FILE_LIST, (line.encode() for file in files for line in _lines(file, lost)), True)


def _lines(file: PackedFile, lost: set[str]) -> Iterator[str]:
    place = "" if file.slug is None else page_path(file.slug)
    if file.end is not None:
        yield file_line(GoneLine(place, file.name, file.end.at, file.end.who, file.end.reason))
        return
    versions = file_gathering.versions(file)
    paths = {digest: path for path, digest in _contents(file, versions).items()}
    for version in versions:
        path = paths[version.digest]
        line = FileLine(
            place=place,
            name=file.name,
            number=version.number,
            at=version.at,
            who=version.who,
            alt=version.alt,
            is_decorative=version.is_decorative,
            description=version.description,
            sha256=version.digest,
            path=None if path in lost else path,
        )
        yield file_line(line)


def _contents(file: PackedFile, versions: Sequence[PackedFileVersion]) -> Mapping[str, str]:
    """Return the sums of what a file held by where they go: the newest under its name, others with their number."""
    if not versions:
        return {}
    newest = versions[-1].digest
    found = {content_path(file.slug, file.name, None): newest}
    seen = {newest}
    for version in versions:
        if version.digest not in seen:
            seen.add(version.digest)
            found[content_path(file.slug, file.name, version.number)] = version.digest
    return found
