"""Every field of a frozen version in words, in the order of the dossier (3.4): to read it whole, and to compare two.

What must stay true: no field is left out; a field is the same text as long as its value is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from proeftuin import i18n
from proeftuin.deviations import labels
from proeftuin.deviations.models import Condition, Rule, Version
from proeftuin.deviations.showing.folder import Folder
from proeftuin.deviations.vocabulary import Direction, Duty
from proeftuin.i18n import _


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in the address of the page, its label and its text. `is_words` marks what people wrote."""

    key: str
    label: str
    text: str
    is_words: bool = True


@dataclass(frozen=True, slots=True)
class Pair:
    """A paragraph in two versions; a side is None where the version leaves the cao as it is."""

    old: Rule | None
    new: Rule | None

    @property
    def place(self) -> tuple[str, str]:
        """Return number and paragraph as the newer of the two has them."""
        rule = self.new or self.old
        assert rule is not None, "a pair has a side"
        return rule.article_number, rule.paragraph


def fields(folder: Folder, version: Version) -> list[Field]:
    """Return every field of a version but its rules."""
    return [
        Field("titel", _("Titel"), version.title),
        Field("soort", _("Soort versie"), labels.version_kind(version.kind), is_words=False),
        Field("toelichting", _("Wat er anders is dan in de versie hiervoor"), version.change_note),
        *_people(version),
        Field("van", _("Van"), _day(version.valid_from), is_words=False),
        Field("tm", _("Tot en met"), _day(version.valid_until), is_words=False),
        *_effect(version),
        *_law(folder, version),
        *_agreement(folder, version),
        Field("voorwaarden", _("Voorwaarden"), "\n".join(_conditions(folder, version))),
        Field("evaluatie", _("Evaluatie uiterlijk"), _day(version.evaluate_by), is_words=False),
        Field("rapportage", _("Wie hoort wanneer hoe het gaat"), version.reporting),
        Field("bijlagen", _("Wie de bijlagen leest"), labels.shown_to(version.annexes_shown_to), is_words=False),
        Field("direct", _("De werkgever kan direct stoppen"), _yes(version.employer_ends_at_once), is_words=False),
    ]


def _people(version: Version) -> list[Field]:
    return [
        Field("groep", _("Voor wie"), version.group),
        Field("aantal", _("Hooguit tegelijk"), str(version.max_participants), is_words=False),
        Field("selectie", _("Hoe wordt bepaald wie mee kan doen"), version.selection),
        Field("vrijwillig", _("Meedoen is vrijwillig"), _yes(version.is_voluntary), is_words=False),
    ]


def _effect(version: Version) -> list[Field]:
    subgroups = []
    for each in version.subgroups:
        direction = labels.direction(Direction(each["direction"]) if each.get("direction") else None)[2]
        subgroups.append(f"{each.get('group', '')}: {direction}. {each.get('note', '')}".strip())
    return [
        Field("richting", _("Richting volgens de indiener"), labels.direction(version.direction)[2], is_words=False),
        Field("richting-uitleg", _("Uitleg bij de richting"), version.direction_note),
        Field("groepen", _("Richting per groep"), "\n".join(subgroups)),
        Field("verschuift", _("Wat verschuift naar collega’s die niet meedoen"), version.shifts),
        Field("garantie", _("Garantie"), version.guarantee),
        Field("terugval-een", _("Als één persoon stopt"), version.fallback_person),
        Field("terugval-allen", _("Als iedereen stopt"), version.fallback_all),
    ]


def _law(folder: Folder, version: Version) -> list[Field]:
    outcome = labels.legal(version.legal_outcome)[2]
    by = f"{folder.people[version.legal_by_id]}, {_day(version.legal_on)}"
    return [
        Field("wettelijke-toets", _("Wettelijke toets"), f"{outcome}. {by}", is_words=False),
        Field("bepalingen", _("Bepalingen"), ", ".join(version.legal_references)),
        Field("toets-uitleg", _("Toelichting bij de toets"), version.legal_note),
        Field("gelijke-behandeling", _("Gelijke behandeling"), version.equal_treatment),
    ]


def _agreement(folder: Folder, version: Version) -> list[Field]:
    asked = folder.asked.get(version.id, ())
    required = sorted(folder.name_of(each.party_id) for each in asked if each.duty is Duty.REQUIRED)
    informed = sorted(folder.name_of(each.party_id) for each in asked if each.duty is Duty.INFORMED)
    return [
        Field("grondslag", _("Grondslag"), labels.basis(version.basis), is_words=False),
        Field("grondslag-uitleg", _("Uitleg bij de grondslag"), version.basis_reason),
        Field("instemming", _("Instemming van de OR (art. 27 WOR)"), labels.consent(version.consent), is_words=False),
        Field("instemming-grond", _("Grond voor instemming"), version.consent_ground),
        Field("instemming-reden", _("Reden daarbij"), version.consent_reason),
        Field("gevraagd", _("Van wie een akkoord nodig is"), ", ".join(required)),
        Field("geinformeerd", _("Wie is geïnformeerd"), ", ".join(informed)),
        Field("partijen-reden", _("Waarom deze partijen"), version.parties_reason),
        Field("reactie", _("Reactie gevraagd uiterlijk"), _day(version.respond_by), is_words=False),
    ]


def _conditions(folder: Folder, version: Version) -> list[str]:
    return [_condition(folder, each) for each in folder.conditions.get(version.id, ())]


def _condition(folder: Folder, condition: Condition) -> str:
    words = {"text": condition.text, "owner": folder.people[condition.owner_id], "day": _day(condition.due_on)}
    line = _("%(text)s (%(owner)s, uiterlijk %(day)s", **words)
    if condition.every_months:
        line += _("; daarna elke %(n)s maanden", n=condition.every_months)
    return f"{line}; {labels.condition_kind(condition.kind)})"


def pairs(folder: Folder, old: Version, new: Version) -> list[Pair]:
    """Return the paragraphs that either version sets aside, beside each other."""
    was, now = ({(rule.article_key, rule.paragraph): rule for rule in folder.rules.get(v.id, ())} for v in (old, new))
    places = [*now, *(place for place in was if place not in now)]
    return [Pair(was.get(place), now.get(place)) for place in places]


def _day(day: date | None) -> str:
    if day is None:
        return ""
    return day.strftime("%d-%m-%Y") if i18n.language() == "nl" else day.isoformat()


def _yes(value: bool) -> str:
    return _("ja") if value else _("nee")
