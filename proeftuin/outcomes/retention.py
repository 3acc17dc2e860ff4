"""Destroying answers in time: half a year after a pilot was evaluated (domain dossier 8.5). The figures stay.

What must stay true: as long as there are answers of a pilot that was evaluated, a job waits that destroys them; a
pilot that was not evaluated keeps them, because there is nothing yet that they were for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import delete, func, select

from proeftuin import clock
from proeftuin.db import session
from proeftuin.events.models import Event, Job
from proeftuin.events.service import enqueue
from proeftuin.outcomes.models import AnswerRow, Intake, Publication
from proeftuin.pilots.models import State, Transition

JOB = "outcomes.forget"
KEPT = timedelta(days=183)


def hear(event: Event) -> None:
    """Put the destroying aside when a pilot was evaluated, or published after that."""
    if event.kind not in ("pilot:state", "outcome:published"):
        return
    evaluated = _evaluated_on(event.subject_id)
    if evaluated is not None:
        job = enqueue(JOB, key=str(event.subject_id), pilot_id=event.subject_id)
        job.due_at = max(job.due_at, clock.end_of(evaluated + KEPT))


def forget(jobs: Sequence[Job]) -> None:
    """Do the jobs: destroy the answers of pilots that were evaluated long enough ago."""
    for job in jobs:
        pilot_id: int = job.payload["pilot_id"]
        evaluated = _evaluated_on(pilot_id)
        if evaluated is None or clock.today() <= evaluated + KEPT:
            continue
        of_pilot = select(Publication.id).where(Publication.pilot_id == pilot_id)
        session().execute(delete(AnswerRow).where(AnswerRow.publication_id.in_(of_pilot)))
        session().execute(delete(Intake).where(Intake.pilot_id == pilot_id))


def _evaluated_on(pilot_id: int) -> date | None:
    query = select(func.max(Transition.on)).where(
        Transition.pilot_id == pilot_id, Transition.to_state == State.EVALUATED
    )
    return session().scalar(query)
