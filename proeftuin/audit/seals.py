"""The daily seal: how large the log is, its root and its newest hash, for somebody else to keep.

A seal that only lies here proves nothing; so each one is mailed to the works council and the unions. Days that were
missed are sealed afterwards, each with the entries of that day and before, and with the moment at which that really
happened: nobody can tell later that a seal was made at night when it was not.

What must stay true: days follow each other without a gap; a seal names the one before it; a seal never changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, or_, select

from proeftuin import clock, config, i18n
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.mail import send
from proeftuin.accounts.models import Mandate, Party, PartyKind, Person
from proeftuin.audit import comments, entries, schedule, tree
from proeftuin.audit.models import LogEntry, LogSeal
from proeftuin.audit.verifier import NOTHING
from proeftuin.db import session
from proeftuin.events.models import Job
from proeftuin.i18n import _, n_

HOLDERS = (PartyKind.WORKS_COUNCIL, PartyKind.UNION)


def line(seal: LogSeal) -> str:
    """Return a seal as one line of JSON: what is mailed, downloaded and hashed in the next one."""
    return entries.canonical(
        {
            "day": seal.day.isoformat(),
            "head": seal.head,
            "made": seal.made,
            "previous": seal.previous,
            "root": seal.root,
            "size": seal.size,
        }
    )


def line_hash(seal: LogSeal) -> str:
    """Return the hash that the next seal names."""
    return hashlib.sha256(line(seal).encode()).hexdigest()


def newest() -> LogSeal | None:
    """Return the newest seal."""
    return session().scalar(select(LogSeal).order_by(LogSeal.day.desc()).limit(1))


def seal_days(*, mail: bool = True) -> list[LogSeal]:
    """Seal every day that is over and has no seal yet, and mail the newest to those who keep them."""
    entries.lock()
    before = newest()
    day = before.day + timedelta(days=1) if before else _first_day()
    made: list[LogSeal] = []
    now = clock.now()
    while day < clock.day_of(now):
        before = LogSeal(**_standing(day, before.size if before else 1), made=entries.moment(now), day=day,
                         previous=line_hash(before) if before else NOTHING)  # fmt: skip
        session().add(before)
        made.append(before)
        day += timedelta(days=1)
    session().flush()
    if made and mail:
        _mail(made)
    return made


def _first_day() -> date:
    """Return the day of the oldest act in the log: a company of which the history was written in one go has many."""
    at = session().scalar(select(func.min(LogEntry.at)))
    return clock.day_of(entries.read_moment(at)) if at else clock.today()


def _standing(day: date, at_least: int) -> dict[str, int | str]:
    """Return how large the log was at the end of a day, with the root and the newest hash of that size."""
    through = select(func.max(LogEntry.position)).where(LogEntry.at < entries.moment(clock.end_of(day)))
    size = max(session().scalar(through) or 0, at_least)  # a log never shrinks, whatever the clock did
    head = session().execute(select(LogEntry.hash).where(LogEntry.position == size)).scalar_one()
    return {"size": size, "root": tree.root(size).hex(), "head": head}


def do_job(batch: Sequence[Job]) -> None:
    """Enter what was said, seal what is to be sealed, and put the job of the coming night aside."""
    comments.enter_days()
    seal_days()
    schedule.put_aside()


def holders() -> Sequence[Person]:
    """Return who gets the seals: everyone who may sign for the works council or a union today."""
    today = clock.today()
    running = (
        select(Mandate.person_id)
        .join(Party, Party.id == Mandate.party_id)
        .where(
            Party.kind.in_(HOLDERS),
            Mandate.may_sign,
            Mandate.starts_on <= today,
            or_(Mandate.ends_on.is_(None), Mandate.ends_on >= today),
        )
    )
    return (
        session().scalars(select(Person).where(Person.id.in_(running), accounts.is_open()).order_by(Person.id)).all()
    )


def _mail(made: Sequence[LogSeal]) -> None:
    for person in holders():
        with i18n.speaking(person.language):
            subject = _("Zegel van het logboek, %(day)s", day=made[-1].day.isoformat())
            send(to=person.email, subject=subject, text=letter(person.name, made))


def letter(name: str, made: Sequence[LogSeal]) -> str:
    """Return the letter with the newest seal, in lines that the verifier can read back."""
    seal = made[-1]
    late = n_(
        "Dit zegel hoort bij %(n)s dag.",
        "De server zegelde %(n)s dagen tegelijk; dit is het zegel van de laatste.",
        len(made),
    )
    values = "\n".join(
        (
            f"{_('dag')}: {seal.day}",
            f"{_('omvang')}: {seal.size}",
            f"{_('wortel')}: {seal.root}",
            f"{_('kop')}: {seal.head}",
        )
    )
    paragraphs = (
        _("Hallo %(name)s,", name=name),
        _("Dit is het zegel van het logboek van %(org)s. Bewaar deze mail.", org=config.current().org_name),
        values,
        late,
        _("Verandert iemand later een regel in het logboek, dan past dit zegel niet meer. Nakijken kan hier:"),
        f"{config.current().base_url}/logboek",
        "Proeftuin",
    )
    return "\n\n".join(paragraphs) + "\n"
