"""Pages in lists: those of a space, those of a kind, and the newest story of each pilot.

What must stay true: a list holds nothing that its reader may not see.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Person
from proeftuin.db import session
from proeftuin.events.models import Subject
from proeftuin.pilots.policy import visible_subjects, visible_to
from proeftuin.prepared import Prepared
from proeftuin.wiki.models import Page, PageKind, Rendering


@dataclass(frozen=True, slots=True)
class PageLine:
    """A page in a list."""

    id: int
    title: str
    path: str
    kind: PageKind
    is_restricted: bool
    author: str | None
    created_at: datetime
    changed_at: datetime
    excerpt: str

    @property
    def day(self) -> date:
        """Return the day on which the page was made."""
        return clock.day_of(self.created_at)


def lines(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the query for pages as they stand in lists, as far as the actor may see them."""
    return _lines().where(visible_subjects(actor))


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Page.id,
            Page.title,
            Subject.path,
            Page.kind,
            Page.is_restricted,
            Person.name,
            Page.created_at,
            Page.changed_at,
            func.coalesce(Rendering.excerpt, ""),
        )
        .join(Subject, Subject.id == Page.id)
        .outerjoin(Person, Person.id == Page.author_id)
        .outerjoin(Rendering, Rendering.page_id == Page.id)
    )


def list_pages(actor: Actor, space_id: int, *, kind: PageKind | None = None) -> list[PageLine]:
    """Return the pages of a space that the actor may see: by title, or of one kind the newest first."""
    query = lines(actor).where(Page.space_id == space_id)
    if kind is None:
        query = query.order_by(Page.title_key)
    else:
        query = query.where(Page.kind == kind).order_by(Page.created_at.desc(), Page.id.desc())
    return [PageLine(*row) for row in session().execute(query)]


def latest_progress(actor: Actor, pilot_ids: Collection[int]) -> dict[int, PageLine]:
    """Return for each pilot its newest page about progress that the actor may see."""
    if not pilot_ids:
        return {}
    rows = _LATEST.rows(reader=actor.id, pilots=list(pilot_ids))
    return {row[-1]: PageLine(*row[:-1]) for row in rows}


def _latest() -> Select[*tuple[Any, ...]]:
    rank = func.row_number().over(partition_by=Page.space_id, order_by=(Page.created_at.desc(), Page.id.desc()))
    ranked = (
        select(Page.id, rank.label("rank"))
        .join(Subject, Subject.id == Page.id)
        .where(
            Page.space_id.in_(bindparam("pilots", expanding=True)),
            Page.kind == PageKind.PROGRESS,
            visible_to(bindparam("reader")),
        )
        .subquery()
    )
    newest = _lines().join(ranked, ranked.c.id == Page.id).where(ranked.c.rank == 1)
    return newest.add_columns(Page.space_id)


_LATEST = Prepared(_latest())
