"""Roles and mandates: what someone may, and for which party they may speak, from a day through a day.

What must stay true: there is always an administrator left; administrators give nothing to themselves; roles and
mandates that counted once are ended, never removed.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts import journal, policy, queries
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Mandate, Party, Person, Role, RoleGrant
from proeftuin.accounts.names import FUNCTION_LENGTH, within
from proeftuin.db import session
from proeftuin.errors import Conflict, Invalid, NotFound
from proeftuin.i18n import _
from proeftuin.naming import clean_line


def grant_role(
    actor: Actor | None, person: Person, role: Role, *, starts_on: date, ends_on: date | None = None
) -> RoleGrant:
    """Give a person a role from a day through a day (both included).

    :raises Invalid: when the days are the wrong way round, or they hold the role on one of those days already.
    """
    policy.require_manager(actor)
    policy.require_other(actor, person.id)
    policy.require_fitting_role(person, role)
    _check_days(starts_on, ends_on)
    held = select(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.role == role)
    if any(_overlap(grant, starts_on, ends_on) for grant in session().scalars(held)):
        raise Invalid({"role": _("%(name)s heeft deze rol al in die periode.", name=person.name)})
    grant = RoleGrant(person_id=person.id, role=role, starts_on=starts_on, ends_on=ends_on)
    session().add(grant)
    session().flush()
    journal.record(actor, "role_given", person.id, summary=person.name, role=role.value)
    return grant


def end_role(actor: Actor | None, grant: RoleGrant, *, ends_on: date) -> None:
    """Let a role end with a day (included). A role that would end before it starts never counted and goes.

    :raises Invalid: when that day would change what counted in the past.
    :raises Conflict: when it would leave no administrator.
    """
    policy.require_manager(actor)
    person = queries.get_person(grant.person_id)
    if grant.role is Role.ADMINISTRATOR:
        keep_an_administrator(person)
    _end(grant, ends_on)
    journal.record(actor, "role_ended", person.id, summary=person.name, role=grant.role.value)


def give_mandate(
    actor: Actor | None,
    person: Person,
    party_id: int,
    *,
    function: str,
    may_sign: bool,
    starts_on: date,
    ends_on: date | None = None,
) -> Mandate:
    """Let a person speak for a party from a day through a day, and sign for it or not.

    :raises Invalid: when the days are the wrong way round, or they have a mandate of that party in that time.
    """
    policy.require_manager(actor)
    policy.require_other(actor, person.id)
    _check_days(starts_on, ends_on)
    party = _party(party_id)
    if party.closed_on is not None:
        raise Invalid({"party_id": _("%(name)s is gesloten.", name=party.name)})
    policy.require_fitting_party(person, party)
    held = select(Mandate).where(Mandate.person_id == person.id, Mandate.party_id == party.id)
    if any(_overlap(mandate, starts_on, ends_on) for mandate in session().scalars(held)):
        raise Invalid({"party_id": _("%(name)s heeft al een mandaat in die periode.", name=person.name)})
    mandate = Mandate(
        person_id=person.id,
        party_id=party.id,
        function=within(clean_line(function), FUNCTION_LENGTH, field="function"),
        may_sign=may_sign,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    session().add(mandate)
    session().flush()
    journal.record(actor, "mandate_given", person.id, summary=f"{person.name} · {party.name}", may_sign=may_sign)
    return mandate


def let_represent(actor: Actor | None, person: Person, party_id: int, *, may_sign: bool) -> Mandate:
    """Let someone who is invited speak for a party from today on; from outside that makes them a union officer.

    Both last as long as the account does: its last day is the one to watch.

    :raises Invalid: when the party is none, is closed, or is not one to speak for from outside.
    """
    today = clock.today()
    mandate = give_mandate(actor, person, party_id, function=person.function, may_sign=may_sign, starts_on=today)
    if person.is_external:
        grant_role(actor, person, Role.UNION_OFFICER, starts_on=today)
    return mandate


def end_mandate(actor: Actor | None, mandate: Mandate, *, ends_on: date) -> None:
    """Let a mandate end with a day (included).

    :raises Invalid: when that day would change what counted in the past.
    """
    policy.require_manager(actor)
    person, party = queries.get_person(mandate.person_id), queries.get_party(mandate.party_id)
    _end(mandate, ends_on)
    journal.record(actor, "mandate_ended", person.id, summary=f"{person.name} · {party.name}")


def _end(period: RoleGrant | Mandate, ends_on: date) -> None:
    yesterday = clock.today() - timedelta(days=1)
    if period.ends_on is not None and period.ends_on < yesterday:
        raise Invalid({"ends_on": _("Dit is al afgelopen.")})
    if ends_on < yesterday:
        raise Invalid({"ends_on": _("Kies gisteren of later: wat eerder gold, heeft gegolden.")})
    if ends_on < period.starts_on:
        session().delete(period)
    else:
        period.ends_on = ends_on
    session().flush()


def _overlap(held: RoleGrant | Mandate, starts_on: date, ends_on: date | None) -> bool:
    begins_after = ends_on is not None and held.starts_on > ends_on
    ended_before = held.ends_on is not None and held.ends_on < starts_on
    return not begins_after and not ended_before


def _check_days(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise Invalid({"ends_on": _("De laatste dag ligt voor de eerste dag.")})


def keep_an_administrator(leaving: Person) -> None:
    """Refuse what would leave nobody who keeps the accounts. The rows are locked: two may leave at the same time."""
    today = clock.today()
    staying = (
        select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.role == Role.ADMINISTRATOR,
            RoleGrant.starts_on <= today,
            RoleGrant.ends_on.is_(None),
            Person.blocked_at.is_(None),
            Person.ends_on.is_(None),
        )
        .order_by(RoleGrant.id)
        .with_for_update()
    )
    holders = set(session().scalars(staying))
    if leaving.id in holders and holders == {leaving.id}:
        raise Conflict(
            _("%(name)s is de laatste beheerder zonder einddatum. Wijs eerst een andere aan.", name=leaving.name)
        )


def _party(party_id: int) -> Party:
    try:
        return queries.get_party(party_id)
    except NotFound:
        raise Invalid({"party_id": _("Kies een partij uit de lijst.")}) from None
