"""What came of a deviation through the end of a day: its versions, the steps they took, and what follows from them.

What must stay true: everything here follows from steps and tracks; nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from proeftuin.deviations.days import DAY, working_days_later
from proeftuin.deviations.states.facts import PositionFact, Renewal, VersionFact
from proeftuin.deviations.states.machine import Hand
from proeftuin.deviations.vocabulary import OVER, POSITIVE, EndReason, State

FALLBACK_DAYS = 5
GOVERNS = (State.IN_FORCE, State.SUSPENDED)
WAITS = (State.SUBMITTED, State.AGREED)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one version, from a day on. `party_id` is the party by whose hand it was, if one."""

    number: str
    version: int
    from_state: State
    to_state: State
    on: date
    by: Hand
    reason: EndReason | None = None
    party_id: int | None = None


@dataclass(slots=True)
class Track:
    """Where one version stands."""

    facts: VersionFact
    state: State
    since: date
    positions: dict[int, PositionFact] = field(default_factory=dict)
    moved_on: date = date.min
    agreed_on: date | None = None
    started_on: date | None = None
    ended_on: date | None = None
    end_reason: EndReason | None = None
    notice_on: date | None = None
    notice_by: int | None = None
    suspended_on: date | None = None
    suspended_by: int | None = None
    resumed_on: date | None = None
    resumed_by: int | None = None
    met: dict[int, date] = field(default_factory=dict)
    reconfirmed: dict[date, set[int]] = field(default_factory=dict)

    @property
    def is_agreed(self) -> bool:
        """Return whether every required party said yes to this version, without reservation."""
        return all(
            party in self.positions and self.positions[party].status in POSITIVE for party in self.facts.required
        )

    @property
    def open_parties(self) -> frozenset[int]:
        """Return the required parties that have not said yes."""
        given = self.positions
        return frozenset(p for p in self.facts.required if p not in given or given[p].status not in POSITIVE)


@dataclass(frozen=True, slots=True)
class Span:
    """A period of whole days, both included; without a last day it is still going on."""

    first: date
    last: date | None
    version: int | None = None

    def days(self, today: date) -> int:
        """Return how many days it takes, counted through today when it is still going on."""
        return max(0, ((self.last or today) - self.first).days + 1)


