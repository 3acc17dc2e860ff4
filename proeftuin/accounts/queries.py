"""Reading people, departments and parties, and turning a sign-in into an actor."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, and_, bindparam, or_, select

from proeftuin import clock
from proeftuin.accounts.actor import Actor, Representation
from proeftuin.accounts.models import Department, Mandate, Party, Person, RoleGrant, SignIn
from proeftuin.accounts.names import fold_email
from proeftuin.db import session
from proeftuin.errors import NotFound
from proeftuin.prepared import Prepared, while_unchanged


@dataclass(frozen=True, slots=True)
class User:
    """What Flask-Login holds: an actor, the token of the sign-in, its end, and what else the statement was asked."""

    actor: Actor
    token: str
    ends_at: datetime
    more: tuple[Any, ...] = ()
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return self.token


def hash_token(token: str) -> str:
    """Return how a secret token is stored. Tokens hold at least 128 random bits, so one round of SHA-256 will do."""
    return hashlib.sha256(token.encode()).hexdigest()


def _actor_rows() -> Any:
    day: BindParameter[date] = bindparam("day")
    role_counts = and_(
        RoleGrant.person_id == Person.id,
        RoleGrant.starts_on <= day,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= day),
    )
    mandate_counts = and_(
        Mandate.person_id == Person.id,
        Mandate.starts_on <= day,
        or_(Mandate.ends_on.is_(None), Mandate.ends_on >= day),
    )
    return (
        select(
            Person.id,
            Person.name,
            Person.department_id,
            Person.is_external,
            Person.language,
            RoleGrant.role,
            Mandate.party_id,
            Party.name.label("party_name"),
            Party.kind.label("party_kind"),
            Mandate.function,
            Mandate.may_sign,
        )
        .select_from(Person)
        .outerjoin(RoleGrant, role_counts)
        .outerjoin(Mandate, mandate_counts)
        .outerjoin(Party, Party.id == Mandate.party_id)
        .where(Person.blocked_at.is_(None), or_(Person.ends_on.is_(None), Person.ends_on >= day))
        .order_by(Mandate.id)
    )


def by_token(*more: ColumnElement[Any]) -> Prepared:
    """Prepare the statement for `find_user`; `more` are columns that are asked of `Person` in the same go."""
    return Prepared(
        _actor_rows()
        .add_columns(SignIn.id.label("sign_in_id"), SignIn.ends_at, *more)
        .join(SignIn, SignIn.person_id == Person.id)
        .where(SignIn.token_hash == bindparam("token"))
    )


_ACTOR_COLUMNS = len(_actor_rows().selected_columns)
_BY_TOKEN = by_token()
_BY_ID = Prepared(_actor_rows().where(Person.id == bindparam("person_id")))


def find_user(token: str, statement: Prepared = _BY_TOKEN) -> User | None:
    """Return the person of a running sign-in, as Flask-Login wants it, or None."""
    now = clock.now()
    day = clock.day_of(now)
    user = while_unchanged((statement, token, day), lambda: _read_user(statement, token, day))
    return user if user is not None and user.ends_at > now else None


def _read_user(statement: Prepared, token: str, day: date) -> User | None:
    rows = statement.rows(token=hash_token(token), day=day)
    if not rows:
        return None
    sign_in_id, ends_at, *more = rows[0][_ACTOR_COLUMNS:]
    return User(_actor(rows, sign_in_id), token, ends_at, tuple(more))


def find_actor(person_id: int) -> Actor | None:
    """Return a person as an actor of today, without a sign-in (jobs, command line), or None when blocked or gone."""
    rows = _BY_ID.rows(person_id=person_id, day=clock.today())
    return _actor(rows, None) if rows else None


def _actor(rows: Sequence[Row[Any]], sign_in_id: int | None) -> Actor:
    first = rows[0]
    mandates = {
        row.party_id: Representation(row.party_id, row.party_name, row.party_kind, row.function, row.may_sign)
        for row in rows
        if row.party_id is not None
    }
    return Actor(
        id=first.id,
        name=first.name,
        department_id=first.department_id,
        is_external=first.is_external,
        language=first.language,
        roles=frozenset(row.role for row in rows if row.role is not None),
        mandates=tuple(mandates.values()),
        sign_in_id=sign_in_id,
    )


def get_person(person_id: int) -> Person:
    """Return a person.

    :raises NotFound: when there is none with this number.
    """
    person = session().get(Person, person_id)
    if person is None:
        raise NotFound
    return person


def find_person_by_email(email: str) -> Person | None:
    """Return the person with an e-mail address, whatever its case."""
    return session().scalar(select(Person).where(Person.email == fold_email(email)))


def may_enter(person: Person) -> bool:
    """Return whether the account is open today: not blocked, and not past its last day."""
    return person.blocked_at is None and (person.ends_on is None or person.ends_on >= clock.today())


def get_department(department_id: int) -> Department:
    """Return a department.

    :raises NotFound: when there is none with this number.
    """
    department = session().get(Department, department_id)
    if department is None:
        raise NotFound
    return department


def get_party(party_id: int) -> Party:
    """Return a party.

    :raises NotFound: when there is none with this number.
    """
    party = session().get(Party, party_id)
    if party is None:
        raise NotFound
    return party


def list_departments() -> Sequence[Department]:
    """Return the departments that are not closed, by name."""
    return session().scalars(select(Department).where(Department.closed_on.is_(None)).order_by(Department.name)).all()


def list_parties() -> Sequence[Party]:
    """Return the parties that are not closed, by name."""
    return session().scalars(select(Party).where(Party.closed_on.is_(None)).order_by(Party.name)).all()


def list_people() -> Sequence[Person]:
    """Return everyone whose account is open today, by name (for choosing a team or an owner)."""
    return session().scalars(select(Person).where(is_open()).order_by(Person.name)).all()


def is_open() -> ColumnElement[bool]:
    """Return the criterion on Person that says the same as `may_enter`."""
    return and_(Person.blocked_at.is_(None), or_(Person.ends_on.is_(None), Person.ends_on >= clock.today()))


def list_sign_ins(actor: Actor) -> Sequence[SignIn]:
    """Return the running sign-ins of the actor, the newest first."""
    return (
        session()
        .scalars(
            select(SignIn)
            .where(SignIn.person_id == actor.id, SignIn.ends_at > clock.now())
            .order_by(SignIn.started_at.desc(), SignIn.id.desc())
        )
        .all()
    )


def names_of(ids: set[int]) -> dict[int, str]:
    """Return the names of people by number."""
    if not ids:
        return {}
    return dict(session().execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())
