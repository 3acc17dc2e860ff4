"""The screens for the risks and the promises of a pilot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin import clock
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.actor import Actor
from proeftuin.errors import Invalid
from proeftuin.i18n import _
from proeftuin.pilots import planning, policy, queries, records, service
from proeftuin.pilots.forms import PromisePosted, RiskPosted, SettlingPosted
from proeftuin.pilots.models import Pilot, PromiseState
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import address, render


def risks(slug: str) -> ResponseReturnValue:
    """Show the risks of a pilot; the team adds one here."""
    actor = get_actor()
    return _risks_page(actor, slug, {"owner": actor.name}, {})


def add_risk(slug: str) -> ResponseReturnValue:
    """Add a risk."""
    actor = get_actor()
    pilot = queries.get_pilot(actor, slug)
    posted = RiskPosted.parse(request.form)
    try:
        owner_id = _owner(posted.owner)
        service.add_risk(actor, pilot, risk=posted.risk, measure=posted.measure, owner_id=owner_id)
    except Invalid as refused:
        return _risks_page(actor, slug, request.form, refused.fields), 422
    return redirect(address("pilots.risks", slug=pilot.slug), 303)


def risk(slug: str, risk_id: int) -> ResponseReturnValue:
    """Show one risk, to change or withdraw it."""
    actor = get_actor()
    pilot = queries.get_pilot(actor, slug)
    planning.authorize(actor, pilot)
    written = records.get_risk(pilot, risk_id)
    shown = {"risk": written.risk, "measure": written.measure, "owner": _name(written.owner_id)}
    return _risk_page(actor, pilot, risk_id, shown, {})


def change_risk(slug: str, risk_id: int) -> ResponseReturnValue:
    """Change or withdraw a risk."""
    actor = get_actor()
    pilot = queries.get_pilot(actor, slug)
    written = records.get_risk(pilot, risk_id)
    posted = RiskPosted.parse(request.form)
    try:
        if request.form.get("act") == "withdraw":
            service.withdraw_risk(actor, pilot, written)
        else:
            owner_id = _owner(posted.owner)
            service.change_risk(actor, pilot, written, risk=posted.risk, measure=posted.measure, owner_id=owner_id)
    except Invalid as refused:
        return _risk_page(actor, pilot, risk_id, request.form, refused.fields), 422
    return redirect(address("pilots.risks", slug=pilot.slug), 303)


def promises(slug: str) -> ResponseReturnValue:
    """Show the promises of a pilot; the team makes one here."""
    actor = get_actor()
    return _promises_page(actor, slug, {"owner": actor.name}, {})


def make_promise(slug: str) -> ResponseReturnValue:
    """Make a promise."""
    actor = get_actor()
    pilot = queries.get_pilot(actor, slug)
    posted = PromisePosted.parse(request.form)
    try:
        text, owner_id, due_on = _promise_fields(posted)
        service.make_promise(actor, pilot, text=text, owner_id=owner_id, due_on=due_on)
    except Invalid as refused:
        return _promises_page(actor, slug, request.form, refused.fields), 422
    return redirect(address("pilots.promises", slug=pilot.slug), 303)


def promise(slug: str, promise_id: int) -> ResponseReturnValue:
    """Show one promise, to change or settle it."""
    actor = get_actor()
    pilot = queries.get_pilot(actor, slug)
    planning.authorize(actor, pilot)
    return _promise_page(actor, pilot, promise_id, {}, {})


def change_promise(slug: str, promise_id: int) -> ResponseReturnValue:
    """Change an open promise."""
    actor = get_actor()
    pilot = queries.get_pilot(actor, slug)
    made = records.get_promise(pilot, promise_id)
    try:
        text, owner_id, due_on = _promise_fields(PromisePosted.parse(request.form))
        service.change_promise(actor, pilot, made, text=text, owner_id=owner_id, due_on=due_on)
    except Invalid as refused:
        return _promise_page(actor, pilot, promise_id, request.form, refused.fields), 422
    return redirect(address("pilots.promises", slug=pilot.slug), 303)


def settle_promise(slug: str, promise_id: int) -> ResponseReturnValue:
    """Say that a promise was kept, or withdraw it."""
    actor = get_actor()
    pilot = queries.get_pilot(actor, slug)
    made = records.get_promise(pilot, promise_id)
    posted = SettlingPosted.parse(request.form)
    try:
        if posted.problems:
            raise Invalid(posted.problems)
        service.settle_promise(actor, pilot, made, state=posted.state, on=posted.on, note=posted.note)
    except Invalid as refused:
        return _promise_page(actor, pilot, promise_id, request.form, refused.fields), 422
    kept = posted.state is PromiseState.KEPT
    flash(_("De belofte is nagekomen.") if kept else _("De belofte is ingetrokken."), "good")
    return redirect(address("pilots.promises", slug=pilot.slug), 303)


def _promise_fields(posted: PromisePosted) -> tuple[str, int | None, date]:
    problems = dict(posted.problems)
    if not posted.text:
        problems["text"] = _("Schrijf op wat jullie beloven.")
    owner_id = None
    try:
        owner_id = _owner(posted.owner)
    except Invalid as refused:
        problems |= refused.fields
    if problems or posted.due_on is None:
        raise Invalid(problems)
    return posted.text, owner_id, posted.due_on


def _owner(name: str) -> int | None:
    if not name:
        return None
    person = records.find_person_named(name)
    if person is None:
        raise Invalid({"owner": _("We kennen niemand met de naam “%(name)s”. Schrijf de naam voluit.", name=name)})
    return person.id


def _name(person_id: int | None) -> str:
    return accounts.get_person(person_id).name if person_id is not None else ""


def _risks_page(actor: Actor, slug: str, shown: Mapping[str, str], problems: Mapping[str, str]) -> str:
    head = queries.get_head(actor, slug)
    return render(
        "pilots/risks.html",
        head=head,
        risks=records.list_commitments(head.id).risks,
        may_write=policy.may_edit(head.standing) and head.state != "gearchiveerd",
        team=records.list_team(head.id),
        shown=shown,
        problems=problems,
    )


def _risk_page(
    actor: Actor, pilot: Pilot, risk_id: int, shown: Mapping[str, str], problems: Mapping[str, str]
) -> str:
    return render(
        "pilots/risk.html",
        head=queries.get_head(actor, pilot.slug),
        risk_id=risk_id,
        team=records.list_team(pilot.id),
        shown=shown,
        problems=problems,
    )


def _promises_page(actor: Actor, slug: str, shown: Mapping[str, str], problems: Mapping[str, str]) -> str:
    head = queries.get_head(actor, slug)
    return render(
        "pilots/promises.html",
        head=head,
        promises=records.list_commitments(head.id).promises,
        may_write=policy.may_edit(head.standing) and head.state != "gearchiveerd",
        team=records.list_team(head.id),
        shown=shown,
        problems=problems,
    )


def _promise_page(
    actor: Actor, pilot: Pilot, promise_id: int, shown: Mapping[str, str], problems: Mapping[str, str]
) -> str:
    made = records.get_promise(pilot, promise_id)
    stored = {
        "text": made.text,
        "owner": _name(made.owner_id),
        "due_on": made.due_on.isoformat(),
        "on": clock.today().isoformat(),
        "state": str(PromiseState.KEPT),
        "note": made.note,
    }
    return render(
        "pilots/promise.html",
        head=queries.get_head(actor, pilot.slug),
        promise=made,
        team=records.list_team(pilot.id),
        shown={**stored, **shown},
        problems=problems,
    )
