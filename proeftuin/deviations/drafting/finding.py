"""Finding the draft that an address means, for whoever may prepare it.

What must stay true: a deviation that was never submitted does not exist for anyone but the team of its pilot and HR;
one that was is known to everyone, and its draft is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.deviations import policy
from proeftuin.deviations.drafting import drafts
from proeftuin.deviations.models import Deviation, Draft
from proeftuin.deviations.vocabulary import State
from proeftuin.errors import Gone, NotFound
from proeftuin.events.models import Audience, Subject
from proeftuin.i18n import _
from proeftuin.pilots import queries as pilots
from proeftuin.pilots.models import Pilot
from proeftuin.pilots.policy import Standing


@dataclass(frozen=True, slots=True)
class Place:
    """A deviation whose draft is asked for: of which pilot, and where its pages stand. `pilot_path` is empty when the
    actor does not read the pilot."""

    deviation: Deviation
    pilot: Pilot
    pilot_path: str
    standing: Standing
    path: str

    @property
    def is_next(self) -> bool:
        """Return whether a version was submitted before."""
        return self.deviation.code is not None


def find_place(actor: Actor, number: int | None, code: str | None) -> Place:
    """Return the deviation of an address.

    :raises NotFound: when there is none, or the actor may not know of it.
    :raises NotAllowed: when the actor does not prepare its versions.
    """
    criterion = Deviation.code == code if code is not None else Deviation.id == number
    deviation = session().scalar(select(Deviation).where(criterion))
    if deviation is None:
        raise NotFound
    standing = pilots.standing(actor, deviation.pilot_id)
    if deviation.code is None and not policy.may_read_draft(actor, standing):
        raise NotFound
    drafts.authorize(actor, deviation)
    pilot = session().get_one(Pilot, deviation.pilot_id)
    subject = session().get_one(Subject, deviation.pilot_id)
    reads = standing.is_member or subject.audience is Audience.EVERYONE
    path = f"/afwijkingen/{deviation.code}/bewerken" if deviation.code else f"/afwijkingen/concept-{deviation.id}"
    return Place(deviation, pilot, subject.path if reads else "", standing, path)


def require_draft(deviation: Deviation) -> Draft:
    """Return the draft of a deviation.

    :raises Gone: when it was submitted or thrown away meanwhile.
    """
    draft = drafts.find(deviation)
    if draft is None or deviation.state is State.WITHDRAWN:
        way_out = f"/afwijkingen/{deviation.code}" if deviation.code else "/afwijkingen"
        raise Gone(_("Dit concept is er niet meer: het is voorgelegd of ingetrokken."), way_out=way_out)
    return draft
