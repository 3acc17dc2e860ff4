"""Risks and promises of a pilot: what may go wrong and who sees to it, what was promised and whether it was done.

What must stay true: nothing of it disappears; a risk is withdrawn, a promise is kept or withdrawn, and every change
is recorded with what it was before. That a promise is late follows from its day and is stored nowhere.
"""

from __future__ import annotations

from datetime import date

from proeftuin import clock
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.errors import Conflict, Invalid, NotAllowed, NotFound
from proeftuin.events import service as events
from proeftuin.i18n import _
from proeftuin.pilots import policy, queries
from proeftuin.pilots.models import Pilot, Promise, PromiseState, Risk, State
from proeftuin.talk.texts import tidy

LONGEST = 2_000


def add_risk(actor: Actor, pilot: Pilot, *, risk: str, measure: str = "", owner_id: int | None = None) -> Risk:
    """Write down something that may go wrong.

    :raises Invalid: when there is no text, or it is too long.
    """
    _authorize(actor, pilot)
    written = Risk(pilot_id=pilot.id, **_risk_fields(risk, measure, owner_id))
    session().add(written)
    session().flush()
    events.record(actor.id, "pilot:risk", pilot.id, object_id=written.id, summary=written.risk, act="added")
    return written


def change_risk(
    actor: Actor, pilot: Pilot, written: Risk, *, risk: str, measure: str = "", owner_id: int | None = None
) -> Risk:
    """Write a risk or what is done about it anew.

    :raises Invalid: when there is no text, or it is too long.
    """
    _authorize(actor, pilot)
    before = [written.risk, written.measure, written.owner_id]
    fields = _risk_fields(risk, measure, owner_id)
    if [fields["risk"], fields["measure"], owner_id] == before:
        return written
    written.risk, written.measure, written.owner_id = str(fields["risk"]), str(fields["measure"]), owner_id
    events.record(
        actor.id, "pilot:risk", pilot.id, object_id=written.id, summary=written.risk, act="changed", before=before
    )
    return written


def withdraw_risk(actor: Actor, pilot: Pilot, written: Risk) -> None:
    """Say that a risk does not count any more."""
    _authorize(actor, pilot)
    if written.withdrawn_on is None:
        written.withdrawn_on = clock.today()
        events.record(actor.id, "pilot:risk", pilot.id, object_id=written.id, summary=written.risk, act="withdrawn")


def make_promise(actor: Actor, pilot: Pilot, *, text: str, owner_id: int | None, due_on: date) -> Promise:
    """Promise something in the open.

    :raises Invalid: when there is no text, or it is too long.
    """
    _authorize(actor, pilot)
    text = _text(text, field="text", empty=_("Schrijf op wat jullie beloven."))
    promise = Promise(pilot_id=pilot.id, text=text, owner_id=_owner(owner_id), due_on=due_on, state=PromiseState.OPEN)
    session().add(promise)
    session().flush()
    events.record(
        actor.id, "pilot:promise", pilot.id, object_id=promise.id, summary=text, act="made", due_on=due_on.isoformat()
    )
    return promise


def change_promise(
    actor: Actor, pilot: Pilot, promise: Promise, *, text: str, owner_id: int | None, due_on: date
) -> Promise:
    """Change an open promise; what it was before stays in the history.

    :raises Conflict: when the promise was settled already.
    """
    _authorize(actor, pilot)
    _require_open(pilot, promise)
    text = _text(text, field="text", empty=_("Schrijf op wat jullie beloven."))
    before = [promise.text, promise.owner_id, promise.due_on.isoformat()]
    if [text, owner_id, due_on.isoformat()] == before:
        return promise
    promise.text, promise.owner_id, promise.due_on = text, _owner(owner_id), due_on
    events.record(
        actor.id,
        "pilot:promise",
        pilot.id,
        object_id=promise.id,
        summary=text,
        act="changed",
        before=before,
        due_on=due_on.isoformat(),
    )
    return promise


def settle_promise(
    actor: Actor,
    pilot: Pilot,
    promise: Promise,
    *,
    state: PromiseState = PromiseState.KEPT,
    on: date | None = None,
    note: str = "",
) -> Promise:
    """Say that a promise was kept on a day, or withdraw it with a reason.

    :raises Conflict: when the promise was settled already.
    :raises Invalid: when the day must still come, or a withdrawal has no reason.
    """
    _authorize(actor, pilot)
    _require_open(pilot, promise)
    day = on or clock.today()
    problems = {}
    note = tidy(note)
    if day > clock.today():
        problems["on"] = _("Deze dag moet nog komen. Kies vandaag of een dag daarvoor.")
    if state is PromiseState.WITHDRAWN and not note:
        problems["note"] = _("Schrijf op waarom jullie de belofte intrekken.")
    if state is PromiseState.OPEN:
        problems["state"] = _("Kies of de belofte is nagekomen of ingetrokken.")
    if len(note) > LONGEST:
        problems["note"] = _too_long(note)
    if problems:
        raise Invalid(problems)
    promise.state, promise.settled_on, promise.note = state, day, note
    events.record(
        actor.id,
        "pilot:promise_settled",
        pilot.id,
        object_id=promise.id,
        summary=promise.text,
        state=str(state),
        on=day.isoformat(),
    )
    return promise


def _authorize(actor: Actor, pilot: Pilot) -> None:
    if not policy.may_edit(queries.standing(actor, pilot.id)):
        raise NotAllowed(_("Risico’s en beloften schrijft het team van de proeftuin."))
    if pilot.state is State.ARCHIVED:
        raise Conflict(_("Deze proeftuin ligt in het archief."), way_out=f"/proeftuinen/{pilot.slug}")


def _require_open(pilot: Pilot, promise: Promise) -> None:
    if promise.state is not PromiseState.OPEN:
        raise Conflict(_("Deze belofte is al afgerond."), way_out=f"/proeftuinen/{pilot.slug}/beloften")


def _risk_fields(risk: str, measure: str, owner_id: int | None) -> dict[str, str | int | None]:
    measure = tidy(measure)
    problems = {"measure": _too_long(measure)} if len(measure) > LONGEST else {}
    try:
        risk = _text(risk, field="risk", empty=_("Schrijf op wat er mis kan gaan."))
    except Invalid as refused:
        problems |= refused.fields
    if problems:
        raise Invalid(problems)
    return {"risk": risk, "measure": measure, "owner_id": _owner(owner_id)}


def _text(raw: str, *, field: str, empty: str) -> str:
    text = tidy(raw).strip()
    if not text:
        raise Invalid({field: empty})
    if len(text) > LONGEST:
        raise Invalid({field: _too_long(text)})
    return text


def _too_long(text: str) -> str:
    return _("Maak dit korter: het zijn %(n)s tekens en er passen er 2.000 in.", n=len(text))


def _owner(owner_id: int | None) -> int | None:
    if owner_id is None:
        return None
    try:
        return accounts.get_person(owner_id).id
    except NotFound:
        raise Invalid({"owner": _("Deze collega staat niet in het systeem.")}) from None
