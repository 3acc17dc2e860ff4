"""Positions: what a party says of one version, in the hands of that party alone (domain dossier 3.4).

What must stay true: a position is written by who has a mandate today to sign for the party, or comes from a letter
and counts once such a person confirmed it; it belongs to one version of one text; silence is none. The database
refuses a second position of a party under the same serial, so two signatories at once cannot pass each other by.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Mandate, Party, PartyKind, Person
from proeftuin.db import savepoint, session
from proeftuin.deviations import policy
from proeftuin.deviations.acting import standing
from proeftuin.deviations.days import nullity_through
from proeftuin.deviations.models import Act, Asked, Confirmation, Deviation, Position, Version
from proeftuin.deviations.states.course import GOVERNS, WAITS, Course, Track
from proeftuin.deviations.vocabulary import (
    COUNCIL_ONLY,
    NOT_FOR_COUNCIL,
    POSITIVE,
    ActKind,
    Basis,
    Direction,
    Duty,
    PositionStatus,
    ShownTo,
)
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.events import service as events
from proeftuin.i18n import _

AFTER_START = frozenset({PositionStatus.NOTICE, PositionStatus.NULLITY})
CONTESTS = frozenset({Basis.FAVOUR, Basis.WITHIN_ROOM})
"""The bases on which a union is only informed, yet may say what it thinks of the direction (3.2)."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a position says, besides who says it."""

    status: PositionStatus
    decided_on: date
    direction: Direction | None = None
    reservation: str = ""
    remark: str = ""
    remark_shown_to: ShownTo = ShownTo.EVERYONE
    document: str = ""
    document_digest: str = ""


def statuses_for(party: Party, track: Track | None) -> list[PositionStatus]:
    """Return the positions that a party can take on a version as it stands, in the order of a form."""
    if track is None or track.state not in (*WAITS, *GOVERNS):
        return []
    council = party.kind is PartyKind.WORKS_COUNCIL
    fitting = [status for status in PositionStatus if status not in (NOT_FOR_COUNCIL if council else COUNCIL_ONLY)]
    if track.state in GOVERNS:
        return [status for status in fitting if status in AFTER_START]
    given = track.positions.get(party.id)
    may_withdraw = given is not None and given.status in POSITIVE
    return [
        status
        for status in fitting
        if status not in AFTER_START and (status is not PositionStatus.WITHDRAWN or may_withdraw)
    ]


def last_of(version: Version, party_id: int) -> Position | None:
    """Return the last position of a party on a version, one from a letter that waits included."""
    query = select(Position).where(Position.version_id == version.id, Position.party_id == party_id)
    return session().scalars(query.order_by(Position.serial.desc())).first()


def record(
    actor: Actor,
    version: Version,
    *,
    party_id: int,
    status: PositionStatus,
    base: int,
    decided_on: date | None = None,
    **more: Any,
) -> Position:
    """Record the position of a party, by its own signatory.

    :param base: the serial of the party's last position on this version that the writer saw; 0 when there was none.
    :param more: `direction reservation remark remark_shown_to document document_digest`.
    :raises NotAllowed: without a mandate of today to sign for this party.
    :raises Conflict: when the version is not the one to be judged, or somebody else signed in the meantime.
    :raises Invalid: when what is said cannot be, with the rule.
    """
    party = session().get_one(Party, party_id)
    if party_id not in policy.signs_for(actor):
        raise NotAllowed(_why_not(actor, party))
    mandate = next(each for each in actor.mandates if each.party_id == party_id and each.may_sign)
    deviation, course = _judged(version, party)
    said = Said(status, decided_on or clock.today(), **more)
    _check(version, party, course, said)
    position = _write(actor, version, party, said, base, signatory=actor.name, function=mandate.function)
    _told(actor, "position:recorded", version, party, position)
    standing.settle(deviation)
    return position


