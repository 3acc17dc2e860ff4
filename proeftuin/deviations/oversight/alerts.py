"""Raising, settling and closing alerts, and telling people of them.

Alerts are looked at whenever a deviation is settled, so also every night. What must stay true: one alert for one
cause; one whose cause is gone is settled by itself, except that a red one stays until a monitor closes it with a
note; who gets an alert is worked out when it is told, and kept nowhere; every telling says why one gets it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from types import MappingProxyType

from sqlalchemy import Select, or_, select

from proeftuin import clock, config, i18n
from proeftuin.accounts import mail
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Mandate, Party, PartyKind, Person, Role, RoleGrant
from proeftuin.db import session
from proeftuin.deviations import policy
from proeftuin.deviations.days import nullity_through
from proeftuin.deviations.models import Act, Alert, Asked, Condition, Confirmation, Deviation, Position, Version
from proeftuin.deviations.oversight.alert_rules import RULES, Code, Level, Situation, To, Wanted, wanted
from proeftuin.deviations.states import due
from proeftuin.deviations.states.course import Course
from proeftuin.deviations.vocabulary import ActKind, Severity
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.events import service as events
from proeftuin.events.models import Job
from proeftuin.i18n import _
from proeftuin.pilots.models import ParticipantCount, Participation, Pilot, TeamMember

MAIL = "alert-mail"
AGAIN = "#"
"""What stands before the number of an alert that was raised for the same cause again."""
MAILED = (Level.ACTION, Level.RED)
PASSED = "_voorbij"


def review(deviation: Deviation, course: Course) -> None:
    """Raise the alerts that should be there and settle those whose cause is gone.

    A cause that comes back opens its alert again, or raises another when somebody closed that one.
    """
    if deviation.code is None:
        return
    should = {f"{deviation.id}:{each.key}": each for each in wanted(course, situation_of(deviation, course))}
    raised = session().scalars(select(Alert).where(Alert.deviation_id == deviation.id).order_by(Alert.id))
    there = {row.key.partition(AGAIN)[0]: row for row in raised}  # the last one of each cause
    for key, each in should.items():
        last = there.get(key)
        if last is None:
            _raise(deviation, key, each)
        elif last.settled_on is not None and last.closed_at is None:
            last.settled_on = None
        elif last.settled_on is not None:
            number = int(last.key.partition(AGAIN)[2] or 1)
            _raise(deviation, f"{key}{AGAIN}{number + 1}", each)
    for key, row in there.items():
        if key not in should and row.settled_on is None:
            row.settled_on = course.through


def _raise(deviation: Deviation, key: str, each: Wanted) -> None:
    level = RULES[each.code].level
    alert = Alert(
        key=key,
        code=each.code.value,
        level=level.value,
        deviation_id=deviation.id,
        party_id=each.party_id,
        on=each.on,
        data=dict(each.data),
        recorded_at=clock.now(),
        closing_note="",
    )
    session().add(alert)
    session().flush()
    # What is asked of one party is told to that party, and is small to everyone else.
    is_for_one = each.party_id is not None
    events.record(
        None,
        "alert:raised",
        deviation.id,
        object_id=alert.id,
        minor=is_for_one,
        to=_told_as(each),
        level=level.value,
    )
    if level in MAILED:
        events.enqueue(MAIL, key=str(alert.id), alert_id=alert.id)


def _told_as(each: Wanted) -> str:
    """Return how an alert is told in lists: that a term passed is other news than that it is about to."""
    through = each.data.get("through") if each.code is Code.RESPOND else None
    return f"{each.code.value}{PASSED}" if through and through < each.on.isoformat() else each.code.value


def situation_of(deviation: Deviation, course: Course) -> Situation:
    """Return what alerts look at besides the course, as it is now."""
    pilot = session().get_one(Pilot, deviation.pilot_id)
    track = course.governing
    number = track.facts.number if track else 0
    most = session().scalar(
        select(Version.max_participants).where(Version.deviation_id == deviation.id, Version.number == number)
    )
    count = session().scalar(select(ParticipantCount.number).where(ParticipantCount.pilot_id == pilot.id))
    return Situation(
        pilot_state=pilot.state,
        pilot_since=pilot.state_since,
        pilot_ends_on=pilot.ends_on,
        participants=count or 0,
        most=most,
        conditions=tuple(due.lines(deviation.id, number, today=course.through)) if track else (),
        serious_reports=tuple(_serious(deviation.id)),
        letters=tuple(_letters(deviation.id)),
        nullity_through=_nullity_through(deviation.id),
    )


def _serious(deviation_id: int) -> Iterable[tuple[int, date]]:
    acts = session().scalars(select(Act).where(Act.deviation_id == deviation_id)).all()
    handled = {act.data.get("report") for act in acts if act.kind is ActKind.HANDLED}
    return [
        (act.id, act.on)
        for act in acts
        if act.kind is ActKind.REPORTED and act.severity is Severity.SERIOUS and act.id not in handled
    ]


def _letters(deviation_id: int) -> Iterable[tuple[int, int, date]]:
    rows = session().execute(
        select(Position.id, Position.party_id, Position.recorded_at)
        .join(Version, Version.id == Position.version_id)
        .outerjoin(Confirmation, Confirmation.position_id == Position.id)
        .where(Version.deviation_id == deviation_id, Position.is_letter, Confirmation.position_id.is_(None))
    )
    return [(row[0], row[1], clock.day_of(row[2])) for row in rows]


def _nullity_through(deviation_id: int) -> date | None:
    told = session().scalar(
        select(Act.on)
        .where(Act.deviation_id == deviation_id, Act.kind == ActKind.DECISION_TOLD)
        .order_by(Act.id.desc())
        .limit(1)
    )
    return nullity_through(told) if told else None


def recipients(alert: Alert) -> dict[int, To]:
    """Return who gets an alert, each with the first reason why."""
    found: dict[int, To] = {}
    for to in RULES[Code(alert.code)].to:
        for person_id in session().scalars(_people(to, alert)):
            found.setdefault(person_id, to)
    return found


def recipients_of(alert_id: int | None) -> list[int]:
    """Return who gets an alert, by its number."""
    alert = session().get(Alert, alert_id) if alert_id is not None else None
    return list(recipients(alert)) if alert else []


def concerned_by_position(deviation_id: int) -> Select[int]:
    """Select who hears of a position (`standpunt_vastgelegd`): who submitted, and the signatories of all parties."""
    versions = select(Version.id).where(Version.deviation_id == deviation_id)
    parties = select(Asked.party_id).where(Asked.version_id.in_(versions))
    proposers = select(Version.submitted_by_id).where(Version.deviation_id == deviation_id)
    signatories = _signatories(Mandate.party_id.in_(parties))
    return select(Person.id).where(or_(Person.id.in_(signatories), Person.id.in_(proposers)))


def _people(to: To, alert: Alert) -> Select[int]:
    return _PEOPLE[to](alert)


def _parties_of(alert: Alert) -> Select[int]:
    asked = select(Asked.party_id).join(Version, Version.id == Asked.version_id)
    return _signatories(Mandate.party_id.in_(asked.where(Version.deviation_id == alert.deviation_id)))


def _personnel(_alert: Alert) -> Select[int]:
    today = clock.today()
    return select(RoleGrant.person_id).where(
        RoleGrant.role == Role.HR,
        RoleGrant.starts_on <= today,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today),
    )


def _proposer(alert: Alert) -> Select[int]:
    newest = select(Version.submitted_by_id).where(Version.deviation_id == alert.deviation_id)
    return newest.order_by(Version.number.desc()).limit(1)


def _lead(alert: Alert) -> Select[int]:
    return select(TeamMember.person_id).where(TeamMember.pilot_id.in_(_pilot_of(alert)), TeamMember.is_lead)


def _participants(alert: Alert) -> Select[int]:
    return select(Participation.person_id).where(Participation.pilot_id.in_(_pilot_of(alert)))


def _pilot_of(alert: Alert) -> Select[int]:
    return select(Deviation.pilot_id).where(Deviation.id == alert.deviation_id)


def _signatories(*criteria: object) -> Select[int]:
    today = clock.today()
    return (
        select(Mandate.person_id)
        .join(Party, Party.id == Mandate.party_id)
        .where(
            *criteria,  # type: ignore[arg-type]  # criteria of the tables above
            Mandate.may_sign,
            Mandate.starts_on <= today,
            or_(Mandate.ends_on.is_(None), Mandate.ends_on >= today),
        )
    )


_PEOPLE: Mapping[To, Callable[[Alert], Select[int]]] = MappingProxyType(
    {
        To.PARTY: lambda alert: _signatories(Mandate.party_id == alert.party_id),
        To.PARTIES: _parties_of,
        To.COUNCIL: lambda alert: _signatories(Party.kind == PartyKind.WORKS_COUNCIL),
        To.UNIONS: lambda alert: _signatories(Party.kind == PartyKind.UNION, Party.signs_cao),
        To.HR: _personnel,
        To.PROPOSER: _proposer,
        To.OWNER: lambda alert: select(Condition.owner_id).where(Condition.id == alert.data.get("condition", 0)),
        To.LEAD: _lead,
        To.PARTICIPANTS: _participants,
    }
)


def sentence(alert: Alert, deviation: Deviation) -> str:
    """Return an alert as one sentence, in the reader's language."""
    code, through = Code(alert.code), (alert.data or {}).get("through", "")
    if code is Code.RESPOND and through and through < alert.on.isoformat():
        return _(
            "De reactietermijn van %(code)s is voorbij: een antwoord was gevraagd t/m %(day)s.",
            code=deviation.code or deviation.title,
            day=_written(through),
        )
    return told(code, deviation.code or deviation.title, through)


