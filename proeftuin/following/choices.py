"""What one can filter by: pilots that the reader may read, themes and departments, in one statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Integer, String, literal, null, select, union_all

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Department
from proeftuin.events.models import Subject
from proeftuin.following.changes import READER
from proeftuin.pilots.models import Pilot, Theme
from proeftuin.pilots.policy import visible_to
from proeftuin.prepared import Prepared


class Choice(NamedTuple):
    """Something to choose, by the word that stands for it in the address."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What one can choose from, by the word in the address, ordered as it is shown."""

    pilots: dict[str, Choice] = field(default_factory=dict)
    themes: dict[str, Choice] = field(default_factory=dict)
    departments: dict[str, Choice] = field(default_factory=dict)

    def named(self, sort: str) -> tuple[tuple[str, str], ...]:
        """Return the pairs of word and name for a list to choose from; sort is pilots, themes or departments."""
        chosen: dict[str, Choice] = getattr(self, sort)
        return tuple((key, choice.name) for key, choice in chosen.items())


def list_choices(actor: Actor) -> Choices:
    """Return what the actor can filter by."""
    choices = Choices()
    by_sort = {"pilot": choices.pilots, "theme": choices.themes, "department": choices.departments}
    for sort, _position, key, number, name in _CHOICES.rows(reader=actor.id):
        by_sort[sort][key] = Choice(number, name)
    return choices


_ALL = union_all(
    select(
        literal("pilot", String).label("sort"),
        literal(0, Integer).label("position"),
        Pilot.slug.label("key"),
        Pilot.id.label("number"),
        Pilot.title.label("name"),
    )
    .join(Subject, Subject.id == Pilot.id)
    .where(visible_to(READER)),
    select(literal("theme", String), Theme.position, Theme.key, Theme.id, Theme.name).where(
        Theme.closed_on.is_(null())
    ),
    select(literal("department", String), literal(0, Integer), Department.key, Department.id, Department.name).where(
        Department.closed_on.is_(null())
    ),
).subquery("choice")
_CHOICES = Prepared(select(_ALL).order_by(_ALL.c.sort, _ALL.c.position, _ALL.c.name))
