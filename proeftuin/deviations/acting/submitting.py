"""Beginning a deviation, and submitting a version of it (D1): everything is frozen, numbered, hashed and asked.

What must stay true: a version that was submitted never changes, a better text is the next version and everybody is
asked anew; the number is given at the first submission, by year and without gaps; nothing that breaks a rule gets
here, except history that was so before this register kept the gate (`as_history`), to which no screen leads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.cao import queries as cao
from proeftuin.db import savepoint, session
from proeftuin.deviations import parties, policy
from proeftuin.deviations.acting import standing
from proeftuin.deviations.drafting import drafts, weighing
from proeftuin.deviations.models import Asked, Condition, Deviation, Draft, Rule, Version
from proeftuin.deviations.proposals.proposal import problems
from proeftuin.deviations.proposals.proposed import RESPONSE_TERM, Proposal
from proeftuin.deviations.vocabulary import Duty, State, VersionKind
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.events import service as events
from proeftuin.events.models import Audience, Subject, SubjectKind
from proeftuin.i18n import _
from proeftuin.naming import clean_line
from proeftuin.pilots import queries as pilots
from proeftuin.pilots.models import Pilot

TRIES = 3
_COLUMNS = frozenset(column.key for column in Version.__table__.columns) - {"respond_by"}


def create(actor: Actor, pilot: Pilot, *, title: str = "") -> Deviation:
    """Begin a deviation of a pilot as a concept, with an empty draft, read by the team and HR.

    :raises NotAllowed: for who is neither in the team nor of HR.
    """
    if not policy.may_prepare(actor, pilots.standing(actor, pilot.id)):
        raise NotAllowed(_("Een afwijking bereidt het proeftuinteam voor, of HR."))
    subject = events.create_subject(
        SubjectKind.DEVIATION, title=clean_line(title), path="", audience=Audience.TEAM, circle_id=pilot.id
    )
    subject.path = f"/afwijkingen/concept-{subject.id}"
    now = clock.now()
    deviation = Deviation(
        id=subject.id,
        pilot_id=pilot.id,
        title=clean_line(title),
        created_at=now,
        created_by_id=actor.id,
        state=State.CONCEPT,
        state_since=clock.today(),
        flags=[],
    )
    session().add(deviation)
    session().flush()  # the draft refers to it
    session().add(
        Draft(
            deviation_id=deviation.id,
            kind=VersionKind.FIRST,
            fields={"title": deviation.title},
            assessment={},
            changed_at=now,
            changed_by_id=actor.id,
        )
    )
    events.record(actor.id, "deviation:created", deviation.id, summary=deviation.title)
    return deviation


def submit(actor: Actor, deviation: Deviation, proposed: Proposal, *, as_history: bool = False) -> Version:
    """Submit a version (D1); one that still waits for agreement is replaced by it (D2).

    :param as_history: for the loader of history only: what was submitted before the gate was kept enters as it was.
    :raises NotAllowed: for who is neither the lead nor of HR.
    :raises Invalid: with what stands in the way, by field, each with the rule and its source.
    :raises Conflict: when somebody submitted at the same moment.
    """
    if not policy.may_submit(actor, pilots.standing(actor, deviation.pilot_id)):
        raise NotAllowed(_("Een afwijking leggen de trekker en HR voor."))
    standing.wake(deviation)
    if deviation.state in (State.WITHDRAWN, State.CLOSED):
        raise Conflict(_("Deze afwijking is afgesloten. Begin een nieuwe."))
    found = problems(proposed, weighing.against(deviation, is_history=as_history))
    if found:
        raise Invalid(found)
    version = _freeze(actor, deviation, proposed)
    if deviation.code is None:
        _give_number(deviation, version.submitted_on)
    deviation.title = version.title
    subject = session().get_one(Subject, deviation.id)
    subject.title, subject.path = f"{deviation.code} {version.title}", f"/afwijkingen/{deviation.code}"
    subject.audience = Audience.EVERYONE
    drafts.forget(deviation)
    events.record(
        actor.id,
        "deviation:submitted",
        deviation.id,
        object_id=version.number,
        summary=version.change_note,
        code=deviation.code,
        version=version.number,
        digest=version.digest,
        respond_by=version.respond_by.isoformat(),
        as_history=as_history,
    )
    standing.settle(deviation)
    return version


def _freeze(actor: Actor, deviation: Deviation, proposed: Proposal) -> Version:
    today, now = clock.today(), clock.now()
    number = (session().scalar(select(func.max(Version.number)).where(Version.deviation_id == deviation.id)) or 0) + 1
    in_cao = cao.find_version(today)
    if in_cao is None:
        raise Invalid({"rules": _("Vandaag geldt er geen cao, dus er is niets om van af te wijken.")})
    assert proposed.basis is not None, "checked before"
    assert proposed.consent is not None, "checked before"
    duties = dict(proposed.duties or parties.duties(proposed.basis, proposed.consent, weighing.party_lines(today)))
    content = {
        **asdict(proposed),
        "deviation": deviation.id,
        "number": number,
        "cao": in_cao.digest,
        "submitted_on": today,
        "duties": {str(party): duty.value for party, duty in sorted(duties.items())},
    }
    version = Version(
        **_columns(proposed),
        deviation_id=deviation.id,
        number=number,
        submitted_on=today,
        submitted_at=now,
        submitted_by_id=actor.id,
        respond_by=proposed.respond_by or today + RESPONSE_TERM,
        cao_version_id=in_cao.id,
        digest=digest(content),
    )
    try:
        with savepoint():
            session().add(version)
    except IntegrityError as collision:
        raise Conflict(_("Op dit moment is er al een versie voorgelegd. Bekijk die eerst.")) from collision
    _freeze_parts(version, proposed, duties)
    return version


def _columns(proposed: Proposal) -> dict[str, Any]:
    """Return the fields of a proposal that are columns of a version as they are."""
    own = {field.name: getattr(proposed, field.name) for field in fields(proposed) if field.name in _COLUMNS}
    return {
        **own,
        "legal_references": list(proposed.legal_references),
        "subgroups": [
            {"group": each.group, "direction": each.direction or "", "note": each.note} for each in proposed.subgroups
        ],
    }


def _freeze_parts(version: Version, proposed: Proposal, duties: dict[int, Duty]) -> None:
    for position, rule in enumerate(proposed.rules):
        session().add(
            Rule(
                version_id=version.id,
                position=position,
                article_key=rule.article_key,
                article_number=rule.article_number,
                paragraph=rule.paragraph,
                cao_text=rule.cao_text,
                text=rule.text,
            )
        )
    for position, condition in enumerate(proposed.conditions):
        session().add(
            Condition(
                version_id=version.id,
                position=position,
                kind=condition.kind,
                text=condition.text,
                due_on=condition.due_on,
                owner_id=condition.owner_id,
                every_months=condition.every_months,
            )
        )
    session().add_all(
        Asked(version_id=version.id, party_id=party, duty=duty) for party, duty in sorted(duties.items())
    )
    session().flush()


def digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of everything in a version, in one fixed form."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _give_number(deviation: Deviation, day: date) -> None:
    """Give the next number of the year; two at the same moment get two numbers."""
    for _try in range(TRIES):
        last = session().scalar(select(func.max(Deviation.serial)).where(Deviation.year == day.year)) or 0
        try:
            with savepoint():
                deviation.year, deviation.serial = day.year, last + 1
                deviation.code = f"AFW-{day.year}-{last + 1:02d}"
                session().flush()
            return
        except IntegrityError:
            session().refresh(deviation)
    raise Conflict(_("Op dit moment leggen anderen ook iets voor. Probeer het nog een keer."))
