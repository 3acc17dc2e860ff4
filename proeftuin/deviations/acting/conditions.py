"""Reporting what became of a condition."""

from __future__ import annotations

from datetime import date

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.deviations import policy
from proeftuin.deviations.acting import standing
from proeftuin.deviations.models import Condition, ConditionReport, Deviation, Version
from proeftuin.deviations.states.due import due_days
from proeftuin.deviations.vocabulary import ConditionState
from proeftuin.errors import Invalid, NotAllowed
from proeftuin.events import service as events
from proeftuin.i18n import _
from proeftuin.pilots import queries as pilots


def report(
    actor: Actor,
    condition: Condition,
    *,
    due_on: date,
    state: ConditionState,
    note: str = "",
    on: date | None = None,
) -> ConditionReport:
    """Record what became of a condition, for the time it was due on a day.

    :raises NotAllowed: for who is neither its owner, nor the team, the works council or the secretary.
    :raises Invalid: when it is not due on that day, the day is to come, or a broken one comes without a word.
    """
    version = session().get_one(Version, condition.version_id)
    deviation = session().get_one(Deviation, version.deviation_id)
    if not policy.may_report_condition(actor, pilots.standing(actor, deviation.pilot_id), condition.owner_id):
        raise NotAllowed(_("Over een voorwaarde meldt de eigenaar, het team, de OR of de cao-secretaris."))
    day = on or clock.today()
    problems = {}
    if due_on not in due_days(condition, version.valid_until):
        problems["due_on"] = _("Op deze dag hoeft de voorwaarde niet te zijn vervuld.")
    if day > clock.today():
        problems["on"] = _("Deze dag moet nog komen. Kies vandaag of een dag daarvoor.")
    if day < version.submitted_on:
        problems["on"] = _("Deze dag ligt voor de dag waarop de versie is voorgelegd.")
    if state in (ConditionState.BROKEN, ConditionState.PARTLY) and not note.strip():
        problems["note"] = _("Schrijf op wat er niet is nagekomen.")
    if problems:
        raise Invalid(problems)
    standing.wake(deviation)
    row = ConditionReport(
        condition_id=condition.id,
        due_on=due_on,
        state=state,
        on=day,
        note=note.strip(),
        actor_id=actor.id,
        recorded_at=clock.now(),
    )
    session().add(row)
    session().flush()
    events.record(
        actor.id,
        "condition:reported",
        deviation.id,
        object_id=version.number,
        summary=condition.text[:200],
        state=state.value,
        due_on=due_on.isoformat(),
        on=day.isoformat(),
        sort=condition.kind.value,
        note=row.note,
    )
    standing.settle(deviation)
    return row
