"""Deviations for tests of screens and lists, written straight into the tables as of their days.

No service is asked, so that a test can have any state without walking the road to it; the columns of `Deviation` come
from the course, as everywhere. Call a `Book` inside a unit that writes, at the present of the test (`clock.at`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.cao.models import ArticleRow
from proeftuin.cao.models import Version as CaoVersion
from proeftuin.db import session
from proeftuin.deviations.acting import standing
from proeftuin.deviations.models import (
    Act,
    Alert,
    Announced,
    Asked,
    Condition,
    ConditionReport,
    Confirmation,
    Deviation,
    Position,
    Rule,
    Version,
)
from proeftuin.deviations.vocabulary import (
    ActKind,
    Basis,
    ConditionKind,
    ConditionState,
    Consent,
    Direction,
    Duty,
    LegalOutcome,
    PositionStatus,
    State,
    VersionKind,
)
from proeftuin.events import service as events
from proeftuin.events.models import Audience, Event, SubjectKind
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import ParticipantCount, Pilot
from proeftuin.pilots.models import State as PilotState
from tests.cao import scene as cao
from tests.cast import Cast
from tests.pilots.builders import concept

CAO_FROM = date(2024, 7, 1)
ALL = ("werkgever", "schakel", "or")
"""The parties of the cast: an employer, a union and the works council."""
YES = {"or": PositionStatus.CONSENTED}
"""What a party says that agrees; the others say `AGREED`."""


@dataclass
class Book:
    """Writes pilots, versions, positions and acts, each on a day of its own."""

    cast: Cast
    cao_version: CaoVersion
    _moments: dict[date, int] = field(default_factory=dict)

    @classmethod
    def begin(cls, cast: Cast) -> Book:
        """Publish a cao that holds from 1 July 2024 for five years, with articles 1.1, 1.2, 2.1 and 2.2."""
        with clock.at(clock.start_of(CAO_FROM) + timedelta(hours=9)):
            terms = {"valid_from": CAO_FROM.isoformat(), "valid_until": "2029-06-30", "label": "2024-2029"}
            return cls(cast, cao.publish(cao.make_secretary(), **terms))

    def pilot(
        self, title: str = "Vergadervrije donderdag", *, on: date, participants: int = 0, **fields: Any
    ) -> Pilot:
        """Begin a pilot that runs since a day, in which so many take part."""
        with clock.at(self._moment(on)):
            pilot = concept(self.cast, title, **fields)
            pilots.move(self.cast.lead, pilot, PilotState.PREPARATION)
            pilots.move(self.cast.lead, pilot, PilotState.RUNNING, measured=True, informed=True)
            self.count(pilot, participants)
        return pilot

    def count(self, pilot: Pilot, participants: int) -> None:
        """Say how many take part, without anyone who does."""
        row = session().get(ParticipantCount, pilot.id)
        if row is None:
            session().add(ParticipantCount(pilot_id=pilot.id, number=participants))
        else:
            row.number = participants
        session().flush()

    def deviation(
        self, pilot: Pilot, *, on: date, serial: int, title: str = "Andere regel", **fields: Any
    ) -> tuple[Deviation, Version]:
        """Submit the first version of a deviation on a day; `fields` are those of `version`."""
        with clock.at(self._moment(on)):
            code = f"AFW-{on.year}-{serial:02}"
            subject = events.create_subject(
                SubjectKind.DEVIATION,
                title=title,
                path=f"/afwijkingen/{code}",
                audience=Audience.EVERYONE,
                circle_id=pilot.id,
            )
            session().flush()
            made = Deviation(
                id=subject.id,
                pilot_id=pilot.id,
                year=on.year,
                serial=serial,
                code=code,
                title=title,
                created_at=clock.now(),
                created_by_id=self.cast.lead.id,
                state=State.CONCEPT,
                state_since=on,
            )
            session().add(made)
            session().flush()
        return made, self.version(made, on=on, **fields)

    def version(
        self,
        deviation: Deviation,
        *,
        on: date,
        valid_from: date,
        valid_until: date,
        kind: VersionKind = VersionKind.FIRST,
        number: int = 1,
        most: int = 12,
        direction: Direction = Direction.MIXED,
        rules: Iterable[tuple[str, str]] = (("2.1", "2"),),
        required: Iterable[str] = ALL,
        recorded: date | None = None,
        respond_by: date | None = None,
        **fields: Any,
    ) -> Version:
        """Submit a version on a day, known since `recorded`."""
        moment = self._moment(recorded or on)
        values: dict[str, Any] = {
            "title": deviation.title,
            "group": "Iedereen van Geotechniek",
            "is_voluntary": True,
            "guarantee": "Niemand krijgt minder.",
            "legal_outcome": LegalOutcome.WITHIN_LAW,
            "legal_by_id": self.cast.hr.id,
            "legal_on": on,
            "consent": Consent.REQUIRED,
            "basis": Basis.EXPERIMENT,
            "digest": "0" * 64,
            **fields,
        }
        made = Version(
            deviation_id=deviation.id,
            number=number,
            kind=kind,
            submitted_on=on,
            submitted_at=moment,
            submitted_by_id=self.cast.lead.id,
            respond_by=respond_by or on + timedelta(days=42),
            cao_version_id=self.cao_version.id,
            valid_from=valid_from,
            valid_until=valid_until,
            max_participants=most,
            direction=direction,
            **values,
        )
        session().add(made)
        session().flush()
        for position, (article, paragraph) in enumerate(rules, 1):
            session().add(self._rule(made, position, article, paragraph))
        wanted = set(required)
        for key, party_id in self.cast.parties.items():
            duty = Duty.REQUIRED if key in wanted else Duty.INFORMED
            session().add(Asked(version_id=made.id, party_id=party_id, duty=duty))
        session().flush()
        self._tell("deviation:submitted", deviation, moment, self.cast.lead, number=number)
        return made

    def _rule(self, version: Version, position: int, article: str, paragraph: str) -> Rule:
        return Rule(
            version_id=version.id,
            position=position,
            article_key=self._key(article),
            article_number=article,
            paragraph=paragraph,
            cao_text="Zo staat het in de cao.",
            text="Zo is het in de proeftuin.",
        )

    def _key(self, article: str) -> str:
        of_cao = select(ArticleRow.key).where(
            ArticleRow.version_id == self.cao_version.id, ArticleRow.number == article
        )
        return session().scalar(of_cao) or article

    def position(
        self,
        version: Version,
        party: str,
        status: PositionStatus | None = None,
        *,
        on: date,
        recorded: date | None = None,
        letter: bool = False,
        **fields: Any,
    ) -> Position:
        """Let a party say something of a version (yes, unless told otherwise), decided on a day."""
        party_id = self.cast.parties[party]
        moment = self._moment(recorded or on)
        before = session().query(Position).filter_by(version_id=version.id, party_id=party_id).count()
        made = Position(
            version_id=version.id,
            party_id=party_id,
            serial=before + 1,
            status=status or YES.get(party, PositionStatus.AGREED),
            decided_on=on,
            recorded_at=moment,
            recorded_by_id=self.cast.hr.id if letter else self._signatory(party).id,
            is_letter=letter,
            **fields,
        )
        session().add(made)
        session().flush()
        deviation = session().get_one(Deviation, version.deviation_id)
        kind = "position:letter" if letter else "position:recorded"
        self._tell(kind, deviation, moment, self._signatory(party), number=version.number, status=made.status.value)
        return made

    def agree(self, version: Version, *, on: date, parties: Iterable[str] = ALL) -> None:
        """Let parties say yes on a day."""
        for party in parties:
            self.position(version, party, on=on)

    def confirm(self, position: Position, *, on: date, is_ours: bool = True) -> None:
        """Let the party say that a letter is theirs."""
        row = Confirmation(
            position_id=position.id,
            is_ours=is_ours,
            recorded_by_id=self.cast.union.id,
            recorded_at=self._moment(on),
        )
        session().add(row)
        session().flush()

    def act(
        self,
        deviation: Deviation,
        kind: ActKind,
        *,
        on: date,
        party: str | None = None,
        version: int | None = None,
        reason: str = "Daarom.",
        **fields: Any,
    ) -> Act:
        """Let something be done with a deviation."""
        made = Act(
            deviation_id=deviation.id,
            version=version,
            kind=kind,
            on=on,
            party_id=self.cast.parties[party] if party else None,
            reason=reason,
            actor_id=(self._signatory(party) if party else self.cast.lead).id,
            recorded_at=self._moment(on),
            **fields,
        )
        session().add(made)
        session().flush()
        return made

    def condition(
        self, version: Version, *, due_on: date, kind: ConditionKind = ConditionKind.ORDINARY, every_months: int = 0
    ) -> Condition:
        """Add a condition to a version."""
        count = session().query(Condition).filter_by(version_id=version.id).count()
        made = Condition(
            version_id=version.id,
            position=count + 1,
            kind=kind,
            text="De cijfers gaan naar de OR.",
            due_on=due_on,
            owner_id=self.cast.lead.id,
            every_months=every_months,
        )
        session().add(made)
        session().flush()
        return made

    def report(self, condition: Condition, state: ConditionState, *, on: date, due_on: date | None = None) -> None:
        """Report what became of a condition."""
        session().add(
            ConditionReport(
                condition_id=condition.id,
                due_on=due_on or condition.due_on,
                state=state,
                on=on,
                actor_id=self.cast.lead.id,
                recorded_at=self._moment(on),
            )
        )
        session().flush()

    def alert(self, deviation: Deviation, code: str, *, on: date, level: str = "rood", **fields: Any) -> Alert:
        """Warn of something."""
        made = Alert(
            key=f"{code}:{deviation.id}:{on}",
            code=code,
            level=level,
            deviation_id=deviation.id,
            on=on,
            recorded_at=self._moment(on),
            **fields,
        )
        session().add(made)
        session().flush()
        return made

    def settle(self, *deviations: Deviation) -> None:
        """Let the columns hold what the course gives today; every step counts as told."""
        session().flush()
        for deviation in deviations:
            for step in standing.refresh(session().get_one(Deviation, deviation.id)).steps:
                key = {"deviation_id": deviation.id, "version": step.version, "number": step.number, "on": step.on}
                if session().query(Announced).filter_by(**key).first() is None:
                    session().add(Announced(**key, occurrence=0, recorded_at=clock.now()))
        session().flush()

    def in_force(
        self, pilot: Pilot, *, on: date, until: date, serial: int, title: str = "Andere regel", **fields: Any
    ) -> tuple[Deviation, Version]:
        """A deviation that all agreed to on the day before it began, of which the columns are settled."""
        asked = on - timedelta(days=30)
        made, version = self.deviation(
            pilot, on=asked, serial=serial, title=title, valid_from=on, valid_until=until, **fields
        )
        self.agree(version, on=on - timedelta(days=1))
        self.settle(made)
        return made, version

    def _signatory(self, party: str) -> Actor:
        return {"schakel": self.cast.union, "or": self.cast.council}.get(party, self.cast.hr)

    def _moment(self, day: date) -> datetime:
        """Return a moment on a day, each later than the one before."""
        turn = self._moments[day] = self._moments.get(day, 0) + 1
        return clock.start_of(day) + timedelta(hours=9, seconds=turn)

    def _tell(
        self, kind: str, deviation: Deviation, at: datetime, actor: Actor, *, number: int, status: str = ""
    ) -> None:
        session().add(
            Event(
                at=at,
                kind=kind,
                subject_id=deviation.id,
                actor_id=actor.id,
                object_id=number,
                summary=deviation.title,
                data={"status": status} if status else {},
            )
        )
        session().flush()
