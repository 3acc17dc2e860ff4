"""Who may read what: the criterion in the database and the predicate in Python are one rule."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.models import Person
from proeftuin.db import session
from proeftuin.events.models import Audience, Subject, SubjectKind
from proeftuin.events.service import create_subject
from proeftuin.pilots import policy, queries, service
from proeftuin.pilots.models import Participation
from proeftuin.pilots.policy import NOBODY, Standing
from proeftuin.talk.models import Capacity
from tests.cast import Cast
from tests.pilots.builders import concept, prepared


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    audiences=st.lists(st.sampled_from(list(Audience)), min_size=1, max_size=5),
    members=st.sets(st.sampled_from(["member", "colleague", "outsider", "council", "hr", "admin"])),
)
def test_the_criterion_is_the_predicate(audiences: list[Audience], members: set[str], unit: None, cast: Cast) -> None:
    pilot = concept(cast)
    service.remove_member(cast.lead, pilot, cast.member.id)
    for name in members:
        service.add_member(cast.lead, pilot, getattr(cast, name).id)
    subjects = [session().get_one(Subject, pilot.id)]
    for audience in audiences:
        subjects.append(create_subject(SubjectKind.PAGE, title="", path="", audience=audience, circle_id=pilot.id))
    site = create_subject(SubjectKind.SITE, title="", path="", audience=Audience.EVERYONE)
    session().flush()
    for actor in cast.everyone().values():
        found = set(session().scalars(select(Subject.id).where(policy.visible_subjects(actor))))
        standing = queries.standing(actor, pilot.id)
        for subject in subjects:
            assert (subject.id in found) == policy.may_read(subject, standing)
            told = session().scalars(
                select(Person.id).where(Person.id == actor.id, policy.may_be_read_by(subject, Person.id))
            )
            assert bool(told.all()) == policy.may_read(subject, standing)
        assert (site.id in found) == policy.may_read(site, NOBODY)


def test_standing_is_one_statement(unit: None, cast: Cast, statements: list[str]) -> None:
    pilot = prepared(cast)
    session().add(Participation(pilot_id=pilot.id, person_id=cast.member.id, since=clock.today()))
    session().flush()
    statements.clear()
    assert queries.standing(cast.member, pilot.id) == Standing(is_member=True, is_lead=False, participates=True)
    assert len(statements) == 1
    assert queries.standing(cast.lead, pilot.id) == Standing(is_member=True, is_lead=True)
    assert queries.standing(cast.outsider, pilot.id) == NOBODY


TEAM = Standing(is_member=True)
PARTICIPANT = Standing(participates=True)


@pytest.mark.parametrize(
    ("who", "standing", "expected"),
    [
        ("lead", Standing(is_member=True, is_lead=True), [Capacity.TEAM]),
        ("member", Standing(is_member=True, participates=True), [Capacity.TEAM]),
        ("council", NOBODY, [Capacity.WORKS_COUNCIL, Capacity.EMPLOYEE]),
        ("council", TEAM, [Capacity.TEAM, Capacity.WORKS_COUNCIL]),
        ("union", NOBODY, [Capacity.UNION]),
        ("hr", NOBODY, [Capacity.HR, Capacity.EMPLOYEE]),
        ("hr", PARTICIPANT, [Capacity.HR, Capacity.EMPLOYEE, Capacity.PARTICIPANT]),
        ("colleague", PARTICIPANT, [Capacity.EMPLOYEE, Capacity.PARTICIPANT]),
        ("colleague", NOBODY, [Capacity.NON_PARTICIPANT, Capacity.EMPLOYEE]),
        ("admin", NOBODY, [Capacity.NON_PARTICIPANT, Capacity.EMPLOYEE]),
    ],
)
def test_people_speak_in_the_capacities_that_they_have(
    who: str, standing: Standing, expected: list[Capacity], unit: None, cast: Cast
) -> None:
    assert policy.capacities(getattr(cast, who), standing) == expected
