"""The only clock. Moments are aware UTC; days are days in Europe/Amsterdam.

Nothing else in the product asks the system what time it is, so a test, or the loader of the demo company, can
let an act take place at another moment with `at()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

_fixed: ContextVar[datetime | None] = ContextVar("fixed_moment", default=None)
_outside: ContextVar[datetime | None] = ContextVar("moment_outside", default=None)
_asked = (datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC), date.min)
"""The day that was asked for last, with its ends: a page asks several times for the same one."""


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _fixed.get() or datetime.now(UTC)


def really_now() -> datetime:
    """Return the moment outside the innermost `at()`: the present of who looks back at a day."""
    return _outside.get() or datetime.now(UTC)


def today() -> date:
    """Return the present day in Europe/Amsterdam."""
    return day_of(now())


def local(moment: datetime) -> datetime:
    """Return the moment on the Amsterdam wall clock."""
    return moment.astimezone(AMSTERDAM)


def day_of(moment: datetime) -> date:
    """Return the Amsterdam day in which the moment falls."""
    global _asked
    first, last, day = _asked
    if not first <= moment < last:
        day = local(moment).date()
        _asked = (start_of(day), end_of(day), day)
    return day


def start_of(day: date) -> datetime:
    """Return the first moment of a day in Amsterdam, in UTC."""
    return datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return the first moment after a day in Amsterdam, in UTC (exclusive end)."""
    return start_of(day + timedelta(days=1))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let everything inside the block happen at the given aware moment."""
    outside, token = _outside.set(_fixed.get()), _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
        _outside.reset(outside)
