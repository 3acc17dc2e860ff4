"""The screens of a pilot, and the table of all addresses of this package."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.deviations.look import Look
from proeftuin.deviations.register import touching
from proeftuin.following import queries as following
from proeftuin.following import sentences
from proeftuin.following.changes import Filters
from proeftuin.paging import page_number
from proeftuin.pilots import (
    act_views,
    commitment_views,
    course,
    participation,
    plan_views,
    policy,
    queries,
    records,
    states,
)
from proeftuin.pilots.queries import Overview
from proeftuin.web.application import settings
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki.models import PageKind
from proeftuin.wiki.queries import list_pages

blueprint = Blueprint("pilots", __name__)


def view(slug: str) -> ResponseReturnValue:
    """Show a pilot: what it tries, what happened, who asks what."""
    actor = get_actor()
    pilot = queries.get_overview(actor, slug)
    if pilot.head.slug != slug:
        return redirect(pilot.head.path, 302)
    look = Look.parse(request.args.get("bekend"))
    steps = records.list_steps_taken(pilot.head.id)
    commitments = records.list_commitments(pilot.head.id)
    stories = list_pages(actor, pilot.head.id, kind=PageKind.PROGRESS)
    return render(
        "pilots/view.html",
        head=pilot.head,
        plan=pilot.plan,
        phases=course.phases(pilot.head, steps),
        entries=course.timeline(stories, steps, commitments.promises, clock.today()),
        newest=stories[0] if stories else None,
        commitments=commitments,
        questions=records.list_questions(actor, pilot.head.id),
        team=records.list_team(pilot.head.id),
        count=_count(actor, pilot),
        look=look,
        banners=touching.banners(actor, pilot.head.id, pilot.head.state, pilot.head.standing, look),
        may_join=policy.may_join(actor, pilot.head.state),
        steps=[
            step for step in states.list_steps(pilot.head.state) if policy.may_take(actor, pilot.head.standing, step)
        ],
    )


def _count(actor: Actor, pilot: Overview) -> participation.Count:
    return participation.shown_count(
        pilot.participants,
        pilot.max_participants,
        is_exact=policy.may_see_exact_count(actor, pilot.head.standing),
        small_group=settings().small_group,
    )


def progress(slug: str) -> ResponseReturnValue:
    """Show the pages about progress, the newest first."""
    actor = get_actor()
    head = queries.get_head(actor, slug)
    return render("pilots/progress.html", head=head, stories=list_pages(actor, head.id, kind=PageKind.PROGRESS))


def pages(slug: str) -> ResponseReturnValue:
    """Show all pages of a pilot that the reader may see."""
    actor = get_actor()
    head = queries.get_head(actor, slug)
    return render("pilots/pages.html", head=head, pages=list_pages(actor, head.id))


def history(slug: str) -> ResponseReturnValue:
    """Show everything that happened to a pilot and its pages."""
    actor = get_actor()
    head = queries.get_head(actor, slug)
    number = page_number(request.args.get("bladzijde"))
    changes = following.list_changes(actor, Filters(pilot_id=head.id, with_minor=True), number)
    return render(
        "pilots/history.html",
        head=head,
        days=sentences.by_day(changes.rows),
        number=number,
        has_next=changes.has_next,
    )


GET, POST = ["GET"], ["POST"]
PILOT = "/proeftuinen/<slug>"
for path, name, act, methods in (
    ("/proeftuinen/nieuw", "new", plan_views.new, GET),
    ("/proeftuinen/nieuw", "create", plan_views.create, POST),
    ("/proeftuinen/nieuw/bewaar", "keep_new", plan_views.keep_new, POST),
    (PILOT, "view", view, GET),
    (f"{PILOT}/voortgang", "progress", progress, GET),
    (f"{PILOT}/paginas", "pages", pages, GET),
    (f"{PILOT}/geschiedenis", "history", history, GET),
    (f"{PILOT}/bewerken", "edit_form", plan_views.edit_form, GET),
    (f"{PILOT}/bewerken", "edit", plan_views.edit, POST),
    (f"{PILOT}/bewerken/bewaar", "keep", plan_views.keep, POST),
    (f"{PILOT}/fase", "phase_form", act_views.phase_form, GET),
    (f"{PILOT}/fase", "change_phase", act_views.change_phase, POST),
    (f"{PILOT}/team", "team", act_views.team, GET),
    (f"{PILOT}/team", "change_team", act_views.change_team, POST),
    (f"{PILOT}/meedoen", "participation", act_views.participation_page, GET),
    (f"{PILOT}/meedoen", "take_part", act_views.take_part, POST),
    (f"{PILOT}/risicos", "risks", commitment_views.risks, GET),
    (f"{PILOT}/risicos", "add_risk", commitment_views.add_risk, POST),
    (f"{PILOT}/risicos/<int:risk_id>", "risk", commitment_views.risk, GET),
    (f"{PILOT}/risicos/<int:risk_id>", "change_risk", commitment_views.change_risk, POST),
    (f"{PILOT}/beloften", "promises", commitment_views.promises, GET),
    (f"{PILOT}/beloften", "make_promise", commitment_views.make_promise, POST),
    (f"{PILOT}/beloften/<int:promise_id>", "promise", commitment_views.promise, GET),
    (f"{PILOT}/beloften/<int:promise_id>", "change_promise", commitment_views.change_promise, POST),
    (f"{PILOT}/beloften/<int:promise_id>/afronden", "settle_promise", commitment_views.settle_promise, POST),
):
    blueprint.add_url_rule(path, name, act, methods=methods)
