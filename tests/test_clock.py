"""Days are Amsterdam days, also when the clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from proeftuin import clock


def test_a_day_ends_at_midnight_in_amsterdam() -> None:
    assert clock.start_of(date(2026, 11, 1)) == datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert clock.end_of(date(2026, 10, 31)) == clock.start_of(date(2026, 11, 1))


def test_the_day_on_which_the_clock_goes_back_has_25_hours() -> None:
    day = date(2026, 10, 25)
    assert clock.end_of(day) - clock.start_of(day) == timedelta(hours=25)


def test_the_day_on_which_the_clock_goes_forward_has_23_hours() -> None:
    day = date(2027, 3, 28)
    assert clock.end_of(day) - clock.start_of(day) == timedelta(hours=23)


def test_half_past_midnight_in_amsterdam_is_the_new_day() -> None:
    assert clock.day_of(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == date(2026, 7, 2)


def test_an_act_can_take_place_at_another_moment() -> None:
    moment = datetime(2025, 9, 1, 8, tzinfo=UTC)
    with clock.at(moment):
        assert clock.now() == moment
        assert clock.today() == date(2025, 9, 1)
    assert clock.now() > moment
