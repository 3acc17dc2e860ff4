"""Which day this request reads: None for the present.

What must stay true: while a day of the past is read, nobody may do anything; the policies ask `is_past()`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, timedelta

from proeftuin import clock

LAST = date(9000, 1, 1)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_day: ContextVar[date | None] = ContextVar("day_of_the_past", default=None)


def get_day() -> date | None:
    """Return the day of the past that is being read, or None for the present."""
    return _day.get()


def is_past() -> bool:
    """Return whether the past is being read, so that nothing can be done."""
    return _day.get() is not None


def read_day(given: str) -> date | None:
    """Return the day that stands in an address, or None when it is none."""
    if not _DAY.fullmatch(given):
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None
    return day if day < LAST else None  # far enough from the edge of the calendar to add a day


@contextmanager
def reading(day: date) -> Iterator[None]:
    """Let the clock stand at the last moment of a day, and let everything inside the block know that it is past."""
    token = _day.set(day)
    try:
        with clock.at(clock.end_of(day) - timedelta(microseconds=1)):
            yield
    finally:
        _day.reset(token)
