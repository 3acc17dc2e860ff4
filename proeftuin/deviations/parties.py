"""Who must agree to a version: the rules of the legal basis (domain dossier 3.2); and short names of parties.

Pure: it is given the parties of the day and answers with a duty for each. A union that did not sign the cao is
informed and has no vote. Silence and "better for the employee" never replace a yes that is asked here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from proeftuin.accounts.models import PartyKind
from proeftuin.deviations.vocabulary import Basis, Consent, Duty
from proeftuin.i18n import _


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A party as far as agreeing goes."""

    id: int
    name: str
    kind: PartyKind
    signs_cao: bool


def initials_of(names: Iterable[str]) -> dict[str, str]:
    """Return for each name the capitals with which it begins, unless another one begins with the same."""
    wanted = list(names)
    heads = Counter(name.partition(" ")[0] for name in wanted)
    return {name: _initials(name, heads) for name in wanted}


def _initials(name: str, heads: Counter[str]) -> str:
    head, _space, rest = name.partition(" ")
    return head if rest and head.isupper() and 1 < len(head) < 6 and heads[head] == 1 else ""


def short_name(name: str, kind: PartyKind, initials: str) -> str:
    """Return what a party is called where there is little room."""
    match kind:
        case PartyKind.EMPLOYER:
            return _("Werkgever")
        case PartyKind.WORKS_COUNCIL:
            return _("OR")
        case PartyKind.UNION:
            return initials or name.removeprefix("Vakbond ").removeprefix("Bond ")


EMPLOYER_AND_UNIONS = frozenset({Basis.EXPERIMENT, Basis.DISPENSATION, Basis.ADDENDUM})
NOTIFIED_TO_MINISTRY = frozenset({Basis.ADDENDUM})
"""A change of the cao itself starts at the earliest on the day after SZW confirmed receipt (art. 4 Wet op de
loonvorming)."""


def needs_council(basis: Basis, consent: Consent) -> bool:
    """Return whether the works council must agree: its subject (art. 27 WOR), a right beyond the law, or a subject
    that the cao leaves to it."""
    return basis is Basis.DELEGATED or (basis is not Basis.WITHIN_ROOM and consent is not Consent.NOT_REQUIRED)


def duties(basis: Basis, consent: Consent, parties: Iterable[PartyLine]) -> dict[int, Duty]:
    """Return for each party whether its yes is needed, or it is only informed."""
    return {party.id: _duty(basis, consent, party) for party in parties}


def _duty(basis: Basis, consent: Consent, party: PartyLine) -> Duty:
    match party.kind:
        case PartyKind.WORKS_COUNCIL:
            asked = needs_council(basis, consent)
        case PartyKind.EMPLOYER:
            asked = basis in EMPLOYER_AND_UNIONS or basis is Basis.DELEGATED
        case PartyKind.UNION:
            asked = basis in EMPLOYER_AND_UNIONS and party.signs_cao
    return Duty.REQUIRED if asked else Duty.INFORMED
