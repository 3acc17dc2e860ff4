"""Reading for those who keep the accounts: people, departments and parties, and the cast of the demo.

What must stay true: nothing here says what someone read, follows or takes part in.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from proeftuin import clock
from proeftuin.accounts.models import Department, Mandate, Party, PartyKind, Person, Role, RoleGrant
from proeftuin.accounts.names import fold_email, look_alike_key
from proeftuin.accounts.queries import is_open
from proeftuin.db import session
from proeftuin.errors import NotFound
from proeftuin.events.models import Event
from proeftuin.paging import Paged, paginate

PEOPLE_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the register of people. `state` is open, invited, blocked or ended."""

    id: int
    name: str
    email: str
    function: str
    department: str
    is_external: bool
    state: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class CastMember:
    """Someone of the demo company to sign in as; `party` is the first one they speak for."""

    id: int
    name: str
    function: str
    department: str
    roles: frozenset[Role]
    party_id: int | None
    party: str
    signs: bool


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """One line of the register of departments."""

    id: int
    name: str
    parent: str
    headcount: int | None
    accounts: int
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One line of the register of parties; `mandates` counts those of today."""

    id: int
    name: str
    kind: PartyKind
    signs_cao: bool
    mandates: int
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class MandateRow:
    """One mandate of a person, past, present or to come."""

    id: int
    party: str
    function: str
    may_sign: bool
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Act:
    """Something an administrator did; `who` is empty for the command line."""

    kind: str
    at: datetime
    who: str
    summary: str


def list_people_page(words: str, number: int) -> Paged[PersonRow]:
    """Return one page of people by name, of whom the name or the address holds the words.

    :raises NotFound: when the page lies beyond the end.
    """
    query: Any = select(Person, Department.name).outerjoin(Department, Department.id == Person.department_id)
    name, email = look_alike_key(words), fold_email(words)
    if name or email:
        query = query.where(
            or_(Person.name_key.contains(name, autoescape=True), Person.email.contains(email, autoescape=True))
        )
    page = paginate(query.order_by(Person.name, Person.id), number, per_page=PEOPLE_ON_A_PAGE)
    roles = roles_today([person.id for person, _department in page.rows])
    rows = [_person_row(person, department or "", roles.get(person.id, ())) for person, department in page.rows]
    return Paged(rows, page.number, page.per_page, page.total)


def roles_today(ids: Collection[int]) -> dict[int, tuple[Role, ...]]:
    """Return the roles that people hold today, by their number."""
    held: dict[int, tuple[Role, ...]] = {}
    running = (
        select(RoleGrant.person_id, RoleGrant.role)
        .where(RoleGrant.person_id.in_(ids), _runs_today(RoleGrant))
        .order_by(RoleGrant.id)
    )
    for person_id, role in session().execute(running):
        held[person_id] = (*held.get(person_id, ()), role)
    return held


def _runs_today(period: type[RoleGrant] | type[Mandate]) -> ColumnElement[bool]:
    today = clock.today()
    return and_(period.starts_on <= today, or_(period.ends_on.is_(None), period.ends_on >= today))


def speaks_today(person_id: int) -> bool:
    """Return whether a person has a mandate of any party today."""
    running = select(Mandate.id).where(Mandate.person_id == person_id, _runs_today(Mandate)).limit(1)
    return session().scalar(running) is not None


def state_of(person: Person) -> str:
    """Return in one word how an account stands: open, invited (no password yet), blocked or ended."""
    if person.blocked_at is not None:
        return "blocked"
    if person.ends_on is not None and person.ends_on < clock.today():
        return "ended"
    return "open" if person.password_hash is not None else "invited"


def _person_row(person: Person, department: str, roles: tuple[Role, ...]) -> PersonRow:
    return PersonRow(
        person.id,
        person.name,
        person.email,
        person.function,
        department,
        person.is_external,
        state_of(person),
        roles,
    )


def list_grants(person_id: int) -> Sequence[RoleGrant]:
    """Return the roles of a person, past ones too, the newest first."""
    return (
        session()
        .scalars(
            select(RoleGrant)
            .where(RoleGrant.person_id == person_id)
            .order_by(RoleGrant.starts_on.desc(), RoleGrant.id.desc())
        )
        .all()
    )


def get_grant(grant_id: int) -> RoleGrant:
    """Return one role of one person.

    :raises NotFound: when there is none with this number.
    """
    grant = session().get(RoleGrant, grant_id)
    if grant is None:
        raise NotFound
    return grant


def list_mandates(person_id: int) -> list[MandateRow]:
    """Return the mandates of a person, past ones too, the newest first."""
    rows = session().execute(
        select(Mandate, Party.name)
        .join(Party, Party.id == Mandate.party_id)
        .where(Mandate.person_id == person_id)
        .order_by(Mandate.starts_on.desc(), Mandate.id.desc())
    )
    return [
        MandateRow(mandate.id, party, mandate.function, mandate.may_sign, mandate.starts_on, mandate.ends_on)
        for mandate, party in rows
    ]


def get_mandate(mandate_id: int) -> Mandate:
    """Return one mandate.

    :raises NotFound: when there is none with this number.
    """
    mandate = session().get(Mandate, mandate_id)
    if mandate is None:
        raise NotFound
    return mandate


def list_department_rows() -> list[DepartmentRow]:
    """Return every department with its whole and the number of accounts, closed ones last."""
    whole = aliased(Department)
    accounts = select(func.count()).where(Person.department_id == Department.id).scalar_subquery()
    rows = session().execute(
        select(Department.id, Department.name, whole.name, Department.headcount, accounts, Department.closed_on)
        .outerjoin(whole, whole.id == Department.parent_id)
        .order_by(Department.closed_on.is_not(None), Department.name)
    )
    return [DepartmentRow(number, name, parent or "", *rest) for number, name, parent, *rest in rows]


def list_party_rows() -> list[PartyRow]:
    """Return every party with the number of mandates of today, closed ones last."""
    mandates = select(func.count()).where(Mandate.party_id == Party.id, _runs_today(Mandate)).scalar_subquery()
    rows = session().execute(
        select(Party.id, Party.name, Party.kind, Party.signs_cao, mandates, Party.closed_on).order_by(
            Party.closed_on.is_not(None), Party.name
        )
    )
    return [PartyRow(*row) for row in rows]


def list_acts(most: int = 12) -> list[Act]:
    """Return what administrators did last."""
    rows = session().execute(
        select(Event.kind, Event.at, Person.name, Event.summary)
        .outerjoin(Person, Person.id == Event.actor_id)
        .where(Event.kind >= "admin:", Event.kind < "admin;")
        .order_by(Event.id.desc())
        .limit(most)
    )
    return [Act(kind, at, who or "", summary) for kind, at, who, summary in rows]


def list_cast() -> list[CastMember]:
    """Return everyone of the demo company who can be signed in as, by name."""
    rows = session().execute(
        select(Person, Department.name)
        .outerjoin(Department, Department.id == Person.department_id)
        .where(is_open())
        .order_by(Person.name)
    )
    people = list(rows)
    roles = roles_today([person.id for person, _department in people])
    mandates = _mandates_today()
    cast = []
    for person, department in people:
        party_id, party, signs = mandates.get(person.id, (None, "", False))
        held = frozenset(roles.get(person.id, ()))
        cast.append(
            CastMember(person.id, person.name, person.function, department or "", held, party_id, party, signs)
        )
    return cast


def _mandates_today() -> dict[int, tuple[int, str, bool]]:
    """Return for whom people speak today: the number and name of the party, and whether they sign."""
    rows = session().execute(
        select(Mandate.person_id, Party.id, Party.name, Mandate.may_sign)
        .join(Party, Party.id == Mandate.party_id)
        .where(_runs_today(Mandate))
        .order_by(Party.id.desc())
    )
    return {person_id: (party_id, party, signs) for person_id, party_id, party, signs in rows}
