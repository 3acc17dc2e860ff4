"""The course of a pilot as screens show it: state, phases, period, and a timeline of stories and formal facts.

What must stay true: a state is the same word everywhere; every bar on the front page has the same axis; what is told
here follows from recorded steps and days, nothing is stored for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from proeftuin.i18n import _
from proeftuin.pilots.models import PromiseState, State
from proeftuin.pilots.records import PromiseLine, StepTaken

NO_EVALUATION_AFTER_DAYS = 90
Span = tuple[str, date, date]
Badge = tuple[str, str, str]


class Timed(Protocol):
    """A pilot as far as its period goes: a head or a card."""

    @property
    def state(self) -> State: ...
    @property
    def state_since(self) -> date: ...
    @property
    def starts_on(self) -> date | None: ...
    @property
    def ends_on(self) -> date | None: ...


class Story(Protocol):
    """A page about progress, as the wiki lists it."""

    @property
    def title(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def author(self) -> str | None: ...
    @property
    def day(self) -> date: ...
    @property
    def excerpt(self) -> str: ...


def badge(state: State) -> Badge:
    """Return a state as a badge: kind, icon and word."""
    return {
        State.CONCEPT: ("", "pencil", _("Concept")),
        State.PREPARATION: ("info", "prep", _("In voorbereiding")),
        State.RUNNING: ("info", "play", _("Lopend")),
        State.PAUSED: ("warn", "pause", _("Gepauzeerd")),
        State.COMPLETED: ("done", "flag", _("Afgerond")),
        State.STOPPED: ("bad", "stop", _("Gestopt")),
        State.EVALUATED: ("done", "flag", _("Geëvalueerd")),
        State.ARCHIVED: ("done", "file", _("In het archief")),
        State.NEVER_STARTED: ("done", "stop", _("Niet begonnen")),
    }[state]


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of the phase strip. `note` holds the days: the first, and the last when there is one."""

    label: str
    state: str
    note: tuple[date, date | None] | None


_MAIN_ROAD = (
    (State.CONCEPT,),
    (State.PREPARATION,),
    (State.RUNNING, State.PAUSED),
    (State.COMPLETED, State.STOPPED),
    (State.EVALUATED,),
    (State.ARCHIVED,),
)


def phases(pilot: Timed, steps: Sequence[StepTaken]) -> list[Phase]:
    """Return the phase strip: what was, what is, what may come. A pilot that never started has no more to come."""
    reached = {step.to_state: step.on for step in reversed(steps)}  # the first time counts
    if pilot.state is State.NEVER_STARTED:
        road: tuple[tuple[State, ...], ...] = (*_MAIN_ROAD[:2], (State.NEVER_STARTED,))
    else:
        road = _MAIN_ROAD
    now = next(place for place, states in enumerate(road) if pilot.state in states)
    return [_phase(pilot, states, place - now, reached) for place, states in enumerate(road)]


def _phase(pilot: Timed, states: tuple[State, ...], offset: int, reached: dict[State, date]) -> Phase:
    shown = pilot.state if offset == 0 else next((state for state in reversed(states) if state in reached), states[0])
    if offset and states[0] is State.RUNNING:
        shown = State.RUNNING  # that it was paused is told below, not in the strip
    if offset == 0:
        through = pilot.ends_on if pilot.state is State.RUNNING else None
        start = pilot.starts_on if pilot.state is State.RUNNING else pilot.state_since
        return Phase(badge(shown)[2], "now", (start or pilot.state_since, through))
    day = reached.get(shown)
    return Phase(badge(shown)[2], "past" if offset < 0 else "next", (day, None) if day and offset < 0 else None)


@dataclass(frozen=True, slots=True)
class Period:
    """When a pilot runs, seen from a day. `first` and `last` are the ends of the axis of the bar."""

    starts_on: date
    ends_on: date
    today: date
    state: State
    state_since: date
    first: date
    last: date

    @property
    def day(self) -> int:
        """Return the how manieth day of the pilot it is, counted from 1 (0 or less before it begins)."""
        return (self.today - self.starts_on).days + 1

    @property
    def days(self) -> int:
        """Return how many days the pilot takes, the first and the last included."""
        return (self.ends_on - self.starts_on).days + 1

    @property
    def is_over_time(self) -> bool:
        """Return whether the last day has passed while the pilot has not been ended."""
        return self.state in (State.RUNNING, State.PAUSED) and self.today > self.ends_on

    @property
    def spans(self) -> list[Span]:
        """Return the parts of the bar that fall within the axis: kind, first and last day."""
        return [
            (kind, max(start, self.first), min(end, self.last))
            for kind, start, end in self._whole_spans()
            if start <= end and start <= self.last and end >= self.first
        ]

    def _whole_spans(self) -> list[Span]:
        match self.state:
            case State.CONCEPT | State.PREPARATION:
                return [("plan", self.starts_on, self.ends_on)]
            case State.RUNNING:
                return [("on", self.starts_on, self.ends_on)]
            case State.PAUSED:
                before = date.fromordinal(self.state_since.toordinal() - 1)
                return [("on", self.starts_on, before), ("off", self.state_since, self.ends_on)]
            case State.NEVER_STARTED:
                return []
            case State.STOPPED:
                return [("off", self.starts_on, min(self.state_since, self.ends_on))]
            case _:
                return [("off", self.starts_on, self.ends_on)]


def period(pilot: Timed, today: date) -> Period | None:
    """Return when a pilot runs, or None when its days are not known. The axis is two calendar years around today."""
    if pilot.starts_on is None or pilot.ends_on is None:
        return None
    year = today.year if today.month > 6 else today.year - 1
    return Period(
        starts_on=pilot.starts_on,
        ends_on=pilot.ends_on,
        today=today,
        state=pilot.state,
        state_since=pilot.state_since,
        first=date(year, 1, 1),
        last=date(year + 1, 12, 31),
    )


def lacks_evaluation(pilot: Timed, today: date) -> bool:
    """Return whether a pilot ended so long ago that its evaluation is missed (9.2)."""
    ended = pilot.state in (State.COMPLETED, State.STOPPED)
    return ended and (today - pilot.state_since).days > NO_EVALUATION_AFTER_DAYS


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline: a story, a step, or a promise that was kept or is late. One of the three is set."""

    day: date
    story: Story | None = None
    step: StepTaken | None = None
    promise: PromiseLine | None = None


def timeline(
    stories: Sequence[Story], steps: Sequence[StepTaken], promises: Sequence[PromiseLine], today: date
) -> list[Entry]:
    """Return what happened, the newest first; on one day the story comes above the formal facts."""
    entries = [Entry(story.day, story=story) for story in stories]
    entries += [Entry(step.on, step=step) for step in steps]
    for promise in promises:
        if promise.is_late(today):
            entries.append(Entry(promise.due_on, promise=promise))
        elif promise.state is PromiseState.KEPT and promise.settled_on is not None:
            entries.append(Entry(promise.settled_on, promise=promise))
    order = {id(entry): place for place, entry in enumerate(entries)}
    return sorted(entries, key=lambda e: (e.day, e.story is not None, order[id(e)]), reverse=True)
