"""Who acts: one person as of now, with the roles and mandates that count today.

Every policy and every service takes an actor. It is made once a request and is only read.
"""

from __future__ import annotations

from dataclasses import dataclass

from proeftuin.accounts.models import PartyKind, Role


@dataclass(frozen=True, slots=True)
class Representation:
    """A mandate of today: for which party, in which function, and whether it may sign."""

    party_id: int
    party_name: str
    kind: PartyKind
    function: str
    may_sign: bool


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person."""

    id: int
    name: str
    department_id: int | None
    is_external: bool
    language: str
    roles: frozenset[Role] = frozenset()
    mandates: tuple[Representation, ...] = ()
    sign_in_id: int | None = None

    def has(self, *roles: Role) -> bool:
        """Return whether the actor holds at least one of the roles today."""
        return not self.roles.isdisjoint(roles)

    @property
    def may_manage(self) -> bool:
        """Return whether the actor keeps people, departments, themes and parties."""
        return Role.ADMINISTRATOR in self.roles
