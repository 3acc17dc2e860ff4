"""Writing the plan of a pilot: what can be accepted, what was changed, and forms that save themselves.

What must stay true: a concept keeps every field that can be read, also when other fields cannot; a pilot that others
can read is changed as a whole or not at all, and cannot lose what it needed to get where it is; a field that two
people changed differently is never overwritten without showing both texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Department
from proeftuin.db import session
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.events import service as events
from proeftuin.events.models import Subject
from proeftuin.i18n import _
from proeftuin.naming import clean_line, title_key
from proeftuin.pilots import gate, opening, policy, queries
from proeftuin.pilots.models import Pilot, PilotTheme, PlanForm, State, Theme
from proeftuin.pilots.plan import FIELDS, QUESTIONS, TEXTS, Typed, Value, as_data, fingerprints, merge, theme_tuple
from proeftuin.pilots.states import Facts, Need

LONGEST_TITLE = 120
LONGEST_TEXT = 10_000
MOST_PARTICIPANTS = 100_000

Changed = dict[str, tuple[Value, Value]]
"""The fields that were changed, each with its old and its new value."""

_NEEDED_WHEN_OPEN = {
    "title": Need.TITLE,
    "department_id": Need.DEPARTMENT,
    "question": Need.QUESTION,
    "hypothesis": Need.HYPOTHESIS,
    "fallback": Need.FALLBACK,
    "voluntariness": Need.VOLUNTARINESS,
}


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a form: the pilot, what could not be accepted, and the fields where two texts meet."""

    pilot: Pilot
    problems: Mapping[str, str]
    conflicts: tuple[str, ...]
    changed: Changed


def authorize(actor: Actor, pilot: Pilot) -> None:
    """Refuse who may not write the plan, and writing in the archive."""
    if not policy.may_edit(queries.standing(actor, pilot.id)):
        raise NotAllowed(_("Het plan schrijft het team van de proeftuin."))
    if pilot.state is State.ARCHIVED:
        raise Conflict(_("Deze proeftuin ligt in het archief."), way_out=f"/proeftuinen/{pilot.slug}")


def current(pilot: Pilot) -> dict[str, Value]:
    """Return the plan as it is stored, by field."""
    values: dict[str, Value] = {name: getattr(pilot, name) for name in FIELDS if name != "theme_ids"}
    return {**values, "theme_ids": queries.list_theme_ids(pilot.id)}


def write(pilot: Pilot, fields: Mapping[str, Any]) -> Changed:
    """Accept all fields or none, and return what was changed.

    :raises Invalid: with a sentence for each field that cannot be accepted.
    """
    stored = current(pilot)
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"a plan has no {sorted(unknown)}")
    wanted = _cleaned(pilot, fields)
    problems = _problems(pilot, {**stored, **wanted}, set(wanted))
    if problems:
        raise Invalid(problems)
    return _apply(pilot, stored, wanted)


def save_form(actor: Actor, pilot: Pilot, typed: Typed, *, note: str = "", is_autosave: bool = False) -> Saved:
    """Save a form with the plan, field by field from what the form was shown.

    A concept keeps what can be kept. An open pilot is only changed when everything can be accepted.
    """
    authorize(actor, pilot)
    if is_autosave and pilot.state is not State.CONCEPT:
        raise Conflict(
            _("De proeftuin is al open. Bewaar je wijzigingen zelf."), way_out=f"/proeftuinen/{pilot.slug}"
        )
    stored = current(pilot)
    form = session().get(PlanForm, (actor.id, typed.key)) if typed.key else None
    base = form.base if form is not None and form.pilot_id == pilot.id else typed.base
    merged = merge(base, stored, _cleaned(pilot, typed.values))
    problems = dict(typed.problems)
    problems |= _problems(pilot, {**stored, **merged.accepted}, set(merged.accepted))
    accepted = {name: value for name, value in merged.accepted.items() if name not in problems}
    if pilot.state is not State.CONCEPT and (problems or merged.conflicts):
        return Saved(pilot, problems, merged.conflicts, {})
    changed = _apply(pilot, stored, accepted)
    if typed.key:
        _remember(actor, pilot, typed.key, form, {**base, **fingerprints(accepted)})
    if not is_autosave:
        record(actor, pilot, changed, note)
    return Saved(pilot, problems, merged.conflicts, changed)


def find_begun(actor: Actor, key: str) -> Pilot | None:
    """Return the pilot that was begun in a form, so that sending the form again does not begin another."""
    if not key:
        return None
    query = select(Pilot).join(PlanForm, PlanForm.pilot_id == Pilot.id)
    return session().scalar(query.where(PlanForm.person_id == actor.id, PlanForm.key == key))


def remember_begun(actor: Actor, pilot: Pilot, key: str) -> None:
    """Remember in which form a pilot was begun, with the plan as it is now."""
    if key:
        _remember(actor, pilot, key, None, fingerprints(current(pilot)))


def _remember(actor: Actor, pilot: Pilot, key: str, form: PlanForm | None, base: dict[str, str]) -> None:
    if form is None:
        session().add(PlanForm(person_id=actor.id, key=key, pilot_id=pilot.id, base=base))
    else:
        form.base = base


def record(actor: Actor, pilot: Pilot, changed: Changed, note: str = "") -> None:
    """Record that the plan was changed. Old and new values are kept once others can read the pilot; what is
    scratched in a concept stays between its writers."""
    if not changed:
        return
    if pilot.state is State.CONCEPT:
        events.record(actor.id, "pilot:changed", pilot.id, minor=True, fields=sorted(changed))
        return
    values = {name: [as_data(old), as_data(new)] for name, (old, new) in changed.items()}
    events.record(actor.id, "pilot:changed", pilot.id, summary=clean_line(note), changes=values)


