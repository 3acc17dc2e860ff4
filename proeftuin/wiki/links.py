"""Wiki links: which page `[[Titel]]` means.

`[[Titel]]` and `[[adres-van-de-pagina]]` mean a page of the same space; `[[slug-van-de-proeftuin:Titel]]` and
`[[site:Begrippen]]` mean one of another. What must stay true: a link never tells a reader of the text that a page
exists which that reader may not see. So a page for everyone links to pages for everyone only, and a page for a team
to those and to the pages of the same team; all other targets are missing, whether they exist or not (decision 0032).
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import ColumnElement, and_, or_, select

from proeftuin.db import session
from proeftuin.events.models import Audience, Subject
from proeftuin.markup import Link, find_targets
from proeftuin.naming import clean_line, slugify, title_key
from proeftuin.pilots.models import Pilot
from proeftuin.wiki.models import Page
from proeftuin.wiki.spaces import Space, site_space_id
from proeftuin.wiki.titles import MAX_KEY, page_path, space_path

# More links than this in one text are not looked up. The longest page of people who mean well has some dozens.
MAX_TARGETS = 1000
SITE = "site"


@dataclass(frozen=True, slots=True)
class Target:
    """What a link points at: a space, and a title in it."""

    space_id: int
    pilot_slug: str | None
    title: str
    is_elsewhere: bool

    @property
    def key(self) -> str:
        """Return how the target is remembered in the table of links."""
        return title_key(self.title)[:MAX_KEY]

    @property
    def slug(self) -> str:
        """Return the address the target would have."""
        return slugify(self.title)


class Links:
    """The links of one text that stands in a space and is read by an audience, looked up together."""

    def __init__(self, space: Space, audience: Audience, text: str) -> None:
        raw = find_targets(text)[:MAX_TARGETS]
        self._readable = _readable(space, audience)
        elsewhere = self._spaces(raw)
        self._targets = {target: _target(target, space, elsewhere) for target in raw}
        self._pages = self._load()

    def resolve(self, raw: str) -> Link:
        """Return where a link leads; a page that is missing, or must seem so, leads to the form for a new one."""
        target = self._targets.get(raw)
        if target is None:
            return Link(href="", exists=False)
        by_title = self._pages.get((target.space_id, target.key))
        page = by_title or self._pages.get((target.space_id, f"/{target.slug}"))
        if page is None:
            new = f"{space_path(target.pilot_slug)}/nieuwe-pagina?titel={quote(target.title)}"
            return Link(new, exists=False, label=target.title if target.is_elsewhere else None)
        # Whoever types an address means the page and not the address as a text.
        label = page.title if target.title == page.slug else target.title
        return Link(page_path(target.pilot_slug, page.slug), exists=True, label=label)

    def key(self, raw: str) -> tuple[int, str] | None:
        """Return the space and the title that a link mentions, for the table of links."""
        target = self._targets.get(raw)
        if target is None or not target.key:
            return None
        page = self._pages.get((target.space_id, f"/{target.slug}"))
        is_by_title = (target.space_id, target.key) in self._pages
        return (target.space_id, target.key if page is None or is_by_title else page.title_key)

    def _spaces(self, raw: tuple[str, ...]) -> dict[str, tuple[int, str | None]]:
        """Return the other spaces that are mentioned and may be known to exist, by prefix."""
        prefixes = {prefix for prefix, colon, rest in (target.partition(":") for target in raw) if colon and rest}
        if not prefixes:
            return {}
        pilots = (
            select(Pilot.slug, Pilot.id)
            .join(Subject, Subject.id == Pilot.id)
            .where(Pilot.slug.in_(prefixes), self._readable)
        )
        found: dict[str, tuple[int, str | None]] = {slug: (id, slug) for slug, id in session().execute(pilots)}
        if SITE in prefixes:
            found[SITE] = (site_space_id(), None)
        return found

    def _load(self) -> dict[tuple[int, str], _Found]:
        """Return the pages that are meant, by title key and by `/slug`."""
        targets = self._targets.values()
        if not targets:
            return {}
        query = (
            select(Page.space_id, Page.slug, Page.title, Page.title_key)
            .join(Subject, Subject.id == Page.id)
            .where(
                Page.space_id.in_({target.space_id for target in targets}),
                or_(
                    Page.title_key.in_({target.key for target in targets}),
                    Page.slug.in_({target.slug for target in targets}),
                ),
                self._readable,
            )
        )
        pages: dict[tuple[int, str], _Found] = {}
        for space_id, slug, title, key in session().execute(query):
            pages[space_id, key] = pages[space_id, f"/{slug}"] = _Found(slug, title, key)
        return pages


@dataclass(frozen=True, slots=True)
class _Found:
    slug: str
    title: str
    title_key: str


def _readable(space: Space, audience: Audience) -> ColumnElement[bool]:
    """Return which subjects everyone who reads the text may see."""
    for_all = Subject.audience == Audience.EVERYONE
    if audience is Audience.EVERYONE or space.circle_id is None:
        return for_all
    return or_(for_all, and_(Subject.audience == Audience.TEAM, Subject.circle_id == space.circle_id))


def _target(raw: str, space: Space, elsewhere: dict[str, tuple[int, str | None]]) -> Target:
    prefix, _, rest = raw.partition(":")
    if prefix in elsewhere and rest.strip():
        space_id, slug = elsewhere[prefix]
        return Target(space_id, slug, clean_line(rest), is_elsewhere=True)
    return Target(space.id, space.slug, clean_line(raw), is_elsewhere=False)
