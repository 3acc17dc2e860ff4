"""Who may do what with outcomes (domain dossier 8.4 and chapter 10).

The team settles what is measured; a researcher who does not lead the pilot sends the answers in and publishes what
follows from them; everyone who may read the pilot reads that. What must stay true: nobody reads an answer, also not
who sent it in, and on a day of the past nothing can be done.
"""

from __future__ import annotations

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Role
from proeftuin.past.day import is_past
from proeftuin.pilots import policy as pilots
from proeftuin.pilots.models import State
from proeftuin.pilots.policy import Standing

NOT_BEGUN = frozenset({State.CONCEPT, State.PREPARATION, State.NEVER_STARTED})


def may_settle(actor: Actor, standing: Standing) -> bool:
    """Return whether the actor settles what is measured in a pilot."""
    return pilots.may_edit(standing) or _researches(actor)


def may_publish(actor: Actor, standing: Standing) -> bool:
    """Return whether the actor publishes the outcomes of a pilot: a researcher who does not lead it."""
    return _researches(actor) and not standing.is_lead


def _researches(actor: Actor) -> bool:
    return not is_past() and not actor.is_external and actor.has(Role.RESEARCHER)
