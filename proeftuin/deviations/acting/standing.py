"""Bringing a deviation up to date: what the course gives today goes into its columns, and steps are told once.

Every act goes `wake` → add a row → `settle`. What must stay true: a step is told in the transaction in which it is
noticed, with the day from which it counts, however late that is; it is told once (`Announced`); the steps of people
are told by the act itself, here only those of time and of all parties together.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from sqlalchemy import func, select

from proeftuin import clock
from proeftuin.db import session
from proeftuin.deviations.models import Act, Announced, Deviation, Position, Version
from proeftuin.deviations.oversight import alerts
from proeftuin.deviations.states import consequences, flags, loading
from proeftuin.deviations.states.course import Course, Step
from proeftuin.deviations.states.machine import Hand
from proeftuin.deviations.vocabulary import State
from proeftuin.errors import Conflict
from proeftuin.events import service as events
from proeftuin.i18n import _

TOLD_AS = {
    State.AGREED: "deviation:agreed",
    State.IN_FORCE: "deviation:in_force",
    State.REJECTED: "deviation:rejected",
    State.ENDED: "deviation:ended",
    State.LAPSED: "deviation:lapsed",
    State.REPLACED: "deviation:replaced",
}
BY_ITSELF = (Hand.TIME, Hand.PARTIES)


def wake(deviation: Deviation) -> Course:
    """Bring a deviation up to date before an act, and return its course.

    :raises Conflict: when the clock of the server stands before what was recorded last.
    """
    last = _last_recorded(deviation.id)
    if last is not None and clock.now() < last:
        raise Conflict(
            _(
                "De klok van de server staat op %(now)s, maar het register kent al iets van %(last)s. In "
                "register en logboek staat alles in de volgorde waarin het gebeurde. Er is niets vastgelegd. Laat de "
                "beheerder eerst de klok goed zetten.",
                now=clock.local(clock.now()).strftime("%d-%m-%Y %H:%M"),
                last=clock.local(last).strftime("%d-%m-%Y %H:%M"),
            )
        )
    return settle(deviation)


def _last_recorded(deviation_id: int) -> datetime | None:
    moments = [
        session().scalar(select(func.max(Version.submitted_at)).where(Version.deviation_id == deviation_id)),
        session().scalar(select(func.max(Act.recorded_at)).where(Act.deviation_id == deviation_id)),
        session().scalar(
            select(func.max(Position.recorded_at))
            .join(Version, Version.id == Position.version_id)
            .where(Version.deviation_id == deviation_id)
        ),
    ]
    return max((moment for moment in moments if moment is not None), default=None)


def settle(deviation: Deviation, *, through: date | None = None) -> Course:
    """Tell the steps through a day (today) that were not told yet, do what follows from them, and keep what the
    course gives."""
    session().flush()  # the course is read from the tables
    course = loading.course(deviation.id, through=through)
    for step, occurrence in _untold(deviation.id, course):
        _tell(deviation, step, occurrence)
        consequences.follow(deviation, course, step)
    refresh(deviation, course)
    alerts.review(deviation, course)
    return course


def untold_days(deviation_id: int, course: Course) -> list[date]:
    """Return the days on which a deviation took a step that was not told yet."""
    return sorted({step.on for step, _ in _untold(deviation_id, course)})


def _untold(deviation_id: int, course: Course) -> list[tuple[Step, int]]:
    told = {
        (row.version, row.number, row.on, row.occurrence)
        for row in session().scalars(select(Announced).where(Announced.deviation_id == deviation_id))
    }
    seen: Counter[tuple[int, str, date]] = Counter()
    found = []
    for step in course.steps:
        key = (step.version, step.number, step.on)
        if (*key, seen[key]) not in told:
            found.append((step, seen[key]))
        seen[key] += 1
    return found


def _tell(deviation: Deviation, step: Step, occurrence: int) -> None:
    session().add(
        Announced(
            deviation_id=deviation.id,
            version=step.version,
            number=step.number,
            on=step.on,
            occurrence=occurrence,
            recorded_at=clock.now(),
        )
    )
    if step.by in BY_ITSELF and step.to_state in TOLD_AS:
        events.record(
            None,
            TOLD_AS[step.to_state],
            deviation.id,
            object_id=step.version,
            rule=step.number,
            on=step.on.isoformat(),
            reason=step.reason or "",
        )


def refresh(deviation: Deviation, course: Course | None = None) -> Course:
    """Keep in the row what the course gives today, and return the course."""
    course = course or loading.course(deviation.id)
    governing, waiting = course.governing, course.waiting
    track = governing or waiting
    deviation.state = course.state
    deviation.state_since = course.since or deviation.state_since
    deviation.governing = governing.facts.number if governing else None
    deviation.waiting = waiting.facts.number if waiting else None
    deviation.first_day = (track.started_on or track.facts.valid_from) if track else None
    deviation.last_day = course.last_day
    deviation.submitted_on = course.steps[0].on if course.steps else None
    wanted = [flag.value for flag in flags.of(deviation, course)]
    if deviation.flags != wanted:
        deviation.flags = wanted
    return course