def told(code: Code, name: str, through: str = "") -> str:
    """Return what an alert says about a deviation, in the reader's language; `through` is a day as ISO writes it."""
    return _sentences(i18n.language())[code] % {"code": name, "day": _written(through)}


def _written(day: str) -> str:
    return "-".join(reversed(day.split("-")))


@cache
def _sentences(language: str) -> dict[Code, str]:
    return {
        Code.SUBMITTED: _("%(code)s is voorgelegd en vraagt een standpunt."),
        Code.TEXT_CHANGED: _("Van %(code)s ligt een nieuwe versie voor. Alle standpunten zijn weer open."),
        Code.ARTICLE_CHANGED: _("De cao veranderde een artikel onder %(code)s. Er wordt om herbevestiging gevraagd."),
        Code.TO_CONFIRM: _("Bij %(code)s is een standpunt uit een brief ingevoerd. Het telt pas na bevestiging."),
        Code.RESPOND: _("De reactietermijn van %(code)s loopt af: een antwoord is gevraagd t/m %(day)s."),
        Code.EXPIRES_60: _("%(code)s eindigt binnen 60 dagen. Verlengen vraagt weer het akkoord van iedereen."),
        Code.EXPIRES_30: _("%(code)s eindigt binnen 30 dagen."),
        Code.EXPIRES_7: _("%(code)s eindigt binnen 7 dagen. Daarna geldt weer de cao."),
        Code.LAPSED: _("%(code)s geldt niet meer. Voor deelnemers geldt weer de cao."),
        Code.STARTED_WITHOUT: _("Een proeftuin loopt terwijl %(code)s niet van kracht is."),
        Code.ENDS_BEFORE_PILOT: _("%(code)s eindigt eerder dan de proeftuin."),
        Code.TOO_MANY: _("Bij %(code)s doen meer mensen mee dan is afgesproken."),
        Code.CONDITION_LATE: _("Bij %(code)s is een voorwaarde te laat."),
        Code.CONDITION_BROKEN: _("Bij %(code)s is een voorwaarde geschonden."),
        Code.SERIOUS_REPORT: _("Bij %(code)s is een ernstige melding gedaan."),
        Code.FALLBACK_OPEN: _("Bij %(code)s is nog geen volledige terugvalverklaring."),
        Code.NULLITY: _("Bij %(code)s loopt de maand af waarin de OR nietigheid kan inroepen (art. 27 lid 5 WOR)."),
    }


