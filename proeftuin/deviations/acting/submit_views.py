"""Beginning a draft, the legal check, and submitting: the gate list, what happens then, and one question to confirm.

What must stay true: what is submitted is the draft that was looked at (its edition), weighed again; the check is
written by HR and by nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Role
from proeftuin.db import session
from proeftuin.deviations import policy, service
from proeftuin.deviations.drafting import assessing, drafts, legal
from proeftuin.deviations.drafting import page as draft_page
from proeftuin.deviations.drafting import views as draft_views
from proeftuin.deviations.drafting import words as draft_words
from proeftuin.deviations.drafting.finding import Place, find_place, require_draft
from proeftuin.deviations.models import Deviation, Draft
from proeftuin.deviations.proposals.proposed import mark_of
from proeftuin.deviations.vocabulary import Duty, LegalOutcome, State
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.i18n import _
from proeftuin.pilots import queries as pilots
from proeftuin.pilots.models import Pilot
from proeftuin.talk.texts import tidy
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render

OVER = frozenset({"gearchiveerd", "niet_gestart"})


def new() -> ResponseReturnValue:
    """Show what a deviation is, the drafts there are, and for which pilot one can be begun."""
    actor = get_actor()
    return _new_page(actor, request.args.get("proeftuin", ""), {})


def _new_page(actor: Actor, slug: str, errors: Mapping[str, str]) -> str:
    offered = _pilots(actor)
    chosen = next((each for each in offered if each.slug == slug), None)
    if slug and chosen is None:
        pilots.get_pilot(actor, slug)  # an invisible pilot is an absent one
        raise NotAllowed(_("Een afwijking bereidt het proeftuinteam voor, of HR."))
    if not offered:
        raise NotAllowed(_("Een afwijking bereidt het proeftuinteam voor, of HR. Je zit nu in geen enkel team."))
    ids = [chosen.id] if chosen else [each.id for each in offered]
    begun = select(Deviation).join(Draft, Draft.deviation_id == Deviation.id).where(Deviation.pilot_id.in_(ids))
    is_open = or_(Deviation.code.is_not(None), Deviation.state == State.CONCEPT)
    drafts = session().scalars(begun.where(is_open).order_by(Draft.changed_at.desc()))
    return render(
        "deviations/draft_new.html",
        pilots=offered,
        chosen=chosen,
        drafts=drafts.all(),
        titles={each.id: each.title for each in offered},
        errors=errors,
    )


def _pilots(actor: Actor) -> Sequence[Pilot]:
    """Return the pilots for which the actor can begin a deviation: of their teams, and for HR all that it reads."""
    query = select(Pilot).where(Pilot.state.not_in(OVER)).order_by(Pilot.title)
    if actor.has(Role.HR):
        readable = session().scalars(query).all()
        return [each for each in readable if _is_readable(actor, each)]
    return session().scalars(query.where(Pilot.id.in_(pilots.team_pilots(actor)))).all()


def _is_readable(actor: Actor, pilot: Pilot) -> bool:
    return pilots.standing(actor, pilot.id).is_member or pilot.state.value != "concept"


def create() -> ResponseReturnValue:
    """Begin a deviation of a pilot as a concept."""
    actor = get_actor()
    slug = request.form.get("proeftuin", "")
    if not slug:
        return _new_page(actor, "", {"proeftuin": _("Kies de proeftuin waarvoor de afwijking is.")}), 422
    deviation = service.create(actor, pilots.get_pilot(actor, slug), title=request.form.get("title", "")[:160])
    session().flush()
    return redirect(f"/afwijkingen/concept-{deviation.id}", 303)


def check_form(number: int | None = None, code: str | None = None) -> str:
    """Show the rules as they are now, beside the list of statutory reference points."""
    actor, place, draft = _opened(number, code)
    assessing.authorize(actor)
    stored = draft.assessment
    listed = {each.code for each in legal.floor()}
    typed = {
        "outcome": stored.get("outcome", ""),
        "note": stored.get("note", ""),
        "others": ", ".join(each for each in stored.get("references", ()) if each not in listed),
    }
    return _check_page(place, draft, typed, stored.get("references", ()), {})


def check(number: int | None = None, code: str | None = None) -> ResponseReturnValue:
    """Write the legal check."""
    actor, place, draft = _opened(number, code)
    typed = {name: tidy(request.form.get(name, "")) for name in ("outcome", "note", "others", "mark")}
    references = request.form.getlist("references")
    try:
        assessing.assess(actor, place.deviation, references=references, **typed)
    except Invalid as refused:
        return _check_page(place, draft, typed, references, refused.fields), 422
    except Conflict as refused:
        return _check_page(place, draft, typed, references, {"": refused.message}), 409
    flash(_("De toets staat in het concept, met je naam en de datum van vandaag."), "good")
    return redirect(f"{place.path}#legal", 303)


def _check_page(
    place: Place, draft: Draft, typed: Mapping[str, str], chosen: Sequence[str], errors: Mapping[str, str]
) -> str:
    weighed = drafts.weigh(place.deviation, draft)
    near, others = legal.ordered_for(draft_page.theme_keys(place.deviation.pilot_id))
    return render(
        "deviations/draft_check.html",
        spot=place,
        rules=draft_page.rule_rows(draft, draft_page.cao_text()),
        proposal=weighed.proposal,
        mark=mark_of(weighed.proposal.rules),
        check=draft_page.check_of(draft, weighed),
        typed=typed,
        chosen=chosen,
        lists=((_("Past bij de thema’s van deze proeftuin"), near), (_("De andere bepalingen"), others)),
        hardness={each.value: legal.hardness(each) for each in legal.Hardness},
        caution=legal.caution(),
        outcomes=_outcomes(),
        errors=errors,
    )


def _outcomes() -> list[tuple[str, str, str]]:
    """Return what the check can say, with what follows from it."""
    meanings = {
        LegalOutcome.WITHIN_LAW: _("De nieuwe regels blijven binnen elke wet die hier telt."),
        LegalOutcome.BY_CAO: _(
            "Er is een wet waarvan alleen bij cao mag worden afgeweken. De bonden moeten dus ja zeggen."
        ),
        LegalOutcome.BY_COUNCIL: _("Er is een wet waarvan bij cao of schriftelijk met de OR mag worden afgeweken."),
        LegalOutcome.CONTRARY: _(
            "Dit mag niet van de wet. Het kan niet worden voorgelegd; noem de bepaling en leg uit waarom."
        ),
        LegalOutcome.PENDING: _("De toets is begonnen, maar nog niet klaar."),
    }
    return [(value, word, meanings[LegalOutcome(value)]) for value, word in draft_words.choices()["outcome"]]


def gate(number: int | None = None, code: str | None = None) -> str:
    """Show what is missing; when nothing is, what happens at submission, and the question to confirm."""
    actor, place, draft = _opened(number, code)
    return _gate_page(actor, place, draft, {})


def _gate_page(actor: Actor, place: Place, draft: Draft, refused: Mapping[str, str]) -> str:
    parts = draft_views.parts(actor, place, draft, drafts.weigh(place.deviation, draft))
    asked = [each for each in parts["beside"].parties if each.effective is Duty.REQUIRED]
    informed = [each for each in parts["beside"].parties if each.effective is Duty.INFORMED]
    told = {name for name, _label, _text in parts["missing"]}
    more = [
        (name, draft_words.name_of(name, draft.fields), text) for name, text in refused.items() if name not in told
    ]
    return render(
        "deviations/draft_gate.html", **{**parts, "missing": parts["missing"] + more}, asked=asked, informed=informed
    )


def submit(number: int | None = None, code: str | None = None) -> ResponseReturnValue:
    """Submit the version: it is frozen, numbered, and the parties are asked."""
    actor, place, draft = _opened(number, code)
    if not policy.may_submit(actor, place.standing):
        raise NotAllowed(_("Een afwijking leggen de trekker en HR voor."))
    if request.form.get("edition") != str(draft.edition):
        sentence = _("Iemand heeft het concept intussen veranderd. Kijk eerst wat er nu staat.")
        raise Conflict(sentence, way_out=f"{place.path}/voorleggen")
    weighed = drafts.weigh(place.deviation, draft)
    try:
        if weighed.problems:
            raise Invalid(weighed.problems)
        version = service.submit(actor, place.deviation, weighed.proposal)
    except Invalid as refused:
        return _gate_page(
            actor, place, draft, {weighed.read.names(n): text for n, text in refused.fields.items()}
        ), 422
    words = {"code": place.deviation.code, "n": version.number}
    flash(_("%(code)s versie %(n)s is voorgelegd. De tekst ligt nu vast.", **words), "good")
    return redirect(f"/afwijkingen/{place.deviation.code}", 303)


def withdraw(number: int) -> ResponseReturnValue:
    """Withdraw a concept that was never submitted (D5)."""
    actor, place, draft = _opened(number, None)
    try:
        service.withdraw(actor, place.deviation, reason=tidy(request.form.get("reason", "")))
    except Invalid as refused:
        return draft_views.shown(actor, place, draft, refused.fields), 422
    flash(_("Het concept is ingetrokken."))
    return redirect(place.pilot_path or "/afwijkingen", 303)


def _opened(number: int | None, code: str | None) -> tuple[Actor, Place, Draft]:
    actor = get_actor()
    place = find_place(actor, number, code)
    return actor, place, require_draft(place.deviation)


def register(blueprint: Blueprint) -> None:
    """Join the addresses of drafting to the blueprint of the register."""
    blueprint.add_url_rule("/afwijkingen/nieuw", "new", new, methods=["GET"])
    blueprint.add_url_rule("/afwijkingen/nieuw", "create", create, methods=["POST"])
    concept, following = "/afwijkingen/concept-<int:number>", "/afwijkingen/<code>/bewerken"
    for base, end in ((concept, ""), (following, "_next")):
        for path, name, method, act in (
            ("", "draft", "GET", draft_views.page),
            ("", "save_draft", "POST", draft_views.save),
            ("/bewaar", "keep_draft", "POST", draft_views.keep),
            ("/kaart", "draft_live", "POST", draft_views.live),
            ("/leden", "draft_paragraphs", "GET", draft_views.paragraphs),
            ("/toets", "check_form", "GET", check_form),
            ("/toets", "check", "POST", check),
            ("/voorleggen", "gate", "GET", gate),
            ("/voorleggen", "submit", "POST", submit),
        ):
            view: Any = act
            blueprint.add_url_rule(base + path, name + end, view, methods=[method])
    blueprint.add_url_rule(f"{concept}/intrekken", "withdraw_draft", withdraw, methods=["POST"])
    blueprint.add_url_rule(f"{following}/weggooien", "discard_draft", draft_views.discard, methods=["POST"])
    blueprint.add_url_rule("/afwijkingen/<code>/volgende", "begin_next", draft_views.begin_next, methods=["POST"])
