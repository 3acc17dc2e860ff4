"""The screens on which colleagues suggest a change, and revise what they suggested. Deciding: `suggestion_views`.

What must stay true: whatever the answer, the text that was sent is in it, in a draft or in a suggestion; every button
works without a script.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.db import keep_on_refusal
from proeftuin.errors import Conflict, Invalid
from proeftuin.i18n import _
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki import (
    drafts,
    editor,
    history,
    queries,
    suggesting,
    suggestions,
)
from proeftuin.wiki.checks import MAX_SUMMARY, check_length
from proeftuin.wiki.drafts import DraftPlace
from proeftuin.wiki.edit_views import NONE, blueprint, on_page, shown_as
from proeftuin.wiki.forms import EditForm
from proeftuin.wiki.queries import PageHead
from proeftuin.wiki.rows import require_suggester
from proeftuin.wiki.suggestions import Line

__all__ = ["blueprint"]

NUMBER = "<int(max=2147483647):number>"
_OF_SUGGESTIONS = frozenset({DraftPlace.SUGGESTION})


@on_page("/voorstel")
def suggest_form(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Show the newest text in an editor for who suggests a change; the team is sent to its own editor."""
    head = queries.get_page(get_actor(), pilot, page)
    if head.may_edit:
        return redirect(f"{head.path}/bewerken", 303)
    require_suggester(head.space)
    draft = drafts.find_draft(get_actor(), request.args.get("concept"), head.id, _OF_SUGGESTIONS)
    if draft is not None:
        return _suggest_page(head, EditForm.of_draft(draft))
    text = queries.get_text(head.id, head.current)
    return _suggest_page(head, EditForm(text=text, summary="", minor=False, base=head.current, do=""), is_opened=True)


@on_page("/voorstel", method="POST")
def suggest(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Suggest a change, or show it as it would be."""
    head = queries.get_page(get_actor(), pilot, page)
    require_suggester(head.space)
    form = EditForm.parse(request.form)
    if form.do in ("voorbeeld", "wijzigingen"):
        return _look(head, form)
    if form.do == "concept":
        return _keep_by_hand(head, form)
    try:
        number = suggesting.suggest(
            get_actor(),
            head,
            base=form.base,
            text=form.text,
            reason=form.summary,
            key=form.mark.key or secrets.token_urlsafe(16),
        )
    except Invalid as refused:
        return _suggest_page(head, _kept(head, form), errors=refused.fields), refused.status
    drafts.forget(get_actor(), head.id, form.mark, form.text)
    flash(_("Je voorstel is verstuurd. Wie over de pagina gaat, ziet het; jij krijgt bericht."), "good")
    return redirect(f"{head.path}/voorstellen/{number}", 303)


@on_page("/voorstel/voorbeeld", method="POST")
def preview_suggestion(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Return a suggested text as it would read on the page, as a fragment."""
    head = queries.get_page(get_actor(), pilot, page)
    require_suggester(head.space)
    return render("wiki/preview.html", html=_preview(head, EditForm.parse(request.form).text))


@on_page(f"/voorstellen/{NUMBER}/bewerken")
def revise_form(page: str, number: int, pilot: str | None = None) -> ResponseReturnValue:
    """Show what the person suggested in the editor, as long as nobody decided."""
    head = queries.get_page(get_actor(), pilot, page)
    found = suggestions.get_suggestion(head.id, number)
    suggesting.require_open_own(get_actor(), found.line)
    form = EditForm(text=found.text, summary=found.line.reason, minor=False, base=found.line.base, do="")
    return _suggest_page(head, form, revised=found.line)


@on_page(f"/voorstellen/{NUMBER}/bewerken", method="POST")
def revise(page: str, number: int, pilot: str | None = None) -> ResponseReturnValue:
    """Change what the person suggested; when somebody decided meanwhile, the text can be sent as a new suggestion."""
    head = queries.get_page(get_actor(), pilot, page)
    found = suggestions.get_suggestion(head.id, number)
    form = EditForm.parse(request.form)
    if form.do in ("voorbeeld", "wijzigingen"):
        return _look(head, form, revised=found.line)
    try:
        suggesting.revise(get_actor(), head, number, text=form.text, reason=form.summary)
    except Invalid as refused:
        return _suggest_page(head, form, revised=found.line, errors=refused.fields), refused.status
    except Conflict as refused:
        return _suggest_page(head, replace(form, do=""), errors={"": refused.message}), refused.status
    flash(_("Je voorstel is aangepast."), "good")
    return redirect(found.line.href, 303)


def _look(head: PageHead, form: EditForm, **more: Any) -> ResponseReturnValue:
    """Show a text as it would be, without sending it to anybody."""
    if form.do == "voorbeeld":
        return _suggest_page(head, form, preview=_preview(head, form.text), **more)
    return _suggest_page(
        head, form, changes=history.compare_texts(editor.text_of(head.id, form.base), form.text), **more
    )


def _keep_by_hand(head: PageHead, form: EditForm) -> ResponseReturnValue:
    """Keep a text as a draft, for who asks for it with a button."""
    kept = drafts.keep(get_actor(), head.id, replace(form.typed(), place=DraftPlace.SUGGESTION))
    flash(_("Je concept is bewaard. Alleen jij ziet het."), "good")
    where = f"?concept={kept.draft.id}" if kept.draft is not None else ""
    return redirect(f"{head.path}/voorstel{where}", 303)


def _preview(head: PageHead, text: str) -> Any:
    check_length(text)
    return shown_as(head.space, head.audience, text, page_id=head.id)


def _suggest_page(
    head: PageHead,
    form: EditForm,
    *,
    is_opened: bool = False,
    revised: Line | None = None,
    errors: Mapping[str, str] = NONE,
    preview: Any = "",
    changes: Sequence[history.ShownRow] | None = None,
) -> str:
    form = editor.marked(form)
    return render(
        "wiki/suggest.html",
        page=head,
        form=form,
        desk=editor.desk_of_suggestion(get_actor(), head, form, is_opened=is_opened),
        revised=revised,
        errors=errors,
        preview=preview,
        changes=changes,
        max_summary=MAX_SUMMARY,
    )


def _kept(head: PageHead, form: EditForm) -> EditForm:
    """Keep what could not be sent as a draft, and return the form that goes on with it."""
    try:
        kept = drafts.keep(get_actor(), head.id, replace(form.typed(), place=DraftPlace.SUGGESTION))
    except Invalid:  # too much to keep; it stands on the screen
        return form
    keep_on_refusal()
    return form.kept_as(kept)
