"""What stands around the text in an editor: where its draft is kept, what its writer left earlier, who else writes.

What must stay true: opening an editor shows the newest text, unless its writer asked for a draft; a draft is offered
with what it changes and is never put in by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement

from proeftuin.accounts.actor import Actor
from proeftuin.errors import Gone, NotFound
from proeftuin.events.models import Audience
from proeftuin.i18n import _
from proeftuin.talk.texts import LONGEST_TEXT
from proeftuin.wiki import draft_lists, drafts, hiding, history, queries, sections
from proeftuin.wiki.checks import MAX_TEXT
from proeftuin.wiki.drafts import Draft, DraftPlace, Mark
from proeftuin.wiki.forms import EditForm, NewPageForm
from proeftuin.wiki.queries import PageHead
from proeftuin.wiki.saying import Saying
from proeftuin.wiki.spaces import Space

AnyForm = TypeVar("AnyForm", EditForm, NewPageForm, Saying)
_OF_NEW = frozenset({DraftPlace.NEW_PAGE})
_OF_SUGGESTIONS = frozenset({DraftPlace.SUGGESTION})


@dataclass(frozen=True, slots=True)
class Left:
    """A draft that its writer left earlier, what it changes in the version it began from, and where to go on."""

    draft: Draft
    rows: Sequence[history.ShownRow] | None
    path: str

    @property
    def at(self) -> datetime:
        """Return when it was typed last."""
        return self.draft.touched_at


@dataclass(frozen=True, slots=True)
class Desk:
    """What an editor needs to know beside its form."""

    subject_id: int
    place: DraftPlace
    titles_path: str
    left: Left | None = None
    more_left: int = 0
    writing: str = ""
    kept: Draft | None = None
    present_path: str = ""
    max_text: int = MAX_TEXT


def open_form(actor: Actor, head: PageHead, *, concept: str | None, address: str) -> tuple[EditForm, bool]:
    """Return the form with which an editor opens: a draft, a section, or the whole page.

    The second value tells that a section was asked for and is not there.
    """
    draft = drafts.find_draft(actor, concept, head.id, drafts.OF_PAGES)
    if draft is not None:
        return EditForm.of_draft(draft), False
    text = queries.get_text(head.id, head.current)
    form = EditForm(text=text, summary="", minor=False, base=head.current, do="")
    if not address:
        return form, False
    section = sections.find(text, queries.render_version(head, head.current).headings, address)
    if section is None:
        return form, True
    return replace(form, text=section.text, section=section.number, heading=section.heading), False


def whole_text(head: PageHead, form: EditForm) -> str:
    """Return the text of the whole page that a form stands for.

    :raises SectionGone: when the form names a section that its version does not have.
    """
    if form.section is None:
        return form.text
    section = sections.cut(text_of(head.id, form.base), form.section)
    if section is None:
        raise sections.SectionGone(_("Deze paragraaf staat niet in de versie waar je mee begon."))
    return section.filled_with(form.text)


def base_of(head: PageHead, form: EditForm) -> str:
    """Return the text from which a form began: of the page or of its section, and nothing of a hidden version."""
    if form.base is not None and hiding.find_hiding(head.id, form.base) is not None:
        return ""
    text = text_of(head.id, form.base)
    section = sections.cut(text, form.section)
    return section.text if section is not None else text


def text_of(page_id: int, number: int | None) -> str:
    """Return the text of a version; a form that names no version, or a hidden one, began from nothing."""
    try:
        return queries.get_text(page_id, number or 0)
    except (NotFound, Gone):
        return ""


def marked(form: AnyForm) -> AnyForm:
    """Return the form with a key under which its draft will be kept."""
    return form if form.mark.key else replace(form, mark=Mark(drafts.new_key()))


def desk_of_page(actor: Actor, head: PageHead, form: EditForm, *, is_opened: bool) -> Desk:
    """Return what stands around the editor of a page; `is_opened` when somebody has just opened it."""
    left = _left(actor, head.id, drafts.OF_PAGES, form.mark) if is_opened else []
    return Desk(
        subject_id=head.id,
        place=DraftPlace.PAGE if form.section is None else DraftPlace.SECTION,
        titles_path=_titles_path(head.space, head.audience),
        left=left[0] if left else None,
        more_left=len(left[1:]),
        writing=draft_lists.told_writers(draft_lists.writers_now(actor, head.id), also=True),
        kept=drafts.find_by_key(actor, form.mark.key) if form.mark.number else None,
        present_path=f"{head.path}/bezig",
    )


def desk_of_suggestion(actor: Actor, head: PageHead, form: EditForm, *, is_opened: bool) -> Desk:
    """Return what stands around the editor in which somebody suggests a change; of that nobody else is told."""
    left = _left(actor, head.id, _OF_SUGGESTIONS, form.mark) if is_opened else []
    return Desk(
        subject_id=head.id,
        place=DraftPlace.SUGGESTION,
        titles_path=_titles_path(head.space, head.audience),
        left=left[0] if left else None,
        more_left=len(left[1:]),
        kept=drafts.find_by_key(actor, form.mark.key) if form.mark.number else None,
    )


def desk_of_new(actor: Actor, space: Space, form: NewPageForm, *, is_opened: bool) -> Desk:
    """Return what stands around the editor of a new page."""
    left = _left(actor, space.id, _OF_NEW, form.mark) if is_opened else []
    return Desk(
        subject_id=space.id,
        place=DraftPlace.NEW_PAGE,
        titles_path=_titles_path(space, space.audience),
        left=left[0] if left else None,
        more_left=len(left[1:]),
        kept=drafts.find_by_key(actor, form.mark.key) if form.mark.number else None,
    )


def desk_of_saying(actor: Actor, subject_id: int, saying: Saying, *, is_opened: bool) -> Desk:
    """Return what stands around a form in which somebody says something."""
    told = {name: Draft.fields[name].as_string() for name in ("gesprek", "reactie", "versie")}
    here = [
        told[name].is_(None) if not value else told[name].is_not(None) if name == "versie" else told[name] == value
        for name, value in ((name, saying.about.get(name)) for name in told)
    ]
    left = _left(actor, subject_id, frozenset({saying.place}), saying.mark, *here) if is_opened else []
    return Desk(
        subject_id=subject_id,
        place=saying.place,
        titles_path="",
        left=left[0] if left else None,
        more_left=len(left[1:]),
        kept=drafts.find_by_key(actor, saying.mark.key) if saying.mark.number else None,
        max_text=LONGEST_TEXT,
    )


def _left(
    actor: Actor, subject_id: int, places: frozenset[DraftPlace], mark: Mark, *more: ColumnElement[bool]
) -> list[Left]:
    found = [draft for draft in drafts.list_on(actor, subject_id, places, *more) if draft.key != mark.key]
    return [
        Left(
            draft,
            what_changed(draft) if draft is found[0] else None,
            draft_lists.line_of(actor, draft).path if draft is found[0] else "",
        )
        for draft in found
    ]


def what_changed(draft: Draft) -> Sequence[history.ShownRow] | None:
    """Return what a draft changes in the version it began from; None when it began from nothing that may be read."""
    if draft.place not in drafts.OF_TEXTS or len(draft.text) > MAX_TEXT or draft.base is None:
        return None
    if hiding.find_hiding(draft.subject_id, draft.base) is not None:
        return None
    base = text_of(draft.subject_id, draft.base)
    section = sections.cut(base, draft.section)
    return history.compare_texts(section.text if section else base, draft.text)


def _titles_path(space: Space, audience: Audience) -> str:
    for_team = "&besloten=1" if audience is Audience.TEAM else ""
    return f"/wiki/titels?ruimte={space.slug or ''}{for_team}"
