"""Doing the jobs: at least once, each in its own transaction, re-reading the state.

A job is claimed by a lease, so that several processes can work and a killed one loses nothing. Jobs of one kind
are handed to their handler together (`take`), because the search index is much faster with many at once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update

from proeftuin import clock
from proeftuin.db import Database, session
from proeftuin.events.models import Job

log = logging.getLogger(__name__)

Handler = Callable[[Sequence[Job]], None]

LEASE = timedelta(minutes=2)
MAX_TRIES = 8
BREATH = 0.1
"""Seconds between a commit and its jobs: whoever saved gets the next page first, and what comes close together is one
batch, which costs the index about as much as a single job.
"""
TAKE = 200

_handlers: dict[str, Handler] = {}
_take: dict[str, int] = {}
_only_reading: set[str] = set()


def handles(kind: str, handler: Handler, *, take: int = TAKE, writes: bool = True) -> None:
    """Let a function do the jobs of one kind; it gets up to `take` at once and must bear getting one twice.

    One that does not write to the database (mail, the search index) takes its time outside a write transaction, so
    that nobody who saves has to wait for it.
    """
    _handlers[kind] = handler
    _take[kind] = take
    (_only_reading.discard if writes else _only_reading.add)(kind)


def run_due(database: Database) -> int:
    """Do the jobs that are due, one batch of a kind at a time, and return how many were done."""
    done = 0
    while batch := _claim(database):
        done += _do(database, batch)
    return done


def _claim(database: Database) -> list[Job]:
    moment = clock.now()
    free = (
        Job.due_at <= moment,
        or_(Job.leased_until.is_(None), Job.leased_until < moment),
        Job.tries < MAX_TRIES,
        Job.kind.in_(list(_handlers)),
    )
    with database.reading() as reading:
        kind = reading.scalar(select(Job.kind).where(*free).order_by(Job.id).limit(1))
    if kind is None:
        return []
    with database.transaction() as writing:
        jobs = list(
            writing.scalars(
                select(Job)
                .where(*free, Job.kind == kind)
                .order_by(Job.id)
                .limit(_take[kind])
                .with_for_update(skip_locked=True)
            )
        )
        for job in jobs:
            job.leased_until = moment + LEASE
            job.tries += 1
    return jobs


def _do(database: Database, batch: Sequence[Job]) -> int:
    ids = [job.id for job in batch]
    kind = batch[0].kind
    try:
        if kind in _only_reading:
            with database.reading():
                _handlers[kind](batch)
        with database.transaction() as work:
            if kind not in _only_reading:
                _handlers[kind](batch)
            work.execute(delete(Job).where(Job.id.in_(ids)))
    except Exception as error:  # one failing job must not stop the others; it is kept, logged and tried again
        log.exception("jobs of kind %s failed", batch[0].kind)
        with database.transaction() as work:
            wait = clock.now() + timedelta(seconds=2 ** min(batch[0].tries, 10))
            work.execute(
                update(Job).where(Job.id.in_(ids)).values(due_at=wait, leased_until=None, error=str(error)[:2000])
            )
        return 0
    return len(ids)


def count_waiting() -> dict[str, int]:
    """Count the jobs that wait, per kind."""
    rows = session().execute(select(Job.kind, func.count()).group_by(Job.kind))
    return dict(rows.all())


def count_failed() -> int:
    """Count the jobs that were tried too often and are left for the administrator."""
    return session().scalar(select(func.count()).select_from(Job).where(Job.tries >= MAX_TRIES)) or 0


def oldest_waiting() -> datetime | None:
    """Return since when the longest waiting job is due, or None when none is; jobs given up are left out."""
    due = select(func.min(Job.due_at)).where(Job.due_at <= clock.now(), Job.tries < MAX_TRIES)
    return session().scalar(due)


class Worker(threading.Thread):
    """One daemon thread that does jobs soon after a commit in this process wakes it, or after half a second."""

    def __init__(self, database: Database) -> None:
        super().__init__(name="jobs", daemon=True)
        self.database = database
        self._wake = threading.Event()
        self._stop_asked = threading.Event()
        database.after_commit.append(self._wake.set)

    def run(self) -> None:
        while not self._stop_asked.is_set():
            if self._wake.wait(timeout=0.5):
                self._stop_asked.wait(BREATH)
            self._wake.clear()
            try:
                run_due(self.database)
            except Exception:  # a database that is away for a moment must not end the thread
                log.exception("the worker could not reach its jobs")
                self._stop_asked.wait(2)

    def stop(self) -> None:
        """Ask the thread to end after the batch at hand."""
        self._stop_asked.set()
        self._wake.set()
        self.join(timeout=10)
