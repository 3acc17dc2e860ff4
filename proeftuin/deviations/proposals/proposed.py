"""What is put to the parties in one version, as plain values, and what those values are held against.

A proposal may be incomplete or wrong: `proposal.problems` says what is. What must stay true: nothing here reads the
database; the quote of a rule is the literal text of the cao and is never typed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from proeftuin.cao.structure import Character
from proeftuin.deviations.parties import PartyLine
from proeftuin.deviations.vocabulary import (
    Basis,
    ConditionKind,
    Consent,
    Direction,
    Duty,
    LegalOutcome,
    ShownTo,
    State,
    VersionKind,
)

RESPONSE_TERM = timedelta(weeks=6)


@dataclass(frozen=True, slots=True)
class ProposedRule:
    """One paragraph that is set aside: the literal text of the cao, and what applies instead."""

    article_key: str
    article_number: str
    paragraph: str
    cao_text: str
    text: str

    @property
    def place(self) -> tuple[str, str]:
        """Return which paragraph this is, in whatever version of the cao."""
        return self.article_key, self.paragraph

    @property
    def citation(self) -> str:
        """Return how the place is cited: art. 4.6 lid 2."""
        return cited(self.article_number, self.paragraph)


@dataclass(frozen=True, slots=True)
class Subgroup:
    """A part of the group for which it turns out in a way of its own."""

    group: str
    direction: Direction | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ProposedCondition:
    """A condition. With `every_months` it comes back after `due_on`, until the last day."""

    kind: ConditionKind
    text: str
    due_on: date | None
    owner_id: int | None
    every_months: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """Every field of a version. `duties` None means: as the legal basis computes them."""

    title: str = ""
    kind: VersionKind = VersionKind.FIRST
    change_note: str = ""
    rules: tuple[ProposedRule, ...] = ()
    group: str = ""
    max_participants: int | None = None
    selection: str = ""
    is_voluntary: bool | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    direction: Direction | None = None
    direction_note: str = ""
    subgroups: tuple[Subgroup, ...] = ()
    shifts: str = ""
    guarantee: str = ""
    fallback_person: str = ""
    fallback_all: str = ""
    legal_outcome: LegalOutcome = LegalOutcome.PENDING
    legal_references: tuple[str, ...] = ()
    legal_note: str = ""
    legal_by_id: int | None = None
    legal_on: date | None = None
    equal_treatment: str = ""
    basis: Basis | None = None
    basis_reason: str = ""
    consent: Consent | None = None
    consent_ground: str = ""
    consent_reason: str = ""
    parties_reason: str = ""
    duties: Mapping[int, Duty] | None = None
    respond_by: date | None = None
    conditions: tuple[ProposedCondition, ...] = ()
    evaluate_by: date | None = None
    reporting: str = ""
    annexes_shown_to: ShownTo = ShownTo.EVERYONE
    employer_ends_at_once: bool = True


@dataclass(frozen=True, slots=True)
class CaoParagraph:
    """A paragraph of the cao of the day."""

    article_number: str
    text: str
    character: Character


@dataclass(frozen=True, slots=True)
class CaoOfDay:
    """The version of the cao that holds on the day of submission. `experiment` is the number of its experiment
    article, or empty."""

    id: int
    label: str
    valid_until: date
    max_months: int
    ends_with_cao: bool
    is_retroactive: bool
    experiment: str
    paragraphs: Mapping[tuple[str, str], CaoParagraph]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another deviation of the same pilot: what it sets aside, and when."""

    name: str
    first_day: date
    last_day: date
    places: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Predecessor:
    """The version that governs, or else the last one that was submitted."""

    number: int
    state: State
    valid_from: date
    last_day: date

    @property
    def has_begun(self) -> bool:
        """Return whether people work, or worked, by this version."""
        return self.state in (State.IN_FORCE, State.SUSPENDED, State.ENDED, State.LAPSED, State.CLOSED)


@dataclass(frozen=True, slots=True)
class Against:
    """What a proposal is held against. `on` is the day of submission.

    `first_day` is the first day on which an earlier version applied. `assessors` are the people of HR, `people`
    those with an account; `assessed` is the mark of the rules that the legal check saw,
    None when that is not known. `is_history` is for what was submitted before this register was there: it stands as
    it was, also when it would be refused now.
    """

    on: date
    cao: CaoOfDay | None = None
    parties: tuple[PartyLine, ...] = ()
    before: Predecessor | None = None
    first_day: date | None = None
    neighbours: tuple[Neighbour, ...] = ()
    assessors: frozenset[int] = field(default_factory=frozenset)
    people: frozenset[int] = field(default_factory=frozenset)
    assessed: str | None = None
    pilot_ends_on: date | None = None
    is_history: bool = False


def cited(article_number: str, paragraph: str) -> str:
    """Return how a paragraph is cited: art. 4.6 lid 2."""
    return f"art. {article_number} lid {paragraph}" if paragraph else f"art. {article_number}"


def mark_of(rules: Iterable[ProposedRule]) -> str:
    """Return a short text that is the same as long as the rules are, whatever their order."""
    parts = sorted([rule.article_key, rule.paragraph, rule.cao_text, rule.text] for rule in rules)
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:24]
