"""What makes a pilot a fairer experiment, as sentences about what is known (domain dossier, chapter 9).

Pure. What must stay true: a signal that is not met is a sentence and never a mark or a score; nothing is said of what
is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from proeftuin import clock
from proeftuin.outcomes.figures import Arm
from proeftuin.outcomes.queries import Found, Published, Settled
from proeftuin.pilots.models import State
from proeftuin.pilots.records import StepTaken


class About(StrEnum):
    """What a sentence is about."""

    SETTLED = "settled"
    CHANGED = "changed"
    BASELINE = "baseline"
    COMPARISON = "comparison"
    STOPPED = "stopped"
    REPORTED = "reported"
    AFTER_RESULTS = "after_results"
    SECOND_READER = "second_reader"


@dataclass(frozen=True, slots=True)
class Signal:
    """One sentence: what it is about, whether that is so, and the day or the names that belong to it."""

    about: About
    is_met: bool
    day: date | None = None
    names: tuple[str, ...] = ()


def list_signals(
    measures: Sequence[Settled], publications: Sequence[Published], found: Sequence[Found], steps: Sequence[StepTaken]
) -> list[Signal]:
    """Return what can be said of a pilot; `publications` are the newest first, `found` is of the newest."""
    started = next((step.on for step in steps if step.to_state is State.RUNNING), None)
    signals = _about_settling(measures, started)
    if publications:
        signals += _about_results(measures, publications, found)
    evaluated = next((step for step in steps if step.to_state is State.EVALUATED), None)
    if evaluated is not None:
        signals.append(Signal(About.SECOND_READER, evaluated.second_reader is not None))
    return signals


def _about_settling(measures: Sequence[Settled], started: date | None) -> list[Signal]:
    primary = next((each for each in measures if each.measure.is_primary), None)
    if primary is None or started is None:
        return []
    day = clock.day_of(primary.first_at)
    signals = [Signal(About.SETTLED, day <= started, day)]
    changed = [each.measure.title for each in measures if each.times > 1 and clock.day_of(each.last_at) > started]
    if changed:
        signals.append(Signal(About.CHANGED, False, names=tuple(changed)))
    return signals


def _about_results(
    measures: Sequence[Settled], publications: Sequence[Published], found: Sequence[Found]
) -> list[Signal]:
    reported = {each.measure.key for each in found}
    missing = tuple(each.measure.title for each in measures if each.measure.key not in reported)
    first_moment = publications[-1].publication.published_at
    later = tuple(each.measure.title for each in measures if each.last_at > first_moment)
    arms = [arm for each in found for arm in each.figures.arms.values()]
    return [
        Signal(About.BASELINE, any(arm.n_before or arm.is_hidden for arm in arms)),
        Signal(About.COMPARISON, any(Arm.COMPARISON in each.figures.arms for each in found)),
        Signal(About.STOPPED, publications[0].publication.stopped is not None),
        Signal(About.REPORTED, not missing, names=missing),
        Signal(About.AFTER_RESULTS, not later, names=later),
    ]
