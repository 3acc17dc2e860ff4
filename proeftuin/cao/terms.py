"""What belongs to a version besides its text: its name, its term, and what was agreed about deviations.

Typed as words (in a form, or in a file), checked here, and used as values. What must stay true: days are inclusive; a
version lasts five years at most (art. 18 Wet CAO); a correction has a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from proeftuin.cao.structure import Character
from proeftuin.errors import Invalid
from proeftuin.i18n import _
from proeftuin.naming import clean_line

MOST_YEARS = 5
NAMES = (
    "name",
    "kind",
    "label",
    "valid_from",
    "valid_until",
    "notified_on",
    "confirmed_on",
    "default_character",
    "decision_rule",
    "max_deviation_months",
    "notice_days",
    "reconfirm_days",
    "ends_with_cao",
    "silent_agreement",
    "is_retroactive",
    "corrects",
    "correction_reason",
)
USUAL = {
    "default_character": Character.MINIMUM.value,
    "decision_rule": "alle cao-partijen, zelfde tekst",
    "max_deviation_months": "18",
    "notice_days": "30",
    "reconfirm_days": "150",
}
"""What is filled in when neither the text nor the version before says it."""
_NUMBERS = ("max_deviation_months", "notice_days", "reconfirm_days")
_BOXES = ("ends_with_cao", "silent_agreement", "is_retroactive")
_YES = frozenset({"1", "true", "ja", "yes"})
_LONGEST = {"name": 160, "kind": 60, "label": 60, "decision_rule": 200, "correction_reason": 500}


@dataclass(frozen=True, slots=True)
class Terms:
    """Checked values. `corrects` is the number of the version that this one corrects."""

    name: str
    label: str
    valid_from: date
    valid_until: date
    kind: str = ""
    notified_on: date | None = None
    confirmed_on: date | None = None
    default_character: Character = Character.MINIMUM
    decision_rule: str = USUAL["decision_rule"]
    max_deviation_months: int = 18
    notice_days: int = 30
    reconfirm_days: int = 150
    ends_with_cao: bool = False
    silent_agreement: bool = False
    is_retroactive: bool = False
    corrects: int | None = None
    correction_reason: str = ""

    @classmethod
    def parse(cls, typed: Mapping[str, Any]) -> Terms:
        """Read what was typed.

        :raises Invalid: with a sentence for every field that is wrong.
        """
        return _Typed(typed).terms()


@dataclass
class _Typed:
    """Reads words one by one and gathers what is wrong with them."""

    typed: Mapping[str, Any]
    errors: dict[str, str] = field(default_factory=dict)

    def terms(self) -> Terms:
        name, label = self.word("name", needed=True), self.word("label", needed=True)
        first, last = self.day("valid_from", needed=True), self.day("valid_until", needed=True)
        notified, confirmed = self.day("notified_on"), self.day("confirmed_on")
        corrects = self.number("corrects", None)
        reason = self.word("correction_reason")
        character = self.raw("default_character") or Character.MINIMUM.value
        numbers = {each: self.number(each, int(USUAL[each])) for each in _NUMBERS}
        wrong_order = _("De kennisgeving van ontvangst komt na de aanmelding.")
        self._see_term(first, last)
        self.see("confirmed_on", not (notified and confirmed and confirmed < notified), wrong_order)
        self.see("default_character", character in set(Character), _("Kies minimum of standaard."))
        self.see("correction_reason", corrects is None or bool(reason), _("Zeg waarom de tekst wordt verbeterd."))
        if self.errors or first is None or last is None:
            raise Invalid(self.errors)
        return Terms(
            name=name,
            label=label,
            valid_from=first,
            valid_until=last,
            kind=self.word("kind"),
            notified_on=notified,
            confirmed_on=confirmed,
            default_character=Character(character),
            decision_rule=self.word("decision_rule") or USUAL["decision_rule"],
            max_deviation_months=numbers["max_deviation_months"] or 0,
            notice_days=numbers["notice_days"] or 0,
            reconfirm_days=numbers["reconfirm_days"] or 0,
            **{each: self.raw(each).casefold() in _YES for each in _BOXES},
            corrects=corrects,
            correction_reason=reason if corrects is not None else "",
        )

    def _see_term(self, first: date | None, last: date | None) -> None:
        if first is None or last is None:
            return
        self.see("valid_until", first <= last, _("De laatste dag (t/m) ligt voor de eerste dag."))
        longest = _years_later(first, MOST_YEARS)
        sentence = _("Een cao duurt hooguit %(n)s jaar (Wet CAO, artikel 18).", n=MOST_YEARS)
        self.see("valid_until", last < longest, sentence)

    def see(self, name: str, right: bool, sentence: str) -> None:
        if not right:
            self.errors.setdefault(name, sentence)

    def raw(self, name: str) -> str:
        return str(self.typed.get(name) or "").strip()

    def word(self, name: str, *, needed: bool = False) -> str:
        text = clean_line(self.raw(name))
        self.see(name, bool(text) or not needed, _("Vul dit in."))
        self.see(name, len(text) <= _LONGEST[name], _("Dit is te lang: hooguit %(n)s tekens.", n=_LONGEST[name]))
        return text

    def day(self, name: str, *, needed: bool = False) -> date | None:
        raw = self.raw(name)
        if not raw:
            self.see(name, not needed, _("Vul een dag in."))
            return None
        try:
            day = date.fromisoformat(raw)
        except ValueError:
            day = None
        self.see(name, day is not None and 1900 <= day.year <= 2200, _("Dat is geen dag. Typ hem als 2026-03-14."))
        return day if day is not None and 1900 <= day.year <= 2200 else None

    def number(self, name: str, usual: int | None) -> int | None:
        raw = self.raw(name)
        if not raw:
            return usual
        is_number = raw.isascii() and raw.isdigit() and len(raw) <= 5
        self.see(name, is_number, _("Vul een heel getal in."))
        return int(raw) if is_number else usual


def _years_later(day: date, years: int) -> date:
    """Return the same day some years later; for 29 February the first of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
