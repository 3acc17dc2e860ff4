"""Work that computes for long waits while somebody saves, and never for good."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from proeftuin import courtesy
from proeftuin.courtesy import give_way, in_a_hurry


@dataclass
class Hands:
    """A clock that goes on only while somebody pauses; `then` is done after each pause."""

    now: float = 1000.0
    pauses: int = 0
    then: Callable[[int], None] = lambda count: None

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.pauses += 1
        self.then(self.pauses)


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> Hands:
    """Give the clock by which is paused."""
    hands = Hands()
    monkeypatch.setattr(courtesy, "_state", threading.local())
    monkeypatch.setattr(courtesy, "time", hands)
    return hands


def test_nobody_waits_when_nobody_saves(hands: Hands) -> None:
    give_way()
    with in_a_hurry():
        pass
    give_way()
    assert hands.pauses == 0


def test_a_pause_ends_although_somebody_is_still_saving_and_the_next_comes_later(hands: Hands) -> None:
    with in_a_hurry():
        began = hands.now
        give_way()
        assert courtesy.PAUSE <= hands.now - began <= courtesy.PAUSE + 2 * courtesy.LOOK
        paused = hands.pauses
        give_way()
        assert hands.pauses == paused
        hands.now += courtesy.STRIDE
        give_way()
        assert hands.pauses > paused


def test_it_goes_on_when_the_last_one_is_done(hands: Hands) -> None:
    with ExitStack() as first, ExitStack() as second:
        first.enter_context(in_a_hurry())
        second.enter_context(in_a_hurry())
        hands.then = lambda count: {1: first.close, 3: second.close}.get(count, lambda: None)()
        give_way()
    assert hands.pauses == 3


def test_a_save_that_fails_is_over_too(hands: Hands) -> None:
    with pytest.raises(RuntimeError), in_a_hurry():
        raise RuntimeError
    give_way()
    assert hands.pauses == 0
