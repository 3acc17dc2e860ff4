"""Writing in the log: what happens elsewhere enters it, and what an entry holds can be erased.

What must stay true: when an entry cannot be written, the act does not happen either; erasing leaves the entry, its
hash and a mark that says so.
"""

from __future__ import annotations

import secrets

from sqlalchemy import delete, select

from proeftuin import clock
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Role
from proeftuin.audit import entries, schedule
from proeftuin.audit.kinds import ERASED, is_formal
from proeftuin.audit.models import LogActor, LogContent, LogEntry, LogErasure
from proeftuin.db import session
from proeftuin.errors import Invalid, NotFound
from proeftuin.events.models import Event, Subject
from proeftuin.i18n import _
from proeftuin.naming import clean_line

IN_WHICH_ROLE = (
    Role.EXECUTIVE,
    Role.WORKS_COUNCIL,
    Role.UNION_OFFICER,
    Role.CAO_SECRETARY,
    Role.PRIVACY_OFFICER,
    Role.ADMINISTRATOR,
    Role.HR,
    Role.MODERATOR,
    Role.LINE_MANAGER,
)
"""The role an entry names, the weightiest first. Not among them is what would tell that somebody is in a union."""
EMPLOYEE, SYSTEM = "medewerker", "systeem"


def hear(event: Event) -> None:
    """Enter a formal act in the log, in the transaction of the act."""
    if not is_formal(event):
        return
    actor = accounts.find_actor(event.actor_id) if event.actor_id is not None else None
    subject = session().get_one(Subject, event.subject_id)
    holds = {
        "who": actor.name if actor else "",
        "subject": {"kind": subject.kind.value, "title": subject.title, "path": subject.path},
        "summary": event.summary,
        "data": event.data,
    }
    entries.append(
        event.kind,
        event.at,
        holds,
        subject=event.subject_id,
        object=event.object_id,
        actor=_reference(event.actor_id, event.subject_id),
        role=_role(actor),
        party=_party(actor),
    )
    schedule.ensure()


def _role(actor: Actor | None) -> str:
    if actor is None:
        return SYSTEM
    return next((role.value for role in IN_WHICH_ROLE if role in actor.roles), EMPLOYEE)


def _party(actor: Actor | None) -> str:
    mandates = actor.mandates if actor else ()
    return next((mandate.party_name for mandate in mandates if mandate.may_sign), "")


def _reference(person_id: int | None, subject_id: int) -> str:
    if person_id is None:
        return ""
    known = session().get(LogActor, (person_id, subject_id))
    if known is None:
        known = LogActor(person_id=person_id, subject_id=subject_id, reference=secrets.token_hex(16))
        session().add(known)
    return known.reference


def erase(actor: Actor | None, position: int, *, reason: str) -> int:
    """Erase what an entry holds, with its salt, and return the place of the entry that says so.

    Only for the command line and the services that carry out a request for erasure; no screen leads here.

    :raises NotFound: when there is no such entry, or it holds nothing any more.
    :raises Invalid: without a reason.
    """
    why = clean_line(reason)
    if not why:
        raise Invalid({"reason": _("Schrijf waarom de inhoud wordt gewist.")})
    entries.lock()
    held = session().scalar(select(LogContent.position).where(LogContent.position == position))
    if held is None or session().scalar(select(LogEntry.act).where(LogEntry.position == position)) == ERASED:
        raise NotFound
    said = entries.append(
        ERASED, clock.now(), {"summary": why}, object=position, role=_role(actor), party=_party(actor)
    )
    session().add(LogErasure(position=position, entry=said))
    session().flush()  # the database lets go of what an entry holds only when the mark is there
    session().execute(delete(LogContent).where(LogContent.position == position))
    return said
