"""What can be done with a pilot beside its plan: another phase, the team, taking part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.errors import Conflict, Invalid, NotAllowed, NotFound
from proeftuin.i18n import _
from proeftuin.pilots import course, gate, participation, policy, queries, records, service, states
from proeftuin.pilots.forms import StepPosted
from proeftuin.pilots.linked import Linked, linked
from proeftuin.pilots.models import Pilot, State
from proeftuin.pilots.states import Step
from proeftuin.web.application import settings
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import address, render
from proeftuin.wiki.models import PageKind
from proeftuin.wiki.queries import list_pages

SAID_IN_ORDER = (
    "measured",
    "no_measurement",
    "informed",
    "without_rules",
    "is_sure",
    "reason",
    "participants_get",
    "second_reader",
    "on",
)
"""The fields of a step as they stand in the form."""


def phase_form(slug: str) -> ResponseReturnValue:
    """Show which steps the actor can make; for one of them the gate list and what has to be said."""
    actor = get_actor()
    pilot = queries.get_pilot(actor, slug)
    wanted = request.args.get("naar", "")
    to_state = State(wanted) if wanted in list(State) else None
    return _phase_page(actor, pilot, to_state, shown={"on": clock.today().isoformat()}, problems={})


def change_phase(slug: str) -> ResponseReturnValue:
    """Make a step."""
    actor = get_actor()
    pilot = queries.get_pilot(actor, slug)
    posted = StepPosted.parse(request.form)
    if posted.to_state is None:
        raise NotFound
    try:
        _move(actor, pilot, posted, posted.to_state)
    except Invalid as refused:
        return _phase_page(actor, pilot, posted.to_state, shown=request.form, problems=refused.fields), 422
    flash(_("De proeftuin staat nu op “%(state)s”.", state=course.badge(pilot.state)[2]), "good")
    return redirect(address("pilots.view", slug=pilot.slug), 303)


def _move(actor: Actor, pilot: Pilot, posted: StepPosted, to_state: State) -> None:
    reader = records.find_person_named(posted.second_reader) if posted.second_reader else None
    problems = dict(posted.problems)
    if posted.second_reader and reader is None:
        problems["second_reader"] = _no_such_person(posted.second_reader)
    if problems:
        raise Invalid(problems)
    service.move(
        actor,
        pilot,
        to_state,
        on=posted.on,
        reason=posted.reason,
        measured=posted.measured,
        no_measurement=posted.no_measurement,
        informed=posted.informed,
        participants_get=posted.participants_get,
        without_rules=posted.without_rules,
        is_sure=posted.is_sure,
        second_reader_id=reader.id if reader else None,
    )


def _no_such_person(name: str) -> str:
    return _("We kennen niemand met de naam of het adres “%(name)s”. Schrijf de naam voluit.", name=name)


def _phase_page(
    actor: Actor, pilot: Pilot, to_state: State | None, *, shown: Mapping[str, str], problems: Mapping[str, str]
) -> str:
    head = queries.get_head(actor, pilot.slug)
    steps = [step for step in states.list_steps(pilot.state) if policy.may_take(actor, head.standing, step)]
    if not steps:
        if policy.hands(actor, head.standing):
            raise Conflict(_("Vanuit deze fase kun jij geen stap zetten."), way_out=head.path)
        raise NotAllowed(_("De fase verandert de trekker van de proeftuin."))
    step = next((step for step in steps if step.to_state is to_state), steps[0] if len(steps) == 1 else None)
    if step is None and to_state is not None:
        raise Conflict(_("De proeftuin is intussen in een andere fase."), way_out=head.path)
    return render(
        "pilots/phase.html",
        head=head,
        steps=steps,
        step=step,
        demands=_demands(pilot, step) if step else [],
        lacking=_lacking(pilot, step),
        lacks_review=_lacks_review(actor, pilot, step),
        shown=shown,
        problems=_in_order(problems, step),
        badge_of=course.badge,
    )


def _in_order(problems: Mapping[str, str], step: Step | None) -> dict[str, str]:
    """Return what is wrong in the order in which it stands on the page: what holds for the whole, the gate list, the
    fields."""
    listed = [need.value for need in step.needs if need not in states.SAID_AT_THE_STEP] if step else []
    places = {name: place for place, name in enumerate([*listed, *SAID_IN_ORDER])}
    return dict(sorted(problems.items(), key=lambda problem: places.get(problem[0], -1)))


def _demands(pilot: Pilot, step: Step) -> list[dict[str, Any]]:
    """Return the gate list: what follows from the plan, as a sentence, whether it is so, and what to do else."""
    facts = service.facts_of(pilot, clock.today())
    return [
        {
            "sentence": gate.demand(need),
            "is_met": states.is_met(need, facts),
            "todo": gate.refusal(need, facts),
            "field": need.value,
        }
        for need in step.needs
        if need not in states.SAID_AT_THE_STEP
    ]


def _lacking(pilot: Pilot, step: Step | None) -> list[Linked]:
    """Return what the pilot needs for this step and does not hold today."""
    if step is None or states.Need.RULES_HOLD not in step.needs:
        return []
    return [each for each in linked(pilot.id, clock.today()) if not each.holds]


def _lacks_review(actor: Actor, pilot: Pilot, step: Step | None) -> bool:
    if step is None or step.to_state is not State.EVALUATED:
        return False
    return not list_pages(actor, pilot.id, kind=PageKind.REVIEW)


def team(slug: str) -> ResponseReturnValue:
    """Show who is in the team; the lead changes it here."""
    return _team_page(get_actor(), slug, shown={}, problems={})


def change_team(slug: str) -> ResponseReturnValue:
    """Let someone in, take someone out, or hand over the lead."""
    actor = get_actor()
    pilot = queries.get_pilot(actor, slug)
    try:
        _change_team(actor, pilot)
    except Invalid as refused:
        return _team_page(actor, slug, shown=request.form, problems=refused.fields), 422
    if pilot.state is State.CONCEPT and not queries.standing(actor, pilot.id).is_member:
        return redirect(address("web.home"), 303)
    return redirect(address("pilots.team", slug=pilot.slug), 303)


def _change_team(actor: Actor, pilot: Pilot) -> None:
    act = request.form.get("act", "")
    if act == "add":
        name = request.form.get("person", "").strip()
        person = records.find_person_named(name) if name else None
        if person is None:
            raise Invalid({"person": _no_such_person(name) if name else _("Schrijf een naam op.")})
        service.add_member(actor, pilot, person.id)
        return
    raw = request.form.get("person_id", "")
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 9):
        raise NotFound
    if act == "remove":
        service.remove_member(actor, pilot, int(raw))
    elif act == "hand_over":
        service.hand_over(actor, pilot, int(raw))
    else:
        raise NotFound


def _team_page(actor: Actor, slug: str, *, shown: Mapping[str, str], problems: Mapping[str, str]) -> str:
    head = queries.get_head(actor, slug)
    return render(
        "pilots/team.html",
        head=head,
        team=records.list_team(head.id),
        may_lead=policy.may_lead(head.standing),
        shown=shown,
        problems=problems,
    )


def participation_page(slug: str) -> ResponseReturnValue:
    """Explain what taking part means, and let the reader begin or stop."""
    actor = get_actor()
    pilot = queries.get_overview(actor, slug)
    return render(
        "pilots/participation.html",
        head=pilot.head,
        plan=pilot.plan,
        may_join=policy.may_join(actor, pilot.head.state),
        is_employee=policy.may_start(actor),
        count=participation.shown_count(
            pilot.participants,
            pilot.max_participants,
            is_exact=policy.may_see_exact_count(actor, pilot.head.standing),
            small_group=settings().small_group,
        ),
        small_group=settings().small_group,
    )


def take_part(slug: str) -> ResponseReturnValue:
    """Begin or stop taking part. The answer is the same page for both."""
    actor = get_actor()
    pilot = queries.get_pilot(actor, slug)
    if request.form.get("meedoen") == "1":
        service.join(actor, pilot)
        flash(_("Je doet mee. Alleen jij ziet dat."), "good")
    else:
        service.leave(actor, pilot)
        flash(_("Je doet niet mee. Dat je meedeed, is nergens bewaard."), "good")
    return redirect(address("pilots.participation", slug=pilot.slug), 303)
