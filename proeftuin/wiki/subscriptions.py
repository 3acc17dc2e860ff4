"""What this package does when something happens elsewhere, and the jobs it handles."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from proeftuin.db import session
from proeftuin.events import jobs, service
from proeftuin.events.models import Audience, Event, Subject
from proeftuin.wiki import relinking, renderings
from proeftuin.wiki.models import Page


def init_app(app: Flask) -> None:
    """Open the pages of a pilot with the pilot, and render stale pages."""
    service.subscribe("wiki", _hear)
    jobs.handles(renderings.JOB, renderings.render_stale)
    jobs.handles(relinking.JOB, relinking.relink_rest, take=1)


def _hear(event: Event) -> None:
    if event.kind == "pilot:opened":
        _open_pages(event.subject_id)


def _open_pages(pilot_id: int) -> None:
    """Let everyone read the pages of a pilot that has just been opened, but not the restricted ones."""
    pages = select(Page.id).where(Page.space_id == pilot_id, Page.is_restricted.is_(False))
    for subject in session().scalars(select(Subject).where(Subject.id.in_(pages))):
        subject.audience = Audience.EVERYONE
    # Their links were made for the team and may point at restricted pages; and links to them may lead somewhere now.
    renderings.mark_space(pilot_id)
