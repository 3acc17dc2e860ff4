"""What may be said of the figures of one measure: the headline number, the verdict, and what to keep in mind.

Pure. With a comparison group the headline is the difference of the changes; the verdict follows from its interval and
the smallest difference that was thought worth it before the start (domain dossier 9.1). What must stay true: nothing
is computed from a group that is hidden, and a verdict is never more than its interval carries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from proeftuin.outcomes.figures import Arm, ArmFigures, Figures, Kind, Moment
from proeftuin.outcomes.statistics import (
    Estimate,
    Favourable,
    Size,
    Verdict,
    contrast,
    judge,
    newcombe,
)

VERY_SMALL, SMALL = 12, 25
LOW_RESPONSE, HIGH_LOSS = 0.6, 0.2


class Basis(StrEnum):
    """On which comparison a verdict stands."""

    CHANGES = "verschil_in_verschil"
    PARTICIPANTS = "verschil_deelnemers"
    AFTERWARDS = "verschil_achteraf"
    SHARES = "verschil_in_aandeel"
    SHARES_IN_TIME = "verschil_in_aandeel_deelnemers"


class Caution(StrEnum):
    """What makes a result less sure."""

    VERY_SMALL = "zeer_kleine_groep"
    SMALL = "kleine_groep"
    LOW_RESPONSE = "lage_respons"
    HIGH_LOSS = "veel_uitval"


@dataclass(frozen=True, slots=True)
class Terms:
    """What was settled about a measure before anything was known of it."""

    kind: Kind
    favourable: Favourable
    smallest: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """What may be said of a measure. Without a verdict there is nothing to compare, or too little to show."""

    basis: Basis | None = None
    headline: Estimate | None = None
    verdict: Verdict | None = None
    size: Size | None = None
    warnings: tuple[Caution, ...] = ()


def assess(figures: Figures, terms: Terms, *, asked: int | None = None) -> Assessment:
    """Return what may be said; `asked` is how many who take part could have answered, when that is known."""
    found = _headline(figures, terms.kind)
    warnings = _warnings(figures, asked)
    if found is None:
        return Assessment(warnings=warnings)
    basis, headline = found
    smallest = terms.smallest / 100 if terms.kind is Kind.SHARE else terms.smallest
    verdict, size = judge(headline, terms.favourable, smallest)
    return Assessment(basis, headline, verdict, size, warnings)


def change_of(arm: ArmFigures | None) -> Estimate | None:
    """Return how the mean of a group changed: of the same people when they are linked, else of all who answered."""
    if arm is None:
        return None
    if arm.n_paired is not None:
        return contrast([(1, arm.change)]) if arm.change else None
    return contrast([(1, arm.after), (-1, arm.before)]) if arm.after and arm.before else None


def _headline(figures: Figures, kind: Kind) -> tuple[Basis, Estimate] | None:
    mine, theirs = figures.shown(Arm.PARTICIPANTS), figures.shown(Arm.COMPARISON)
    if mine is None or kind is Kind.AMOUNT:
        return None
    ways: list[tuple[Basis, Callable[[], Estimate | None]]] = [
        (Basis.CHANGES, lambda: _difference_of_changes(mine, theirs)),
        (Basis.PARTICIPANTS, lambda: change_of(mine)),
        (Basis.AFTERWARDS, lambda: _difference_afterwards(mine, theirs)),
    ]
    if kind is Kind.SHARE:
        ways = [
            (Basis.SHARES, lambda: _difference_of_shares(mine, theirs)),
            (Basis.SHARES_IN_TIME, lambda: _shares_in_time(mine)),
        ]
    for basis, way in ways:
        found = way()
        if found is not None:
            return basis, found
    return None


def _difference_of_changes(mine: ArmFigures, theirs: ArmFigures | None) -> Estimate | None:
    if theirs is None:
        return None
    if mine.change and theirs.change:
        return contrast([(1, mine.change), (-1, theirs.change)])
    samples = (mine.after, mine.before, theirs.after, theirs.before)
    if mine.n_paired is not None or theirs.n_paired is not None or None in samples:
        return None
    return contrast([(sign, each) for sign, each in zip((1, -1, -1, 1), samples, strict=True) if each])


def _difference_afterwards(mine: ArmFigures, theirs: ArmFigures | None) -> Estimate | None:
    if theirs is None or mine.after is None or theirs.after is None or mine.before is not None:
        return None
    return contrast([(1, mine.after), (-1, theirs.after)])


def _difference_of_shares(mine: ArmFigures, theirs: ArmFigures | None) -> Estimate | None:
    one = mine.share(Moment.FOLLOW_UP)
    other = theirs.share(Moment.FOLLOW_UP) if theirs else None
    return newcombe(one, other) if one and other else None


def _shares_in_time(mine: ArmFigures) -> Estimate | None:
    one, other = mine.share(Moment.FOLLOW_UP), mine.share(Moment.BASELINE)
    return newcombe(one, other) if one and other else None


def _warnings(figures: Figures, asked: int | None) -> tuple[Caution, ...]:
    shown = [each for each in map(figures.shown, Arm) if each is not None]
    if not shown:
        return ()
    found = []
    smallest = min(each.smallest for each in shown)
    if smallest < SMALL:
        found.append(Caution.VERY_SMALL if smallest < VERY_SMALL else Caution.SMALL)
    mine = figures.shown(Arm.PARTICIPANTS)
    if asked and mine is not None and mine.n_after / asked < LOW_RESPONSE:
        found.append(Caution.LOW_RESPONSE)
    if max(each.lost for each in shown) > HIGH_LOSS:
        found.append(Caution.HIGH_LOSS)
    return tuple(found)
