"""Pages and versions that were written elsewhere and come in with their history.

What must stay true: a version keeps the moment, the writer and the text that it had; a version never comes between
or over versions that are here already, it only follows them; nobody is told of what is long past, and the newest text
is rendered and indexed once, when the last version is in. Who may let a page come in is decided by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from proeftuin import clock
from proeftuin.db import session
from proeftuin.errors import NotAllowed, NotFound
from proeftuin.events import service as events
from proeftuin.events.models import Audience, Event, Subject, SubjectKind
from proeftuin.i18n import _
from proeftuin.naming import slugify, title_key
from proeftuin.pilots.models import Pilot, State
from proeftuin.pilots.policy import NOBODY
from proeftuin.wiki import anchors, renderings
from proeftuin.wiki.models import Page, PageKind, Rendering, Revision
from proeftuin.wiki.policy import may_restrict
from proeftuin.wiki.rows import audience_of, taken_slugs
from proeftuin.wiki.spaces import SITE_ID, Space
from proeftuin.wiki.titles import free_slug, page_path


@dataclass(frozen=True, slots=True)
class Arrival:
    """One version as it was written elsewhere. `base` and `restores` are numbers of versions here."""

    at: datetime
    text: str
    author_id: int | None
    alias: str | None
    summary: str
    is_minor: bool
    base: int | None
    restores: int | None


def open_space(slug: str | None) -> Space:
    """Return the pilot with this address, or the site for None, as a place where pages come in.

    :raises NotFound: when there is no such pilot.
    :raises NotAllowed: when its pages do not change any more.
    """
    query = (
        select(Subject.id, Pilot.slug, Subject.title, Pilot.state, Subject.audience)
        .outerjoin(Pilot, Pilot.id == Subject.id)
        .where(Subject.id == SITE_ID if slug is None else Pilot.slug == slug)
    )
    row = session().execute(query).one_or_none()
    if row is None:
        raise NotFound
    if row.state is State.ARCHIVED:
        raise NotAllowed(_("Deze proeftuin is gearchiveerd. De pagina’s veranderen niet meer."))
    return Space(row.id, row.slug, row.title, row.state, row.audience, NOBODY, may_write=True)


class ArrivingPage:
    """One page to which versions are added in their order; `finish` makes the newest text readable."""

    def __init__(self, space: Space, page: Page) -> None:
        self.space = space
        self.page = page
        self._moment: datetime | None = None
        self._before = page.current
        self._text = ""
        self._size = _size_of(page) if page.current else 0
        self._last: Event | None = None

    @classmethod
    def make(cls, space: Space, *, title: str, kind: PageKind, is_restricted: bool, first: Arrival) -> ArrivingPage:
        """Make a page as old as its first version. The title was checked and is free.

        :raises NotAllowed: when it is restricted, and pages of this kind cannot be that here.
        """
        if is_restricted and not may_restrict(space.state, kind):
            raise NotAllowed(_("Deze soort pagina is altijd voor iedereen te lezen."))
        slug = free_slug(title, taken_slugs(space.id, title))
        with clock.at(first.at):
            subject = events.create_subject(
                SubjectKind.PAGE,
                title=title,
                path=page_path(space.slug, slug),
                audience=Audience.TEAM if is_restricted else space.audience,
                circle_id=space.circle_id,
            )
            page = Page(
                id=subject.id,
                space_id=space.id,
                slug=slug,
                title=title,
                title_key=title_key(title),
                kind=kind,
                is_restricted=is_restricted,
                author_id=first.author_id,
                created_at=first.at,
                changed_at=first.at,
            )
            session().add(page)
            session().flush()  # the versions refer to the page
        return cls(space, page)

    def add(self, arrival: Arrival) -> int:
        """Add a version after those that are there, and return its number."""
        if self._moment is not None and clock.day_of(self._moment) != clock.day_of(arrival.at):
            self.settle()
        self._moment = arrival.at
        page, number = self.page, self.page.current + 1
        page.current, page.changed_at = number, arrival.at
        session().add(_revision(page.id, number, arrival))
        with clock.at(arrival.at):
            self._last = self._record(number, arrival)
        self._text, self._size = arrival.text, len(arrival.text)
        return number

    def _record(self, number: int, arrival: Arrival) -> Event:
        data: dict[str, Any] = {"imported": True, "delta": len(arrival.text) - self._size}
        if arrival.alias is not None:
            data["alias"] = arrival.alias
        return events.record_untold(
            arrival.author_id,
            "page:created" if number == 1 else "page:saved" if arrival.restores is None else "page:restored",
            self.page.id,
            object_id=number,
            summary=arrival.summary,
            minor=arrival.is_minor,
            data=data,
        )

    def settle(self) -> None:
        """Write what was added, at its own time: what is remembered of a day is how things stood at its end."""
        with clock.at(self._moment or clock.now()):
            session().flush()

    def finish(self) -> None:
        """Render the newest text, let what links here know of a new page, and let the page be found."""
        if self._last is None or self._moment is None:
            return
        self.settle()
        is_new = session().get(Rendering, self.page.id) is None
        with clock.at(self._moment):
            renderings.store(self.page, self.space, audience_of(self.page, self.space), self._text)
            session().flush()
            anchors.move_along(self.page, self.page.current, self._before, self._text)
        if is_new:
            keys = renderings.keys_of(self.page.title, self.page.slug)
            taken = taken_slugs(self.space.id, self.page.title)
            renderings.mark_links(self.space.id, keys | {taken.get(slugify(self.page.title), "")})
        events.tell(self._last)


def _revision(page_id: int, number: int, arrival: Arrival) -> Revision:
    return Revision(
        page_id=page_id,
        number=number,
        base=arrival.base,
        text=arrival.text,
        size=len(arrival.text),
        summary=arrival.summary,
        is_minor=arrival.is_minor,
        restores=arrival.restores,
        author_id=arrival.author_id,
        alias=arrival.alias,
        created_at=arrival.at,
    )


def _size_of(page: Page) -> int:
    newest = select(Revision.size).where(Revision.page_id == page.id, Revision.number == page.current)
    return session().scalars(newest).one()
