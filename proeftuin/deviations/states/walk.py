"""The walk through everything that is known of a deviation, which gives its course.

One pure function, `course_of(facts, through)`. What people did comes in the order of its days, and of recording
within a day; before it, at 00:00 in Amsterdam of each day, comes what time does by itself (D3 where silence counts,
D4 after sixty days, D6, D10 after notice, D11, D12). So nothing depends on a server that was awake that night.

What must stay true: every step is a row of `machine.TABLE`; an act for which the state is not right changes nothing;
at most one version is in force or suspended on any day; an agreement without the yes of every required party does
not exist, and a reservation is no yes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from proeftuin.deviations.days import DAY
from proeftuin.deviations.states.course import GOVERNS, Course, FallbackSaid, Step, Track
from proeftuin.deviations.states.facts import ActFact, Facts, PositionFact, Renewal, ReportFact, VersionFact
from proeftuin.deviations.states.machine import Hand, find_row
from proeftuin.deviations.vocabulary import (
    LIVE,
    OVER,
    POSITIVE,
    REFUSING,
    ActKind,
    ConditionKind,
    ConditionState,
    EndReason,
    PositionStatus,
    State,
)

STALLED_AFTER = timedelta(days=61)  # sixty whole days in which nothing moved
OBJECTION = timedelta(days=5)


@dataclass(frozen=True, slots=True, order=True)
class _Due:
    on: date
    rank: int
    version: int
    take: Callable[[], None] = field(compare=False)


def course_of(facts: Facts, through: date) -> Course:
    """Return the course of a deviation through the end of a day."""
    walk = _Walk(facts)
    walk.run(through)
    return Course(
        through=through,
        steps=tuple(walk.steps),
        tracks=MappingProxyType(walk.tracks),
        is_closed=walk.is_closed,
        withdrawn_on=walk.withdrawn_on,
        statements=tuple(walk.statements),
        renewals=facts.renewals,
        receipt_on=walk.receipt_on,
    )


class _Walk:
    """One walk through the facts."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.steps: list[Step] = []
        self.tracks: dict[int, Track] = {}
        self.is_closed = False
        self.withdrawn_on: date | None = None
        self.statements: list[FallbackSaid] = []
        self.receipt_on: date | None = None

    def run(self, through: date) -> None:
        everything: list[VersionFact | PositionFact | ActFact | ReportFact] = [
            *self.facts.versions,
            *self.facts.positions,
            *self.facts.acts,
            *self.facts.reports,
        ]
        for fact in sorted(everything, key=lambda each: (each.on, each.order)):
            if fact.on > through:
                break
            self._pass_time(fact.on)
            match fact:
                case VersionFact():
                    self._submit(fact)
                case PositionFact():
                    self._position(fact)
                case ReportFact():
                    self._report(fact)
                case ActFact():
                    self._act(fact)
        self._pass_time(through)

    # what time does

    def _pass_time(self, day: date) -> None:
        """Take every step that time takes through 00:00 of a day, in order."""
        while (due := min(self._dues(), default=None)) is not None and due.on <= day:
            due.take()

    def _dues(self) -> Iterator[_Due]:
        for track in self.tracks.values():
            match track.state:
                case State.SUBMITTED:
                    yield from self._dues_of_submitted(track)
                case State.AGREED:
                    yield from self._dues_of_agreed(track)
                case State.IN_FORCE | State.SUSPENDED:
                    yield from self._dues_of_applied(track)

    def _dues_of_submitted(self, track: Track) -> Iterator[_Due]:
        facts = track.facts
        number = facts.number
        if any(self._refuses(track, party) for party in facts.required):
            day = track.moved_on + STALLED_AFTER
            yield _Due(day, 1, number, lambda: self._step("D4", track, State.REJECTED, day, reason=EndReason.STALLED))
        elif facts.terms.is_silent and all(
            party not in track.positions or track.positions[party].status in POSITIVE for party in facts.required
        ):
            silent = facts.respond_by + DAY
            yield _Due(silent, 1, number, lambda: self._agree(track, silent, Hand.TIME))
        yield self._due_never_began(track)

    def _dues_of_agreed(self, track: Track) -> Iterator[_Due]:
        start = self._start_of(track)
        if start is not None and start <= track.facts.valid_until:
            # A retroactive start lies before the agreement: it is taken then, and dated back.
            turn = max(start, track.agreed_on or start)
            yield _Due(turn, 0, track.facts.number, lambda: self._start(track, start))
        else:
            yield self._due_never_began(track)

    def _dues_of_applied(self, track: Track) -> Iterator[_Due]:
        facts = track.facts
        ends = [(facts.valid_until + DAY, State.LAPSED, EndReason.END_DATE, "D11")]
        if track.notice_on is not None:
            ends.append((track.notice_on, State.ENDED, EndReason.NOTICE, "D10"))
        if facts.terms.ends_on is not None:
            ends.append((facts.terms.ends_on + DAY, State.LAPSED, EndReason.CAO_ENDED, "D11"))
        ends += [
            (renewal.due_on + DAY, State.LAPSED, EndReason.NEW_CAO, "D11")
            for renewal in self._renewals(track)
            if not renewal.parties <= track.reconfirmed.get(renewal.since, set())
        ]
        for day, state, reason, number in ends:
            yield _Due(
                max(day, track.since),
                1,
                facts.number,
                lambda day=day, state=state, reason=reason, number=number: self._step(  # type: ignore[misc]  # bound now
                    number, track, state, max(day, track.since), reason=reason
                ),
            )

    def _due_never_began(self, track: Track) -> _Due:
        day = max(track.facts.valid_until + DAY, track.since)
        return _Due(
            day,
            1,
            track.facts.number,
            lambda: self._step("D11", track, State.LAPSED, day, reason=EndReason.NEVER_BEGAN),
        )

    def _renewals(self, track: Track) -> list[Renewal]:
        return [renewal for renewal in self.facts.renewals if renewal.version == track.facts.number]

    def _start_of(self, track: Track) -> date | None:
        """Return from which day an agreed version applies, or None while a condition is not met.

        Never before the day after the agreement, unless the cao allows cover afterwards (4.1, point 5); with a change
        of the cao itself never before the day after SZW confirmed receipt (art. 4 Wet op de loonvorming).
        """
        facts = track.facts
        assert track.agreed_on is not None, "an agreed version was agreed on a day"
        days = [facts.valid_from]
        if track.agreed_on >= facts.valid_from and not facts.terms.is_retroactive:
            days.append(track.agreed_on + DAY)
        if facts.needs_receipt:
            if self.receipt_on is None:
                return None
            days.append(self.receipt_on + DAY)
        for condition in facts.precedents:
            if condition not in track.met:
                return None
            if track.met[condition] >= facts.valid_from:
                days.append(track.met[condition] + DAY)
        return max(days)

    # what people do

    def _submit(self, facts: VersionFact) -> None:
        for track in self.tracks.values():
            if track.state is State.SUBMITTED:
                self._step("D2", track, State.REPLACED, facts.on, by=Hand.PROPOSER, reason=EndReason.NEXT_VERSION)
        track = Track(facts, State.CONCEPT, facts.on, moved_on=facts.on)
        self.tracks[facts.number] = track
        self.is_closed = False
        self._step("D1", track, State.SUBMITTED, facts.on, by=Hand.LEAD)
        self._consider(track, facts.on)

    def _position(self, fact: PositionFact) -> None:
        track = self.tracks.get(fact.version)
        if track is None or track.state not in LIVE:
            return
        if track.state in GOVERNS:
            self._position_after_start(track, fact)
            return
        if fact.status in (PositionStatus.NOTICE, PositionStatus.NULLITY):
            return
        track.positions[fact.party_id] = fact
        track.moved_on = max(track.moved_on, fact.on)
        self._consider(track, fact.on, fact.party_id)

    def _position_after_start(self, track: Track, fact: PositionFact) -> None:
        if fact.status is PositionStatus.NOTICE:
            track.positions[fact.party_id] = fact
            day = fact.on + timedelta(days=track.facts.terms.notice_days)
            if track.notice_on is None or day < track.notice_on:
                track.notice_on, track.notice_by = day, fact.party_id
        elif fact.status is PositionStatus.NULLITY:
            track.positions[fact.party_id] = fact
            self._step(
                "D10",
                track,
                State.ENDED,
                fact.on,
                by=Hand.COUNCIL,
                reason=EndReason.NULLITY,
                party_id=fact.party_id,
            )

    def _consider(self, track: Track, day: date, party_id: int | None = None) -> None:
        """Agree when everybody is positive; go back to submitted when somebody no longer is (D7)."""
        if track.state is State.SUBMITTED and track.is_agreed:
            self._agree(track, day, Hand.PARTIES)
        elif track.state is State.AGREED and not track.is_agreed:
            track.agreed_on = None
            self._step("D7", track, State.SUBMITTED, day, by=Hand.UNION, party_id=party_id)

    def _agree(self, track: Track, day: date, by: Hand) -> None:
        track.agreed_on = day
        self._step("D3", track, State.AGREED, day, by=by)

    def _start(self, track: Track, day: date) -> None:
        suspended: Track | None = None
        for other in self.tracks.values():
            if other is not track and other.state in (*GOVERNS, State.AGREED):
                if other.state is State.AGREED and other.facts.number > track.facts.number:
                    continue
                if other.state is State.SUSPENDED and (other.suspended_on or day) > (track.agreed_on or day):
                    suspended = other
                self._step("D12", other, State.REPLACED, max(day, other.since), reason=EndReason.NEXT_VERSION)
        track.started_on = day
        self._step("D6", track, State.IN_FORCE, day)
        if suspended is not None:  # agreed before somebody suspended: what was suspended stays so
            self._suspend(track, day, suspended.suspended_by)

    def _report(self, fact: ReportFact) -> None:
        track = self.tracks.get(fact.version)
        if track is None or fact.state is not ConditionState.MET:
            return
        if fact.kind is ConditionKind.PRECEDENT:
            track.met.setdefault(fact.condition_id, fact.on)
        elif fact.kind is ConditionKind.SUBSEQUENT and track.state in GOVERNS:
            self._step("D11", track, State.LAPSED, fact.on, reason=EndReason.CONDITION)

    def _act(self, fact: ActFact) -> None:
        match fact.kind:
            case ActKind.RECEIPT:
                self.receipt_on = fact.on
            case ActKind.FALLBACK:
                said = fact.data
                self.statements.append(FallbackSaid(fact.on, said.get("back_on"), bool(said.get("is_complete"))))
            case ActKind.CLOSED:
                self._close(fact)
            case ActKind.WITHDRAWN if fact.version is None:
                self.withdrawn_on = fact.on
            case _:
                track = self._meant(fact)
                if track is not None:
                    self._act_on(track, fact)

    def _meant(self, fact: ActFact) -> Track | None:
        if fact.version is not None:
            return self.tracks.get(fact.version)
        return next((track for track in self.tracks.values() if track.state in GOVERNS), None)

    def _act_on(self, track: Track, fact: ActFact) -> None:
        if track.state is State.SUBMITTED:
            self._act_on_submitted(track, fact)
        elif track.state in GOVERNS:
            self._act_on_applied(track, fact)

    def _act_on_submitted(self, track: Track, fact: ActFact) -> None:
        by = Hand.PROPOSER
        match fact.kind:
            case ActKind.TAKEN_BACK:
                self._step("D2", track, State.CONCEPT, fact.on, by=by)
            case ActKind.REJECTED:
                self._step("D4", track, State.REJECTED, fact.on, by=by, reason=EndReason.PROPOSER)
            case ActKind.WITHDRAWN:
                self._step("D5", track, State.WITHDRAWN, fact.on, by=by, reason=EndReason.PROPOSER)

    def _act_on_applied(self, track: Track, fact: ActFact) -> None:
        on, party = fact.on, fact.party_id
        match fact.kind, track.state:
            case ActKind.SUSPENDED, State.IN_FORCE:
                self._suspend(track, on, party)
            case ActKind.RESUMED, State.SUSPENDED if party == track.suspended_by:
                track.resumed_on, track.resumed_by = on, party
                self._step("D9", track, State.IN_FORCE, on, by=Hand.SUSPENDER, party_id=party)
            case ActKind.OBJECTED, State.IN_FORCE if self._may_object(track, on, party):
                self._suspend(track, on, party)
            case ActKind.ENDED, _:
                reason = EndReason(fact.data.get("how", EndReason.EMPLOYER))
                self._step("D10", track, State.ENDED, on, by=Hand.EMPLOYER, reason=reason, party_id=party)
            case ActKind.RECONFIRMED, _ if party is not None:
                for renewal in self._renewals(track):
                    if renewal.since <= on:
                        track.reconfirmed.setdefault(renewal.since, set()).add(party)

    def _suspend(self, track: Track, on: date, party: int | None) -> None:
        track.suspended_on, track.suspended_by = on, party
        self._step("D8", track, State.SUSPENDED, on, by=Hand.UNION, party_id=party)

    def _may_object(self, track: Track, on: date, party: int | None) -> bool:
        return track.resumed_on is not None and party != track.resumed_by and on <= track.resumed_on + OBJECTION

    def _close(self, fact: ActFact) -> None:
        track = next((t for t in reversed(self.tracks.values()) if t.state in OVER), None)
        if track is None or any(each.state in LIVE for each in self.tracks.values()) or self.is_closed:
            return
        self._record(Step("D13", track.facts.number, track.state, State.CLOSED, fact.on, Hand.SECRETARY))
        self.is_closed = True

    # one step

    def _refuses(self, track: Track, party: int) -> bool:
        return party in track.positions and track.positions[party].status in REFUSING

    def _step(
        self,
        number: str,
        track: Track,
        to_state: State,
        on: date,
        *,
        by: Hand = Hand.TIME,
        reason: EndReason | None = None,
        party_id: int | None = None,
    ) -> None:
        self._record(Step(number, track.facts.number, track.state, to_state, on, by, reason, party_id))
        track.state, track.since = to_state, on
        if to_state not in LIVE and to_state is not State.CONCEPT:
            track.ended_on, track.end_reason = on, reason

    def _record(self, step: Step) -> None:
        if find_row(step.number, step.from_state, step.to_state) is None:
            raise AssertionError(f"{step.number} does not lead from {step.from_state} to {step.to_state}")
        self.steps.append(step)
