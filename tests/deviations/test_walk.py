"""The machine of deviations, rule by rule: D1 to D13, and the gaps between versions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from proeftuin.deviations.days import working_days_later
from proeftuin.deviations.states.course import Span
from proeftuin.deviations.states.facts import Terms
from proeftuin.deviations.vocabulary import ActKind, ConditionKind, EndReason, PositionStatus, State
from tests.deviations.cases import ALL, COUNCIL, EMPLOYER, OTHER_UNION, UNION, Case

MARCH = date(2026, 3, 1)
OCTOBER = date(2026, 10, 31)
AGREED = PositionStatus.AGREED


def agreed() -> Case:
    """A deviation from 1 March through 31 October, agreed by all on 10 February."""
    return Case().submit(date(2026, 1, 12), MARCH, OCTOBER).all_agree(date(2026, 2, 10))


def test_what_nobody_answered_is_submitted_and_nothing_more() -> None:
    case = Case().submit(date(2026, 1, 12), MARCH, OCTOBER)
    assert case.state(date(2026, 1, 11)) is State.CONCEPT
    assert case.state(date(2026, 1, 12)) is State.SUBMITTED
    assert case.state(date(2026, 9, 1)) is State.SUBMITTED, "silence is not consent"


def test_it_is_agreed_when_the_last_required_party_says_yes() -> None:
    case = Case().submit(date(2026, 1, 12), MARCH, OCTOBER).all_agree(date(2026, 2, 10), but=frozenset({UNION}))
    assert case.state(date(2026, 2, 12)) is State.SUBMITTED
    case.says(UNION, AGREED, date(2026, 2, 13))
    assert case.state(date(2026, 2, 12)) is State.SUBMITTED
    assert case.state(date(2026, 2, 13)) is State.AGREED


@pytest.mark.parametrize(
    "status",
    [
        PositionStatus.WITH_RESERVATION,
        PositionStatus.CONSIDERING,
        PositionStatus.CONSULTING,
        PositionStatus.REFUSED,
        PositionStatus.ADVICE_POSITIVE,
    ],
)
def test_nothing_but_a_yes_without_reservation_counts(status: PositionStatus) -> None:
    case = Case().submit(date(2026, 1, 12), MARCH, OCTOBER).all_agree(date(2026, 2, 10), but=frozenset({OTHER_UNION}))
    case.says(OTHER_UNION, status, date(2026, 2, 10))
    assert case.state(date(2026, 2, 20)) is State.SUBMITTED


def test_it_applies_from_its_first_day_through_its_last() -> None:
    case = agreed()
    assert case.state(MARCH - timedelta(days=1)) is State.AGREED
    assert case.state(MARCH) is State.IN_FORCE
    assert case.state(OCTOBER) is State.IN_FORCE
    assert case.state(date(2026, 11, 1)) is State.LAPSED
    course = case.on(date(2026, 11, 1))
    assert course.governing is not None
    assert course.governing.end_reason is EndReason.END_DATE
    assert course.applied == (Span(MARCH, OCTOBER, 1),)


def test_an_agreement_after_the_first_day_gives_no_cover_backwards() -> None:
    case = Case().submit(date(2026, 1, 12), MARCH, OCTOBER).all_agree(date(2026, 3, 10))
    assert case.state(date(2026, 3, 10)) is State.AGREED
    assert case.state(date(2026, 3, 11)) is State.IN_FORCE
    assert case.on(OCTOBER).applied[0].first == date(2026, 3, 11)


def test_a_cao_that_allows_it_gives_cover_backwards() -> None:
    case = Case().submit(date(2026, 3, 2), MARCH, OCTOBER, terms=Terms(is_retroactive=True))
    case.all_agree(date(2026, 3, 10))
    assert case.on(date(2026, 3, 10)).applied[0].first == MARCH


def test_a_cao_for_which_silence_counts_agrees_after_the_response_date() -> None:
    case = Case().submit(date(2026, 1, 12), MARCH, OCTOBER, terms=Terms(is_silent=True))
    case.says(UNION, AGREED, date(2026, 1, 20))
    assert case.state(date(2026, 2, 23)) is State.SUBMITTED
    assert case.state(date(2026, 2, 24)) is State.AGREED
    case.says(OTHER_UNION, PositionStatus.CONSIDERING, date(2026, 2, 1))
    assert case.state(date(2026, 2, 24)) is State.SUBMITTED, "a party that answered is not silent"


def test_a_withdrawn_yes_before_the_start_blocks_it() -> None:
    case = agreed().says(UNION, PositionStatus.WITHDRAWN, date(2026, 2, 20))
    assert case.state(date(2026, 2, 20)) is State.SUBMITTED
    assert case.state(MARCH) is State.SUBMITTED
    case.says(UNION, AGREED, date(2026, 3, 5))
    assert case.state(date(2026, 3, 6)) is State.IN_FORCE


def test_a_refusal_after_which_nothing_moves_for_sixty_days_ends_in_rejection() -> None:
    case = Case().submit(date(2026, 1, 12), MARCH, OCTOBER).says(UNION, PositionStatus.REFUSED, date(2026, 1, 20))
    assert case.state(date(2026, 3, 21)) is State.SUBMITTED
    assert case.state(date(2026, 3, 22)) is State.REJECTED
    case.says(EMPLOYER, AGREED, date(2026, 2, 1))
    assert case.state(date(2026, 3, 22)) is State.SUBMITTED, "something moved"


def test_a_new_version_starts_without_positions_while_the_old_one_stays_in_force() -> None:
    case = agreed().submit(date(2026, 6, 1), date(2026, 11, 1), date(2027, 3, 31))
    course = case.on(date(2026, 6, 2))
    assert course.state is State.IN_FORCE
    assert course.governing is not None
    assert course.governing.facts.number == 1
    assert course.waiting is not None
    assert course.waiting.positions == {}


def test_an_extension_in_time_leaves_no_gap() -> None:
    case = agreed().submit(date(2026, 6, 1), date(2026, 11, 1), date(2027, 3, 31)).all_agree(date(2026, 9, 1))
    assert case.state(date(2026, 11, 1)) is State.IN_FORCE
    course = case.on(date(2026, 11, 1))
    assert course.interruptions == ()
    assert course.extensions == 1
    assert [step.number for step in course.steps][-2:] == ["D12", "D6"]
    assert course.last_day == date(2027, 3, 31)


def test_a_late_extension_leaves_an_interruption_and_days_without_cover() -> None:
    case = agreed().submit(date(2026, 10, 12), date(2026, 12, 7), date(2027, 3, 31))
    gap = case.on(date(2026, 11, 5))
    assert gap.state is State.LAPSED
    assert gap.interruptions == (Span(date(2026, 11, 1), None, 1),)
    assert gap.uncovered == (Span(date(2026, 11, 1), None, 1),), "unknown is uncovered"
    case.act(ActKind.FALLBACK, date(2026, 11, 9), back_on=date(2026, 11, 2), is_complete=False)
    case.all_agree(date(2026, 11, 20))
    course = case.on(date(2026, 12, 8))
    assert course.state is State.IN_FORCE
    assert course.interruptions == (Span(date(2026, 11, 1), date(2026, 12, 6), 1),)
    assert course.uncovered == (Span(date(2026, 11, 1), date(2026, 11, 1), 1),)
    assert course.uncovered[0].days(date(2026, 12, 8)) == 1


def test_only_the_party_that_suspended_can_resume() -> None:
    case = agreed().act(ActKind.SUSPENDED, date(2026, 6, 12), party=COUNCIL)
    assert case.state(date(2026, 6, 12)) is State.SUSPENDED
    case.act(ActKind.RESUMED, date(2026, 6, 14), party=EMPLOYER)
    assert case.state(date(2026, 6, 14)) is State.SUSPENDED
    case.act(ActKind.RESUMED, date(2026, 6, 16), party=COUNCIL)
    assert case.state(date(2026, 6, 16)) is State.IN_FORCE
    assert [(span.first, span.last) for span in case.on(date(2026, 6, 20)).applied] == [
        (MARCH, date(2026, 6, 11)),
        (date(2026, 6, 16), None),
    ]


@pytest.mark.parametrize(("day", "state"), [(21, State.SUSPENDED), (22, State.IN_FORCE)])
def test_another_party_has_five_days_to_object(day: int, state: State) -> None:
    case = agreed().act(ActKind.SUSPENDED, date(2026, 6, 12), party=COUNCIL)
    case.act(ActKind.RESUMED, date(2026, 6, 16), party=COUNCIL)
    case.act(ActKind.OBJECTED, date(2026, 6, day), party=UNION)
    assert case.state(date(2026, 6, 30)) is state


def test_the_end_date_keeps_running_while_it_is_suspended() -> None:
    case = agreed().act(ActKind.SUSPENDED, date(2026, 10, 1), party=UNION)
    assert case.state(date(2026, 11, 1)) is State.LAPSED


def test_the_employer_ends_at_once_and_a_party_by_notice() -> None:
    assert agreed().act(ActKind.ENDED, date(2026, 6, 22), party=EMPLOYER).state(date(2026, 6, 22)) is State.ENDED
    case = agreed().says(UNION, PositionStatus.NOTICE, date(2026, 6, 1))
    assert case.state(date(2026, 6, 30)) is State.IN_FORCE
    assert case.on(date(2026, 6, 2)).last_day == date(2026, 6, 30)
    assert case.state(date(2026, 7, 1)) is State.ENDED


def test_nullity_ends_it_on_the_day() -> None:
    case = agreed().says(COUNCIL, PositionStatus.NULLITY, date(2026, 3, 20))
    course = case.on(date(2026, 3, 20))
    assert course.state is State.ENDED
    assert course.governing is not None
    assert course.governing.end_reason is EndReason.NULLITY


def test_an_addendum_waits_for_the_receipt_of_the_ministry_and_a_day() -> None:
    case = Case().submit(date(2026, 1, 12), MARCH, OCTOBER, needs_receipt=True).all_agree(date(2026, 2, 10))
    assert case.state(date(2026, 4, 1)) is State.AGREED
    case.act(ActKind.RECEIPT, date(2026, 4, 7))
    assert case.state(date(2026, 4, 7)) is State.AGREED
    assert case.state(date(2026, 4, 8)) is State.IN_FORCE


def test_a_condition_precedent_waits_and_one_subsequent_ends() -> None:
    case = Case().submit(date(2026, 1, 12), MARCH, OCTOBER, precedents=frozenset({7})).all_agree(date(2026, 2, 10))
    assert case.state(MARCH) is State.AGREED
    case.reports_met(7, ConditionKind.PRECEDENT, date(2026, 3, 3))
    assert case.state(date(2026, 3, 4)) is State.IN_FORCE
    case.reports_met(8, ConditionKind.SUBSEQUENT, date(2026, 5, 5))
    course = case.on(date(2026, 5, 5))
    assert course.state is State.LAPSED
    assert course.governing is not None
    assert course.governing.end_reason is EndReason.CONDITION


def test_what_never_began_lapses_when_its_last_day_is_over() -> None:
    case = Case().submit(date(2026, 1, 12), MARCH, OCTOBER)
    course = case.on(date(2026, 11, 1))
    assert course.state is State.LAPSED
    assert course.fallback_due is None, "there is nothing to fall back from"


def test_it_ends_with_the_cao_when_the_cao_says_so() -> None:
    terms = Terms(ends_on=date(2026, 6, 30))
    case = Case().submit(date(2026, 1, 12), MARCH, OCTOBER, terms=terms).all_agree(date(2026, 2, 10))
    assert case.state(date(2026, 6, 30)) is State.IN_FORCE
    assert case.state(date(2026, 7, 1)) is State.LAPSED


def test_a_changed_article_asks_every_party_to_reconfirm_in_time() -> None:
    case = agreed().cao_changes(date(2026, 7, 1), date(2026, 9, 30))
    for party in (EMPLOYER, UNION):
        case.act(ActKind.RECONFIRMED, date(2026, 8, 1), party=party)
    assert len(case.on(date(2026, 8, 2)).open_renewals) == 1
    assert case.state(date(2026, 9, 30)) is State.IN_FORCE
    course = case.on(date(2026, 10, 1))
    assert course.state is State.LAPSED
    assert course.governing is not None
    assert course.governing.end_reason is EndReason.NEW_CAO
    case.act(ActKind.RECONFIRMED, date(2026, 9, 30), party=OTHER_UNION)
    assert case.state(date(2026, 10, 1)) is State.IN_FORCE
    assert case.on(date(2026, 10, 1)).open_renewals == ()


def test_the_lead_has_five_working_days_for_the_fallback_statement() -> None:
    case = agreed()  # lapses on Sunday 1 November
    assert case.on(date(2026, 11, 2)).fallback_due == date(2026, 11, 6)
    assert not case.on(date(2026, 11, 6)).lacks_fallback
    assert case.on(date(2026, 11, 7)).lacks_fallback
    case.act(ActKind.FALLBACK, date(2026, 11, 5), back_on=date(2026, 11, 2), is_complete=False)
    assert case.on(date(2026, 11, 5)).lacks_fallback, "it is incomplete"
    case.act(ActKind.FALLBACK, date(2026, 11, 10), back_on=date(2026, 11, 2), is_complete=True)
    assert not case.on(date(2026, 11, 10)).lacks_fallback


def test_what_is_over_can_be_closed_and_what_waits_cannot() -> None:
    case = agreed().act(ActKind.CLOSED, date(2026, 11, 3))
    assert case.state(date(2026, 11, 3)) is State.CLOSED
    waiting = agreed().submit(date(2026, 10, 12), date(2026, 12, 7), date(2027, 3, 31))
    waiting.act(ActKind.CLOSED, date(2026, 11, 3))
    assert waiting.state(date(2026, 11, 3)) is State.LAPSED


def test_what_is_withdrawn_rejected_or_taken_back_goes_no_further() -> None:
    for kind, state in (
        (ActKind.WITHDRAWN, State.WITHDRAWN),
        (ActKind.REJECTED, State.REJECTED),
        (ActKind.TAKEN_BACK, State.CONCEPT),
    ):
        case = Case().submit(date(2026, 1, 12), MARCH, OCTOBER).act(kind, date(2026, 1, 15), version=1)
        case.all_agree(date(2026, 2, 1))
        assert case.state(date(2026, 4, 1)) is state


def test_a_later_version_that_is_refused_leaves_the_first_one_alone() -> None:
    case = agreed().submit(date(2026, 6, 1), date(2026, 11, 1), date(2027, 3, 31))
    case.act(ActKind.REJECTED, date(2026, 6, 20), version=2)
    assert case.state(date(2026, 7, 1)) is State.IN_FORCE
    assert case.state(date(2026, 11, 1)) is State.LAPSED
    assert case.on(date(2026, 11, 2)).interruptions == ()


def test_a_suspension_after_the_agreement_on_the_next_version_carries_over() -> None:
    case = agreed().submit(date(2026, 6, 1), date(2026, 11, 1), date(2027, 3, 31)).all_agree(date(2026, 9, 1))
    case.act(ActKind.SUSPENDED, date(2026, 10, 20), party=COUNCIL)
    assert case.state(date(2026, 11, 1)) is State.SUSPENDED
    case.act(ActKind.RESUMED, date(2026, 11, 3), party=COUNCIL)
    assert case.state(date(2026, 11, 3)) is State.IN_FORCE


def test_without_required_parties_it_is_agreed_at_once() -> None:
    case = Case().submit(date(2026, 1, 12), MARCH, OCTOBER, required=frozenset())
    assert case.state(date(2026, 1, 12)) is State.AGREED
    assert ALL, "the other cases ask parties"


def test_working_days_skip_the_weekend() -> None:
    assert working_days_later(date(2026, 10, 31), 5) == date(2026, 11, 6)
    assert working_days_later(date(2026, 11, 6), 1) == date(2026, 11, 9)
