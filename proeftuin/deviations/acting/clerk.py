"""The clerk of the night: at 00:00 in Amsterdam time is the only actor, and the clerk writes down what it did.

What must stay true: whatever the clerk missed is told later in the order of its days, each with its own day; the
course itself does not wait for the clerk. As long as there is a deviation in which something can happen by itself, a
job waits for the coming midnight.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from proeftuin.db import session
from proeftuin.deviations.acting import standing
from proeftuin.deviations.models import Deviation
from proeftuin.deviations.states import loading
from proeftuin.deviations.states.course import GOVERNS
from proeftuin.deviations.vocabulary import LIVE
from proeftuin.events import nightly
from proeftuin.events.models import Event, Job

KIND = "deviations"
PREFIXES = ("deviation:", "position:", "condition:", "cao:")


def pass_time() -> int:
    """Tell every step that time took and nobody told yet, and return how many deviations it was about."""
    waiting: dict[date, list[int]] = defaultdict(list)
    live = session().scalars(
        select(Deviation.id).where(or_(Deviation.state.in_(LIVE), Deviation.waiting.is_not(None)))
    )
    for number, course in loading.courses(list(live)).items():
        for day in standing.untold_days(number, course):
            waiting[day].append(number)
    touched: set[int] = set()
    for day in sorted(waiting):
        for number in waiting[day]:
            standing.settle(session().get_one(Deviation, number), through=day)
            touched.add(number)
    _look_again(set(loading.live_ids()))
    return len(touched)


def _look_again(ids: set[int]) -> None:
    """Bring the copies for lists up to date: that something is late follows from the day."""
    for number in sorted(ids):
        standing.settle(session().get_one(Deviation, number))


def do_job(_jobs: Sequence[Job]) -> None:
    """Pass time, and put the job of the coming night aside."""
    pass_time()
    nightly.put_aside(KIND)


def hear(event: Event) -> None:
    """See to it that a job waits for midnight once there is something of which the days count, and look again at the
    deviations of a pilot that somebody brought into another phase."""
    if event.kind.startswith(PREFIXES):
        nightly.ensure(KIND)
    if event.kind == "pilot:state" and event.actor_id is not None:  # the system itself is settling already
        _settle(Deviation.pilot_id == event.subject_id, Deviation.code.is_not(None))


def hear_count(pilot_id: int) -> None:
    """Look again at what applies in a pilot in which another number of people takes part."""
    _settle(Deviation.pilot_id == pilot_id, Deviation.state.in_(GOVERNS))


def _settle(*criteria: ColumnElement[bool]) -> None:
    for deviation in session().scalars(select(Deviation).where(*criteria).order_by(Deviation.id)).all():
        standing.settle(deviation)
