"""Everything that the register holds about one deviation, cut at two days: what counts through the end of a day, as
known at the end of a day.

What must stay true: nothing in a folder was recorded after the day of knowing, and nothing counts from a later day;
the tables of the register are not replaced by views of the past, so this cut is all that looks back. Who may read
what is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.models import Department, Party, PartyKind, Person
from proeftuin.cao.models import Version as CaoVersion
from proeftuin.db import session
from proeftuin.deviations.models import (
    Act,
    Asked,
    Condition,
    ConditionReport,
    Confirmation,
    Deviation,
    Position,
    Rule,
    Version,
)
from proeftuin.deviations.parties import initials_of, short_name
from proeftuin.deviations.states import loading
from proeftuin.deviations.states.course import Course
from proeftuin.errors import NotFound
from proeftuin.events.models import Audience, Subject
from proeftuin.pilots.models import ParticipantCount, Pilot


@dataclass(frozen=True, slots=True)
class PartyName:
    """A party as it was called on the day."""

    id: int
    name: str
    kind: PartyKind
    signs_cao: bool
    initials: str = ""

    @property
    def short(self) -> str:
        """Return how it is called where there is little room."""
        return short_name(self.name, self.kind, self.initials)


@dataclass(frozen=True, slots=True)
class CaoName:
    """A version of the cao: its number in the address, and its years."""

    number: int
    label: str


@dataclass(frozen=True, slots=True)
class PilotPlace:
    """The pilot as far as a deviation needs it. `path` is empty while not everyone reads the pilot."""

    id: int
    title: str
    path: str
    department: str
    starts_on: date | None
    ends_on: date | None
    participants: int


@dataclass(frozen=True, slots=True)
class Folder:
    """One deviation with all its rows. Lists stand in the order in which things counted.

    `announced` are acts that were recorded by then and count from a later day.
    """

    deviation: Deviation
    day: date
    known: date | None
    course: Course
    pilot: PilotPlace | None
    versions: Mapping[int, Version]
    rules: Mapping[int, Sequence[Rule]] = field(default_factory=dict)
    asked: Mapping[int, Sequence[Asked]] = field(default_factory=dict)
    conditions: Mapping[int, Sequence[Condition]] = field(default_factory=dict)
    positions: Sequence[Position] = ()
    confirmations: Mapping[int, Confirmation] = field(default_factory=dict)
    acts: Sequence[Act] = ()
    announced: Sequence[Act] = ()
    reports: Sequence[ConditionReport] = ()
    parties: Mapping[int, PartyName] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    caos: Mapping[int, CaoName] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.deviation.code or ""

    @property
    def path(self) -> str:
        return f"/afwijkingen/{self.code}"

    @property
    def title(self) -> str:
        """Return how it is called: as the newest version that was known by then."""
        return self.versions[max(self.versions)].title

    @property
    def number(self) -> int:
        """Return the number of the version that governs: the one that applies, else the last that did or may."""
        track = self.course.governing
        return track.facts.number if track is not None else max(self.versions)

    def version(self, number: int) -> Version:
        """Return a version by its number.

        :raises NotFound: when there is none, or it was not there yet.
        """
        found = self.versions.get(number)
        if found is None:
            raise NotFound
        return found

    def name_of(self, party_id: int | None) -> str:
        """Return the name of a party."""
        found = self.parties.get(party_id) if party_id is not None else None
        return found.name if found else ""

    def short_name_of(self, party_id: int | None) -> str:
        """Return how a party is called where there is little room."""
        found = self.parties.get(party_id) if party_id is not None else None
        return found.short if found else ""

    def counts(self, position: Position) -> bool:
        """Return whether a position counts: taken by the party itself, or from a letter that it confirmed."""
        said = self.confirmations.get(position.id)
        return not position.is_letter or (said is not None and said.is_ours)

    def positions_on(self, version_id: int, party_id: int) -> list[Position]:
        """Return what a party said of a version, in the order in which it counted."""
        return [p for p in self.positions if (p.version_id, p.party_id) == (version_id, party_id)]


def get_deviation(code: str) -> Deviation:
    """Return a deviation by its code. What was submitted is for everyone who is signed in.

    :raises NotFound: when there is none.
    """
    found = session().scalar(select(Deviation).where(Deviation.code == code))
    if found is None:
        raise NotFound
    return found


def open_folder(code: str, *, day: date | None = None, known: date | None = None) -> Folder:
    """Return a deviation as it counts through the end of a day, as known at the end of a day.

    :raises NotFound: when there is none, or it was not submitted yet.
    """
    return fill(get_deviation(code), day=day, known=known)


def fill(deviation: Deviation, *, day: date | None = None, known: date | None = None) -> Folder:
    """Return the folder of a deviation.

    :raises NotFound: when it was not submitted yet.
    """
    through = day or clock.today()
    cut = _Cut(through, clock.end_of(known) if known is not None else None)
    versions = cut.rows(
        select(Version).where(Version.deviation_id == deviation.id).order_by(Version.number),
        lambda row: (row.submitted_on, row.submitted_at),
    )
    if not versions:
        raise NotFound
    ids = [version.id for version in versions]
    positions = cut.rows(
        select(Position).where(Position.version_id.in_(ids)), lambda row: (row.decided_on, row.recorded_at)
    )
    confirmations = cut.rows(
        select(Confirmation).where(Confirmation.position_id.in_([p.id for p in positions])),
        lambda row: (date.min, row.recorded_at),
    )
    conditions = _by_version(select(Condition).where(Condition.version_id.in_(ids)).order_by(Condition.position))
    of_conditions = [condition.id for each in conditions.values() for condition in each]
    of_deviation = select(Act).where(Act.deviation_id == deviation.id)
    return Folder(
        deviation=deviation,
        day=through,
        known=known,
        course=loading.course(deviation.id, through=through, known=known),
        pilot=_pilot(deviation.pilot_id),
        versions={version.number: version for version in versions},
        rules=_by_version(select(Rule).where(Rule.version_id.in_(ids)).order_by(Rule.position)),
        asked=_by_version(select(Asked).where(Asked.version_id.in_(ids)).order_by(Asked.party_id)),
        conditions=conditions,
        positions=positions,
        confirmations={row.position_id: row for row in confirmations},
        acts=cut.rows(of_deviation, lambda row: (row.on, row.recorded_at)),
        announced=[
            act
            for act in cut.rows(of_deviation, lambda row: (clock.day_of(row.recorded_at), row.recorded_at))
            if act.on > through
        ],
        reports=cut.rows(
            select(ConditionReport).where(ConditionReport.condition_id.in_(of_conditions)),
            lambda row: (row.on, row.recorded_at),
        ),
        parties=_parties(),
        people=_People(),
        caos=_caos(),
    )


@dataclass(frozen=True, slots=True)
class _Cut:
    """What is left out: what counts from a later day, and what was recorded after the day of knowing."""

    day: date
    until: datetime | None

    def rows(self, query: Any, dated: Callable[[Any], tuple[date, datetime]]) -> list[Any]:
        kept = []
        for row in session().scalars(query):
            on, recorded_at = dated(row)
            if on <= self.day and (self.until is None or recorded_at < self.until):
                kept.append(row)
        return sorted(kept, key=dated)


def _by_version(query: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in session().scalars(query):
        found.setdefault(row.version_id, []).append(row)
    return found


class _People(dict[int, str]):
    """Names by number, asked when they are needed."""

    def __missing__(self, person_id: int) -> str:
        person = session().get(Person, person_id)
        self[person_id] = person.name if person is not None else ""
        return self[person_id]


def _parties() -> dict[int, PartyName]:
    rows = session().execute(select(Party.id, Party.name, Party.kind, Party.signs_cao)).all()
    initials = initials_of(row.name for row in rows)
    return {row.id: PartyName(*row, initials=initials[row.name]) for row in rows}


def _caos() -> dict[int, CaoName]:
    rows = session().execute(select(CaoVersion.id, CaoVersion.number, CaoVersion.label))
    return {row[0]: CaoName(row[1], row[2]) for row in rows}


def _pilot(pilot_id: int) -> PilotPlace | None:
    row = (
        session()
        .execute(
            select(
                Pilot.id,
                Pilot.title,
                Subject.path,
                Subject.audience,
                Department.name.label("department"),
                Pilot.starts_on,
                Pilot.ends_on,
                ParticipantCount.number,
            )
            .join(Subject, Subject.id == Pilot.id)
            .outerjoin(Department, Department.id == Pilot.department_id)
            .outerjoin(ParticipantCount, ParticipantCount.pilot_id == Pilot.id)
            .where(Pilot.id == pilot_id, Subject.is_gone.is_(False))
        )
        .one_or_none()
    )
    if row is None:
        return None
    is_open = row.audience is Audience.EVERYONE
    return PilotPlace(
        row.id,
        row.title if is_open else "",
        row.path if is_open else "",
        row.department or "",
        row.starts_on,
        row.ends_on,
        row.number or 0,
    )
