"""The states of a pilot, and the only ways from one to the next (domain dossier 5.1).

`TABLE` is meant to be read by someone who is not a programmer: from which state, to which, by whose hand, and what
must be so before. What must stay true: a pilot goes from one state to another through a row of this table and in
no other way, on a day that is not in the future and not before the step before (`gate.py`). Nothing happens by
itself when a date passes, except that the system pauses a pilot when a rule that it needs lapses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TypedDict

from proeftuin.pilots.linked import Linked
from proeftuin.pilots.models import Pilot, State
from proeftuin.pilots.plan import QUESTIONS, is_untitled


class Hand(StrEnum):
    """Whose hand may make a step."""

    LEAD = "trekker"
    COUNCIL = "or-lid"
    EXECUTIVE = "bestuurder (directie)"
    SYSTEM = "systeem"


class Need(StrEnum):
    """What must be so before a step can be made. The value is the field of the form where it is mended."""

    TITLE = "title"
    DEPARTMENT = "department_id"
    THEME = "theme_ids"
    A_LEAD = "team"
    QUESTION = "question"
    HYPOTHESIS = "hypothesis"
    FALLBACK = "fallback"
    VOLUNTARINESS = "voluntariness"
    FIRST_DAY_REACHED = "starts_on"
    LAST_DAY = "ends_on"
    EIGHT_ANSWERS = "plan"
    MEASURED_OR_WHY_NOT = "measured"
    PARTICIPANTS_INFORMED = "informed"
    RULES_HOLD = "without_rules"
    REASON = "reason"
    WHAT_PARTICIPANTS_GET = "participants_get"
    SECOND_READER = "second_reader"
    LESSONS = "lessons"
    DECISION = "decision"


SAID_AT_THE_STEP = frozenset(
    {
        Need.MEASURED_OR_WHY_NOT,
        Need.PARTICIPANTS_INFORMED,
        Need.RULES_HOLD,
        Need.REASON,
        Need.WHAT_PARTICIPANTS_GET,
        Need.SECOND_READER,
        Need.LESSONS,
        Need.DECISION,
    }
)
TYPED_AS_REASON = frozenset({Need.REASON, Need.LESSONS, Need.DECISION})


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table."""

    number: str
    from_state: State
    to_state: State
    by: tuple[Hand, ...]
    needs: tuple[Need, ...] = ()