def enter_letter(
    actor: Actor,
    version: Version,
    *,
    party_id: int,
    status: PositionStatus,
    base: int,
    decided_on: date,
    signatory: str,
    function: str = "",
    **more: Any,
) -> Position:
    """Enter a position from a letter of a party. It does not count before that party confirms it.

    :raises NotAllowed: for who is neither of HR nor the secretary, and for the employer's own position.
    :raises Conflict: as `record`.
    :raises Invalid: as `record`, and without the name of who signed the letter.
    """
    party = session().get_one(Party, party_id)
    if not policy.may_enter_letter(actor, party):
        raise NotAllowed(_("Een brief van een bond of de OR voert de cao-secretaris of HR in."))
    deviation, course = _judged(version, party)
    said = Said(status, decided_on, **more)
    _check(version, party, course, said, signatory=signatory)
    position = _write(
        actor, version, party, said, base, signatory=signatory.strip(), function=function.strip(), is_letter=True
    )
    _told(actor, "position:letter", version, party, position)
    standing.settle(deviation)
    return position


def confirm(actor: Actor, position: Position, *, is_ours: bool, note: str = "") -> Confirmation:
    """Say for a party whether a position that was entered from a letter is theirs; from then on it counts, or not.

    :raises NotAllowed: without a mandate of today to sign for that party.
    :raises Conflict: when it was not entered from a letter, or was answered already.
    :raises Invalid: when it is denied without a word.
    """
    party = session().get_one(Party, position.party_id)
    if party.id not in policy.signs_for(actor):
        raise NotAllowed(_why_not(actor, party))
    if not position.is_letter or session().get(Confirmation, position.id) is not None:
        raise Conflict(_("Dit standpunt wacht niet op een bevestiging."))
    if not is_ours and not note.strip():
        raise Invalid({"note": _("Schrijf op waarom dit niet jullie standpunt is.")})
    version = session().get_one(Version, position.version_id)
    deviation, _course = _judged(version, party)
    row = Confirmation(
        position_id=position.id,
        is_ours=is_ours,
        note=note.strip(),
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )
    try:
        with savepoint():
            session().add(row)
    except IntegrityError as collision:
        raise Conflict(_("Dit standpunt is op dit moment al door iemand anders beantwoord.")) from collision
    events.record(
        actor.id,
        "position:confirmed",
        deviation.id,
        object_id=version.number,
        summary=party.name,
        party=party.id,
        status=position.status.value,
        is_ours=is_ours,
        note=row.note,
    )
    standing.settle(deviation)
    return row


def _judged(version: Version, party: Party) -> tuple[Deviation, Course]:
    """Return the deviation, up to date, when this version is the one of which a position can be given."""
    deviation = session().get_one(Deviation, version.deviation_id)
    course = standing.wake(deviation)
    judged = [track.facts.number for track in (course.waiting, course.governing) if track is not None]
    if version.number not in judged:
        raise Conflict(
            _(
                "Versie %(old)s geldt niet meer; een standpunt hoort bij één versie (regel D3). Bekijk eerst versie "
                "%(new)s.",
                old=version.number,
                new=judged[0] if judged else "–",
            ),
            way_out=f"/afwijkingen/{deviation.code}",
        )
    duty = session().get(Asked, (version.id, party.id))
    asked = duty is not None and (duty.duty is Duty.REQUIRED or (version.basis in CONTESTS and party.signs_cao))
    if not asked:
        raise NotAllowed(_("%(party)s is over deze versie geïnformeerd en heeft er geen stem in.", party=party.name))
    return deviation, course


def _check(version: Version, party: Party, course: Course, said: Said, *, signatory: str | None = None) -> None:
    problems: dict[str, str] = {}
    track = course.tracks[version.number]
    if said.status not in statuses_for(party, track):
        problems["status"] = _not_now(track, party, said.status)
    if said.decided_on > clock.today():
        problems["decided_on"] = _("Deze dag moet nog komen. Kies vandaag of een dag daarvoor.")
    elif said.decided_on < version.submitted_on:
        problems["decided_on"] = _(
            "Deze versie is voorgelegd op %(day)s. Een standpunt van daarvoor gaat over een andere tekst.",
            day=version.submitted_on.strftime("%d-%m-%Y"),
        )
    if said.status is PositionStatus.WITH_RESERVATION and not said.reservation.strip():
        problems["reservation"] = _("Schrijf op waarvan het akkoord nog afhangt.")
    if said.status is PositionStatus.NULLITY:
        problems |= _nullity_problems(course, version, said.decided_on)
    refuses = said.status in (PositionStatus.WITHDRAWN, PositionStatus.NOTICE, PositionStatus.NULLITY)
    if refuses and not said.remark.strip():
        problems["remark"] = _("Schrijf op waarom.")
    if signatory is not None and not signatory.strip():
        problems["signatory"] = _("Schrijf op wie de brief heeft ondertekend.")
    if problems:
        raise Invalid(problems)


