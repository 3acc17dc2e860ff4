"""The screens on which suggestions are read, and on which the team decides about them.

What must stay true: reading a suggestion is reading its page; deciding is writing it; whoever comes second is told
who was first, with what they typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.errors import Conflict, Invalid
from proeftuin.i18n import _
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki import (
    conflict,
    editor,
    hiding,
    history,
    proposals,
    queries,
    service,
    suggesting,
    suggestions,
)
from proeftuin.wiki.checks import MAX_SUMMARY
from proeftuin.wiki.edit_views import NONE, blueprint, on_page, on_space
from proeftuin.wiki.forms import Choice, ConflictForm, EditForm, SuggestForm
from proeftuin.wiki.policy import may_suggest
from proeftuin.wiki.queries import PageHead
from proeftuin.wiki.rows import require_writer
from proeftuin.wiki.suggesting import Settled
from proeftuin.wiki.suggestions import Line, Suggested

__all__ = ["blueprint"]

NUMBER = "<int(max=2147483647):number>"


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
        may_suggest=may_suggest(head.state, from_outside=head.from_outside),
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


def _settled(head: PageHead, form: ConflictForm) -> Settled:
    """Put together what was chosen on the conflict screen."""
    clash = _clash(head, form)
    return Settled(clash.settle(form.choices), clash.current, form.meetings_with(clash.current))


def _clash(head: PageHead, form: ConflictForm) -> conflict.Clash:
    current = form.edit.base or head.current
    was, theirs = editor.text_of(head.id, form.was), queries.get_text(head.id, current)
    return conflict.Clash.between(form.was, current, base_text=was, mine=form.mine, theirs=theirs)


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
        is_own=line.is_open
        and line.author_id == get_actor().id
        and may_suggest(head.state, from_outside=head.from_outside),
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
