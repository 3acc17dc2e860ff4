"""The forms of the acts: what each will do, by which rule, whose hand it takes, and what has to be said.

A table for people, as `machine.TABLE` is one for the machine. What must stay true: every act says before the button
what follows from it, and names the rule; whoever may not do it reads who may.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from proeftuin import i18n
from proeftuin.deviations import labels
from proeftuin.deviations.vocabulary import ActKind, Severity
from proeftuin.errors import Invalid
from proeftuin.i18n import _

SLUGS = (
    "opschorten",
    "hervatten",
    "bezwaar",
    "beeindigen",
    "terugnemen",
    "afwijzen",
    "intrekken",
    "szw",
    "mededeling",
    "herbevestigen",
    "terugval",
    "zonder",
    "melding",
    "afsluiten",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that is asked. `sort` is "long", "line", "day", "check" or "choice"."""

    name: str
    label: str
    hint: str = ""
    sort: str = "long"
    options: tuple[tuple[str, str], ...] = ()
    initial: str = ""


@dataclass(frozen=True, slots=True)
class ActForm:
    """One act: its title and button, what will happen, the rule with its source, and whose hand it takes."""

    title: str
    button: str
    what: str
    rule: str
    hand: str
    done: str
    asked: tuple[Asked, ...]
    for_party: bool = False


def get_form(slug: str) -> ActForm:
    """Return the form of an act in the reader's language."""
    return _forms(i18n.language())[slug]


def _reason(label: str, hint: str = "") -> Asked:
    return Asked("reason", label, hint)


def _day(label: str, hint: str, initial: str = "today") -> Asked:
    return Asked("on", label, hint, "day", initial=initial)


@cache
def _forms(language: str) -> Mapping[str, ActForm]:
    with i18n.speaking(language):
        return {**_stopping(), **_proposing(), **_recording(), **_afterwards()}


def _stopping() -> dict[str, ActForm]:
    why = _("Waarom?")
    readable = _("Iedereen kan dit lezen.")
    later = _("Vandaag, of een dag die nog komt.")
    return {
        "opschorten": ActForm(
            _("Opschorten"),
            _("Schort op"),
            _("Vanaf die dag geldt voor deelnemers de cao weer. De einddatum loopt door. Alle partijen horen het."),
            _("regel D8: OR, werkgever en elke bond die de cao tekende"),
            _("Opschorten kan alleen wie mag tekenen voor de OR, de werkgever of een bond die de cao tekende."),
            _("De afwijking is opgeschort. Alle partijen horen het."),
            (_reason(why, readable), _day(_("Vanaf welke dag?"), later)),
            for_party=True,
        ),
        "hervatten": ActForm(
            _("Hervatten"),
            _("Hervat"),
            _("Vanaf vandaag geldt de afwijking weer. Andere partijen kunnen vijf dagen bezwaar maken."),
            _("regel D9: alleen de partij die opschortte"),
            _("Hervatten kan alleen wie mag tekenen voor de partij die opschortte."),
            _("De afwijking geldt weer. Andere partijen kunnen vijf dagen bezwaar maken."),
            (_reason(_("Wat is er veranderd sinds het opschorten?"), readable),),
            for_party=True,
        ),
        "bezwaar": ActForm(
            _("Bezwaar maken tegen het hervatten"),
            _("Maak bezwaar"),
            _("De afwijking is meteen weer opgeschort, nu door jullie partij."),
            _("regel D9: binnen vijf dagen na het hervatten, door een andere partij"),
            _("Bezwaar maken kan wie mag tekenen voor een andere partij dan die hervatte."),
            _("Het bezwaar staat vast. De afwijking is weer opgeschort."),
            (_reason(why, readable),),
            for_party=True,
        ),
        "beeindigen": ActForm(
            _("Beëindigen"),
            _("Beëindig"),
            _(
                "Vanaf die dag geldt de cao weer. Garanties blijven verschuldigd, en de trekker geeft binnen vijf "
                "werkdagen een terugvalverklaring. Dit kun je niet ongedaan maken."
            ),
            _("regel D10: de werkgever, tenzij de tekst anders zegt; een andere partij zegt op"),
            _("Direct beëindigen kan alleen wie mag tekenen voor de werkgever. Een andere partij kan opzeggen."),
            _("De afwijking is beëindigd. De cao geldt weer."),
            (
                _reason(why, readable),
                _day(_("Vanaf welke dag geldt de cao weer?"), later),
            ),
            for_party=True,
        ),
    }


