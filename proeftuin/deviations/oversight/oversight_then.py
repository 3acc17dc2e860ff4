"""What waited and what was wrong on another day, as known at the end of a day: made of courses and of rows that are
written once.

What must stay true: nothing here is read from the columns of `Deviation` that hold what is so today, nor from the day
on which an alert was settled, because that day can be taken back. Of an alert only what is written once counts: when
it was raised, and when a monitor closed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.deviations.days import DAY
from proeftuin.deviations.look import Look
from proeftuin.deviations.models import Alert, Confirmation, Position, Version
from proeftuin.deviations.oversight.alert_rules import Code, Level
from proeftuin.deviations.oversight.oversight import (
    UNDECIDED,
    WRONG,
    Us,
    Waits,
    Wrong,
    as_wrong,
    in_order,
    list_reconfirmations,
    may_know,
)
from proeftuin.deviations.register import rows_now, rows_then
from proeftuin.deviations.register.editions import Entry, Place
from proeftuin.deviations.register.lines import Counting
from proeftuin.deviations.register.marks import last_said, understood
from proeftuin.deviations.register.rows_then import Then
from proeftuin.deviations.states import due
from proeftuin.deviations.states.course import GOVERNS, Course
from proeftuin.deviations.vocabulary import Duty


def list_waiting(us: Us, then: Then, look: Look) -> list[Waits]:
    """Return what waited for these parties: what is asked first, by the day before which."""
    found = [*_positions(us, then.edition.entries, look), *_letters(us, then.edition.by_id, look)]
    for party_id in us.parties:
        found += list_reconfirmations(party_id, then.edition.by_id, then.courses)
    return in_order(found, look.day)


def _positions(us: Us, entries: Iterable[Entry], look: Look) -> list[Waits]:
    asked = {entry.raw.waiting_id: entry for entry in entries if entry.raw.waiting_id is not None}
    found = []
    for version_id, rows in rows_now.list_said(list(asked)).items():
        entry = asked[version_id]
        for party_id, said in last_said(rows_then.as_known(understood(rows), look)).items():
            status = said.status if said.counts else None
            if party_id in us.parties and said.duty is Duty.REQUIRED and status in UNDECIDED:
                found.append(Waits(entry, "position", party_id, entry.raw.respond_by, version_id, status))
    return found


def _letters(us: Us, by_id: Mapping[int, Entry], look: Look) -> list[Waits]:
    """Return the letters that were entered and of which the party had said nothing yet."""
    rows = session().execute(
        select(Position.id, Position.party_id, Position.recorded_at, Confirmation.recorded_at, Version.deviation_id)
        .join(Version, Version.id == Position.version_id)
        .outerjoin(Confirmation, Confirmation.position_id == Position.id)
        .where(Position.is_letter, Position.party_id.in_(us.parties), Position.decided_on <= look.day)
        .order_by(Position.id)
    )
    until = _known_until(look)
    return [
        Waits(by_id[deviation_id], "letter", party_id, None, number)
        for number, party_id, entered_at, confirmed_at, deviation_id in rows
        if deviation_id in by_id and _is_by(entered_at, until) and not _is_by(confirmed_at, until)
    ]


def _known_until(look: Look) -> datetime | None:
    return clock.end_of(look.known) if look.known else None


def _is_by(moment: datetime | None, until: datetime | None) -> bool:
    """Return whether something was recorded, and by the end of the day of knowing when one is asked for."""
    return moment is not None and (until is None or moment < until)


def list_wrong(actor: Actor, then: Then, places: Mapping[int, Place], counting: Counting, look: Look) -> list[Wrong]:
    """Return the alerts that were open, red ones first, as far as the actor may know of them."""
    until = _known_until(look)
    found = []
    for alert in _raised(look):
        entry = then.edition.by_id.get(alert.deviation_id)
        if entry is None or not _is_by(alert.recorded_at, until):
            continue
        if not may_know(actor, Code(alert.code), entry, places, counting):
            continue
        if _was_open(alert, then.courses[alert.deviation_id], look):
            found.append(as_wrong(alert.id, Code(alert.code), alert.level, alert.on, entry))
    return found


def _raised(look: Look) -> Sequence[Alert]:
    raised = select(Alert).where(Alert.code.in_([code.value for code in WRONG]), Alert.on <= look.day)
    return session().scalars(raised.order_by(Alert.level.desc(), Alert.on.desc(), Alert.id)).all()


def _was_open(alert: Alert, course: Course, look: Look) -> bool:
    """Return whether an alert was open: a red one until a monitor closed it, another one as long as its cause was
    there."""
    if alert.level == Level.RED:
        until = clock.end_of(min(look.day, look.known or look.day))
        return not _is_by(alert.closed_at, until)
    return _is_late(alert, course, look)


def _is_late(alert: Alert, course: Course, look: Look) -> bool:
    """Return whether the condition that an alert is about was late that day."""
    track = course.governing
    if track is None or track.state not in GOVERNS:
        return False
    lines = due.lines(alert.deviation_id, track.facts.number, today=look.day, known=look.known)
    told = alert.data.get("condition"), alert.on - DAY
    return any(line.is_late and (line.condition.id, line.due_on) == told for line in lines)
