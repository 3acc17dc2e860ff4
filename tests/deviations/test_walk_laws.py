"""Laws of the machine: no sequence of acts, in whatever order and on whatever day, reaches what must not be."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from proeftuin.deviations.states.course import GOVERNS, Course
from proeftuin.deviations.states.facts import Terms
from proeftuin.deviations.states.machine import TABLE, Hand, find_row
from proeftuin.deviations.vocabulary import POSITIVE, ActKind, ConditionKind, PositionStatus, State
from tests.deviations.cases import ALL, Case

FIRST = date(2026, 1, 5)
DAYS = 300
PARTIES = sorted(ALL)

days = st.integers(0, DAYS).map(lambda n: FIRST + timedelta(days=n))
deeds = st.one_of(
    st.tuples(st.just("submit"), days, st.integers(-20, 60), st.integers(0, 150), st.booleans()),
    st.tuples(st.just("agree"), days),
    st.tuples(st.just("position"), days, st.sampled_from(PARTIES), st.sampled_from(list(PositionStatus))),
    st.tuples(st.just("act"), days, st.sampled_from(list(ActKind)), st.sampled_from(PARTIES)),
    st.tuples(st.just("met"), days, st.sampled_from(list(ConditionKind))),
    st.tuples(st.just("cao"), days, st.integers(0, 90)),
)


def told(story: list[tuple[Any, ...]]) -> Case:
    """Make a case of a story; what it says may be nonsense, as what people type may be."""
    case = Case().submit(FIRST, FIRST + timedelta(days=30), FIRST + timedelta(days=150))
    for deed in story:
        match deed:
            case ("submit", day, offset, length, receipt):
                first = day + timedelta(days=offset)
                case.submit(
                    day, first, first + timedelta(days=length), needs_receipt=receipt, terms=Terms(notice_days=7)
                )
            case ("agree", day):
                case.all_agree(day)
            case ("position", day, party, status):
                case.says(party, status, day)
            case ("act", day, kind, party):
                version = len(case.versions) if kind in (ActKind.TAKEN_BACK, ActKind.REJECTED) else None
                case.act(kind, day, party=party, version=version)
            case ("met", day, kind):
                case.reports_met(1, kind, day)
            case ("cao", day, term):
                case.cao_changes(day, day + timedelta(days=term))
    return case


def yes_of(case: Case, version: int, through: date) -> bool:
    """Return whether every required party said yes to a version at some time through a day."""
    required = next(fact.required for fact in case.versions if fact.number == version)
    said = {
        fact.party_id
        for fact in case.positions
        if fact.version == version and fact.on <= through and fact.status in POSITIVE
    }
    return required <= said


@settings(max_examples=600, deadline=None)
@given(st.lists(deeds, max_size=25))
def test_every_step_is_a_row_of_the_table_and_no_forbidden_state_is_reached(story: list[tuple[Any, ...]]) -> None:
    case = told(story)
    course = case.on(FIRST + timedelta(days=DAYS + 400))
    for step in course.steps:
        assert find_row(step.number, step.from_state, step.to_state) is not None
    for number in {step.version for step in course.steps}:
        states = [step for step in course.steps if step.version == number and step.number != "D13"]
        for before, after in itertools.pairwise(states):
            assert before.to_state is after.from_state, "a version goes from where it was"
    assert not any(
        step.to_state is State.IN_FORCE and not yes_of(case, step.version, step.on) for step in course.steps
    )
    assert_never_two_at_once(course)
    assert_never_past_its_end(case, course)


def assert_never_two_at_once(course: Course) -> None:
    governing: set[int] = set()
    for step in course.steps:
        if step.to_state in GOVERNS:
            governing.add(step.version)
        elif step.from_state in GOVERNS and step.number != "D13":
            governing.discard(step.version)
        assert len(governing) <= 1


def assert_never_past_its_end(case: Case, course: Course) -> None:
    last = {fact.number: fact.valid_until for fact in case.versions}
    for span in course.applied:
        assert span.version is not None
        assert span.last is not None, "after its last day nothing is in force"
        assert span.last <= last[span.version]


@settings(max_examples=300, deadline=None)
@given(st.lists(deeds, max_size=20), days, st.integers(0, 60))
def test_a_day_looks_the_same_from_that_day_and_from_later(
    story: list[tuple[Any, ...]], day: date, later: int
) -> None:
    """What time and people did through a day does not depend on how far one looks."""
    case = told(story)
    then, longer = case.on(day), case.on(day + timedelta(days=later))
    assert longer.steps[: len(then.steps)] == then.steps
    assert all(step.on > day for step in longer.steps[len(then.steps) :] if step.by is Hand.TIME)


@settings(max_examples=200, deadline=None)
@given(st.lists(deeds, max_size=20))
def test_time_alone_never_agrees_and_never_starts_what_was_not_agreed(story: list[tuple[Any, ...]]) -> None:
    silent = [deed for deed in story if deed[0] not in ("agree", "position")]
    course = told(silent).on(FIRST + timedelta(days=DAYS))
    assert not {State.AGREED, State.IN_FORCE} & {step.to_state for step in course.steps}


def test_the_table_names_every_rule_of_the_dossier_and_nothing_leads_out_of_the_end() -> None:
    assert [row.number for row in TABLE if row.number] == sorted(
        (row.number for row in TABLE), key=lambda number: int(number[1:])
    )
    assert {row.number for row in TABLE} == {f"D{n}" for n in range(1, 14)}
    out = {state for row in TABLE for state in row.from_states}
    assert not {State.REJECTED, State.WITHDRAWN, State.CLOSED, State.REPLACED} & out