def _proposing() -> dict[str, ActForm]:
    proposer = _("Dit doet de indiener: de trekker van de proeftuin, of HR.")
    why, readable = _("Waarom?"), _("Iedereen kan dit lezen.")
    return {
        "terugnemen": ActForm(
            _("Terugnemen"),
            _("Neem terug"),
            _("De versie ligt niet meer voor. De standpunten blijven zichtbaar; een volgende versie begint leeg."),
            _("regel D2: de indiener"),
            proposer,
            _("De versie is teruggenomen. Je kunt een volgende versie voorbereiden."),
            (_reason(why, readable),),
        ),
        "afwijzen": ActForm(
            _("Vaststellen dat het niet doorgaat"),
            _("Stel vast"),
            _("De versie is afgewezen. De redenen blijven te vinden, ook voor wie later hetzelfde wil."),
            _("regel D4: de indiener, of de tijd als zestig dagen na een weigering niets bewoog"),
            proposer,
            _("Vastgelegd: de versie is afgewezen."),
            (_reason(why, readable),),
        ),
        "intrekken": ActForm(
            _("Intrekken"),
            _("Trek in"),
            _("Er komt geen afwijking, of geen nieuwe versie. Wat van kracht is, blijft van kracht."),
            _("regel D5: de indiener"),
            proposer,
            _("De versie is ingetrokken."),
            (_reason(why, readable),),
        ),
    }


def _recording() -> dict[str, ActForm]:
    past = _("Vandaag, of een dag die al is geweest.")
    kinds = (
        (ActKind.NOTIFIED.value, _("Aangemeld bij SZW")),
        (ActKind.RECEIPT.value, _("SZW bevestigde de ontvangst")),
    )
    return {
        "szw": ActForm(
            _("Aanmelding bij SZW vastleggen"),
            _("Leg vast"),
            _("De afwijking gaat op zijn vroegst in op de dag na de kennisgeving van ontvangst."),
            _("art. 4 Wet op de loonvorming"),
            _("Dit legt de cao-secretaris of HR vast."),
            _("Vastgelegd."),
            (
                Asked("kind", _("Wat is er gebeurd?"), sort="choice", options=kinds, initial=kinds[0][0]),
                _day(_("Op welke dag?"), past),
                _reason(_("Kenmerk of opmerking"), _("Mag leeg blijven.")),
            ),
        ),
        "mededeling": ActForm(
            _("Besluit gemeld aan de OR"),
            _("Leg vast"),
            _("Vanaf deze dag heeft de OR een maand om de nietigheid in te roepen. De OR ziet de termijn aftellen."),
            _("art. 27 lid 5 WOR: schriftelijk, met het besluit en de ingangsdatum"),
            _("Dit legt HR vast, of wie mag tekenen voor de werkgever."),
            _("Vastgelegd. De termijn voor de OR loopt."),
            (
                _reason(_("Wat is er schriftelijk gemeld?"), _("Het besluit en de dag waarop het ingaat.")),
                _day(_("Op welke dag?"), past),
            ),
        ),
        "herbevestigen": ActForm(
            _("Herbevestigen"),
            _("Herbevestig"),
            _(
                "Jullie akkoord blijft gelden bij de nieuwe tekst van de cao. Doen niet alle partijen dat op tijd, "
                "dan vervalt de afwijking."
            ),
            _("regel D11: herbevestigen binnen de termijn van de cao"),
            _("Herbevestigen kan wie mag tekenen voor een partij die nog niet herbevestigde."),
            _("Herbevestigd."),
            (
                Asked("reason", _("Opmerking"), _("Mag leeg blijven. Iedereen kan dit lezen.")),
                _day(_("Op welke dag besloten?"), past),
            ),
            for_party=True,
        ),
        "melding": ActForm(
            _("Iets melden"),
            _("Meld"),
            _(
                "Je melding gaat naar de OR en de bonden. Alleen zij en de cao-secretaris lezen de tekst en zien de "
                "soort; andere lezers zien dat er een melding is en hoe ernstig."
            ),
            _("de OR let op de naleving (art. 28 WOR)"),
            _("Iedereen die is ingelogd kan iets melden."),
            _("Je melding is bij de OR en de bonden."),
            (
                Asked(
                    "severity",
                    _("Hoe ernstig is het?"),
                    sort="choice",
                    options=tuple((each.value, labels.severity(each)[2]) for each in Severity),
                    initial=Severity.LOW.value,
                ),
                Asked(
                    "about",
                    _("Waarover gaat het?"),
                    _("Bijvoorbeeld: sfeer, uitbetaling, druk om mee te doen."),
                    "line",
                ),
                Asked("text", _("Wat is er gebeurd?"), _("Noem geen namen als dat niet nodig is.")),
                _day(_("Op welke dag?"), past),
            ),
        ),
    }


