"""The forms with which a party takes a position, a letter is entered, and a party says whether a letter is theirs.

What must stay true: the card stands above the form, so that one can judge in a minute what one signs; of two
signatories at once the second reads what the first wrote, beside what he or she typed, and nothing is lost; a file
that is chosen is not kept, only its name and its hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Party
from proeftuin.db import session
from proeftuin.deviations import labels, policy
from proeftuin.deviations.acting import offers, positions
from proeftuin.deviations.acting.act_forms import Posted
from proeftuin.deviations.acting.act_views import own_card, present
from proeftuin.deviations.look import Look
from proeftuin.deviations.models import Position, Version
from proeftuin.deviations.showing import timeline
from proeftuin.deviations.showing.folder import Folder
from proeftuin.deviations.vocabulary import Direction, PositionStatus, ShownTo
from proeftuin.errors import Conflict, Invalid, NotAllowed, NotFound
from proeftuin.i18n import _
from proeftuin.naming import clean_line
from proeftuin.web.rendering import render

LONGEST_NAME = 200


def position_form(code: str) -> ResponseReturnValue:
    """Show the card of a version and the form for the position of the actor's own party."""
    actor, look, folder = present(code)
    version = _version(folder, request.args.get("versie", ""))
    return _form_page(actor, look, folder, version, is_letter=False, shown=_initial(), problems={})


def letter_form(code: str) -> ResponseReturnValue:
    """Show the form with which the secretary or HR enters a letter of a party."""
    actor, look, folder = present(code)
    version = _version(folder, request.args.get("versie", ""))
    return _form_page(actor, look, folder, version, is_letter=True, shown=_initial(), problems={})


def _initial() -> dict[str, str]:
    return {"decided_on": clock.today().isoformat(), "remark_shown_to": ShownTo.EVERYONE.value}


def _version(folder: Folder, raw: str) -> Version:
    """Return the version that is asked for, or the one to be judged."""
    if raw.isascii() and raw.isdigit() and len(raw) < 6:
        return folder.version(int(raw))
    judged = offers.judged(folder)
    if not judged:
        raise Conflict(_("Er ligt nu geen versie voor waarover je een standpunt kunt geven."), way_out=folder.path)
    return judged[0]


def record_position(code: str) -> ResponseReturnValue:
    """Record the position of a party, by its own signatory."""
    return _take(code, is_letter=False)


def enter_letter(code: str) -> ResponseReturnValue:
    """Enter a position from a letter; it counts once the party confirms it."""
    return _take(code, is_letter=True)


def _take(code: str, *, is_letter: bool) -> ResponseReturnValue:
    actor, look, folder = present(code)
    posted = Posted(request.form)
    version = _version(folder, posted.text("versie"))
    party = session().get(Party, posted.number("party_id"))
    shown = dict(request.form.items()) | _document(posted)
    if party is None:
        problems = {"party_id": _("Kies voor welke partij dit is.")}
        return _form_page(actor, look, folder, version, is_letter=is_letter, shown=shown, problems=problems), 422
    try:
        _write(actor, version, party, Posted(shown), is_letter=is_letter)
    except Invalid as refused:
        page = _form_page(actor, look, folder, version, is_letter=is_letter, shown=shown, problems=refused.fields)
        return page, refused.status
    except Conflict as refused:
        problems = {"": refused.message}
        page = _form_page(
            actor, look, folder, version, is_letter=is_letter, shown=shown, problems=problems, was_overtaken=True
        )
        return page, refused.status
    if is_letter:
        flash(_("De brief is ingevoerd. Hij telt pas als %(party)s hem bevestigt.", party=party.name), "good")
    else:
        flash(_("Het standpunt van %(party)s is vastgelegd.", party=party.name), "good")
    return redirect(folder.path, 303)


def _write(actor: Actor, version: Version, party: Party, posted: Posted, *, is_letter: bool) -> Position:
    status = next((each for each in PositionStatus if each.value == posted.text("status")), None)
    if status is None:
        raise Invalid({"status": _("Kies een standpunt.")})
    direction = next((each for each in Direction if each.value == posted.text("direction")), None)
    only = posted.text("remark_shown_to") == ShownTo.MONITORS.value
    said: dict[str, Any] = {
        "party_id": party.id,
        "status": status,
        "base": posted.number("base"),
        "decided_on": posted.needed_day("decided_on"),
        "direction": direction,
        "reservation": posted.text("reservation"),
        "remark": posted.text("remark"),
        "remark_shown_to": ShownTo.MONITORS if only else ShownTo.EVERYONE,
        "document": posted.text("document")[:LONGEST_NAME],
        "document_digest": posted.text("document_digest")[:64],
    }
    if not is_letter:
        return positions.record(actor, version, **said)
    signatory, function = (clean_line(posted.text(name))[:120] for name in ("signatory", "function"))
    return positions.enter_letter(actor, version, signatory=signatory, function=function, **said)


def _document(posted: Posted) -> dict[str, str]:
    """Return name and hash of the file that was chosen, or else of the one that was chosen before."""
    chosen = request.files.get("bestand")
    if chosen is not None and chosen.filename:
        digest = hashlib.sha256(chosen.stream.read()).hexdigest()
        return {"document": clean_line(chosen.filename)[:LONGEST_NAME], "document_digest": digest}
    return {"document": posted.text("document"), "document_digest": posted.text("document_digest")}


