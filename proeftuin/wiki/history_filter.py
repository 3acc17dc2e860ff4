"""The history of a page by who wrote and by what kind of version it was.

Versions are numbered, so a page of a filtered list begins below or above a number; which numbers it holds is found in
one index (`ix_revision_history`) without touching a text, so it costs the same at every depth.

What must stay true: only people who wrote on this page can be chosen, and nothing is counted per person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from proeftuin import clock
from proeftuin.accounts.models import Person
from proeftuin.db import session
from proeftuin.events.models import Event
from proeftuin.prepared import Prepared
from proeftuin.wiki.history import Version, get_versions
from proeftuin.wiki.models import Revision
from proeftuin.wiki.queries import PageHead


class Sort(StrEnum):
    """The kinds of versions, as they stand in the address."""

    LARGER = "gewoon"
    MINOR = "klein"
    RESTORED = "teruggezet"
    MERGED = "samengevoegd"
    SUGGESTED = "voorgesteld"
    RENAMED = "hernoemd"


@dataclass(frozen=True, slots=True)
class Filter:
    """What someone wants to see: of one person, of one kind, or of both."""

    person: int | None = None
    sort: Sort | None = None

    def __bool__(self) -> bool:
        """Tell whether anything is filtered at all."""
        return self.person is not None or self.sort is not None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a filtered list, the newest first; whether there are older and newer ones that fit."""

    rows: Sequence[Version]
    has_older: bool
    has_newer: bool


def parse_sort(raw: str | None) -> Sort | None:
    """Return a kind from an address; None when it is none."""
    return Sort(raw) if raw in set(Sort) else None


def find_versions(
    page: PageHead, wanted: Filter, size: int, *, below: int | None = None, above: int | None = None
) -> Found:
    """Return the versions that fit: the newest, those below a number, or those right above one."""
    numbers = _numbers(page).where(_fits(page, wanted)).limit(size + 1)
    if above is not None:
        query = numbers.where(Revision.number > above).order_by(Revision.number)
    else:
        high = page.current + 1 if below is None else below
        query = numbers.where(Revision.number < high).order_by(Revision.number.desc())
    found: list[int] = list(session().scalars(query))
    goes_on = len(found) > size
    shown = sorted(found[:size], reverse=True)
    known = get_versions(page, shown)
    rows = [known[number] for number in shown]
    if above is None:
        return Found(rows, has_older=goes_on, has_newer=below is not None and below <= page.current)
    return Found(rows, has_older=above > 0, has_newer=goes_on)


def _numbers(page: PageHead) -> Select[Any]:
    return select(Revision.number).where(Revision.page_id == page.id, Revision.number <= page.current)


def _fits(page: PageHead, wanted: Filter) -> ColumnElement[bool]:
    by = or_(Revision.author_id == wanted.person, Revision.suggester_id == wanted.person)
    tests: dict[Sort | None, ColumnElement[bool]] = {
        Sort.LARGER: Revision.is_minor.is_(False),
        Sort.MINOR: Revision.is_minor.is_(True),
        Sort.RESTORED: Revision.restores.is_not(None),
        Sort.MERGED: and_(Revision.base.is_not(None), Revision.base < Revision.number - 1),
        Sort.SUGGESTED: Revision.suggester_id.is_not(None),
        # A page gets its name while a version is the newest; that one is shown.
        Sort.RENAMED: Revision.number.in_(
            select(Event.object_id).where(Event.subject_id == page.id, Event.kind == "page:renamed")
        ),
    }
    of_sort = tests.get(wanted.sort)
    parts = [part for part in (by if wanted.person is not None else None, of_sort) if part is not None]
    return and_(Revision.number > 0, *parts)


_WRITERS = Prepared(
    select(Person.id, Person.name)
    .where(
        or_(
            Person.id.in_(select(Revision.author_id).where(Revision.page_id == bindparam("page"))),
            Person.id.in_(
                select(Revision.suggester_id).where(
                    Revision.page_id == bindparam("page"), Revision.suggester_id.is_not(None)
                )
            ),
        )
    )
    .order_by(Person.name_key)
)


def list_writers(page: PageHead) -> list[tuple[int, str]]:
    """Return who wrote on a page, by name."""
    return [(id, name) for id, name in _WRITERS.rows(page=page.id)]


_ON_DAY: Select[Any] = select(func.max(Revision.number)).where(
    Revision.page_id == bindparam("page"), Revision.created_at < bindparam("end")
)


def version_on(page: PageHead, day: date) -> int | None:
    """Return the number of the version that was the newest at the end of a day; None before the first."""
    found: int | None = session().scalar(_ON_DAY, {"page": page.id, "end": clock.end_of(day)})
    return found
