"""Conversations under a pilot, a page or a page of the site, one thread, and what people do with a comment.

The screens of a pilot and a page are composed here from packages above this one; in which capacities someone may
speak is asked of the pilot at each request.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.accounts.actor import Actor
from proeftuin.errors import Conflict, Gone, Invalid, NotAllowed
from proeftuin.events.models import Subject
from proeftuin.i18n import _
from proeftuin.paging import page_number
from proeftuin.pilots import policy as pilots_policy
from proeftuin.pilots import queries as pilots
from proeftuin.pilots.models import State
from proeftuin.pilots.policy import NOBODY, Standing, readable_subjects
from proeftuin.talk import policy, queries, service
from proeftuin.talk.forms import LARGEST_NUMBER, PostForm, number
from proeftuin.talk.models import Comment, Thread
from proeftuin.talk.policy import Floor
from proeftuin.talk.texts import render_comment
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import address, render
from proeftuin.wiki import anchor_lists
from proeftuin.wiki import queries as wiki

blueprint = Blueprint("talk", __name__)

NUMBER = f"int(max={LARGEST_NUMBER})"
THREAD = f"/gesprek/<{NUMBER}:thread_id>"
COMMENT = f"/reacties/<{NUMBER}:comment_id>"
NO_ERRORS: Mapping[str, str] = {}


@blueprint.get("/proeftuinen/<pilot>/gesprek")
def pilot_talk(pilot: str) -> str:
    """Show the threads of a pilot and of its pages."""
    actor = get_actor()
    head = pilots.get_head(actor, pilot)
    subject_ids = pilots.list_subject_ids(actor, head.id)
    floor = _floor(actor, head.standing, head.state)
    return _list("talk/pilot.html", head.id, subject_ids, floor, head=head)


@blueprint.get("/proeftuinen/<pilot>/<page>/gesprek")
def page_talk(pilot: str, page: str) -> str:
    """Show the threads of a page of a pilot."""
    actor = get_actor()
    head = wiki.get_page(actor, pilot, page, deleted=True)
    return _list("talk/page.html", head.id, [head.id], floor_on(actor, head), page=head)


@blueprint.get("/wiki/<page>/gesprek")
def site_talk(page: str) -> str:
    """Show the threads of a page of the site."""
    actor = get_actor()
    head = wiki.get_page(actor, None, page, deleted=True)
    return _list("talk/page.html", head.id, [head.id], floor_on(actor, head), page=head)


@blueprint.post(f"/gesprek/nieuw/<{NUMBER}:subject_id>")
def start(subject_id: int) -> ResponseReturnValue:
    """Start a thread under a subject."""
    actor = get_actor()
    subject = queries.get_subject(subject_id, readable_subjects(actor))
    floor, form = _speaking_at(actor, subject), PostForm.parse(request.form)
    try:
        voice = floor.voice(form.voice)
        started = service.start_thread(
            actor,
            subject,
            title=form.title,
            text=form.text,
            capacity=voice.capacity,
            party_id=voice.party_id,
            allowed=floor.allowed,
            is_question=form.is_question,
        )
    except Invalid as refusal:
        way = _way(actor, subject)
        page = render("talk/new.html", subject=subject, way=way, floor=floor, form=form, errors=refusal.fields)
        return page, refusal.status
    return redirect(address("talk.thread", thread_id=started.id), 303)


@blueprint.get(THREAD)
def thread(thread_id: int) -> str:
    """Show one thread, with a form to reply to it or to one of its comments."""
    actor = get_actor()
    found, subject = queries.get_thread(thread_id, readable_subjects(actor))
    form = PostForm(parent_id=number(request.args.get("aan", "")))
    return _thread(found, subject, _floor_at(actor, subject), form, page=page_number(request.args.get("pagina")))


@blueprint.post(f"{THREAD}/antwoord")
def reply(thread_id: int) -> ResponseReturnValue:
    """Add a comment to a thread."""

    def act(actor: Actor, found: Thread, floor: Floor, form: PostForm) -> Comment:
        voice = floor.voice(form.voice)
        return service.reply(
            actor,
            found,
            text=form.text,
            capacity=voice.capacity,
            party_id=voice.party_id,
            allowed=floor.allowed,
            parent_id=form.parent_id,
            is_answer=form.is_answer,
        )

    return _post(thread_id, act)


@blueprint.post(f"{THREAD}/heropenen")
def reopen(thread_id: int) -> ResponseReturnValue:
    """Ask an answered question again, with a comment that says why."""

    def act(actor: Actor, found: Thread, floor: Floor, form: PostForm) -> Comment:
        voice = floor.voice(form.voice)
        return service.reopen(
            actor,
            found,
            text=form.text,
            capacity=voice.capacity,
            party_id=voice.party_id,
            allowed=floor.allowed,
        )

    return _post(thread_id, act)


@blueprint.get(COMMENT)
def permalink(comment_id: int) -> ResponseReturnValue:
    """Lead to a comment in its thread."""
    comment, _thread_of, _subject = queries.get_comment(comment_id, readable_subjects(get_actor()))
    return _to(comment)


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
    """Show the form to change an own comment."""
    actor = get_actor()
    comment, found, subject = _living(actor, comment_id)
    if not _speaking_at(actor, subject).may_edit(comment):
        raise NotAllowed(_("Je kunt deze reactie niet wijzigen."))
    form = PostForm(text=queries.get_text(comment), base=comment.versions)
    return render("talk/edit.html", comment=comment, thread=found, form=form, errors=NO_ERRORS, newer="")


@blueprint.post(f"{COMMENT}/bewerken")
def edit(comment_id: int) -> ResponseReturnValue:
    """Change an own comment."""
    actor = get_actor()
    comment, found, subject = queries.get_comment(comment_id, readable_subjects(actor))
    form = PostForm.parse(request.form)
    allowed = _speaking_at(actor, subject).allowed
    try:
        service.edit_comment(actor, comment, text=form.text, base=form.base, allowed=allowed)
    except Invalid as refusal:
        page = render("talk/edit.html", comment=comment, thread=found, form=form, errors=refusal.fields, newer="")
        return page, refusal.status
    except Conflict as refusal:
        errors, newer = {"text": refusal.message}, queries.get_text(comment)
        page = render("talk/edit.html", comment=comment, thread=found, form=form, errors=errors, newer=newer)
        return page, refusal.status
    return _to(comment)


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
    return _to(comment)


@blueprint.post(f"{COMMENT}/antwoord-van-team")
def mark_answer(comment_id: int) -> ResponseReturnValue:
    """Make a comment of the team the answer to the question."""
    actor = get_actor()
    comment, found, subject = queries.get_comment(comment_id, readable_subjects(actor))
    service.answer(actor, found, comment, allowed=_speaking_at(actor, subject).allowed)
    return _to(comment)


def _floor(actor: Actor, standing: Standing, state: State | None) -> Floor:
    """Return what the actor can do in the conversations of a pilot in this state, or of the site (None)."""
    if state is State.ARCHIVED:
        return Floor(actor, (), is_closed=True)
    capacities = pilots_policy.capacities(actor, standing)
    return Floor(actor, policy.voices(actor, capacities, in_pilot=state is not None))


def floor_on(actor: Actor, head: wiki.PageHead) -> Floor:
    """Return what the actor can do in the conversations about a page; of a deleted one they can only be read."""
    return Floor(actor, (), is_gone=True) if head.is_deleted else _floor(actor, head.standing, head.state)


def _speaking_at(actor: Actor, subject: Subject) -> Floor:
    """Return what the actor can say under a subject that they may read.

    :raises Gone: when the subject was deleted.
    """
    if subject.is_gone:
        sentence = _("“%(title)s” is verwijderd. Het gesprek erover kun je nog lezen, maar niet voortzetten.")
        raise Gone(sentence % {"title": subject.title}, way_out=subject.path)
    return _floor_at(actor, subject)


def _floor_at(actor: Actor, subject: Subject) -> Floor:
    """Return what the actor can do in the conversations under a subject that they may read."""
    if subject.is_gone:
        return Floor(actor, (), is_gone=True)
    if subject.circle_id is None:
        return _floor(actor, NOBODY, None)
    state = pilots.get_pilot_by_id(actor, subject.circle_id).state
    return _floor(actor, pilots.standing(actor, subject.circle_id), state)


def _living(actor: Actor, comment_id: int) -> tuple[Comment, Thread, Subject]:
    found = queries.get_comment(comment_id, readable_subjects(actor))
    if found[0].deleted_at is not None:
        raise Gone(_("Deze reactie is door de schrijver verwijderd. De antwoorden erop staan er nog."))
    return found


def _list(template: str, subject_id: int, subject_ids: Collection[int], floor: Floor, **context: Any) -> str:
    only_open = request.args.get("open") == "1"
    number = page_number(request.args.get("pagina"))
    page = queries.list_threads(subject_ids, number, only_open=only_open)
    waiting = sum(found.count for found in queries.open_questions(subject_ids).values())
    return render(
        template,
        subject_id=subject_id,
        page_of_threads=page,
        floor=floor,
        form=PostForm(),
        only_open=only_open,
        waiting=waiting,
        passages=anchor_lists.of_threads(row.id for row in page.rows),
        lost=anchor_lists.list_lost(subject_ids) if number == 1 and not only_open else [],
        **context,
    )


def _thread(
    found: Thread, subject: Subject, floor: Floor, form: PostForm, *, page: int, errors: Mapping[str, str] = NO_ERRORS
) -> str:
    view, posts = queries.read_thread(found, subject, page)
    replied_to = queries.get_post(form.parent_id, found) if form.parent_id else None
    return render(
        "talk/thread.html",
        thread=view,
        page=posts,
        subject=subject,
        way=_way(floor.actor, subject),
        passage=anchor_lists.of_thread(found.id),
        floor=floor,
        form=form,
        replied_to=replied_to,
        errors=errors,
    )


def _way(actor: Actor, subject: Subject) -> list[tuple[str, str]]:
    """Return the way to a conversation: the pilot, the page, and the talk about it."""
    way = [(subject.title, subject.path), (_("Gesprek"), f"{subject.path}/gesprek")]
    if subject.circle_id is None:
        return [(_("Pagina’s van de site"), "/wiki"), *way]
    if subject.circle_id != subject.id:
        pilot = queries.get_subject(subject.circle_id, readable_subjects(actor))
        way.insert(0, (pilot.title, pilot.path))
    return [(_("Proeftuinen"), "/"), *way]


def _post(thread_id: int, act: Callable[[Actor, Thread, Floor, PostForm], Comment]) -> ResponseReturnValue:
    """Do an act that adds a comment to a thread; when it is refused, show the thread with what was typed."""
    actor = get_actor()
    found, subject = queries.get_thread(thread_id, readable_subjects(actor))
    floor, form = _speaking_at(actor, subject), PostForm.parse(request.form)
    try:
        return _to(act(actor, found, floor, form))
    except Invalid as refusal:
        return _thread(found, subject, floor, form, page=1, errors=refusal.fields), refusal.status


def _to(comment: Comment) -> ResponseReturnValue:
    page = queries.page_of(comment)
    there = address("talk.thread", thread_id=comment.thread_id, pagina=page if page > 1 else None)
    return redirect(f"{there}#r{comment.id}", 303)