def _form_page(
    actor: Actor,
    look: Look,
    folder: Folder,
    version: Version,
    *,
    is_letter: bool,
    shown: Mapping[str, str],
    problems: Mapping[str, str],
    was_overtaken: bool = False,
) -> str:
    track = folder.course.tracks[version.number]
    able = offers.letter_parties(actor) if is_letter else offers.signed_parties(actor)
    parties = [party for party in able if offers.is_asked(folder, version, party)]
    if not parties:
        raise NotAllowed(_whose(is_letter))
    chosen = _chosen(parties, shown.get("party_id") or request.args.get("partij", ""))
    last = positions.last_of(version, chosen.id)
    statuses = positions.statuses_for(chosen, track)
    reads_all = policy.is_monitor(actor) or chosen.id in policy.signs_for(actor)
    theirs = timeline.positions_of(folder, version, is_monitor=reads_all).get(chosen.id, [])
    return render(
        "deviations/position.html",
        folder=folder,
        card=own_card(actor, look, folder, version.number),
        version=version,
        is_letter=is_letter,
        parties=parties,
        party=chosen,
        base=last.serial if last else 0,
        last=theirs[0] if theirs else None,
        was_overtaken=was_overtaken,
        statuses=[(each, labels.status(each)[2]) for each in statuses],
        directions=[(each, labels.direction(each)[2]) for each in Direction],
        readers=[(each, labels.shown_to(each)) for each in ShownTo],
        shown=shown,
        problems=problems,
    )


def _whose(is_letter: bool) -> str:
    if is_letter:
        return _("Een brief van een bond of de OR voert de cao-secretaris of HR in.")
    return _("Een standpunt legt alleen iemand vast die voor die partij mag tekenen. Ook een beheerder kan dat niet.")


def _chosen(parties: Sequence[Party], raw: str) -> Party:
    return next((party for party in parties if str(party.id) == raw), parties[0])


def confirm_form(code: str, position_id: int) -> str:
    """Show a position that was entered from a letter to the party of which it is said to be."""
    actor, look, folder = present(code)
    position = _letter(actor, folder, position_id)
    return _confirm_page(actor, look, folder, position, shown={}, problems={})


def confirm(code: str, position_id: int) -> ResponseReturnValue:
    """Say for a party whether a letter is theirs."""
    actor, look, folder = present(code)
    position = _letter(actor, folder, position_id)
    posted = Posted(request.form)
    answer = posted.text("is_ours")
    try:
        if answer not in ("1", "0"):
            raise Invalid({"is_ours": _("Kies een van de twee.")})
        positions.confirm(actor, position, is_ours=answer == "1", note=posted.text("note"))
    except Invalid as refused:
        page = _confirm_page(actor, look, folder, position, shown=request.form, problems=refused.fields)
        return page, refused.status
    told = (
        _("Het standpunt is bevestigd en telt nu.")
        if answer == "1"
        else _("Vastgelegd: dit is niet jullie standpunt.")
    )
    flash(told, "good")
    return redirect(folder.path, 303)


def _letter(actor: Actor, folder: Folder, position_id: int) -> Position:
    position = next((each for each in folder.positions if each.id == position_id and each.is_letter), None)
    if position is None:
        raise NotFound
    if position.party_id not in policy.signs_for(actor):
        party = folder.name_of(position.party_id)
        raise NotAllowed(_("Bevestigen kan alleen wie mag tekenen voor %(party)s.", party=party))
    return position


def _confirm_page(
    actor: Actor,
    look: Look,
    folder: Folder,
    position: Position,
    *,
    shown: Mapping[str, str],
    problems: Mapping[str, str],
) -> str:
    version = next(each for each in folder.versions.values() if each.id == position.version_id)
    return render(
        "deviations/confirm.html",
        folder=folder,
        card=own_card(actor, look, folder, version.number),
        version=version,
        position=position,
        party=folder.name_of(position.party_id),
        status=labels.status(position.status),
        direction=labels.direction(position.direction),
        entered_by=folder.people[position.recorded_by_id],
        is_answered=position.id in folder.confirmations,
        shown=shown,
        problems=problems,
    )


def register(blueprint: Blueprint) -> None:
    """Join these addresses to the blueprint of the register."""
    blueprint.add_url_rule("/afwijkingen/<code>/standpunt", "position_form", position_form)
    blueprint.add_url_rule("/afwijkingen/<code>/standpunt", "record_position", record_position, methods=["POST"])
    blueprint.add_url_rule("/afwijkingen/<code>/brief", "letter_form", letter_form)
    blueprint.add_url_rule("/afwijkingen/<code>/brief", "enter_letter", enter_letter, methods=["POST"])
    rule = "/afwijkingen/<code>/bevestigen/<int(max=2147483647):position_id>"
    blueprint.add_url_rule(rule, "confirm_form", confirm_form)
    blueprint.add_url_rule(rule, "confirm", confirm, methods=["POST"])
