"""What people do with a deviation: the forms of the acts, and where they are sent.

Positions and letters have a module of their own. What must stay true: every rule is asked by the service and not
here; a refusal changes nothing and keeps what was typed; nothing can be done on a day of the past.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.deviations import labels, policy, service
from proeftuin.deviations.acting import conditions, offers
from proeftuin.deviations.acting.act_forms import SLUGS, ActForm, Posted, get_form
from proeftuin.deviations.look import Look
from proeftuin.deviations.models import Act, Condition, Deviation
from proeftuin.deviations.showing import card as cards
from proeftuin.deviations.showing import card_parts
from proeftuin.deviations.showing.folder import Folder
from proeftuin.deviations.showing.views import opened, reader_of
from proeftuin.deviations.states import due
from proeftuin.deviations.vocabulary import ActKind, ConditionState, Severity
from proeftuin.errors import Conflict, Invalid, NotAllowed, NotFound
from proeftuin.i18n import _
from proeftuin.pilots import queries as pilots
from proeftuin.web.rendering import render

Do = Callable[[Actor, Deviation, Posted], object]
MINISTRY = (ActKind.NOTIFIED, ActKind.RECEIPT)


def present(code: str) -> tuple[Actor, Look, Folder]:
    """Return who asks and the deviation as it stands now.

    :raises NotAllowed: when another day of knowing is asked for; then nothing can be done.
    """
    actor, look, folder = opened(code)
    if not look.is_present:
        raise NotAllowed(_("Op een dag in het verleden kun je niets veranderen. Ga eerst naar vandaag."))
    return actor, look, folder


def act_form(code: str, slug: str) -> ResponseReturnValue:
    """Show the form of an act, to whose hand it is."""
    actor, look, folder = present(code)
    form = get_form(slug)
    if form.for_party and not offers.parties_for(slug, actor, folder):
        raise NotAllowed(form.hand)
    if not _may(slug, actor, folder):
        raise NotAllowed(form.hand)
    initial = {each.name: _initial(each.initial) for each in form.asked}
    return _act_page(actor, look, folder, slug, shown=initial, problems={})


def _may(slug: str, actor: Actor, folder: Folder) -> bool:
    standing = pilots.standing(actor, folder.deviation.pilot_id)
    return offers.is_in_hand(slug, actor, folder, standing)


def _initial(given: str) -> str:
    return clock.today().isoformat() if given == "today" else given


def act(code: str, slug: str) -> ResponseReturnValue:
    """Do an act."""
    actor, look, folder = present(code)
    form = get_form(slug)
    posted = Posted(request.form)
    if not form.for_party and not _may(slug, actor, folder):  # before asking what is missing in the form
        raise NotAllowed(form.hand)
    try:
        if form.for_party and not posted.number("party_id"):
            raise _without_party(slug, actor, folder, form)
        _DO[slug](actor, folder.deviation, posted)
    except Invalid as refused:
        return _act_page(actor, look, folder, slug, shown=request.form, problems=refused.fields), refused.status
    except Conflict as refused:
        problems = {"": refused.message}
        return _act_page(actor, look, folder, slug, shown=request.form, problems=problems), refused.status
    flash(form.done, "good")
    return redirect(folder.path, 303)


def _without_party(slug: str, actor: Actor, folder: Folder, form: ActForm) -> Invalid | NotAllowed:
    """Return the refusal of a form that does not say for which party it is."""
    if offers.parties_for(slug, actor, folder):
        return Invalid({"party_id": _("Kies namens welke partij.")})
    return NotAllowed(form.hand)


def _act_page(
    actor: Actor, look: Look, folder: Folder, slug: str, *, shown: Mapping[str, str], problems: Mapping[str, str]
) -> str:
    form: ActForm = get_form(slug)
    return render(
        "deviations/act.html",
        folder=folder,
        form=form,
        slug=slug,
        parties=offers.parties_for(slug, actor, folder) if form.for_party else [],
        shown=shown,
        problems=problems,
        state=labels.state(folder.course.state),
    )


def _end(actor: Actor, deviation: Deviation, posted: Posted) -> object:
    return service.end(
        actor,
        deviation,
        party_id=posted.number("party_id"),
        reason=posted.text("reason"),
        on=posted.day("on"),
    )


def _ministry(actor: Actor, deviation: Deviation, posted: Posted) -> object:
    kind = next((each for each in MINISTRY if each.value == posted.text("kind")), None)
    if kind is None:
        raise Invalid({"kind": _("Kies wat er is gebeurd.")})
    return service.record_ministry(
        actor, deviation, kind=kind, on=posted.needed_day("on"), reason=posted.text("reason")
    )


def _fallback(actor: Actor, deviation: Deviation, posted: Posted) -> object:
    return service.state_fallback(
        actor,
        deviation,
        back_on=posted.day("back_on"),
        restored=posted.text("restored"),
        still_open=posted.text("still_open"),
        is_complete=posted.is_ticked("is_complete"),
        reason=posted.text("reason"),
    )


def _incident(actor: Actor, deviation: Deviation, posted: Posted) -> object:
    severity = next((each for each in Severity if each.value == posted.text("severity")), None)
    if severity is None:
        raise Invalid({"severity": _("Kies hoe ernstig het is.")})
    text = posted.text("text")
    if not text:
        raise Invalid({"text": _("Schrijf op wat er is gebeurd.")})
    return service.report_incident(
        actor, deviation, severity=severity, about=posted.text("about"), text=text, on=posted.day("on")
    )


_DO: dict[str, Do] = {
    "opschorten": lambda actor, it, p: service.suspend(
        actor, it, party_id=p.number("party_id"), reason=p.text("reason"), on=p.day("on")
    ),
    "hervatten": lambda actor, it, p: service.resume(
        actor, it, party_id=p.number("party_id"), reason=p.text("reason")
    ),
    "bezwaar": lambda actor, it, p: service.object_to(
        actor, it, party_id=p.number("party_id"), reason=p.text("reason")
    ),
    "beeindigen": _end,
    "terugnemen": lambda actor, it, p: service.take_back(actor, it, reason=p.text("reason")),
    "afwijzen": lambda actor, it, p: service.reject(actor, it, reason=p.text("reason")),
    "intrekken": lambda actor, it, p: service.withdraw(actor, it, reason=p.text("reason")),
    "szw": _ministry,
    "mededeling": lambda actor, it, p: service.tell_decision(
        actor, it, on=p.needed_day("on"), reason=p.text("reason")
    ),
    "herbevestigen": lambda actor, it, p: service.reconfirm(
        actor, it, party_id=p.number("party_id"), remark=p.text("reason"), on=p.day("on")
    ),
    "terugval": _fallback,
    "zonder": lambda actor, it, p: service.go_on_without(actor, it, reason=p.text("reason")),
    "melding": _incident,
    "afsluiten": lambda actor, it, p: service.close(actor, it, reason=p.text("reason")),
}
"""The verb of each act."""


def report_page(code: str, act_id: int) -> str:
    """Show a report and what was done with it, to who watches."""
    actor, _look, folder = present(code)
    return _report_page(actor, folder, _report(actor, folder, act_id), shown={}, problems={})


def handle_report(code: str, act_id: int) -> ResponseReturnValue:
    """Write what was done with a report."""
    actor, _look, folder = present(code)
    report = _report(actor, folder, act_id)
    try:
        text = Posted(request.form).text("text")
        if not text:
            raise Invalid({"text": _("Schrijf op wat ermee is gedaan.")})
        service.handle_incident(actor, folder.deviation, report, text=text)
    except Invalid as refused:
        shown = request.form
        return _report_page(actor, folder, report, shown=shown, problems=refused.fields), refused.status
    flash(_("De melding is afgehandeld."), "good")
    return redirect(folder.path, 303)


def _report(actor: Actor, folder: Folder, act_id: int) -> Act:
    if not policy.may_read_reports(actor):
        raise NotAllowed(_("Een melding lezen de OR, de bonden en de cao-secretaris."))
    report = next((each for each in folder.acts if each.id == act_id and each.kind is ActKind.REPORTED), None)
    if report is None:
        raise NotFound
    return report


def _report_page(
    actor: Actor, folder: Folder, report: Act, *, shown: Mapping[str, str], problems: Mapping[str, str]
) -> str:
    handled = [each for each in folder.acts if each.kind is ActKind.HANDLED and each.data.get("report") == report.id]
    return render(
        "deviations/report.html",
        folder=folder,
        report=report,
        severity=labels.severity(report.severity or Severity.LOW),
        handled=handled[-1] if handled else None,
        may_handle=policy.may_handle_report(actor),
        shown=shown,
        problems=problems,
    )


def condition_page(code: str, condition_id: int) -> str:
    """Show a condition each time it is due, with a form for who reports on it."""
    actor, look, folder = present(code)
    condition = _condition(folder, condition_id)
    shown = {"due_on": request.args.get("op-dag", ""), "on": clock.today().isoformat()}
    return _condition_page(actor, look, folder, condition, shown=shown, problems={})


def report_condition(code: str, condition_id: int) -> ResponseReturnValue:
    """Record what became of a condition."""
    actor, look, folder = present(code)
    condition = _condition(folder, condition_id)
    posted = Posted(request.form)
    try:
        state = next((each for each in ConditionState if each.value == posted.text("state")), None)
        if state is None or state is ConditionState.OPEN:
            raise Invalid({"state": _("Kies hoe het ervoor staat.")})
        conditions.report(
            actor,
            condition,
            due_on=posted.needed_day("due_on"),
            state=state,
            note=posted.text("note"),
            on=posted.day("on"),
        )
    except Invalid as refused:
        shown = request.form
        return _condition_page(actor, look, folder, condition, shown=shown, problems=refused.fields), refused.status
    flash(_("Vastgelegd."), "good")
    return redirect(folder.path, 303)


def _condition(folder: Folder, condition_id: int) -> Condition:
    for listed in folder.conditions.values():
        for each in listed:
            if each.id == condition_id and each.version_id in {v.id for v in folder.versions.values()}:
                return each
    raise NotFound


def _condition_page(
    actor: Actor,
    look: Look,
    folder: Folder,
    condition: Condition,
    *,
    shown: Mapping[str, str],
    problems: Mapping[str, str],
) -> str:
    version = next(each for each in folder.versions.values() if each.id == condition.version_id)
    standing = pilots.standing(actor, folder.deviation.pilot_id)
    lines = [line for line in card_parts.conditions(folder, version) if line.id == condition.id]
    days = due.shown_days(due.due_days(condition, version.valid_until), folder.day)
    return render(
        "deviations/condition.html",
        folder=folder,
        condition=condition,
        version=version,
        owner=folder.people[condition.owner_id],
        kind=labels.condition_kind(condition.kind),
        lines=sorted(lines, key=lambda line: line.due_on or look.day),
        days=days,
        states=[(each, labels.condition(each)[2]) for each in ConditionState if each is not ConditionState.OPEN],
        may_report=policy.may_report_condition(actor, standing, condition.owner_id),
        shown=shown,
        problems=problems,
    )


def own_card(actor: Actor, look: Look, folder: Folder, number: int) -> cards.Card:
    """Return the card as it is shown above a form."""
    return cards.of_version(folder, number, reader=reader_of(actor, folder, look))


def register(blueprint: Blueprint) -> None:
    """Join these addresses to the blueprint of the register."""
    act_rule = f"/afwijkingen/<code>/<any({', '.join(SLUGS)}):slug>"
    blueprint.add_url_rule(act_rule, "act_form", act_form)
    blueprint.add_url_rule(act_rule, "act", act, methods=["POST"])
    report_rule = "/afwijkingen/<code>/melding/<int(max=2147483647):act_id>"
    blueprint.add_url_rule(report_rule, "report_page", report_page)
    blueprint.add_url_rule(report_rule, "handle_report", handle_report, methods=["POST"])
    condition_rule = "/afwijkingen/<code>/voorwaarden/<int(max=2147483647):condition_id>"
    blueprint.add_url_rule(condition_rule, "condition_page", condition_page)
    blueprint.add_url_rule(condition_rule, "report_condition", report_condition, methods=["POST"])
