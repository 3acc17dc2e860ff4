"""Taking part, in private (domain dossier 8.3 and 8.4).

What must stay true: only the participant can see that he or she takes part; everyone else sees a number, and below
the limit for small groups not even that, unless they must guard the agreed maximum. Stopping removes the row and
leaves a count. None of it is an event, none of it is written in a log, and there is no list of participants
anywhere, not even for the team. Rooms above hear in the same transaction that the number of a pilot is another one
(`watch`), and nothing of whom.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.i18n import _
from proeftuin.past.keeping import KEEPS_NO_PAST
from proeftuin.pilots import policy, queries
from proeftuin.pilots.models import ParticipantCount, Participation, Pilot

Watcher = Callable[[int], None]

_watchers: dict[str, Watcher] = {}


def watch(name: str, watcher: Watcher) -> None:
    """Let a room hear of which pilot the number changed, under a name (a second one under it replaces the first)."""
    _watchers[name] = watcher


@dataclass(frozen=True, slots=True)
class Count:
    """How many take part as one reader may know it. `number` is None when there are fewer than `fewer_than`."""

    number: int | None
    fewer_than: int
    most: int | None


def shown_count(participants: int, most: int | None, *, is_exact: bool, small_group: int) -> Count:
    """Return how many take part, hiding small groups unless the reader may know the exact number."""
    is_shown = is_exact or participants >= small_group
    return Count(participants if is_shown else None, small_group, most)


def join(actor: Actor, pilot: Pilot) -> None:
    """Begin to take part. Someone who takes part already simply goes on.

    :raises NotAllowed: when the actor is no employee.
    :raises Conflict: when the pilot is not open to participants now, or has no place left.
    """
    if not policy.may_start(actor):
        raise NotAllowed(_("Meedoen kan alleen wie hier werkt."))
    if queries.standing(actor, pilot.id).participates:
        return
    if not policy.may_join(actor, pilot.state):
        raise Conflict(_("Je kunt nu niet aan deze proeftuin beginnen."), way_out=f"/proeftuinen/{pilot.slug}")
    _hold(pilot)  # the last place is one place
    if pilot.max_participants is not None and count_participants(pilot) >= pilot.max_participants:
        raise Conflict(_("Er is nu geen plek meer in deze proeftuin."), way_out=f"/proeftuinen/{pilot.slug}")
    session().add(Participation(pilot_id=pilot.id, person_id=actor.id, since=clock.today()))
    recount(pilot)


def leave(actor: Actor, pilot: Pilot) -> None:
    """Stop taking part, at any moment and without a reason. For someone who takes no part nothing happens."""
    _hold(pilot)
    mine = delete(Participation).where(Participation.pilot_id == pilot.id, Participation.person_id == actor.id)
    removed = session().execute(mine.returning(Participation.id)).all()
    if removed:
        # Written past the version of the pilot: else a form of the team would notice that someone stopped.
        one_more = update(Pilot).where(Pilot.id == pilot.id).values(stopped_early=Pilot.stopped_early + 1)
        session().execute(one_more, execution_options={"synchronize_session": False, **KEEPS_NO_PAST})
        recount(pilot)


def _hold(pilot: Pilot) -> None:
    session().execute(select(Pilot.id).where(Pilot.id == pilot.id).with_for_update())


def recount(pilot: Pilot) -> None:
    """Store how many take part, the only thing of it that has a past, and tell who watches the number."""
    session().flush()
    number = count_participants(pilot)
    stored = session().get(ParticipantCount, pilot.id)
    if stored is not None and stored.number == number:
        return
    if stored is None:
        session().add(ParticipantCount(pilot_id=pilot.id, number=number))
    else:
        stored.number = number
    for watcher in _watchers.values():
        watcher(pilot.id)


def count_participants(pilot: Pilot) -> int:
    """Count who takes part, with those who are counted outside the system."""
    here = session().scalar(select(func.count()).where(Participation.pilot_id == pilot.id)) or 0
    return here + pilot.counted_elsewhere


def count_elsewhere(actor: Actor, pilot: Pilot, *, count: int) -> None:
    """Set how many take part who did not join here but on paper. It is a number, and no event.

    :raises Invalid: when it is not a number that can be.
    """
    if not policy.may_lead(queries.standing(actor, pilot.id)):
        raise NotAllowed(_("Dit doet de trekker van de proeftuin."))
    if not 0 <= count <= 100_000:
        raise Invalid({"count": _("Vul een getal in van 0 of meer.")})
    _hold(pilot)
    counted = update(Pilot).where(Pilot.id == pilot.id).values(counted_elsewhere=count)
    session().execute(counted, execution_options={"synchronize_session": False, **KEEPS_NO_PAST})
    session().expire(pilot, ["counted_elsewhere"])
    recount(pilot)
