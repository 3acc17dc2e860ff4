"""The fixed cast: the same few people in every test, each with one reason to be there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from proeftuin import clock
from proeftuin.accounts import queries
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Department, Mandate, Party, PartyKind, Person, Role, RoleGrant
from proeftuin.db import session
from proeftuin.naming import title_key
from proeftuin.pilots.models import Theme

LONG_AGO = date(2020, 1, 1)


@dataclass
class Cast:
    """People as actors; departments, parties and themes by number."""

    lead: Actor
    """Willemijn leads pilots of Geotechniek."""
    member: Actor
    """Bilal is in her team."""
    colleague: Actor
    """Hanneke works in the same department and takes no part."""
    outsider: Actor
    """Onur works in another department."""
    council: Actor
    """Saskia chairs the works council and may sign."""
    union: Actor
    """Karin is an outside union officer who may sign."""
    hr: Actor
    """Esra is HR adviser."""
    admin: Actor
    """Daan keeps the accounts."""
    geo: int
    rail: int
    themes: dict[str, int]
    parties: dict[str, int]

    @classmethod
    def create(cls) -> Cast:
        """Write the cast to the database; call it inside a transaction."""
        geo, rail = _add(
            Department(key="geotechniek", name="Geotechniek", headcount=86),
            Department(key="rail-tram", name="Rail & Tram", headcount=248),
        )
        employer, union, council = _add(
            Party(key="werkgever", name="Oeverbrug N.V.", kind=PartyKind.EMPLOYER, signs_cao=True),
            Party(key="schakel", name="Vakbond De Schakel", kind=PartyKind.UNION, signs_cao=True),
            Party(key="or", name="Ondernemingsraad", kind=PartyKind.WORKS_COUNCIL, signs_cao=False),
        )
        judging, rewarding = _add(
            Theme(key="beoordeling", name="Beoordeling", position=0), Theme(key="belonen", name="Belonen", position=1)
        )
        people = write_down(
            lead=Newcomer("Willemijn Smit", geo),
            member=Newcomer("Bilal Aksoy", geo),
            colleague=Newcomer("Hanneke Jansma", geo),
            outsider=Newcomer("Onur Demir", rail),
            council=Newcomer("Saskia de Wit", rail, Role.WORKS_COUNCIL, council),
            union=Newcomer("Karin Oosterveld", None, Role.UNION_OFFICER, union, is_external=True),
            hr=Newcomer("Esra Yildiz", rail, Role.HR),
            admin=Newcomer("Daan Wolters", rail, Role.ADMINISTRATOR),
        )
        themes = {"beoordeling": judging, "belonen": rewarding}
        parties = {"werkgever": employer, "schakel": union, "or": council}
        return cls(**people, geo=geo, rail=rail, themes=themes, parties=parties)

    def everyone(self) -> dict[str, Actor]:
        """Return the people by what they are called here."""
        names = ("lead", "member", "colleague", "outsider", "council", "union", "hr", "admin")
        return {name: getattr(self, name) for name in names}


def _add(*rows: Department | Party | Theme) -> list[int]:
    session().add_all(rows)
    session().flush()
    return [row.id for row in rows]


class Newcomer(NamedTuple):
    """Somebody who is to be written down."""

    name: str
    department: int | None
    role: Role | None = None
    party: int | None = None
    is_external: bool = False


def write_down(**newcomers: Newcomer) -> dict[str, Actor]:
    """Write people down, all at once: most tests begin with them."""
    rows = {
        key: Person(
            email=f"{title_key(each.name).replace(' ', '.')}@oeverbrug.example",
            name=each.name,
            name_key=title_key(each.name),
            department_id=each.department,
            is_external=each.is_external,
            created_at=clock.now(),
        )
        for key, each in newcomers.items()
    }
    session().add_all(rows.values())
    session().flush()
    for key, each in newcomers.items():
        if each.role is not None:
            session().add(RoleGrant(person_id=rows[key].id, role=each.role, starts_on=LONG_AGO))
        if each.party is not None:
            session().add(Mandate(person_id=rows[key].id, party_id=each.party, may_sign=True, starts_on=LONG_AGO))
    session().flush()
    actors = {key: queries.find_actor(row.id) for key, row in rows.items()}
    return {key: actor for key, actor in actors.items() if actor is not None}
