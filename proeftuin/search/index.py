"""The index on disk: one folder per version, a file that names the current one, one writer at a time.

The index is disposable. Whatever is wrong with it (missing, made by other rules, cut off by a crash) is
`IndexUnusable`, and the answer to that is always `rebuild`.

What must stay true:

- A key stands at most once in the index.
- Readers see a whole commit or nothing of it; the files of a commit are on disk before the list that names
  them, and that list before `update` returns.
- A rebuild works beside the current index, which stays readable and writable; what changed meanwhile is reported.
- The folder is private (0700): the list of segments is a pickle, so who may write there may run code.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh.index import FileIndex
from whoosh.util.filelock import FileLock, try_for

from proeftuin.search.schema import VERSION, Document, Facts, make_schema
from proeftuin.search.writing import (
    IndexBusy,
    IndexUnusable,
    Storage,
    Writer,
    add_documents,
    build,
    delete_keys,
    join_segments,
    sync,
    unusable_on_failure,
)

__all__ = ["Index", "IndexBusy", "IndexUnusable"]

POINTER = "current"


class Index:
    """The search index under one folder."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self._opened: tuple[str, FileIndex] | None = None

    @classmethod
    def open(cls, path: Path | str) -> Index:
        """Return the index in a folder, whether it is usable or not; never fails on its content."""
        return cls(Path(path))

    def is_usable(self) -> bool:
        """Say whether the index can be read."""
        try:
            self.keys_with_stamp()
        except IndexUnusable:
            return False
        return True

    def mark(self) -> tuple[int, int]:
        """Return what changes when a rebuild switches to another folder; costs one look at a file."""
        try:
            found = os.stat(self.path / POINTER)
        except OSError as error:
            raise IndexUnusable("there is no index yet") from error
        return (found.st_ino, found.st_mtime_ns)

    def current(self) -> FileIndex:
        """Open the current index."""
        with unusable_on_failure():
            name = (self.path / POINTER).read_text("ascii").strip()
            if self._opened is not None and self._opened[0] == name:
                return self._opened[1]
            if not name.startswith(f"index-{VERSION}-") or "/" in name:
                raise IndexUnusable("the index was made by another version")
            opened = FileIndex(Storage(str(self.path / name)), make_schema())
            self._opened = (name, opened)
            return opened

    def keys_with_stamp(self) -> dict[str, str]:
        """Return the key and stamp of every document in the index, to compare with the database."""
        with unusable_on_failure():
            reader = self.current().reader()
            try:
                return {facts.key: facts.stamp for facts in live_facts(reader)}
            finally:
                reader.close()

    def update(self, documents: Iterable[Document], deleted_keys: Iterable[str] = (), timeout: float = 10.0) -> None:
        """Put documents in the index in place of the old ones with their keys, and take others out.

        Waits up to `timeout` seconds for another writer; raises IndexBusy then, IndexUnusable without an index.
        """
        latest = {document.key: document for document in documents}
        gone = {*latest, *deleted_keys}
        if not gone:
            return
        with self._writer(timeout) as writer:
            deleted = delete_keys(writer, gone)
            if deleted or latest:
                add_documents(writer, latest.values())
                writer.commit(mergetype=join_segments)

    def rebuild(
        self, documents: Iterable[Document], progress: Callable[[int], None] = lambda done: None
    ) -> frozenset[str]:
        """Build the index anew beside the current one and switch to it.

        `progress` is told the number of documents so far. Returns the keys whose documents changed in the old
        index meanwhile: the caller gives these to `update` once more. Raises IndexBusy when someone else is
        rebuilding.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o700)
        lock = FileLock(str(self.path / "rebuilding"))
        if not lock.acquire():
            raise IndexBusy("the index is already being rebuilt")
        try:
            return self._rebuild(documents, progress)
        finally:
            lock.release()

    def _rebuild(self, documents: Iterable[Document], progress: Callable[[int], None]) -> frozenset[str]:
        before = self._stamps_or_none()
        name = f"index-{VERSION}-{secrets.token_hex(4)}"
        folder = self.path / name
        folder.mkdir(mode=0o700)
        try:
            build(folder, documents, progress)
            changed = self._switch(name, before)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._opened = None
        return changed

    def _switch(self, name: str, before: dict[str, str] | None) -> frozenset[str]:
        """Let the pointer name the new folder, while nobody writes in the old one."""
        if before is None:
            old = None
            self._point_to(name)
            after: dict[str, str] = {}
        else:
            with self._writer(timeout=60.0) as writer:
                old = Path(writer.storage.folder).name
                after = self.keys_with_stamp()
                self._point_to(name)
        for folder in self.path.glob("index-*"):
            # The folder before this one stays until the next rebuild: someone may still be reading it.
            if folder.name not in {name, old}:
                shutil.rmtree(folder, ignore_errors=True)
        before = before or {}
        return frozenset(key for key in {*before, *after} if before.get(key) != after.get(key))

    def _point_to(self, name: str) -> None:
        fresh = self.path / f"{POINTER}.{secrets.token_hex(4)}"
        fresh.write_text(name, "ascii")
        sync(fresh)
        fresh.replace(self.path / POINTER)
        sync(self.path)

    def _stamps_or_none(self) -> dict[str, str] | None:
        try:
            return self.keys_with_stamp()
        except IndexUnusable:
            return None

    @contextmanager
    def _writer(self, timeout: float) -> Iterator[Writer]:
        """Give the one writer of the current index, and let go of the lock whatever happens."""
        while True:
            opened = self.current()
            with unusable_on_failure():
                lock = opened.lock("WRITELOCK")
                if not try_for(lock.acquire, timeout=timeout, delay=0.05):
                    raise IndexBusy("another writer is busy with the index")
            try:
                # While we waited, a rebuild may have switched to another folder.
                if self.current() is not opened:
                    continue
                with unusable_on_failure():
                    writer = Writer(opened)
                try:
                    yield writer
                finally:
                    if not writer.is_closed:
                        writer.cancel()
                return
            finally:
                lock.release()


def live_facts(reader: Any) -> Iterator[Facts]:
    """Give the facts of all documents that are not deleted."""
    for leaf, _ in reader.leaf_readers():
        if leaf.doc_count_all():
            column = leaf.column_reader("facts", translate=False)
            for number in range(leaf.doc_count_all()):
                if not leaf.is_deleted(number):
                    yield Facts.read(column[number])