def _afterwards() -> dict[str, ActForm]:
    lead = _("Dit doet de trekker van de proeftuin.")
    return {
        "terugval": ActForm(
            _("Terugvalverklaring"),
            _("Leg vast"),
            _("Dit staat voortaan op de kaart. Een volledige verklaring is nodig om de afwijking af te sluiten."),
            _("binnen vijf werkdagen na het einde (4.1, punt 3)"),
            lead,
            _("De terugvalverklaring staat vast."),
            (
                Asked("back_on", _("Vanaf welke dag volgt iedereen de cao weer?"), sort="day"),
                Asked("restored", _("Wat is er hersteld?")),
                Asked(
                    "still_open", _("Welke garanties of kosten staan nog open?"), _("Leeg als er niets openstaat.")
                ),
                Asked("is_complete", _("De verklaring is volledig."), sort="check"),
                _reason(_("Opmerking"), _("Mag leeg blijven.")),
            ),
        ),
        "zonder": ActForm(
            _("Verder zonder de afgeweken regels"),
            _("Leg vast"),
            _("De proeftuin gaat verder met de gewone cao. Dat staat op de kaart; elke partij kan bezwaar maken."),
            _("als maar een deel van de proeftuin de afwijking nodig had (4.1, punt 4)"),
            lead,
            _("Vastgelegd."),
            (_reason(_("Wat gaat door, en waarom kan dat zonder de afwijking?"), _("Iedereen kan dit lezen.")),),
        ),
        "afsluiten": ActForm(
            _("Afsluiten"),
            _("Sluit af"),
            _("De afwijking gaat naar de afgesloten zaken. Alles blijft te lezen."),
            _("regel D13: de terugvalverklaring is volledig en de proeftuin is geëvalueerd"),
            _("Afsluiten kan de cao-secretaris, of wie mag tekenen voor de OR."),
            _("De afwijking is afgesloten."),
            (_reason(_("Opmerking"), _("Mag leeg blijven.")),),
        ),
    }


def read_day(given: str) -> date | None:
    """Return the day that was typed, or None when nothing was.

    :raises ValueError: when it cannot be read, with a sentence.
    """
    if not given.strip():
        return None
    try:
        day = date.fromisoformat(given.strip())
    except ValueError:
        raise ValueError(_("Deze dag kunnen we niet lezen. Schrijf hem als 2027-02-01.")) from None
    if not 2000 <= day.year <= 2100:
        raise ValueError(_("Kies een dag tussen 2000 en 2100."))
    return day


@dataclass(frozen=True, slots=True)
class Posted:
    """A form of an act as it was sent."""

    given: Mapping[str, str]

    def text(self, name: str) -> str:
        """Return what was typed, without blanks around it."""
        return self.given.get(name, "").replace("\r\n", "\n").strip()

    def day(self, name: str) -> date | None:
        """Return the day that was chosen, or None.

        :raises Invalid: when it cannot be read.
        """
        try:
            return read_day(self.given.get(name, ""))
        except ValueError as error:
            raise Invalid({name: str(error)}) from error

    def needed_day(self, name: str) -> date:
        """Return the day that was chosen.

        :raises Invalid: when none was, or it cannot be read.
        """
        day = self.day(name)
        if day is None:
            raise Invalid({name: _("Kies een dag.")})
        return day

    def number(self, name: str) -> int:
        """Return a number that the form carries; 0 when it was tampered with."""
        raw = self.given.get(name, "")
        return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 9 else 0

    def is_ticked(self, name: str) -> bool:
        return self.given.get(name) == "1"
