"""Taking part is private: a number for others, nothing when someone stops, and no event ever."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from proeftuin import clock
from proeftuin.accounts.models import Person
from proeftuin.db import Database, session
from proeftuin.errors import Conflict, NotAllowed
from proeftuin.events.models import Event, Job
from proeftuin.pilots import queries, service
from proeftuin.pilots.models import Participation, Pilot, State
from proeftuin.pilots.participation import shown_count
from tests.cast import Cast
from tests.client import Client
from tests.pilots.builders import completed, concept, prepared, running, stored


def test_joining_and_leaving_leave_a_count_and_nothing_else(client: Client, cast: Cast, database: Database) -> None:
    """Chapter 12, check 12."""
    pilot = stored(database, running, cast)
    with database.reading():
        before = session().scalar(select(func.count(Event.id))), session().scalar(select(func.count(Job.id)))
    browser = client.as_(cast.colleague)
    path = f"/proeftuinen/{pilot.slug}/meedoen"
    assert browser.post(path, {"meedoen": "1"}).status_code == 303
    assert "Stop met meedoen" in browser.get(path).text
    assert browser.post(path, {"meedoen": "0"}).status_code == 303
    with database.reading():
        assert session().scalar(select(func.count(Participation.id))) == 0
        now = session().get_one(Pilot, pilot.id)
        assert (now.stopped_early, now.version) == (1, pilot.version)
        after = session().scalar(select(func.count(Event.id))), session().scalar(select(func.count(Job.id)))
    assert after == before


def test_twice_is_once(unit: None, cast: Cast) -> None:
    pilot = running(cast)
    service.join(cast.colleague, pilot)
    service.join(cast.colleague, pilot)
    session().flush()
    assert session().scalar(select(func.count(Participation.id))) == 1
    service.leave(cast.colleague, pilot)
    service.leave(cast.colleague, pilot)
    session().refresh(pilot)
    assert pilot.stopped_early == 1


def test_refusing_leaves_no_trace(unit: None, cast: Cast) -> None:
    pilot = running(cast)
    service.leave(cast.outsider, pilot)
    session().refresh(pilot)
    assert pilot.stopped_early == 0


def test_joining_goes_on_until_the_end_of_the_run_and_stopping_always(unit: None, cast: Cast) -> None:
    pilot = prepared(cast)
    service.join(cast.colleague, pilot)
    done = completed(cast, "Een andere")
    with pytest.raises(Conflict):
        service.join(cast.colleague, done)
    service.move(cast.lead, pilot, State.NEVER_STARTED, reason="Geen animo.")
    service.leave(cast.colleague, pilot)
    assert not queries.standing(cast.colleague, pilot.id).participates


def test_nobody_joins_a_concept(unit: None, cast: Cast) -> None:
    with pytest.raises(Conflict):
        service.join(cast.member, concept(cast))


def test_outsiders_do_not_join(unit: None, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        service.join(cast.union, running(cast))


def test_the_agreed_maximum_is_not_passed(unit: None, cast: Cast) -> None:
    pilot = running(cast, max_participants=9)
    service.count_elsewhere(cast.lead, pilot, count=8)
    service.join(cast.colleague, pilot)
    with pytest.raises(Conflict):
        service.join(cast.outsider, pilot)


@given(count=st.integers(0, 40), most=st.none() | st.integers(1, 40), k=st.integers(5, 15))
def test_a_small_group_is_never_a_number(count: int, most: int | None, k: int) -> None:
    shown = shown_count(count, most, is_exact=False, small_group=k)
    assert (shown.number is None) == (count < k)
    assert shown_count(count, most, is_exact=True, small_group=k).number == count


EXACT = {"council", "union", "hr"}


@pytest.mark.parametrize("tail", ["", "/meedoen"])
def test_a_small_group_is_hidden_from_all_but_those_who_guard_the_maximum(
    tail: str, client: Client, cast: Cast, database: Database
) -> None:
    pilot = stored(database, running, cast, max_participants=36)
    with database.transaction():
        for actor in (cast.colleague, cast.outsider, cast.member):
            service.join(actor, pilot)
    for name, actor in cast.everyone().items():
        page = client.as_(actor).get(f"/proeftuinen/{pilot.slug}{tail}").text
        assert ("3 van hooguit 36" in page) == (name in EXACT), name
        assert ("minder dan 8, hooguit 36" in page) == (name not in EXACT), name


def test_a_lead_who_works_at_hr_sees_what_everybody_sees(client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, running, cast)
    with database.transaction():
        service.add_member(cast.lead, pilot, cast.hr.id, is_lead=True)
    assert "minder dan 8" in client.as_(cast.hr).get(f"/proeftuinen/{pilot.slug}").text


def test_from_eight_on_everyone_sees_the_number(client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, running, cast, max_participants=36)
    with database.transaction():
        service.count_elsewhere(cast.lead, session().get_one(Pilot, pilot.id), count=33)
    for actor in cast.everyone().values():
        assert "33 van hooguit 36" in client.as_(actor).get(f"/proeftuinen/{pilot.slug}").text


def test_no_page_names_a_participant_to_anyone_else(client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, running, cast)
    with database.transaction():
        joiner = Person(
            email="x@oeverbrug.example", name="Xandra Ypeij", name_key="xandra ypeij", created_at=clock.now()
        )
        session().add(joiner)
        session().flush()
        session().add(Participation(pilot_id=pilot.id, person_id=joiner.id, since=clock.today()))
    for actor in cast.everyone().values():
        browser = client.as_(actor)
        for tail in ("", "/meedoen", "/team", "/voortgang", "/paginas", "/geschiedenis", "/risicos", "/beloften"):
            page = browser.get(f"/proeftuinen/{pilot.slug}{tail}").text
            assert "Xandra" not in page
            assert "Stop met meedoen" not in page
            assert "Je doet mee<" not in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_invisible_pilot_cannot_be_joined(method: str, client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, concept, cast)
    ask: Any = getattr(client.as_(cast.outsider), method)
    assert ask(f"/proeftuinen/{pilot.slug}/meedoen").status_code == 404
