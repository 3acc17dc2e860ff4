"""Adding a version to a page: the one way in which a text comes in.

What must stay true: a version is only ever added; whoever adds one keeps its rendering, its links and the places that
people talk about (`anchors`) in step.
"""

from __future__ import annotations

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.events.models import Audience
from proeftuin.wiki import anchors, renderings
from proeftuin.wiki.models import Page, Revision
from proeftuin.wiki.spaces import Space


def add_version(
    actor: Actor,
    page: Page,
    space: Space,
    audience: Audience,
    *,
    text: str,
    base: int | None,
    summary: str,
    minor: bool,
    restores: int | None = None,
    suggester_id: int | None = None,
) -> None:
    """Make a text the newest version of a page. `suggester_id` wrote what the actor takes over."""
    moment = clock.now()
    session().add(
        Revision(
            page_id=page.id,
            number=page.current + 1,
            base=base,
            text=text,
            size=len(text),
            summary=summary,
            is_minor=minor,
            restores=restores,
            author_id=actor.id,
            suggester_id=suggester_id,
            created_at=moment,
        )
    )
    page.current += 1
    page.changed_at = moment
    session().flush()  # two saves that cross must meet here, before the work of rendering
    renderings.store(page, space, audience, text)
    if page.current > 1:
        anchors.move_along(page, page.current, page.current - 1, text)
