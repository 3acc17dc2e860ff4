"""The screens on which somebody chooses a passage of a page and says something about it.

With a script the words are selected in the page and the form comes under them; without one the paragraphs are listed.
What must stay true: whatever the answer, what was chosen and typed is in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.errors import Invalid
from proeftuin.i18n import _
from proeftuin.talk.forms import PostForm
from proeftuin.talk.views import floor_on
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki import anchors, drafts, editor, passages, queries, saying
from proeftuin.wiki.edit_views import NONE, blueprint, keep_refused, on_page, tell_kept
from proeftuin.wiki.forms import version_number
from proeftuin.wiki.passages import MAX_PASSAGE
from proeftuin.wiki.queries import PageHead

__all__ = ["blueprint"]

# Of what stands around the words as much is used as tells them apart.
AROUND = 300


@dataclass(frozen=True, slots=True)
class Chosen:
    """The passage that a form is about: words as they were read in a version, or the number of a paragraph."""

    version: int | None
    words: str
    before: str = ""
    after: str = ""
    paragraph: int | None = None
    ahead: int | None = None

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Chosen:
        """Read the form; anything that is no number counts as none."""
        return cls(
            version=version_number(form.get("versie")),
            words=form.get("words", "")[: 2 * MAX_PASSAGE],
            before=form.get("voor", "")[-AROUND:],
            after=form.get("na", "")[:AROUND],
            paragraph=version_number(form.get("alinea")),
            ahead=version_number(form.get("vooraf")),
        )

    def pointed(self) -> anchors.Pointed:
        """Return it as the rules want it."""
        return anchors.Pointed(self.version, self.words, self.before, self.after, self.paragraph, self.ahead)

    def fields(self) -> dict[str, str]:
        """Return the fields of a form that is about it."""
        found = {"versie": str(self.version or ""), "words": self.words, "voor": self.before, "na": self.after}
        found["vooraf"] = "" if self.ahead is None else str(self.ahead)
        return {**found, "alinea": str(self.paragraph)} if self.paragraph is not None else found


@on_page("/passage")
def passage_form(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """List the paragraphs of a page to choose from; or show the form about one of them, or only the form."""
    head = queries.get_page(get_actor(), pilot, page)
    if request.args.get("deel") == "formulier":
        return _form(head, PostForm(), Chosen(head.current, ""), template="wiki/passage_form.html")
    opened = saying.about_passage(PostForm(), {"versie": str(head.current)})
    draft = saying.of_draft(get_actor(), request.args.get("concept"), head.id, opened)
    if draft is not None:
        return _form(head, draft.form, Chosen.parse(draft.about), mark=draft.mark)
    number = version_number(request.args.get("alinea"))
    if number is None:
        return _list(head)
    text = queries.get_text(head.id, head.current)
    spans = passages.paragraphs(text)
    if not 1 <= number <= len(spans):
        return _list(head)
    words = passages.shown(text[slice(*spans[number - 1])])
    return _form(head, PostForm(), Chosen(head.current, words, paragraph=number), is_opened=True)


@on_page("/passage", method="POST")
def start_about(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Start a conversation about a passage."""
    head = queries.get_page(get_actor(), pilot, page)
    floor, form, chosen = floor_on(get_actor(), head), PostForm.parse(request.form), Chosen.parse(request.form)
    sent = saying.about_passage(form, chosen.fields()).sent(request.form)
    try:
        if request.form.get("do") == "concept":
            return tell_kept(drafts.keep(get_actor(), head.id, sent.typed()), f"{head.path}/passage")
        voice = floor.voice(form.voice)
        thread = anchors.start_thread(
            get_actor(),
            head,
            place=chosen.pointed(),
            title=form.title,
            text=form.text,
            capacity=voice.capacity,
            party_id=voice.party_id,
            allowed=floor.allowed,
            is_question=form.is_question,
        )
    except Invalid as refused:
        kept = keep_refused(head.id, sent)
        return _form(head, form, chosen, refused.fields, mark=kept.mark), refused.status
    drafts.forget(get_actor(), head.id, sent.mark, sent.typed().text)
    flash(_("Je reactie staat bij de passage."), "good")
    return redirect(f"{head.path}#passage-{thread.id}", 303)


def _list(head: PageHead) -> str:
    text = queries.get_text(head.id, head.current)
    spans = passages.paragraphs(text)
    rows = [
        (number, passages.shown(text[slice(*span)]), span.ends - span.begins <= MAX_PASSAGE)
        for number, span in enumerate(spans, 1)
    ]
    return render("wiki/passages.html", page=head, floor=floor_on(get_actor(), head), rows=rows)


def _form(
    head: PageHead,
    form: PostForm,
    chosen: Chosen,
    errors: Mapping[str, str] = NONE,
    *,
    mark: drafts.Mark = drafts.NO_MARK,
    is_opened: bool = False,
    template: str = "wiki/passage.html",
) -> str:
    floor = floor_on(get_actor(), head)
    typed = editor.marked(replace(saying.about_passage(form, chosen.fields()), mark=mark))
    desk = editor.desk_of_saying(get_actor(), head.id, typed, is_opened=is_opened and floor.is_open)
    return render(template, page=head, floor=floor, saying=typed, desk=desk, chosen=chosen, errors=errors)
