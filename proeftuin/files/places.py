"""What a file belongs to, as one reader sees it: a page or a pilot.

What must stay true: whoever may read the page or the pilot may read its files, whoever may write there may add them;
a place that may not be seen is not found, in the same way as one that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.errors import NotFound
from proeftuin.events.models import Audience, Subject, SubjectKind
from proeftuin.pilots.policy import readable_subjects
from proeftuin.wiki.models import Page
from proeftuin.wiki.rows import PageGone, require_writer
from proeftuin.wiki.spaces import Space, get_space


@dataclass(frozen=True, slots=True)
class Place:
    """A page or a pilot with files. `number` is that of its subject; `space` is the pilot or the site around it."""

    id: int
    title: str
    path: str
    audience: Audience
    is_page: bool
    space: Space

    @property
    def may_write(self) -> bool:
        """Return whether the reader may add files here."""
        return self.space.may_write

    @property
    def address(self) -> str:
        """Return where the list of files is."""
        return f"{self.path}/bestanden"


def arriving_place(space: Space, subject_id: int) -> Place:
    """Return a page of a space, or the space itself, as a place where files come in from elsewhere.

    :raises PageGone: when the page was deleted.
    """
    subject = session().get_one(Subject, subject_id)
    if subject.is_gone:
        raise PageGone(subject.title, subject.path)
    return Place(subject.id, subject.title, subject.path, subject.audience, subject.id != space.id, space)


def get_place(actor: Actor, subject_id: int, *, writing: bool = False) -> Place:
    """Return a page or a pilot by its number.

    :raises NotFound: when there is none that this reader may see.
    :raises PageGone: when the page was deleted.
    :raises NotAllowed: when it is for `writing` and the actor may only read.
    """
    query = (
        select(Subject, Page.space_id)
        .outerjoin(Page, Page.id == Subject.id)
        .where(Subject.id == subject_id, Subject.kind != SubjectKind.SITE, readable_subjects(actor))
    )
    row = session().execute(query).first()
    if row is None:
        raise NotFound
    subject, space_id = row
    if subject.is_gone:
        raise PageGone(subject.title, subject.path)
    space = get_space(actor, space_id if space_id is not None else subject.id)
    if writing:
        require_writer(space)
    return Place(subject.id, subject.title, subject.path, subject.audience, space_id is not None, space)
