"""Time is the only actor at midnight in Amsterdam, also across clock changes and after nights that were missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.db import Database, session
from proeftuin.deviations import service
from proeftuin.deviations.acting import clerk
from proeftuin.deviations.models import Deviation
from proeftuin.deviations.states import loading
from proeftuin.deviations.vocabulary import State
from proeftuin.events.models import Event, Job
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import Pilot, Transition
from proeftuin.pilots.models import State as PilotState
from tests.deviations.stage import LAST, SUBMITTED, Stage, morning

TIME = ("deviation:in_force", "deviation:lapsed", "deviation:ended", "deviation:replaced")


def running(database: Database, stage: Stage, **fields: Any) -> int:
    """Give a deviation in force in a running pilot, and return its number."""
    with clock.at(morning(SUBMITTED)), database.transaction():
        deviation, version = stage.submitted(**fields)
        stage.all_agree(version)
    with clock.at(morning(date(2026, 3, 2))), database.transaction():
        clerk.pass_time()
        pilot = session().get_one(Pilot, stage.pilot.id)
        if pilot.state is PilotState.PREPARATION:
            pilots.move(stage.cast.lead, pilot, PilotState.RUNNING, measured=True, informed=True)
    return deviation.id


def told() -> list[tuple[str, int, str]]:
    """Return what time did, in the order in which it was told, each with its own day."""
    rows = session().scalars(select(Event).where(Event.kind.in_(TIME)).order_by(Event.id))
    return [(event.kind, event.subject_id, event.data["on"]) for event in rows]


@pytest.mark.parametrize("last", [LAST, date(2026, 3, 28), date(2026, 10, 24)])
def test_the_last_day_lasts_until_midnight_in_amsterdam(database: Database, stage: Stage, last: date) -> None:
    """Chapter 12, check 3; on 29 March and 25 October the clock changes."""
    number = running(database, stage, valid_until=last, evaluate_by=date(2026, 3, 2), conditions=())
    midnight = clock.start_of(last + timedelta(days=1))
    assert clock.local(midnight).hour == 0
    with clock.at(midnight - timedelta(minutes=1)), database.transaction():
        clerk.pass_time()
        assert session().get_one(Deviation, number).state is State.IN_FORCE
        assert session().get_one(Pilot, stage.pilot.id).state is PilotState.RUNNING
    with clock.at(midnight), database.transaction():
        clerk.pass_time()
        assert session().get_one(Deviation, number).state is State.LAPSED
        pilot = session().get_one(Pilot, stage.pilot.id)
        assert (pilot.state, pilot.state_since) == (PilotState.PAUSED, last + timedelta(days=1))
        made = session().scalars(select(Transition).order_by(Transition.id.desc())).first()
        assert made is not None
        assert made.actor_id is None
        assert "AFW-2026-01" in made.reason


def test_who_reads_at_midnight_does_not_wait_for_the_clerk(database: Database, stage: Stage) -> None:
    number = running(database, stage)
    with clock.at(clock.start_of(LAST + timedelta(days=1))), database.reading():
        assert loading.course(number).state is State.LAPSED


def test_nights_that_were_missed_are_told_in_order_with_their_own_days(database: Database, stage: Stage) -> None:
    first = running(database, stage, valid_until=date(2026, 6, 30), evaluate_by=date(2026, 4, 20))
    with clock.at(morning(date(2026, 5, 1))), database.transaction():
        row = session().get_one(Deviation, first)
        second = service.submit(
            stage.cast.lead,
            row,
            stage.extension(
                valid_from=date(2026, 7, 1), valid_until=date(2026, 9, 20), evaluate_by=date(2026, 7, 15)
            ),
        )
        stage.all_agree(second)
    with clock.at(morning(date(2026, 10, 5))), database.transaction():
        assert clerk.pass_time() == 1
        assert told()[-3:] == [
            ("deviation:replaced", first, "2026-07-01"),
            ("deviation:in_force", first, "2026-07-01"),
            ("deviation:lapsed", first, "2026-09-21"),
        ]
        assert session().get_one(Pilot, stage.pilot.id).state_since == date(2026, 9, 21)
        before = told()
        assert clerk.pass_time() == 0, "nothing is told twice"
        assert told() == before


def test_a_late_extension_leaves_the_interruption_of_the_dossier(database: Database, stage: Stage) -> None:
    """Chapter 12, check 4."""
    number = running(database, stage)
    with clock.at(morning(date(2026, 11, 2))), database.transaction():
        clerk.pass_time()
        row = session().get_one(Deviation, number)
        service.state_fallback(
            stage.cast.lead,
            row,
            back_on=date(2026, 11, 4),
            restored="De oude regel.",
            still_open="De kosten.",
            is_complete=False,
        )
        version = service.submit(stage.cast.lead, row, stage.extension(valid_from=date(2026, 12, 7)))
    with clock.at(morning(date(2026, 11, 20))), database.transaction():
        stage.all_agree(version)
    with clock.at(morning(date(2026, 12, 8))), database.transaction():
        clerk.pass_time()
        course = loading.course(number)
        assert course.state is State.IN_FORCE
        assert [(gap.first, gap.last) for gap in course.interruptions] == [(date(2026, 11, 1), date(2026, 12, 6))]
        assert [(gap.first, gap.last) for gap in course.uncovered] == [(date(2026, 11, 1), date(2026, 11, 3))]


def test_a_job_waits_for_the_coming_midnight(database: Database, stage: Stage) -> None:
    with database.transaction():
        with clock.at(datetime(2026, 1, 12, 22, 30, tzinfo=UTC)):
            stage.submitted()
        jobs = session().scalars(select(Job).where(Job.kind == clerk.KIND)).all()
        assert len(jobs) == 1
        assert clock.local(jobs[0].due_at).hour == 0


def test_a_pilot_that_somebody_stopped_is_left_alone(database: Database, stage: Stage) -> None:
    number = running(database, stage)
    with clock.at(morning(date(2026, 10, 1))), database.transaction():
        pilot = session().get_one(Pilot, stage.pilot.id)
        pilots.move(stage.cast.lead, pilot, PilotState.STOPPED, reason="Klaar.", participants_get="Niets.")
    with clock.at(morning(LAST + timedelta(days=2))), database.transaction():
        clerk.pass_time()
        assert session().get_one(Deviation, number).state is State.LAPSED
        assert session().get_one(Pilot, stage.pilot.id).state is PilotState.STOPPED
