"""/afwijkingen/nieuw, /afwijkingen/concept-…, /afwijkingen/<code>/bewerken: drafting a version.

A draft is kept at any moment, right or wrong, by a button or while someone types. What must stay true: whoever may
not prepare does not find a draft that was never submitted; looking at the card or at paragraphs writes nothing; what
could be kept stays kept when something else is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from proeftuin import clock
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.actor import Actor
from proeftuin.db import keep_on_refusal
from proeftuin.deviations import policy
from proeftuin.deviations.drafting import drafts, next_version, picker
from proeftuin.deviations.drafting import forms as draft_forms
from proeftuin.deviations.drafting import page as draft_page
from proeftuin.deviations.drafting import words as draft_words
from proeftuin.deviations.drafting.drafts import Saved, Typed, Weighed
from proeftuin.deviations.drafting.fields import ROWS, flat, written
from proeftuin.deviations.drafting.finding import Place, find_place, require_draft
from proeftuin.deviations.models import Draft
from proeftuin.deviations.showing import card
from proeftuin.deviations.showing.wording import marked
from proeftuin.deviations.vocabulary import VersionKind
from proeftuin.errors import Invalid, NotFound
from proeftuin.i18n import _
from proeftuin.pilots import policy as pilot_policy
from proeftuin.pilots.plan import fingerprints, new_key, write_base
from proeftuin.web.application import settings
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import clock_time, render


def page(number: int | None = None, code: str | None = None) -> ResponseReturnValue:
    """Show the draft; of a deviation of which none is being prepared, what the next version can be."""
    actor = get_actor()
    place = find_place(actor, number, code)
    if number is not None and place.deviation.code is not None:
        return redirect(place.path, 303)
    draft = drafts.find(place.deviation)
    if draft is None:
        return _next_page(place)
    require_draft(place.deviation)
    asked = request.args.get("artikel", "")
    return _page(actor, place, draft, asked=asked, is_checked="controle" in request.args)


def _next_page(place: Place) -> str:
    if place.deviation.code is None:
        raise NotFound
    last = next_version.last_version(place.deviation)
    return render("deviations/draft_next.html", spot=place, last=last, kinds=next_version.kinds(place.deviation))


def begin_next(code: str) -> ResponseReturnValue:
    """Put the next version ready: a change or an extension, with everything of the last one."""
    actor = get_actor()
    place = find_place(actor, None, code)
    kind = request.form.get("kind", "")
    if kind not in next_version.kinds(place.deviation):
        raise Invalid({"kind": _("Kies of je wilt wijzigen of verlengen.")})
    next_version.prepare(actor, place.deviation, VersionKind(kind))
    flash(_("Alles uit de vorige versie staat klaar. Wat nu geldt, blijft gelden."), "good")
    return redirect(place.path, 303)


def save(number: int | None = None, code: str | None = None) -> ResponseReturnValue:
    """Keep what was typed, and do what the button says: add or remove a row, show an article, go on."""
    actor = get_actor()
    place = find_place(actor, number, code)
    require_draft(place.deviation)
    typed = draft_forms.parse(request.form)
    try:
        saved = drafts.save(actor, place.deviation, typed)
        if saved.conflicts:
            keep_on_refusal()
            return _again(actor, place, saved, typed), 409
        return redirect(place.path + _act(actor, place, request.form.get("do", "save")), 303)
    except Invalid as refused:
        keep_on_refusal()
        draft = drafts.get(place.deviation)
        asked = request.form.get("artikel", "")
        return _page(actor, place, draft, typed=typed, errors=refused.fields, asked=asked), 422


def _act(actor: Actor, place: Place, act: str) -> str:
    """Do what a button says; return where to go on, as the end of an address."""
    verb, _dash, rest = act.partition("-")
    kind, _dash, number = rest.partition("-")
    end = ""
    match verb:
        case "show":
            end = draft_forms.query(artikel=rest or request.form.get("artikel", "")) + "#kies"
        case "pick":
            article, chosen = request.form.get("gekozen", ""), request.form.getlist("lid")
            picked = drafts.add_rules(actor, place.deviation, article, chosen)
            end = f"#rules-{picked[0]}" if picked else "#rules"
        case "add" if kind in ROWS and kind != "rules":
            end = f"#{kind}-{drafts.add_row(actor, place.deviation, kind)}"
        case "remove" if kind in ROWS and number.isdigit():
            drafts.remove_row(actor, place.deviation, kind, int(number))
            end = f"#{kind}"
        case "renew" if rest.isdigit():
            drafts.renew_quote(actor, place.deviation, int(rest))
            end = f"#rules-{rest}"
        case "submit":
            end = "/voorleggen"
        case _:
            flash(_("Bewaard als concept."), "good")
    return end


def keep(number: int | None = None, code: str | None = None) -> ResponseReturnValue:
    """Keep the draft while someone types."""
    actor = get_actor()
    place = find_place(actor, number, code)
    require_draft(place.deviation)
    saved = drafts.save(actor, place.deviation, draft_forms.parse(request.form))
    if saved.conflicts:
        keep_on_refusal()
        return jsonify(message=_("Iemand anders veranderde hetzelfde veld. Bewaar om beide te zien.")), 409
    return jsonify(message=_("Bewaard om %(time)s uur.", time=clock_time(clock.now())))


def live(number: int | None = None, code: str | None = None) -> str:
    """Show the card and who must agree, as they would be with what is typed now. Nothing is kept."""
    actor = get_actor()
    place = find_place(actor, number, code)
    stored = require_draft(place.deviation)
    typed = draft_forms.parse(request.form)
    draft = Draft(
        deviation_id=stored.deviation_id,
        kind=stored.kind,
        fields=written(stored.fields, typed.values),
        assessment=stored.assessment,
    )
    weighed = drafts.weigh(place.deviation, draft)
    return render("deviations/draft_live.html", **parts(actor, place, draft, weighed))


def paragraphs(number: int | None = None, code: str | None = None) -> str:
    """Show the paragraphs of an article, to choose from."""
    find_place(get_actor(), number, code)
    asked = request.args.get("artikel", "")
    return render("deviations/draft_paragraphs.html", picked=picker.pick(draft_page.cao_text(), asked))


def discard(code: str) -> ResponseReturnValue:
    """Throw the draft of a next version away."""
    actor = get_actor()
    place = find_place(actor, None, code)
    drafts.authorize(actor, place.deviation)
    drafts.forget(place.deviation)
    flash(_("Het concept is weg. Aan de afwijking is niets veranderd."))
    return redirect(f"/afwijkingen/{place.deviation.code}", 303)


def shown(actor: Actor, place: Place, draft: Draft, errors: Mapping[str, str]) -> str:
    """Show the draft with what was refused."""
    return _page(actor, place, draft, errors=errors)


def _again(actor: Actor, place: Place, saved: Saved, typed: Typed) -> str:
    """Show the form again with both texts where two people wrote something different."""
    stored = flat(saved.draft.fields)
    theirs = {name: draft_words.in_words(name, stored.get(name, "")) for name in saved.conflicts}
    return _page(actor, place, saved.draft, typed=typed, theirs=theirs)


def _page(
    actor: Actor,
    place: Place,
    draft: Draft,
    *,
    typed: Typed | None = None,
    errors: Mapping[str, str] | None = None,
    theirs: Mapping[str, str] | None = None,
    asked: str = "",
    is_checked: bool = False,
) -> str:
    weighed = drafts.weigh(place.deviation, draft)
    stored = flat(draft.fields)
    problems = dict(weighed.problems if is_checked else weighed.read.unread) | dict(errors or {})
    last = next_version.last_version(place.deviation)
    return render(
        "deviations/draft.html",
        **parts(actor, place, draft, weighed),
        f=({**stored, **draft_words.usual(stored), **(typed.values if typed else {})}, problems, theirs or {}),
        base=write_base(new_key(), fingerprints(stored)),
        errors={name: draft_words.name_of(name, draft.fields) + ": " + text for name, text in (errors or {}).items()},
        picked=picker.pick(draft_page.cao_text(), asked),
        names=draft_words.names(),
        choices=draft_words.choices(),
        meanings=draft_words.basis_meanings(),
        changed=_changed(place, draft) if last is not None else (),
        last=last,
        saved_by=accounts.names_of({draft.changed_by_id}).get(draft.changed_by_id, ""),
    )


def parts(actor: Actor, place: Place, draft: Draft, weighed: Weighed) -> dict[str, Any]:
    """Return what every page about a draft shows."""
    reader = card.Reader(
        settings().small_group,
        policy.is_monitor(actor),
        pilot_policy.may_see_exact_count(actor, place.standing),
    )
    beside = draft_page.page_of(place.deviation, draft, weighed, draft_page.cao_text(), reader)
    missing = [(name, draft_words.name_of(name, draft.fields), text) for name, text in beside.missing]
    return {
        "spot": place,
        "draft": draft,
        "beside": beside,
        "missing": missing,
        "duty_choices": draft_words.choices()["duties"],
        "may_submit": policy.may_submit(actor, place.standing),
        "may_assess": policy.may_assess(actor),
    }


def _changed(place: Place, draft: Draft) -> list[tuple[str, Markup, Markup]]:
    """Return what is different from the last version, with the words that differ marked."""
    last = next_version.last_version(place.deviation)
    if last is None:
        return []
    found = []
    for name, old, new in next_version.differences(last, draft):
        texts = marked(draft_words.in_words(name, old), draft_words.in_words(name, new))
        found.append((draft_words.name_of(name, draft.fields), *texts))
    return found
