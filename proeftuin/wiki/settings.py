"""What can be changed about a page besides its text: title, kind, and who reads it.

What must stay true: an address that was once given leads to its page for ever; the start page and a decision are
never kept for the team, and a page that was one of these stays one, so that no detour hides it.
"""

from __future__ import annotations

from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.errors import Invalid
from proeftuin.events.models import Subject
from proeftuin.events.service import record
from proeftuin.i18n import _
from proeftuin.naming import slugify, title_key
from proeftuin.wiki import names, relinking, renderings
from proeftuin.wiki.checks import TitleTaken
from proeftuin.wiki.models import Page, PageKind
from proeftuin.wiki.policy import ALWAYS_OPEN, may_restrict
from proeftuin.wiki.rows import HasNumber, audience_of, find_by_title, get_revision, load_page
from proeftuin.wiki.spaces import Space
from proeftuin.wiki.titles import checked_title, free_slug, page_path


def change_settings(actor: Actor, page: HasNumber, *, title: str, kind: PageKind | None, restricted: bool) -> Page:
    """Give a page another title, kind or circle of readers; None leaves the kind.

    :raises Invalid: when one of them cannot be accepted; then nothing is changed.
    """
    row, space = load_page(actor, page.id, hold=True)
    _change_kind(row, space, kind or row.kind, restricted=restricted)
    rename(actor, row, space, title)
    _restrict(actor, row, space, restricted)
    return row


def set_restricted(actor: Actor, page: HasNumber, restricted: bool) -> Page:
    """Keep a page for the team, or open it to everyone.

    :raises Invalid: when the page is of a kind that is always open.
    """
    row, space = load_page(actor, page.id, hold=True)
    _change_kind(row, space, row.kind, restricted=restricted)
    _restrict(actor, row, space, restricted)
    return row


def rename(actor: Actor, page: Page, space: Space, raw_title: str) -> None:
    """Give a page another title and the address that goes with it; what led to the old ones leads to the new.

    :raises TitleTaken: when another page of the space has the title.
    """
    title = checked_title(raw_title)
    if title == page.title:
        return
    # In one space names are given one after the other, so that of two who want the same one the second is told.
    session().get(Subject, space.id, populate_existing=True, with_for_update={"key_share": True})
    other = find_by_title(space.id, title)
    if other is not None and other.id != page.id:
        raise TitleTaken(other.title, page_path(space.slug, other.slug))
    was, was_key, was_at = page.title, page.title_key, page.slug
    key, slug = title_key(title), _slug_for(page, space, title)
    if (key, slug) != (was_key, was_at):
        names.let_go(page)
    page.title, page.title_key, page.slug = title, key, slug
    subject = _subject(page)
    subject.title, subject.path = title, page_path(space.slug, slug)
    session().flush()  # someone who took the title at this very moment must show here
    touched = renderings.keys_of(title, slug) | {was_key} | names.keys_claimed(space.id, {key})
    renderings.mark_links(space.id, touched)
    record(actor.id, "page:renamed", page.id, object_id=page.current, was=was, was_at=was_at)
    relinking.relink(actor, page)


def _slug_for(page: Page, space: Space, title: str) -> str:
    """Return the address for a title; some pages keep theirs."""
    if names.has_fixed_place(page.kind, page.slug, space.slug):
        return page.slug
    return free_slug(title, names.slugs_of_others(space.id, slugify(title), but=page.id))


def _change_kind(page: Page, space: Space, kind: PageKind, *, restricted: bool) -> None:
    if page.kind in ALWAYS_OPEN and kind is not page.kind:
        raise Invalid({"kind": _("Van een startpagina of besluit kun je de soort niet veranderen.")})
    if restricted and not may_restrict(space.state, kind):
        raise Invalid({"restricted": _("Deze soort pagina is altijd voor iedereen te lezen.")})
    page.kind = kind


def _restrict(actor: Actor, page: Page, space: Space, restricted: bool) -> None:
    if page.is_restricted == restricted:
        return
    page.is_restricted = restricted
    audience = audience_of(page, space)
    _subject(page).audience = audience
    session().flush()  # links are resolved by what the database says
    # Its own links may now point at more or fewer pages; and to others it appears or goes.
    renderings.store(page, space, audience, get_revision(page, page.current).text)
    renderings.mark_links(space.id, renderings.keys_of(page.title, page.slug))
    record(actor.id, "page:restricted" if restricted else "page:opened", page.id, object_id=page.current)


def _subject(page: Page) -> Subject:
    return session().get_one(Subject, page.id)
