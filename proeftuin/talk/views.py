"""Conversations under a pilot, a page or a page of the site, and one thread. One comment: `comment_views`.

The screens of a pilot and a page are composed here from packages above this one; in which capacities someone may
speak is asked of the pilot at each request. What must stay true: whatever the answer, the text that was sent is in
it, in a draft or in the conversation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.accounts.actor import Actor
from proeftuin.errors import Gone, Invalid
from proeftuin.events.models import Subject
from proeftuin.i18n import _
from proeftuin.paging import page_number
from proeftuin.past.day import is_past
from proeftuin.pilots import policy as pilots_policy
from proeftuin.pilots import queries as pilots
from proeftuin.pilots.models import State
from proeftuin.pilots.policy import NOBODY, Standing, readable_subjects
from proeftuin.talk import policy, queries, service
from proeftuin.talk.forms import LARGEST_NUMBER, PostForm, number
from proeftuin.talk.models import Comment, Thread
from proeftuin.talk.policy import Floor
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import address, render
from proeftuin.wiki import anchor_lists, drafts, editor, saying
from proeftuin.wiki import queries as wiki
from proeftuin.wiki.edit_views import keep_refused, tell_kept
from proeftuin.wiki.saying import Saying

blueprint = Blueprint("talk", __name__)

NUMBER = f"int(max={LARGEST_NUMBER})"
THREAD = f"/gesprek/<{NUMBER}:thread_id>"
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
    floor, sent = speaking_at(actor, subject), saying.new_thread().sent(request.form)
    form = sent.form
    try:
        if request.form.get("do") == "concept":
            return keep_by_hand(subject, sent, f"{subject.path}/gesprek")
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
        shown = _kept_form(subject.id, keep_refused(subject.id, sent))
        way = _way(actor, subject)
        page = render("talk/new.html", subject=subject, way=way, floor=floor, errors=refusal.fields, **shown)
        return page, refusal.status
    drafts.forget(actor, subject.id, sent.mark, sent.typed().text)
    return redirect(address("talk.thread", thread_id=started.id), 303)


@blueprint.get(THREAD)
def thread(thread_id: int) -> str:
    """Show one thread, with a form to reply to it or to one of its comments, or with a draft that was asked for."""
    actor = get_actor()
    found, subject = queries.get_thread(thread_id, readable_subjects(actor))
    opened = saying.reply_in(found.id, PostForm(parent_id=number(request.args.get("aan", ""))))
    typed = saying.of_draft(actor, request.args.get("concept"), subject.id, opened) or opened
    floor, page = _floor_at(actor, subject), page_number(request.args.get("pagina"))
    return _thread(found, subject, floor, typed, page=page, is_opened=True)


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


def _floor(actor: Actor, standing: Standing, state: State | None) -> Floor:
    """Return what the actor can do in the conversations of a pilot in this state, or of the site (None)."""
    return _worked_out(actor, standing, state, is_past())


@lru_cache(maxsize=1024)
def _worked_out(actor: Actor, standing: Standing, state: State | None, _past: bool) -> Floor:
    # The policies ask by themselves whether the past is read; here it tells one answer from the other.
    if state is State.ARCHIVED:
        return Floor(actor, (), is_closed=True)
    capacities = pilots_policy.capacities(actor, standing)
    return Floor(actor, policy.voices(actor, capacities, in_pilot=state is not None))


def floor_on(actor: Actor, head: wiki.PageHead) -> Floor:
    """Return what the actor can do in the conversations about a page; of a deleted one they can only be read."""
    return Floor(actor, (), is_gone=True) if head.is_deleted else _floor(actor, head.standing, head.state)


def speaking_at(actor: Actor, subject: Subject) -> Floor:
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
    opened = saying.new_thread()
    typed = saying.of_draft(floor.actor, request.args.get("concept"), subject_id, opened)
    number = page_number(request.args.get("pagina"))
    page = queries.list_threads(subject_ids, number, only_open=only_open)
    waiting = sum(found.count for found in queries.open_questions(subject_ids).values())
    return render(
        template,
        subject_id=subject_id,
        page_of_threads=page,
        floor=floor,
        only_open=only_open,
        waiting=waiting,
        passages=anchor_lists.of_threads(row.id for row in page.rows),
        lost=anchor_lists.list_lost(subject_ids) if number == 1 and not only_open else [],
        **_kept_form(subject_id, typed or opened, is_opened=floor.is_open),
        **context,
    )


def _thread(
    found: Thread,
    subject: Subject,
    floor: Floor,
    typed: Saying,
    *,
    page: int,
    is_opened: bool = False,
    errors: Mapping[str, str] = NO_ERRORS,
) -> str:
    view, posts = queries.read_thread(found, subject, page)
    replied_to = queries.get_post(typed.form.parent_id, found) if typed.form.parent_id else None
    return render(
        "talk/thread.html",
        thread=view,
        page=posts,
        subject=subject,
        way=_way(floor.actor, subject),
        passage=anchor_lists.of_thread(found.id),
        floor=floor,
        replied_to=replied_to,
        errors=errors,
        **_kept_form(subject.id, typed, is_opened=is_opened and floor.is_open),
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
    floor, sent = speaking_at(actor, subject), saying.reply_in(found.id, PostForm()).sent(request.form)
    try:
        if request.form.get("do") == "concept":
            return keep_by_hand(subject, sent, address("talk.thread", thread_id=found.id))
        comment = act(actor, found, floor, sent.form)
    except Invalid as refusal:
        kept = keep_refused(subject.id, sent)
        return _thread(found, subject, floor, kept, page=1, errors=refusal.fields), refusal.status
    drafts.forget(actor, subject.id, sent.mark, sent.typed().text)
    return to_comment(comment)


def keep_by_hand(subject: Subject, typed: Saying, path: str) -> ResponseReturnValue:
    """Keep what somebody is saying as a draft, for who asks for it with a button."""
    return tell_kept(drafts.keep(get_actor(), subject.id, typed.typed()), path)


def _kept_form(subject_id: int, typed: Saying, *, is_opened: bool = False) -> dict[str, Any]:
    """Return the form with the key of its draft and what stands around it, as the templates want them."""
    typed = editor.marked(typed)
    desk = editor.desk_of_saying(get_actor(), subject_id, typed, is_opened=is_opened)
    return {"saying": typed, "desk": desk}


def to_comment(comment: Comment) -> ResponseReturnValue:
    """Lead to a comment where it stands in its thread."""
    page = queries.page_of(comment)
    there = address("talk.thread", thread_id=comment.thread_id, pagina=page if page > 1 else None)
    return redirect(f"{there}#r{comment.id}", 303)
