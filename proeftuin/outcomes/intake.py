"""A file with answers between being read without an error and being published by the same researcher.

What must stay true: only whoever sent it in comes to it, and only to publish it or to throw it away; it holds the
rows of one pilot; after a day it is gone.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.errors import Invalid
from proeftuin.outcomes import service
from proeftuin.outcomes.models import Intake
from proeftuin.pilots.models import Pilot

LIVES = timedelta(days=1)


def keep(actor: Actor, pilot: Pilot, text: str) -> Intake:
    """Keep a file in the place of an earlier one; nothing is kept of a file with something wrong in it.

    :raises Invalid: with everything that is wrong with it, one sentence a line.
    """
    service.require_publisher(actor, pilot)
    found = service.read_for(pilot, text)
    if found.problems:
        raise Invalid({"bestand": "\n".join(found.problems)})
    session().execute(delete(Intake).where(Intake.began_at < clock.now() - LIVES))
    discard(actor, pilot)
    kept = Intake(pilot_id=pilot.id, person_id=actor.id, text=found.text, others=found.others, began_at=clock.now())
    session().add(kept)
    return kept


def find(actor: Actor, pilot: Pilot) -> Intake | None:
    """Return what the actor sent in about a pilot and did not publish yet."""
    kept = session().get(Intake, (pilot.id, actor.id))
    return None if kept is None or kept.began_at < clock.now() - LIVES else kept


def discard(actor: Actor, pilot: Pilot) -> None:
    """Throw away what the actor sent in about a pilot."""
    session().execute(delete(Intake).where(Intake.pilot_id == pilot.id, Intake.person_id == actor.id))
    session().expire_all()
