"""What follows by itself from a step: the pilot of a deviation that stopped is paused (domain dossier 4.1, point 2).

What must stay true: what follows has the day of the step, also when it is noticed later; a pilot that is not running
on that day is left alone.
"""

from __future__ import annotations

from proeftuin.db import session
from proeftuin.deviations.models import Deviation
from proeftuin.deviations.states.course import GOVERNS, Course, Step
from proeftuin.deviations.vocabulary import OVER
from proeftuin.i18n import _
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import Pilot, State


def follow(deviation: Deviation, course: Course, step: Step) -> None:
    """Do what follows from a step."""
    if step.to_state in OVER and step.from_state in GOVERNS and course.governing is not None:
        _pause(deviation, course, step)


def _pause(deviation: Deviation, course: Course, step: Step) -> None:
    """Pause the pilot, unless another version took over before the news was told."""
    pilot = session().get_one(Pilot, deviation.pilot_id)
    if pilot.state is not State.RUNNING or (course.governing and course.governing.state in GOVERNS):
        return
    pilots.pause(
        pilot,
        on=max(step.on, pilot.state_since),
        reason=_("%(code)s geldt niet meer. Voor deelnemers geldt weer de cao.", code=deviation.code),
    )
