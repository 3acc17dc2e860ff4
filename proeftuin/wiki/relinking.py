"""Writing the links to a page that was renamed anew: one minor version for each page that links to it.

A link is written anew when it names the page by a title or an address that it no longer has; the words that a writer
chose for a link stay, and so does everything in code. What must stay true: whatever is not written anew keeps working
through the old name, so doing this late, twice or not at all breaks no link; nothing is written in a page that the
renamer may not read, and no page is told a name that its readers may not know (decision 0064).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from proeftuin import i18n
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.events.models import Job, Subject
from proeftuin.events.service import enqueue, record
from proeftuin.i18n import _
from proeftuin.markup import replace_targets
from proeftuin.naming import title_key
from proeftuin.pilots.models import Pilot, State
from proeftuin.pilots.policy import visible_subjects
from proeftuin.wiki.checks import MAX_TEXT
from proeftuin.wiki.links import Links
from proeftuin.wiki.models import Page, PageLink, Revision
from proeftuin.wiki.names import names_of
from proeftuin.wiki.renderings import bare_space
from proeftuin.wiki.writing import add_version

JOB = "wiki.relink"
AT_ONCE = 20
"""So many pages are written in the transaction of the rename; the rest follows in jobs of as many."""
SOON = timedelta(seconds=1)


def relink(actor: Actor, page: Page) -> None:
    """Write the links to a renamed page anew: the first pages now, the others in a job."""
    _relink_some(actor, page, after=0)


def relink_rest(jobs: Sequence[Job]) -> None:
    """Do the jobs: go on where the transaction of a rename, or the job before, stopped."""
    for job in jobs:
        actor = accounts.find_actor(job.payload["actor_id"])
        page = session().get(Page, job.payload["page_id"], populate_existing=True)
        # Of someone who left, or a page that was deleted, the old names go on doing their work.
        if actor is not None and page is not None and page.deleted_at is None:
            _relink_some(actor, page, after=job.payload["after"])


def _relink_some(actor: Actor, page: Page, *, after: int) -> None:
    """Write the links of the next pages anew, and put the rest aside."""
    numbers = _linking(actor, page, after)
    rows = _hold(numbers[:AT_ONCE])
    for row in rows:
        _relink_page(actor, page, *row)
    missed = set(numbers[:AT_ONCE]) - {row[0].id for row in rows}
    if missed:  # somebody is saving these at this moment
        enqueue(JOB, delay=SOON, page_id=page.id, actor_id=actor.id, after=min(missed) - 1)
    elif len(numbers) > AT_ONCE:
        enqueue(JOB, page_id=page.id, actor_id=actor.id, after=numbers[AT_ONCE - 1])


def _linking(actor: Actor, page: Page, after: int) -> list[int]:
    """Return the next pages that mention a page by any of its names and that the actor may read, one more than can
    be done at once."""
    keys = {page.title_key}
    for name in names_of(page.id):
        keys |= {name.title_key, title_key(name.slug)}
    query = (
        select(PageLink.page_id)
        .join(Subject, Subject.id == PageLink.page_id)
        .where(
            PageLink.space_id == page.space_id,
            PageLink.target_key.in_(keys),
            PageLink.page_id > after,
            visible_subjects(actor),
        )
        .distinct()
        .order_by(PageLink.page_id)
        .limit(AT_ONCE + 1)
    )
    return list(session().scalars(query))


def _hold(numbers: list[int]) -> Sequence[Any]:
    """Return pages with their texts and the addresses of their pilots, held; without those that somebody holds."""
    query = (
        select(Page, Pilot.slug, Pilot.state)
        .outerjoin(Pilot, Pilot.id == Page.space_id)
        .where(Page.id.in_(numbers))
        .order_by(Page.id)
        .with_for_update(of=Page, key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return session().execute(query).all()


def _relink_page(actor: Actor, renamed: Page, page: Page, pilot_slug: str | None, state: State | None) -> None:
    if state is State.ARCHIVED:  # these pages do not change any more
        return
    space = bare_space(page.space_id, pilot_slug)
    audience = session().scalars(select(Subject.audience).where(Subject.id == page.id)).one()
    text = session().scalars(_newest(page)).one()
    links = Links(space, audience, text)
    was: list[str] = []

    def choose(target: str) -> str | None:
        former = links.find_renamed(target, renamed.id)
        if former is None:
            return None
        was.append(former.was)
        return links.named(target, former)

    new = replace_targets(text, choose) if any(links.find_renamed(raw, renamed.id) for raw in links.targets) else text
    if new == text or len(new) > MAX_TEXT:
        return
    with i18n.speaking("nl"):  # it becomes part of the content, like every summary
        summary = _("Verwijzing aangepast: “%(was)s” heet nu “%(title)s”", was=was[0], title=renamed.title)
    add_version(actor, page, space, audience, text=new, base=page.current, summary=summary, minor=True)
    record(
        actor.id,
        "page:saved",
        page.id,
        object_id=page.current,
        summary=summary,
        minor=True,
        delta=len(new) - len(text),
        renamed=renamed.id,
    )


def _newest(page: Page) -> Any:
    return select(Revision.text).where(Revision.page_id == page.id, Revision.number == page.current)