@dataclass(frozen=True, slots=True)
class FallbackSaid:
    """A fallback statement: made on a day, from which day the cao is followed again, and whether it is complete."""

    on: date
    back_on: date | None
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Course:
    """What came of a deviation through the end of a day."""

    through: date
    steps: tuple[Step, ...]
    tracks: Mapping[int, Track]
    is_closed: bool
    withdrawn_on: date | None
    statements: tuple[FallbackSaid, ...]
    renewals: tuple[Renewal, ...]
    receipt_on: date | None

    @property
    def governing(self) -> Track | None:
        """Return the version that applies (or is suspended), else the last one that did, else the last one."""
        tracks = list(self.tracks.values())
        applied = [track for track in tracks if track.started_on is not None and track.state is not State.REPLACED]
        candidates = [track for track in tracks if track.state in GOVERNS] or applied or tracks
        return candidates[-1] if candidates else None

    @property
    def waiting(self) -> Track | None:
        """Return the version that was submitted or agreed and does not apply yet, or None."""
        waiting = [track for track in self.tracks.values() if track.state in WAITS]
        return waiting[-1] if waiting else None

    @property
    def state(self) -> State:
        """Return the state of the deviation: that of the version that governs it."""
        track = self.governing
        if track is None:
            return State.WITHDRAWN if self.withdrawn_on else State.CONCEPT
        if self.is_closed and track.state in OVER:
            return State.CLOSED
        if track.started_on is None and self.waiting is not None:
            return self.waiting.state
        return track.state

    @property
    def since(self) -> date | None:
        """Return since when it is in this state; None when nothing happened yet."""
        if self.steps:
            return self.steps[-1].on if self.is_closed or self.governing is None else self.governing.since
        return self.withdrawn_on

    @property
    def applied(self) -> tuple[Span, ...]:
        """Return the periods in which a version was in force, in order."""
        spans: list[Span] = []
        for step in self.steps:
            if step.to_state is State.IN_FORCE:
                spans.append(Span(step.on, None, step.version))
            elif step.from_state is State.IN_FORCE and spans and spans[-1].last is None:
                spans[-1] = Span(spans[-1].first, step.on - DAY, step.version)
        return tuple(span for span in spans if span.last is None or span.last >= span.first)

    @property
    def interruptions(self) -> tuple[Span, ...]:
        """Return the gaps between the end of one version and the start of the next (4.1, point 5).

        A gap without a last day is still open: a later version waits for agreement.
        """
        gaps: list[Span] = []
        ended: Step | None = None
        for step in self.steps:
            if step.to_state in OVER and step.from_state in GOVERNS:
                ended = step
            elif step.number == "D6" and ended is not None:
                if step.on > ended.on:
                    gaps.append(Span(ended.on, step.on - DAY, ended.version))
                ended = None
        if ended is not None and self.waiting is not None:
            gaps.append(Span(ended.on, None, ended.version))
        return tuple(gaps)

    @property
    def uncovered(self) -> tuple[Span, ...]:
        """Return the parts of the interruptions without cover: until the day from which the cao is followed again,
        as the fallback statement declares, or the whole gap while that is unknown (4.1, point 5)."""
        gaps = self.interruptions
        found = []
        for gap, following in zip(gaps, (*gaps[1:], None), strict=False):
            last = gap.last
            back_on = self._back_on(gap, following)
            if back_on is not None:
                last = back_on - DAY if last is None else min(last, back_on - DAY)
            if last is None or last >= gap.first:
                found.append(Span(gap.first, last, gap.version))
        return tuple(found)

    def _back_on(self, gap: Span, following: Span | None) -> date | None:
        """Return what the last fallback statement about a gap says: from which day the cao is followed again."""
        said = [
            each.back_on
            for each in self.statements
            if each.on >= gap.first and (following is None or each.on < following.first)
        ]
        return said[-1] if said else None

    @property
    def open_renewals(self) -> tuple[Renewal, ...]:
        """Return the changes of the cao after which the version that applies waits for reconfirmation."""
        track = self.governing
        if track is None or track.state not in GOVERNS:
            return ()
        return tuple(
            renewal
            for renewal in self.renewals
            if renewal.version == track.facts.number
            and renewal.since <= self.through
            and not renewal.parties <= track.reconfirmed.get(renewal.since, set())
        )

    @property
    def fallback_due(self) -> date | None:
        """Return through which day the lead has time for the fallback statement: five working days after the end
        (4.1, point 3); None when nothing ended."""
        track = self.governing
        if track is None or track.state not in OVER or track.started_on is None or track.ended_on is None:
            return None
        return working_days_later(track.ended_on - DAY, FALLBACK_DAYS)

    @property
    def fallback(self) -> FallbackSaid | None:
        """Return the last fallback statement about the end of the version that governed, or None."""
        track = self.governing
        if track is None or track.ended_on is None or track.state not in OVER:
            return None
        said = [each for each in self.statements if each.on >= track.ended_on - DAY]
        return said[-1] if said else None

    @property
    def lacks_fallback(self) -> bool:
        """Return whether the fallback statement is incomplete, or is missing after its term."""
        if self.is_closed or self.fallback_due is None:
            return False
        return not self.fallback.is_complete if self.fallback else self.through > self.fallback_due

    @property
    def extensions(self) -> int:
        """Return how often a later version extended the period."""
        return sum(
            1
            for number, track in self.tracks.items()
            if track.started_on is not None
            and any(
                other.started_on is not None and other.facts.valid_until < track.facts.valid_until
                for earlier, other in self.tracks.items()
                if earlier < number
            )
        )

    @property
    def last_day(self) -> date | None:
        """Return the last day on which it applies as things stand: the end date, or the day before notice is over."""
        track = self.governing
        if track is None:
            return None
        if track.ended_on is not None:
            return track.ended_on - DAY
        known = [track.facts.valid_until]
        known += [track.notice_on - DAY] if track.notice_on else []
        return min(known)
