"""The state machine: nothing outside the table, every step with a day and, where asked, a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Role, RoleGrant
from proeftuin.accounts.queries import find_actor
from proeftuin.db import session
from proeftuin.errors import Conflict, Invalid, NotAllowed, Refusal
from proeftuin.events.models import Event
from proeftuin.pilots import gate, policy, queries, service
from proeftuin.pilots.models import State, Transition
from proeftuin.pilots.policy import Standing
from proeftuin.pilots.states import SAID_AT_THE_STEP, TABLE, Hand, Need, find_step, list_steps
from tests.cast import Cast
from tests.pilots.builders import completed, concept, prepared, running

EVERYTHING: dict[str, Any] = {"measured": True, "informed": True, "participants_get": "De oude regels."}


def test_every_state_but_the_ends_leads_somewhere_and_every_state_can_be_reached() -> None:
    left = {step.from_state for step in TABLE}
    reached = {step.to_state for step in TABLE} | {State.CONCEPT}
    assert reached == set(State)
    assert set(State) - left == {State.ARCHIVED, State.NEVER_STARTED}


def test_the_table_is_the_one_of_the_dossier() -> None:
    rows = {(step.number, step.from_state.value, step.to_state.value, step.by) for step in TABLE}
    lead = (Hand.LEAD,)
    assert rows == {
        ("P2", "concept", "voorbereiding", lead),
        ("P3", "voorbereiding", "lopend", lead),
        ("P3", "voorbereiding", "niet_gestart", lead),
        ("P5", "lopend", "gepauzeerd", (Hand.LEAD, Hand.COUNCIL, Hand.SYSTEM)),
        ("P5", "gepauzeerd", "lopend", lead),
        ("P6", "lopend", "afgerond", lead),
        ("P7", "lopend", "afgebroken", (Hand.LEAD, Hand.EXECUTIVE)),
        ("P7", "gepauzeerd", "afgebroken", (Hand.LEAD, Hand.EXECUTIVE)),
        ("P8", "afgerond", "geevalueerd", lead),
        ("P8", "afgebroken", "geevalueerd", lead),
        ("P9", "geevalueerd", "gearchiveerd", lead),
    }


@pytest.mark.parametrize("need", list(Need))
def test_every_need_has_words(need: Need, unit: None, cast: Cast) -> None:
    facts = service.facts_of(concept(cast), clock.today())
    assert gate.demand(need)
    assert gate.refusal(need, facts)


def test_a_concept_is_opened_by_its_lead_when_it_is_complete(unit: None, cast: Cast) -> None:
    pilot = concept(cast)
    transition = service.move(cast.lead, pilot, State.PREPARATION)
    assert pilot.state is State.PREPARATION
    assert (transition.from_state, transition.to_state, transition.on) == (
        State.CONCEPT,
        State.PREPARATION,
        clock.today(),
    )


@pytest.mark.parametrize(
    ("field", "empty", "place"),
    [
        ("department_id", None, "department_id"),
        ("theme_ids", (), "theme_ids"),
        ("question", "", "question"),
        ("hypothesis", "", "hypothesis"),
        ("fallback", "", "fallback"),
        ("voluntariness", "", "voluntariness"),
    ],
)
def test_a_concept_without_what_others_need_stays_a_concept(
    field: str, empty: Any, place: str, unit: None, cast: Cast
) -> None:
    pilot = concept(cast, **{field: empty})
    with pytest.raises(Invalid) as refused:
        service.move(cast.lead, pilot, State.PREPARATION)
    assert list(refused.value.fields) == [place]
    assert pilot.state is State.CONCEPT


def test_a_concept_without_a_title_stays_a_concept(unit: None, cast: Cast) -> None:
    pilot = concept(cast, title="")
    assert pilot.title == "Naamloze proeftuin van Willemijn Smit"
    with pytest.raises(Invalid) as refused:
        service.move(cast.lead, pilot, State.PREPARATION)
    assert list(refused.value.fields) == ["title"]


def test_a_pilot_begins_when_all_that_is_asked_is_there(unit: None, cast: Cast) -> None:
    pilot = prepared(cast, measure="", starts_on=None, ends_on=None)
    with pytest.raises(Invalid) as refused:
        service.move(cast.lead, pilot, State.RUNNING)
    assert set(refused.value.fields) == {"plan", "starts_on", "ends_on", "measured", "informed"}
    assert refused.value.fields["plan"] == "Beantwoord nog vraag 3."


def test_a_pilot_does_not_begin_before_its_first_day(unit: None, cast: Cast) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    pilot = prepared(cast, starts_on=tomorrow)
    with pytest.raises(Invalid) as refused:
        service.move(cast.lead, pilot, State.RUNNING, **EVERYTHING)
    assert list(refused.value.fields) == ["starts_on"]


def test_why_nothing_was_measured_is_kept_with_the_step(unit: None, cast: Cast) -> None:
    pilot = prepared(cast)
    transition = service.move(
        cast.lead, pilot, State.RUNNING, no_measurement="Het seizoen was al begonnen.", informed=True
    )
    assert transition.statements == {"no_measurement": "Het seizoen was al begonnen.", "informed": True}


def test_a_day_that_must_come_or_lies_before_the_last_step_is_refused(unit: None, cast: Cast) -> None:
    pilot = running(cast)
    for on in (clock.today() + timedelta(days=1), clock.today() - timedelta(days=1)):
        with pytest.raises(Invalid) as refused:
            service.move(cast.lead, pilot, State.PAUSED, on=on, reason="Storing.")
        assert list(refused.value.fields) == ["on"]


@pytest.mark.parametrize("to_state", [State.PAUSED, State.STOPPED])
def test_pausing_and_stopping_need_a_reason(to_state: State, unit: None, cast: Cast) -> None:
    pilot = running(cast)
    with pytest.raises(Invalid) as refused:
        service.move(cast.lead, pilot, to_state, reason="  ", participants_get="De oude regels.")
    assert list(refused.value.fields) == ["reason"]


def test_stopping_says_what_participants_get(unit: None, cast: Cast) -> None:
    pilot = running(cast)
    with pytest.raises(Invalid) as refused:
        service.move(cast.lead, pilot, State.STOPPED, reason="Drie keer te weinig rust.")
    assert list(refused.value.fields) == ["participants_get"]


def test_the_works_council_pauses_in_danger_but_does_not_start_again(unit: None, cast: Cast) -> None:
    pilot = running(cast)
    service.move(cast.council, pilot, State.PAUSED, reason="Gevaar: te weinig rust.")
    assert pilot.state is State.PAUSED
    with pytest.raises(NotAllowed):
        service.move(cast.council, pilot, State.RUNNING, reason="Het mag weer.")


def test_the_executive_stops_a_pilot_and_cannot_pause_it(unit: None, cast: Cast) -> None:
    pilot = running(cast)
    executive = with_role(cast.outsider, Role.EXECUTIVE)
    with pytest.raises(NotAllowed):
        service.move(executive, pilot, State.PAUSED, reason="Geld.")
    service.move(executive, pilot, State.STOPPED, reason="Geld.", participants_get="De oude regels.")
    assert pilot.state is State.STOPPED


@pytest.mark.parametrize("who", ["member", "colleague", "outsider", "hr", "admin", "union"])
def test_nobody_else_moves_a_pilot(who: str, unit: None, cast: Cast) -> None:
    pilot = running(cast)
    with pytest.raises(NotAllowed):
        service.move(getattr(cast, who), pilot, State.PAUSED, reason="Omdat het kan.")
    assert pilot.state is State.RUNNING


def test_an_evaluation_has_lessons_and_a_reader_from_outside_the_team(unit: None, cast: Cast) -> None:
    pilot = completed(cast)
    with pytest.raises(Invalid) as refused:
        service.move(cast.lead, pilot, State.EVALUATED, second_reader_id=cast.member.id)
    assert set(refused.value.fields) == {"reason", "second_reader"}
    transition = service.move(
        cast.lead, pilot, State.EVALUATED, reason="Wij leerden wachten.", second_reader_id=cast.outsider.id
    )
    assert transition.second_reader_id == cast.outsider.id


def test_a_step_that_is_not_in_the_table_is_a_conflict(unit: None, cast: Cast) -> None:
    pilot = completed(cast)
    with pytest.raises(Conflict):
        service.move(cast.lead, pilot, State.RUNNING, reason="Toch maar wel.", **EVERYTHING)


def test_the_same_step_twice_is_one_step(unit: None, cast: Cast) -> None:
    pilot = running(cast)
    service.move(cast.lead, pilot, State.PAUSED, reason="Storing.")
    with pytest.raises(Conflict):
        service.move(cast.lead, pilot, State.PAUSED, reason="Storing.")
    steps = select(func.count()).where(Transition.pilot_id == pilot.id, Transition.to_state == State.PAUSED)
    assert session().scalar(steps) == 1


def test_every_step_is_an_event_with_states_day_and_reason(unit: None, cast: Cast) -> None:
    pilot = running(cast)
    service.move(cast.lead, pilot, State.PAUSED, reason="Storing.")
    event = session().scalars(select(Event).where(Event.kind == "pilot:state").order_by(Event.id.desc())).first()
    assert event is not None
    assert event.summary == "Storing."
    assert event.data == {"from": "lopend", "to": "gepauzeerd", "on": clock.today().isoformat()}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(["lead", "member", "council", "colleague", "executive"]),
            st.sampled_from(list(State)),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_no_sequence_of_acts_leaves_the_table(acts: list[tuple[str, State, bool]], unit: None, cast: Cast) -> None:
    if find_actor(cast.outsider.id) == cast.outsider:
        with_role(cast.outsider, Role.EXECUTIVE)
    people = {**cast.everyone(), "executive": find_actor(cast.outsider.id) or cast.outsider}
    pilot = concept(cast, title="")
    pilot.title = f"Proef {pilot.id}"
    for who, to_state, is_complete in acts:
        before = pilot.state
        said: dict[str, Any] = (
            {**EVERYTHING, "reason": "Omdat.", "second_reader_id": cast.hr.id} if is_complete else {}
        )
        try:
            service.move(people[who], pilot, to_state, **said)
        except Refusal:
            assert pilot.state is before
            continue
        step = find_step(before, to_state)
        assert step is not None
        assert policy.may_take(people[who], queries.standing(people[who], pilot.id), step)
        assert is_complete or not set(step.needs) & SAID_AT_THE_STEP
    steps = session().scalars(select(Transition).where(Transition.pilot_id == pilot.id).order_by(Transition.id)).all()
    chain = [(step.from_state, step.to_state) for step in steps]
    assert chain[0] == (None, State.CONCEPT)
    assert all(find_step(a, b) is not None for a, b in chain[1:] if a is not None)
    assert [b for _a, b in chain[:-1]] == [a for a, _b in chain[1:]]
    assert chain[-1][1] is pilot.state


def test_a_lead_that_is_paused_has_two_ways_on() -> None:
    lead = Standing(is_member=True, is_lead=True)
    actor = Actor(id=1, name="", department_id=None, is_external=False, language="nl")
    ways = [step.to_state for step in list_steps(State.PAUSED) if policy.may_take(actor, lead, step)]
    assert ways == [State.RUNNING, State.STOPPED]


def with_role(actor: Actor, role: Role) -> Actor:
    """Give a person a role and return the actor of now."""
    session().add(RoleGrant(person_id=actor.id, role=role, starts_on=clock.today()))
    session().flush()
    again = find_actor(actor.id)
    assert again is not None
    return again
