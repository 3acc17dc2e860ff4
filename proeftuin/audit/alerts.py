"""The alert that the log is not as it was sealed (`zegel_afwijking`): red, for all who watch and the privacy officer.

What must stay true: it is raised once for what was found; it stays until somebody of the works council or a union
closes it with a note, also when the log is right again; nobody can keep it from those who watch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from proeftuin import clock, config, i18n
from proeftuin.accounts import mail
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Person
from proeftuin.accounts.watching import watchers
from proeftuin.audit import entries
from proeftuin.audit.models import LogAlert
from proeftuin.audit.verifier import WORDS, Finding
from proeftuin.db import session
from proeftuin.deviations.policy import may_close_alert
from proeftuin.errors import Conflict, Invalid, NotAllowed, NotFound
from proeftuin.events import service as events
from proeftuin.events.models import Job
from proeftuin.i18n import _
from proeftuin.prepared import Prepared
from proeftuin.wiki.spaces import site_space_id

MAIL = "log-alert-mail"
RAISED, CLOSED = "log:wrong", "log:alert_closed"
TOLD = 20
"""How many findings are kept; the first says where it begins."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An open alert for a reader; `is_settled` says that the log is right again."""

    id: int
    on: date
    told: Sequence[str]
    is_settled: bool


def review(findings: Sequence[Finding]) -> None:
    """Raise the alert for what was found unless it is there; settle all of them when the log is right again."""
    entries.lock()  # one check at a time
    key = _key(findings) if findings else ""
    open_ones = session().scalars(
        select(LogAlert).where((LogAlert.closed_at.is_(None)) | (LogAlert.settled_on.is_(None)))
    )
    is_known = False
    for alert in open_ones.all():
        if alert.key == key:
            is_known, alert.settled_on = True, None
        elif not findings and alert.settled_on is None:
            alert.settled_on = clock.today()
    if findings and not is_known:
        _raise(key, findings)


def _key(findings: Sequence[Finding]) -> str:
    return hashlib.sha256("\n".join(sorted(map(str, findings))).encode()).hexdigest()


def _raise(key: str, findings: Sequence[Finding]) -> None:
    alert = LogAlert(
        key=key,
        on=clock.today(),
        findings=[list(finding) for finding in findings[:TOLD]],
        recorded_at=clock.now(),
        closing_note="",
    )
    session().add(alert)
    session().flush()
    events.record(None, RAISED, site_space_id(), object_id=alert.id, level="rood")
    events.enqueue(MAIL, key=str(alert.id), alert_id=alert.id)


def list_open() -> list[Shown]:
    """Return the alerts that nobody closed yet, the newest first."""
    rows = session().scalars(select(LogAlert).where(LogAlert.closed_at.is_(None)).order_by(LogAlert.id.desc()))
    return [Shown(row.id, row.on, told(row), row.settled_on is not None) for row in rows]


def is_any_open() -> bool:
    """Return whether there is an alert that nobody closed yet."""
    return _ANY.first() is not None


_ANY = Prepared(select(LogAlert.id).where(LogAlert.closed_at.is_(None)).limit(1))


def told(alert: LogAlert) -> list[str]:
    """Return what was found in sentences of the reader's language."""
    words = WORDS["nl" if i18n.language() == "nl" else "en"]
    found = [Finding(*each) for each in alert.findings]
    return [words[finding.code].format(**finding._asdict()) for finding in found]


def close(actor: Actor, alert_id: int, *, note: str) -> None:
    """Close the alert, with a note that enters the log.

    :raises NotFound: when there is no such alert.
    :raises NotAllowed: for who does not sign for the works council or a union.
    :raises Conflict: when it was closed already.
    :raises Invalid: without a note.
    """
    alert = session().get(LogAlert, alert_id, with_for_update=True)
    if alert is None:
        raise NotFound
    if not may_close_alert(actor):
        raise NotAllowed(_("Een rood signaal sluiten alleen de OR en de bonden."))
    if alert.closed_at is not None:
        raise Conflict(_("Dit signaal is al gesloten, of hoeft niet gesloten te worden."), way_out="/logboek")
    words = note.strip()
    if not words:
        raise Invalid({"note": _("Schrijf op waarom dit signaal dicht kan.")})
    alert.closed_at, alert.closed_by_id, alert.closing_note = clock.now(), actor.id, words
    events.record(actor.id, CLOSED, site_space_id(), object_id=alert.id, summary=words)


def why() -> str:
    """Return why somebody gets it, as a sentence."""
    return _("Je krijgt dit omdat je toezicht houdt: voor de OR, een bond, de cao-partijen of als FG.")


def mail_out(jobs: Sequence[Job]) -> None:
    """Put a letter aside for everyone who watches; also for who follows nothing and read everything."""
    for job in jobs:
        alert = session().get(LogAlert, job.payload["alert_id"])
        if alert is None:
            continue
        people = select(Person).where(Person.id.in_(watchers()), accounts.is_open()).order_by(Person.id)
        for person in session().scalars(people).all():
            _write(person, alert)


def _write(person: Person, alert: LogAlert) -> None:
    with i18n.speaking(person.language):
        paragraphs = (
            _("Dag %(name)s,", name=person.name),
            _("De controle van vannacht keurde het logboek af. Er is iets veranderd wat al vastlag."),
            "\n".join(f"- {line}" for line in told(alert)),
            _("Bewaar de zegels die je per mail kreeg, en kijk het logboek daarmee zelf na:"),
            f"{config.current().base_url}/logboek",
            _("Dit signaal blijft staan tot iemand van de OR of een bond het sluit, met een toelichting."),
            why(),
        )
        mail.send(to=person.email, subject=_("Rood: het logboek klopt niet"), text="\n\n".join(paragraphs) + "\n")
