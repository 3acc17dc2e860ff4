"""Versions that may not be read any more, because the law says so: hidden in the open.

The version stays in the history, with who hid it, when and why; its text and what its writer said about it are shown
to nobody, on no screen and on no day that is looked back on. What must stay true: the newest version is never hidden;
every act is kept, hiding and showing again; whoever gives the text of an older version asks here first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, false, func, select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Person
from proeftuin.db import session
from proeftuin.errors import Conflict, NotAllowed, NotFound
from proeftuin.events.service import record
from proeftuin.i18n import _
from proeftuin.prepared import Prepared
from proeftuin.wiki.checks import checked_reason
from proeftuin.wiki.models import HiddenVersion, Page
from proeftuin.wiki.policy import may_hide
from proeftuin.wiki.queries import PageHead


@dataclass(frozen=True, slots=True)
class Hiding:
    """Who hid a version, when and why."""

    number: int
    who: str
    at: datetime
    reason: str


_ACTS = Prepared(
    select(HiddenVersion.number, HiddenVersion.is_hidden, Person.name, HiddenVersion.created_at, HiddenVersion.reason)
    .join(Person, Person.id == HiddenVersion.actor_id)
    .where(HiddenVersion.page_id == bindparam("page"))
    .order_by(HiddenVersion.id)
)


def list_hidings(page_id: int) -> dict[int, Hiding]:
    """Return the versions of a page that are hidden now, by number."""
    hidings: dict[int, Hiding] = {}
    for number, is_hidden, who, at, reason in _ACTS.rows(page=page_id):
        hidings.pop(number, None)
        if is_hidden:
            hidings[number] = Hiding(number, who, at, reason)
    return hidings


def find_hiding(page_id: int, number: int) -> Hiding | None:
    """Return who hid a version, when and why; None when it can be read."""
    return list_hidings(page_id).get(number)


def is_hidden(page_id: ColumnElement[int], number: ColumnElement[int]) -> ColumnElement[bool]:
    """Return whether a version of the statement around it is hidden, as a criterion."""
    newest = (
        select(HiddenVersion.is_hidden)
        .where(HiddenVersion.page_id == page_id, HiddenVersion.number == number)
        .order_by(HiddenVersion.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(newest, false())


def hide(actor: Actor, page: PageHead, number: int, *, reason: str) -> None:
    """Hide a version of a page; hiding it twice is hiding it once.

    :raises NotAllowed: when the actor may not do this.
    :raises Conflict: when it is the newest version.
    :raises Invalid: without a reason.
    """
    row = _held(actor, page, number)
    why = checked_reason(reason)
    if number == row.current:
        raise Conflict(newest_stays(), way_out=f"{page.path}/bewerken" if page.may_edit else page.path)
    if find_hiding(page.id, number) is None:
        _keep(actor, page.id, number, True, why)
        record(actor.id, "page:version_hidden", page.id, object_id=number, summary=why)


def show(actor: Actor, page: PageHead, number: int, *, reason: str) -> None:
    """Show a hidden version again; that it was hidden stays on record.

    :raises NotAllowed: when the actor may not do this.
    :raises Invalid: without a reason.
    """
    _held(actor, page, number)
    why = checked_reason(reason)
    if find_hiding(page.id, number) is not None:
        _keep(actor, page.id, number, False, why)
        record(actor.id, "page:version_shown", page.id, object_id=number, summary=why)


def newest_stays() -> str:
    """Return the sentence for who wants to hide the newest version."""
    return _(
        "De nieuwste versie kun je niet verbergen, want dat is de pagina zelf. Laat eerst een nieuwe versie opslaan "
        "zonder de tekst die weg moet."
    )


def require_hider(actor: Actor, page: PageHead) -> None:
    """Refuse someone who may not hide versions of a page.

    :raises NotAllowed: with the sentence that says who may.
    """
    if not may_hide(actor, page.audience, page.standing):
        raise NotAllowed(
            _("Een versie verbergen HR, de OR en de functionaris gegevensbescherming. Vraag het een van hen.")
        )


def _held(actor: Actor, page: PageHead, number: int) -> Page:
    """Return the row of a page, held so that two who hide or show at once come one after the other."""
    require_hider(actor, page)
    row = session().get_one(Page, page.id, populate_existing=True, with_for_update=True)
    if not 1 <= number <= row.current:
        raise NotFound
    return row


def _keep(actor: Actor, page_id: int, number: int, hidden: bool, reason: str) -> None:
    session().add(
        HiddenVersion(
            page_id=page_id,
            number=number,
            is_hidden=hidden,
            reason=reason,
            actor_id=actor.id,
            created_at=clock.now(),
        )
    )
    session().flush()
