"""Titles to choose from while somebody types `[[`.

What must stay true: nothing is offered that its reader may not see, and nothing to which the text could not link: a
page for everyone links to pages for everyone only (decision 0032).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, or_, select

from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.events.models import Audience, Subject
from proeftuin.i18n import _
from proeftuin.markup import is_target
from proeftuin.naming import slugify, title_key
from proeftuin.pilots.models import Pilot
from proeftuin.pilots.policy import visible_subjects
from proeftuin.wiki.links import SITE
from proeftuin.wiki.models import Page, PageName
from proeftuin.wiki.spaces import Space

LONGEST = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """A page that can be linked to: its title, what to type for it, and where it stands when that is elsewhere."""

    title: str
    target: str
    place: str


def complete(actor: Actor, space: Space, typed: str, *, for_team: bool) -> list[Choice]:
    """Return the pages whose title holds what was typed, or held it before it was changed: those of the space first,
    and first what begins with it."""
    prefix, colon, rest = typed.partition(":")
    words = rest if colon and rest.strip() else typed
    key = title_key(words).strip()
    escaped = key.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    begins = Page.title_key.like(f"{escaped}%", escape="\\")
    holds = Page.title_key.like(f"%{escaped}%", escape="\\")
    here = Page.space_id == space.id
    readers = Subject.audience == Audience.EVERYONE
    if for_team and space.circle_id is not None:
        readers = or_(readers, Subject.circle_id == space.circle_id)
    formerly = PageName.title_key.like(f"%{escaped}%", escape="\\")
    former = (
        select(PageName.title)
        .where(PageName.page_id == Page.id, formerly, PageName.title_key != Page.title_key)
        .order_by(PageName.id.desc())
        .limit(1)
        .correlate(Page)
        .scalar_subquery()
    )
    had = Page.id.in_(select(PageName.page_id).where(formerly))
    query = (
        select(Page.title, Page.slug, Page.space_id, Pilot.slug, Pilot.title, case((holds, None), else_=former))
        .join(Subject, Subject.id == Page.id)
        .outerjoin(Pilot, Pilot.id == Page.space_id)
        .where(or_(holds, had) if key else holds, readers, visible_subjects(actor))
        .order_by(case((here, 0), else_=1), case((begins, 0), (holds, 1), else_=2), Page.title_key, Page.id)
        .limit(LONGEST)
    )
    if words is not typed:
        query = query.where(Pilot.slug == slugify(prefix) if prefix != SITE else Pilot.id.is_(None))
    return [_choice(space, row) for row in session().execute(query)]


def _choice(space: Space, row: Sequence[Any]) -> Choice:
    title, slug, space_id, pilot, pilot_title, former = row
    before = "" if space_id == space.id else f"{pilot or SITE}:"
    place = pilot_title or "" if before else ""
    if former is not None:  # found by a name that it had
        known = _("heette eerder “%(title)s”", title=former)
        place = f"{place}, {known}" if place else known
    words = title if is_target(f"{before}{title}") else slug
    return Choice(title, f"{before}{words}", place)
