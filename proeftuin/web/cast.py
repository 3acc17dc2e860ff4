"""The people of the demo company, grouped by what a visitor comes to see. Outside the demo there are none.

What must stay true: everyone can be signed in as, but nobody is listed for taking part in a pilot; a team that is not
open to everyone yet is not given away here.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from proeftuin.accounts import registers
from proeftuin.accounts.models import Role
from proeftuin.accounts.registers import CastMember
from proeftuin.db import session
from proeftuin.events.models import Audience, Subject
from proeftuin.i18n import _
from proeftuin.pilots.models import Pilot, TeamMember
from proeftuin.web.application import settings

MOST_IN_A_GROUP = 5

OVERSEEING = frozenset({Role.WORKS_COUNCIL, Role.UNION_OFFICER, Role.UNION_ACTIVE})
ARRANGING = frozenset({Role.EXECUTIVE, Role.HR, Role.CAO_SECRETARY, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Character:
    """One person on the sign-in page of the demo."""

    id: int
    name: str
    about: str


Group = tuple[str, list[Character]]


@dataclass(frozen=True, slots=True)
class Cast:
    """The groups to begin with, and everyone else."""

    groups: list[Group]
    rest: list[Group]
    start_with: list[str]


def cast_of_demo() -> list[Group]:
    """Return everyone of the demo: the groups to begin with, and all others as one group."""
    cast = find_cast()
    others = [person for _title, people in cast.rest for person in people]
    return [*cast.groups, (_("Iedereen van het bedrijf"), others)] if others else cast.groups


def find_cast() -> Cast:
    """Return the people of the demo: first a few for each thing to come for, then the rest."""
    if not settings().demo:
        return Cast([], [], [])
    leads, teams = _teams()
    sorted_people: dict[str, list[CastMember]] = {"read": [], "lead": [], "oversee": [], "arrange": []}
    for person in registers.list_cast():
        sorted_people[_purpose(person, leads)].append(person)
    titles = {
        "read": _("Meelezen en meepraten"),
        "lead": _("Een proeftuin trekken"),
        "oversee": _("Toezien"),
        "arrange": _("Regelen"),
    }
    groups, rest = [], []
    for purpose, title in titles.items():
        plain_first = sorted(
            sorted_people[purpose], key=lambda person: (not person.signs, person.id in teams, len(person.roles))
        )
        people = [_character(person, leads) for person in plain_first]
        if people:
            groups.append((title, people[:MOST_IN_A_GROUP]))
        if people[MOST_IN_A_GROUP:]:
            rest.append((title, people[MOST_IN_A_GROUP:]))
    unions = [person for person in sorted_people["oversee"] if Role.UNION_OFFICER in person.roles]
    unions.sort(key=lambda person: person.party_id or 0)
    first = [groups[0][1][0].name] if sorted_people["read"] else []
    return Cast(groups, rest, first + [person.name for person in unions[:1]])


def _purpose(person: CastMember, leads: dict[int, str]) -> str:
    if person.id in leads:
        return "lead"
    if person.roles & OVERSEEING:
        return "oversee"
    if person.roles & ARRANGING:
        return "arrange"
    return "read"


def _character(person: CastMember, leads: dict[int, str]) -> Character:
    if person.id in leads:
        about = (person.department, leads[person.id])
    else:
        about = (person.function, person.party or person.department)
    return Character(person.id, person.name, " · ".join(part for part in about if part))


def _teams() -> tuple[dict[int, str], set[int]]:
    """Return who leads which open pilot (the newest when there are more), and who is in a team at all."""
    rows = session().execute(
        select(TeamMember.person_id, TeamMember.is_lead, Pilot.title)
        .join(Pilot, Pilot.id == TeamMember.pilot_id)
        .join(Subject, Subject.id == Pilot.id)
        .where(Subject.audience == Audience.EVERYONE)
        .order_by(Pilot.id)
    )
    members = list(rows)
    leads = {person_id: title for person_id, is_lead, title in members if is_lead}
    return leads, {person_id for person_id, _is_lead, _title in members}
