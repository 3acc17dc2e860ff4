"""What is known of one deviation, as plain values: all that its course is computed from.

What must stay true: nothing here is a state. The facts of a day in the past are the same facts with those left out
that were recorded later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from proeftuin.deviations.vocabulary import ActKind, ConditionKind, ConditionState, PositionStatus, VersionKind


@dataclass(frozen=True, slots=True)
class Terms:
    """What the cao says about deviations, as the version of the cao does that was quoted.

    `ends_on` is the last day of that cao when deviations end with it. Days are whole days.
    """

    notice_days: int = 30
    ends_on: date | None = None
    is_silent: bool = False
    is_retroactive: bool = False


@dataclass(frozen=True, slots=True)
class VersionFact:
    """A version that was submitted. `required` are the parties whose yes is needed; `precedents` the numbers of the
    conditions that must be met before the start; `needs_receipt` that SZW must have confirmed receipt before."""

    number: int
    kind: VersionKind
    on: date
    order: datetime
    valid_from: date
    valid_until: date
    respond_by: date
    required: frozenset[int]
    terms: Terms = Terms()
    needs_receipt: bool = False
    precedents: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PositionFact:
    """A position that counts: taken by the party, or from a letter that it confirmed."""

    version: int
    party_id: int
    status: PositionStatus
    on: date
    order: datetime


@dataclass(frozen=True, slots=True)
class ActFact:
    """An act, from a day on."""

    kind: ActKind
    on: date
    order: datetime
    version: int | None = None
    party_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReportFact:
    """What was reported of a condition."""

    condition_id: int
    version: int
    kind: ConditionKind
    state: ConditionState
    on: date
    order: datetime


@dataclass(frozen=True, slots=True)
class Renewal:
    """A new cao changed a paragraph that a version quotes: `parties` have through `due_on` to reconfirm it."""

    version: int
    since: date
    due_on: date
    parties: frozenset[int]
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is known of one deviation."""

    versions: tuple[VersionFact, ...] = ()
    positions: tuple[PositionFact, ...] = ()
    acts: tuple[ActFact, ...] = ()
    reports: tuple[ReportFact, ...] = ()
    renewals: tuple[Renewal, ...] = ()
