"""Let a thread that has time go slower while somebody saves.

Threads share one interpreter, so work that computes for long (the search index) takes half of it from a save beside
it. Such work calls `give_way` every now and then, as often as it likes.

What must stay true: it is never held up for good. It goes on for `STRIDE` after each pause, and a pause ends after
`PAUSE`, whoever is still saving.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import local

PAUSE = 0.015
"""Seconds; the longest pause. With `STRIDE` it says that a quarter of the time is left for the work at the least."""
STRIDE = 0.005
"""Seconds of work between two pauses."""
LOOK = 0.001
"""Seconds between two looks whether everybody is done."""

_hurried: list[object] = []
_state = local()


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """Say that somebody waits for what the block does."""
    _hurried.append(None)
    try:
        yield
    finally:
        _hurried.pop()


def give_way() -> None:
    """Pause while somebody is in a hurry, but for a moment only."""
    if not _hurried:
        return
    now = time.monotonic()
    if now < getattr(_state, "goes_on_until", 0.0):
        return
    end = now + PAUSE
    while _hurried and time.monotonic() < end:
        time.sleep(LOOK)
    _state.goes_on_until = time.monotonic() + STRIDE
