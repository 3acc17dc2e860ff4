"""Who may do what with the cao (domain dossier, chapter 10): everyone reads it, HR and the secretary of the cao
parties prepare a text, only the secretary publishes. Administrators have no part in it; the command line only puts a
text ready.

What must stay true: on a day of the past nothing can be done.
"""

from __future__ import annotations

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Role
from proeftuin.errors import NotAllowed
from proeftuin.i18n import _
from proeftuin.past.day import is_past


def may_prepare(actor: Actor | None) -> bool:
    """Return whether the actor prepares texts. No actor is the command line, which may leave one ready."""
    return not is_past() and (actor is None or actor.has(Role.HR, Role.CAO_SECRETARY))


def may_publish(actor: Actor) -> bool:
    """Return whether the actor publishes versions."""
    return not is_past() and actor.has(Role.CAO_SECRETARY)


def require_preparer(actor: Actor | None) -> None:
    """Refuse who does not prepare texts.

    :raises NotAllowed: for anyone but HR and the secretary.
    """
    if not may_prepare(actor):
        raise NotAllowed(_("Alleen HR en de cao-secretaris kunnen een cao-tekst voorbereiden."))


def require_publisher(actor: Actor) -> None:
    """Refuse who does not publish.

    :raises NotAllowed: for anyone but the secretary.
    """
    if not may_publish(actor):
        raise NotAllowed(_("Alleen de cao-secretaris kan een versie van de cao publiceren."))
