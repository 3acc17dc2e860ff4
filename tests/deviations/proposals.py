"""A proposal that nothing is wrong with, and what it is held against; tests change one thing at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from proeftuin.accounts.models import PartyKind
from proeftuin.cao.structure import Character
from proeftuin.deviations.parties import PartyLine
from proeftuin.deviations.proposals.proposed import (
    Against,
    CaoOfDay,
    CaoParagraph,
    Predecessor,
    Proposal,
    ProposedCondition,
    ProposedRule,
    mark_of,
)
from proeftuin.deviations.vocabulary import (
    Basis,
    ConditionKind,
    Consent,
    Direction,
    LegalOutcome,
    State,
    VersionKind,
)

TODAY = date(2026, 1, 19)
DAY = timedelta(days=1)
QUOTE = "Op een dag wordt niet langer gewerkt dan acht en een half uur."
RULE = ProposedRule("art-3-2", "3.2", "2", QUOTE, "Een deelnemer werkt hooguit negen en een half uur op een dag.")
EMPLOYER = PartyLine(1, "Oeverbrug N.V.", PartyKind.EMPLOYER, True)
UNION = PartyLine(2, "Vakbond De Schakel", PartyKind.UNION, True)
OTHER_UNION = PartyLine(3, "Bond zonder cao", PartyKind.UNION, False)
COUNCIL = PartyLine(4, "Ondernemingsraad", PartyKind.WORKS_COUNCIL, False)
HR, OWNER = 52, 60

GOOD = Proposal(
    title="Dagen van negenenhalf uur",
    rules=(RULE,),
    group="Deelnemers van Tekenkamer Noord",
    max_participants=30,
    selection="Wie zich aanmeldt.",
    is_voluntary=True,
    valid_from=date(2026, 3, 2),
    valid_until=date(2026, 10, 31),
    direction=Direction.MIXED,
    direction_note="Een vrije dag extra, maar overwerk begint later.",
    shifts="Niets.",
    guarantee="Bij terugval gelden de oude grenzen meteen.",
    fallback_person="Binnen een week terug.",
    fallback_all="Binnen een week terug.",
    legal_outcome=LegalOutcome.WITHIN_LAW,
    legal_references=("ATW 5:3",),
    legal_by_id=HR,
    legal_on=date(2026, 1, 16),
    equal_treatment="Nagegaan.",
    basis=Basis.EXPERIMENT,
    basis_reason="Artikel 1.5.",
    consent=Consent.REQUIRED,
    consent_ground="27.1.b",
    conditions=(ProposedCondition(ConditionKind.ORDINARY, "Rapportage.", date(2026, 5, 1), OWNER, 3),),
    evaluate_by=date(2026, 8, 15),
    reporting="Elk kwartaal.",
)
CAO = CaoOfDay(
    id=1,
    label="2024-2026",
    valid_until=date(2026, 6, 30),
    max_months=18,
    ends_with_cao=False,
    is_retroactive=False,
    experiment="1.5",
    paragraphs={
        RULE.place: CaoParagraph("3.2", QUOTE, Character.MINIMUM),
        ("art-4-6", "2"): CaoParagraph("4.6", "Iedereen krijgt hetzelfde percentage.", Character.STANDARD),
    },
)
AGAINST = Against(
    on=TODAY,
    cao=CAO,
    parties=(EMPLOYER, UNION, OTHER_UNION, COUNCIL),
    assessors=frozenset({HR}),
    people=frozenset({HR, OWNER}),
    assessed=mark_of(GOOD.rules),
)
FIRST_VERSION = Predecessor(1, State.IN_FORCE, date(2026, 3, 2), date(2026, 10, 31))


def proposal(**changes: Any) -> Proposal:
    """Return the good proposal with something changed."""
    return replace(GOOD, **changes)


def against(**changes: Any) -> Against:
    """Return what it is held against with something changed."""
    return replace(AGAINST, **changes)


def following(kind: VersionKind, first: date, last: date, **changes: Any) -> Proposal:
    """Return a next version that applies on these days."""
    named = {"change_note": "Langer.", "evaluate_by": last - timedelta(days=90), **changes}
    return proposal(kind=kind, valid_from=first, valid_until=last, conditions=(), **named)
