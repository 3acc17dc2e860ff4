"""Who may keep accounts. An administrator keeps people, departments, themes and parties and gets no right to read or
change what others write by that role (domain dossier, chapter 10); HR keeps no accounts.

No actor at all is the command line or the loader of the demo company.
"""

from __future__ import annotations

from proeftuin.accounts.actor import Actor
from proeftuin.errors import NotAllowed
from proeftuin.i18n import _


def may_manage(actor: Actor | None) -> bool:
    """Return whether the actor keeps people, departments, themes and parties."""
    return actor is None or actor.may_manage


def require_manager(actor: Actor | None) -> None:
    """Refuse everyone but administrators.

    :raises NotAllowed: for anyone else.
    """
    if not may_manage(actor):
        raise NotAllowed(_("Alleen een beheerder kan dit. Vraag het aan de beheerder van je organisatie."))


def require_other(actor: Actor | None, person_id: int) -> None:
    """Refuse administrators who would give themselves something to say: that takes a second administrator.

    :raises NotAllowed: when the actor is the person.
    """
    if actor is not None and actor.id == person_id:
        raise NotAllowed(_("Je kunt jezelf geen rol of mandaat geven. Vraag het aan een andere beheerder."))
