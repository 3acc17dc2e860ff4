"""The arithmetic of outcomes: against published tables, and laws that hold for all numbers."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proeftuin.outcomes import figures
from proeftuin.outcomes.assessing import Basis, Caution, Terms, assess
from proeftuin.outcomes.figures import Answer, Arm, Figures, Kind, Moment
from proeftuin.outcomes.statistics import (
    Estimate,
    Favourable,
    Share,
    Size,
    Verdict,
    contrast,
    judge,
    median,
    newcombe,
    sample,
    wilson,
)
from proeftuin.outcomes.student import cumulative, quantile

SMALL = 8
TABLE = [
    # probability, degrees of freedom, value: any printed table of Student's t
    (0.975, 1, 12.706),
    (0.975, 2, 4.303),
    (0.975, 5, 2.571),
    (0.975, 10, 2.228),
    (0.975, 29, 2.045),
    (0.975, 60, 2.000),
    (0.975, 120, 1.980),
    (0.95, 8, 1.860),
    (0.995, 3, 5.841),
    (0.9995, 15, 4.073),
    (0.6, 4, 0.271),
]
numbers = st.lists(st.integers(-100, 100).map(lambda n: n / 4), min_size=2, max_size=40)
shares = st.integers(1, 200).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(("probability", "degrees", "value"), TABLE)
def test_a_quantile_is_that_of_the_printed_table(probability: float, degrees: int, value: float) -> None:
    assert round(quantile(probability, degrees), 3) == value


def test_with_many_degrees_the_quantile_is_that_of_the_normal_distribution() -> None:
    assert isclose(quantile(0.975, 1e7), 1.959964, abs_tol=1e-5)


def test_with_one_degree_it_is_the_distribution_of_cauchy() -> None:
    assert isclose(cumulative(1.0, 1), 0.75, abs_tol=1e-12)


@given(st.floats(0.001, 0.999), st.floats(1, 500))
def test_a_quantile_is_where_the_distribution_reaches_its_probability(probability: float, degrees: float) -> None:
    value = quantile(probability, degrees)
    assert isclose(cumulative(value, degrees), probability, abs_tol=1e-9)
    assert isclose(quantile(1 - probability, degrees), -value, rel_tol=1e-6, abs_tol=1e-6)


@pytest.mark.parametrize(("probability", "degrees"), [(0, 3), (1, 3), (0.5, 0), (0.5, -1)])
def test_there_is_no_quantile_of_nothing(probability: float, degrees: float) -> None:
    with pytest.raises(ValueError, match="no quantile"):
        quantile(probability, degrees)


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [(Share(81, 263), 0.2553, 0.3662), (Share(15, 148), 0.0624, 0.1605), (Share(0, 20), 0.0, 0.1611)],
)
def test_the_interval_of_a_share_is_the_published_one(share: Share, low: float, high: float) -> None:
    """From R. G. Newcombe, Two-sided confidence intervals for the single proportion (1998), table I, method 3."""
    found = wilson(share)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        (Share(56, 70), Share(48, 80), 0.0524, 0.3339),
        (Share(9, 10), Share(3, 10), 0.1705, 0.8090),
        (Share(10, 10), Share(0, 20), 0.6791, 1.0),
    ],
)
def test_the_interval_of_a_difference_of_shares_is_the_published_one(
    one: Share, other: Share, low: float, high: float
) -> None:
    """From R. G. Newcombe, Interval estimation for the difference between independent proportions (1998), table II,
    method 10."""
    found = newcombe(one, other)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def made(values: list[float], others: list[float]) -> Estimate:
    one, other = sample(values), sample(others)
    assert one is not None
    assert other is not None
    found = contrast([(1, one), (-1, other)])
    assert found is not None
    return found


def near(one: Estimate, other: Estimate) -> bool:
    pairs = ((one.value, other.value), (one.low, other.low), (one.high, other.high))
    return all(isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) for a, b in pairs)


@given(numbers, numbers)
def test_a_difference_lies_in_its_interval(values: list[float], others: list[float]) -> None:
    found = made(values, others)
    assert found.low <= found.value <= found.high


@given(numbers, numbers, st.integers(-50, 50))
def test_moving_every_answer_moves_no_difference(values: list[float], others: list[float], by: int) -> None:
    moved = made([each + by for each in values], [each + by for each in others])
    assert near(moved, made(values, others))


@given(numbers, numbers)
def test_swapping_the_groups_turns_the_sign(values: list[float], others: list[float]) -> None:
    there, back = made(values, others), made(others, values)
    assert near(there, Estimate(-back.value, -back.high, -back.low))


@given(numbers, st.integers(2, 9))
def test_another_unit_stretches_the_interval_with_it(values: list[float], times: int) -> None:
    plain, stretched = made(values, [0.0, 0.0]), made([each * times for each in values], [0.0, 0.0])
    assert near(stretched, Estimate(plain.value * times, plain.low * times, plain.high * times))


@given(numbers)
def test_answers_that_do_not_differ_have_no_spread(values: list[float]) -> None:
    same = [values[0]] * len(values)
    found = made(same, same)
    assert found.low == found.value == found.high == 0


def test_of_one_answer_nothing_is_said() -> None:
    one = sample([3.0])
    assert one is not None
    assert contrast([(1, one)]) is None
    assert sample([]) is None


@given(shares)
def test_a_share_lies_in_its_interval_and_the_interval_between_nobody_and_everybody(share: Share) -> None:
    found = wilson(share)
    assert 0 <= found.low <= found.value <= found.high <= 1


@given(shares, shares)
def test_a_difference_of_shares_turns_with_its_sides(one: Share, other: Share) -> None:
    there, back = newcombe(one, other), newcombe(other, one)
    assert there.low <= there.value <= there.high
    assert near(there, Estimate(-back.value, -back.high, -back.low))


bounds = st.tuples(st.floats(-20, 20), st.floats(0, 20)).map(lambda b: Estimate(b[0] + b[1] / 2, b[0], b[0] + b[1]))


@given(bounds, st.floats(0.1, 10))
def test_a_verdict_turns_when_lower_is_better(found: Estimate, smallest: float) -> None:
    turned = Estimate(-found.value, -found.high, -found.low)
    assert judge(found, Favourable.HIGHER, smallest) == judge(turned, Favourable.LOWER, smallest)


@given(bounds, st.floats(0.1, 10))
def test_a_verdict_says_no_more_than_the_interval_carries(found: Estimate, smallest: float) -> None:
    verdict, size = judge(found, Favourable.HIGHER, smallest)
    match verdict:
        case Verdict.BETTER:
            assert found.low > 0
            assert (size is Size.SURELY) == (found.low > smallest)
        case Verdict.WORSE:
            assert found.high < 0
            assert (size is Size.SURELY) == (found.high < -smallest)
        case Verdict.NO_DIFFERENCE:
            assert -smallest < found.low
            assert found.high < smallest
            assert size is None
        case Verdict.UNDECIDED:
            assert found.low <= 0 <= found.high
            assert size is None


def test_a_small_difference_that_is_surely_there_is_no_difference_that_matters() -> None:
    assert judge(Estimate(0.2, 0.1, 0.3), Favourable.HIGHER, 0.5) == (Verdict.NO_DIFFERENCE, None)


def test_the_middle_of_an_even_number_lies_between_two() -> None:
    assert (median([4, 1, 2, 3]), median([9, 1, 5])) == (2.5, 5)


# Groups, and what is hidden


def answered(arm: Arm, moment: Moment, values: list[float], *, prefix: str = "d", part: str = "") -> list[Answer]:
    return [Answer(arm, moment, f"{prefix}{n}" if prefix else "", part, value) for n, value in enumerate(values)]


def people(*sizes: int, unnamed: int = 0) -> Figures:
    """Return the figures of parts of these sizes, and of people who are in no part."""
    parts = [(f"deel {n}", size) for n, size in enumerate(sizes)] + ([("", unnamed)] if unnamed else [])
    given_: list[Answer] = []
    for name, size in parts:
        for moment in (Moment.BASELINE, Moment.FOLLOW_UP):
            values = [float(n % 7) for n in range(size)]
            given_ += answered(Arm.PARTICIPANTS, moment, values, prefix=f"{name or 'x'}-", part=name)
    return figures.of_answers(given_, Kind.MEAN)


def hidden_parts(found: Figures) -> set[str]:
    return {name for name, each in figures.hide(found, SMALL).subgroups.items() if each.is_hidden}


def test_a_small_part_hides_the_only_other_part() -> None:
    assert hidden_parts(people(6, 22)) == {"deel 0", "deel 1"}


def test_of_three_parts_the_next_small_one_is_hidden_with_the_small_one() -> None:
    assert hidden_parts(people(6, 9, 20)) == {"deel 0", "deel 1"}


def test_two_small_parts_that_are_few_together_take_a_third_with_them() -> None:
    assert hidden_parts(people(3, 3, 20, 30)) == {"deel 0", "deel 1", "deel 2"}


def test_parts_that_are_large_enough_are_all_shown() -> None:
    assert hidden_parts(people(8, 9, 20)) == set()


def test_a_few_people_in_no_part_do_not_follow_from_the_whole() -> None:
    assert hidden_parts(people(20, 20, unnamed=3)) != set()
    assert hidden_parts(people(20, 20, unnamed=8)) == set()


@given(st.lists(st.integers(1, 25), min_size=1, max_size=5), st.integers(0, 12))
def test_no_group_of_fewer_than_the_limit_follows_from_what_is_shown(sizes: list[int], unnamed: int) -> None:
    found = figures.hide(people(*sizes, unnamed=unnamed), SMALL)
    shown = [each.n_paired or 0 for each in found.subgroups.values() if not each.is_hidden]
    assert all(size >= SMALL for size in shown)
    whole = found.shown(Arm.PARTICIPANTS)
    if whole is None:
        assert not shown
        return
    rest = (whole.n_paired or 0) - sum(shown)
    assert not shown or rest == 0 or rest >= SMALL
    hidden = [size for size, each in zip(sizes, found.subgroups.values(), strict=True) if each.is_hidden]
    if hidden and shown:  # the rest is never one part alone
        assert len(hidden) + (unnamed > 0) > 1


@given(st.lists(st.integers(1, 25), min_size=1, max_size=5), st.integers(5, 15))
def test_hiding_again_shows_nothing_more(sizes: list[int], limit: int) -> None:
    once = figures.hide(people(*sizes), SMALL)
    stored = figures.from_data(figures.as_data(once))
    assert stored == once
    again = figures.hide(stored, limit)
    assert all(again.subgroups[name].is_hidden for name, each in once.subgroups.items() if each.is_hidden)


def test_a_hidden_group_leaves_no_figure_in_what_is_stored() -> None:
    data = figures.as_data(figures.hide(people(6, 22), SMALL))
    assert data["subgroups"] == {"deel 0": {"hidden": True}, "deel 1": {"hidden": True}}


TERMS = Terms(Kind.MEAN, Favourable.HIGHER, 0.5)
LOW = [4.0, 5.0, 6.0, 5.5, 4.5, 5.0, 6.5, 4.0, 5.0, 5.5, 6.0, 4.5]
HIGH = [each + 2 + (n % 3) / 4 for n, each in enumerate(LOW)]


def test_a_comparison_group_that_is_too_small_leaves_the_change_of_who_takes_part() -> None:
    few = [
        *answered(Arm.COMPARISON, Moment.BASELINE, LOW[:6], prefix="v"),
        *answered(Arm.COMPARISON, Moment.FOLLOW_UP, LOW[:6], prefix="v"),
    ]
    given_ = [
        *answered(Arm.PARTICIPANTS, Moment.BASELINE, LOW),
        *answered(Arm.PARTICIPANTS, Moment.FOLLOW_UP, HIGH),
        *few,
    ]
    found = figures.hide(figures.of_answers(given_, Kind.MEAN), SMALL)
    said = assess(found, TERMS)
    assert (said.basis, said.verdict) == (Basis.PARTICIPANTS, Verdict.BETTER)
    assert found.arms[Arm.COMPARISON].is_hidden


def test_too_few_people_who_take_part_give_no_verdict_at_all() -> None:
    given_ = [
        *answered(Arm.PARTICIPANTS, Moment.BASELINE, LOW[:7]),
        *answered(Arm.PARTICIPANTS, Moment.FOLLOW_UP, HIGH[:7]),
    ]
    said = assess(figures.hide(figures.of_answers(given_, Kind.MEAN), SMALL), TERMS)
    assert (said.verdict, said.headline, said.warnings) == (None, None, ())


def test_answers_without_codes_are_compared_as_two_groups() -> None:
    """The interval is Welch's: checked against the one of the linked answers, which is narrower."""
    linked = [*answered(Arm.PARTICIPANTS, Moment.BASELINE, LOW), *answered(Arm.PARTICIPANTS, Moment.FOLLOW_UP, HIGH)]
    loose = [Answer(each.arm, each.moment, "", "", each.value) for each in linked]
    one, other = (figures.of_answers(each, Kind.MEAN) for each in (linked, loose))
    assert (one.is_linked, other.is_linked) == (True, False)
    narrow, wide = assess(one, TERMS).headline, assess(other, TERMS).headline
    assert narrow is not None
    assert wide is not None
    assert isclose(narrow.value, wide.value)
    assert wide.low < narrow.low < narrow.high < wide.high


