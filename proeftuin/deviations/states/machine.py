"""The states of a version of a deviation, and the only ways from one to the next (domain dossier, chapter 4).

`TABLE` is meant to be read by a lawyer: the number of the rule, from which state, to which, by whose hand, and what
must be so. What must stay true: `course.py` takes no step that is not a row of this table, and `acts.py` asks this
table whose hand may do what. The rows D2 and D12 also stand for what happens to the older version when a newer one
takes its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from proeftuin.deviations.vocabulary import State


class Hand(StrEnum):
    """Whose hand makes a step."""

    LEAD = "trekker"
    HR = "HR"
    PROPOSER = "indiener"
    TIME = "de tijd"
    PARTIES = "alle gevraagde partijen"
    EMPLOYER = "werkgever"
    UNION = "cao-partij"
    COUNCIL = "OR"
    SUSPENDER = "de partij die opschortte"
    SECRETARY = "cao-secretaris"


class Need(StrEnum):
    """What must be so before a step."""

    COMPLETE = "elk veld is ingevuld"
    LEGAL = "de wettelijke toets is gedaan en niet strijdig"
    ALL_POSITIVE = "elke gevraagde partij is akkoord met deze versie, zonder voorbehoud"
    REASON = "er staat waarom"
    REFUSED_60_DAYS = "een gevraagde partij weigerde en er bewoog zestig dagen niets"
    FIRST_DAY = "de eerste dag is er, om 00.00 uur"
    PRECEDENTS_MET = "opschortende voorwaarden zijn vervuld, ook de kennisgeving van SZW en een dag"
    NOT_STARTED = "de eerste dag is er nog niet"
    WHAT_CHANGED = "er staat wat er veranderde; anderen hebben vijf dagen voor bezwaar"
    NOTICE_OVER = "de opzegtermijn is om"
    LAST_DAY_OVER = "de laatste dag is voorbij"
    AGREED_IN_TIME = "de volgende versie is door alle partijen akkoord bevonden"
    FALLBACK_COMPLETE = "de terugvalverklaring is volledig"
    EVALUATED = "de proeftuin is geëvalueerd"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table."""

    number: str
    from_states: tuple[State, ...]
    to_state: State
    by: tuple[Hand, ...]
    needs: tuple[Need, ...] = ()


_CAN_END = (State.IN_FORCE, State.SUSPENDED)

TABLE = (
    Row("D1", (State.CONCEPT,), State.SUBMITTED, (Hand.LEAD, Hand.HR), (Need.COMPLETE, Need.LEGAL)),
    Row("D2", (State.SUBMITTED,), State.CONCEPT, (Hand.PROPOSER,), (Need.REASON,)),
    Row("D2", (State.SUBMITTED,), State.REPLACED, (Hand.PROPOSER,), (Need.COMPLETE, Need.LEGAL)),
    Row("D3", (State.SUBMITTED,), State.AGREED, (Hand.PARTIES,), (Need.ALL_POSITIVE,)),
    Row("D4", (State.SUBMITTED,), State.REJECTED, (Hand.PROPOSER,), (Need.REASON,)),
    Row("D4", (State.SUBMITTED,), State.REJECTED, (Hand.TIME,), (Need.REFUSED_60_DAYS,)),
    Row("D5", (State.CONCEPT, State.SUBMITTED), State.WITHDRAWN, (Hand.PROPOSER,), (Need.REASON,)),
    Row("D6", (State.AGREED,), State.IN_FORCE, (Hand.TIME,), (Need.FIRST_DAY, Need.PRECEDENTS_MET)),
    Row(
        "D7",
        (State.AGREED,),
        State.SUBMITTED,
        (Hand.EMPLOYER, Hand.UNION, Hand.COUNCIL),
        (Need.NOT_STARTED, Need.REASON),
    ),
    Row("D8", (State.IN_FORCE,), State.SUSPENDED, (Hand.COUNCIL, Hand.UNION, Hand.EMPLOYER), (Need.REASON,)),
    Row("D9", (State.SUSPENDED,), State.IN_FORCE, (Hand.SUSPENDER,), (Need.WHAT_CHANGED,)),
    Row("D10", _CAN_END, State.ENDED, (Hand.EMPLOYER,), (Need.REASON,)),
    Row("D10", _CAN_END, State.ENDED, (Hand.TIME,), (Need.NOTICE_OVER,)),
    Row("D10", _CAN_END, State.ENDED, (Hand.COUNCIL,), (Need.REASON,)),  # nullity, art. 27 lid 5 WOR
    Row("D11", _CAN_END, State.LAPSED, (Hand.TIME,), (Need.LAST_DAY_OVER,)),
    Row("D11", (State.SUBMITTED, State.AGREED), State.LAPSED, (Hand.TIME,), (Need.LAST_DAY_OVER,)),
    Row(
        "D12",
        (State.AGREED, State.IN_FORCE, State.SUSPENDED),
        State.REPLACED,
        (Hand.TIME,),
        (Need.AGREED_IN_TIME,),
    ),
    Row(
        "D13",
        (State.LAPSED, State.ENDED),
        State.CLOSED,
        (Hand.SECRETARY, Hand.COUNCIL),
        (Need.FALLBACK_COMPLETE, Need.EVALUATED),
    ),
)


def find_row(number: str, from_state: State, to_state: State) -> Row | None:
    """Return the first row with this number that leads from one state to the other, or None."""
    for row in TABLE:
        if row.number == number and from_state in row.from_states and row.to_state is to_state:
            return row
    return None


def hands_of(number: str) -> frozenset[Hand]:
    """Return every hand that may make a step with this number."""
    return frozenset(hand for row in TABLE if row.number == number for hand in row.by)
