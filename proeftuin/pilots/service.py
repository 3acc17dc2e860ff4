"""Every change of a pilot itself: beginning one, its plan, its phase and its team.

What must stay true: each verb first asks whether the actor may, then whether the state allows it, then changes and
records. Until a pilot leaves concept it has no code, no claim on its title and no address but `concept-<number>`,
so that nothing about it can be noticed from outside. The verbs of risks, promises, participation and themes have
modules of their own and are handed on here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Unpack

from sqlalchemy import Select, select

from proeftuin import clock
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.events import service as events
from proeftuin.events.models import Audience, SubjectKind
from proeftuin.i18n import _
from proeftuin.pilots import gate, opening, planning, policy, queries, states
from proeftuin.pilots.commitments import (
    add_risk,
    change_promise,
    change_risk,
    make_promise,
    settle_promise,
    withdraw_risk,
)
from proeftuin.pilots.linked import linked
from proeftuin.pilots.models import Pilot, State, TeamMember, Transition
from proeftuin.pilots.participation import count_elsewhere, join, leave
from proeftuin.pilots.plan import TEXTS, UNTITLED, as_data
from proeftuin.pilots.states import Hand, Said, Statements

__all__ = [
    "add_member",
    "add_risk",
    "change_plan",
    "change_promise",
    "change_risk",
    "count_elsewhere",
    "create_pilot",
    "default_voluntariness",
    "hand_over",
    "join",
    "leave",
    "make_promise",
    "move",
    "remove_member",
    "settle_promise",
    "withdraw_risk",
]


def default_voluntariness() -> str:
    """Return the statement that every pilot begins with and that its team may make more precise."""
    return _(
        "Je doet mee omdat je wilt. Wie niet meedoet of onderweg stopt, hoeft dat niet uit te leggen en merkt daar "
        "niets van in beoordeling, beloning of loopbaan."
    )


def create_pilot(
    actor: Actor,
    *,
    title: str = "",
    department_id: int | None = None,
    theme_ids: Iterable[int] = (),
    **answers: Any,
) -> Pilot:
    """Begin a pilot as a concept that only its team sees, with the actor as its lead.

    :param answers: fields of the plan by name (`plan.FIELDS`); without `voluntariness` it gets the usual statement.
    :raises Invalid: when a field cannot be accepted.
    """
    if not policy.may_start(actor):
        raise NotAllowed(_("Een proeftuin begin je als medewerker."))
    today = clock.today()
    subject = events.create_subject(SubjectKind.PILOT, title="", path="", audience=Audience.TEAM)
    name = opening.concept_address(subject.id)
    pilot = Pilot(
        id=subject.id,
        slug=name,
        code=name,
        title=_untitled(actor),
        title_key=opening.no_claim(subject.id),
        state=State.CONCEPT,
        state_since=today,
        voluntariness=default_voluntariness(),
        created_at=clock.now(),
        **{text: "" for text in TEXTS if text != "voluntariness"},
    )
    subject.title, subject.path = pilot.title, f"/proeftuinen/{name}"
    session().add(pilot)
    session().flush()  # the team refers to the pilot
    session().add(TeamMember(pilot_id=pilot.id, person_id=actor.id, is_lead=True, since=today))
    session().add(_transition(actor, pilot, State.CONCEPT, on=today))
    wanted = {"title": title, "department_id": department_id, "theme_ids": tuple(theme_ids), **answers}
    planning.write(pilot, wanted)
    events.record(actor.id, "pilot:created", pilot.id, summary=pilot.title)
    return pilot


def _untitled(actor: Actor) -> str:
    """Return a title for a concept without one; a person with several can tell them apart."""
    name = f"{UNTITLED}{actor.name}"[:110]
    mine = select(TeamMember.pilot_id).where(TeamMember.person_id == actor.id)
    taken = set(session().scalars(select(Pilot.title).where(Pilot.id.in_(mine), Pilot.title.startswith(UNTITLED))))
    titles = [name, *(f"{name} ({number})" for number in range(2, len(taken) + 2))]
    return next(title for title in titles if title not in taken)


def change_plan(actor: Actor, pilot: Pilot, *, version: int, note: str = "", **fields: Any) -> Pilot:
    """Change fields of the plan.

    :param version: the version of the pilot on which the change is based.
    :param note: why, in one line.
    :raises Conflict: when someone changed the pilot since that version.
    :raises Invalid: when a field cannot be accepted; nothing is changed then.
    """
    planning.authorize(actor, pilot)
    if version != pilot.version:
        raise Conflict(
            _("Iemand anders heeft de proeftuin intussen veranderd."), way_out=f"/proeftuinen/{pilot.slug}"
        )
    planning.record(actor, pilot, planning.write(pilot, fields), note)
    return pilot


def move(
    actor: Actor,
    pilot: Pilot,
    to_state: State,
    *,
    on: date | None = None,
    reason: str = "",
    **said: Unpack[Statements],
) -> Transition:
    """Bring a pilot into another state, as the table of `states.py` allows.

    :param on: the day from which it counts; today when not given.
    :raises NotAllowed: when it takes another hand.
    :raises Conflict: when no step leads there from the state of now.
    :raises Invalid: when something stands in the way; a sentence for each field.
    """
    standing = queries.standing(actor, pilot.id)
    step = states.find_step(pilot.state, to_state)
    if not policy.hands(actor, standing) or (step is not None and not policy.may_take(actor, standing, step)):
        raise NotAllowed(_("Deze stap zet de trekker."))
    if step is None:
        raise Conflict(_("De proeftuin is intussen in een andere fase."), way_out=f"/proeftuinen/{pilot.slug}")
    words, reason = Said(**said), reason.strip()
    facts = facts_of(pilot, on or clock.today())
    problems = gate.problems(step, facts, words, reason)
    if step.from_state is State.CONCEPT and not problems:
        opening.wait_for_turn()
        problems = opening.problems(pilot)
    if problems:
        raise Invalid(problems)
    transition = _transition(actor, pilot, step.to_state, on=facts.on, reason=reason, said=words)
    transition.from_state = step.from_state
    session().add(transition)
    pilot.state, pilot.state_since = step.to_state, facts.on
    if step.from_state is State.CONCEPT:
        opening.open_pilot(pilot)
    session().flush()  # a pilot that someone else moved at the same moment is refused here
    _record_step(actor, pilot, transition)
    return transition


def pause(pilot: Pilot, *, on: date, reason: str) -> Transition:
    """Pause a running pilot by the system, because a rule that it needs does not hold any more (4.1, P5).

    :raises Conflict: when it is not running.
    """
    step = states.find_step(pilot.state, State.PAUSED)
    if step is None or Hand.SYSTEM not in step.by:
        raise Conflict(_("De proeftuin is intussen in een andere fase."), way_out=f"/proeftuinen/{pilot.slug}")
    transition = _transition(None, pilot, State.PAUSED, on=on, reason=reason)
    transition.from_state = step.from_state
    session().add(transition)
    pilot.state, pilot.state_since = State.PAUSED, on
    session().flush()
    _record_step(None, pilot, transition)
    return transition


def _record_step(actor: Actor | None, pilot: Pilot, made: Transition) -> None:
    data: dict[str, Any] = {"from": str(made.from_state), "to": str(made.to_state), "on": made.on.isoformat()}
    actor_id = actor.id if actor else None
    events.record(actor_id, "pilot:state", pilot.id, object_id=made.id, summary=made.reason, **data)
    if made.from_state is State.CONCEPT:
        plan = {name: as_data(value) for name, value in planning.current(pilot).items()}
        events.record(actor_id, "pilot:opened", pilot.id, summary=pilot.title, plan=plan)


def _transition(
    actor: Actor | None,
    pilot: Pilot,
    to_state: State,
    *,
    on: date,
    reason: str = "",
    said: states.Said = states.NOTHING_SAID,
) -> Transition:
    return Transition(
        pilot_id=pilot.id,
        to_state=to_state,
        on=on,
        reason=reason,
        statements=said.to_keep(),
        second_reader_id=said.second_reader_id,
        actor_id=actor.id if actor else None,
        recorded_at=clock.now(),
    )


def facts_of(pilot: Pilot, on: date) -> states.Facts:
    """Return what the gate list looks at, for a step on a day."""
    team = (
        session()
        .execute(select(TeamMember.person_id, TeamMember.is_lead).where(TeamMember.pilot_id == pilot.id))
        .all()
    )
    return states.Facts(
        pilot=pilot,
        has_theme=bool(queries.list_theme_ids(pilot.id)),
        lead_ids=frozenset(row.person_id for row in team if row.is_lead),
        team_ids=frozenset(row.person_id for row in team),
        on=on,
        linked=linked(pilot.id, on),
    )


def add_member(actor: Actor, pilot: Pilot, person_id: int, *, is_lead: bool = False) -> TeamMember:
    """Let a colleague into the team; someone who is in it already stays in it.

    :raises Invalid: when this person cannot be in a team.
    """
    _authorize_lead(actor, pilot)
    person = accounts.get_person(person_id)
    if not policy.may_be_member(person.is_external) or person.blocked_at is not None:
        raise Invalid({"person": _("Alleen medewerkers kunnen in het team.")})
    member = session().scalar(_membership(pilot, person_id))
    if member is None:
        member = TeamMember(pilot_id=pilot.id, person_id=person_id, is_lead=is_lead, since=clock.today())
        session().add(member)
        events.record(actor.id, "pilot:team", pilot.id, summary=person.name, added=person_id, is_lead=is_lead)
    elif is_lead and not member.is_lead:
        member.is_lead = True
        events.record(actor.id, "pilot:team", pilot.id, summary=person.name, lead=person_id)
    return member


def remove_member(actor: Actor, pilot: Pilot, person_id: int) -> None:
    """Take someone out of the team; a member may also step out alone. One lead always stays.

    :raises Invalid: when this is the last lead.
    """
    if person_id != actor.id:
        _authorize_lead(actor, pilot)
    team = session().scalars(select(TeamMember).where(TeamMember.pilot_id == pilot.id).with_for_update()).all()
    leaving = next((member for member in team if member.person_id == person_id), None)
    if leaving is None:
        return
    if leaving.is_lead and sum(member.is_lead for member in team) == 1:
        raise Invalid({"person": _("Er moet altijd een trekker zijn. Draag het eerst over.")})
    session().delete(leaving)
    name, was_lead = accounts.get_person(person_id).name, leaving.is_lead
    events.record(actor.id, "pilot:team", pilot.id, summary=name, removed=person_id, was_lead=was_lead)


def hand_over(actor: Actor, pilot: Pilot, person_id: int) -> None:
    """Make another member of the team the lead in the actor's place; the actor stays in the team.

    :raises Invalid: when that person is not in the team.
    """
    _authorize_lead(actor, pilot)
    successor = session().scalar(_membership(pilot, person_id))
    own = session().scalar(_membership(pilot, actor.id))
    if successor is None or own is None:
        raise Invalid({"person": _("Kies iemand uit het team.")})
    if successor is own:
        return
    own.is_lead, successor.is_lead = False, True
    events.record(actor.id, "pilot:team", pilot.id, summary=accounts.get_person(person_id).name, lead=person_id)


def _membership(pilot: Pilot, person_id: int) -> Select[TeamMember]:
    return select(TeamMember).where(TeamMember.pilot_id == pilot.id, TeamMember.person_id == person_id)


def _authorize_lead(actor: Actor, pilot: Pilot) -> None:
    if not policy.may_lead(queries.standing(actor, pilot.id)):
        raise NotAllowed(_("Dit doet de trekker van de proeftuin."))
