"""The text of pages as HTML: made at every save, made again when something around it changed.

A rendering is stale when an older renderer made it, or when a page it links to came, went or changed its name; then
its `renderer` is 0. What must stay true: a stale rendering is never shown (a reader gets a fresh one, made on the
spot) and a job makes it anew; only this module writes renderings and the table of links.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select, update

from proeftuin import markup
from proeftuin.db import session
from proeftuin.events.models import Audience, Job, Subject
from proeftuin.events.service import enqueue
from proeftuin.markup import RENDERER_VERSION, Rendered
from proeftuin.naming import slugify, title_key
from proeftuin.past import keeping
from proeftuin.pilots.models import Pilot
from proeftuin.pilots.policy import Standing
from proeftuin.wiki import attachments
from proeftuin.wiki.links import Links
from proeftuin.wiki.models import Page, PageLink, Rendering, Revision
from proeftuin.wiki.spaces import Space

JOB = "wiki.render"
BATCH = 20  # a batch is one transaction, and on SQLite others wait for it
EXCERPT = 280
STALE = 0


def render_text(space: Space, audience: Audience, text: str, *, page_id: int | None = None) -> Rendered:
    """Return a text as HTML, as it would read in a space for an audience; on a page it can show the files of it."""
    files = attachments.find(space, page_id, text)
    return markup.render(text, resolve=Links(space, audience, text).resolve, files=files)


def store(page: Page, space: Space, audience: Audience, text: str) -> None:
    """Render the newest text of a page and keep the HTML and the links."""
    links = Links(space, audience, text)
    rendered = markup.render(text, resolve=links.resolve, files=attachments.find(space, page.id, text))
    # As the database has it: marking what is stale passes by the rows that are here already.
    row = session().get(Rendering, page.id, populate_existing=True)
    if row is None:
        row = Rendering(page_id=page.id)
        session().add(row)
    row.number = page.current
    row.renderer = RENDERER_VERSION
    row.html = str(rendered.html)
    row.headings = [[heading.level, heading.id, heading.text] for heading in rendered.headings]
    row.excerpt = markup.excerpt(text, EXCERPT)
    row.is_degraded = rendered.degraded
    mentions = [mention for target in rendered.targets if (mention := links.mention(target))]
    _store_links(page.id, {(space_id, key): title for space_id, key, title in reversed(mentions)})


def _store_links(page_id: int, wanted: Mapping[tuple[int, str], str]) -> None:
    of_page = PageLink.page_id == page_id
    present = {(row.space_id, row.target_key): row for row in session().scalars(select(PageLink).where(of_page))}
    for gone in present.keys() - wanted.keys():
        session().delete(present[gone])
    for (space_id, key), title in sorted(wanted.items()):
        row = present.get((space_id, key))
        if row is None:
            session().add(PageLink(page_id=page_id, space_id=space_id, target_key=key, title=title))
        else:
            row.title = title
    session().flush()


def mark_links(space_id: int, keys: Collection[str]) -> None:
    """Let the pages that link to a title of a space be rendered anew."""
    linking = select(PageLink.page_id).where(PageLink.space_id == space_id, PageLink.target_key.in_(keys))
    _mark(Rendering.page_id.in_(linking))


def mark_space(space_id: int) -> None:
    """Let the pages of a space, and those that link into it, be rendered anew."""
    own = select(Page.id).where(Page.space_id == space_id)
    linking = select(PageLink.page_id).where(PageLink.space_id == space_id)
    _mark(or_(Rendering.page_id.in_(own), Rendering.page_id.in_(linking)))


def mark_files(subject_id: int) -> None:
    """Let the pages that may show the files of a page or a pilot be rendered anew."""
    newest = (Revision.page_id == Page.id) & (Revision.number == Page.current)
    mentions = (
        select(Page.id)
        .join(Revision, newest)
        .where(or_(Page.id == subject_id, Page.space_id == subject_id), Revision.text.contains("bestand"))
    )
    _mark(Rendering.page_id.in_(mentions))


def keys_of(title: str, slug: str) -> frozenset[str]:
    """Return how texts may mention a page: by its title, or by its address."""
    return frozenset({title_key(title), title_key(slug), title_key(slugify(title))})


def mark_outdated() -> int:
    """Let what an older renderer made be rendered anew, and return how many pages that are."""
    return _mark(Rendering.renderer != RENDERER_VERSION)


def _mark(which: Any) -> int:
    marked = update(Rendering).where(which).values(renderer=STALE).returning(Rendering.page_id)
    options = {"synchronize_session": False, **keeping.KEEPS_NO_PAST}
    ids = session().scalars(marked, execution_options=options).all()
    # Not as objects, for there may be many with long texts; that they were stale on this day is kept all the same.
    keeping.note(session(), Rendering, ((page_id,) for page_id in ids))
    if ids:
        enqueue(JOB)
    return len(ids)


def render_stale(jobs: Sequence[Job]) -> None:
    """Do the jobs: render some stale pages, and ask for more time when there are more."""
    stale = (
        select(Rendering)
        .where(Rendering.renderer != RENDERER_VERSION)
        .order_by(Rendering.page_id)
        .limit(BATCH + 1)
        # A page that is being saved is rendered by that save.
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    rows = session().scalars(stale).all()
    for row in rows[:BATCH]:
        render_again(row.page_id)
    if len(rows) > BATCH:
        enqueue(JOB)


def render_again(page_id: int) -> None:
    """Render the newest text of a page as it stands now."""
    query = (
        select(Page, Revision.text, Subject.audience, Pilot.slug)
        .join(Subject, Subject.id == Page.id)
        .join(Revision, (Revision.page_id == Page.id) & (Revision.number == Page.current))
        .outerjoin(Pilot, Pilot.id == Page.space_id)
        .where(Page.id == page_id)
        .execution_options(populate_existing=True)
    )
    page, text, audience, pilot_slug = session().execute(query).one()
    store(page, bare_space(page.space_id, pilot_slug), audience, text)


def bare_space(space_id: int, slug: str | None) -> Space:
    """Return a space as nobody in particular sees it: enough to resolve links in."""
    return Space(space_id, slug, "", None, Audience.EVERYONE, Standing(False, False, False), may_write=False)
