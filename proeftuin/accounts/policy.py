"""Who may keep accounts. An administrator keeps people, departments, themes and parties and gets no right to read or
change what others write by that role (domain dossier, chapter 10); HR keeps no accounts.

No actor at all is the command line or the loader of the demo company.
"""

from __future__ import annotations

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Party, PartyKind, Person, Role
from proeftuin.errors import Invalid, NotAllowed
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


def require_other_account(actor: Actor | None, person_id: int) -> None:
    """Refuse administrators who would open their own account without the proof that it asks of them.

    :raises NotAllowed: when the actor is the person.
    """
    if actor is not None and actor.id == person_id:
        raise NotAllowed(
            _("Dit is je eigen account. Vraag het aan een andere beheerder, of regel het op Mijn pagina.")
        )


OF_OUTSIDERS = frozenset({Role.UNION_OFFICER, Role.CAO_SECRETARY, Role.PRIVACY_OFFICER, Role.RESEARCHER})
"""The roles that someone from outside the company can hold; the others are of people who work here."""


def require_fitting_role(person: Person, role: Role) -> None:
    """Refuse a role of an employee for someone from outside, and the other way around.

    :raises Invalid: with the reason.
    """
    if person.is_external and role not in OF_OUTSIDERS:
        raise Invalid({"role": _("Deze rol is alleen voor mensen die hier werken.")})
    if not person.is_external and role is Role.UNION_OFFICER:
        raise Invalid({"role": _("Deze rol is alleen voor mensen van buiten. Een eigen collega is kaderlid.")})


def require_fitting_party(person: Person, party: Party) -> None:
    """Refuse that someone from outside speaks for the employer or the works council.

    :raises Invalid: with the reason.
    """
    if person.is_external and party.kind is not PartyKind.UNION:
        raise Invalid({"party_id": _("Iemand van buiten kan alleen namens een vakbond spreken.")})
