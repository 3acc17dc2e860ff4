"""Writing in the index, and what can go wrong with its files.

What must stay true: the files of a commit are on disk before the list that names them, and that list before the
commit returns; files that a commit no longer names stay a while for whoever is opening them at that moment; a key
stands at most once in the index; the number of segments stays below twelve, because every search looks in all of
them.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from proeftuin.courtesy import give_way
from proeftuin.search.schema import Document, make_schema, values_of

# Documents per commit while rebuilding: 50 kB of memory each.
BATCH = 4000
UPDATE_MEMORY_MB = 16
REBUILD_MEMORY_MB = 200
# Segments below this size are joined once there are so many of them.
SMALL = 1000
MANY_SMALL = 8
MOST_SEGMENTS = 11
# Rewrite a segment when this part of it is deleted.
DELETED_PART = 0.2
# Seconds that the files of an earlier commit stay: between reading the list and opening what it names, a reader on
# a busy machine can be held up for a while.
GRACE = 60.0
# A segment is called as Whoosh calls it, the name of the index included: what is named must never be swept.
_FILE = re.compile(r"(?P<segment>MAIN_\w+?)[._].*|_MAIN_(?P<list>\d+)\.toc")


class IndexUnusable(Exception):
    """There is no index that can be read; build it again."""


class IndexBusy(Exception):
    """Another writer kept the index longer than we were willing to wait."""


@contextmanager
def unusable_on_failure() -> Iterator[None]:
    """Turn whatever Whoosh says about a damaged file into IndexUnusable."""
    try:
        yield
    except (IndexUnusable, IndexBusy):
        raise
    # A file that was cut off or overwritten shows up as nearly anything: UnpicklingError, zlib.error,
    # struct.error, TypeError, KeyError, MemoryError, AttributeError. All of them mean the same to us.
    except Exception as error:
        raise IndexUnusable(f"the index cannot be read: {type(error).__name__}") from error


class Codec(W3Codec):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's own format, with names for segments that no two processes can agree on by accident.

    Whoosh draws names from `random`, whose state forked workers share: they would overwrite each other's files.
    """

    def new_segment(self, storage: FileStorage, indexname: str) -> W3Segment:
        """Return a segment with a name of its own."""
        return W3Segment(self, indexname, segid=secrets.token_hex(8))


class Storage(FileStorage):  # type: ignore[misc]  # Whoosh has no types
    """A folder of files that are written with courtesy: somebody who saves goes first."""

    def create_file(self, name: str, *more: Any, **options: Any) -> StructFile:
        """Return a new file to write to."""
        file = super().create_file(name, *more, **options)
        write = file.file.write

        def write_with_courtesy(data: bytes) -> int:
            give_way()
            return int(write(data))

        file.write = write_with_courtesy
        return file


class Writer(SegmentWriter):  # type: ignore[misc]  # Whoosh has no types
    """A writer whose commit is on disk before anything refers to it. The lock is held by the index."""

    def __init__(self, index: FileIndex, limitmb: int = UPDATE_MEMORY_MB) -> None:
        # Not one compound file per segment: Whoosh reads those into memory whole when it opens them.
        super().__init__(index, _lk=False, limitmb=limitmb, compound=False, codec=Codec())
        self._old_files = set(os.listdir(self.storage.folder))
        self._named_before = {segment.segment_id() for segment in self.segments}

    def _commit_toc(self, segments: list[Any]) -> None:
        folder = Path(self.storage.folder)
        fresh = [path for path in folder.iterdir() if path.name not in self._old_files and path.is_file()]
        for path in fresh:
            sync(path)
        TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)
        sync(folder / TOC._filename(self.indexname, self.generation))
        sync(folder)
        self._sweep(folder, {segment.segment_id() for segment in segments})

    def _sweep(self, folder: Path, named: set[str]) -> None:
        """Delete older lists, and the files that no list has named for a while or that a crash left."""
        now = time.time()
        for path in folder.iterdir():
            found = _FILE.fullmatch(path.name)
            if found is None or found["segment"] in named or found["list"] == str(self.generation):
                continue
            if found["segment"] in self._named_before:
                os.utime(path, (now, now))
            elif found["list"] or now - path.stat().st_mtime > GRACE:
                path.unlink()


def build(folder: Path, documents: Iterable[Document], progress: Callable[[int], None]) -> None:
    index = FileIndex.create(Storage(str(folder)), make_schema())
    seen: set[str] = set()
    stream = iter(documents)
    while True:
        writer = Writer(index, REBUILD_MEMORY_MB)
        try:
            batch = {document.key: document for document in islice(stream, BATCH)}
            delete_keys(writer, seen & batch.keys())
            add_documents(writer, batch.values(), lambda count: progress(len(seen) + count))
            writer.commit(mergetype=join_segments)
        except BaseException:
            if not writer.is_closed:
                writer.cancel()
            raise
        seen.update(batch)
        if not batch:
            return


def add_documents(
    writer: Writer, documents: Iterable[Document], progress: Callable[[int], None] = lambda done: None
) -> None:
    for count, document in enumerate(documents, 1):
        give_way()
        writer.add_document(**values_of(document))
        progress(count)


def delete_keys(writer: Writer, keys: Iterable[str]) -> int:
    """Take the documents with these keys out; return how many there were."""
    deleted = 0
    wanted = list(keys)
    if not wanted or not writer.segments:
        return 0
    with unusable_on_failure():
        reader = writer.reader()
        try:
            for key in wanted:
                if ("key", key) in reader:
                    matcher = reader.postings("key", key)
                    while matcher.is_active():
                        writer.delete_document(matcher.id())
                        deleted += 1
                        matcher.next()
        finally:
            reader.close()
    return deleted


def join_segments(writer: Writer, segments: list[Any]) -> list[Any]:
    """Join small and much deleted segments; return those that stay as they are."""
    by_size = sorted(segments, key=lambda segment: int(segment.doc_count()))
    small = [segment for segment in by_size if segment.doc_count_all() < SMALL]
    join = small if len(small) >= MANY_SMALL else []
    for segment in by_size:
        deleted = segment.deleted_count()
        is_worn = deleted and deleted >= DELETED_PART * segment.doc_count_all() and segment.doc_count_all() >= SMALL
        if segment not in join and (is_worn or segment.doc_count() == 0):
            join.append(segment)
    rest = [segment for segment in by_size if segment not in join]
    while len(rest) >= MOST_SEGMENTS:
        join.append(rest.pop(0))
    for segment in join:
        if segment.doc_count():
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
    return rest


def sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
