"""One comment: where it stands, what it said before, changing it, taking it away, and making it the answer.

What must stay true: whatever the answer, the text that was sent is in it, in a draft or in the comment.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from proeftuin.accounts.actor import Actor
from proeftuin.errors import Conflict, Gone, Invalid, NotAllowed
from proeftuin.events.models import Subject
from proeftuin.i18n import _
from proeftuin.paging import page_number
from proeftuin.pilots.policy import readable_subjects
from proeftuin.talk import policy, queries, service
from proeftuin.talk.forms import PostForm
from proeftuin.talk.models import Comment, Thread
from proeftuin.talk.texts import render_comment
from proeftuin.talk.views import NUMBER, blueprint, keep_by_hand, speaking_at, to_comment
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import address, render
from proeftuin.wiki import drafts, editor, saying
from proeftuin.wiki.edit_views import keep_refused
from proeftuin.wiki.saying import Saying

__all__ = ["blueprint"]

COMMENT = f"/reacties/<{NUMBER}:comment_id>"


@blueprint.get(COMMENT)
def permalink(comment_id: int) -> ResponseReturnValue:
    """Lead to a comment in its thread."""
    comment, _thread_of, _subject = queries.get_comment(comment_id, readable_subjects(get_actor()))
    return to_comment(comment)


@blueprint.get(f"{COMMENT}/versies")
def versions(comment_id: int) -> str:
    """Show every text a comment has had."""
    comment, found, subject = _living(get_actor(), comment_id)
    page = queries.list_versions(comment, page_number(request.args.get("pagina")))
    texts = [(row, render_comment(row.text, subject, scope=f"v{row.number}-")) for row in page.rows]
    post = queries.get_post(comment.id, found)
    return render(
        "talk/versions.html", comment=comment, post=post, thread=found, subject=subject, page=page, texts=texts
    )


@blueprint.get(f"{COMMENT}/bewerken")
def edit_form(comment_id: int) -> str:
    """Show the form to change an own comment, or a draft of that which was asked for."""
    actor = get_actor()
    comment, found, subject = _living(actor, comment_id)
    if not speaking_at(actor, subject).may_edit(comment):
        raise NotAllowed(_("Je kunt deze reactie niet wijzigen."))
    opened = saying.change_of(comment.id, PostForm(text=queries.get_text(comment), base=comment.versions))
    draft = saying.of_draft(actor, request.args.get("concept"), subject.id, opened)
    return _edit_page(comment, found, draft or opened, is_opened=True)


@blueprint.post(f"{COMMENT}/bewerken")
def edit(comment_id: int) -> ResponseReturnValue:
    """Change an own comment."""
    actor = get_actor()
    comment, found, subject = queries.get_comment(comment_id, readable_subjects(actor))
    sent = saying.change_of(comment.id, PostForm()).sent(request.form)
    allowed = speaking_at(actor, subject).allowed
    try:
        if request.form.get("do") == "concept":
            return keep_by_hand(subject, sent, address("talk.edit_form", comment_id=comment.id))
        service.edit_comment(actor, comment, text=sent.form.text, base=sent.form.base, allowed=allowed)
    except Invalid as refusal:
        kept = keep_refused(subject.id, sent)
        return _edit_page(comment, found, kept, errors=refusal.fields), refusal.status
    except Conflict as refusal:
        errors, newer = {"text": refusal.message}, queries.get_text(comment)
        kept = keep_refused(subject.id, sent)
        again = replace(kept, form=replace(kept.form, base=comment.versions))
        return _edit_page(comment, found, again, errors=errors, newer=newer), refusal.status
    drafts.forget(actor, subject.id, sent.mark, sent.typed().text)
    return to_comment(comment)


@blueprint.get(f"{COMMENT}/verwijderen")
def delete_form(comment_id: int) -> str:
    """Ask whether an own comment may go."""
    actor = get_actor()
    comment, found, _subject = _living(actor, comment_id)
    if not policy.may_delete(actor, comment):
        raise NotAllowed(_("Je kunt alleen je eigen reacties verwijderen."))
    return render(
        "talk/delete.html",
        post=queries.get_post(comment.id, found),
        thread=found,
        is_first=queries.is_first(comment),
    )


@blueprint.post(f"{COMMENT}/verwijderen")
def delete(comment_id: int) -> ResponseReturnValue:
    """Take an own comment away."""
    actor = get_actor()
    comment, _thread_of, _subject = queries.get_comment(comment_id, readable_subjects(actor))
    service.delete_comment(actor, comment)
    return to_comment(comment)


@blueprint.post(f"{COMMENT}/antwoord-van-team")
def mark_answer(comment_id: int) -> ResponseReturnValue:
    """Make a comment of the team the answer to the question."""
    actor = get_actor()
    comment, found, subject = queries.get_comment(comment_id, readable_subjects(actor))
    service.answer(actor, found, comment, allowed=speaking_at(actor, subject).allowed)
    return to_comment(comment)


def _living(actor: Actor, comment_id: int) -> tuple[Comment, Thread, Subject]:
    found = queries.get_comment(comment_id, readable_subjects(actor))
    if found[0].deleted_at is not None:
        raise Gone(_("Deze reactie is door de schrijver verwijderd. De antwoorden erop staan er nog."))
    return found


def _edit_page(comment: Comment, found: Thread, typed: Saying, *, is_opened: bool = False, **more: Any) -> str:
    typed = editor.marked(typed)
    desk = editor.desk_of_saying(get_actor(), found.subject_id, typed, is_opened=is_opened)
    shown = {"errors": {}, "newer": "", **more}
    return render("talk/edit.html", comment=comment, thread=found, saying=typed, desk=desk, **shown)
