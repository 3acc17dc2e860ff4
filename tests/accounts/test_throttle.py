"""How often something may be tried."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts import throttle
from proeftuin.accounts.models import Attempt
from proeftuin.accounts.throttle import Limit
from proeftuin.db import session
from proeftuin.errors import TooMany

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FOUR_A_MINUTE = Limit("test", 4, timedelta(minutes=1))


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def fill(moment: datetime, times: int = 4) -> None:
    with clock.at(moment):
        for _time in range(times):
            throttle.count(FOUR_A_MINUTE, "someone")


def test_one_more_than_the_limit_is_refused_and_says_how_long_to_wait(unit: None) -> None:
    fill(at(0))
    with clock.at(at(10)), pytest.raises(TooMany) as refused:
        throttle.count(FOUR_A_MINUTE, "someone")
    wait = refused.value.retry_after
    assert 50 <= wait <= 120
    with clock.at(at(10 + wait)):
        throttle.count(FOUR_A_MINUTE, "someone")


def test_the_edge_of_a_window_does_not_give_twice_as_many(unit: None) -> None:
    fill(at(59))
    with clock.at(at(61)), pytest.raises(TooMany):
        throttle.count(FOUR_A_MINUTE, "someone")


@pytest.mark.parametrize("second", [0, 17, 59])
@pytest.mark.parametrize("times", [3, 4])
def test_whoever_waits_as_long_as_was_said_may_try_again(unit: None, second: int, times: int) -> None:
    fill(at(second), times)
    moment = at(61)
    for _try in range(20):
        with clock.at(moment):
            try:
                throttle.count(FOUR_A_MINUTE, "someone")
            except TooMany as refused:
                moment += timedelta(seconds=refused.retry_after)
                with clock.at(moment):
                    throttle.count(FOUR_A_MINUTE, "someone")  # a second refusal would fail the test


def test_refused_attempts_do_not_make_the_wait_longer(unit: None) -> None:
    fill(at(0))
    for _time in range(50):
        with clock.at(at(30)), pytest.raises(TooMany):
            throttle.count(FOUR_A_MINUTE, "someone")
    assert session().scalar(select(Attempt.count)) == 4


def test_two_people_and_two_limits_are_counted_apart(unit: None) -> None:
    fill(at(0))
    with clock.at(at(1)):
        throttle.count(FOUR_A_MINUTE, "someone else")
        throttle.count(Limit("other", 4, timedelta(minutes=1)), "someone")


def test_what_was_given_back_can_be_used_again(unit: None) -> None:
    fill(at(0))
    with clock.at(at(1)):
        throttle.give_back(FOUR_A_MINUTE, "someone")
        throttle.count(FOUR_A_MINUTE, "someone")
        throttle.clear(FOUR_A_MINUTE, "someone")
        fill(at(2))


def test_no_address_and_no_name_is_kept(unit: None) -> None:
    with clock.at(START):
        throttle.count(FOUR_A_MINUTE, "willemijn@oeverbrug.example", "203.0.113.7")
    key = session().scalars(select(Attempt.key)).one()
    assert len(key) == 64
    assert set(key) <= set("0123456789abcdef")


def test_old_counts_are_removed(unit: None) -> None:
    fill(at(0))
    fill(at(4 * 3600), 1)
    assert session().scalars(select(Attempt.window_start)).all() == [at(4 * 3600)]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", "unknown"),
        ("'; drop table person", "unknown"),
    ],
)
def test_an_address_stands_for_the_network_that_one_person_commands(address: str, network: str) -> None:
    assert throttle.network_of(address) == network
