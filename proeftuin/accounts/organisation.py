"""Keeping departments and parties: adding, renaming, closing and opening again. Nothing is removed, because pages,
mandates and comments go on pointing at it.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, or_, select

from proeftuin import clock
from proeftuin.accounts import journal, policy, queries
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Department, Mandate, Party, PartyKind
from proeftuin.accounts.names import clean_name, look_alike_key
from proeftuin.db import session
from proeftuin.errors import Conflict, Invalid, NotFound
from proeftuin.i18n import _, n_
from proeftuin.naming import slugify

KEY_LENGTH = 60
MOST_PEOPLE = 1_000_000


def create_department(
    actor: Actor | None, *, name: str, key: str = "", headcount: int | None = None, parent_id: int | None = None
) -> Department:
    """Add a department, as a part of another one or of the whole.

    :raises Invalid: when a name like it is taken, or a value cannot be used.
    """
    policy.require_manager(actor)
    plain = clean_name(name)
    refuse_look_alike(plain, session().execute(select(Department.id, Department.name)), None)
    department = Department(
        key=_free_key(key or plain, session().scalars(select(Department.key))),
        name=plain,
        headcount=_headcount(headcount),
        parent_id=_parent(None, parent_id),
    )
    session().add(department)
    session().flush()
    journal.record(actor, "department_created", department.id, summary=plain)
    return department


def change_department(
    actor: Actor | None, department: Department, *, name: str, headcount: int | None, parent_id: int | None
) -> None:
    """Change the name, the number of people or the place of a department.

    :raises Invalid: when a name like it is taken, or a value cannot be used.
    """
    policy.require_manager(actor)
    plain = clean_name(name)
    refuse_look_alike(plain, session().execute(select(Department.id, Department.name)), department.id)
    was = department.name
    department.name = plain
    department.headcount = _headcount(headcount)
    department.parent_id = _parent(department.id, parent_id)
    session().flush()
    _record_change(actor, "department", department.id, was, plain)


def close_department(actor: Actor | None, department: Department) -> None:
    """Let a department be chosen no more.

    :raises Conflict: when it is closed already.
    """
    policy.require_manager(actor)
    refuse_unless(department.closed_on is None, _("%(name)s was al gesloten.", name=department.name))
    department.closed_on = clock.today()
    journal.record(actor, "department_closed", department.id, summary=department.name)


def reopen_department(actor: Actor | None, department: Department) -> None:
    """Let a closed department be chosen again.

    :raises Conflict: when it is open.
    """
    policy.require_manager(actor)
    refuse_unless(department.closed_on is not None, _("%(name)s is niet gesloten.", name=department.name))
    department.closed_on = None
    journal.record(actor, "department_reopened", department.id, summary=department.name)


def create_party(actor: Actor | None, *, name: str, kind: PartyKind, signs_cao: bool, key: str = "") -> Party:
    """Add a party that can take positions.

    :raises Invalid: when a name like it is taken.
    """
    policy.require_manager(actor)
    plain = clean_name(name)
    refuse_look_alike(plain, session().execute(select(Party.id, Party.name)), None)
    party = Party(
        key=_free_key(key or plain, session().scalars(select(Party.key))), name=plain, kind=kind, signs_cao=signs_cao
    )
    session().add(party)
    session().flush()
    journal.record(actor, "party_created", party.id, summary=plain)
    return party


def change_party(actor: Actor | None, party: Party, *, name: str, signs_cao: bool) -> None:
    """Change the name of a party and whether it signs the cao. Its kind is for good: positions were taken as such.

    :raises Invalid: when a name like it is taken.
    """
    policy.require_manager(actor)
    plain = clean_name(name)
    refuse_look_alike(plain, session().execute(select(Party.id, Party.name)), party.id)
    was, party.name, party.signs_cao = party.name, plain, signs_cao
    session().flush()
    _record_change(actor, "party", party.id, was, plain)


def close_party(actor: Actor | None, party: Party) -> None:
    """Let nobody speak for a party any more.

    :raises Conflict: while there are mandates that run or start later.
    """
    policy.require_manager(actor)
    refuse_unless(party.closed_on is None, _("%(name)s was al gesloten.", name=party.name))
    running = select(func.count()).where(
        Mandate.party_id == party.id, or_(Mandate.ends_on.is_(None), Mandate.ends_on >= clock.today())
    )
    count = session().scalar(running) or 0
    still = n_(
        "Er is nog %(n)s mandaat van %(name)s. Beëindig dat eerst.",
        "Er zijn nog %(n)s mandaten van %(name)s. Beëindig die eerst.",
        count,
        name=party.name,
    )
    refuse_unless(count == 0, still)
    party.closed_on = clock.today()
    journal.record(actor, "party_closed", party.id, summary=party.name)


def reopen_party(actor: Actor | None, party: Party) -> None:
    """Let people speak for a closed party again.

    :raises Conflict: when it is open.
    """
    policy.require_manager(actor)
    refuse_unless(party.closed_on is not None, _("%(name)s is niet gesloten.", name=party.name))
    party.closed_on = None
    journal.record(actor, "party_reopened", party.id, summary=party.name)


def refuse_look_alike(name: str, others: Iterable[tuple[int, str]], own_id: int | None) -> None:
    """Refuse a name that a reader could take for one of the others.

    :raises Invalid: with the name it looks like.
    """
    key = look_alike_key(name)
    for other_id, other in others:
        if other_id != own_id and look_alike_key(other) == key:
            raise Invalid({"name": _("Deze naam lijkt te veel op “%(name)s”. Kies een andere.", name=other)})


def refuse_unless(possible: bool, sentence: str) -> None:
    """Refuse an act that the present state does not allow.

    :raises Conflict: with the sentence.
    """
    if not possible:
        raise Conflict(sentence)


def _record_change(actor: Actor | None, kind: str, number: int, was: str, name: str) -> None:
    summary = name if was == name else f"{was} → {name}"
    journal.record(actor, f"{kind}_changed", number, summary=summary)


def _free_key(text: str, taken: Iterable[str]) -> str:
    """Return a key for addresses and files that no other has; it never changes afterwards."""
    key = slugify(text, length=KEY_LENGTH - 4)
    others = set(taken)
    number = 1
    free = key
    while free in others:
        number += 1
        free = f"{key}-{number}"
    return free


def _headcount(headcount: int | None) -> int | None:
    if headcount is not None and not 0 <= headcount <= MOST_PEOPLE:
        raise Invalid({"headcount": _("Vul een aantal mensen in, of laat dit leeg.")})
    return headcount


def _parent(own_id: int | None, parent_id: int | None) -> int | None:
    """Return the parent, unless that would make a department a part of itself."""
    above = parent_id
    while above is not None:
        if above == own_id:
            raise Invalid({"parent_id": _("Een afdeling kan geen deel van zichzelf zijn.")})
        try:
            above = queries.get_department(above).parent_id
        except NotFound:
            raise Invalid({"parent_id": _("Kies een afdeling uit de lijst.")}) from None
    return parent_id
