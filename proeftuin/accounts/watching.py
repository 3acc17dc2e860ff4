"""Who watches for others: the works council, the unions, the secretary of the cao parties and the privacy officer.

What must stay true: who was only a member of a union is never among them; a role or a mandate counts on its days.
"""

from __future__ import annotations

from sqlalchemy import Select, or_, select, union

from proeftuin import clock
from proeftuin.accounts.models import Mandate, Party, PartyKind, Person, Role, RoleGrant

ROLES = (Role.WORKS_COUNCIL, Role.UNION_OFFICER, Role.CAO_SECRETARY, Role.PRIVACY_OFFICER)


def watchers() -> Select[int]:
    """Select who watches today: by a role, or because they sign for the works council or a union."""
    today = clock.today()
    by_role = select(RoleGrant.person_id).where(
        RoleGrant.role.in_(ROLES),
        RoleGrant.starts_on <= today,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today),
    )
    by_mandate = (
        select(Mandate.person_id)
        .join(Party, Party.id == Mandate.party_id)
        .where(
            Party.kind != PartyKind.EMPLOYER,
            Mandate.may_sign,
            Mandate.starts_on <= today,
            or_(Mandate.ends_on.is_(None), Mandate.ends_on >= today),
        )
    )
    return select(Person.id).where(Person.id.in_(union(by_role, by_mandate)))
