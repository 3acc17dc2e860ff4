"""Reading pilots. The head and the cards have modules of their own and are handed on here.

What must stay true: whatever may not be read is not found, not listed and not counted; nobody can ask who takes
part. A concept keeps its address `concept-<number>`, also after it got a real one, so a form or a link from before
still arrives.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, bindparam, exists, or_, select

from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.errors import NotFound
from proeftuin.events.models import Subject
from proeftuin.pilots.cards import (
    Card,
    Filters,
    OpenQuestions,
    Phase,
    count_states,
    list_cards,
    open_questions,
)
from proeftuin.pilots.heads import Head, Overview, concept_number, get_head, get_overview
from proeftuin.pilots.models import Participation, Pilot, PilotTheme, State, TeamMember, Theme
from proeftuin.pilots.policy import Standing, standing_of, visible_subjects
from proeftuin.prepared import Prepared

__all__ = [
    "Card",
    "Filters",
    "Head",
    "OpenQuestions",
    "Overview",
    "Phase",
    "count_states",
    "get_head",
    "get_overview",
    "get_pilot",
    "get_pilot_by_id",
    "list_all_themes",
    "list_cards",
    "list_own_concepts",
    "list_subject_ids",
    "list_theme_ids",
    "list_themes",
    "open_questions",
    "standing",
    "team_pilots",
]

_STANDING = select(
    select(TeamMember.is_lead)
    .where(TeamMember.pilot_id == bindparam("pilot_id"), TeamMember.person_id == bindparam("reader"))
    .scalar_subquery()
    .label("is_lead"),
    exists()
    .where(Participation.pilot_id == bindparam("pilot_id"), Participation.person_id == bindparam("reader"))
    .label("participates"),
)

_TEAM_PILOTS = Prepared(select(TeamMember.pilot_id).where(TeamMember.person_id == bindparam("reader")))


def get_pilot(actor: Actor, slug: str) -> Pilot:
    """Return a pilot by its address.

    :raises NotFound: when there is none, or the actor may not read it.
    """
    return _get(actor, or_(Pilot.slug == slug, Pilot.id == concept_number(slug)))


def get_pilot_by_id(actor: Actor, pilot_id: int) -> Pilot:
    """Return a pilot by its number.

    :raises NotFound: when there is none, or the actor may not read it.
    """
    return _get(actor, Pilot.id == pilot_id)


def _get(actor: Actor, criterion: ColumnElement[bool]) -> Pilot:
    pilot = session().scalar(
        select(Pilot).join(Subject, Subject.id == Pilot.id).where(criterion, visible_subjects(actor))
    )
    if pilot is None:
        raise NotFound
    return pilot


def standing(actor: Actor, pilot_id: int) -> Standing:
    """Return what the actor is to a pilot, in one statement."""
    row = session().execute(_STANDING, {"pilot_id": pilot_id, "reader": actor.id}).one()
    return standing_of(row.is_lead, row.participates)


def list_subject_ids(actor: Actor, pilot_id: int) -> Sequence[int]:
    """Return the numbers of a pilot and of its pages, as far as the actor may read them."""
    query = select(Subject.id).where(Subject.circle_id == pilot_id, visible_subjects(actor)).order_by(Subject.id)
    return session().scalars(query).all()


def list_themes() -> Sequence[Theme]:
    """Return the themes that are not closed, in the order of the company."""
    return (
        session().scalars(select(Theme).where(Theme.closed_on.is_(None)).order_by(Theme.position, Theme.name)).all()
    )


def list_all_themes() -> Sequence[Theme]:
    """Return every theme, closed ones too, in the order of the company."""
    return session().scalars(select(Theme).order_by(Theme.position, Theme.name)).all()


def list_theme_ids(pilot_id: int) -> tuple[int, ...]:
    """Return the themes of a pilot by number."""
    query = select(PilotTheme.theme_id).where(PilotTheme.pilot_id == pilot_id).order_by(PilotTheme.theme_id)
    return tuple(session().scalars(query))


def list_own_concepts(actor: Actor) -> Sequence[Pilot]:
    """Return the concepts of whose team the actor is, the newest first."""
    mine = select(TeamMember.pilot_id).where(TeamMember.person_id == actor.id)
    query = select(Pilot).where(Pilot.state == State.CONCEPT, Pilot.id.in_(mine)).order_by(Pilot.id.desc())
    return session().scalars(query).all()


def team_pilots(actor: Actor) -> frozenset[int]:
    """Return the pilots of whose team the actor is."""
    return frozenset(pilot_id for (pilot_id,) in _TEAM_PILOTS.rows(reader=actor.id))
