"""/mijn/tweede-stap: one's own second step, set up, moved to another phone, or turned off.

Everything that changes it asks for the password again, and for a code as long as there is one. In the demo, where
people have no password, only the code is asked.
"""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.accounts import queries, second_factor, signing, throttle
from proeftuin.accounts.models import Person
from proeftuin.accounts.second_factor import FIELD
from proeftuin.accounts.second_step_views import recovery_codes_page
from proeftuin.errors import Invalid, TooMany
from proeftuin.i18n import _
from proeftuin.web.application import settings
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import address, render


def _person() -> Person:
    return queries.get_person(get_actor().id)


def show() -> str:
    return _own_page({})


def _own_page(errors: dict[str, str]) -> str:
    person = _person()
    return render(
        "accounts/second_factor.html",
        factor=second_factor.find(person),
        is_on=second_factor.is_on(person),
        is_required=second_factor.is_required(person),
        left=second_factor.count_recovery_codes(person.id),
        asks_password=_asks_password(person),
        has_password=person.password_hash is not None,
        email=person.email,
        errors=errors,
    )


def _asks_password(person: Person) -> bool:
    return person.password_hash is not None or not settings().demo


def _refused() -> ResponseReturnValue | None:
    """Ask who is signed in to prove it again; return the page when that fails, else None."""
    person = _person()
    try:
        if _asks_password(person):
            network = throttle.network_of(request.remote_addr or "")
            signing.require_password(person, request.form.get("old_password", ""), network=network)
        if second_factor.is_on(person):
            second_factor.prove(person, request.form.get(FIELD, ""))
    except Invalid as invalid:
        return _own_page(invalid.fields), 422
    except TooMany as refusal:
        return _own_page({"": refusal.message}), 429, {"Retry-After": str(refusal.retry_after)}
    return None


def prepare() -> ResponseReturnValue:
    refused = _refused()
    if refused is not None:
        return refused
    second_factor.prepare(_person())
    return redirect(address("accounts.enrol_own_form"), 303)


def enrol_own_form() -> ResponseReturnValue:
    return _enrol_page({})


def _enrol_page(errors: dict[str, str]) -> ResponseReturnValue:
    invitation = second_factor.find_invitation(_person())
    if invitation is None:
        return redirect(address("accounts.second_factor"), 303)
    page = render("accounts/enrol.html", invitation=invitation, destination="", errors=errors, is_half=False)
    return page, 422 if errors else 200


def enrol_own() -> ResponseReturnValue:
    try:
        codes = second_factor.confirm(_person(), request.form.get(FIELD, ""))
    except Invalid as invalid:
        return _enrol_page(invalid.fields)
    return recovery_codes_page(codes, address("accounts.second_factor"))


def renew_recovery_codes() -> ResponseReturnValue:
    person = _person()
    if not second_factor.is_on(person):
        return redirect(address("accounts.second_factor"), 303)
    refused = _refused()
    if refused is not None:
        return refused
    return recovery_codes_page(second_factor.renew_recovery_codes(person), address("accounts.second_factor"))


def end() -> ResponseReturnValue:
    if not second_factor.is_on(_person()):
        return redirect(address("accounts.second_factor"), 303)
    refused = _refused()
    if refused is not None:
        return refused
    second_factor.end(_person())
    flash(_("De tweede stap is uit. Je wachtwoord is nu genoeg om in te loggen."))
    return redirect(address("accounts.second_factor"), 303)


def keep_recovery_codes() -> ResponseReturnValue:
    """Give the recovery codes of the page at hand as a file; nothing else can be got here."""
    codes = request.form.get("recovery_codes", "").split()[:20]
    if not second_factor.are_recovery_codes(_person(), codes):
        return redirect(address("accounts.second_factor"), 303)
    title = _("Herstelcodes van Proeftuin %(org)s", org=settings().org_name)
    once = _("Elke code werkt één keer.")
    return (
        "\n".join((title, once, "", *codes, "")),
        200,
        {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Disposition": 'attachment; filename="proeftuin-herstelcodes.txt"',
        },
    )


ROUTES = (
    ("/mijn/tweede-stap", "GET", show, "second_factor"),
    ("/mijn/tweede-stap", "POST", prepare, "prepare_second_factor"),
    ("/mijn/tweede-stap/instellen", "GET", enrol_own_form, "enrol_own_form"),
    ("/mijn/tweede-stap/instellen", "POST", enrol_own, "enrol_own"),
    ("/mijn/tweede-stap/herstelcodes", "POST", renew_recovery_codes, "renew_recovery_codes"),
    ("/mijn/tweede-stap/bewaren", "POST", keep_recovery_codes, "keep_recovery_codes"),
    ("/mijn/tweede-stap/uit", "POST", end, "end_second_factor"),
)
