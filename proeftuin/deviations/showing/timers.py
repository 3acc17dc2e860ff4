"""Terms that run for a deviation: the statutory ones worth a countdown (domain dossier 5.3) and those of the machine.

Pure over a folder. What must stay true: a term names the rule that sets it, and the parties whom it concerns; one
that is over is not shown, unless it is over without what was due.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import PartyKind, Role
from proeftuin.deviations.days import DAY, months_later, nullity_through
from proeftuin.deviations.parties import NOTIFIED_TO_MINISTRY
from proeftuin.deviations.showing.folder import Folder
from proeftuin.deviations.states.course import GOVERNS
from proeftuin.deviations.states.walk import OBJECTION
from proeftuin.deviations.vocabulary import ActKind, PositionStatus, State
from proeftuin.i18n import _

COUNCIL_AND_EMPLOYER = frozenset({PartyKind.WORKS_COUNCIL, PartyKind.EMPLOYER})
EVERY_PARTY = frozenset(PartyKind)


@dataclass(frozen=True, slots=True)
class Timer:
    """A term: through which day, what it is about, by which rule, and whom it concerns. `instead` stands where
    otherwise is told how much of the term is left: something was done in time, and is not enough."""

    through: date
    text: str
    source: str
    concerns: frozenset[PartyKind] = EVERY_PARTY
    concerns_lead: bool = False
    instead: str = ""


def running(folder: Folder) -> list[Timer]:
    """Return the terms that run on the day of the folder, the one that ends first first."""
    found = [*_answers(folder), *_nullity(folder), *_advice(folder), *_ministry(folder), *_after_start(folder)]
    found += [*_renewals(folder), *_fallback(folder)]
    return sorted(found, key=lambda timer: timer.through)


def kinds_of(actor: Actor) -> frozenset[PartyKind]:
    """Return the kinds of parties for which someone acts, watches or works."""
    held = {
        PartyKind.WORKS_COUNCIL: actor.has(Role.WORKS_COUNCIL, Role.CAO_SECRETARY),
        PartyKind.UNION: actor.has(Role.UNION_OFFICER, Role.CAO_SECRETARY),
        PartyKind.EMPLOYER: actor.has(Role.EXECUTIVE, Role.HR, Role.CAO_SECRETARY),
    }
    return frozenset(mandate.kind for mandate in actor.mandates) | {kind for kind, holds in held.items() if holds}


def for_reader(timers: list[Timer], kinds: frozenset[PartyKind], *, is_lead: bool) -> list[Timer]:
    """Return the terms that concern someone who acts for parties of these kinds, or leads the pilot."""
    return [timer for timer in timers if timer.concerns & kinds or (timer.concerns_lead and is_lead)]


def _answers(folder: Folder) -> Iterator[Timer]:
    track = folder.course.waiting
    if track is not None and track.state is State.SUBMITTED and track.open_parties:
        names = ", ".join(sorted(folder.name_of(party) for party in track.open_parties))
        text = _("Reactie op versie %(n)s, nog open: %(names)s", n=track.facts.number, names=names)
        yield Timer(track.facts.respond_by, text, _("reactietermijn; zwijgen is geen akkoord"), concerns_lead=True)


def _nullity(folder: Folder) -> Iterator[Timer]:
    told = [act.on for act in folder.acts if act.kind is ActKind.DECISION_TOLD]
    if told and nullity_through(told[-1]) >= folder.day:
        text = _("De OR kan nog nietigheid inroepen")
        yield Timer(nullity_through(told[-1]), text, _("art. 27 lid 5 WOR"), COUNCIL_AND_EMPLOYER)


def _advice(folder: Folder) -> Iterator[Timer]:
    negative = [p.decided_on for p in folder.positions if p.status is PositionStatus.ADVICE_NEGATIVE]
    if negative and months_later(negative[-1], 1) >= folder.day:
        text = _("Negatief advies van de OR: de uitvoering van een afwijkend besluit wacht een maand")
        yield Timer(months_later(negative[-1], 1), text, _("art. 25 lid 6 WOR"), COUNCIL_AND_EMPLOYER, True)


def _ministry(folder: Folder) -> Iterator[Timer]:
    track = folder.course.waiting
    if track is None or folder.versions[track.facts.number].basis not in NOTIFIED_TO_MINISTRY:
        return
    receipt = folder.course.receipt_on
    if receipt is None:
        text = _("SZW moet de ontvangst nog bevestigen; op zijn vroegst de dag daarna gaat de afwijking in")
        yield Timer(track.facts.valid_from, text, _("art. 4 Wet op de loonvorming"), concerns_lead=True)
    elif receipt + DAY > folder.day:
        text = _("Na de kennisgeving van SZW kan de afwijking ingaan")
        yield Timer(receipt + DAY, text, _("art. 4 Wet op de loonvorming"), concerns_lead=True)


def _after_start(folder: Folder) -> Iterator[Timer]:
    track = folder.course.governing
    if track is None or track.state not in GOVERNS:
        return
    if track.notice_on is not None:
        text = _("Opgezegd door %(party)s: laatste dag waarop het geldt", party=folder.name_of(track.notice_by))
        yield Timer(track.notice_on - DAY, text, _("opzegtermijn van de cao"), concerns_lead=True)
    resumed = track.resumed_on
    if track.state is State.IN_FORCE and resumed is not None and folder.day <= resumed + OBJECTION:
        text = _("Bezwaar mogelijk tegen het hervatten door %(party)s", party=folder.name_of(track.resumed_by))
        yield Timer(resumed + OBJECTION, text, _("regel D9"), concerns_lead=True)
    for act in folder.announced:
        if act.kind in (ActKind.SUSPENDED, ActKind.ENDED):
            what = _("Aangekondigd: opschorten") if act.kind is ActKind.SUSPENDED else _("Aangekondigd: beëindigen")
            text = f"{what} ({folder.name_of(act.party_id)})"
            yield Timer(act.on - timedelta(days=1), text, _("laatste dag daarvoor"), concerns_lead=True)


def _renewals(folder: Folder) -> Iterator[Timer]:
    for renewal in folder.course.open_renewals:
        done = folder.course.governing.reconfirmed.get(renewal.since, set()) if folder.course.governing else set()
        names = ", ".join(sorted(folder.name_of(party) for party in renewal.parties - done))
        places = ", ".join(renewal.paragraphs)
        text = _("Herbevestigen na de nieuwe cao: %(places)s, nog open: %(names)s", places=places, names=names)
        yield Timer(renewal.due_on, text, _("anders vervalt de afwijking (D11)"), concerns_lead=True)


def _fallback(folder: Folder) -> Iterator[Timer]:
    due, said = folder.course.fallback_due, folder.course.fallback
    if due is None or folder.course.is_closed or (said is not None and said.is_complete):
        return
    source = _("vijf werkdagen na het einde")
    if said is None:
        yield Timer(due, _("Terugvalverklaring van de trekker"), source, concerns_lead=True)
    else:
        text = _("Terugvalverklaring van de trekker: %(missing)s", missing=_missing(folder))
        yield Timer(due, text, source, concerns_lead=True, instead=_("onvolledig"))


def _missing(folder: Folder) -> str:
    """Return in words what keeps the last fallback statement from being complete."""
    data = [act.data for act in folder.acts if act.kind is ActKind.FALLBACK][-1]
    missing = [] if data.get("back_on") else [_("er staat niet in vanaf welke dag iedereen de cao weer volgt")]
    if data.get("open"):
        missing.append(_("nog te regelen is “%(what)s”", what=data["open"]))
    return "; ".join(missing) or _("de trekker zei nog niet dat alles is geregeld")
