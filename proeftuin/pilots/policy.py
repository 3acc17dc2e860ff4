"""Who may do what with a pilot (domain dossier, chapters 8.3 and 10).

What must stay true: who may read is decided here and nowhere else, once as a criterion for the database and once
as a predicate, and the two agree. Rights are those of now, also of who reads the past; in the past nobody may do
anything. What was taken away is in no list; only its tombstone, its history and what was said about it stay readable,
for whoever could read it. Nobody outside the team can tell a concept from nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import PartyKind, Role
from proeftuin.events.models import Audience, Subject
from proeftuin.past.day import is_past
from proeftuin.pilots.models import State, TeamMember
from proeftuin.pilots.states import Hand, Step
from proeftuin.talk.models import Capacity


@dataclass(frozen=True, slots=True)
class Standing:
    """What someone is to one pilot."""

    is_member: bool = False
    is_lead: bool = False
    participates: bool = False


NOBODY = Standing()


def standing_of(is_lead: bool | None, participates: bool) -> Standing:
    """Return a standing; `is_lead` is None for who is not in the team. In the past nobody is there to do something,
    and that someone takes part now says nothing of then."""
    if is_past():
        return Standing(is_lead=bool(is_lead))  # a lead is not told more about numbers than others, on no day
    return Standing(is_lead is not None, bool(is_lead), bool(participates))


OPEN_TO_JOIN = frozenset({State.PREPARATION, State.RUNNING})


def readable_to(person_id: ColumnElement[int] | InstrumentedAttribute[int] | int) -> ColumnElement[bool]:
    """Return the criterion on `Subject` for what a person may read, what was taken away included.

    `person_id` may be a bound parameter, or a column of the statement around it: never a table of its own here, which
    would let everyone read what somebody may.
    """
    circles = select(TeamMember.pilot_id).where(TeamMember.person_id == person_id).correlate_except(TeamMember)
    return or_(Subject.audience == Audience.EVERYONE, Subject.circle_id.in_(circles))


def visible_to(person_id: ColumnElement[int] | InstrumentedAttribute[int] | int) -> ColumnElement[bool]:
    """Return the criterion on `Subject` for what a person finds: what they may read and what was not taken away."""
    return and_(Subject.is_gone.is_(False), readable_to(person_id))


def visible_subjects(actor: Actor) -> ColumnElement[bool]:
    """Return the criterion on `Subject` for what the actor finds in lists, counts and searches."""
    return visible_to(actor.id)


def readable_subjects(actor: Actor) -> ColumnElement[bool]:
    """Return the criterion on `Subject` for what the actor may read, tombstones and their conversations included."""
    return readable_to(actor.id)


def may_be_read_by(
    subject: Subject, person_id: ColumnElement[int] | InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    """Return the criterion on people for who finds a subject (for telling them something about it)."""
    if subject.is_gone:
        return false()
    if subject.audience is Audience.EVERYONE:
        return true()
    return person_id.in_(select(TeamMember.person_id).where(TeamMember.pilot_id == subject.circle_id))


def may_read(subject: Subject, standing: Standing) -> bool:
    """Return whether someone with this standing in the circle of the subject finds it."""
    return not subject.is_gone and (subject.audience is Audience.EVERYONE or standing.is_member)


def may_start(actor: Actor) -> bool:
    """Return whether the actor may begin a pilot: every employee, no outsider."""
    return not (is_past() or actor.is_external or actor.has(Role.UNION_OFFICER))


def may_be_member(is_external: bool) -> bool:
    """Return whether a person can be in a team: employees only."""
    return not is_external


def may_edit(standing: Standing) -> bool:
    """Return whether someone writes the plan, the pages, the risks and the promises."""
    return standing.is_member and not is_past()


def may_lead(standing: Standing) -> bool:
    """Return whether someone decides about team and phase."""
    return standing.is_lead and not is_past()


def hands(actor: Actor, standing: Standing) -> frozenset[Hand]:
    """Return by whose hand the actor can make a step of the state machine."""
    if is_past():
        return frozenset()
    held = {
        Hand.LEAD: standing.is_lead,
        Hand.COUNCIL: is_council(actor),
        Hand.EXECUTIVE: actor.has(Role.EXECUTIVE),
    }
    return frozenset(hand for hand, holds in held.items() if holds)


def may_take(actor: Actor, standing: Standing, step: Step) -> bool:
    """Return whether the actor may make this step."""
    return not hands(actor, standing).isdisjoint(step.by)


def may_join(actor: Actor, state: State) -> bool:
    """Return whether the actor can begin to take part now."""
    return may_start(actor) and state in OPEN_TO_JOIN


def may_see_exact_count(actor: Actor, standing: Standing) -> bool:
    """Return whether the actor sees how many take part, however few (8.3): OR, unions with a mandate, HR.

    A lead sees what everybody sees, also when that lead works at HR.
    """
    if standing.is_lead:
        return False
    return is_council(actor) or _represents(actor, PartyKind.UNION) or actor.has(Role.HR)


def is_council(actor: Actor) -> bool:
    """Return whether the actor is of the works council."""
    return actor.has(Role.WORKS_COUNCIL) or _represents(actor, PartyKind.WORKS_COUNCIL)


def capacities(actor: Actor, standing: Standing) -> list[Capacity]:
    """Return in which capacities the actor can speak here, the usual one first. EMPLOYEE is "in my own name"."""
    if is_past():
        return []
    speaks_for = [
        capacity
        for capacity, holds in (
            (Capacity.WORKS_COUNCIL, is_council(actor)),
            (Capacity.UNION, _represents(actor, PartyKind.UNION) or actor.has(Role.UNION_OFFICER)),
            (Capacity.EMPLOYER, actor.has(Role.EXECUTIVE) or _represents(actor, PartyKind.EMPLOYER)),
            (Capacity.HR, actor.has(Role.HR)),
        )
        if holds
    ]
    if standing.is_member:
        return [Capacity.TEAM, *speaks_for]
    if actor.is_external:
        return speaks_for or [Capacity.EXTERNAL]
    if standing.participates:
        return [*speaks_for, Capacity.EMPLOYEE, Capacity.PARTICIPANT]
    return [*speaks_for, Capacity.EMPLOYEE] if speaks_for else [Capacity.NON_PARTICIPANT, Capacity.EMPLOYEE]


def _represents(actor: Actor, kind: PartyKind) -> bool:
    return any(mandate.kind is kind for mandate in actor.mandates)