def test_without_anything_before_the_groups_are_compared_afterwards() -> None:
    given_ = [
        *answered(Arm.PARTICIPANTS, Moment.FOLLOW_UP, HIGH),
        *answered(Arm.COMPARISON, Moment.FOLLOW_UP, LOW, prefix="v"),
    ]
    assert assess(figures.of_answers(given_, Kind.MEAN), TERMS).basis is Basis.AFTERWARDS


def test_one_measurement_of_one_group_gives_no_verdict() -> None:
    given_ = answered(Arm.PARTICIPANTS, Moment.FOLLOW_UP, HIGH)
    said = assess(figures.of_answers(given_, Kind.MEAN), TERMS)
    assert said.verdict is None
    assert said.warnings == (Caution.SMALL,)


def test_shares_are_compared_with_the_other_group_in_points() -> None:
    given_ = [
        *answered(Arm.PARTICIPANTS, Moment.FOLLOW_UP, [1.0] * 56 + [0.0] * 14),
        *answered(Arm.COMPARISON, Moment.FOLLOW_UP, [1.0] * 48 + [0.0] * 32, prefix="v"),
    ]
    said = assess(figures.of_answers(given_, Kind.SHARE), Terms(Kind.SHARE, Favourable.HIGHER, 5))
    assert (said.basis, said.verdict, said.size) == (Basis.SHARES, Verdict.BETTER, Size.SURELY)


def test_who_dropped_out_and_who_did_not_answer_are_told() -> None:
    given_ = [
        *answered(Arm.PARTICIPANTS, Moment.BASELINE, LOW * 3),
        *answered(Arm.PARTICIPANTS, Moment.FOLLOW_UP, (HIGH * 3)[:26]),
    ]
    said = assess(figures.of_answers(given_, Kind.MEAN), TERMS, asked=50)
    assert said.warnings == (Caution.LOW_RESPONSE, Caution.HIGH_LOSS)
