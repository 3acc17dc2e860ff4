"""Flags of a deviation: what somebody must know that is no state (domain dossier, chapter 4).

What must stay true: a flag follows from facts and days; nothing is stored for it but a copy for lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select

from proeftuin import clock
from proeftuin.db import session
from proeftuin.deviations.models import Confirmation, Deviation, Position, Version
from proeftuin.deviations.states import due
from proeftuin.deviations.states.course import GOVERNS, Course
from proeftuin.pilots.models import ParticipantCount, Pilot


class Flag(StrEnum):
    """What somebody must know, by its name in the dossier."""

    ARTICLE_CHANGED = "onderliggend_artikel_gewijzigd"
    TOO_MANY = "aantal_overschreden"
    CONDITION_LATE = "voorwaarde_te_laat"
    CONDITION_BROKEN = "voorwaarde_geschonden"
    ENDS_BEFORE_PILOT = "eindigt_voor_proeftuin"
    NOTICE_GIVEN = "opgezegd_per"
    TO_CONFIRM = "te_bevestigen"
    FALLBACK_OPEN = "terugval_open"


def of(deviation: Deviation, course: Course) -> list[Flag]:
    """Return the flags of a deviation on the day of a course, in a fixed order."""
    track = course.governing
    if track is None:
        return []
    found: set[Flag] = set()
    pilot = session().get_one(Pilot, deviation.pilot_id)
    applies = track.state in GOVERNS
    if applies and course.open_renewals:
        found.add(Flag.ARTICLE_CHANGED)
    if applies and _too_many(deviation.id, pilot.id, track.facts.number):
        found.add(Flag.TOO_MANY)
    if applies and track.notice_on is not None:
        found.add(Flag.NOTICE_GIVEN)
    if applies and pilot.ends_on is not None and track.facts.valid_until < pilot.ends_on:
        found.add(Flag.ENDS_BEFORE_PILOT)
    if waits_for_confirmation(deviation.id):
        found.add(Flag.TO_CONFIRM)
    if course.lacks_fallback:
        found.add(Flag.FALLBACK_OPEN)
    if applies:
        found |= _of_conditions(deviation.id, track.facts.number, course.through)
    return [flag for flag in Flag if flag in found]


def _too_many(deviation_id: int, pilot_id: int, number: int) -> bool:
    agreed = session().scalar(
        select(Version.max_participants).where(Version.deviation_id == deviation_id, Version.number == number)
    )
    count = session().scalar(select(ParticipantCount.number).where(ParticipantCount.pilot_id == pilot_id))
    return agreed is not None and (count or 0) > agreed


def waits_for_confirmation(deviation_id: int, *, day: date | None = None, known: date | None = None) -> bool:
    """Return whether a letter was entered of which the party said nothing yet, now or on a day as known on a day."""
    unanswered: ColumnElement[bool] = Confirmation.position_id.is_(None)
    query = (
        select(Position.id)
        .join(Version, Version.id == Position.version_id)
        .outerjoin(Confirmation, Confirmation.position_id == Position.id)
        .where(Version.deviation_id == deviation_id, Position.is_letter)
    )
    if day is not None:
        query = query.where(Position.decided_on <= day)
    if known is not None:
        until = clock.end_of(known)
        query = query.where(Position.recorded_at < until)
        unanswered = or_(unanswered, Confirmation.recorded_at >= until)
    return session().scalar(query.where(unanswered).limit(1)) is not None


def _of_conditions(deviation_id: int, number: int, today: date) -> set[Flag]:
    lines: Sequence[due.Line] = due.lines(deviation_id, number, today=today)
    late = {Flag.CONDITION_LATE} if any(line.is_late for line in lines) else set()
    broken = {Flag.CONDITION_BROKEN} if any(line.is_broken for line in lines) else set()
    return late | broken
