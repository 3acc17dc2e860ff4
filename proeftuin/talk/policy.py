"""Who may say what in a conversation, and in which capacity.

Talk does not know pilots: in which capacities someone may speak at this moment is told by the caller, who asked
`pilots.policy.capacities`. An empty list means that the conversation is closed to this person. What must stay true:
nobody speaks for a party without a mandate of today, and a text that was written in a capacity is only changed by
someone who still speaks in it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import PartyKind
from proeftuin.errors import Invalid, NotAllowed
from proeftuin.i18n import _
from proeftuin.past.day import is_past
from proeftuin.talk.capacities import Marks, marks_of
from proeftuin.talk.models import Capacity

# The capacities that speak for others, and the kind of party behind those that need a mandate.
PARTY_OF = {
    Capacity.WORKS_COUNCIL: PartyKind.WORKS_COUNCIL,
    Capacity.UNION: PartyKind.UNION,
    Capacity.EMPLOYER: PartyKind.EMPLOYER,
}
SPEAKS_FOR_OTHERS = frozenset({Capacity.TEAM, Capacity.HR, *PARTY_OF})
IN_A_PILOT_ONLY = frozenset({Capacity.NON_PARTICIPANT, Capacity.PARTICIPANT, Capacity.TEAM})


class Said(Protocol):
    """What has to be known of a comment to decide about it."""

    @property
    def author_id(self) -> int | None: ...
    @property
    def capacity(self) -> Capacity: ...
    @property
    def party_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Voice:
    """One way in which someone may speak now; `party_name` is empty when it is not for a party."""

    capacity: Capacity
    party_id: int | None = None
    party_name: str = ""

    @property
    def marks(self) -> Marks:
        """Return the marks that will stand behind the name."""
        return marks_of(self.capacity, party_name=self.party_name)

    @property
    def is_personal(self) -> bool:
        return self.capacity not in SPEAKS_FOR_OTHERS

    @property
    def key(self) -> str:
        """Return how a form names this voice."""
        return self.capacity.value if self.party_id is None else f"{self.capacity.value}-{self.party_id}"


def voices(actor: Actor, capacities: Sequence[Capacity], *, in_pilot: bool) -> tuple[Voice, ...]:
    """Return the ways in which the actor may speak, the usual one first; none when they can only read along.

    Someone from outside speaks for a party or not at all. Outside a pilot nobody takes part or leads.
    """
    found: list[Voice] = []
    for capacity in capacities:
        if capacity is Capacity.EXTERNAL or (capacity in IN_A_PILOT_ONLY and not in_pilot):
            continue
        kind = PARTY_OF.get(capacity)
        if kind is None:
            found.append(Voice(capacity))
        found += [Voice(capacity, m.party_id, m.party_name) for m in actor.mandates if m.kind is kind]
    if not found and capacities and not actor.is_external:
        found.append(Voice(Capacity.EMPLOYEE))
    return tuple(found)


def may_represent(actor: Actor, capacity: Capacity, party_id: int | None) -> bool:
    """Return whether the actor holds the mandate that the capacity needs; capacities without a party need none."""
    kind = PARTY_OF.get(capacity)
    if kind is None:
        return party_id is None
    return any(m.party_id == party_id and m.kind is kind for m in actor.mandates)


def may_edit(actor: Actor, comment: Said, allowed: Collection[Capacity]) -> bool:
    """Return whether the actor may change the text: their own, and still in the capacity of then."""
    if comment.author_id != actor.id or not allowed:
        return False
    if comment.capacity not in SPEAKS_FOR_OTHERS:
        return True
    return comment.capacity in allowed and may_represent(actor, comment.capacity, comment.party_id)


def may_delete(actor: Actor, comment: Said) -> bool:
    """Return whether the actor may take the comment away: their own, always."""
    return comment.author_id == actor.id and not is_past()


@dataclass(frozen=True, slots=True)
class Floor:
    """What one person can do in the conversations of one place, now. Without voices they only read along.

    `is_closed` says that nobody speaks there any more; `is_gone` that the place itself was taken away.
    """

    actor: Actor
    voices: tuple[Voice, ...]
    is_closed: bool = False
    is_gone: bool = False

    @property
    def allowed(self) -> tuple[Capacity, ...]:
        """Return the capacities in which the actor may speak, as the service wants them."""
        return tuple(voice.capacity for voice in self.voices)

    @property
    def is_open(self) -> bool:
        return bool(self.voices)

    @property
    def represents(self) -> bool:
        """Return whether the actor speaks for a party too, so that it must be clear when they do not."""
        return any(voice.party_id is not None for voice in self.voices)

    @property
    def is_team(self) -> bool:
        return Capacity.TEAM in self.allowed

    def voice(self, key: str) -> Voice:
        """Return the voice that a form chose.

        :raises NotAllowed: when the actor may not speak here at all.
        :raises Invalid: when this is not one of the voices of now.
        """
        if not self.voices:
            raise NotAllowed(_("Je kunt hier meelezen, maar niet reageren."))
        for voice in self.voices:
            if voice.key == key:
                return voice
        raise Invalid({"voice": _("Zo kun je hier nu niet reageren. Kies een van de mogelijkheden.")})

    def may_edit(self, comment: Said) -> bool:
        """Return whether the actor may change the text."""
        return may_edit(self.actor, comment, self.allowed)

    def may_delete(self, comment: Said) -> bool:
        """Return whether the actor may take the comment away."""
        return may_delete(self.actor, comment)

    def may_answer_with(self, comment: Said) -> bool:
        """Return whether the actor may make this comment the answer to an open question."""
        return self.is_team and comment.capacity is Capacity.TEAM

    def may_reopen(self, asker_id: int | None) -> bool:
        """Return whether the actor may ask an answered question again: only who asked it."""
        return self.is_open and asker_id == self.actor.id
