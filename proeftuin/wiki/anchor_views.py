"""The screens on which somebody chooses a passage of a page and says something about it.

With a script the words are selected in the page and the form comes under them; without one the paragraphs are listed.
What must stay true: whatever the answer, what was chosen and typed is in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.errors import Invalid
from proeftuin.i18n import _
from proeftuin.talk.forms import PostForm
from proeftuin.talk.views import floor_on
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki import anchors, passages, queries
from proeftuin.wiki.edit_views import NONE, blueprint, on_page
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

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Chosen:
        """Read the form; anything that is no number counts as none."""
        return cls(
            version=version_number(form.get("versie")),
            words=form.get("words", "")[: 2 * MAX_PASSAGE],
            before=form.get("voor", "")[-AROUND:],
            after=form.get("na", "")[:AROUND],
            paragraph=version_number(form.get("alinea")),
        )


@on_page("/passage")
def passage_form(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """List the paragraphs of a page to choose from; or show the form about one of them, or only the form."""
    head = queries.get_page(get_actor(), pilot, page)
    if request.args.get("deel") == "formulier":
        chosen = Chosen(head.current, "")
        return render(
            "wiki/passage_form.html", page=head, floor=floor_on(get_actor(), head), form=PostForm(), chosen=chosen
        )
    number = version_number(request.args.get("alinea"))
    if number is None:
        return _list(head)
    text = queries.get_text(head.id, head.current)
    spans = passages.paragraphs(text)
    if not 1 <= number <= len(spans):
        return _list(head)
    words = passages.shown(text[slice(*spans[number - 1])])
    return _form(head, PostForm(), Chosen(head.current, words, paragraph=number))


@on_page("/passage", method="POST")
def start_about(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Start a conversation about a passage."""
    head = queries.get_page(get_actor(), pilot, page)
    floor, form, chosen = floor_on(get_actor(), head), PostForm.parse(request.form), Chosen.parse(request.form)
    try:
        voice = floor.voice(form.voice)
        thread = anchors.start_thread(
            get_actor(),
            head,
            place=anchors.Pointed(chosen.version, chosen.words, chosen.before, chosen.after, chosen.paragraph),
            title=form.title,
            text=form.text,
            capacity=voice.capacity,
            party_id=voice.party_id,
            allowed=floor.allowed,
            is_question=form.is_question,
        )
    except Invalid as refused:
        return _form(head, form, chosen, refused.fields), refused.status
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


def _form(head: PageHead, form: PostForm, chosen: Chosen, errors: Mapping[str, str] = NONE) -> str:
    floor = floor_on(get_actor(), head)
    return render("wiki/passage.html", page=head, floor=floor, form=form, chosen=chosen, errors=errors)
