"""What people do with a deviation that was submitted: take back, reject, withdraw, suspend, resume, object, end,
reconfirm, state the fallback, tell the ministry and the works council, report, close.

Each verb asks first whether it is the actor's to do, then whether the state allows it (`machine.TABLE`), then adds
one row (`Act`) and settles. What must stay true: the day from which something counts is today or later, unless it
only records what happened elsewhere; every end names a reason.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Party
from proeftuin.db import session
from proeftuin.deviations import policy
from proeftuin.deviations.acting import standing
from proeftuin.deviations.models import Act, Deviation, Version
from proeftuin.deviations.states.course import GOVERNS, Course
from proeftuin.deviations.states.walk import OBJECTION
from proeftuin.deviations.vocabulary import OVER, ActKind, EndReason, Severity, State
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.events import service as events
from proeftuin.i18n import _
from proeftuin.pilots import queries as pilots
from proeftuin.pilots.models import Pilot
from proeftuin.pilots.models import State as PilotState

TOLD_AS = {
    ActKind.TAKEN_BACK: "deviation:taken_back",
    ActKind.REJECTED: "deviation:rejected",
    ActKind.WITHDRAWN: "deviation:withdrawn",
    ActKind.SUSPENDED: "deviation:suspended",
    ActKind.RESUMED: "deviation:resumed",
    ActKind.OBJECTED: "deviation:objected",
    ActKind.ENDED: "deviation:ended",
    ActKind.NOTIFIED: "deviation:ministry",
    ActKind.RECEIPT: "deviation:ministry",
    ActKind.FALLBACK: "deviation:fallback",
    ActKind.RECONFIRMED: "deviation:reconfirmed",
    ActKind.DECISION_TOLD: "deviation:decision_told",
    ActKind.WITHOUT_RULES: "deviation:without_rules",
    ActKind.REPORTED: "deviation:incident",
    ActKind.HANDLED: "deviation:incident_handled",
    ActKind.CLOSED: "deviation:closed",
}


def take_back(actor: Actor, deviation: Deviation, *, reason: str) -> Act:
    """Take the waiting version back to concept (D2).

    :raises NotAllowed: for who is neither the lead nor of HR.
    :raises Conflict: when no version waits for agreement.
    :raises Invalid: without a reason.
    """
    return _withdrawing(actor, deviation, ActKind.TAKEN_BACK, reason)


def reject(actor: Actor, deviation: Deviation, *, reason: str) -> Act:
    """Conclude that the waiting version will not be agreed (D4); raises as `take_back`."""
    return _withdrawing(actor, deviation, ActKind.REJECTED, reason)


def withdraw(actor: Actor, deviation: Deviation, *, reason: str) -> Act:
    """Withdraw the waiting version, or a concept that was never submitted (D5); raises as `take_back`."""
    return _withdrawing(actor, deviation, ActKind.WITHDRAWN, reason)


def _withdrawing(actor: Actor, deviation: Deviation, kind: ActKind, reason: str) -> Act:
    if not policy.may_submit(actor, pilots.standing(actor, deviation.pilot_id)):
        raise NotAllowed(_("Dit doet de indiener: de trekker of HR."))
    course = standing.wake(deviation)
    waiting = course.waiting
    is_concept = kind is ActKind.WITHDRAWN and course.state is State.CONCEPT
    if not is_concept and (waiting is None or waiting.state is not State.SUBMITTED):
        raise Conflict(_("Er ligt nu geen versie voor waarover wordt beslist."))
    number = waiting.facts.number if waiting else None
    return _add(actor, deviation, kind, reason=reason, version=number)


def suspend(actor: Actor, deviation: Deviation, *, party_id: int, reason: str, on: date | None = None) -> Act:
    """Suspend for a party, at once or from a later day (D8). The end date keeps running.

    :raises NotAllowed: without a mandate of today to sign for a party that may suspend.
    :raises Conflict: when the deviation is not in force.
    :raises Invalid: without a reason, or on a day that passed.
    """
    party = _signing(actor, party_id)
    if not policy.may_suspend(actor, party):
        raise NotAllowed(_("Opschorten kunnen de OR, de werkgever en de bonden die de cao tekenden."))
    _require(standing.wake(deviation), State.IN_FORCE, _("Opschorten kan alleen als de afwijking van kracht is."))
    day = _not_in_past(on)
    return _add(actor, deviation, ActKind.SUSPENDED, reason=reason, on=day, party_id=party_id)


def resume(actor: Actor, deviation: Deviation, *, party_id: int, reason: str) -> Act:
    """Let a suspended deviation apply again, by the party that suspended it (D9); others can object for five days.

    :raises NotAllowed: for another party.
    :raises Conflict: when it is not suspended.
    :raises Invalid: without a note on what changed.
    """
    _signing(actor, party_id)
    course = standing.wake(deviation)
    _require(course, State.SUSPENDED, _("Hervatten kan alleen als de afwijking is opgeschort."))
    assert course.governing is not None, "a suspended deviation has a version"
    if course.governing.suspended_by != party_id:
        raise NotAllowed(_("Hervatten kan alleen de partij die opschortte."))
    return _add(actor, deviation, ActKind.RESUMED, reason=reason, party_id=party_id)


def object_to(actor: Actor, deviation: Deviation, *, party_id: int, reason: str) -> Act:
    """Object to a resumption within five days, which suspends the deviation again; raises as `suspend`."""
    party = _signing(actor, party_id)
    if not policy.may_suspend(actor, party):
        raise NotAllowed(_("Bezwaar maken kunnen de OR, de werkgever en de bonden die de cao tekenden."))
    course = standing.wake(deviation)
    track = course.governing
    resumed_on = track.resumed_on if track else None
    if track is None or track.state is not State.IN_FORCE or resumed_on is None:
        raise Conflict(_("Er is niets hervat waartegen bezwaar kan worden gemaakt."))
    if party_id == track.resumed_by or clock.today() > resumed_on + OBJECTION:
        raise Conflict(_("Bezwaar kan tot vijf dagen na de hervatting, door een andere partij. Opschorten kan wel."))
    return _add(actor, deviation, ActKind.OBJECTED, reason=reason, party_id=party_id)


def end(
    actor: Actor,
    deviation: Deviation,
    *,
    party_id: int,
    reason: str,
    on: date | None = None,
) -> Act:
    """End it for the employer, at once or from a later day; guarantees stay due and the fallback duty starts (D10).

    All parties together end it by agreeing to a next version with an earlier last day, so each speaks for itself.

    :raises NotAllowed: for anyone but a signatory of the employer.
    :raises Conflict: when it does not apply, or its text says that the employer cannot end it alone.
    :raises Invalid: without a reason, or on a day that passed.
    """
    _signing(actor, party_id)
    if not policy.may_end(actor):
        raise NotAllowed(_("Direct beëindigen kan alleen de werkgever. Een andere partij kan opzeggen."))
    course = standing.wake(deviation)
    track = course.governing
    if track is None or track.state not in GOVERNS:
        raise Conflict(_("De afwijking is nu niet van kracht."))
    if not _employer_may_end(deviation, track.facts.number):
        raise Conflict(
            _(
                "In deze versie staat dat de werkgever niet alleen kan beëindigen. Zeg op, of leg samen een versie "
                "met een eerdere einddatum vast."
            )
        )
    day = _not_in_past(on)
    return _add(
        actor, deviation, ActKind.ENDED, reason=reason, on=day, party_id=party_id, how=EndReason.EMPLOYER.value
    )


def _employer_may_end(deviation: Deviation, number: int) -> bool:
    return bool(
        session().scalar(
            select(Version.employer_ends_at_once).where(
                Version.deviation_id == deviation.id, Version.number == number
            )
        )
    )


def record_ministry(actor: Actor, deviation: Deviation, *, kind: ActKind, on: date, reason: str = "") -> Act:
    """Record what was sent to SZW, or that SZW confirmed receipt (art. 4 Wet op de loonvorming).

    :raises NotAllowed: for who is neither the secretary nor of HR.
    :raises Conflict: when nothing was submitted.
    :raises Invalid: on a day to come.
    """
    if not policy.may_record_ministry(actor):
        raise NotAllowed(_("De aanmelding bij SZW legt de cao-secretaris of HR vast."))
    course = standing.wake(deviation)
    if not course.tracks:
        raise Conflict(_("Er is nog niets voorgelegd."))
    return _add(actor, deviation, kind, reason=reason, on=_not_in_future(on), needs_reason=False)


def state_fallback(
    actor: Actor,
    deviation: Deviation,
    *,
    back_on: date | None,
    restored: str,
    still_open: str,
    is_complete: bool,
    reason: str = "",
) -> Act:
    """Make the fallback statement: from which day everybody follows the cao again, what is restored, what is open.

    :raises NotAllowed: for anyone but the lead.
    :raises Conflict: when the deviation did not end.
    :raises Invalid: when it is called complete and something is missing.
    """
    if not policy.may_state_fallback(actor, pilots.standing(actor, deviation.pilot_id)):
        raise NotAllowed(_("De terugvalverklaring geeft de trekker."))
    course = standing.wake(deviation)
    if course.fallback_due is None:
        raise Conflict(_("De afwijking is niet voorbij, dus er is nog niets om op terug te vallen."))
    problems = {}
    if not restored.strip():
        problems["restored"] = _("Schrijf op wat er is hersteld.")
    if is_complete and back_on is None:
        problems["back_on"] = _("Kies de dag vanaf wanneer iedereen de cao weer volgt.")
    if is_complete and still_open.strip():
        problems["is_complete"] = _("Er staat nog iets open. Noem de verklaring volledig als dat geregeld is.")
    if problems:
        raise Invalid(problems)
    return _add(
        actor,
        deviation,
        ActKind.FALLBACK,
        reason=reason,
        needs_reason=False,
        back_on=back_on.isoformat() if back_on else None,
        restored=restored.strip(),
        open=still_open.strip(),
        is_complete=is_complete,
    )


def reconfirm(actor: Actor, deviation: Deviation, *, party_id: int, remark: str = "", on: date | None = None) -> Act:
    """Reconfirm for a party after the cao changed a paragraph that is quoted.

    :raises NotAllowed: without a mandate of today to sign for the party.
    :raises Conflict: when nobody asks this party to reconfirm.
    """
    _signing(actor, party_id)
    course = standing.wake(deviation)
    asked: set[int] = set().union(*(renewal.parties for renewal in course.open_renewals))
    if party_id not in asked:
        raise Conflict(_("Er wordt nu geen herbevestiging van jullie gevraagd."))
    day = _not_in_future(on or clock.today())
    return _add(actor, deviation, ActKind.RECONFIRMED, reason=remark, on=day, party_id=party_id, needs_reason=False)


def tell_decision(actor: Actor, deviation: Deviation, *, on: date, reason: str) -> Act:
    """Record that the employer told the works council its decision and the start date in writing: the month of
    art. 27 lid 5 WOR begins.

    :raises NotAllowed: for who is neither a signatory of the employer nor of HR.
    :raises Invalid: without the text, or on a day to come.
    """
    if not policy.may_tell_decision(actor):
        raise NotAllowed(_("Het besluit deelt de werkgever mee."))
    standing.wake(deviation)
    return _add(actor, deviation, ActKind.DECISION_TOLD, reason=reason, on=_not_in_future(on))


def go_on_without(actor: Actor, deviation: Deviation, *, reason: str) -> Act:
    """State that the pilot goes on without the rules that do not hold any more (4.1, point 4).

    :raises NotAllowed: for anyone but the lead.
    :raises Conflict: when the deviation still applies.
    :raises Invalid: without an explanation.
    """
    if not policy.may_state_fallback(actor, pilots.standing(actor, deviation.pilot_id)):
        raise NotAllowed(_("Dit verklaart de trekker."))
    course = standing.wake(deviation)
    if course.governing is not None and course.governing.state in GOVERNS:
        raise Conflict(_("De afwijking is van kracht; er is niets om zonder te doen."))
    return _add(actor, deviation, ActKind.WITHOUT_RULES, reason=reason)


def report_incident(
    actor: Actor, deviation: Deviation, *, severity: Severity, about: str, text: str, on: date | None = None
) -> Act:
    """Report that something went wrong, or that practice goes on without cover. It goes to the works council and the
    unions; others see its severity only.

    :raises Invalid: without what happened, or on a day to come.
    """
    if not policy.may_report(actor):
        raise NotAllowed(_("In het verleden kun je niets melden."))
    standing.wake(deviation)
    day = _not_in_future(on or clock.today())
    return _add(actor, deviation, ActKind.REPORTED, reason=text, on=day, severity=severity, about=about.strip())


def handle_incident(actor: Actor, deviation: Deviation, report: Act, *, text: str) -> Act:
    """Write what was done with a report.

    :raises NotAllowed: for who is neither of the works council nor of a union, with a mandate to sign.
    :raises Conflict: when it is no report of this deviation, or was handled already.
    """
    if not policy.may_handle_report(actor):
        raise NotAllowed(_("Een melding handelen de OR en de bonden af."))
    standing.wake(deviation)
    handled = session().scalars(select(Act).where(Act.deviation_id == deviation.id, Act.kind == ActKind.HANDLED))
    if report.deviation_id != deviation.id or report.kind is not ActKind.REPORTED:
        raise Conflict(_("Dit is geen melding bij deze afwijking."))
    if any(act.data.get("report") == report.id for act in handled):
        raise Conflict(_("Deze melding is al afgehandeld."))
    return _add(actor, deviation, ActKind.HANDLED, reason=text, report=report.id)


def close(actor: Actor, deviation: Deviation, *, reason: str = "") -> Act:
    """Close a deviation that is over (D13).

    :raises NotAllowed: for who is neither the secretary nor a signatory of the works council.
    :raises Conflict: when the fallback statement is not complete, the pilot not evaluated, or it is not over.
    """
    if not policy.may_close(actor):
        raise NotAllowed(_("Afsluiten kunnen de cao-secretaris en de OR."))
    course = standing.wake(deviation)
    if course.state not in OVER or course.waiting is not None:
        raise Conflict(_("Afsluiten kan als de afwijking voorbij is en er geen nieuwe versie voorligt."))
    if course.fallback is None or not course.fallback.is_complete:
        raise Conflict(_("De terugvalverklaring is nog niet volledig."))
    pilot = session().get_one(Pilot, deviation.pilot_id)
    if pilot.state not in (PilotState.EVALUATED, PilotState.ARCHIVED):
        raise Conflict(_("De proeftuin is nog niet geëvalueerd."))
    return _add(actor, deviation, ActKind.CLOSED, reason=reason, needs_reason=False)


def _signing(actor: Actor, party_id: int) -> Party:
    party = session().get(Party, party_id)
    if party is None or party_id not in policy.signs_for(actor):
        raise NotAllowed(_("Dit kan alleen iemand die voor deze partij mag tekenen."))
    return party


def _require(course: Course, state: State, sentence: str) -> None:
    if course.state is not state:
        raise Conflict(sentence)


def _not_in_past(on: date | None) -> date:
    day = on or clock.today()
    if day < clock.today():
        raise Invalid({"on": _("Deze dag is voorbij. Met terugwerkende kracht kan dit niet; kies vandaag of later.")})
    return day


def _not_in_future(on: date) -> date:
    if on > clock.today():
        raise Invalid({"on": _("Deze dag moet nog komen. Kies vandaag of een dag daarvoor.")})
    return on


def _add(
    actor: Actor,
    deviation: Deviation,
    kind: ActKind,
    *,
    reason: str,
    on: date | None = None,
    version: int | None = None,
    party_id: int | None = None,
    severity: Severity | None = None,
    needs_reason: bool = True,
    **data: Any,
) -> Act:
    words = reason.strip()
    if needs_reason and not words:
        raise Invalid({"reason": _("Schrijf op waarom.")})
    day = on or clock.today()
    act = Act(
        deviation_id=deviation.id,
        version=version,
        kind=kind,
        on=day,
        party_id=party_id,
        reason=words,
        data=data,
        severity=severity,
        actor_id=actor.id,
        recorded_at=clock.now(),
    )
    session().add(act)
    session().flush()
    # What a report says is for those who watch; the event, which everybody reads, tells its severity only.
    withheld = kind in (ActKind.REPORTED, ActKind.HANDLED)
    events.record(
        None if kind is ActKind.REPORTED else actor.id,  # who reports stands in no list, feed or log
        TOLD_AS[kind],
        deviation.id,
        object_id=act.id,
        summary="" if withheld else words,
        act=kind.value,
        on=day.isoformat(),
        party=party_id,
        severity=severity.value if severity else "",
        **({} if withheld else data),
    )
    standing.settle(deviation)
    return act
