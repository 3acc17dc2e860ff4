"""Pages that are asked for (others link to them and they are not there) and pages to which no other page links.

What must stay true: who reads these lists learns nothing of pages that they may not read. A link counts when it is
in a page of theirs, and a page that they may not read is as missing here as behind its red link (decision 0032).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased

from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.events.models import Subject
from proeftuin.paging import Paged, paginate
from proeftuin.pilots.models import Pilot
from proeftuin.pilots.policy import readable_subjects, visible_subjects
from proeftuin.wiki import names
from proeftuin.wiki.lists import PageLine, lines
from proeftuin.wiki.models import Page, PageKind, PageLink, PageName
from proeftuin.wiki.names import Former, load_former
from proeftuin.wiki.spaces import SITE_ID
from proeftuin.wiki.titles import page_path, space_path

PER_PAGE = 50
NAMED = 3
"""So many of the pages that ask for one are named; the rest is a number."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page that is not there: its title as it was typed, how many pages link to it and some of them, where it can
    be made, and where it was when it was deleted."""

    title: str
    pages: int
    linking: Sequence[tuple[str, str]]
    new_path: str
    deleted_path: str

    @property
    def more(self) -> int:
        """Return how many pages are not named."""
        return self.pages - len(self.linking)


def list_wanted(actor: Actor, space_id: int, number: int = 1) -> Paged[Wanted]:
    """Return one page of the pages of a space that are asked for, the most wanted first.

    :raises NotFound: when the page lies beyond the end.
    """
    readers = _visible(actor)
    query: Any = (
        select(PageLink.target_key, func.max(PageLink.title), func.count(), Pilot.slug)
        .outerjoin(Pilot, Pilot.id == PageLink.space_id)
        .where(
            PageLink.space_id == space_id,
            PageLink.page_id.in_(readers),
            ~_has_page(readers),
            ~_had_page(readers),
        )
        .group_by(PageLink.target_key, Pilot.slug)
        .order_by(func.count().desc(), PageLink.target_key)
    )
    found = paginate(query, number, per_page=PER_PAGE)
    keys = [row[0] for row in found.rows]
    linking = _linking(space_id, keys, readers)
    former = load_former([(space_id, key, "") for key in keys], readable_subjects(actor))
    rows = [
        _wanted(title or key, count, linking[key], slug, former.get((space_id, key)))
        for key, title, count, slug in found.rows
    ]
    return replace(found, rows=rows)


def list_orphans(actor: Actor, space_id: int, number: int = 1) -> Paged[PageLine]:
    """Return one page of the pages of a space to which no other page links, by title. Pages that the menu or the
    pilot itself leads to are left out.

    :raises NotFound: when the page lies beyond the end.
    """
    link = aliased(PageLink)
    is_linked = exists().where(
        link.space_id == Page.space_id,
        link.target_key == Page.title_key,
        link.page_id != Page.id,
        link.page_id.in_(_visible(actor)),
    )
    query = (
        lines(actor)
        .where(
            Page.space_id == space_id,
            Page.kind != PageKind.START,
            ~((Page.space_id == SITE_ID) & Page.slug.in_(names.FIXED)),
            ~is_linked,
        )
        .order_by(Page.title_key)
    )
    found = paginate(query, number, per_page=PER_PAGE)
    return replace(found, rows=[PageLine(*row) for row in found.rows])


def _visible(actor: Actor) -> Select[Any]:
    """Select the numbers of what the actor finds, for use inside a statement about the same table."""
    return select(Subject.id).where(visible_subjects(actor)).correlate(None)


def _has_page(readers: Select[Any]) -> ColumnElement[bool]:
    return exists().where(
        Page.space_id == PageLink.space_id, Page.title_key == PageLink.target_key, Page.id.in_(readers)
    )


def _had_page(readers: Select[Any]) -> ColumnElement[bool]:
    """Return whether the title leads to a page that once had it; its links are only not brought up to date yet."""
    return exists().where(
        PageName.space_id == PageLink.space_id,
        PageName.title_key == PageLink.target_key,
        PageName.page_id.in_(readers),
    )


def _linking(space_id: int, keys: Sequence[str], readers: Select[Any]) -> dict[str, list[tuple[str, str]]]:
    """Return the first pages, by title, that link to each of some titles."""
    place = func.row_number().over(partition_by=PageLink.target_key, order_by=(Page.title_key, Page.id))
    ranked = (
        select(PageLink.target_key, Page.title, Subject.path, place.label("place"))
        .join(Page, Page.id == PageLink.page_id)
        .join(Subject, Subject.id == PageLink.page_id)
        .where(PageLink.space_id == space_id, PageLink.target_key.in_(keys), PageLink.page_id.in_(readers))
        .subquery()
    )
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    query = select(ranked).where(ranked.c.place <= NAMED).order_by(ranked.c.target_key, ranked.c.place)
    for key, title, path, _place in session().execute(query):
        found[key].append((title, path))
    return found


def _wanted(
    title: str, pages: int, linking: Sequence[tuple[str, str]], pilot_slug: str | None, former: Former | None
) -> Wanted:
    return Wanted(
        title=title,
        pages=pages,
        linking=linking,
        new_path=f"{space_path(pilot_slug)}/nieuwe-pagina?titel={quote(title)}",
        deleted_path=page_path(pilot_slug, former.slug) if former is not None and former.is_gone else "",
    )
