"""Since when things are there: the first day of the site, and of what stands on it. Asked in the present only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache

from sqlalchemy import Table, func, or_, select

from proeftuin import clock
from proeftuin.db import Base, session
from proeftuin.past.tables import ALWAYS, SIBLINGS
from proeftuin.prepared import Prepared


def first_day() -> date:
    """Return the first day that can be shown: that of the first event, and today when nothing happened yet."""
    (moment,) = _first_event().first()
    return clock.day_of(moment) if moment is not None else clock.today()


def first_day_of(table: str, number: int) -> date | None:
    """Return since which day a row is there."""
    then = SIBLINGS[table].then
    return _shown(session().scalar(select(func.min(then.c.since_day)).where(then.c.id == number)))


def first_readable_day(subject_id: int, circles: Collection[int]) -> date | None:
    """Return since which day a subject was there for who is in the teams of these circles."""
    then = SIBLINGS["subject"].then
    readable = or_(then.c.audience == "everyone", then.c.circle_id.in_(circles))
    return _shown(session().scalar(select(func.min(then.c.since_day)).where(then.c.id == subject_id, readable)))


def path_on(subject_id: int, day: date) -> str | None:
    """Return the address that a subject had on a day."""
    then = SIBLINGS["subject"].then
    query = select(then.c.path).where(then.c.id == subject_id, then.c.since_day <= day, then.c.until_day > day)
    path: str | None = session().scalar(query)
    return path


@cache
def _first_event() -> Prepared:
    event: Table = Base.metadata.tables["event"]
    return Prepared(select(func.min(event.c.at)))


def _shown(since: date | None) -> date | None:
    return first_day() if since == ALWAYS else since
