"""Opening a concept: number, address and title are claimed then, and not before."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from proeftuin.db import Database, session
from proeftuin.errors import Invalid
from proeftuin.events.models import Audience, Event, Subject, SubjectKind
from proeftuin.events.service import create_subject
from proeftuin.pilots import service
from proeftuin.pilots.models import State
from tests.cast import Cast
from tests.client import Client
from tests.pilots.builders import concept, prepared, stored


def test_numbers_follow_the_order_of_opening_without_gaps(unit: None, cast: Cast) -> None:
    first, second, third = (concept(cast, title) for title in ("Een", "Twee", "Drie"))
    service.move(cast.lead, third, State.PREPARATION)
    service.move(cast.lead, first, State.PREPARATION)
    assert (third.code, first.code) == ("PT-01", "PT-02")
    assert not second.code.startswith("PT-")


def test_numbers_go_on_after_ninety_nine(unit: None, cast: Cast) -> None:
    prepared(cast, "Een").code = "PT-99"
    assert prepared(cast, "Twee").code == "PT-100"
    assert prepared(cast, "Drie").code == "PT-101"


def test_an_address_is_made_from_the_title_and_stays(unit: None, cast: Cast) -> None:
    pilot = concept(cast, "Vergadervrije donderdag")
    assert pilot.slug == f"concept-{pilot.id}"
    service.change_plan(cast.lead, pilot, version=pilot.version, title="Vrije donderdag")
    service.move(cast.lead, pilot, State.PREPARATION)
    assert pilot.slug == "vrije-donderdag"
    service.change_plan(cast.lead, pilot, version=pilot.version, title="Heel anders")
    assert (pilot.slug, pilot.title) == ("vrije-donderdag", "Heel anders")


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Nieuw", "nieuw-2"), ("Concept 5", "concept-5-2"), ("Één & twéé", "een-twee"), ("日本", "pagina")],
)
def test_an_address_never_is_one_that_means_something_else(title: str, slug: str, unit: None, cast: Cast) -> None:
    assert prepared(cast, title).slug == slug


def test_titles_that_make_one_address_get_a_number(unit: None, cast: Cast) -> None:
    assert [prepared(cast, title).slug for title in ("Groen budget", "Groen budget!")] == [
        "groen-budget",
        "groen-budget-2",
    ]


def test_a_hidden_concept_cannot_be_noticed_by_its_title_or_number(
    client: Client, cast: Cast, database: Database
) -> None:
    stored(database, concept, cast, "Maandkeuze")
    with database.transaction():
        other = service.create_pilot(
            cast.outsider,
            title="Maandkeuze",
            department_id=cast.rail,
            theme_ids=[cast.themes["belonen"]],
            question="q",
            hypothesis="h",
            fallback="f",
        )
        service.move(cast.outsider, other, State.PREPARATION)
    assert (other.slug, other.code) == ("maandkeuze", "PT-01")


def test_the_second_of_two_equal_titles_is_asked_for_another(unit: None, cast: Cast) -> None:
    prepared(cast, "Maandkeuze")
    later = concept(cast, "MAANDKEUZE")
    with pytest.raises(Invalid) as refused:
        service.move(cast.lead, later, State.PREPARATION)
    assert list(refused.value.fields) == ["title"]


def test_opening_lets_everyone_read_and_moves_the_addresses_of_pages(unit: None, cast: Cast) -> None:
    pilot = concept(cast)
    page = create_subject(
        SubjectKind.PAGE,
        title="Start",
        path=f"/proeftuinen/{pilot.slug}/start",
        audience=Audience.TEAM,
        circle_id=pilot.id,
    )
    service.move(cast.lead, pilot, State.PREPARATION)
    subject = session().get_one(Subject, pilot.id)
    assert (subject.audience, subject.path) == (Audience.EVERYONE, "/proeftuinen/vergadervrije-donderdag")
    assert page.path == "/proeftuinen/vergadervrije-donderdag/start"
    event = session().scalars(select(Event).where(Event.kind == "pilot:opened")).one()
    assert event.data["plan"]["question"] == "Antwoord op question."


def test_an_old_address_of_a_concept_still_arrives(client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, concept, cast)
    with database.transaction():
        service.move(cast.lead, session().merge(pilot), State.PREPARATION)
    answer = client.as_(cast.outsider).get(f"/proeftuinen/concept-{pilot.id}")
    assert answer.location == "/proeftuinen/vergadervrije-donderdag"


def test_the_works_council_or_anyone_else_cannot_open_a_concept_it_cannot_see(
    client: Client, cast: Cast, database: Database
) -> None:
    pilot = stored(database, concept, cast)
    for who in ("colleague", "council", "admin", "hr"):
        form = {"to": "voorbereiding", "on": "2026-01-01"}
        assert client.as_(getattr(cast, who)).post(f"/proeftuinen/{pilot.slug}/fase", form).status_code == 404
