"""The conditions of a version, each time they are due, and what was reported of them.

A condition that comes back is due on `due_on` and then every so many months, until the last day of the version. Late
is never reported: it follows from the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from proeftuin import clock
from proeftuin.db import session
from proeftuin.deviations.days import months_later
from proeftuin.deviations.models import Condition, ConditionReport, Version
from proeftuin.deviations.vocabulary import ConditionKind, ConditionState

SETTLED = (ConditionState.MET, ConditionState.BROKEN)


@dataclass(frozen=True, slots=True)
class Line:
    """A condition for one time that it is due, with what was last reported of it."""

    condition: Condition
    due_on: date
    state: ConditionState
    reported_on: date | None
    note: str
    today: date

    @property
    def is_late(self) -> bool:
        """Return whether its day passed and it was not met, nor found broken. One that ends it is never late."""
        is_duty = self.condition.kind is not ConditionKind.SUBSEQUENT
        return is_duty and self.state not in SETTLED and self.due_on < self.today

    @property
    def is_broken(self) -> bool:
        return self.state is ConditionState.BROKEN

    @property
    def is_open(self) -> bool:
        return self.state is not ConditionState.MET


def due_days(condition: Condition, through: date) -> list[date]:
    """Return the days on which a condition is due, through a day; the first one always."""
    days = [condition.due_on]
    while condition.every_months:
        following = months_later(condition.due_on, condition.every_months * len(days))
        if following > through:
            break
        days.append(following)
    return days


def lines(deviation_id: int, number: int, *, today: date | None = None, known: date | None = None) -> Sequence[Line]:
    """Return the conditions of a version as they stand on a day, as known at the end of a day: those that are due by
    then or come first, in the order of their days."""
    day = today or clock.today()
    version = (
        session().scalars(select(Version).where(Version.deviation_id == deviation_id, Version.number == number)).one()
    )
    conditions = session().scalars(select(Condition).where(Condition.version_id == version.id)).all()
    query = (
        select(ConditionReport)
        .where(ConditionReport.condition_id.in_([condition.id for condition in conditions]))
        .order_by(ConditionReport.on, ConditionReport.id)
    )
    if known is not None:
        query = query.where(ConditionReport.recorded_at < clock.end_of(known))
    last = {(r.condition_id, r.due_on): r for r in session().scalars(query) if r.on <= day}
    found = []
    for condition in conditions:
        for due_on in shown_days(due_days(condition, version.valid_until), day):
            report = last.get((condition.id, due_on))
            found.append(
                Line(
                    condition,
                    due_on,
                    report.state if report else ConditionState.OPEN,
                    report.on if report else None,
                    report.note if report else "",
                    day,
                )
            )
    return sorted(found, key=lambda line: (line.due_on, line.condition.position))


def shown_days(days: Sequence[date], today: date) -> list[date]:
    """Return the days that passed and the first one that is to come."""
    return list(days[: sum(day < today for day in days) + 1])
