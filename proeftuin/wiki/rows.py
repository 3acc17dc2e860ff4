"""The rows that writing begins from, and who may have them to write in."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import select

from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.errors import Gone, NotAllowed, NotFound
from proeftuin.events.models import Audience
from proeftuin.i18n import _
from proeftuin.naming import slugify, title_key
from proeftuin.past.day import is_past
from proeftuin.wiki.models import Page, Revision
from proeftuin.wiki.policy import may_suggest
from proeftuin.wiki.spaces import Space, get_space
from proeftuin.wiki.titles import page_path


class PageGone(Gone):
    """The page was deleted; whoever may read it finds at its address who did that, when and why."""

    def __init__(self, title: str, path: str) -> None:
        super().__init__(
            _(
                "De pagina “%(title)s” is verwijderd. Wie dat deed en waarom, staat op haar oude adres. Wie er mag "
                "schrijven, kan haar daar terughalen.",
                title=title,
            ),
            way_out=path,
        )


class HasNumber(Protocol):
    """Whatever stands for a page: its row, or what a reader sees of it."""

    @property
    def id(self) -> int:
        """Return the number of the page."""


def load_page(actor: Actor, page_id: int, *, hold: bool = False) -> tuple[Page, Space]:
    """Return the row of a page to be written, and its space as the actor sees it. `hold` keeps others waiting.

    :raises PageGone: when it was deleted.
    :raises NotAllowed: when the actor may only read it.
    """
    page, space = load_readable(actor, page_id, hold=hold)
    require_writer(space)
    return page, space


def load_readable(actor: Actor, page_id: int, *, hold: bool = False) -> tuple[Page, Space]:
    """Return the row of a page that the actor may read, and its space as the actor sees it.

    :raises PageGone: when it was deleted.
    """
    query = select(Page).where(Page.id == page_id).execution_options(populate_existing=True)
    page = session().scalar(query.with_for_update() if hold else query)
    if page is None:
        raise NotFound
    space = get_space(actor, page.space_id)
    if page.is_restricted and not space.standing.is_member:
        raise NotFound
    if page.deleted_at is not None:
        raise PageGone(page.title, page_path(space.slug, page.slug))
    return page, space


def require_writer(space: Space) -> None:
    """Refuse someone who may not write in a space.

    :raises NotAllowed: with the sentence that says who may.
    """
    if space.may_write:
        return
    if space.from_outside:
        raise NotAllowed(_("Pagina’s schrijven alleen mensen die hier werken. Meepraten kan in het gesprek."))
    if space.state is None:
        raise NotAllowed(_("De pagina’s van de site schrijven HR en de OR. Je kunt wel een wijziging voorstellen."))
    if space.standing.is_member:
        raise NotAllowed(_("Deze proeftuin is gearchiveerd. De pagina’s veranderen niet meer."))
    raise NotAllowed(
        _(
            "Alleen het proeftuinteam schrijft hier. Je kunt wel een wijziging voorstellen, of meepraten in het "
            "gesprek."
        )
    )


def require_suggester(space: Space) -> None:
    """Refuse to take a suggestion from outside the company, or for a space where nobody can decide about it any more.

    :raises NotAllowed: with the reason.
    """
    if is_past():
        raise NotAllowed(_("Je kijkt naar een dag die voorbij is. Ga terug naar vandaag om iets voor te stellen."))
    if space.from_outside:
        raise NotAllowed(_("Een wijziging voorstellen kan alleen wie hier werkt. Meepraten kan in het gesprek."))
    if not may_suggest(space.state, from_outside=False):
        raise NotAllowed(_("Deze proeftuin is gesloten. De pagina’s veranderen niet meer."))


def audience_of(page: Page, space: Space) -> Audience:
    """Return who reads a page: whoever reads its space, or only the team."""
    return Audience.TEAM if page.is_restricted else space.audience


def find_by_title(space_id: int, title: str) -> Page | None:
    """Return the page of a space with this title, whatever the case and accents."""
    return session().scalar(select(Page).where(Page.space_id == space_id, Page.title_key == title_key(title)))


def taken_slugs(space_id: int, title: str) -> dict[str, str]:
    """Return the slugs that begin like the one the title would get, and the title key of the page of each."""
    query = select(Page.slug, Page.title_key).where(Page.space_id == space_id, Page.slug.startswith(slugify(title)))
    return dict(session().execute(query).all())


def find_revision(page: Page, number: int | None) -> Revision | None:
    """Return a version of a page."""
    return session().scalar(select(Revision).where(Revision.page_id == page.id, Revision.number == number))


def get_revision(page: Page, number: int) -> Revision:
    """Return a version of a page.

    :raises NotFound: when it has none with this number.
    """
    revision = find_revision(page, number)
    if revision is None:
        raise NotFound
    return revision
