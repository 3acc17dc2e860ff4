"""The stage on which the demo company acts: who is there, and what is to happen when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from proeftuin import clock
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.actor import Actor
from proeftuin.demo.company import Company, moment
from proeftuin.following import service as following


@dataclass(order=True)
class Act:
    """Something that someone did at a moment. Acts of one moment keep the order in which they were written down."""

    at: datetime
    order: int
    do: Callable[[], None] = field(compare=False)


class Stage:
    """The people and things of the company by the keys of its files, and the acts that were noted so far."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.people: dict[str, int] = {}
        self.departments: dict[str, int] = {}
        self.themes: dict[str, int] = {}
        self.parties: dict[str, int] = {}
        self.acts: list[Act] = []

    def at(self, day: date, order: int, do: Callable[[], None]) -> None:
        """Note an act for a day of the company; a higher order is later on that day."""
        self.acts.append(Act(moment(day, order), len(self.acts), do))

    def at_midnight(self, day: date, do: Callable[[], None]) -> None:
        """Note an act for the first moment of a day, before anybody does anything."""
        self.acts.append(Act(clock.start_of(day), len(self.acts), do))

    def actor(self, key: str) -> Actor:
        """Return someone of the company as an actor at the present (shifted) moment."""
        found = accounts.find_actor(self.people[key])
        assert found is not None, key
        return found

    def follow_from_the_start(self, code: str, pilot_id: int) -> None:
        """Let those who follow a pilot do so from the day it opened."""
        for key, codes in self.company.additions["volgers"].items():
            if code in codes:
                following.follow(self.actor(key), pilot_id)
