"""Facts for the walk, in few words. Parties: 1 the employer, 2 and 3 unions, 9 the works council."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from proeftuin.deviations.states.course import Course
from proeftuin.deviations.states.facts import ActFact, Facts, PositionFact, Renewal, ReportFact, Terms, VersionFact
from proeftuin.deviations.states.walk import course_of
from proeftuin.deviations.vocabulary import (
    ActKind,
    ConditionKind,
    ConditionState,
    PositionStatus,
    State,
    VersionKind,
)

EMPLOYER, UNION, OTHER_UNION, COUNCIL = 1, 2, 3, 9
ALL = frozenset({EMPLOYER, UNION, OTHER_UNION, COUNCIL})
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class Case:
    """A deviation that is told day by day; what is said first is recorded first."""

    def __init__(self) -> None:
        self.turn = 0
        self.versions: list[VersionFact] = []
        self.positions: list[PositionFact] = []
        self.acts: list[ActFact] = []
        self.reports: list[ReportFact] = []
        self.renewals: list[Renewal] = []

    def _order(self) -> datetime:
        self.turn += 1
        return _EPOCH + timedelta(seconds=self.turn)

    def submit(
        self,
        on: date,
        first: date,
        last: date,
        *,
        required: frozenset[int] = ALL,
        terms: Terms | None = None,
        **more: Any,
    ) -> Case:
        number = len(self.versions) + 1
        kind = VersionKind.FIRST if number == 1 else VersionKind.EXTENSION
        fact = VersionFact(
            number,
            kind,
            on,
            self._order(),
            first,
            last,
            on + timedelta(weeks=6),
            required,
            terms or Terms(),
            **more,
        )
        self.versions.append(fact)
        return self

    def says(self, party: int, status: PositionStatus, on: date, *, version: int | None = None) -> Case:
        number = version or len(self.versions)
        self.positions.append(PositionFact(number, party, status, on, self._order()))
        return self

    def all_agree(self, on: date, *, but: frozenset[int] = frozenset()) -> Case:
        for party in sorted(self.versions[-1].required - but):
            yes = PositionStatus.CONSENTED if party == COUNCIL else PositionStatus.AGREED
            self.says(party, yes, on)
        return self

    def act(
        self, kind: ActKind, on: date, *, party: int | None = None, version: int | None = None, **data: Any
    ) -> Case:
        self.acts.append(ActFact(kind, on, self._order(), version, party, data))
        return self

    def reports_met(self, condition: int, kind: ConditionKind, on: date) -> Case:
        fact = ReportFact(condition, len(self.versions), kind, ConditionState.MET, on, self._order())
        self.reports.append(fact)
        return self

    def cao_changes(self, since: date, due_on: date, parties: frozenset[int] = ALL - {COUNCIL}) -> Case:
        self.renewals.append(Renewal(len(self.versions), since, due_on, parties))
        return self

    @property
    def facts(self) -> Facts:
        return Facts(
            tuple(self.versions),
            tuple(self.positions),
            tuple(self.acts),
            tuple(self.reports),
            tuple(self.renewals),
        )

    def on(self, day: date) -> Course:
        return course_of(self.facts, day)

    def state(self, day: date) -> State:
        return self.on(day).state
