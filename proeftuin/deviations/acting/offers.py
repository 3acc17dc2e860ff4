"""What can be done with a deviation now: what is in the hand of this reader, and for the rest whose hand it takes.

What must stay true: this only decides which buttons are there; the services ask again. A button is there for who may
and when the state allows it, so that nobody is sent to a form that will refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Party
from proeftuin.db import session
from proeftuin.deviations import policy
from proeftuin.deviations.acting.act_forms import SLUGS, get_form
from proeftuin.deviations.acting.positions import CONTESTS, statuses_for
from proeftuin.deviations.models import Version
from proeftuin.deviations.parties import NOTIFIED_TO_MINISTRY
from proeftuin.deviations.showing.folder import Folder
from proeftuin.deviations.states.course import GOVERNS, Track
from proeftuin.deviations.states.walk import OBJECTION
from proeftuin.deviations.vocabulary import LIVE, OVER, Duty, State
from proeftuin.i18n import _
from proeftuin.pilots.policy import Standing


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to do. `hand` says whose hand it takes, for who may not."""

    label: str
    href: str
    is_main: bool = False
    hand: str = ""


@dataclass(frozen=True, slots=True)
class Offers:
    """What this reader can do, and what others can."""

    mine: Sequence[Offer] = ()
    others: Sequence[Offer] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """Who asks, and how it stands."""

    actor: Actor
    folder: Folder
    standing: Standing
    parties: Sequence[Party]

    @property
    def state(self) -> State:
        return self.folder.course.state

    @property
    def governing(self) -> Track | None:
        return self.folder.course.governing

    @property
    def waits(self) -> bool:
        """Return whether a version lies before the parties."""
        waiting = self.folder.course.waiting
        return waiting is not None and waiting.state is State.SUBMITTED

    @property
    def applies(self) -> bool:
        return self.governing is not None and self.governing.state in GOVERNS


def of(actor: Actor, folder: Folder, standing: Standing) -> Offers:
    """Return what can be done now, by this reader and by others."""
    it = Situation(actor, folder, standing, signed_parties(actor))
    mine: list[Offer] = []
    others: list[Offer] = []
    for offer, may in (*_about_positions(it), *_acts(it), _next_version(it)):
        (mine if may else others).append(offer)
    return Offers(mine, others)


def signed_parties(actor: Actor) -> Sequence[Party]:
    """Return the parties for which the actor may sign today."""
    return session().scalars(select(Party).where(Party.id.in_(policy.signs_for(actor))).order_by(Party.id)).all()


def judged(folder: Folder) -> list[Version]:
    """Return the versions of which a position can be given: the one that waits, then the one that applies."""
    tracks = [folder.course.waiting, folder.course.governing]
    numbers = [track.facts.number for track in tracks if track is not None and track.state in LIVE]
    return [folder.versions[number] for number in dict.fromkeys(numbers)]


def is_asked(folder: Folder, version: Version, party: Party) -> bool:
    """Return whether a party has a say in a version, or may contest its direction (3.2)."""
    for asked in folder.asked.get(version.id, ()):
        if asked.party_id == party.id:
            return asked.duty is Duty.REQUIRED or (version.basis in CONTESTS and party.signs_cao)
    return False


def _about_positions(it: Situation) -> list[tuple[Offer, bool]]:
    found = []
    for position in it.folder.positions:
        if position.is_letter and position.id not in it.folder.confirmations:
            party = it.folder.name_of(position.party_id)
            offer = Offer(
                _("Brief van %(party)s bevestigen of ontkennen", party=party),
                f"{it.folder.path}/bevestigen/{position.id}",
                is_main=True,
                hand=_("Alleen wie mag tekenen voor %(party)s.", party=party),
            )
            found.append((offer, position.party_id in policy.signs_for(it.actor)))
    for version in judged(it.folder):
        track = it.folder.course.tracks[version.number]
        begun = track.state in GOVERNS
        label = _("Opzeggen") if begun else _("Standpunt over versie %(n)s vastleggen", n=version.number)
        hand = _("Een standpunt legt alleen iemand vast die voor die partij mag tekenen; ook de beheerder niet.")
        offer = Offer(label, f"{it.folder.path}/standpunt?versie={version.number}", not begun, hand)
        able = any(is_asked(it.folder, version, each) and statuses_for(each, track) for each in it.parties)
        found.append((offer, able))
    if judged(it.folder):
        hand = _("Een brief voert de cao-secretaris of HR in. Zij telt pas als de partij haar bevestigt.")
        letter = Offer(_("Brief van een partij invoeren"), f"{it.folder.path}/brief", hand=hand)
        found.append((letter, bool(letter_parties(it.actor))))
    return found