def why(to: To) -> str:
    """Return why somebody gets an alert, as a sentence."""
    return {
        To.PARTY: lambda: _("Je krijgt dit omdat je voor deze partij tekent."),
        To.PARTIES: lambda: _("Je krijgt dit omdat je tekent voor een partij die bij deze afwijking hoort."),
        To.COUNCIL: lambda: _("Je krijgt dit omdat je voor de OR tekent."),
        To.UNIONS: lambda: _("Je krijgt dit omdat je voor een bond tekent."),
        To.LEAD: lambda: _("Je krijgt dit omdat je trekker bent van de proeftuin."),
        To.PROPOSER: lambda: _("Je krijgt dit omdat jij deze versie voorlegde."),
        To.OWNER: lambda: _("Je krijgt dit omdat jij voor deze voorwaarde zorgt."),
        To.HR: lambda: _("Je krijgt dit omdat je bij HR werkt."),
        To.PARTICIPANTS: lambda: _("Je krijgt dit omdat je meedoet aan de proeftuin. Alleen jij ziet dat."),
    }[to]()


def why_to(actor: Actor, alert: Alert) -> str:
    """Return why the actor gets an alert, or nothing when they do not."""
    to = recipients(alert).get(actor.id)
    return why(to) if to else ""


def mail_out(jobs: Sequence[Job]) -> None:
    """Put a letter aside for everyone who gets an alert."""
    for job in jobs:
        alert = session().get(Alert, job.payload["alert_id"])
        if alert is None:
            continue
        deviation = session().get_one(Deviation, alert.deviation_id)
        for person_id, to in recipients(alert).items():
            _write(session().get_one(Person, person_id), alert, deviation, to)


