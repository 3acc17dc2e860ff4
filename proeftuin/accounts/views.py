"""Signing in and out, choosing a password, one's own sign-ins, and the language. The second step of signing in is in
`second_step_views`, keeping one's own in `second_factor_views`."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, flash, make_response, redirect, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from proeftuin import i18n
from proeftuin.accounts import devices, passwords, queries, second_factor_views, second_step_views, service
from proeftuin.accounts.halfway import Entrance, Step
from proeftuin.accounts.names import EMAIL_LENGTH
from proeftuin.accounts.second_step_views import go_on
from proeftuin.addresses import local_path
from proeftuin.errors import Gone, Invalid, TooMany
from proeftuin.i18n import _
from proeftuin.naming import clean_line
from proeftuin.web.application import Application, settings
from proeftuin.web.cast import find_cast
from proeftuin.web.identity import find_actor, get_actor, leave
from proeftuin.web.rendering import address, render

blueprint = Blueprint("accounts", __name__)

LANGUAGE_COOKIE_LASTS = 365 * 24 * 3600  # seconds


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    """Let no browser or proxy keep pages about passwords and sign-ins."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _network_address() -> str:
    return request.remote_addr or ""


def _device() -> str:
    return devices.describe(request.user_agent.string)


# Signing in and out


@blueprint.get("/inloggen")
def sign_in_form() -> ResponseReturnValue:
    if find_actor() is not None and not settings().demo:
        return redirect(local_path(request.args.get("next")), 303)
    return _sign_in_page(request.args.get("next"), {})


def _sign_in_page(destination: str | None, errors: dict[str, str], email: str = "") -> str:
    return render(
        "accounts/sign_in.html",
        destination=local_path(destination, ""),
        errors=errors,
        email=clean_line(email)[:EMAIL_LENGTH],
        cast=find_cast(),
        org=settings().org_name,
    )


@blueprint.post("/inloggen")
def sign_in() -> ResponseReturnValue:
    destination = request.form.get("next")
    try:
        entrance = service.sign_in(
            request.form.get("email", ""),
            request.form.get("password", ""),
            device=_device(),
            address=_network_address(),
        )
    except Invalid as invalid:
        return _sign_in_page(destination, invalid.fields, request.form.get("email", "")), 422
    except TooMany as refusal:
        page = _sign_in_page(destination, {"": refusal.message}, request.form.get("email", ""))
        return page, 429, {"Retry-After": str(refusal.retry_after)}
    return go_on(entrance, destination)


def sign_in_as() -> ResponseReturnValue:
    """Sign in as someone of the demo with one click. Outside the demo this has no address."""
    number = request.form.get("wie", "")
    person_id = int(number) if number.isascii() and number.isdigit() and len(number) <= 9 else 0
    token = service.sign_in_as(person_id, device=_device())
    return go_on(Entrance(token, Step.NOTHING), request.form.get("next"))


@blueprint.record
def _open_the_demo(state: BlueprintSetupState) -> None:
    if cast(Application, state.app).settings.demo:
        state.add_url_rule("/inloggen/als", "sign_in_as", sign_in_as, methods=["POST"])


