"""Which deviations a pilot needs before it starts or goes on (domain dossier 5.1, P3 and P4).

A deviation that was rejected, withdrawn or closed is needed no more; one whose first day is still to come is not
needed yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from proeftuin.db import session
from proeftuin.deviations import labels
from proeftuin.deviations.models import Deviation
from proeftuin.deviations.states import loading
from proeftuin.deviations.states.course import Course
from proeftuin.deviations.vocabulary import State
from proeftuin.pilots.linked import Linked

NO_MORE = (State.REJECTED, State.WITHDRAWN, State.CLOSED)


def needed(pilot_id: int, on: date) -> Sequence[Linked]:
    """Return the deviations that a pilot needs on a day, and whether each is in force then."""
    rows = session().scalars(select(Deviation).where(Deviation.pilot_id == pilot_id).order_by(Deviation.id)).all()
    courses = loading.courses([row.id for row in rows], through=on)
    return [
        Linked(
            name=row.code or row.title,
            path=f"/afwijkingen/{row.code or f'concept-{row.id}'}",
            holds=_holds(courses[row.id], on),
            state=labels.state(courses[row.id].state)[2].lower(),
        )
        for row in rows
        if courses[row.id].state not in NO_MORE
    ]


def _holds(course: Course, on: date) -> bool:
    track = course.governing
    if track is None:
        return False
    return course.state is State.IN_FORCE or (track.started_on is None and track.facts.valid_from > on)
