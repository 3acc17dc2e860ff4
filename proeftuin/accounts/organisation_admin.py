"""/beheer/afdelingen and /beheer/partijen: keeping departments and parties. The addresses are joined to those of
`admin.py`, which lets administrators in only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.accounts import queries, registers, service
from proeftuin.accounts.forms import DepartmentForm, PartyForm, Typed
from proeftuin.accounts.models import PartyKind
from proeftuin.errors import Invalid
from proeftuin.i18n import _
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import address, render

# Departments


def departments() -> str:
    return _departments_page({}, {})


def _departments_page(errors: dict[str, str], typed: Mapping[str, Any]) -> str:
    return render(
        "admin/departments.html",
        rows=registers.list_department_rows(),
        choices=queries.list_departments(),
        errors=errors,
        typed=Typed(typed),
    )


def create_department() -> ResponseReturnValue:
    try:
        form = DepartmentForm.parse(request.form)
        service.create_department(get_actor(), name=form.name, headcount=form.headcount, parent_id=form.parent_id)
    except Invalid as invalid:
        return _departments_page(invalid.fields, request.form), 422
    flash(_("De afdeling is toegevoegd."))
    return redirect(address("admin.departments"), 303)


def department(department_id: int) -> str:
    row = queries.get_department(department_id)
    known = {"name": row.name, "headcount": row.headcount or "", "parent_id": row.parent_id or ""}
    return _department_page(department_id, {}, known)


def _department_page(department_id: int, errors: dict[str, str], typed: Mapping[str, Any]) -> str:
    row = queries.get_department(department_id)
    choices = [other for other in queries.list_departments() if other.id != department_id]
    return render("admin/department.html", department=row, choices=choices, errors=errors, typed=Typed(typed))


def change_department(department_id: int) -> ResponseReturnValue:
    row = queries.get_department(department_id)
    try:
        form = DepartmentForm.parse(request.form)
        service.change_department(
            get_actor(), row, name=form.name, headcount=form.headcount, parent_id=form.parent_id
        )
    except Invalid as invalid:
        return _department_page(department_id, invalid.fields, request.form), 422
    flash(_("Bewaard."))
    return redirect(address("admin.departments"), 303)


def close_department(department_id: int) -> ResponseReturnValue:
    service.close_department(get_actor(), queries.get_department(department_id))
    flash(_("De afdeling is gesloten."))
    return redirect(address("admin.departments"), 303)


def reopen_department(department_id: int) -> ResponseReturnValue:
    service.reopen_department(get_actor(), queries.get_department(department_id))
    flash(_("De afdeling is weer open."))
    return redirect(address("admin.departments"), 303)


# Parties


def parties() -> str:
    return _parties_page({}, {})


def _parties_page(errors: dict[str, str], typed: Mapping[str, Any]) -> str:
    return render(
        "admin/parties.html",
        rows=registers.list_party_rows(),
        kinds=list(PartyKind),
        errors=errors,
        typed=Typed(typed),
    )


def create_party() -> ResponseReturnValue:
    try:
        form = PartyForm.parse(request.form)
        service.create_party(get_actor(), name=form.name, kind=form.kind, signs_cao=form.signs_cao)
    except Invalid as invalid:
        return _parties_page(invalid.fields, request.form), 422
    flash(_("De partij is toegevoegd."))
    return redirect(address("admin.parties"), 303)


def party(party_id: int) -> str:
    row = queries.get_party(party_id)
    return _party_page(party_id, {}, {"name": row.name, "signs_cao": "1" if row.signs_cao else ""})


def _party_page(party_id: int, errors: dict[str, str], typed: Mapping[str, Any]) -> str:
    return render("admin/party.html", party=queries.get_party(party_id), errors=errors, typed=Typed(typed))


def change_party(party_id: int) -> ResponseReturnValue:
    row = queries.get_party(party_id)
    try:
        form = PartyForm.parse(request.form, row.kind)
        service.change_party(get_actor(), row, name=form.name, signs_cao=form.signs_cao)
    except Invalid as invalid:
        return _party_page(party_id, invalid.fields, request.form), 422
    flash(_("Bewaard."))
    return redirect(address("admin.parties"), 303)


def close_party(party_id: int) -> ResponseReturnValue:
    service.close_party(get_actor(), queries.get_party(party_id))
    flash(_("De partij is gesloten."))
    return redirect(address("admin.parties"), 303)


def reopen_party(party_id: int) -> ResponseReturnValue:
    service.reopen_party(get_actor(), queries.get_party(party_id))
    flash(_("De partij is weer open."))
    return redirect(address("admin.parties"), 303)


ROUTES = (
    ("/beheer/afdelingen", "GET", departments),
    ("/beheer/afdelingen", "POST", create_department),
    ("/beheer/afdelingen/<int:department_id>", "GET", department),
    ("/beheer/afdelingen/<int:department_id>", "POST", change_department),
    ("/beheer/afdelingen/<int:department_id>/sluiten", "POST", close_department),
    ("/beheer/afdelingen/<int:department_id>/heropenen", "POST", reopen_department),
    ("/beheer/partijen", "GET", parties),
    ("/beheer/partijen", "POST", create_party),
    ("/beheer/partijen/<int:party_id>", "GET", party),
    ("/beheer/partijen/<int:party_id>", "POST", change_party),
    ("/beheer/partijen/<int:party_id>/sluiten", "POST", close_party),
    ("/beheer/partijen/<int:party_id>/heropenen", "POST", reopen_party),
)
