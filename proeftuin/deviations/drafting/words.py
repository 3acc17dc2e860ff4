"""How the fields of a draft are called, and the choices they offer, with what each means.

What must stay true: the same field has the same name in the form, in the gate list and in what changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from proeftuin.accounts.models import Party
from proeftuin.db import session
from proeftuin.deviations import labels
from proeftuin.deviations.drafting.fields import list_rows
from proeftuin.deviations.drafting.reading import NO, YES
from proeftuin.deviations.proposals.proposed import cited
from proeftuin.deviations.vocabulary import (
    Basis,
    ConditionKind,
    Consent,
    Direction,
    Duty,
    LegalOutcome,
    ShownTo,
    VersionKind,
)
from proeftuin.i18n import _

Choices = list[tuple[str, str]]


def names() -> dict[str, str]:
    """Return what each field is called."""
    return {
        "title": _("Titel"),
        "kind": _("Soort versie"),
        "change_note": _("Wat is er anders dan in de vorige versie"),
        "rules": _("Cao-tekst"),
        "group": _("Voor wie"),
        "max_participants": _("Hooguit tegelijk"),
        "selection": _("Hoe wordt gekozen wie meedoet"),
        "is_voluntary": _("Vrijwillig"),
        "valid_from": _("Eerste dag"),
        "valid_until": _("Laatste dag (t/m)"),
        "direction": _("Richting"),
        "direction_note": _("Wie gaat erop vooruit, wie achteruit"),
        "subgroups": _("Groepen voor wie het anders uitpakt"),
        "shifts": _("Wat verschuift naar anderen"),
        "guarantee": _("Garantie"),
        "fallback_person": _("Als één persoon stopt"),
        "fallback_all": _("Als de afwijking eindigt"),
        "legal": _("Wettelijke toets"),
        "legal_note": _("Toelichting op de toets"),
        "equal_treatment": _("Gelijke behandeling"),
        "consent": _("Instemming van de OR"),
        "consent_ground": _("Grond voor de instemming"),
        "consent_reason": _("Waarom wel of niet"),
        "basis": _("Grondslag"),
        "basis_reason": _("Waarom deze grondslag past"),
        "duties": _("Wie moet akkoord zijn"),
        "parties_reason": _("Waarom andere partijen"),
        "respond_by": _("Reageren uiterlijk"),
        "conditions": _("Voorwaarden"),
        "evaluate_by": _("Evaluatie klaar"),
        "reporting": _("Wie hoort hoe het gaat"),
        "annexes_shown_to": _("Wie leest de bijlagen"),
        "employer_ends_at_once": _("Stoppen door de werkgever"),
    }


def in_rows() -> dict[str, str]:
    """Return what each field of a row is called."""
    return {
        "text": _("wat er geldt"),
        "group": _("welke groep"),
        "direction": _("richting"),
        "note": _("waarom"),
        "kind": _("soort"),
        "due_on": _("dag"),
        "owner": _("wie"),
        "every_months": _("om de hoeveel maanden"),
    }


def usual(stored: Mapping[str, str]) -> dict[str, str]:
    """Return what holds for choices that nobody made yet."""
    holds = {"annexes_shown_to": ShownTo.EVERYONE.value, "employer_ends_at_once": YES}
    return {name: value for name, value in holds.items() if not stored.get(name)}


def name_of(name: str, fields: Mapping[str, Any]) -> str:
    """Return what a field of the form is called, with the row in which it stands."""
    kind, _dash, rest = name.partition("-")
    if not rest:
        return names().get(name, name)
    number, _dash, field = rest.partition("-")
    if kind == "duties":
        party = session().get(Party, int(number))
        return party.name if party is not None else names()["duties"]
    row = _row_name(kind, number, fields)
    return f"{row}: {in_rows().get(field, field)}" if field else row


def _row_name(kind: str, number: str, fields: Mapping[str, Any]) -> str:
    row = fields.get(kind, {}).get(number, {})
    if kind == "rules":
        return cited(row.get("article_number", ""), row.get("paragraph", ""))
    there = [each for each, _row in list_rows(fields, kind)]
    place = there.index(int(number)) + 1 if int(number) in there else 0
    return _("Voorwaarde %(n)s", n=place) if kind == "conditions" else _("Groep %(n)s", n=place)


def in_words(name: str, value: str) -> str:
    """Return what is stored in a field as a reader would say it."""
    last = name.rpartition("-")[2] if "-" in name else name
    field = "duties" if name.startswith("duties-") else "condition_kind" if name.endswith("-kind") else last
    return dict(choices().get(field, [])).get(value, value)


def choices() -> dict[str, Choices]:
    """Return what can be chosen in each field, in words."""
    return {
        "is_voluntary": [(YES, _("Ja, iedereen kiest zelf")), (NO, _("Nee"))],
        "direction": [(each.value, labels.direction(each)[2]) for each in Direction],
        "consent": [(each.value, labels.consent(each)) for each in Consent],
        "basis": [(each.value, labels.basis(each)) for each in Basis],
        "duties": [
            ("", _("Zoals de grondslag zegt")),
            (Duty.REQUIRED.value, _("Moet akkoord zijn")),
            (Duty.INFORMED.value, _("Alleen informeren")),
        ],
        "condition_kind": [(each.value, labels.condition_kind(each)) for each in ConditionKind],
        "annexes_shown_to": [(each.value, labels.shown_to(each)) for each in ShownTo],
        "employer_ends_at_once": [
            (YES, _("De werkgever mag meteen stoppen; garanties blijven")),
            (NO, _("Ook de werkgever moet opzeggen")),
        ],
        "kind": [(each.value, labels.version_kind(each)) for each in (VersionKind.AMENDMENT, VersionKind.EXTENSION)],
        "outcome": [(each.value, labels.legal(each)[2]) for each in LegalOutcome],
    }


def basis_meanings() -> dict[str, str]:
    """Return when each legal basis fits, and whose yes it takes."""
    return {
        Basis.WITHIN_ROOM.value: _(
            "Het artikel zegt zelf dat het anders kan. Niemand hoeft ja te zeggen; iedereen hoort het."
        ),
        Basis.FAVOUR.value: _(
            "Van een minimumbepaling mag je naar boven afwijken, als alles voor elke deelnemer beter of gelijk is. "
            "De bonden horen het en kunnen de richting betwisten."
        ),
        Basis.EXPERIMENT.value: _(
            "De cao staat proeven toe. Werkgever en alle bonden die de cao tekenden zeggen ja."
        ),
        Basis.DISPENSATION.value: _("De cao-partijen maken voor deze groep een uitzondering."),
        Basis.ADDENDUM.value: _(
            "De cao-tekst zelf verandert. Alle cao-partijen zeggen ja, en het begint pas een dag na de kennisgeving "
            "van het ministerie (art. 4 Wet op de loonvorming)."
        ),
        Basis.DELEGATED.value: _("De cao laat dit onderwerp aan werkgever en OR. Die zeggen allebei ja."),
    }
