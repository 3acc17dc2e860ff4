"""Which alerts there are: code, level, who gets them and when (domain dossier 6.2). A table, and one pure function.

What must stay true: an alert follows from the course, the days and what was reported; its key is the same as long as
its cause is, so that it is raised once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from proeftuin.deviations.states.course import GOVERNS, Course, Track
from proeftuin.deviations.states.due import Line
from proeftuin.deviations.vocabulary import OVER, State
from proeftuin.pilots.models import State as PilotState


class Level(StrEnum):
    """How pressing an alert is. Red ones stay until a monitor closes them with a note."""

    INFO = "info"
    ACTION = "actie"
    RED = "rood"


class To(StrEnum):
    """Who gets an alert, and so why somebody got it."""

    PARTY = "party"
    PARTIES = "parties"
    COUNCIL = "council"
    UNIONS = "unions"
    LEAD = "lead"
    PROPOSER = "proposer"
    OWNER = "owner"
    HR = "hr"
    PARTICIPANTS = "participants"


class Code(StrEnum):
    """The codes of the dossier, and those of its statutory timers (5.3)."""

    SUBMITTED = "nieuw_voorgelegd"
    TEXT_CHANGED = "tekst_gewijzigd"
    ARTICLE_CHANGED = "artikel_gewijzigd"
    TO_CONFIRM = "te_bevestigen"
    RESPOND = "reactietermijn"
    EXPIRES_60 = "verloopt_60"
    EXPIRES_30 = "verloopt_30"
    EXPIRES_7 = "verloopt_7"
    LAPSED = "vervallen_tijdens_proef"
    STARTED_WITHOUT = "gestart_zonder_afwijking"
    ENDS_BEFORE_PILOT = "eindigt_voor_proeftuin"
    TOO_MANY = "aantal_overschreden"
    CONDITION_LATE = "voorwaarde_te_laat"
    CONDITION_BROKEN = "voorwaarde_geschonden"
    SERIOUS_REPORT = "melding_ernstig"
    FALLBACK_OPEN = "terugval_open"
    NULLITY = "nietigheidstermijn"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    level: Level
    to: tuple[To, ...]


_EVERYONE_WHO_WATCHES = (To.LEAD, To.HR, To.PARTIES, To.COUNCIL)

RULES: Mapping[Code, Rule] = MappingProxyType(
    {
        Code.SUBMITTED: Rule(Level.ACTION, (To.PARTY,)),
        Code.TEXT_CHANGED: Rule(Level.ACTION, (To.PARTY,)),
        Code.ARTICLE_CHANGED: Rule(Level.ACTION, (To.PARTY,)),
        Code.TO_CONFIRM: Rule(Level.ACTION, (To.PARTY,)),
        Code.RESPOND: Rule(Level.ACTION, (To.PARTY, To.PROPOSER)),
        Code.EXPIRES_60: Rule(Level.INFO, _EVERYONE_WHO_WATCHES),
        Code.EXPIRES_30: Rule(Level.ACTION, _EVERYONE_WHO_WATCHES),
        Code.EXPIRES_7: Rule(Level.RED, _EVERYONE_WHO_WATCHES),
        Code.LAPSED: Rule(Level.RED, (*_EVERYONE_WHO_WATCHES, To.PARTICIPANTS)),
        Code.STARTED_WITHOUT: Rule(Level.RED, (To.UNIONS, To.COUNCIL)),
        Code.ENDS_BEFORE_PILOT: Rule(Level.INFO, (To.LEAD, To.HR)),
        Code.TOO_MANY: Rule(Level.RED, (To.LEAD, To.HR, To.PARTIES, To.COUNCIL)),
        Code.CONDITION_LATE: Rule(Level.ACTION, (To.OWNER, To.PARTIES, To.COUNCIL)),
        Code.CONDITION_BROKEN: Rule(Level.RED, (To.OWNER, To.PARTIES, To.COUNCIL)),
        Code.SERIOUS_REPORT: Rule(Level.RED, (To.COUNCIL, To.UNIONS)),
        Code.FALLBACK_OPEN: Rule(Level.RED, (To.LEAD, To.PARTIES, To.COUNCIL, To.UNIONS)),
        Code.NULLITY: Rule(Level.ACTION, (To.COUNCIL,)),
    }
)
EXPIRES = ((60, Code.EXPIRES_60), (30, Code.EXPIRES_30), (7, Code.EXPIRES_7))
RESPOND_AT = (14, 3, -1)
NULLITY_AT = (14, 7, 2)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An alert that should be there, since a day. `key` names its cause within the deviation."""

    code: Code
    key: str
    on: date
    party_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is looked at besides the course."""

    pilot_state: PilotState
    pilot_since: date
    pilot_ends_on: date | None
    participants: int
    most: int | None
    conditions: tuple[Line, ...] = ()
    serious_reports: tuple[tuple[int, date], ...] = ()
    letters: tuple[tuple[int, int, date], ...] = ()
    """Positions from a letter that wait: number of the position, the party, the day of entry."""
    nullity_through: date | None = None


def wanted(course: Course, situation: Situation) -> Iterator[Wanted]:
    """Give the alerts that should be there on the day of a course."""
    if course.waiting is not None and course.waiting.state is State.SUBMITTED:
        yield from _of_submitted(course, course.waiting)
    for number, party, day in situation.letters:
        yield Wanted(Code.TO_CONFIRM, f"brief:{number}", day, party)
    track = course.governing
    if track is None:
        return
    if track.state in GOVERNS:
        yield from _of_applied(course, track, situation)
    if track.state in OVER and track.started_on is not None and track.ended_on is not None and not course.is_closed:
        yield from _of_ended(course, track, track.ended_on, situation)
    yield from _started_without(course, track, situation)
    for number, day in situation.serious_reports:
        yield Wanted(Code.SERIOUS_REPORT, f"melding:{number}", day)
    if situation.nullity_through is not None:
        yield from _thresholds(
            Code.NULLITY, "nietigheid", situation.nullity_through, NULLITY_AT, course.through, until_passed=True
        )


def _of_submitted(course: Course, track: Track) -> Iterator[Wanted]:
    facts = track.facts
    code = Code.SUBMITTED if facts.number == 1 else Code.TEXT_CHANGED
    for party in sorted(track.open_parties):
        if party not in track.positions:
            yield Wanted(code, f"voorgelegd:{facts.number}:{party}", facts.on, party)
        for each in _thresholds(
            Code.RESPOND, f"reactie:{facts.number}:{party}", facts.respond_by, RESPOND_AT, course.through
        ):
            yield Wanted(each.code, each.key, each.on, party, each.data)


def _of_applied(course: Course, track: Track, situation: Situation) -> Iterator[Wanted]:
    facts, today = track.facts, course.through
    yield from _of_last_day(course, track)
    if situation.pilot_ends_on is not None and facts.valid_until < situation.pilot_ends_on:
        yield Wanted(Code.ENDS_BEFORE_PILOT, f"eindigt:{facts.number}", track.started_on or facts.on)
    if situation.most is not None and situation.participants > situation.most:
        yield Wanted(Code.TOO_MANY, f"aantal:{facts.number}", today)
    for line in situation.conditions:
        yield from _of_condition(line, today)
    for renewal in course.open_renewals:
        for party in sorted(renewal.parties - track.reconfirmed.get(renewal.since, set())):
            yield Wanted(Code.ARTICLE_CHANGED, f"artikel:{renewal.since}:{party}", renewal.since, party)


def _of_last_day(course: Course, track: Track) -> Iterator[Wanted]:
    last, following = course.last_day, course.waiting
    if last is None or (following is not None and following.state is State.AGREED):
        return
    for days, code in EXPIRES:
        on = last - timedelta(days=days)
        if course.through >= on:
            yield Wanted(
                code, f"verloopt:{track.facts.number}:{last}:{days}", on, data={"last_day": last.isoformat()}
            )


def _of_condition(line: Line, today: date) -> Iterator[Wanted]:
    name = f"voorwaarde:{line.condition.id}:{line.due_on}"
    about = {"condition": line.condition.id}
    if line.is_broken:
        yield Wanted(Code.CONDITION_BROKEN, f"{name}:geschonden", line.reported_on or today, data=about)
    elif line.is_late:
        yield Wanted(Code.CONDITION_LATE, name, line.due_on + timedelta(days=1), data=about)


def _of_ended(course: Course, track: Track, ended_on: date, situation: Situation) -> Iterator[Wanted]:
    if situation.pilot_state in (PilotState.RUNNING, PilotState.PAUSED):
        yield Wanted(Code.LAPSED, f"vervallen:{track.facts.number}", ended_on)
    if course.lacks_fallback:
        yield Wanted(Code.FALLBACK_OPEN, f"terugval:{ended_on}", course.fallback_due or ended_on)


def _started_without(course: Course, track: Track, situation: Situation) -> Iterator[Wanted]:
    lacks = {State.SUBMITTED, State.AGREED, State.SUSPENDED, State.LAPSED, State.ENDED}
    if situation.pilot_state is PilotState.RUNNING and course.state in lacks:
        first = track.facts.valid_from
        if first <= course.through:
            on = max(first, situation.pilot_since, track.since)
            yield Wanted(Code.STARTED_WITHOUT, f"zonder:{track.facts.number}:{on}", on)


def _thresholds(
    code: Code, name: str, through: date, days: tuple[int, ...], today: date, *, until_passed: bool = False
) -> Iterator[Wanted]:
    if until_passed and today > through:
        return
    for number in days:
        on = through - timedelta(days=number)
        if today >= on:
            yield Wanted(code, f"{name}:{number}", on, data={"through": through.isoformat()})
