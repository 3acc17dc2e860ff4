"""Reading the words in files, so that they can be found: a job, in a process that may die (`reader`).

What must stay true: no file keeps the worker longer than `PATIENCE`; what cannot be read is remembered as read, with
no words, and not tried for ever; the database is not held while a file is being read.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Select, select

from proeftuin import clock
from proeftuin.db import Database, database, session
from proeftuin.events.models import Job
from proeftuin.events.service import enqueue
from proeftuin.files import reader, storage
from proeftuin.files.formats import PICTURES, Format
from proeftuin.files.models import Blob, File, FileVersion

log = logging.getLogger(__name__)

JOB = "files.read"
PATIENCE = 25.0
"""Seconds on the clock; the reader stops itself after twenty of computing."""

_heard: dict[str, Callable[[int], None]] = {}


def when_read(name: str, tell: Callable[[int], None]) -> None:
    """Let a function hear of every file whose words were read, inside the transaction that keeps them."""
    _heard[name] = tell


def ask(digest: str) -> None:
    """Put the reading of a file aside for after the commit."""
    enqueue(JOB, key=digest)


def read_jobs(jobs: Sequence[Job]) -> None:
    """Read the files of a batch of jobs; each is kept in a transaction of its own."""
    here = database()
    for digest in dict.fromkeys(job.key for job in jobs):
        read(here, digest)


def read(where: Database, digest: str) -> bool:
    """Read one file and keep its words; returns whether there was something to read."""
    with where.reading():
        format = session().scalar(_format_of(digest))
        path = storage.path_of(digest)
    if format is None or not path.is_file():
        return False
    words = words_of(format, path)
    with where.transaction():
        blob = session().get_one(Blob, digest)
        blob.text, blob.read_at = words, clock.now()
        for file_id in session().scalars(_files_with(digest)).all():
            for tell in _heard.values():
                tell(file_id)
    return True


def words_of(format: Format, path: Path) -> str:
    """Return the words in a file; none when it takes too long, too much, or cannot be read."""
    if format.is_picture:
        return ""
    command = [sys.executable, "-P", "-s", "-W", "ignore", reader.__file__, format.value, str(path)]
    # Nothing of our own environment: secrets have no business there.
    environment = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=PATIENCE, check=False, env=environment, stdin=subprocess.DEVNULL
        )
    except (subprocess.TimeoutExpired, OSError) as why:
        log.warning("a file of kind %s could not be read: %s", format, type(why).__name__)
        return ""
    if done.returncode:
        log.warning("a file of kind %s could not be read: the reader ended with %d", format, done.returncode)
        return ""
    return done.stdout.decode("utf-8", "replace")[: reader.LONGEST]


def list_unread() -> Sequence[str]:
    """Return the sums of the files whose words were never read."""
    query = (
        select(Blob.digest)
        .join(FileVersion, FileVersion.digest == Blob.digest)
        .join(File, File.id == FileVersion.file_id)
        .where(Blob.read_at.is_(None), Blob.erased_at.is_(None), File.format.not_in(PICTURES))
        .distinct()
        .order_by(Blob.digest)
    )
    return session().scalars(query).all()


def _format_of(digest: str) -> Select[Format]:
    return (
        select(File.format)
        .join(FileVersion, FileVersion.file_id == File.id)
        .join(Blob, Blob.digest == FileVersion.digest)
        .where(FileVersion.digest == digest, Blob.erased_at.is_(None))
        .limit(1)
    )


def _files_with(digest: str) -> Select[int]:
    return select(FileVersion.file_id).where(FileVersion.digest == digest).distinct()
