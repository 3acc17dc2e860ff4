"""What stands outside a pilot and must hold before it starts or goes on: the rules of the cao that it sets aside.

The rooms above say what that is (`provide`), so that a pilot knows nothing of deviations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Linked:
    """Something that a pilot needs: its name and address, and whether it holds on the day that was asked for."""

    name: str
    path: str
    holds: bool
    state: str
    """Its state as a word of a sentence: "voorgelegd"."""


Provider = Callable[[int, date], Sequence[Linked]]

_providers: dict[str, Provider] = {}


def provide(name: str, provider: Provider) -> None:
    """Let a room say what pilots need, under a name (a second one under the same name replaces the first)."""
    _providers[name] = provider


def linked(pilot_id: int, on: date) -> tuple[Linked, ...]:
    """Return what a pilot needs on a day."""
    return tuple(each for provider in _providers.values() for each in provider(pilot_id, on))
