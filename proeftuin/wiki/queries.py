"""Reading pages. The page view is the busiest screen of the product, so it is one prepared statement.

What must stay true: a page that the reader may not see is not found, in the same way as one that does not exist;
lists and counts hold nothing of such pages either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import BindParameter, Select, and_, bindparam, column, exists, func, or_, select, table

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Person
from proeftuin.db import session
from proeftuin.errors import Moved, NotFound
from proeftuin.events.models import Audience, Subject
from proeftuin.markup import RENDERER_VERSION, Heading, Rendered
from proeftuin.pilots.heads import concept_number
from proeftuin.pilots.models import Participation, Pilot, State, TeamMember
from proeftuin.pilots.policy import Standing, readable_subjects, readable_to, standing_of, visible_to
from proeftuin.prepared import Prepared
from proeftuin.talk.models import Comment, Thread
from proeftuin.wiki import anchors, draft_lists
from proeftuin.wiki.lists import PageLine, latest_progress, lines, list_pages
from proeftuin.wiki.models import Page, PageKind, PageLink, Rendering
from proeftuin.wiki.names import find_new_path
from proeftuin.wiki.policy import may_suggest, may_write
from proeftuin.wiki.renderings import render_text
from proeftuin.wiki.rows import PageGone
from proeftuin.wiki.spaces import SITE_ID, Space, get_space, site_space_id
from proeftuin.wiki.suggestions import count_of_page
from proeftuin.wiki.texts import get_text
from proeftuin.wiki.titles import is_slug, space_path

__all__ = [
    "PageHead",
    "PageLine",
    "PageView",
    "get_page",
    "get_space",
    "get_text",
    "latest_progress",
    "list_pages",
    "site_space_id",
]

LINE = 140

# Who follows what, and what deviates from the cao, is the business of packages above this one; their tables are only
# asked a question here.
_FOLLOW = table("follow", column("subject_id"), column("person_id"))
_DEVIATION = table("deviation", column("pilot_id"), column("code"))


class PageHead(NamedTuple):
    """A page with what stands around it on each of its screens. `pilot` and `state` are None on the site."""

    id: int
    space_id: int
    slug: str
    title: str
    kind: PageKind
    is_restricted: bool
    current: int
    path: str
    audience: Audience
    pilot: str | None
    pilot_title: str | None
    state: State | None
    is_member: bool
    is_lead: bool
    participates: bool
    is_following: bool
    talk: int
    may_edit: bool
    deleted_at: datetime | None = None
    suggestions: int = 0
    from_outside: bool = False

    @property
    def is_deleted(self) -> bool:
        """Return whether the page was deleted; only its history and its talk can still be read."""
        return self.deleted_at is not None

    @property
    def may_suggest(self) -> bool:
        """Return whether the reader is one of those who suggest a change instead of making it."""
        return not self.may_edit and not self.is_deleted and may_suggest(self.state, from_outside=self.from_outside)

    @property
    def standing(self) -> Standing:
        """Return how the reader stands to the pilot."""
        return Standing(self.is_member, self.is_lead, self.participates)

    @property
    def space(self) -> Space:
        """Return where the page stands."""
        # A page for everyone stands in a space for everyone; of the others only the team knows.
        return Space(
            id=self.space_id,
            slug=self.pilot,
            title=self.pilot_title or "",
            state=self.state,
            audience=self.audience,
            standing=self.standing,
            may_write=self.may_edit,
            from_outside=self.from_outside,
        )

    @property
    def space_path(self) -> str:
        """Return the address under which the pages of the same space stand."""
        return space_path(self.pilot)


class PageView(NamedTuple):
    """The newest text of a page, ready to be read."""

    head: PageHead
    html: str
    headings: tuple[Heading, ...]
    is_degraded: bool
    author: str | None
    created_at: datetime
    changed_at: datetime
    backlinks: int
    passages: int
    """How many of its passages are spoken about."""
    others_write: bool
    may_deviate: bool
    """Whether its pilot has deviations with a number: then there may be something to tell of them."""


def _backlinks() -> Any:
    """Return the number of pages that link to the page at hand and that the person may see."""
    return (
        select(func.count())
        .select_from(PageLink)
        .join(Subject, Subject.id == PageLink.page_id)
        .where(
            PageLink.space_id == Page.space_id,
            PageLink.target_key == Page.title_key,
            PageLink.page_id != Page.id,
            visible_to(bindparam("person")),
        )
        .correlate(Page)
        .scalar_subquery()
    )


def _statement(*more: Any) -> Select[*tuple[Any, ...]]:
    person: BindParameter[int] = bindparam("person")
    follows = exists().where(_FOLLOW.c.subject_id == Page.id, _FOLLOW.c.person_id == person)
    takes_part = exists().where(Participation.pilot_id == Page.space_id, Participation.person_id == person)
    comments = select(func.coalesce(func.sum(Thread.comments), 0)).where(Thread.subject_id == Page.id)
    return (
        select(
            Page.id,
            Page.space_id,
            Page.slug,
            Page.title,
            Page.kind,
            Page.is_restricted,
            Page.current,
            Subject.path,
            Subject.audience,
            Pilot.slug,
            Pilot.title,
            Pilot.state,
            TeamMember.is_lead,
            takes_part,
            follows,
            comments.correlate(Page).scalar_subquery(),
            Page.deleted_at,
            count_of_page(),
            *more,
        )
        .select_from(Page)
        .join(Subject, Subject.id == Page.id)
        .outerjoin(Pilot, Pilot.id == Page.space_id)
        .outerjoin(TeamMember, and_(TeamMember.pilot_id == Page.space_id, TeamMember.person_id == person))
        .where(Page.slug == bindparam("slug"), readable_to(person))
    )


def _by_space(statement: Select[*tuple[Any, ...]]) -> dict[type, Prepared]:
    """Return the statement for each way to name a space: its number, the slug of its pilot, None for the site."""
    # An address of a concept keeps working after the pilot was opened, also for a form that is being sent.
    named = or_(Pilot.slug == bindparam("space"), Pilot.id == bindparam("concept"))
    of_pilot = select(Pilot.id).where(named).scalar_subquery()
    return {
        int: Prepared(statement.where(Page.space_id == bindparam("space"))),
        str: Prepared(statement.where(Page.space_id == of_pilot)),
        type(None): Prepared(statement.where(Page.space_id == SITE_ID)),
    }


_HEAD = _by_space(_statement())
_COLUMNS = len(_statement().selected_columns)
_VIEW = _by_space(
    _statement(
        Page.created_at,
        Page.changed_at,
        Person.name,
        Rendering.number,
        Rendering.renderer,
        Rendering.html,
        Rendering.headings,
        Rendering.is_degraded,
        _backlinks(),
        anchors.count_of_page(),
        draft_lists.others_write(),
        exists().where(_DEVIATION.c.pilot_id == Page.space_id, _DEVIATION.c.code.is_not(None)),
    )
    .outerjoin(Person, Person.id == Page.author_id)
    .outerjoin(Rendering, Rendering.page_id == Page.id)
)


def get_page(actor: Actor, space: int | str | None, slug: str, *, deleted: bool = False) -> PageHead:
    """Return a page by its space (a number, the slug of a pilot, or None for the site) and its slug.

    `deleted` is for screens that tell of a page that was deleted: its history and its talk.

    :raises NotFound: when there is none that this reader may see.
    :raises Moved: when the page has another address now.
    :raises PageGone: when it was deleted.
    """
    head = _head(actor, _first(_HEAD, actor, space, slug))
    if head.is_deleted and not deleted:
        raise PageGone(head.title, head.path)
    return head


def view_page(actor: Actor, space: int | str | None, slug: str) -> PageView:
    """Return a page with its newest text, ready to be read.

    :raises NotFound: when there is none that this reader may see.
    :raises Moved: when the page has another address now.
    :raises PageGone: when it was deleted.
    """
    row = _first(_VIEW, actor, space, slug, since=draft_lists.writing_since())
    head = _head(actor, row[:_COLUMNS])
    if head.is_deleted:
        raise PageGone(head.title, head.path)
    created_at, changed_at, author, number, renderer, html, headings, is_degraded, *counted = row[_COLUMNS:]
    if renderer == RENDERER_VERSION and number == head.current:
        parts = tuple(map(Heading._make, headings))
    else:
        fresh = render_version(head, head.current)
        html, parts, is_degraded = str(fresh.html), fresh.headings, fresh.degraded
    return PageView(head, html, parts, is_degraded, author, created_at, changed_at, *counted)


def get_path(actor: Actor, page_id: int) -> str:
    """Return the address of a page by its number; that of a deleted page is its tombstone.

    :raises NotFound: when there is none that this reader may see.
    """
    wanted = select(Subject.path).join(Page, Page.id == Subject.id).where(Page.id == page_id)
    path = session().scalar(wanted.where(readable_subjects(actor)))
    if path is None:
        raise NotFound
    return path


def _first(
    statements: Mapping[type, Prepared], actor: Actor, space: int | str | None, slug: str, **more: object
) -> Any:
    if not is_slug(slug) or (isinstance(space, str) and not is_slug(space)):
        raise NotFound
    wanted = {"person": actor.id, "slug": slug, "space": space, **more}
    if isinstance(space, str):
        wanted["concept"] = concept_number(space)
    row = statements[type(space)].first(**wanted)
    if row is not None:
        return row
    path = find_new_path(actor, space, slug)
    if path is not None:
        raise Moved(slug, path)
    raise NotFound


def _head(actor: Actor, row: Sequence[Any]) -> PageHead:
    number, space_id, slug, title, kind, is_restricted, current, path = row[:8]
    audience, pilot, pilot_title, state, is_lead, participates, is_following, talk, deleted_at, suggestions = row[8:]
    standing = standing_of(is_lead, participates)
    return PageHead(
        id=number,
        space_id=space_id,
        slug=slug,
        title=title,
        kind=kind,
        is_restricted=is_restricted,
        current=current,
        path=path,
        audience=audience,
        pilot=pilot,
        pilot_title=pilot_title,
        state=state,
        is_member=standing.is_member,
        is_lead=standing.is_lead,
        participates=participates,
        is_following=is_following,
        talk=talk,
        may_edit=deleted_at is None and may_write(actor, state, standing),
        deleted_at=deleted_at,
        suggestions=suggestions,
        from_outside=actor.is_external,
    )


def render_version(head: PageHead, number: int) -> Rendered:
    """Return a version of a page as HTML, with links as they are now.

    :raises NotFound: when the page has no version with this number.
    """
    return render_text(head.space, head.audience, get_text(head.id, number), page_id=head.id)


def list_backlinks(actor: Actor, page: PageHead) -> list[PageLine]:
    """Return the pages that link to a page and that the actor may see, by title."""
    key = select(Page.title_key).where(Page.id == page.id).scalar_subquery()
    linking = select(PageLink.page_id).where(PageLink.space_id == page.space_id, PageLink.target_key == key)
    query = lines(actor).where(Page.id.in_(linking), Page.id != page.id).order_by(Page.title_key)
    return [PageLine(*row) for row in session().execute(query)]


class Heard(NamedTuple):
    """The last words of a conversation; `alias` is set when they were written under a pseudonym."""

    words: str
    name: str | None
    alias: str | None
    at: datetime


_LAST_WORDS = Prepared(
    select(func.substr(Comment.html, 1, 500), Person.name, Comment.alias, Comment.created_at)
    .select_from(Thread)
    .join(
        Comment,
        Comment.id
        == select(func.max(Comment.id))
        .where(Comment.thread_id == Thread.id, Comment.deleted_at.is_(None))
        .correlate(Thread)
        .scalar_subquery(),
    )
    .outerjoin(Person, Person.id == Comment.author_id)
    .where(Thread.subject_id == bindparam("subject"))
    .order_by(Thread.last_at.desc(), Thread.id.desc())
    .limit(2)
)


def last_words(page: PageHead) -> list[Heard]:
    """Return what was said last in the two newest conversations about a page."""
    if not page.talk:
        return []
    rows = _LAST_WORDS.rows(subject=page.id)
    return [Heard(_shortened(Markup(html).striptags()), name, alias, at) for html, name, alias, at in rows]


def _shortened(words: str) -> str:
    return words if len(words) <= LINE else words[:LINE].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
