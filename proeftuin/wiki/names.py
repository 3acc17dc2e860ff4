"""Names that pages had: a title and an address that no longer are theirs, and still lead to them.

A page that is renamed gets a new title and a new address; the old ones are kept here. What must stay true: an address
that a page ever had is never given to another page of its space, so every address that was once shown keeps leading
to what it meant; a title is free as soon as it is let go, and then means the page that took it (decision 0064).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.events.models import Subject
from proeftuin.naming import title_key
from proeftuin.pilots.policy import readable_subjects
from proeftuin.wiki.models import Page, PageKind, PageName
from proeftuin.wiki.spaces import SITE_ID, get_space

FIXED = frozenset({"begrippen", "hulp"})
"""Addresses of the site that the menu knows: these pages stay where they are, and stay."""


@dataclass(frozen=True, slots=True)
class Former:
    """A page that once was called `was`, as it is now."""

    page_id: int
    was: str
    slug: str
    title: str
    title_key: str
    is_gone: bool


def has_fixed_place(kind: PageKind, slug: str, space_slug: str | None) -> bool:
    """Return whether a page keeps its address for ever."""
    return kind is PageKind.START or (space_slug is None and slug in FIXED)


def let_go(page: Page) -> None:
    """Keep the name that a page has now, because it gets another or is deleted."""
    session().add(
        PageName(
            page_id=page.id,
            space_id=page.space_id,
            slug=page.slug,
            title=page.title,
            title_key=title_key(page.title),
            created_at=clock.now(),
        )
    )


def find_new_path(actor: Actor, space: int | str | None, slug: str) -> str | None:
    """Return where the page is now that once had an address, when the actor may read it."""
    query = (
        select(Subject.path)
        .join(PageName, PageName.page_id == Subject.id)
        .where(PageName.space_id == _space_number(actor, space), PageName.slug == slug, readable_subjects(actor))
        .order_by(PageName.id.desc())
        .limit(1)
    )
    return session().scalar(query)


def _space_number(actor: Actor, space: int | str | None) -> ColumnElement[int] | int:
    if isinstance(space, int):
        return space
    if space is None:
        return SITE_ID
    # A concept that was opened had another address; who follows that one is helped as well.
    return get_space(actor, space).id


def load_former(
    wanted: Collection[tuple[int, str, str]], readable: ColumnElement[bool]
) -> Mapping[tuple[int, str], Former]:
    """Return the pages that once had titles or addresses, by title key and by `/slug`.

    `wanted` holds spaces with a title key and a slug. Of several pages that had a name, the one that is still there
    counts, and of these the one that had it last.
    """
    if not wanted:
        return {}
    query = (
        select(PageName, Page.slug, Page.title, Page.title_key, Subject.is_gone)
        .join(Page, Page.id == PageName.page_id)
        .join(Subject, Subject.id == PageName.page_id)
        .where(
            PageName.space_id.in_({space_id for space_id, _, _ in wanted}),
            or_(
                PageName.title_key.in_({key for _, key, _ in wanted}),
                PageName.slug.in_({slug for _, _, slug in wanted}),
            ),
            readable,
        )
        .order_by(Subject.is_gone.desc(), PageName.id)  # later rows count more
    )
    found: dict[tuple[int, str], Former] = {}
    for name, slug, title, key, is_gone in session().execute(query):
        former = Former(name.page_id, name.title, slug, title, key, is_gone)
        found[name.space_id, name.title_key] = found[name.space_id, f"/{name.slug}"] = former
    return found


def names_of(page_id: int) -> list[PageName]:
    """Return the names that a page had, the oldest first."""
    return list(session().scalars(select(PageName).where(PageName.page_id == page_id).order_by(PageName.id)))


def keys_claimed(space_id: int, keys: Collection[str]) -> set[str]:
    """Return the title keys of the pages that links with these keys have led to, because they once had the name."""
    query = (
        select(Page.title_key)
        .join(PageName, PageName.page_id == Page.id)
        .where(PageName.space_id == space_id, PageName.title_key.in_(keys))
    )
    return set(session().scalars(query))


def slugs_of_others(space_id: int, beginning: str, *, but: int | None = None) -> set[str]:
    """Return the addresses with a beginning that belong, or once belonged, to other pages of a space."""
    now = select(Page.slug).where(Page.space_id == space_id, Page.slug.startswith(beginning, autoescape=True))
    once = select(PageName.slug).where(
        PageName.space_id == space_id, PageName.slug.startswith(beginning, autoescape=True)
    )
    if but is not None:
        now, once = now.where(Page.id != but), once.where(PageName.page_id != but)
    return set(session().scalars(now.union(once)))
