"""The form with the eight questions: beginning a pilot and working on its plan, with and without a script.

A form that saves itself sends everything to `…/bewaar`; without a script there is a button. Either way the first time
makes the concept, and what is stored stays stored when something else in the form cannot be accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin import clock
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.actor import Actor
from proeftuin.db import keep_on_refusal
from proeftuin.errors import NotAllowed
from proeftuin.i18n import _
from proeftuin.pilots import gate, opening, planning, policy, queries, service, states
from proeftuin.pilots.forms import PlanPosted
from proeftuin.pilots.models import Pilot, State
from proeftuin.pilots.plan import QUESTIONS, TEXTS, fingerprints, is_untitled, new_key, write_base
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import address, clock_time, render

_ON_SCREEN = ("title", "department_id", "max_participants", "starts_on", "ends_on", "theme_ids", *TEXTS)
"""The fields in the order in which they stand in the form."""


def new() -> ResponseReturnValue:
    """Show the empty form."""
    actor = get_actor()
    _require_starter(actor)
    shown = {"department_id": str(actor.department_id or ""), "voluntariness": service.default_voluntariness()}
    begun = {"voluntariness": shown["voluntariness"]}
    return _form(actor, None, shown, base=write_base(new_key(), fingerprints({**dict.fromkeys(TEXTS, ""), **begun})))


def create() -> ResponseReturnValue:
    """Save the form as a new concept; sent twice it is still one."""
    actor = get_actor()
    _require_starter(actor)
    posted = PlanPosted.parse(request.form)
    return _save(actor, _begin(actor, posted), posted)


def keep_new() -> ResponseReturnValue:
    """Save the form of a new concept while someone types."""
    actor = get_actor()
    _require_starter(actor)
    posted = PlanPosted.parse(request.form)
    return _keep(actor, _begin(actor, posted), posted)


def edit_form(slug: str) -> ResponseReturnValue:
    """Show the form with the plan as it is."""
    actor = get_actor()
    pilot = queries.get_pilot(actor, slug)
    planning.authorize(actor, pilot)
    stored = planning.current(pilot)
    return _form(actor, pilot, _shown(pilot), base=write_base(new_key(), fingerprints(stored)))


def edit(slug: str) -> ResponseReturnValue:
    """Save the form with the plan."""
    actor = get_actor()
    return _save(actor, queries.get_pilot(actor, slug), PlanPosted.parse(request.form))


def keep(slug: str) -> ResponseReturnValue:
    """Save the form of a concept while someone types."""
    actor = get_actor()
    return _keep(actor, queries.get_pilot(actor, slug), PlanPosted.parse(request.form))


def _require_starter(actor: Actor) -> None:
    if not policy.may_start(actor):
        raise NotAllowed(_("Een proeftuin begin je als medewerker."))


def _begin(actor: Actor, posted: PlanPosted) -> Pilot:
    pilot = planning.find_begun(actor, posted.typed.key)
    if pilot is None:
        pilot = service.create_pilot(actor, voluntariness="")
        planning.remember_begun(actor, pilot, posted.typed.key)
    return pilot


def _save(actor: Actor, pilot: Pilot, posted: PlanPosted) -> ResponseReturnValue:
    saved = planning.save_form(actor, pilot, posted.typed, note=posted.note)
    problems = dict(saved.problems)
    if posted.wants_to_open and pilot.state is State.CONCEPT:
        problems = {**_gate_problems(pilot), **problems}
    if problems or saved.conflicts:
        keep_on_refusal()  # what could be accepted stays, whatever is said about the rest
        return _again(actor, pilot, posted, problems, saved.conflicts), 409 if saved.conflicts else 422
    if posted.wants_to_open:
        return redirect(address("pilots.phase_form", slug=pilot.slug, naar=State.PREPARATION.value), 303)
    flash(_("Bewaard als concept.") if pilot.state is State.CONCEPT else _("Het plan is bewaard."), "good")
    goes_on = pilot.state is State.CONCEPT
    return redirect(address("pilots.edit_form" if goes_on else "pilots.view", slug=pilot.slug), 303)


def _keep(actor: Actor, pilot: Pilot, posted: PlanPosted) -> ResponseReturnValue:
    saved = planning.save_form(actor, pilot, posted.typed, is_autosave=True)
    message = _("Bewaard om %(time)s uur.", time=clock_time(clock.now()))
    if saved.conflicts:
        keep_on_refusal()
        return jsonify(message=_("Iemand anders veranderde hetzelfde antwoord. Sla op om beide te zien.")), 409
    lost_words = set(saved.problems) & {"title", *TEXTS}
    if lost_words:
        keep_on_refusal()
        return jsonify(message=_("Niet alles is bewaard. Sla op om te zien waarom.")), 422
    if saved.problems:
        message = _("%(saved)s Nog niet: %(what)s", saved=message, what=" ".join(saved.problems.values()))
    return jsonify(message=message, location=address("pilots.edit_form", slug=pilot.slug))


def _gate_problems(pilot: Pilot) -> dict[str, str]:
    step = states.find_step(State.CONCEPT, State.PREPARATION)
    assert step is not None
    problems = gate.problems(step, service.facts_of(pilot, clock.today()), states.NOTHING_SAID, "")
    return {**opening.problems(pilot), **problems}


def _again(
    actor: Actor, pilot: Pilot, posted: PlanPosted, problems: Mapping[str, str], conflicts: tuple[str, ...]
) -> str:
    """Show the form again as it was typed, now based on what is stored."""
    stored = _shown(pilot)
    shown = {**stored, **posted.shown}
    theirs = {name: _in_words(pilot, name, stored) for name in conflicts}
    base = write_base(new_key(), fingerprints(planning.current(pilot)))
    ordered = {name: problems[name] for name in (*_ON_SCREEN, *problems) if name in problems}
    return _form(actor, pilot, shown, base=base, problems=ordered, theirs=theirs, theme_ids=posted.theme_ids)


def _in_words(pilot: Pilot, name: str, stored: Mapping[str, str]) -> str:
    """Return what is stored in a field as a reader would say it."""
    if name == "theme_ids":
        chosen = queries.list_theme_ids(pilot.id)
        return ", ".join(theme.name for theme in queries.list_all_themes() if theme.id in chosen)
    if name == "department_id":
        names = {str(department.id): department.name for department in accounts.list_departments()}
        return names.get(stored[name], "")
    return stored[name]


def _shown(pilot: Pilot) -> dict[str, str]:
    """Return the plan as the fields of the form show it."""
    values = {name: value for name, value in planning.current(pilot).items() if name != "theme_ids"}
    shown = {name: "" if value is None else str(value) for name, value in values.items()}
    return {**shown, "title": "" if is_untitled(pilot.title) else pilot.title}


def _form(actor: Actor, pilot: Pilot | None, shown: Mapping[str, str], *, base: str, **more: Any) -> str:
    theme_ids = more.pop("theme_ids", None)
    chosen = theme_ids if theme_ids is not None else queries.list_theme_ids(pilot.id) if pilot else ()
    offered = [theme for theme in queries.list_all_themes() if theme.closed_on is None or theme.id in chosen]
    return render(
        "pilots/form.html",
        pilot=pilot,
        is_concept=pilot is None or pilot.state is State.CONCEPT,
        is_lead=pilot is None or policy.may_lead(queries.standing(actor, pilot.id)),
        shown=shown,
        base=base,
        chosen_themes=chosen,
        themes=[(theme.id, theme.name) for theme in offered],
        departments=[(str(department.id), department.name) for department in accounts.list_departments()],
        concepts=queries.list_own_concepts(actor) if pilot is None else (),
        names=_names(),
        labels=_labels(),
        **{"problems": {}, "theirs": {}, **more},
    )


def _names() -> dict[str, str]:
    """Return the short fields of the form by name."""
    return {
        "title": _("Titel"),
        "department_id": _("Afdeling"),
        "max_participants": _("Aantal deelnemers"),
        "starts_on": _("Eerste dag"),
        "ends_on": _("Laatste dag"),
        "theme_ids": _("Thema"),
        "team": _("Team"),
    }


def _labels() -> dict[str, str]:
    """Return how each field is called in the summary of what is wrong."""
    questions = {name: _("Vraag %(number)s", number=number) for number, name in enumerate(QUESTIONS, start=1)}
    return {**_names(), **questions, "voluntariness": _("Meedoen is vrijwillig")}