def _write(person: Person, alert: Alert, deviation: Deviation, to: To) -> None:
    if person.blocked_at is not None or (person.ends_on is not None and person.ends_on < clock.today()):
        return
    with i18n.speaking(person.language):
        told = sentence(alert, deviation)
        link = f"{config.current().base_url}/afwijkingen/{deviation.code}"
        greeting = _("Dag %(name)s,", name=person.name)
        mail.send(to=person.email, subject=told, text="\n\n".join([greeting, told, link, why(to)]))


def close(actor: Actor, alert: Alert, *, note: str) -> None:
    """Close a red alert, with a note.

    :raises NotAllowed: for who is neither of the works council nor of a union, with a mandate to sign.
    :raises Conflict: when it is not red, or was closed already.
    :raises Invalid: without a note.
    """
    if not policy.may_close_alert(actor):
        raise NotAllowed(_("Een rood signaal sluiten alleen de OR en de bonden."))
    if alert.level != Level.RED or alert.closed_at is not None:
        raise Conflict(_("Dit signaal is al gesloten, of hoeft niet gesloten te worden."))
    words = note.strip()
    if not words:
        raise Invalid({"note": _("Schrijf op waarom dit signaal dicht kan.")})
    alert.closed_at, alert.closed_by_id, alert.closing_note = clock.now(), actor.id, words
    events.record(actor.id, "alert:closed", alert.deviation_id, object_id=alert.id, summary=words, to=alert.code)


def is_open() -> Select[Alert]:
    """Select the alerts that are open: raised and neither closed nor settled; a red one until it is closed."""
    return select(Alert).where(
        Alert.closed_at.is_(None), or_(Alert.settled_on.is_(None), Alert.level == Level.RED.value)
    )
