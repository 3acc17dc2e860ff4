"""The team: who is in it, who leads, and that there always is a lead."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from proeftuin.db import Database, session
from proeftuin.errors import Invalid, NotAllowed
from proeftuin.events.models import Event
from proeftuin.pilots import queries, records, service
from tests.cast import Cast
from tests.client import Client
from tests.pilots.builders import concept, prepared, stored


def test_the_lead_lets_someone_in_by_name(client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, concept, cast)
    path = f"/proeftuinen/{pilot.slug}/team"
    assert client.as_(cast.colleague).get(path).status_code == 404
    answer = client.as_(cast.lead).post(path, {"act": "add", "person": " hanneke JANSMA "})
    assert answer.status_code == 303
    assert client.as_(cast.colleague).get(path).status_code == 200


def test_an_unknown_name_is_asked_again_with_what_was_typed(client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, concept, cast)
    answer = client.as_(cast.lead).post(f"/proeftuinen/{pilot.slug}/team", {"act": "add", "person": "Hannek"})
    assert answer.status_code == 422
    assert 'value="Hannek"' in answer.text


@pytest.mark.parametrize("who", ["member", "colleague", "council", "hr", "admin", "union"])
def test_only_the_lead_changes_the_team(who: str, client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, prepared, cast)
    path = f"/proeftuinen/{pilot.slug}/team"
    browser = client.as_(getattr(cast, who))
    lead = str(cast.lead.id)
    assert browser.get(path).status_code == 200
    assert browser.post(path, {"act": "add", "person": "Onur Demir"}).status_code == 403
    assert browser.post(path, {"act": "remove", "person_id": lead}).status_code == 403
    assert browser.post(path, {"act": "hand_over", "person_id": lead}).status_code == 403


def test_outsiders_are_in_no_team(unit: None, cast: Cast) -> None:
    with pytest.raises(Invalid):
        service.add_member(cast.lead, concept(cast), cast.union.id)


def test_the_last_lead_stays(unit: None, cast: Cast) -> None:
    pilot = concept(cast)
    with pytest.raises(Invalid):
        service.remove_member(cast.lead, pilot, cast.lead.id)
    service.add_member(cast.lead, pilot, cast.member.id, is_lead=True)
    service.remove_member(cast.lead, pilot, cast.lead.id)
    assert [member.name for member in records.list_team(pilot.id)] == ["Bilal Aksoy"]


def test_handing_over_makes_one_lead_of_another(unit: None, cast: Cast) -> None:
    pilot = concept(cast)
    service.hand_over(cast.lead, pilot, cast.member.id)
    session().flush()
    assert [(m.name, m.is_lead) for m in records.list_team(pilot.id)] == [
        ("Bilal Aksoy", True),
        ("Willemijn Smit", False),
    ]
    with pytest.raises(NotAllowed):
        service.hand_over(cast.lead, pilot, cast.lead.id)


def test_the_lead_is_handed_to_someone_of_the_team(unit: None, cast: Cast) -> None:
    with pytest.raises(Invalid):
        service.hand_over(cast.lead, concept(cast), cast.outsider.id)


def test_a_member_may_step_out_alone(client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, concept, cast)
    path = f"/proeftuinen/{pilot.slug}/team"
    answer = client.as_(cast.member).post(path, {"act": "remove", "person_id": str(cast.member.id)})
    assert answer.location == "/"
    assert client.as_(cast.member).get(path).status_code == 404


def test_changes_of_the_team_are_events(unit: None, cast: Cast) -> None:
    pilot = concept(cast)
    service.remove_member(cast.lead, pilot, cast.member.id)
    rows = session().scalars(select(Event).where(Event.kind == "pilot:team").order_by(Event.id)).all()
    number = cast.member.id
    assert [row.data for row in rows] == [
        {"added": number, "is_lead": False},
        {"removed": number, "was_lead": False},
    ]


def test_adding_someone_twice_is_adding_once(unit: None, cast: Cast) -> None:
    pilot = concept(cast)
    service.add_member(cast.lead, pilot, cast.member.id)
    assert len(records.list_team(pilot.id)) == 2
    assert queries.team_pilots(cast.member) == {pilot.id}


@pytest.mark.parametrize("form", [{"act": "remove", "person_id": "x"}, {"act": "?", "person_id": "1"}, {}])
def test_nonsense_is_not_found(form: dict[str, str], client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, concept, cast)
    assert client.as_(cast.lead).post(f"/proeftuinen/{pilot.slug}/team", form).status_code == 404
