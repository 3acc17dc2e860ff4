"""What is kept of the answers to one measure: numbers of people, means and spreads, by group; and what is hidden.

Pure. Figures are made of answers once, when they are published, and hold nothing of a group that is too small to
show. What must stay true (domain dossier 8.4): a group smaller than the limit is hidden, and so is every number from
which a hidden one follows; hiding twice, or with a higher limit later, only hides more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import Any

from proeftuin.outcomes.statistics import Sample, Share, median, sample


class Arm(StrEnum):
    """Who answered: who takes part, or the group that they are compared with."""

    PARTICIPANTS = "deelnemer"
    COMPARISON = "vergelijking"


class Moment(StrEnum):
    """When people answered: before the start, on the way, or after."""

    BASELINE = "0-meting"
    INTERIM = "tussenmeting"
    FOLLOW_UP = "nameting"


class Kind(StrEnum):
    """What an answer is: a number, yes or no (1 or 0), or how much money somebody gained or lost."""

    MEAN = "gemiddelde"
    SHARE = "aandeel"
    AMOUNT = "bedrag"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person answered. `code` links two moments of one measure and is "" when they may not be linked."""

    arm: Arm
    moment: Moment
    code: str
    subgroup: str
    value: float


@dataclass(frozen=True, slots=True)
class ArmFigures:
    """The figures of one group. With `paired` people who answered twice, `before`, `after` and `change` are about
    them only; otherwise `before` and `after` are about everyone who answered. All is empty when it is hidden."""

    n_before: int = 0
    n_after: int = 0
    n_paired: int | None = None
    before: Sample | None = None
    after: Sample | None = None
    change: Sample | None = None
    middle: float | None = None
    worse_off: int | None = None
    is_hidden: bool = False

    @property
    def smallest(self) -> int:
        """Return the number of people behind the smallest figure."""
        if self.n_paired is not None:
            return self.n_paired
        return min((n for n in (self.n_before, self.n_after) if n), default=0)

    @property
    def lost(self) -> float:
        """Return which part of those who answered before did not answer again; 0 when answers are not linked."""
        return 1 - self.n_paired / self.n_before if self.n_paired is not None and self.n_before else 0.0

    def share(self, moment: Moment) -> Share | None:
        """Return how many said yes at a moment."""
        held = self.before if moment is Moment.BASELINE else self.after
        return Share(round(held.mean * held.n), held.n) if held is not None else None


