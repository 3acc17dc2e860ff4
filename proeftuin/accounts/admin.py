"""/beheer: keeping people, departments and parties, and seeing whether the work in the background gets done.

For administrators only. They read here who has an account and which role; never what someone reads, follows or takes
part in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin import clock
from proeftuin.accounts import forms, organisation_admin, policy, queries, registers, second_factor, service
from proeftuin.accounts.forms import InvitationForm, MandateForm, PersonForm, RoleForm, Typed
from proeftuin.accounts.models import Person, Role
from proeftuin.errors import Invalid
from proeftuin.events import jobs
from proeftuin.i18n import _
from proeftuin.paging import page_number
from proeftuin.web.application import settings
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import address, render

blueprint = Blueprint("admin", __name__)


@blueprint.before_request
def _for_administrators() -> None:
    policy.require_manager(get_actor())


@blueprint.get("/beheer")
def overview() -> str:
    return render(
        "admin/overview.html",
        waiting=sum(jobs.count_waiting().values()),
        failed=jobs.count_failed(),
        acts=registers.list_acts(),
        by_file=settings().mail_backend == "file",
    )


# People


@blueprint.get("/beheer/mensen")
def people() -> str:
    words = request.args.get("q", "")[:100]
    number = page_number(request.args.get("bladzijde"))
    return render("admin/people.html", words=words, page=registers.list_people_page(words, number))


@blueprint.get("/beheer/mensen/nieuw")
def new_person() -> str:
    return _new_person_page({}, {"language": settings().language})


def _new_person_page(errors: dict[str, str], typed: Mapping[str, Any]) -> str:
    return render(
        "admin/person_new.html",
        errors=errors,
        typed=Typed(typed),
        departments=queries.list_departments(),
        parties=queries.list_parties(),
    )


@blueprint.post("/beheer/mensen/nieuw")
def create_person() -> ResponseReturnValue:
    try:
        form = InvitationForm.parse(request.form)
        person = service.create_person(
            get_actor(),
            email=form.email,
            name=form.name,
            function=form.function,
            department_id=form.department_id,
            is_external=form.is_external,
            ends_on=form.ends_on,
            language=form.language,
        )
        if form.party_id is not None:
            service.let_represent(get_actor(), person, form.party_id, may_sign=form.may_sign)
        service.invite(get_actor(), person)
    except Invalid as invalid:
        return _new_person_page(invalid.fields, request.form), 422
    flash(_("%(name)s heeft een account. De uitnodiging is onderweg.", name=person.name))
    return redirect(address("admin.person", person_id=person.id), 303)


@blueprint.get("/beheer/mensen/<int:person_id>")
def person(person_id: int) -> str:
    return _person_page(queries.get_person(person_id), {})


def _person_page(
    person: Person, errors: dict[str, str], typed: Mapping[str, Any] | None = None, place: str = ""
) -> str:
    """Return the page of a person; `place` is the form on it that has the errors and what was typed."""
    known = {
        "name": person.name,
        "email": person.email,
        "function": person.function,
        "department_id": person.department_id or "",
        "language": person.language,
        "is_external": "1" if person.is_external else "",
        "ends_on": person.ends_on.isoformat() if person.ends_on else "",
    }
    return render(
        "admin/person.html",
        person=person,
        state=registers.state_of(person),
        department=queries.get_department(person.department_id) if person.department_id else None,
        departments=queries.list_departments(),
        grants=registers.list_grants(person.id),
        mandates=registers.list_mandates(person.id),
        parties=queries.list_parties(),
        known=Typed(typed if place == "" and typed is not None else known),
        typed=Typed(typed if place and typed is not None else {}),
        errors=errors,
        spot=place,
        roles=list(Role),
        factor=second_factor.find(person),
        needs_factor=second_factor.is_required(person),
    )


@blueprint.post("/beheer/mensen/<int:person_id>")
def change_person(person_id: int) -> ResponseReturnValue:
    person = queries.get_person(person_id)
    try:
        form = PersonForm.parse(request.form)
        service.change_person(
            get_actor(),
            person,
            name=form.name,
            function=form.function,
            department_id=form.department_id,
            language=form.language,
            is_external=form.is_external,
            ends_on=form.ends_on,
            email=form.email or None,
        )
    except Invalid as invalid:
        return _person_page(person, invalid.fields, request.form), 422
    return _back_to(person, _("Bewaard."))


def _back_to(person: Person, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(address("admin.person", person_id=person.id), 303)


@blueprint.post("/beheer/mensen/<int:person_id>/uitnodigen")
def invite(person_id: int) -> ResponseReturnValue:
    person = queries.get_person(person_id)
    service.invite(get_actor(), person)
    return _back_to(person, _("De uitnodiging is onderweg naar %(email)s.", email=person.email))


@blueprint.post("/beheer/mensen/<int:person_id>/blokkeren")
def block(person_id: int) -> ResponseReturnValue:
    person = queries.get_person(person_id)
    service.block(get_actor(), person)
    return _back_to(person, _("Het account is geblokkeerd. %(name)s is overal uitgelogd.", name=person.name))


@blueprint.post("/beheer/mensen/<int:person_id>/deblokkeren")
def unblock(person_id: int) -> ResponseReturnValue:
    person = queries.get_person(person_id)
    service.unblock(get_actor(), person)
    return _back_to(person, _("Het account is weer open."))


@blueprint.post("/beheer/mensen/<int:person_id>/tweede-stap-wissen")
def reset_second_factor(person_id: int) -> ResponseReturnValue:
    person = queries.get_person(person_id)
    service.reset_second_factor(get_actor(), person)
    return _back_to(person, _("De tweede stap is gewist. %(name)s krijgt daar mail van.", name=person.name))


@blueprint.post("/beheer/mensen/<int:person_id>/rollen")
def grant_role(person_id: int) -> ResponseReturnValue:
    person = queries.get_person(person_id)
    try:
        form = RoleForm.parse(request.form, clock.today())
        service.grant_role(get_actor(), person, form.role, starts_on=form.starts_on, ends_on=form.ends_on)
    except Invalid as invalid:
        return _person_page(person, invalid.fields, request.form, "rol"), 422
    return _back_to(person, _("De rol is gegeven."))


@blueprint.post("/beheer/rollen/<int:grant_id>/beeindigen")
def end_role(grant_id: int) -> ResponseReturnValue:
    grant = registers.get_grant(grant_id)
    person = queries.get_person(grant.person_id)
    try:
        service.end_role(get_actor(), grant, ends_on=forms.parse_last_day(request.form, clock.today()))
    except Invalid as invalid:
        return _person_page(person, invalid.fields, request.form, f"rol-{grant_id}"), 422
    return _back_to(person, _("De laatste dag van de rol is bewaard."))


@blueprint.post("/beheer/mensen/<int:person_id>/mandaten")
def give_mandate(person_id: int) -> ResponseReturnValue:
    person = queries.get_person(person_id)
    try:
        form = MandateForm.parse(request.form, clock.today())
        service.give_mandate(
            get_actor(),
            person,
            form.party_id,
            function=form.function,
            may_sign=form.may_sign,
            starts_on=form.starts_on,
            ends_on=form.ends_on,
        )
    except Invalid as invalid:
        return _person_page(person, invalid.fields, request.form, "mandaat"), 422
    return _back_to(person, _("Het mandaat is gegeven."))


@blueprint.post("/beheer/mandaten/<int:mandate_id>/beeindigen")
def end_mandate(mandate_id: int) -> ResponseReturnValue:
    mandate = registers.get_mandate(mandate_id)
    person = queries.get_person(mandate.person_id)
    try:
        service.end_mandate(get_actor(), mandate, ends_on=forms.parse_last_day(request.form, clock.today()))
    except Invalid as invalid:
        return _person_page(person, invalid.fields, request.form, f"mandaat-{mandate_id}"), 422
    return _back_to(person, _("De laatste dag van het mandaat is bewaard."))


for path, method, view in organisation_admin.ROUTES:
    blueprint.add_url_rule(path, view.__name__, view, methods=[method])
