"""/cao/voorbereiden: a text on its way to be published. The addresses are joined to those of `views`.

What must stay true: what was typed comes back, understood or not; looking at a text changes nothing; publishing is an
act of its own, by the secretary.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.cao import policy, preparing, queries, service
from proeftuin.cao.compare_views import list_changes
from proeftuin.cao.forms import NewForm, PreparationForm, clean_text
from proeftuin.cao.models import Preparation
from proeftuin.cao.terms import NAMES
from proeftuin.errors import Invalid
from proeftuin.i18n import _
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import address, render


def preparations() -> str:
    """List the texts in preparation, with a form for a new one."""
    policy.require_preparer(get_actor())
    return _new_page("", {})


def _new_page(text: str, errors: Mapping[str, str]) -> str:
    return render("cao/preparations.html", waiting=preparing.list_open(), text=text, errors=errors)


def create() -> ResponseReturnValue:
    """Put a text ready."""
    actor = get_actor()
    policy.require_preparer(actor)
    try:
        form = NewForm.parse(request.form, request.files)
        made = preparing.create(actor, text=form.text, file_name=form.file_name)
    except Invalid as invalid:
        return _new_page(clean_text(request.form.get("text", "")), invalid.fields), 422
    return redirect(address("cao.preparation", number=made.id), 303)


def preparation(number: int) -> ResponseReturnValue:
    """Show what a text in preparation would become."""
    row = preparing.get(get_actor(), number)
    if row.version_id is not None:
        head = next(each for each in queries.list_versions() if each.id == row.version_id)
        return redirect(head.path, 303)
    return _page(row, row.text, row.terms, {})


def _page(row: Preparation, text: str, typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    planned = preparing.preview(text, typed)
    return render(
        "cao/preparation.html",
        row=row,
        text=text,
        typed={**dict.fromkeys((*NAMES, "chosen"), ""), **typed},
        planned=planned,
        shown=list_changes(planned.differences),
        errors=errors,
        versions=[each for each in queries.list_versions() if each.is_live],
        may_publish=policy.may_publish(get_actor()),
    )


def save(number: int) -> ResponseReturnValue:
    """Keep what was typed, and show what it would become."""
    row = preparing.get(get_actor(), number, hold=True)
    form = PreparationForm.parse(request.form)
    try:
        preparing.save(get_actor(), row, edition=form.edition, text=form.text, terms=form.terms)
    except Invalid as invalid:
        return _page(row, form.text, form.terms, invalid.fields), 422
    flash(_("Bewaard. Hieronder zie je wat er is herkend."))
    return redirect(address("cao.preparation", number=number), 303)


def publish(number: int) -> ResponseReturnValue:
    """Make a version of it."""
    actor = get_actor()
    policy.require_publisher(actor)
    row = preparing.get(actor, number, hold=True)
    form = PreparationForm.parse(request.form)
    try:
        version = service.publish(actor, row, edition=form.edition, expiring_is_meant=form.expiring_is_meant)
    except Invalid as invalid:
        return _page(row, row.text, row.terms, invalid.fields), 422
    flash(_("Versie %(n)s van de cao is gepubliceerd.", n=version.number))
    return redirect(address("cao.version", number=version.number), 303)


def discard(number: int) -> ResponseReturnValue:
    """Throw it away."""
    row = preparing.get(get_actor(), number, hold=True)
    preparing.discard(get_actor(), row)
    flash(_("De tekst in voorbereiding is weg. Aan de cao is niets veranderd."))
    return redirect(address("cao.preparations"), 303)


def register(blueprint: Blueprint) -> None:
    """Join these addresses to the blueprint of the cao."""
    base = "/cao/voorbereiden"
    for path, method, act in (
        (base, "GET", preparations),
        (base, "POST", create),
        (f"{base}/<int:number>", "GET", preparation),
        (f"{base}/<int:number>", "POST", save),
        (f"{base}/<int:number>/publiceren", "POST", publish),
        (f"{base}/<int:number>/weggooien", "POST", discard),
    ):
        blueprint.add_url_rule(path, act.__name__, act, methods=[method])