def _cleaned(pilot: Pilot, fields: Mapping[str, Any]) -> dict[str, Value]:
    """Return fields as they would be stored. An empty title leaves a concept the one it got."""
    wanted: dict[str, Value] = dict(fields)
    if "title" in wanted:
        title = clean_line(str(wanted["title"] or ""))
        if not title and pilot.state is State.CONCEPT:
            del wanted["title"]
        else:
            wanted["title"] = title
    if "theme_ids" in wanted:
        wanted["theme_ids"] = theme_tuple(fields["theme_ids"])
    return wanted


def _problems(pilot: Pilot, plan: Mapping[str, Any], names: set[str]) -> dict[str, str]:
    """Return what is wrong with the plan as it would be, in the fields that are being changed."""
    problems = _too_long(plan, names)
    if len(title_key(plan["title"])) > LONGEST_TITLE or len(plan["title"]) > LONGEST_TITLE:
        problems["title"] = _("Maak de titel korter: er passen %(most)s tekens in.", most=LONGEST_TITLE)
    if names & {"starts_on", "ends_on"}:
        problems |= _wrong_days(pilot, plan)
    most = plan["max_participants"]
    if most is not None and not 1 <= most <= MOST_PARTICIPANTS:
        problems["max_participants"] = _("Vul een getal in van 1 of meer, of laat dit leeg.")
    if "department_id" in names and not _is_department(plan["department_id"]):
        problems["department_id"] = _("Kies een afdeling uit de lijst.")
    if "theme_ids" in names and not _are_themes(plan["theme_ids"]):
        problems["theme_ids"] = _("Kies een thema uit de lijst.")
    if pilot.state is not State.CONCEPT:
        problems = _missing(pilot, plan, names) | problems
    return {name: sentence for name, sentence in problems.items() if name in names}


def _too_long(plan: Mapping[str, Any], names: set[str]) -> dict[str, str]:
    return {
        name: _("Maak dit korter: het zijn %(n)s tekens en er passen er 10.000 in.", n=len(plan[name]))
        for name in TEXTS
        if name in names and len(plan[name]) > LONGEST_TEXT
    }


def _wrong_days(pilot: Pilot, plan: Mapping[str, Any]) -> dict[str, str]:
    first: date | None = plan["starts_on"]
    last: date | None = plan["ends_on"]
    problems = {}
    if first is not None and last is not None and last < first:
        problems["ends_on"] = _("De laatste dag ligt vóór de eerste dag. Kies een latere dag.")
        if first != pilot.starts_on and last == pilot.ends_on:
            problems = {"starts_on": _("De eerste dag ligt na de laatste dag. Kies een eerdere dag.")}
    if pilot.state not in (State.CONCEPT, State.PREPARATION):
        if first != pilot.starts_on:
            problems["starts_on"] = _("De proeftuin is al begonnen. De eerste dag ligt vast.")
        if last is None:
            problems["ends_on"] = gate.refusal(Need.LAST_DAY, _facts(pilot))
    return problems


def _missing(pilot: Pilot, plan: Mapping[str, Any], names: set[str]) -> dict[str, str]:
    """Return what an open pilot would lose that it needs."""
    facts = _facts(pilot)
    needed = dict(_NEEDED_WHEN_OPEN)
    problems = {name: gate.refusal(need, facts) for name, need in needed.items() if not plan[name]}
    if not plan["theme_ids"]:
        problems["theme_ids"] = gate.refusal(Need.THEME, facts)
    if "title" in names and opening.is_title_taken(plan["title"], but=pilot.id):
        problems["title"] = opening.title_taken()
    if pilot.state not in (State.PREPARATION, State.NEVER_STARTED):
        for name in set(QUESTIONS) - set(needed):
            if not plan[name]:
                problems[name] = _("Laat dit niet leeg: de proeftuin is hiermee begonnen.")
    return problems


def _facts(pilot: Pilot) -> Facts:
    return Facts(pilot=pilot, has_theme=False, lead_ids=frozenset(), team_ids=frozenset(), on=clock.today())


def _is_department(department_id: int | None) -> bool:
    return department_id is None or session().get(Department, department_id) is not None


def _are_themes(ids: tuple[int, ...]) -> bool:
    return len(session().scalars(select(Theme.id).where(Theme.id.in_(ids))).all()) == len(ids)


def _apply(pilot: Pilot, stored: Mapping[str, Value], wanted: Mapping[str, Value]) -> Changed:
    changed = {name: (stored[name], value) for name, value in wanted.items() if value != stored[name]}
    for name, (_old, new) in changed.items():
        if name == "theme_ids":
            _set_themes(pilot, new)
        else:
            setattr(pilot, name, new)
    if "title" in changed:
        _retitle(pilot)
    session().flush()  # whoever saved at the same moment is refused here
    return changed


def _set_themes(pilot: Pilot, ids: Value) -> None:
    assert isinstance(ids, tuple)
    present = session().scalars(select(PilotTheme).where(PilotTheme.pilot_id == pilot.id)).all()
    for belongs in present:
        if belongs.theme_id not in ids:
            session().delete(belongs)
    known = {belongs.theme_id for belongs in present}
    session().add_all(PilotTheme(pilot_id=pilot.id, theme_id=theme_id) for theme_id in ids if theme_id not in known)


def _retitle(pilot: Pilot) -> None:
    if pilot.state is not State.CONCEPT:
        pilot.title_key = title_key(pilot.title)
    subject = session().get_one(Subject, pilot.id)
    subject.title = pilot.title
