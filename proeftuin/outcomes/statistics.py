"""The arithmetic of outcomes (domain dossier 9.1): means, shares, their differences, each with a 95% interval.

Pure: numbers in, numbers out; nothing here knows of people, pilots or screens. Every interval of means is one of a
weighted sum of independent means (`contrast`): a paired change is the mean of the changes, Welch's comparison the
difference of two means, the difference of two unlinked changes a sum of four. Shares have Wilson's interval and their
difference Newcombe's (R. G. Newcombe, Statistics in Medicine 17, 1998, method 10).

What must stay true: no p-values, no stars; an estimate lies in its own interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import fmean, stdev

from proeftuin.outcomes.student import NORMAL_95, quantile

HALF_OF_95 = 0.975


class Favourable(StrEnum):
    """In which direction a measure gets better."""

    HIGHER = "hoger"
    LOWER = "lager"


class Verdict(StrEnum):
    """What may be said of a difference."""

    BETTER = "beter"
    WORSE = "slechter"
    NO_DIFFERENCE = "geen_relevant_verschil"
    UNDECIDED = "onbeslist"


class Size(StrEnum):
    """Whether a difference surely matters, or may be smaller than what was thought worth it."""

    SURELY = "zeker_relevant"
    MAYBE_SMALL = "mogelijk_klein"


@dataclass(frozen=True, slots=True)
class Sample:
    """How many numbers there are, their mean, and their standard deviation (0 for fewer than two)."""

    n: int
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95% interval; `degrees` of freedom where the interval is one of Student's."""

    value: float
    low: float
    high: float
    degrees: float | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    count: int
    n: int

    @property
    def value(self) -> float:
        """Return the share itself."""
        return self.count / self.n


def sample(values: Iterable[float]) -> Sample | None:
    """Return what is needed of some numbers, or None without any."""
    held = list(values)
    if not held:
        return None
    return Sample(len(held), fmean(held), stdev(held) if len(held) > 1 else 0.0)


def contrast(terms: Sequence[tuple[int, Sample]]) -> Estimate | None:
    """Return a weighted sum of independent means with its interval; the degrees of freedom are Satterthwaite's.

    With one term of weight 1 that is the interval of a mean; None when a sample is too small to know its spread.
    """
    if any(each.n < 2 for _weight, each in terms):
        return None
    value = sum(weight * each.mean for weight, each in terms)
    parts = [(weight * weight * each.sd * each.sd / each.n, each.n - 1) for weight, each in terms]
    variance = sum(part for part, _ in parts)
    spread = sum(part * part / degrees for part, degrees in parts)
    if spread == 0:  # everyone answered the same
        return Estimate(value, value, value, float(sum(degrees for _, degrees in parts)))
    degrees = variance * variance / spread
    half = quantile(HALF_OF_95, degrees) * sqrt(variance)
    return Estimate(value, value - half, value + half, degrees)


def wilson(share: Share) -> Estimate:
    """Return a share with Wilson's interval."""
    n, part, square = share.n, share.value, NORMAL_95 * NORMAL_95
    middle = (part + square / (2 * n)) / (1 + square / n)
    half = NORMAL_95 * sqrt(part * (1 - part) / n + square / (4 * n * n)) / (1 + square / n)
    low = 0.0 if share.count == 0 else max(0.0, middle - half)  # exactly, not but for rounding
    high = 1.0 if share.count == n else min(1.0, middle + half)
    return Estimate(part, low, high)


def newcombe(one: Share, other: Share) -> Estimate:
    """Return by how much one share is larger than another, with Newcombe's interval."""
    first, second = wilson(one), wilson(other)
    value = first.value - second.value
    below = sqrt((first.value - first.low) ** 2 + (second.high - second.value) ** 2)
    above = sqrt((first.high - first.value) ** 2 + (second.value - second.low) ** 2)
    return Estimate(value, value - below, value + above)


def judge(found: Estimate, favourable: Favourable, smallest: float) -> tuple[Verdict, Size | None]:
    """Return the verdict on a difference, and for better or worse its size; `smallest` is the smallest difference
    that was thought worth it. The order of the questions is part of the rule."""
    low, high = (found.low, found.high) if favourable is Favourable.HIGHER else (-found.high, -found.low)
    if low > -smallest and high < smallest:
        return Verdict.NO_DIFFERENCE, None
    if low > 0:
        return Verdict.BETTER, Size.SURELY if low > smallest else Size.MAYBE_SMALL
    if high < 0:
        return Verdict.WORSE, Size.SURELY if high < -smallest else Size.MAYBE_SMALL
    return Verdict.UNDECIDED, None


def median(values: Sequence[float]) -> float:
    """Return the middle of some numbers: as many lie above as below."""
    held = sorted(values)
    middle = len(held) // 2
    return held[middle] if len(held) % 2 else (held[middle - 1] + held[middle]) / 2
