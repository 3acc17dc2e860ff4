"""Where a page stands: in a pilot, or in the site itself.

A space is a subject, so its number is the number of the pilot or of the site. What must stay true: the space of a
pilot that the reader may not see is not found, in the same way as one that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, exists, func, or_, select

from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.errors import NotFound
from proeftuin.events.models import Audience, Subject, SubjectKind
from proeftuin.pilots.heads import concept_number
from proeftuin.pilots.models import Participation, Pilot, State, TeamMember
from proeftuin.pilots.policy import Standing, standing_of, visible_to
from proeftuin.wiki.policy import may_write
from proeftuin.wiki.titles import is_slug, space_path


@dataclass(frozen=True, slots=True)
class Space:
    """The pilot or the site, as one reader sees it. `slug` and `state` are None for the site."""

    id: int
    slug: str | None
    title: str
    state: State | None
    audience: Audience
    standing: Standing
    may_write: bool
    from_outside: bool = False
    """Whether the reader is of another organisation: someone who changes no page and suggests no change."""

    @property
    def path(self) -> str:
        """Return the address under which the pages stand."""
        return space_path(self.slug)

    @property
    def circle_id(self) -> int | None:
        """Return whose team reads what is not for everyone."""
        return self.id if self.slug is not None else None


SITE_ID = select(Subject.id).where(Subject.kind == SubjectKind.SITE).order_by(Subject.id).limit(1).scalar_subquery()


def _statement() -> Select[*tuple[Any, ...]]:
    person: BindParameter[int] = bindparam("person")
    member = and_(TeamMember.pilot_id == Subject.id, TeamMember.person_id == person)
    takes_part = exists().where(Participation.pilot_id == Subject.id, Participation.person_id == person)
    return (
        select(
            Subject.id,
            Pilot.slug,
            func.coalesce(Pilot.title, Subject.title).label("title"),
            Pilot.state,
            Subject.audience,
            TeamMember.is_lead,
            takes_part.label("participates"),
        )
        .select_from(Subject)
        .outerjoin(Pilot, Pilot.id == Subject.id)
        .outerjoin(TeamMember, member)
        .where(visible_to(person))
    )


_BY_SLUG = _statement().where(or_(Pilot.slug == bindparam("slug"), Pilot.id == bindparam("concept")))
_BY_ID = _statement().where(Subject.id == bindparam("id"), Subject.kind != SubjectKind.PAGE)
_SITE = _statement().where(Subject.id == SITE_ID)


def get_space(actor: Actor, space: int | str | None) -> Space:
    """Return a space by its number, by the slug of its pilot, or the site for None.

    :raises NotFound: when there is none that this reader may see.
    """
    if space is None:
        statement, wanted = _SITE, {}
    elif isinstance(space, str):
        if not is_slug(space):
            raise NotFound
        statement, wanted = _BY_SLUG, {"slug": space, "concept": concept_number(space)}
    else:
        statement, wanted = _BY_ID, {"id": space}
    row = session().execute(statement, {"person": actor.id, **wanted}).first()
    if row is None:
        raise NotFound
    standing = standing_of(row.is_lead, row.participates)
    return Space(
        id=row.id,
        slug=row.slug,
        title=row.title,
        state=row.state,
        audience=row.audience,
        standing=standing,
        may_write=may_write(actor, row.state, standing),
        from_outside=actor.is_external,
    )


def site_space_id() -> int:
    """Return the number of the site, the space of the pages that belong to no pilot."""
    found: int = session().scalars(select(SITE_ID)).one()
    return found
