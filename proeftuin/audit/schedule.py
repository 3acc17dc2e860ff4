"""When the log is sealed and checked: every night after midnight in Amsterdam, by jobs that put the next one aside.

What must stay true: as long as acts enter the log there is a job that will seal it, and one that will check it. A
server that was down does it when it is back; a job that was given up is replaced at the next act. `flask audit seal`
and `flask audit verify` do the same by hand.
"""

from __future__ import annotations

from datetime import timedelta

from proeftuin.events import nightly

KIND, CHECK = "seal", "log-check"
AFTER_MIDNIGHT = {KIND: timedelta(minutes=5), CHECK: timedelta(minutes=30)}
"""So that an act of the last minute of a day is committed before the day is sealed; what is checked has its seal."""


def ensure() -> None:
    """See to it that jobs wait that seal and check the log."""
    for kind, after in AFTER_MIDNIGHT.items():
        nightly.ensure(kind, after=after)


def put_aside(kind: str = KIND) -> None:
    """Put a job aside for the coming night."""
    nightly.put_aside(kind, after=AFTER_MIDNIGHT[kind])
