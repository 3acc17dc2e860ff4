"""Jobs of the night: each waits for the coming midnight in Amsterdam, and puts the next one aside when it is done.

What must stay true: there is at most one of a kind that waits; a server that was down does it when it is back; one
that was given up is replaced when somebody calls `ensure`.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from proeftuin import clock
from proeftuin.db import session
from proeftuin.events.jobs import MAX_TRIES
from proeftuin.events.models import Job
from proeftuin.events.service import enqueue

AT_MIDNIGHT = timedelta()


def ensure(kind: str, *, after: timedelta = AT_MIDNIGHT) -> None:
    """See to it that a job of a kind waits; `after` is how long after midnight it is due."""
    waiting = session().scalar(select(Job.id).where(Job.kind == kind, Job.tries < MAX_TRIES).limit(1))
    if waiting is None:
        put_aside(kind, after=after)


def put_aside(kind: str, *, after: timedelta = AT_MIDNIGHT) -> None:
    """Put a job aside for the coming night."""
    now = max(clock.now(), clock.really_now())  # after tonight, also for who tells of the past
    job = enqueue(kind)
    job.due_at = clock.end_of(clock.day_of(now)) + after
