"""Writing in the log: what happens elsewhere enters it, and what an entry holds can be erased.

What happens is remembered when it happens and written down at the end of its transaction, in its order: so the lock
of the log is the last one that is taken, and nobody who holds it waits for anybody else. What must stay true: when an
entry cannot be written, the act does not happen either; what a savepoint undid never enters; erasing leaves the
entry, its hash and a mark that says so.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session, SessionTransaction

from proeftuin import clock
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Role
from proeftuin.audit import entries, page_texts, schedule
from proeftuin.audit.kinds import ERASED, HIDDEN, is_formal
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
_WAITING = "log"
"""Under which name the acts of a transaction wait in its session."""


def hear(happened: Event) -> None:
    """Remember a formal act until the end of its transaction."""
    if not is_formal(happened):
        return
    waiting: list[Event] = session().info.setdefault(_WAITING, [])
    if waiting and clock.day_of(_moment(waiting[-1])) != clock.day_of(_moment(happened)):
        write_down()  # whoever tells of many days in one transaction has them sealed as those days
        waiting = session().info.setdefault(_WAITING, [])
    waiting.append(happened)


def _moment(happened: Event) -> datetime:
    """Return when an act enters: when it happened, and for what came in from elsewhere when it came in."""
    return clock.really_now() if happened.data.get("imported") else happened.at


@event.listens_for(Session, "before_commit")
def _at_the_end(ending: Session) -> None:
    """Write down what waits; a savepoint is no commit."""
    if ending.info.get(_WAITING) and not ending.in_nested_transaction():
        write_down()


@event.listens_for(Session, "after_soft_rollback")
def _forget(ending: Session, ended: SessionTransaction) -> None:
    """What was undone never enters. After a savepoint the rest stays: its events are still in the session."""
    if not ended.nested:
        ending.info.pop(_WAITING, None)


def write_down() -> None:
    """Enter what happened so far in this transaction."""
    session().flush()
    waiting: list[Event] = session().info.pop(_WAITING, [])
    acts = [happened for happened in waiting if happened in session()]
    if not acts:
        return
    entries.lock()  # before asking for references: two acts of one person at once give the same one
    page_hashes = page_texts.hashes(acts)
    actors: dict[int | None, Actor | None] = {None: None}
    entries.append_all([_act(happened, actors, page_hashes) for happened in acts])
    for happened in acts:
        if happened.kind == HIDDEN:
            _erase_text(happened)
    schedule.ensure()
    session().flush()


def _act(
    happened: Event, actors: dict[int | None, Actor | None], page_hashes: dict[tuple[int, int], str]
) -> entries.Act:
    if happened.actor_id not in actors:
        with clock.at(happened.at):  # by the mandates of that day
            actors[happened.actor_id] = accounts.find_actor(happened.actor_id or 0)
    actor = actors[happened.actor_id]
    subject = session().get_one(Subject, happened.subject_id)
    holds = {
        "who": actor.name if actor else "",
        "subject": {"kind": str(subject.kind), "title": subject.title, "path": subject.path},
        "summary": happened.summary,
        "data": happened.data,
    }
    if happened.kind in page_texts.KINDS and happened.object_id is not None:
        holds["text"] = page_hashes.get((happened.subject_id, happened.object_id), "")
    return entries.Act(
        happened.kind,
        _moment(happened),
        holds,
        subject=happened.subject_id,
        object=happened.object_id,
        actor=_reference(happened.actor_id, happened.subject_id),
        role=_role(actor),
        party=_party(actor),
    )


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
    write_down()
    entries.lock()
    held = session().scalar(select(LogContent.position).where(LogContent.position == position))
    if held is None or session().scalar(select(LogEntry.act).where(LogEntry.position == position)) == ERASED:
        raise NotFound
    said = entries.append(
        ERASED, clock.now(), {"summary": why}, object=position, role=_role(actor), party=_party(actor)
    )
    _let_go([position], said)
    return said


def _erase_text(happened: Event) -> None:
    """Let what the log holds of a version go with the version that was hidden, in one entry that says so."""
    positions: Sequence[int] = session().scalars(page_texts.entries_of(happened)).all()
    if positions:
        said = entries.append(ERASED, _moment(happened), {"summary": HIDDEN_TOO}, object=positions[0], role=SYSTEM)
        _let_go(positions, said)


HIDDEN_TOO = "De versie van de pagina is verborgen; wat het logboek ervan bewaarde, is gewist."


def _let_go(positions: Iterable[int], said: int) -> None:
    for position in positions:
        session().add(LogErasure(position=position, entry=said))
    session().flush()  # the database lets go of what an entry holds only when the mark is there
    session().execute(delete(LogContent).where(LogContent.position.in_(list(positions))))