def _not_now(track: Track, party: Party, status: PositionStatus) -> str:
    if track.state in GOVERNS and status not in AFTER_START:
        return _(
            "Deze versie is al van kracht. Een partij kan nu opzeggen of opschorten, maar haar akkoord niet meer "
            "veranderen."
        )
    if track.state not in (*WAITS, *GOVERNS):
        return _("Over deze versie wordt niet meer beslist.")
    if status in AFTER_START:
        return _("Opzeggen kan pas als de afwijking van kracht is. Trek nu het akkoord in.")
    return _("Dit standpunt past niet bij %(party)s.", party=party.name)


def _nullity_problems(course: Course, version: Version, day: date) -> dict[str, str]:
    """Return why nullity cannot be invoked on a day: later than a month after the decision was told in writing, or
    after the council noticed that it was carried out (art. 27 lid 5 WOR)."""
    told = session().scalar(
        select(Act.on)
        .where(Act.deviation_id == version.deviation_id, Act.kind == ActKind.DECISION_TOLD)
        .order_by(Act.id.desc())
        .limit(1)
    )
    if told is not None and day > nullity_through(told):
        return {
            "status": _(
                "De OR kan nietigheid inroepen tot en met een maand nadat het besluit is meegedeeld: tot en met "
                "%(day)s (art. 27 lid 5 WOR).",
                day=nullity_through(told).strftime("%d-%m-%Y"),
            )
        }
    return {}


def _write(
    actor: Actor,
    version: Version,
    party: Party,
    said: Said,
    base: int,
    *,
    signatory: str,
    function: str,
    is_letter: bool = False,
) -> Position:
    last = last_of(version, party.id)
    if (last.serial if last else 0) != base:
        raise _overtaken(version, party)
    row = Position(
        version_id=version.id,
        party_id=party.id,
        serial=base + 1,
        status=said.status,
        decided_on=said.decided_on,
        recorded_at=clock.now(),
        recorded_by_id=actor.id,
        is_letter=is_letter,
        signatory=signatory,
        function=function,
        direction=said.direction,
        reservation=said.reservation.strip(),
        remark=said.remark.strip(),
        remark_shown_to=said.remark_shown_to,
        document=said.document,
        document_digest=said.document_digest,
    )
    try:
        with savepoint():
            session().add(row)
    except IntegrityError as collision:
        raise _overtaken(version, party) from collision
    return row


def _overtaken(version: Version, party: Party) -> Conflict:
    last = last_of(version, party.id)
    who = last.signatory if last else ""
    return Conflict(
        _(
            "Namens %(party)s heeft %(who)s intussen al iets vastgelegd. Bekijk dat eerst. Per versie heeft een "
            "partij één standpunt tegelijk (regel D3); er is niets overschreven.",
            party=party.name,
            who=who,
        )
    )


def _told(actor: Actor, kind: str, version: Version, party: Party, position: Position) -> None:
    events.record(
        actor.id,
        kind,
        version.deviation_id,
        object_id=version.number,
        summary=party.name,
        party=party.id,
        status=position.status.value,
        decided_on=position.decided_on.isoformat(),
        digest=version.digest,
        signatory=position.signatory,
        direction=position.direction.value if position.direction else "",
        reservation=position.reservation,
        document=position.document_digest,
    )


def _why_not(actor: Actor, party: Party) -> str:
    """Return why the actor does not sign for a party; a mandate that ended is named."""
    ended = session().scalar(
        select(Mandate.ends_on)
        .join(Person, Person.id == Mandate.person_id)
        .where(
            Mandate.person_id == actor.id,
            Mandate.party_id == party.id,
            Mandate.may_sign,
            Mandate.ends_on < clock.today(),
        )
        .order_by(Mandate.ends_on.desc())
        .limit(1)
    )
    if ended is not None:
        return _(
            "Je mandaat om voor %(party)s te tekenen eindigde op %(day)s. Alleen wie nu mag tekenen, legt een "
            "standpunt vast (regel D3).",
            party=party.name,
            day=ended.strftime("%d-%m-%Y"),
        )
    return _("Een standpunt van %(party)s legt alleen iemand vast die voor %(party)s mag tekenen.", party=party.name)
