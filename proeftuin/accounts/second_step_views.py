"""Getting in: the end of signing in, and the second step for whoever has one or must set one up.

Between the password and the code a browser holds a token that opens these two pages and nothing else.
"""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin import i18n
from proeftuin.accounts import halfway, second_factor, service
from proeftuin.accounts.halfway import Entrance, Half, Step
from proeftuin.accounts.second_factor import FIELD, Proof
from proeftuin.addresses import local_path
from proeftuin.errors import Gone, Invalid, TooMany
from proeftuin.i18n import _
from proeftuin.web.identity import enter, enter_halfway, find_actor, find_half, get_actor
from proeftuin.web.rendering import address, render

_PAGE_OF = {Step.CODE: "accounts.second_step_form", Step.ENROL: "accounts.enrol_form"}


def go_on(entrance: Entrance, destination: str | None) -> ResponseReturnValue:
    """Go in, or on to the second step; what this browser was signed in as before ends."""
    _end_what_was_before()
    if entrance.step is Step.NOTHING:
        enter(entrance.token)
        return redirect(local_path(destination, address("web.home")), 303)
    enter_halfway(entrance.token)
    return redirect(address(_PAGE_OF[entrance.step], next=local_path(destination, "") or None), 303)


def _end_what_was_before() -> None:
    before = find_actor()
    if before is not None:
        service.sign_out(before)


def second_step_form() -> ResponseReturnValue:
    return _at_step(Step.CODE, request.args.get("next")) or _code_page(request.args.get("next"), {})


def _at_step(step: Step, destination: str | None) -> ResponseReturnValue | None:
    """Return where somebody belongs who is not at this step; None for who is."""
    if find_actor() is not None:
        return redirect(local_path(destination), 303)
    half = halfway.find(find_half())
    if half is None:
        return _begin_again(destination)
    if half.step is not step:
        return redirect(address(_PAGE_OF[half.step], next=local_path(destination, "") or None), 303)
    _speak_to(half)
    return None


def _speak_to(half: Half) -> None:
    i18n.set_language(half.person.language)


def _begin_again(destination: str | None) -> ResponseReturnValue:
    if find_half():
        flash(_("Het inloggen duurde te lang. Log opnieuw in."))
    return redirect(address("accounts.sign_in_form", next=local_path(destination, "") or None), 303)


def _code_page(destination: str | None, errors: dict[str, str]) -> str:
    return render("accounts/second_step.html", destination=local_path(destination, ""), errors=errors)


def second_step() -> ResponseReturnValue:
    destination = request.form.get("next")
    elsewhere = _at_step(Step.CODE, destination)
    if elsewhere is not None:
        return elsewhere
    try:
        token, proof = halfway.finish(find_half(), request.form.get(FIELD, ""))
    except Gone:
        return _begin_again(destination)
    except Invalid as invalid:
        return _code_page(destination, invalid.fields), 422
    except TooMany as refusal:
        return _code_page(destination, {"": refusal.message}), 429, {"Retry-After": str(refusal.retry_after)}
    enter(token)
    if proof is Proof.RECOVERY_CODE:
        _tell_how_many_are_left()
        return redirect(address("accounts.second_factor"), 303)
    return redirect(local_path(destination, address("web.home")), 303)


def _tell_how_many_are_left() -> None:
    left = second_factor.count_recovery_codes(get_actor().id)
    flash(_("Je bent binnen met een herstelcode. Je hebt er nog %(n)s.", n=left))


# Setting it up, for who must have it before going in


def enrol_form() -> ResponseReturnValue:
    return _at_step(Step.ENROL, request.args.get("next")) or _enrol_page(request.args.get("next"), {})


def _enrol_page(destination: str | None, errors: dict[str, str]) -> ResponseReturnValue:
    half = halfway.find(find_half())
    invitation = halfway.invitation(half) if half else None
    if invitation is None:
        return _begin_again(destination)
    page = render(
        "accounts/enrol.html",
        invitation=invitation,
        destination=local_path(destination, ""),
        errors=errors,
        is_half=True,
    )
    return page, 422 if errors else 200


def enrol() -> ResponseReturnValue:
    destination = request.form.get("next")
    elsewhere = _at_step(Step.ENROL, destination)
    if elsewhere is not None:
        return elsewhere
    try:
        token, codes = halfway.enrol(find_half(), request.form.get(FIELD, ""))
    except Gone:
        return _begin_again(destination)
    except Invalid as invalid:
        return _enrol_page(destination, invalid.fields)
    enter(token)
    return recovery_codes_page(codes, local_path(destination, address("web.home")))


def recovery_codes_page(codes: list[str], destination: str) -> str:
    """Return the page that shows new recovery codes, the only time that they can be read."""
    return render("accounts/recovery_codes.html", codes=codes, destination=destination)


ROUTES = (
    ("/inloggen/code", "GET", second_step_form),
    ("/inloggen/code", "POST", second_step),
    ("/inloggen/tweede-stap", "GET", enrol_form),
    ("/inloggen/tweede-stap", "POST", enrol),
)