HIDDEN = ArmFigures(is_hidden=True)
_BEFORE, _AFTER = attrgetter("n_before"), attrgetter("n_after")


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one measure. `moment` is when people answered last; `subgroups` are parts of who takes part."""

    moment: Moment
    is_linked: bool
    arms: Mapping[Arm, ArmFigures]
    subgroups: Mapping[str, ArmFigures] = field(default_factory=dict)

    def shown(self, arm: Arm) -> ArmFigures | None:
        """Return the figures of a group, or None when there are none or they are hidden."""
        found = self.arms.get(arm)
        return None if found is None or found.is_hidden else found

    @property
    def has_hidden(self) -> bool:
        """Return whether something is not shown because too few people answered."""
        return any(each.is_hidden for each in (*self.arms.values(), *self.subgroups.values()))


def of_answers(answers: Sequence[Answer], kind: Kind) -> Figures:
    """Return the figures of everything that was answered to one measure; nothing is hidden yet."""
    later = {each.moment for each in answers if each.arm is Arm.PARTICIPANTS} - {Moment.BASELINE}
    moment = Moment.FOLLOW_UP if Moment.FOLLOW_UP in later or not later else Moment.INTERIM
    is_linked = kind is Kind.MEAN and all(each.code for each in answers)
    arms = {
        arm: _arm([each for each in answers if each.arm is arm], kind, moment, is_linked)
        for arm in Arm
        if any(each.arm is arm for each in answers)
    }
    mine = [each for each in answers if each.arm is Arm.PARTICIPANTS]
    names = sorted({each.subgroup for each in mine if each.subgroup})
    subgroups = {
        name: _arm([each for each in mine if each.subgroup == name], kind, moment, is_linked) for name in names
    }
    return Figures(moment, is_linked, arms, subgroups)


def _arm(answers: Iterable[Answer], kind: Kind, moment: Moment, is_linked: bool) -> ArmFigures:
    held = list(answers)
    before = [each for each in held if each.moment is Moment.BASELINE]
    after = [each for each in held if each.moment is moment]
    values = [each.value for each in after]
    if is_linked and before and after:
        first = {each.code: each.value for each in before}
        pairs = [(first[each.code], each.value) for each in after if each.code in first]
        return ArmFigures(
            len(before),
            len(after),
            len(pairs),
            sample(old for old, _ in pairs),
            sample(new for _, new in pairs),
            sample(new - old for old, new in pairs),
        )
    is_amount = kind is Kind.AMOUNT and bool(values)
    return ArmFigures(
        len(before),
        len(after),
        before=sample(each.value for each in before),
        after=sample(values),
        middle=median(values) if is_amount else None,
        worse_off=sum(value < 0 for value in values) if is_amount else None,
    )


def hide(figures: Figures, small: int) -> Figures:
    """Return the figures without those of fewer than `small` people, and without what they would follow from."""
    arms = {arm: HIDDEN if each.smallest < small else each for arm, each in figures.arms.items()}
    whole = figures.arms.get(Arm.PARTICIPANTS, HIDDEN)
    if whole.is_hidden or whole.smallest < small:
        hidden = set(figures.subgroups)
    else:
        hidden = _hidden_parts(figures.subgroups, whole, small)
    subgroups = {name: HIDDEN if name in hidden else each for name, each in figures.subgroups.items()}
    return Figures(figures.moment, figures.is_linked, arms, subgroups)


def _hidden_parts(parts: Mapping[str, ArmFigures], whole: ArmFigures, small: int) -> set[str]:
    """Return which parts must be hidden, so that no small one follows from the whole and the other parts.

    What follows is the rest: everyone who is in no part that is shown. The rest must be nobody, or consist of enough
    people in more than one part.
    """
    hidden = {name for name, each in parts.items() if each.is_hidden or each.smallest < small}
    by_size = sorted((each.smallest, name) for name, each in parts.items() if name not in hidden)
    while by_size:
        shown = [parts[name] for _size, name in by_size]
        if all(
            _is_safe(of(whole) - sum(map(of, shown)), of(whole) - sum(map(of, parts.values())), len(hidden), small)
            for of in _counted(whole)
        ):
            break
        hidden.add(by_size.pop(0)[1])
    return hidden


def _counted(whole: ArmFigures) -> list[Callable[[ArmFigures], int]]:
    """Return the numbers of people behind the figures of a group."""
    if whole.n_paired is not None:
        return [lambda arm: arm.n_paired or 0]
    return [of for of in (_BEFORE, _AFTER) if of(whole)]


def _is_safe(rest: int, nowhere: int, hidden: int, small: int) -> bool:
    """Return whether the rest may be known, of whom `nowhere` people are in no part and the others in hidden ones."""
    if not hidden:
        return rest == 0 or rest >= small
    return rest >= small and hidden + (nowhere > 0) > 1


def as_data(figures: Figures) -> dict[str, Any]:
    """Return figures as they are stored."""
    return {
        "moment": str(figures.moment),
        "linked": figures.is_linked,
        "arms": {str(arm): _arm_data(each) for arm, each in figures.arms.items()},
        "subgroups": {name: _arm_data(each) for name, each in figures.subgroups.items()},
    }


def from_data(data: Mapping[str, Any]) -> Figures:
    """Return figures as they were stored."""
    return Figures(
        Moment(data["moment"]),
        data["linked"],
        {Arm(name): _arm_from(each) for name, each in data["arms"].items()},
        {name: _arm_from(each) for name, each in data["subgroups"].items()},
    )


_SAMPLES = ("before", "after", "change")
_PLAIN = ("n_before", "n_after", "n_paired", "middle", "worse_off")


def _arm_data(arm: ArmFigures) -> dict[str, Any]:
    if arm.is_hidden:
        return {"hidden": True}
    found: dict[str, Any] = {name: getattr(arm, name) for name in _PLAIN}
    for name in _SAMPLES:
        held: Sample | None = getattr(arm, name)
        found[name] = [held.n, held.mean, held.sd] if held is not None else None
    return found


def _arm_from(data: Mapping[str, Any]) -> ArmFigures:
    if data.get("hidden"):
        return HIDDEN
    given: dict[str, Any] = {name: data[name] for name in _PLAIN}
    for name in _SAMPLES:
        given[name] = Sample(*data[name]) if data[name] is not None else None
    return ArmFigures(**given)
