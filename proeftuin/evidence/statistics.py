"""Statistics of the register (domain dossier 6.7): per article, theme, department and year; never per person.

What must stay true: a number about people of a group below the limit is hidden, and so is one from which a hidden one
follows (8.4); everything is computed from the courses of the day that is asked for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from proeftuin.deviations.showing.folder import Folder
from proeftuin.deviations.states.course import GOVERNS
from proeftuin.deviations.vocabulary import (
    OVER,
    ConditionState,
    Direction,
    EndReason,
    State,
)
from proeftuin.outcomes.statistics import Verdict


@dataclass(slots=True)
class Group:
    """The figures of one group of deviations. `people` is None when it is hidden."""

    name: str
    submitted: int = 0
    agreed: int = 0
    refused: int = 0
    in_force: int = 0
    people: int | None = 0
    days_to_agreement: list[int] = field(default_factory=list)
    extended: int = 0
    lapsed_running: int = 0
    uncovered_days: int = 0
    directions: dict[Direction, int] = field(default_factory=dict)
    conditions: int = 0
    conditions_in_time: int = 0

    @property
    def median_days(self) -> int | None:
        """Return the median of the days from submission to agreement, or None when none was agreed."""
        return round(median(self.days_to_agreement)) if self.days_to_agreement else None

    def share(self, number: int) -> int | None:
        """Return a number as a percentage of the deviations that were agreed, or None without any."""
        return round(100 * number / self.agreed) if self.agreed else None


By = Callable[[Folder], Iterable[str]]


def by(folders: Sequence[Folder], names: By, *, small_group: int) -> list[Group]:
    """Return the figures of each group, by name. A deviation may belong to several groups (articles, themes)."""
    found: dict[str, Group] = {}
    counts: dict[str, list[int]] = defaultdict(list)
    for folder in folders:
        for name in sorted(set(names(folder))):
            _add(found.setdefault(name, Group(name)), folder)
            if folder.course.state in GOVERNS and folder.pilot is not None:
                counts[name].append(folder.pilot.participants)
    _hide(found, counts, small_group)
    return sorted(found.values(), key=lambda group: group.name)


def _add(group: Group, folder: Folder) -> None:
    course = folder.course
    states = {step.to_state for step in course.steps}
    group.submitted += 1
    group.refused += State.REJECTED in states
    group.in_force += course.state is State.IN_FORCE
    group.uncovered_days += sum(span.days(folder.day) for span in course.uncovered)
    first = next((step for step in course.steps if step.to_state is State.AGREED), None)
    if first is not None:
        group.agreed += 1
        group.days_to_agreement.append((first.on - course.steps[0].on).days)
        group.extended += course.extensions > 0
        group.lapsed_running += any(
            step.to_state in OVER and step.from_state in GOVERNS and step.reason is EndReason.END_DATE
            for step in course.steps
        ) and _runs_on(folder)
    for position in folder.positions:
        if position.direction is not None and folder.counts(position):
            group.directions[position.direction] = group.directions.get(position.direction, 0) + 1
    _add_conditions(group, folder)


def _runs_on(folder: Folder) -> bool:
    """Return whether the pilot was meant to go on after the end."""
    pilot, last = folder.pilot, folder.course.last_day
    return pilot is not None and pilot.ends_on is not None and last is not None and last < pilot.ends_on


def _add_conditions(group: Group, folder: Folder) -> None:
    due = {c.id: c.due_on for each in folder.conditions.values() for c in each if c.due_on <= folder.day}
    met = {
        report.condition_id
        for report in folder.reports
        if report.state is ConditionState.MET and report.condition_id in due and report.on <= due[report.condition_id]
    }
    group.conditions += len(due)
    group.conditions_in_time += len(met)


def _hide(found: Mapping[str, Group], counts: Mapping[str, Sequence[int]], small_group: int) -> None:
    """Fill in how many people are covered, hiding small groups; when one is hidden the next smallest is hidden too,
    so that it does not follow from the total."""
    totals = {name: sum(counts.get(name, ())) for name in found}
    hidden = {
        name
        for name, total in totals.items()
        if 0 < total < small_group or _has_small(counts.get(name, ()), small_group)
    }
    if len(hidden) == 1:
        others = sorted((total, name) for name, total in totals.items() if total and name not in hidden)
        hidden |= {name for _, name in others[:1]}
    for name, group in found.items():
        group.people = None if name in hidden else totals[name]


def _has_small(numbers: Sequence[int], small_group: int) -> bool:
    return any(0 < number < small_group for number in numbers)


def year_of(day: date) -> str:
    """Return a year as the name of a group."""
    return str(day.year)


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """How many pilots have a verdict on their primary measure; `name` is "" when they published without one, and
    "niet_gepubliceerd" when they have begun and published nothing about it."""

    name: str
    pilots: int


def by_verdict(verdicts: Iterable[Verdict | None], begun: int) -> list[VerdictCount]:
    """Return how many pilots there are by verdict, in one order, of the pilots that have begun."""
    found = Counter(str(verdict or "") for verdict in verdicts)
    names = [*map(str, Verdict), ""]
    counts = [VerdictCount(name, found[name]) for name in names]
    return [*counts, VerdictCount("niet_gepubliceerd", max(0, begun - found.total()))]