def letter_parties(actor: Actor) -> list[Party]:
    """Return the parties of which the actor may enter a letter."""
    parties = session().scalars(select(Party).where(Party.closed_on.is_(None)).order_by(Party.id))
    return [party for party in parties if policy.may_enter_letter(actor, party)]


def _acts(it: Situation) -> list[tuple[Offer, bool]]:
    found = []
    for slug in SLUGS:
        can_be, may = _RULES[slug]
        if can_be(it):
            form = get_form(slug)
            found.append((Offer(form.title, f"{it.folder.path}/{slug}", hand=form.hand), may(it)))
    return found


def is_in_hand(slug: str, actor: Actor, folder: Folder, standing: Standing) -> bool:
    """Return whether an act is in the hand of the actor, whatever the state."""
    return _RULES[slug][1](Situation(actor, folder, standing, signed_parties(actor)))


def _next_version(it: Situation) -> tuple[Offer, bool]:
    label = _("Volgende versie of verlenging voorbereiden")
    hand = _("Een volgende versie bereidt het proeftuinteam voor, of HR.")
    return Offer(label, f"{it.folder.path}/bewerken", hand=hand), policy.may_prepare(it.actor, it.standing)


def parties_for(slug: str, actor: Actor, folder: Folder) -> list[Party]:
    """Return the parties for which the actor can do an act now."""
    course, parties = folder.course, signed_parties(actor)
    track = course.governing
    match slug:
        case "opschorten":
            return [party for party in parties if policy.may_suspend(actor, party)]
        case "hervatten":
            return [party for party in parties if track is not None and party.id == track.suspended_by]
        case "bezwaar":
            able = [party for party in parties if policy.may_suspend(actor, party)]
            return [party for party in able if track is not None and party.id != track.resumed_by]
        case "beeindigen":
            return [party for party in parties if party.kind == "werkgever"]
        case "herbevestigen":
            given = track.reconfirmed if track is not None else {}
            return [
                party
                for party in parties
                if any(
                    party.id in renewal.parties - given.get(renewal.since, set()) for renewal in course.open_renewals
                )
            ]
    return []


def _may_for_party(slug: str) -> Callable[[Situation], bool]:
    return lambda it: bool(parties_for(slug, it.actor, it.folder))


def _just_resumed(it: Situation) -> bool:
    track = it.governing
    resumed = track.resumed_on if track is not None else None
    return it.state is State.IN_FORCE and resumed is not None and clock.today() <= resumed + OBJECTION


def _is_notified(it: Situation) -> bool:
    return any(version.basis in NOTIFIED_TO_MINISTRY for version in judged(it.folder))


def _proposes(it: Situation) -> bool:
    return policy.may_submit(it.actor, it.standing)


_Rule = tuple[Callable[[Situation], bool], Callable[[Situation], bool]]
_RULES: dict[str, _Rule] = {
    "opschorten": (lambda it: it.state is State.IN_FORCE, _may_for_party("opschorten")),
    "hervatten": (lambda it: it.state is State.SUSPENDED, _may_for_party("hervatten")),
    "bezwaar": (_just_resumed, _may_for_party("bezwaar")),
    "beeindigen": (lambda it: it.applies, lambda it: policy.may_end(it.actor)),
    "terugnemen": (lambda it: it.waits, _proposes),
    "afwijzen": (lambda it: it.waits, _proposes),
    "intrekken": (lambda it: it.waits, _proposes),
    "szw": (_is_notified, lambda it: policy.may_record_ministry(it.actor)),
    "mededeling": (lambda it: bool(judged(it.folder)), lambda it: policy.may_tell_decision(it.actor)),
    "herbevestigen": (lambda it: bool(it.folder.course.open_renewals), _may_for_party("herbevestigen")),
    "terugval": (
        lambda it: it.folder.course.fallback_due is not None and not it.folder.course.is_closed,
        lambda it: policy.may_state_fallback(it.actor, it.standing),
    ),
    "zonder": (
        lambda it: it.state in OVER,
        lambda it: policy.may_state_fallback(it.actor, it.standing),
    ),
    "melding": (lambda it: it.state is not State.CLOSED, lambda it: policy.may_report(it.actor)),
    "afsluiten": (lambda it: it.state in OVER, lambda it: policy.may_close(it.actor)),
}
"""For each act: whether the state allows it, and whether it is in the hand of the reader."""
