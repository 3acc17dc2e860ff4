"""The screens on which colleagues suggest a change, and on which the team decides about it.

What must stay true: whatever the answer, the text that was sent is in it or in a suggestion; every button works
without a script. Reading a suggestion is reading its page; deciding is writing it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.errors import Conflict, Invalid
from proeftuin.i18n import _
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki import (
    conflict,
    drafts,
    editor,
    hiding,
    history,
    proposals,
    queries,
    service,
    suggesting,
    suggestions,
)
from proeftuin.wiki.checks import MAX_SUMMARY, check_length
from proeftuin.wiki.drafts import DraftPlace
from proeftuin.wiki.edit_views import NONE, blueprint, on_page, on_space, shown_as
from proeftuin.wiki.forms import Choice, ConflictForm, EditForm, SuggestForm
from proeftuin.wiki.policy import may_suggest
from proeftuin.wiki.queries import PageHead
from proeftuin.wiki.rows import require_suggester, require_writer
from proeftuin.wiki.suggesting import Settled
from proeftuin.wiki.suggestions import Line, Suggested

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
        return _suggest_page(head, form, errors=refused.fields), refused.status
    drafts.forget(get_actor(), head.id, form.mark, form.text)
    flash(_("Je voorstel is verstuurd. Wie over de pagina gaat, ziet het; jij krijgt bericht."), "good")
    return redirect(f"{head.path}/voorstellen/{number}", 303)


@on_page("/voorstel/voorbeeld", method="POST")
def preview_suggestion(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Return a suggested text as it would read on the page, as a fragment."""
    head = queries.get_page(get_actor(), pilot, page)
    require_suggester(head.space)
    return render("wiki/preview.html", html=_preview(head, EditForm.parse(request.form).text))


