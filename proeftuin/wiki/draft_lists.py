"""Drafts in lists: those of one person, with where each can be gone on with; and who is writing a page right now.

What must stay true: of somebody else's drafts nothing is told but that they are writing this page; to who may write
it too, and for some minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Person
from proeftuin.db import session
from proeftuin.direct import one_of
from proeftuin.events.models import Subject, SubjectKind
from proeftuin.i18n import _
from proeftuin.pilots.policy import visible_subjects
from proeftuin.prepared import Prepared
from proeftuin.wiki import sections
from proeftuin.wiki.drafts import OF_PAGES, OF_TEXTS, Draft, DraftPlace
from proeftuin.wiki.models import Page, Revision
from proeftuin.wiki.titles import space_path

BUSY = timedelta(minutes=5)
"""For how long after the last word somebody counts as writing."""
LONGEST = 140


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in the list of a person. `path` leads to where it can be gone on with; empty when that is gone."""

    draft: Draft
    title: str
    path: str
    excerpt: str


def list_drafts(actor: Actor) -> list[DraftLine]:
    """Return everything the actor is writing, the newest first."""
    of_page = Draft.place.in_(OF_TEXTS)
    begun = and_(Revision.page_id == Draft.subject_id, Revision.number == Draft.base, of_page)
    query = (
        select(Draft, Subject, visible_subjects(actor), Revision.text)
        .join(Subject, Subject.id == Draft.subject_id)
        .outerjoin(Revision, begun)
        .where(Draft.person_id == actor.id, Draft.finished_at.is_(None))
        .order_by(Draft.touched_at.desc(), Draft.id.desc())
    )
    return [_line(draft, subject, base or "", bool(seen)) for draft, subject, seen, base in session().execute(query)]


def line_of(actor: Actor, draft: Draft) -> DraftLine:
    """Return a draft with where it belongs."""
    visible = select(Subject).where(Subject.id == draft.subject_id, visible_subjects(actor))
    subject = session().scalar(visible)
    return _line(draft, subject or session().get_one(Subject, draft.subject_id), "", subject is not None)


def _line(draft: Draft, subject: Subject, base: str, is_seen: bool) -> DraftLine:
    # Of what someone may not see any more only the name is shown that they knew.
    where = subject.title if is_seen else draft.title
    title = draft.fields.get("title", "").strip() if draft.place is DraftPlace.NEW_PAGE else where
    return DraftLine(draft, title, _path(draft, subject) if is_seen else "", _first_new(draft, base))


def _first_new(draft: Draft, base: str) -> str:
    """Return the words from where a draft begins to differ from what it began from."""
    section = sections.cut(base, draft.section)
    pairs = enumerate(zip(section.text if section else base, draft.text, strict=False))
    start = next((place for place, (old, new) in pairs if old != new), len(base))
    start = draft.text.rfind(" ", 0, max(start - 20, 0)) + 1 if start < len(draft.text) else 0
    words = " ".join(draft.text[start : start + 400].split())
    shown = words if len(words) <= LONGEST else words[:LONGEST].rsplit(" ", 1)[0] + "…"
    return f"…{shown}" if start else shown


def _path(draft: Draft, subject: Subject) -> str:
    path = subject.path if subject.kind is not SubjectKind.SITE else space_path(None)
    asked = f"concept={draft.id}"
    match draft.place:
        case DraftPlace.NEW_PAGE:
            return f"{path}/nieuwe-pagina?{asked}"
        case DraftPlace.THREAD:
            return f"{path}/passage?{asked}" if draft.fields.get("versie") else f"{path}/gesprek?{asked}#reageer"
        case DraftPlace.REPLY:
            comment, thread = _numbered(draft, "reactie"), _numbered(draft, "gesprek")
            return f"/reacties/{comment}/bewerken?{asked}" if comment else f"/gesprek/{thread or 0}?{asked}#reageer"
        case DraftPlace.SUGGESTION:
            return f"{path}/voorstel?{asked}"
        case _:
            return f"{path}/bewerken?{asked}"


def _numbered(draft: Draft, name: str) -> int | None:
    raw = draft.fields.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 9 else None


def count_drafts(actor: Actor) -> int:
    """Return how many drafts the actor has."""
    return session().scalar(select(func.count()).where(Draft.person_id == actor.id, Draft.finished_at.is_(None))) or 0


def _writing(page: Any) -> Select[int]:
    """Select the others who were writing a page since a moment."""
    return select(Draft.person_id).where(
        Draft.subject_id == page,
        Draft.touched_at > bindparam("since"),
        Draft.person_id != bindparam("person"),
        Draft.finished_at.is_(None),
        one_of(Draft.place, sorted(OF_PAGES)),
    )


_WRITERS = Prepared(
    select(Person.name).where(Person.id.in_(_writing(bindparam("page")))).order_by(Person.name).limit(4)
)


def others_write() -> ColumnElement[bool]:
    """Return the column that says whether `writers_now` has anyone to name for the page of a statement around it.

    The statement has the parameters `person` and `since` (`writing_since`).
    """
    return exists(_writing(Page.id).correlate(Page))


def writing_since() -> datetime:
    """Return since when somebody must have written to count as writing now."""
    return clock.now() - BUSY


def writers_now(actor: Actor, page_id: int) -> list[str]:
    """Return the names of the others who were writing a page in the last minutes. Only for who may write it too."""
    rows = _WRITERS.rows(page=page_id, since=writing_since(), person=actor.id)
    return [row[0] for row in rows]


def told_writers(names: Sequence[str], *, also: bool) -> str:
    """Return the sentence about who is writing; `also` for somebody who is writing too."""
    if not names:
        return ""
    if len(names) == 1:
        one = (
            _("%(who)s is deze pagina ook aan het bewerken.")
            if also
            else _("%(who)s is deze pagina aan het bewerken.")
        )
        return one % {"who": names[0]}
    who, last = ", ".join(names[:-1]), names[-1]
    if also:
        return _("%(who)s en %(last)s zijn deze pagina ook aan het bewerken.", who=who, last=last)
    return _("%(who)s en %(last)s zijn deze pagina aan het bewerken.", who=who, last=last)
