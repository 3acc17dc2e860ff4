"""Deleting a page: a tombstone with a reason stays, and everything can be brought back.

A deleted page keeps its number, its address, its versions and its talk. It stands in no list, count, feed, search or
choice any more (`Subject.is_gone`), and its title is free for another page. What must stay true: nothing is removed;
the address is never given to another page; start pages, decisions and the pages that the menu knows are never deleted
(decision 0065).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Person
from proeftuin.db import session
from proeftuin.errors import NotAllowed, NotFound
from proeftuin.events.models import Subject
from proeftuin.events.service import record
from proeftuin.i18n import _
from proeftuin.naming import title_key
from proeftuin.wiki import names, renderings
from proeftuin.wiki.checks import TitleTaken, checked_reason
from proeftuin.wiki.models import Page, PageKind
from proeftuin.wiki.rows import HasNumber, find_by_title, load_page, require_writer
from proeftuin.wiki.spaces import Space, get_space
from proeftuin.wiki.titles import checked_title, page_path


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Who deleted a page, when and why; `taken` is a page that has its title now."""

    who: str | None
    at: datetime
    reason: str
    taken: TitleTaken | None


def keeps_its_place(kind: PageKind, slug: str, space_slug: str | None) -> bool:
    """Return whether a page can never be deleted."""
    return kind is PageKind.DECISION or names.has_fixed_place(kind, slug, space_slug)


def stays() -> str:
    """Return the sentence for who wants to delete a page that always stays."""
    return _("Deze pagina kan niet weg. Startpagina’s, besluiten, de begrippen en de hulp blijven altijd staan.")


def get_tombstone(space: Space, page_id: int) -> Tombstone:
    """Return what is told of a deleted page.

    :raises NotFound: when the page was not deleted.
    """
    query = select(Page, Person.name).outerjoin(Person, Person.id == Page.deleted_by_id).where(Page.id == page_id)
    page, who = session().execute(query).one()
    if page.deleted_at is None:
        raise NotFound
    other = find_by_title(space.id, page.title)
    taken = TitleTaken(other.title, page_path(space.slug, other.slug)) if other is not None else None
    # A page that only the team may read must not be told to others by the title that it has.
    if taken and other and other.is_restricted and not space.standing.is_member:
        taken = None
    return Tombstone(who, page.deleted_at, page.deleted_reason, taken)


def delete_page(actor: Actor, page: HasNumber, *, reason: str) -> None:
    """Delete a page, for a reason that stays to be read at its address.

    :raises NotAllowed: when it is a page that always stays, or the actor does not write here.
    :raises PageGone: when it was deleted already.
    :raises Invalid: without a reason.
    """
    row, space = load_page(actor, page.id, hold=True)
    if keeps_its_place(row.kind, row.slug, space.slug):
        raise NotAllowed(stays())
    why = checked_reason(reason)
    was_key = row.title_key
    names.let_go(row)
    row.deleted_at, row.deleted_by_id, row.deleted_reason = clock.now(), actor.id, why
    row.title_key = f" {row.id}"  # unique, and never the key of a title
    _subject(row).is_gone = True
    session().flush()  # links are resolved by what the database says
    renderings.mark_links(space.id, renderings.keys_of(row.title, row.slug) | {was_key})
    record(actor.id, "page:deleted", row.id, object_id=row.current, summary=why)


def undelete_page(actor: Actor, page: HasNumber, *, title: str) -> Page:
    """Bring a deleted page back at its own address, under its own title or another one.

    :raises TitleTaken: when another page has the title by now.
    """
    row, space = _load_deleted(actor, page.id)
    if row.deleted_at is None:
        return row
    title = checked_title(title)
    session().get(Subject, space.id, populate_existing=True, with_for_update={"key_share": True})
    other = find_by_title(space.id, title)
    if other is not None:
        raise TitleTaken(other.title, page_path(space.slug, other.slug))
    row.title, row.title_key = title, title_key(title)
    row.deleted_at, row.deleted_by_id, row.deleted_reason = None, None, ""
    subject = _subject(row)
    subject.title, subject.is_gone = title, False
    session().flush()
    claimed = names.keys_claimed(space.id, {row.title_key})
    was = {name.title_key for name in names.names_of(row.id)}
    renderings.mark_links(space.id, renderings.keys_of(title, row.slug) | claimed | was)
    record(actor.id, "page:undeleted", row.id, object_id=row.current)
    return row


def _load_deleted(actor: Actor, page_id: int) -> tuple[Page, Space]:
    query = select(Page).where(Page.id == page_id).execution_options(populate_existing=True).with_for_update()
    page = session().scalar(query)
    if page is None:
        raise NotFound
    space = get_space(actor, page.space_id)
    if page.is_restricted and not space.standing.is_member:
        raise NotFound
    require_writer(space)
    return page, space


def _subject(page: Page) -> Subject:
    return session().get_one(Subject, page.id)
