"""Drafts on the screen: keeping one while somebody types, the list of one's own, and who else is writing.

What must stay true: a person gets their own drafts only; an answer to a script is JSON with sentences for people.
"""

from __future__ import annotations

from flask import abort, flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.errors import Invalid
from proeftuin.i18n import _, n_
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import address, clock_time, render
from proeftuin.wiki import completion, draft_lists, drafts, editor, queries
from proeftuin.wiki.edit_views import blueprint, on_page
from proeftuin.wiki.forms import parse_typed, version_number
from proeftuin.wiki.rows import require_writer


@blueprint.post("/concepten/<int:subject_id>")
def keep_draft(subject_id: int) -> ResponseReturnValue:
    """Keep what somebody is writing under a subject."""
    typed = parse_typed(request.form)
    if typed is None:
        abort(400)
    try:
        kept = drafts.keep(get_actor(), subject_id, typed)
    except Invalid as refused:
        return jsonify(message=refused.message), refused.status
    if kept.draft is None:
        return jsonify(message="" if kept.is_known else _("Je hebt niets veranderd."), key=typed.mark.key, number=0)
    message = _("Concept bewaard om %(time)s uur, alleen voor jou zichtbaar.", time=_time(kept.draft))
    if kept.is_second:
        message = _(
            "Dit concept is ook in een ander venster veranderd. Wat je hier typt, is een tweede concept. "
            "Er is niets weg."
        )
    path = address("wiki.draft", draft_id=kept.draft.id)
    return jsonify(
        message=message,
        key=kept.draft.key,
        number=kept.draft.number,
        second=kept.is_second,
        known=kept.is_known,
        path=path,
    )


def _time(draft: drafts.Draft) -> str:
    return clock_time(draft.touched_at)


@blueprint.get("/mijn/concepten", endpoint="drafts")
def list_own() -> str:
    """List what the person is writing."""
    return render("wiki/drafts.html", lines=draft_lists.list_drafts(get_actor()))


@blueprint.get("/mijn/concepten/<int:draft_id>")
def draft(draft_id: int) -> str:
    """Show one draft: its text, what it changes, and what can be done with it."""
    actor = get_actor()
    found = drafts.get_draft(actor, draft_id)
    return render("wiki/draft.html", line=draft_lists.line_of(actor, found), rows=editor.what_changed(found))


@blueprint.post("/mijn/concepten/<int:draft_id>/weggooien")
def discard_draft(draft_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    drafts.discard(get_actor(), draft_id)
    flash(_("Het concept is weg."), "good")
    return redirect(address("wiki.drafts"), 303)


@on_page("/bezig")
def present(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Tell a writer who else is writing a page, and how many versions there are since `base`."""
    head = queries.get_page(get_actor(), pilot, page)
    require_writer(head.space)
    base = version_number(request.args.get("base"))
    newer = max(0, head.current - base) if base else 0
    told = n_("%(n)s nieuwe versie sinds je begon.", "%(n)s nieuwe versies sinds je begon.", newer)
    response = jsonify(
        writers=draft_lists.told_writers(draft_lists.writers_now(get_actor(), head.id), also=True),
        newer=newer,
        told=told if newer else "",
        compare=f"{head.path}/vergelijk?van={base}&naar={head.current}" if newer else "",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/wiki/titels")
def titles() -> ResponseReturnValue:
    """Give the pages to which a text in a space can link, for who types `[[`."""
    actor = get_actor()
    space = queries.get_space(actor, request.args.get("ruimte") or None)
    for_team = request.args.get("besloten") == "1"
    found = completion.complete(actor, space, request.args.get("q", "")[:200], for_team=for_team)
    return jsonify([{"title": page.title, "target": page.target, "place": page.place} for page in found])
