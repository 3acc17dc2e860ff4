"""The screens of outcomes: what was found in a pilot, what is measured, and publishing.

What must stay true: no screen shows an answer, also not to who sent it in; before something is published, a screen
tells how many answered and not what comes of it, so that publishing does not hang on the outcome.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.accounts.actor import Actor
from proeftuin.deviations.look import Look
from proeftuin.errors import Invalid, NotFound
from proeftuin.evidence import formats
from proeftuin.evidence.stamp import stamp
from proeftuin.i18n import _
from proeftuin.outcomes import forms, intake, policy, queries, reading, service, settling, signals, telling
from proeftuin.outcomes.figures import Answer, Arm, Moment
from proeftuin.outcomes.models import Intake
from proeftuin.outcomes.queries import Published
from proeftuin.pilots import queries as pilots
from proeftuin.pilots import records
from proeftuin.pilots.heads import Head
from proeftuin.pilots.models import Pilot, State
from proeftuin.web.application import settings
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import address, render

blueprint = Blueprint("outcomes", __name__)
PILOT = "/proeftuinen/<slug>/uitkomsten"
TOLD_AT_ONCE = 50
"""How many problems of a file are told; one who mends these sees the others."""


@blueprint.get(PILOT)
def view(slug: str) -> str:
    """Show what was found, from the newest publication."""
    return _view(slug, None)


@blueprint.get(f"{PILOT}/<int:number>")
def earlier(slug: str, number: int) -> str:
    """Show what was found, as it was published earlier."""
    return _view(slug, number)


def _view(slug: str, number: int | None) -> str:
    actor = get_actor()
    head = pilots.get_head(actor, slug)
    published = queries.list_publications(head.id)
    shown = _chosen(published, number)
    found = queries.list_found(each.publication for each in published)
    mine = found[shown.id] if shown else []
    measures = queries.list_measures(head.id)
    small = settings().small_group
    return render(
        "outcomes/view.html",
        head=head,
        shown=shown,
        is_newest=shown is None or shown is published[0],
        found=[(each, telling.axis(each), telling.lines(each)) for each in mine],
        flow=telling.flow(shown, mine, small) if shown else [],
        publications=[(each, next(iter(found[each.id]), None)) for each in published],
        measures=measures,
        missing=[each.measure for each in measures if each.measure.key not in {one.measure.key for one in mine}],
        signals=signals.list_signals(measures, published, found[published[0].id], records.list_steps_taken(head.id))
        if published
        else [],
        small_group=small,
        **_rights(actor, head),
    )


def _chosen(published: list[Published], number: int | None) -> Published | None:
    if number is None:
        return published[0] if published else None
    found = next((each for each in published if each.number == number), None)
    if found is None:
        raise NotFound
    return found


def _rights(actor: Actor, head: Head) -> dict[str, bool]:
    is_open = head.state is not State.ARCHIVED
    return {
        "may_settle": is_open and policy.may_settle(actor, head.standing),
        "may_publish": is_open and head.state not in policy.NOT_BEGUN and policy.may_publish(actor, head.standing),
    }


@blueprint.get(f"{PILOT}/cijfers.csv")
def figures_file(slug: str) -> ResponseReturnValue:
    """Send the figures of every publication as a table; what is hidden on the screen is hidden in it."""
    head = pilots.get_head(get_actor(), slug)
    published = queries.list_publications(head.id)
    if not published:
        raise NotFound(_("Van deze proeftuin zijn nog geen uitkomsten gepubliceerd."))
    found = queries.list_found(each.publication for each in published)
    rows = [row for each in published for row in telling.rows(head.code, each, found[each.id])]
    content = formats.as_csv(telling.COLUMNS, rows, stamp(Look.parse(None)).plain())
    response = Response(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="uitkomsten-{head.slug}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


# What is measured


@blueprint.get(f"{PILOT}/maten")
def measures(slug: str) -> str:
    """Show what is measured, and the form for one more."""
    return _measures_page(slug, {}, {})


@blueprint.post(f"{PILOT}/maten")
def settle(slug: str) -> ResponseReturnValue:
    """Settle one more measure."""
    actor = get_actor()
    pilot = pilots.get_pilot(actor, slug)
    try:
        settling.settle(actor, pilot, _read_measure(actor, pilot))
    except Invalid as refused:
        return _measures_page(slug, request.form, refused.fields), refused.status
    flash(_("De maat is vastgelegd."), "good")
    return redirect(address("outcomes.measures", slug=pilot.slug), 303)


@blueprint.get(f"{PILOT}/maten/<key>")
def measure(slug: str, key: str) -> str:
    """Show one measure, to settle it anew."""
    actor = get_actor()
    pilot = pilots.get_pilot(actor, slug)
    settling.require_settler(actor, pilot)
    return _measure_page(actor, pilot, key, {}, {})


@blueprint.post(f"{PILOT}/maten/<key>")
def settle_anew(slug: str, key: str) -> ResponseReturnValue:
    """Settle a measure in another way."""
    actor = get_actor()
    pilot = pilots.get_pilot(actor, slug)
    queries.get_measure(pilot.id, key)
    try:
        settling.settle(actor, pilot, _read_measure(actor, pilot, key))
    except Invalid as refused:
        return _measure_page(actor, pilot, key, request.form, refused.fields), refused.status
    flash(_("De maat is opnieuw vastgelegd."), "good")
    return redirect(address("outcomes.measures", slug=pilot.slug), 303)


def _read_measure(actor: Actor, pilot: Pilot, key: str = "") -> settling.Wanted:
    settling.require_settler(actor, pilot)  # who may not is told so, and not what lacks in the form
    return forms.read_measure(request.form, key)


def _measures_page(slug: str, typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    actor = get_actor()
    head = pilots.get_head(actor, slug)
    return render(
        "outcomes/measures.html",
        head=head,
        measures=queries.list_measures(head.id, with_dropped=True),
        typed=typed,
        problems=problems,
        **_rights(actor, head),
    )


def _measure_page(actor: Actor, pilot: Pilot, key: str, typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    settled = queries.get_measure(pilot.id, key)
    return render(
        "outcomes/measure.html",
        head=pilots.get_head(actor, pilot.slug),
        measure=settled,
        typed=dict(typed) or forms.shown_measure(settled),
        problems=problems,
    )


# Publishing


@blueprint.get(f"{PILOT}/publiceren")
def intake_form(slug: str) -> str:
    """Show the form to send a file with answers in."""
    actor = get_actor()
    pilot = pilots.get_pilot(actor, slug)
    service.require_publisher(actor, pilot)
    return _intake_page(actor, pilot, [])


@blueprint.post(f"{PILOT}/publiceren")
def take_in(slug: str) -> ResponseReturnValue:
    """Read a file with answers, and keep it when nothing is wrong with it."""
    actor = get_actor()
    pilot = pilots.get_pilot(actor, slug)
    service.require_publisher(actor, pilot)
    try:
        intake.keep(actor, pilot, _sent_text())
    except Invalid as refused:
        return _intake_page(actor, pilot, refused.fields["bestand"].split("\n")), refused.status
    return redirect(address("outcomes.check", slug=pilot.slug), 303)


def _sent_text() -> str:
    file = request.files.get("bestand")
    if file is None or not file.filename:
        raise Invalid({"bestand": _("Kies eerst een bestand.")})
    return reading.decode(file.read())


def _intake_page(actor: Actor, pilot: Pilot, problems: list[str]) -> str:
    return render(
        "outcomes/intake.html",
        head=pilots.get_head(actor, pilot.slug),
        measures=queries.list_measures(pilot.id),
        columns=reading.COLUMNS,
        problems=problems[:TOLD_AT_ONCE],
        more=max(0, len(problems) - TOLD_AT_ONCE),
    )


@blueprint.get(f"{PILOT}/publiceren/nakijken")
def check(slug: str) -> ResponseReturnValue:
    """Show how many answered, and the form to publish it."""
    actor = get_actor()
    pilot = pilots.get_pilot(actor, slug)
    service.require_publisher(actor, pilot)
    kept = intake.find(actor, pilot)
    if kept is None:
        return redirect(address("outcomes.intake_form", slug=pilot.slug), 303)
    return _check_page(actor, pilot, kept, {}, {})


@blueprint.post(f"{PILOT}/publiceren/nakijken")
def publish(slug: str) -> ResponseReturnValue:
    """Publish what was sent in, or throw it away."""
    actor = get_actor()
    pilot = pilots.get_pilot(actor, slug)
    service.require_publisher(actor, pilot)
    kept = intake.find(actor, pilot)
    if kept is None or request.form.get("act") == "discard":
        intake.discard(actor, pilot)
        flash(_("Er is niets gepubliceerd en van het bestand is niets bewaard."), "info")
        return redirect(address("outcomes.view", slug=pilot.slug), 303)
    posted = forms.PublicationPosted.parse(request.form)
    try:
        if posted.problems:
            raise Invalid(posted.problems)
        service.publish(actor, pilot, text=kept.text, reason=posted.reason, flow=posted.flow, after=posted.after)
    except Invalid as refused:
        return _check_page(actor, pilot, kept, request.form, refused.fields), refused.status
    intake.discard(actor, pilot)
    flash(_("De uitkomsten zijn gepubliceerd."), "good")
    return redirect(address("outcomes.view", slug=pilot.slug), 303)


def _check_page(
    actor: Actor, pilot: Pilot, kept: Intake, typed: Mapping[str, str], problems: Mapping[str, str]
) -> str:
    found = service.read_for(pilot, kept.text)
    measures = [
        (settled.measure, _counts(found.answers[settled.measure.key]))
        for settled in queries.list_measures(pilot.id)
        if settled.measure.key in found.answers
    ]
    return render(
        "outcomes/check.html",
        head=pilots.get_head(actor, pilot.slug),
        kept=kept,
        measures=measures,
        newest=service.newest_number(pilot),
        small_group=settings().small_group,
        typed=typed,
        problems=problems,
    )


def _counts(answers: Sequence[Answer]) -> list[tuple[Arm, Moment, int]]:
    counted = Counter((each.arm, each.moment) for each in answers)
    return [(arm, moment, counted[arm, moment]) for arm in Arm for moment in Moment if counted[arm, moment]]
