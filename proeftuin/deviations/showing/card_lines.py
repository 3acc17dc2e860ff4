"""What the one-minute card shows, part by part, as plain values: the ten sections of the dossier (3.4), in order.

The template prints these and computes nothing. A submitted version and a proposal are shown by the same values, so
that who drafts sees what the parties will see.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from markupsafe import Markup

from proeftuin.deviations.labels import Badge
from proeftuin.deviations.states.course import Span
from proeftuin.pilots.participation import Count


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, as far as it decides what is shown. `since` is the visit before this one; None in the past."""

    small_group: int
    is_monitor: bool = False
    sees_exact_count: bool = False
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class RuleLine:
    """1. One paragraph: the text of the cao and what applies instead, with the words that differ marked."""

    article_number: str
    paragraph: str
    cao_label: str
    href: str
    old: Markup
    new: Markup


@dataclass(frozen=True, slots=True)
class WhoLine:
    """2. For whom, and how many now of how many agreed; `count` is None while the version does not apply."""

    group: str
    selection: str
    is_voluntary: bool | None
    most: int | None
    count: Count | None = None
    applies: bool = False

    @property
    def is_over(self) -> bool:
        """Return whether more take part than was agreed, as far as the reader may know the number."""
        number = self.count.number if self.count else None
        return self.applies and number is not None and self.most is not None and number > self.most


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """3. From and through, and what became of it. `last` is the last day as things stand, `agreed_last` that of the
    text; `phase` is empty for what never began."""

    first: date | None
    last: date | None
    agreed_last: date | None
    phase: str  # "before", "now", "after" or ""
    needs_agreement: bool = False
    started_on: date | None = None
    ended_because: str = ""
    extensions: int = 0
    interruptions: tuple[Span, ...] = ()
    uncovered: tuple[Span, ...] = ()
    uncovered_days: int = 0
    suspended_on: date | None = None
    suspended_by: str = ""
    notice_on: date | None = None
    notice_by: str = ""
    pilot_ends_on: date | None = None
    axis: tuple[date, date] | None = None
    spans: tuple[tuple[str, date, date], ...] = ()

    @property
    def ends_before_pilot(self) -> bool:
        """Return whether the pilot goes on after the last day."""
        return self.last is not None and self.pilot_ends_on is not None and self.last < self.pilot_ends_on


@dataclass(frozen=True, slots=True)
class DirectionLine:
    """4. What it means for the employee according to one of them; `note` says why, or for which subgroup."""

    who: str
    badge: Badge
    note: str = ""
    is_subgroup: bool = False


@dataclass(frozen=True, slots=True)
class LegalLine:
    """6. The legal check."""

    badge: Badge
    references: tuple[str, ...]
    note: str
    by: str
    on: date | None
    equal_treatment: str


@dataclass(frozen=True, slots=True)
class PositionLine:
    """7. The position of one party. What it keeps to those who watch is withheld and shown as a gap.

    `letter` says that something was entered from a letter and waits for the party: its badge and its days.
    """

    party_id: int
    party: str
    badge: Badge
    is_required: bool
    decided_on: date | None = None
    recorded_on: date | None = None
    days_late: int = 0
    signatory: str = ""
    function: str = ""
    reservation: str = ""
    remark: str = ""
    is_withheld: bool = False
    from_letter: bool = False
    confirmed_on: date | None = None
    letter: LetterLine | None = None


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A position that was entered from a letter and does not count yet."""

    id: int
    badge: Badge
    decided_on: date
    recorded_on: date
    signatory: str


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """8. A condition for one time that it is due."""

    id: int
    text: str
    kind: str
    due_on: date | None
    owner: str
    badge: Badge
    is_late: bool = False
    is_settled: bool = False
    reported_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """9. A report that is being handled; its words are for those who watch."""

    id: int
    on: date
    badge: Badge
    about: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class NewsLine:
    """10. Something that the register learnt since the visit before this one."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """The whole card."""

    code: str
    title: str
    number: int
    kind: str
    badge: Badge
    rules: tuple[RuleLine, ...]
    who: WhoLine
    period: PeriodLine
    directions: tuple[DirectionLine, ...]
    guarantee: str
    legal: LegalLine
    positions: tuple[PositionLine, ...]
    informed: tuple[str, ...] = ()
    basis: str = ""
    conditions: tuple[ConditionLine, ...] = ()
    reports: tuple[ReportLine, ...] = ()
    handled: int = 0
    last_handled: date | None = None
    sees_reports: bool = False
    news: tuple[NewsLine, ...] = ()
    since: date | None = None
    has_visited: bool = field(default=False)
    path: str = ""
    is_preview: bool = False

    @property
    def open_conditions(self) -> tuple[ConditionLine, ...]:
        """Return the conditions that are not met, late and broken ones first."""
        return tuple(line for line in self.conditions if not line.is_settled)

    @property
    def met_conditions(self) -> tuple[ConditionLine, ...]:
        """Return the conditions that were met."""
        return tuple(line for line in self.conditions if line.is_settled)