@blueprint.post("/uitloggen")
def sign_out() -> ResponseReturnValue:
    service.sign_out(get_actor())
    leave()
    flash(_("Je bent uitgelogd."))
    response = redirect(address("accounts.sign_in_form"), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


for path, method, view in second_step_views.ROUTES:
    blueprint.add_url_rule(path, view.__name__, view, methods=[method])


# A forgotten password, and the links in letters


@blueprint.get("/wachtwoord/vergeten")
def forgot_form() -> ResponseReturnValue:
    return render("accounts/forgot.html", errors={}, email="", is_sent=False)


@blueprint.post("/wachtwoord/vergeten")
def forgot() -> ResponseReturnValue:
    email = request.form.get("email", "")
    if not email.strip():
        errors = {"email": _("Vul je e-mailadres in.")}
        return render("accounts/forgot.html", errors=errors, email="", is_sent=False), 422
    service.forgot_password(email, address=_network_address())
    return redirect(address("accounts.forgot_sent"), 303)


@blueprint.get("/wachtwoord/onderweg")
def forgot_sent() -> ResponseReturnValue:
    return render("accounts/forgot.html", errors={}, email="", is_sent=True)


@blueprint.get("/wachtwoord/kiezen/<token>")
def choose_password_form(token: str) -> ResponseReturnValue:
    return _choose_page(token, {})


def _choose_page(token: str, errors: dict[str, str]) -> str:
    owner = service.find_link_owner(token)
    return render("accounts/choose_password.html", owner=owner, errors=errors, advised=passwords.ADVISED)


@blueprint.post("/wachtwoord/kiezen/<token>")
def choose_password(token: str) -> ResponseReturnValue:
    try:
        service.choose_password(token, password=request.form.get("password", ""), address=_network_address())
    except Invalid as invalid:
        return _choose_page(token, invalid.fields), 422
    if find_actor() is not None:
        leave()
    flash(_("Je wachtwoord is gekozen. Log er nu mee in."))
    return redirect(address("accounts.sign_in_form"), 303)


@blueprint.errorhandler(Gone)
def _link_is_dead(gone: Gone) -> ResponseReturnValue:
    return render("accounts/dead_link.html", message=gone.message), gone.status


# One's own account


@blueprint.get("/mijn/wachtwoord")
def change_password_form() -> ResponseReturnValue:
    return _change_page({})


def _change_page(errors: dict[str, str]) -> str:
    person = queries.get_person(get_actor().id)
    return render("accounts/change_password.html", person=person, errors=errors, advised=passwords.ADVISED)


@blueprint.post("/mijn/wachtwoord")
def change_password() -> ResponseReturnValue:
    try:
        service.change_password(
            get_actor(),
            old=request.form.get("old_password", ""),
            new=request.form.get("password", ""),
            address=_network_address(),
        )
    except Invalid as invalid:
        return _change_page(invalid.fields), 422
    flash(_("Je wachtwoord is gewijzigd. Op andere apparaten ben je uitgelogd."))
    return redirect(address("accounts.sessions"), 303)


@blueprint.get("/mijn/sessies")
def sessions() -> ResponseReturnValue:
    return render("accounts/sessions.html", sign_ins=queries.list_sign_ins(get_actor()))


@blueprint.post("/mijn/sessies/<int:sign_in_id>/beeindigen")
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    service.end_sign_in(get_actor(), sign_in_id)
    if sign_in_id == get_actor().sign_in_id:
        leave()
        return redirect(address("accounts.sign_in_form"), 303)
    flash(_("Dat apparaat is uitgelogd."))
    return redirect(address("accounts.sessions"), 303)


@blueprint.post("/mijn/sessies/andere-beeindigen")
def end_other_sign_ins() -> ResponseReturnValue:
    service.end_other_sign_ins(get_actor())
    flash(_("Je andere apparaten zijn uitgelogd."))
    return redirect(address("accounts.sessions"), 303)


for own_path, own_method, own_view, name in second_factor_views.ROUTES:
    blueprint.add_url_rule(own_path, name, own_view, methods=[own_method])


@blueprint.post("/taal")
def set_language() -> ResponseReturnValue:
    code = request.form.get("language", "")
    if code not in i18n.LANGUAGES:
        raise Invalid({"language": _("Kies Nederlands of Engels.")})
    actor = find_actor()
    if actor is not None:
        service.set_language(actor, code)
    response = make_response(redirect(local_path(request.form.get("back")), 303))
    response.set_cookie(
        "language",
        code,
        max_age=LANGUAGE_COOKIE_LASTS,
        secure=settings().is_https,
        httponly=True,
        samesite="Lax",
    )
    return response
