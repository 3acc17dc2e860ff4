"""When the log is sealed: every night after midnight in Amsterdam, by a job that puts the next one aside.

What must stay true: as long as acts enter the log there is a job that will seal it. A server that was down does it
when it is back; a job that was given up is replaced at the next act. `flask audit seal` does the same by hand.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from proeftuin import clock
from proeftuin.db import session
from proeftuin.events.jobs import MAX_TRIES
from proeftuin.events.models import Job
from proeftuin.events.service import enqueue

KIND = "seal"
AFTER_MIDNIGHT = timedelta(minutes=5)
"""So that an act of the last minute of a day is committed before the day is sealed."""


def ensure() -> None:
    """See to it that a job waits that seals the log."""
    waiting = session().scalar(select(Job.id).where(Job.kind == KIND, Job.tries < MAX_TRIES).limit(1))
    if waiting is None:
        put_aside()


def put_aside() -> None:
    """Put a job aside for the coming night."""
    now = max(clock.now(), clock.really_now())  # after tonight, also for who tells of the past
    job = enqueue(KIND)
    job.due_at = clock.end_of(clock.day_of(now)) + AFTER_MIDNIGHT