@on_page("/voorstellen")
def page_suggestions(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """List the suggestions for a page: the open ones first."""
    head = queries.get_page(get_actor(), pilot, page)
    lines = suggestions.list_for_page(head.id)
    return render(
        "wiki/suggestions.html",
        page=head,
        open=[line for line in lines if line.is_open],
        ended=[line for line in lines if not line.is_open],
        may_suggest=may_suggest(head.state),
    )


@on_space("/voorstellen")
def space_suggestions(pilot: str | None = None) -> ResponseReturnValue:
    """List the open suggestions for all pages of a pilot, or of the site."""
    actor = get_actor()
    space = queries.get_space(actor, pilot)
    return render("wiki/suggestions_of_space.html", space=space, open=suggestions.list_open(actor, space.id))


@on_page(f"/voorstellen/{NUMBER}")
def suggestion(page: str, number: int, pilot: str | None = None) -> ResponseReturnValue:
    """Show a suggestion: why, what it changes, and what was decided."""
    head = queries.get_page(get_actor(), pilot, page)
    return _suggestion_page(head, suggestions.get_suggestion(head.id, number))


@on_page(f"/voorstellen/{NUMBER}/overnemen", method="POST")
def accept_suggestion(page: str, number: int, pilot: str | None = None) -> ResponseReturnValue:
    """Take a suggestion over, or some of its passages."""
    head = queries.get_page(get_actor(), pilot, page)
    require_writer(head.space)
    form = SuggestForm.parse(request.form.getlist("neem"), request.form)
    answer = ConflictForm.parse(request.form) if "was" in request.form else None
    settled = None
    try:
        settled = _settled(head, answer) if answer else None
        saved = suggesting.accept(
            get_actor(),
            head,
            number,
            edition=form.edition,
            taken=form.taken,
            answer=form.answer,
            settled=settled,
        )
    except service.EditConflict as refused:
        met = EditForm.parse(request.form)
        if answer and settled:
            met = replace(met, meetings=answer.meetings_with(settled.base))
        return _conflict_page(head, number, form, refused.clash, met)
    except Invalid as refused:
        if answer:
            clash = _clash(head, answer)
            return _conflict_page(
                head, number, form, clash, answer.edit, choices=answer.choices, errors=refused.fields
            )
        found = suggestions.get_suggestion(head.id, number)
        return _suggestion_page(head, found, form=form, errors=refused.fields), refused.status
    _tell(saved, suggestions.get_suggestion(head.id, number).line)
    return redirect(saved.path, 303)


@on_page(f"/voorstellen/{NUMBER}/afwijzen", method="POST")
def decline_suggestion(page: str, number: int, pilot: str | None = None) -> ResponseReturnValue:
    """Say no to a suggestion, with the reason."""
    head = queries.get_page(get_actor(), pilot, page)
    require_writer(head.space)
    form = SuggestForm.parse((), request.form)
    try:
        suggesting.decline(get_actor(), head, number, edition=form.edition, answer=form.reason)
    except Invalid as refused:
        found = suggestions.get_suggestion(head.id, number)
        return _suggestion_page(head, found, form=form, errors=refused.fields), refused.status
    line = suggestions.get_suggestion(head.id, number).line
    flash(_("Het voorstel is afgewezen. %(who)s krijgt bericht, met jouw reden.", who=line.who), "good")
    return redirect(line.href, 303)


@on_page(f"/voorstellen/{NUMBER}/intrekken", method="POST")
def withdraw_suggestion(page: str, number: int, pilot: str | None = None) -> ResponseReturnValue:
    """Take back what the person suggested."""
    head = queries.get_page(get_actor(), pilot, page)
    suggesting.withdraw(get_actor(), head, number)
    flash(_("Je voorstel is ingetrokken. Je tekst blijft hier te lezen."), "good")
    return redirect(f"{head.path}/voorstellen/{number}", 303)


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


def _settled(head: PageHead, form: ConflictForm) -> Settled:
    """Put together what was chosen on the conflict screen."""
    clash = _clash(head, form)
    return Settled(clash.settle(form.choices), clash.current, form.meetings_with(clash.current))


def _clash(head: PageHead, form: ConflictForm) -> conflict.Clash:
    current = form.edit.base or head.current
    was, theirs = editor.text_of(head.id, form.was), queries.get_text(head.id, current)
    return conflict.Clash.between(form.was, current, base_text=was, mine=form.mine, theirs=theirs)


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


def _suggestion_page(
    head: PageHead, found: Suggested, *, form: SuggestForm | None = None, errors: Mapping[str, str] = NONE
) -> str:
    line = found.line
    # Words that come from a version that is hidden now are hidden with it.
    hidden = sorted(hiding.list_hidings(head.id).keys() & {line.base, line.number})
    against_now = request.args.get("tegen") == "nu" and line.is_open
    current = queries.get_text(head.id, head.current)
    clash = conflict.Clash.between(
        line.base, head.current, base_text=found.base_text, mine=found.text, theirs=current
    )
    outcome = clash.merged.with_choices([part.mine for part in clash.merged.conflicts])
    changed = [] if hidden else proposals.changes(found.base_text, found.text)
    return render(
        "wiki/suggestion.html",
        page=head,
        line=line,
        hidden=hidden,
        changed=[
            (change, history.compare_texts(change.old_text.strip("\n"), change.new_text.strip("\n")))
            for change in changed
        ],
        against_now=against_now and not hidden,
        rows=history.compare_texts(current, outcome) if against_now else (),
        conflicts=clash.total,
        is_stale=line.base != head.current,
        may_decide=line.is_open and head.may_edit,
        is_own=line.is_open and line.author_id == get_actor().id and may_suggest(head.state),
        form=form or SuggestForm(None, line.edition, "", ""),
        errors=errors,
        max_summary=MAX_SUMMARY,
    )


def _conflict_page(
    head: PageHead,
    number: int,
    form: SuggestForm,
    clash: conflict.Clash,
    edit: EditForm,
    *,
    choices: Sequence[Choice] = (),
    errors: Mapping[str, str] = NONE,
) -> ResponseReturnValue:
    line = suggestions.get_suggestion(head.id, number).line
    page = render(
        "wiki/conflict.html",
        page=head,
        form=edit,
        theirs=history.get_version(head, clash.current),
        clash=clash,
        summary="",
        minor=False,
        choices=choices,
        errors=errors,
        action=f"{line.href}/overnemen",
        fields=form.carried(),
        suggested=line,
    )
    return page, Conflict.status


def _tell(saved: service.Saved, line: Line) -> None:
    if saved.is_new:
        flash(
            _("Overgenomen, als versie %(n)s. %(who)s krijgt bericht.", n=saved.number, who=line.who),
            "good",
        )
    else:
        flash(_("Wat %(who)s voorstelde, stond er al. Er is geen nieuwe versie.", who=line.who), "info")
