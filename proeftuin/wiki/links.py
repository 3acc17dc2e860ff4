"""Wiki links: which page `[[Titel]]` means.

`[[Titel]]` and `[[adres-van-de-pagina]]` mean a page of the same space; `[[slug-van-de-proeftuin:Titel]]` and
`[[site:Begrippen]]` mean one of another. What must stay true: a link never tells a reader of the text that a page
exists which that reader may not see. So a page for everyone links to pages for everyone only, and a page for a team
to those and to the pages of the same team; all other targets are missing, whether they exist or not (decision 0032).
A title or address that a page once had keeps leading to it as long as no other page has it (decision 0064).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import ColumnElement, and_, or_, select

from proeftuin.db import session
from proeftuin.events.models import Audience, Subject
from proeftuin.markup import Link, find_targets, is_target
from proeftuin.naming import clean_line, slugify, title_key
from proeftuin.pilots.models import Pilot
from proeftuin.wiki.models import Page
from proeftuin.wiki.names import Former, load_former
from proeftuin.wiki.spaces import Space, site_space_id
from proeftuin.wiki.titles import MAX_KEY, is_slug, page_path, space_path

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

    @property
    def is_address(self) -> bool:
        """Return whether it was typed as an address."""
        return self.title == self.slug


class Links:
    """The links of one text that stands in a space and is read by an audience, looked up together."""

    def __init__(self, space: Space, audience: Audience, text: str) -> None:
        raw = find_targets(text)[:MAX_TARGETS]
        self._readable = _readable(space, audience)
        elsewhere = self._spaces(raw)
        self._targets = {target: _target(target, space, elsewhere) for target in raw}
        self._pages = self._load()
        self._former = self._load_former()

    @property
    def targets(self) -> Collection[str]:
        """Return the targets as they were typed, each once."""
        return self._targets.keys()

    def resolve(self, raw: str) -> Link:
        """Return where a link leads; a page that is missing, or must seem so, leads to the form for a new one."""
        target = self._targets.get(raw)
        if target is None:
            return Link(href="", exists=False)
        page = self._meant(target)
        if page is None:
            new = f"{space_path(target.pilot_slug)}/nieuwe-pagina?titel={quote(target.title)}"
            return Link(new, exists=False, label=target.title if target.is_elsewhere else None)
        path = page_path(target.pilot_slug, page.slug)
        # Whoever types an address means the page and not the address as a text.
        return Link(path, not page.is_gone, page.title if target.is_address else target.title, is_gone=page.is_gone)

    def mention(self, raw: str) -> tuple[int, str, str] | None:
        """Return the space, the key and the typed title that a link mentions, for the table of links."""
        target = self._targets.get(raw)
        if target is None or not target.key:
            return None
        page = self._meant(target)
        return (target.space_id, target.key if page is None or page.is_gone else page.title_key, target.title)

    def find_renamed(self, raw: str, page_id: int) -> Former | None:
        """Return the page when a link leads to it by a title or an address that it no longer has."""
        target = self._targets.get(raw)
        page = self._meant(target) if target is not None else None
        if target is None or not isinstance(page, Former) or page.is_gone or page.page_id != page_id:
            return None
        return page if target.is_address or (target.space_id, target.key) in self._former else None

    def named(self, raw: str, page: Former) -> str:
        """Return how a link that is there may name a page from now on: by its title, else by its address."""
        target = self._targets[raw]
        before = f"{raw.partition(':')[0]}:" if target.is_elsewhere else ""
        looks_elsewhere = not before and is_slug(page.title.partition(":")[0]) and ":" in page.title
        words = f"{before}{page.title}"
        return f"{before}{page.slug}" if looks_elsewhere or not is_target(words) else words

    def _meant(self, target: Target) -> _Found | Former | None:
        """Return the page of a target. A name that it has goes before one that it had; a title before an address
        that merely looks like it."""
        by_title, by_slug = (target.space_id, target.key), (target.space_id, f"/{target.slug}")
        found = self._pages.get(by_title) or (self._pages.get(by_slug) if target.is_address else None)
        if found is not None:
            return found
        former = self._former.get(by_title) or (self._former.get(by_slug) if target.is_address else None)
        if former is not None and not former.is_gone:
            return former
        return self._pages.get(by_slug) or former or self._former.get(by_slug)

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

    def _load_former(self) -> Mapping[tuple[int, str], Former]:
        """Return the pages that once had the names which no page has now."""
        open_ends = {
            (target.space_id, target.key, target.slug)
            for target in self._targets.values()
            if (target.space_id, target.key) not in self._pages
            and not (target.is_address and (target.space_id, f"/{target.slug}") in self._pages)
        }
        return load_former(open_ends, self._readable)

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
                Subject.is_gone.is_(False),
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
    is_gone: bool = False


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
