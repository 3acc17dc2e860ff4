"""A small cao in two versions, the secretary who publishes it, and ways to make generated ones."""

from __future__ import annotations

from datetime import date

from proeftuin import clock
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Person, Role, RoleGrant
from proeftuin.cao import preparing, service
from proeftuin.cao.models import Preparation, Version
from proeftuin.cao.terms import NAMES
from proeftuin.db import session
from tests.cast import LONG_AGO

FIRST = """Hoofdstuk 1 Algemeen

Artikel 1.1 Begrippen
Aard: begripsbepaling
1. De werkgever is Oeverbrug.
2. Het uurloon is het maandsalaris gedeeld door 164,67.

Artikel 1.2 Proeftuinen
Aard: experimenteerartikel
Een afwijking geldt alleen als alle cao-partijen hebben ingestemd.

Hoofdstuk 2 Beloning

Artikel 2.1 Resultaatbeloning (standaardbepaling)
Wet: BW 7:610; WML 7
1. De werkgever keert in april een resultaatbeloning uit van hooguit 6 procent van de loonsom.
2. De resultaatbeloning is voor iedereen hetzelfde percentage.

Artikel 2.2 Reiskosten
1. De medewerker krijgt 0,21 euro per kilometer.

Bijlage A Salaristabellen
Schaal 5 begint bij 2.400 euro.
"""
SECOND = (
    FIRST.replace("0,21 euro", "0,23 euro")
    .replace("Artikel 2.2", "Artikel 2.3")
    .replace(
        "Bijlage A", "Artikel 2.4 Thuiswerken\n1. Voor elke dag thuis krijgt de medewerker 2,45 euro.\n\nBijlage A"
    )
)
TERMS = {
    "name": "Cao Oeverbrug",
    "label": "2024-2026",
    "valid_from": "2024-07-01",
    "valid_until": "2026-06-30",
    "default_character": "minimum",
}
NEXT = {"label": "2026-2028", "valid_from": "2026-07-01", "valid_until": "2028-06-30"}


def make_secretary() -> Actor:
    """Return Lotte, the secretary of the cao parties; call it inside a unit that writes."""
    person = Person(
        email="lotte@oeverbrug.example", name="Lotte van Rijn", name_key="lotte van rijn", created_at=clock.now()
    )
    session().add(person)
    session().flush()
    session().add(RoleGrant(person_id=person.id, role=Role.CAO_SECRETARY, starts_on=LONG_AGO))
    session().flush()
    found = accounts.find_actor(person.id)
    assert found is not None
    return found


def prepare(actor: Actor, text: str = FIRST, **terms: str) -> Preparation:
    """Put a text ready with everything that is needed, as far as it is not given otherwise."""
    row = preparing.create(actor, text=text)
    typed = {**dict.fromkeys((*NAMES, "chosen"), ""), **TERMS, **terms}
    preparing.save(actor, row, edition=row.edition, text=text, terms=typed)
    return row


def publish(secretary: Actor, text: str = FIRST, **terms: str) -> Version:
    """Publish a text."""
    row = prepare(secretary, text, **terms)
    return service.publish(secretary, row, edition=row.edition, expiring_is_meant=True)


def publish_both(secretary: Actor) -> tuple[Version, Version]:
    """Publish the first version and the next."""
    return publish(secretary), publish(secretary, SECOND, **NEXT)


def day(text: str) -> date:
    """Return a day."""
    return date.fromisoformat(text)