TABLE = (
    Step(
        "P2",
        State.CONCEPT,
        State.PREPARATION,
        by=(Hand.LEAD,),
        needs=(
            Need.TITLE,
            Need.DEPARTMENT,
            Need.THEME,
            Need.A_LEAD,
            Need.QUESTION,
            Need.HYPOTHESIS,
            Need.FALLBACK,
            Need.VOLUNTARINESS,
        ),
    ),
    Step(
        "P3",
        State.PREPARATION,
        State.RUNNING,
        by=(Hand.LEAD,),
        needs=(
            Need.EIGHT_ANSWERS,
            Need.FIRST_DAY_REACHED,
            Need.LAST_DAY,
            Need.MEASURED_OR_WHY_NOT,
            Need.PARTICIPANTS_INFORMED,
            Need.RULES_HOLD,
        ),
    ),
    Step("P3", State.PREPARATION, State.NEVER_STARTED, by=(Hand.LEAD,), needs=(Need.REASON,)),
    Step("P5", State.RUNNING, State.PAUSED, by=(Hand.LEAD, Hand.COUNCIL, Hand.SYSTEM), needs=(Need.REASON,)),
    Step("P5", State.PAUSED, State.RUNNING, by=(Hand.LEAD,), needs=(Need.RULES_HOLD, Need.REASON)),
    Step("P6", State.RUNNING, State.COMPLETED, by=(Hand.LEAD,)),
    Step(
        "P7",
        State.RUNNING,
        State.STOPPED,
        by=(Hand.LEAD, Hand.EXECUTIVE),
        needs=(Need.REASON, Need.WHAT_PARTICIPANTS_GET),
    ),
    Step(
        "P7",
        State.PAUSED,
        State.STOPPED,
        by=(Hand.LEAD, Hand.EXECUTIVE),
        needs=(Need.REASON, Need.WHAT_PARTICIPANTS_GET),
    ),
    Step("P8", State.COMPLETED, State.EVALUATED, by=(Hand.LEAD,), needs=(Need.LESSONS, Need.SECOND_READER)),
    Step("P8", State.STOPPED, State.EVALUATED, by=(Hand.LEAD,), needs=(Need.LESSONS, Need.SECOND_READER)),
    Step("P9", State.EVALUATED, State.ARCHIVED, by=(Hand.LEAD,), needs=(Need.DECISION,)),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a pilot when a step is asked for."""

    pilot: Pilot
    has_theme: bool
    lead_ids: frozenset[int]
    team_ids: frozenset[int]
    on: date
    linked: tuple[Linked, ...] = ()


class Statements(TypedDict, total=False):
    """What the person who makes a step states, besides the reason, as keywords."""

    measured: bool
    no_measurement: str
    informed: bool
    participants_get: str
    without_rules: str
    is_sure: bool
    second_reader_id: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """What the person who makes a step states, besides the reason."""

    measured: bool = False
    no_measurement: str = ""
    informed: bool = False
    participants_get: str = ""
    without_rules: str = ""
    is_sure: bool = False
    second_reader_id: int | None = None

    def to_keep(self) -> dict[str, str | bool]:
        """Return what is kept with the transition: what was said, without what was left empty."""
        said: dict[str, str | bool] = {
            "measured": self.measured,
            "no_measurement": "" if self.measured else self.no_measurement,
            "informed": self.informed,
            "participants_get": self.participants_get,
            "without_rules": self.without_rules,
        }
        return {name: value for name, value in said.items() if value}


NOTHING_SAID = Said()


def find_step(from_state: State, to_state: State) -> Step | None:
    """Return the row of the table that leads from one state to another, or None."""
    return next((step for step in TABLE if (step.from_state, step.to_state) == (from_state, to_state)), None)


def list_steps(state: State) -> list[Step]:
    """Return the rows of the table that begin at a state, the usual one first."""
    return [step for step in TABLE if step.from_state is state]


_MET: Mapping[Need, Callable[[Facts, Said, str], bool]] = MappingProxyType(
    {
        Need.TITLE: lambda facts, said, reason: not is_untitled(facts.pilot.title),
        Need.DEPARTMENT: lambda facts, said, reason: facts.pilot.department_id is not None,
        Need.THEME: lambda facts, said, reason: facts.has_theme,
        Need.A_LEAD: lambda facts, said, reason: bool(facts.lead_ids),
        Need.QUESTION: lambda facts, said, reason: bool(facts.pilot.question),
        Need.HYPOTHESIS: lambda facts, said, reason: bool(facts.pilot.hypothesis),
        Need.FALLBACK: lambda facts, said, reason: bool(facts.pilot.fallback),
        Need.VOLUNTARINESS: lambda facts, said, reason: bool(facts.pilot.voluntariness),
        Need.EIGHT_ANSWERS: lambda facts, said, reason: not unanswered(facts.pilot),
        Need.FIRST_DAY_REACHED: lambda facts, said, reason: (
            facts.pilot.starts_on is not None and facts.pilot.starts_on <= facts.on
        ),
        Need.LAST_DAY: lambda facts, said, reason: facts.pilot.ends_on is not None,
        Need.MEASURED_OR_WHY_NOT: lambda facts, said, reason: said.measured or bool(said.no_measurement),
        Need.PARTICIPANTS_INFORMED: lambda facts, said, reason: said.informed,
        Need.RULES_HOLD: lambda facts, said, reason: (
            all(each.holds for each in facts.linked) or bool(said.without_rules and said.is_sure)
        ),
        Need.WHAT_PARTICIPANTS_GET: lambda facts, said, reason: bool(said.participants_get),
        Need.SECOND_READER: lambda facts, said, reason: (
            said.second_reader_id is not None and said.second_reader_id not in facts.team_ids
        ),
        Need.REASON: lambda facts, said, reason: bool(reason),
        Need.LESSONS: lambda facts, said, reason: bool(reason),
        Need.DECISION: lambda facts, said, reason: bool(reason),
    }
)


def is_met(need: Need, facts: Facts, said: Said = NOTHING_SAID, reason: str = "") -> bool:
    """Return whether what must be so, is so."""
    return _MET[need](facts, said, reason)


def unanswered(pilot: Pilot) -> list[int]:
    """Return the numbers of the eight questions that have no answer yet."""
    return [number for number, name in enumerate(QUESTIONS, start=1) if not getattr(pilot, name)]
