"""What somebody is saying in a conversation and did not place yet, as a form that keeps itself as a draft.

Talk knows no drafts; here a form of talk is put beside the mark of its draft, so that threads, replies and changed
comments are kept by the same mechanism as pages.

What must stay true: a draft is offered where it belongs only: under its subject, in its thread, at its comment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from proeftuin.accounts.actor import Actor
from proeftuin.talk.forms import PostForm, number
from proeftuin.wiki import drafts
from proeftuin.wiki.draft_rows import NO_MARK, SAID_WHERE, Draft, DraftPlace, Kept, Mark, Typed
from proeftuin.wiki.forms import clean_text, parse_mark


@dataclass(frozen=True, slots=True)
class Saying:
    """A form of a conversation. `about` says where it belongs: which thread, comment or passage (hidden fields)."""

    form: PostForm
    place: DraftPlace
    about: Mapping[str, str]
    mark: Mark = NO_MARK

    def typed(self) -> Typed:
        """Return what is to be kept while it is not placed."""
        form = self.form
        fields = {
            "title": form.title,
            "voice": form.voice,
            "is_question": "1" if form.is_question else "",
            "is_answer": "1" if form.is_answer else "",
            "parent_id": str(form.parent_id or ""),
            **self.about,
        }
        return Typed(self.mark, self.place, clean_text(form.text), form.base or None, fields)

    def kept_as(self, kept: Kept) -> Saying:
        """Return the form with the draft that it writes from now on."""
        if kept.draft is None:
            return self
        return replace(self, mark=replace(self.mark, key=kept.draft.key, number=kept.draft.number))

    def sent(self, form: Mapping[str, str]) -> Saying:
        """Return it as somebody sent it."""
        return replace(self, form=PostForm.parse(form), mark=parse_mark(form))


def new_thread() -> Saying:
    """Return the form with which a thread begins."""
    return Saying(PostForm(), DraftPlace.THREAD, {})


def about_passage(form: PostForm, where: Mapping[str, str]) -> Saying:
    """Return the form with which a thread about a passage begins."""
    return Saying(form, DraftPlace.THREAD, where)


def reply_in(thread_id: int, form: PostForm) -> Saying:
    """Return the form with which somebody says something in a thread."""
    return Saying(form, DraftPlace.REPLY, {"gesprek": str(thread_id)})


def change_of(comment_id: int, form: PostForm) -> Saying:
    """Return the form with which somebody changes a comment."""
    return Saying(form, DraftPlace.REPLY, {"reactie": str(comment_id)})


def of_draft(actor: Actor, concept: str | None, subject_id: int, opened: Saying) -> Saying | None:
    """Return the draft that an address asks for as its writer left it, when it belongs to the opened form."""
    draft = drafts.find_draft(actor, concept, subject_id, {opened.place})
    if draft is None or not _belongs(draft, opened):
        return None
    fields = draft.fields
    form = PostForm(
        title=fields.get("title", ""),
        text=draft.text,
        voice=fields.get("voice", ""),
        is_question=bool(fields.get("is_question")),
        is_answer=bool(fields.get("is_answer")),
        parent_id=number(fields.get("parent_id", "")),
        base=draft.base or 0,
    )
    about = {name: fields[name] for name in SAID_WHERE if name in fields}
    return Saying(form, draft.place, about, Mark(draft.key, draft.number))


def _belongs(draft: Draft, opened: Saying) -> bool:
    is_there = all(draft.fields.get(name) == opened.about.get(name) for name in ("gesprek", "reactie"))
    return is_there and ("versie" in draft.fields) == ("versie" in opened.about)
