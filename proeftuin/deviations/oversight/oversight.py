"""What who watches must see at once: what applies, what waits, what ends, what is wrong (domain dossier 6.1).

It is read from the edition of now and from open alerts; another day is in `oversight_then`. What must stay true:
everyone reads it, but what a report says, and that a small group grew too large, stays with those who may know it;
nothing here tells what somebody read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Integer, and_, bindparam, or_, select

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Party, PartyKind
from proeftuin.deviations import policy
from proeftuin.deviations.models import Alert, Asked, Confirmation, Deviation, Position, Version
from proeftuin.deviations.oversight import alerts
from proeftuin.deviations.oversight.alert_rules import Code, Level
from proeftuin.deviations.register import rows_now
from proeftuin.deviations.register.editions import Edition, Entry, Place
from proeftuin.deviations.register.filters import Group
from proeftuin.deviations.register.lines import SOON, Bar, Counting, bars_of, clipped, days_of
from proeftuin.deviations.register.marks import last_said, understood
from proeftuin.deviations.states import loading
from proeftuin.deviations.states.course import Course
from proeftuin.deviations.states.flags import Flag
from proeftuin.deviations.vocabulary import LIVE, Duty, PositionStatus, State
from proeftuin.pilots.policy import is_council
from proeftuin.prepared import Prepared

SHOWN = 12
"""How many lines of a list stand on the screen; the rest is behind a link."""
GANTT = 40
WRONG = frozenset(
    {
        Code.LAPSED,
        Code.STARTED_WITHOUT,
        Code.TOO_MANY,
        Code.CONDITION_LATE,
        Code.CONDITION_BROKEN,
        Code.SERIOUS_REPORT,
        Code.FALLBACK_OPEN,
    }
)
"""The alerts that say that something is not as it should be; the others tell that something is coming."""
UNDECIDED = frozenset({None, PositionStatus.CONSIDERING, PositionStatus.CONSULTING})


@dataclass(frozen=True, slots=True)
class Us:
    """For whom somebody watches: parties by number and name. `signs` are those for which they may sign today."""

    parties: Mapping[int, str]
    signs: frozenset[int]


@dataclass(frozen=True, slots=True)
class Waits:
    """Something that waits for a party. `what` is "position", "letter" or "reconfirmation"; `by` the day before which
    it is asked; `number` the version, or the position of a letter."""

    entry: Entry
    what: str
    party_id: int
    by: date | None
    number: int
    status: PositionStatus | None = None

    @property
    def address(self) -> str:
        """Return where it is done."""
        path = f"/afwijkingen/{self.entry.raw.code}"
        ways = {"letter": f"/bevestigen/{self.number}", "reconfirmation": "/herbevestigen"}
        return path + ways.get(self.what, "/standpunt")


@dataclass(frozen=True, slots=True)
class Wrong:
    """An open alert. `told` is its sentence; only a red one asks to be closed."""

    id: int
    is_red: bool
    code: str
    title: str
    on: date
    told: str


@dataclass(frozen=True, slots=True)
class Row:
    """A deviation on the timeline of a year: its bars on that axis."""

    code: str
    title: str
    state: State
    first: date
    last: date
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Tiles:
    """The five numbers. `changed` is counted by who asks."""

    in_force: int
    departments: int
    waiting: int
    ending: int
    next_ending: Entry | None
    wrong: int


_COUNCIL = Prepared(select(Party.id, Party.name).where(Party.kind == PartyKind.WORKS_COUNCIL))
_ASKED = Prepared(
    select(*rows_now.SAID, Deviation.id)
    .select_from(Deviation)
    .join(Version, and_(Version.deviation_id == Deviation.id, Version.number == Deviation.waiting))
    .join(Asked, and_(Asked.version_id == Version.id, Asked.party_id == bindparam("party", type_=Integer)))
    .outerjoin(Position, and_(Position.version_id == Version.id, Position.party_id == Asked.party_id))
    .outerjoin(Confirmation, Confirmation.position_id == Position.id)
    .where(Deviation.waiting.is_not(None), Deviation.code.is_not(None), Asked.duty == Duty.REQUIRED)
    .order_by(Deviation.id, Position.serial),
    tuple,
)
_LETTERS = Prepared(
    select(Position.id, Version.deviation_id)
    .join(Version, Version.id == Position.version_id)
    .outerjoin(Confirmation, Confirmation.position_id == Position.id)
    .where(
        Position.party_id == bindparam("party", type_=Integer),
        Position.is_letter,
        Confirmation.position_id.is_(None),
    )
    .order_by(Position.id)
)
_ALERTS = Prepared(
    select(Alert.id, Alert.code, Alert.level, Alert.on, Alert.data, Alert.deviation_id)
    .where(
        Alert.closed_at.is_(None),
        or_(Alert.settled_on.is_(None), Alert.level == Level.RED.value),
        Alert.on <= bindparam("today", type_=Date),
    )
    .order_by(Alert.level.desc(), Alert.on.desc(), Alert.id)
)


def us_of(actor: Actor) -> Us:
    """Return for whom somebody watches: who has a mandate, and the works council for its members."""
    parties = {mandate.party_id: mandate.party_name for mandate in actor.mandates}
    if not parties and is_council(actor):
        parties = {row.id: row.name for row in _COUNCIL.rows()}
    return Us(parties, policy.signs_for(actor))


def list_waiting(us: Us, edition: Edition, today: date) -> list[Waits]:
    """Return what waits for these parties: what is asked first, by the day before which."""
    found: list[Waits] = []
    for party_id in us.parties:
        found += _positions(party_id, edition.by_id)
        found += [
            Waits(edition.by_id[row.deviation_id], "letter", party_id, None, row.id)
            for row in _LETTERS.rows(party=party_id)
            if row.deviation_id in edition.by_id
        ]
        found += _reconfirmations(party_id, edition.entries, today)
    return in_order(found, today)


def in_order(found: Iterable[Waits], today: date) -> list[Waits]:
    """Return what waits by the day before which it is asked."""
    return sorted(found, key=lambda each: (each.by or today, each.entry.raw.code))


def _positions(party_id: int, by_id: Mapping[int, Entry]) -> list[Waits]:
    by_deviation: dict[int, list[tuple[Any, ...]]] = {}
    for row in _ASKED.rows(party=party_id):
        by_deviation.setdefault(row[-1], []).append(row[:-1])
    found = []
    for number, rows in by_deviation.items():
        said = last_said(understood(rows))[party_id]
        status = said.status if said.counts else None
        entry = by_id.get(number)
        if entry is not None and status in UNDECIDED:
            found.append(Waits(entry, "position", party_id, entry.raw.respond_by, said.version_id, status))
    return found


def _reconfirmations(party_id: int, entries: Iterable[Entry], today: date) -> list[Waits]:
    flagged = {entry.raw.id: entry for entry in entries if Flag.ARTICLE_CHANGED in entry.raw.flags}
    courses = loading.courses(flagged, through=today) if flagged else {}
    return list_reconfirmations(party_id, flagged, courses)


def list_reconfirmations(party_id: int, by_id: Mapping[int, Entry], courses: Mapping[int, Course]) -> list[Waits]:
    """Return what a party must reconfirm after a change of the cao."""
    found = []
    for number, entry in by_id.items():
        course = courses[number]
        track = course.governing
        for renewal in course.open_renewals:
            if track and party_id in renewal.parties - track.reconfirmed.get(renewal.since, set()):
                found.append(Waits(entry, "reconfirmation", party_id, renewal.due_on, track.facts.number))
    return found


def list_submitted(edition: Edition) -> list[Entry]:
    """Return what waits for any party, by the day before which an answer is asked."""
    waiting = [entry for entry in edition.entries if entry.raw.is_asked]
    return sorted(waiting, key=lambda entry: (entry.raw.respond_by or date.max, entry.year, entry.serial))


def list_wrong(
    actor: Actor, edition: Edition, places: Mapping[int, Place], counting: Counting, today: date
) -> list[Wrong]:
    """Return the open alerts that say that something is wrong, red ones first, as far as the actor may know of it."""
    found = []
    for row in _ALERTS.rows(today=today):
        entry = edition.by_id.get(row.deviation_id)
        code = _known_code(row.code)
        if entry is None or code not in WRONG or not may_know(actor, code, entry, places, counting):
            continue
        found.append(as_wrong(row.id, code, row.level, row.on, entry))
    return found


def as_wrong(number: int, code: Code, level: str, on: date, entry: Entry) -> Wrong:
    """Return an alert as it is told on the screen."""
    told = alerts.told(code, entry.raw.code)
    return Wrong(number, level == Level.RED, entry.raw.code, entry.raw.title, on, told)


def _known_code(code: str) -> Code | None:
    try:
        return Code(code)
    except ValueError:
        return None


def may_know(actor: Actor, code: Code, entry: Entry, places: Mapping[int, Place], counting: Counting) -> bool:
    """Return whether the actor may be told of an alert about a deviation."""
    if code is Code.SERIOUS_REPORT:
        return policy.may_read_reports(actor)
    if code is Code.TOO_MANY:
        place = places.get(entry.raw.pilot_id)
        number = place.participants if place else 0
        return counting.counted(entry.raw.pilot_id, number, entry.raw.most).count.number is not None
    return True


def list_ending(edition: Edition, today: date) -> list[Entry]:
    """Return what ends within sixty days, the nearest end first."""
    return edition.ending(today, today + SOON)


def tiles(
    edition: Edition, places: Mapping[int, Place], ending: Sequence[Entry], *, waiting: int, wrong: Sequence[Wrong]
) -> Tiles:
    """Return the numbers of the tiles."""
    applied = edition.pilots_of(State.IN_FORCE)
    departments = {place.department for number in applied if (place := places.get(number))}
    return Tiles(
        in_force=applied.total(),
        departments=len(departments - {""}),
        waiting=waiting,
        ending=len(ending),
        next_ending=ending[0] if ending else None,
        wrong=len({each.code for each in wrong}),
    )


def list_year(edition: Edition, year: int) -> tuple[list[Row], int]:
    """Return what applied or was asked in a year and the next, by its first day, and how many there are."""
    if year not in edition.years:
        edition.years[year] = _year_of(edition, year)
    known: tuple[list[Row], int] = edition.years[year]
    return known


def _year_of(edition: Edition, year: int) -> tuple[list[Row], int]:
    first, last = date(year, 1, 1), date(year + 1, 12, 31)
    found = []
    for entry in edition.entries:
        bars = clipped(bars_of(entry.raw), first, last)
        if bars and (entry.raw.begun or entry.raw.state in LIVE):
            found.append((entry.raw.state not in LIVE, *days_of(entry.raw), entry.raw, bars))
    found.sort(key=lambda each: (each[0], each[1], each[3].code))
    rows = [Row(raw.code, raw.title, raw.state, start, end, bars) for _over, start, end, raw, bars in found[:GANTT]]
    return rows, len(found)


def count_articles(edition: Edition) -> list[tuple[str, int, int, int, int]]:
    """Return each article with how many deviations touch it: in force, asked, over, and come to nothing."""
    return [
        (
            number,
            counts.get(Group.IN_FORCE, 0) + counts.get(Group.SUSPENDED, 0),
            counts.get(Group.SUBMITTED, 0) + counts.get(Group.AGREED, 0),
            counts.get(Group.OVER, 0),
            counts.get(Group.NEVER, 0),
        )
        for number, counts in edition.count_articles()
    ]


def days_left(entry: Entry, today: date) -> int:
    """Return how many days are left until the last one."""
    return ((entry.raw.last_day or today) - today) // timedelta(days=1)
