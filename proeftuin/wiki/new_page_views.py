"""The screens on which a new page is written.

What must stay true: whatever the answer, the text that was sent is in it, in a draft or in the page.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.errors import Invalid, NotFound
from proeftuin.events.models import Audience
from proeftuin.i18n import _
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki import drafts, editor, queries, service
from proeftuin.wiki.checks import TitleTaken, check_length
from proeftuin.wiki.edit_views import keep_refused, on_space, shown_as, tell_kept
from proeftuin.wiki.forms import CHOOSABLE, NewPageForm, page_kind
from proeftuin.wiki.kinds import STARTING_TEXTS, starting_text
from proeftuin.wiki.rows import require_writer
from proeftuin.wiki.spaces import Space
from proeftuin.wiki.titles import MAX_TITLE


@on_space("/nieuwe-pagina")
def new_form(pilot: str | None = None) -> ResponseReturnValue:
    """Show the form for a new page; it may begin with a title, when someone came along a red link."""
    space = queries.get_space(get_actor(), pilot)
    title = request.args.get("titel", "")[:MAX_TITLE]
    if not space.may_write:
        return render("wiki/missing.html", space=space, title=title), NotFound.status
    kind = page_kind(request.args.get("soort"))
    form = NewPageForm(title, starting_text(kind), kind, restricted=False, do="")
    draft = drafts.find_draft(get_actor(), request.args.get("concept"), space.id, {drafts.DraftPlace.NEW_PAGE})
    return _new_page(space, NewPageForm.of_draft(draft) if draft else form, is_opened=True)


@on_space("/nieuwe-pagina", method="POST")
def create(pilot: str | None = None) -> ResponseReturnValue:
    """Make a page, or show it as it would be."""
    space = queries.get_space(get_actor(), pilot)
    require_writer(space)
    form = NewPageForm.parse(request.form, on_site=space.slug is None)
    if form.do == "soort":
        return _new_page(space, _with_questions(form))
    try:
        if form.do == "voorbeeld":
            check_length(form.text)
            return _new_page(space, form, preview=shown_as(space, _audience(space, form.restricted), form.text))
        if form.do == "concept":
            return tell_kept(drafts.keep(get_actor(), space.id, form.typed()), f"{space.path}/nieuwe-pagina")
        made = service.create_page(
            get_actor(), space.id, title=form.title, text=form.text, kind=form.kind, restricted=form.restricted
        )
    except TitleTaken as refused:
        return _new_page(space, keep_refused(space.id, form), errors=refused.fields, taken=refused), refused.status
    except Invalid as refused:
        return _new_page(space, keep_refused(space.id, form), errors=refused.fields), refused.status
    drafts.forget(get_actor(), space.id, form.mark, form.text)
    flash(_("De pagina is gemaakt."), "good")
    return redirect(f"{space.path}/{made.slug}", 303)


@on_space("/nieuwe-pagina/voorbeeld", method="POST")
def preview_new(pilot: str | None = None) -> ResponseReturnValue:
    """Return the text of a page to be as it would read, as a fragment."""
    space = queries.get_space(get_actor(), pilot)
    require_writer(space)
    form = NewPageForm.parse(request.form, on_site=space.slug is None)
    check_length(form.text)
    return render("wiki/preview.html", html=shown_as(space, _audience(space, form.restricted), form.text))


def _audience(space: Space, restricted: bool) -> Audience:
    return Audience.TEAM if restricted and space.slug is not None else space.audience


def _with_questions(form: NewPageForm) -> NewPageForm:
    """Put the questions of a kind in the text, but never over what someone wrote."""
    untouched = {" ".join(text.split()) for text in STARTING_TEXTS.values()} | {""}
    if " ".join(form.text.split()) not in untouched:
        flash(_("Je tekst staat er nog. De vragen van deze soort zetten we er niet overheen."), "info")
        return form
    return replace(form, text=starting_text(form.kind))


def _new_page(space: Space, form: NewPageForm, *, is_opened: bool = False, **more: Any) -> str:
    form = editor.marked(form)
    desk = editor.desk_of_new(get_actor(), space, form, is_opened=is_opened)
    shown = {"errors": {}, "preview": "", "taken": None, **more}
    return render("wiki/new.html", space=space, form=form, desk=desk, kinds=CHOOSABLE, max_title=MAX_TITLE, **shown)
