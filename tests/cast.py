"""The fixed cast: the same few people in every test, each with one reason to be there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
        geo = _add(Department(key="geotechniek", name="Geotechniek", headcount=86))
        rail = _add(Department(key="rail-tram", name="Rail & Tram", headcount=248))
        parties = {
            "werkgever": _add(Party(key="werkgever", name="Oeverbrug N.V.", kind=PartyKind.EMPLOYER, signs_cao=True)),
            "schakel": _add(Party(key="schakel", name="Vakbond De Schakel", kind=PartyKind.UNION, signs_cao=True)),
            "or": _add(Party(key="or", name="Ondernemingsraad", kind=PartyKind.WORKS_COUNCIL, signs_cao=False)),
        }
        themes = {
            key: _add(Theme(key=key, name=name, position=n))
            for n, (key, name) in enumerate([("beoordeling", "Beoordeling"), ("belonen", "Belonen")])
        }
        return cls(
            lead=_person("Willemijn Smit", geo),
            member=_person("Bilal Aksoy", geo),
            colleague=_person("Hanneke Jansma", geo),
            outsider=_person("Onur Demir", rail),
            council=_person("Saskia de Wit", rail, Role.WORKS_COUNCIL, party=parties["or"]),
            union=_person("Karin Oosterveld", None, Role.UNION_OFFICER, party=parties["schakel"], external=True),
            hr=_person("Esra Yildiz", rail, Role.HR),
            admin=_person("Daan Wolters", rail, Role.ADMINISTRATOR),
            geo=geo,
            rail=rail,
            themes=themes,
            parties=parties,
        )

    def everyone(self) -> dict[str, Actor]:
        """Return the people by what they are called here."""
        names = ("lead", "member", "colleague", "outsider", "council", "union", "hr", "admin")
        return {name: getattr(self, name) for name in names}


def _add(row: Department | Party | Theme) -> int:
    session().add(row)
    session().flush()
    return row.id


def _person(
    name: str,
    department: int | None,
    role: Role | None = None,
    *,
    party: int | None = None,
    external: bool = False,
) -> Actor:
    person = Person(
        email=f"{title_key(name).replace(' ', '.')}@oeverbrug.example",
        name=name,
        name_key=title_key(name),
        department_id=department,
        is_external=external,
        created_at=clock.now(),
    )
    session().add(person)
    session().flush()
    if role is not None:
        session().add(RoleGrant(person_id=person.id, role=role, starts_on=LONG_AGO))
    if party is not None:
        session().add(Mandate(person_id=person.id, party_id=party, may_sign=True, starts_on=LONG_AGO))
    session().flush()
    actor = queries.find_actor(person.id)
    assert actor is not None
    return actor
