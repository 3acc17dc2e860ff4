"""/beheer/themas: keeping the themes that pilots belong to. For administrators only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.accounts import policy
from proeftuin.accounts.forms import Reader
from proeftuin.errors import Invalid
from proeftuin.i18n import _
from proeftuin.naming import clean_line
from proeftuin.pilots import themes as register
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import address, render

blueprint = Blueprint("themes", __name__)


@blueprint.before_request
def _for_administrators() -> None:
    policy.require_manager(get_actor())


def _parse() -> tuple[str, int | None]:
    reader = Reader(request.form)
    name, position = reader.text("name"), reader.number("position")
    reader.done()
    return name, position


@blueprint.get("/beheer/themas")
def themes() -> str:
    return _themes_page({}, {})


def _themes_page(errors: dict[str, str], typed: Mapping[str, Any]) -> str:
    return render(
        "admin/themes.html",
        rows=register.list_theme_rows(),
        errors=errors,
        typed={name: clean_line(str(typed.get(name, ""))) for name in ("name", "position")},
    )


@blueprint.post("/beheer/themas")
def create() -> ResponseReturnValue:
    try:
        name, position = _parse()
        register.create_theme(get_actor(), name=name, position=position)
    except Invalid as invalid:
        return _themes_page(invalid.fields, request.form), 422
    flash(_("Het thema is toegevoegd."))
    return redirect(address("themes.themes"), 303)


@blueprint.get("/beheer/themas/<int:theme_id>")
def theme(theme_id: int) -> str:
    row = register.get_theme(theme_id)
    return _theme_page(theme_id, {}, {"name": row.name, "position": row.position})


def _theme_page(theme_id: int, errors: dict[str, str], typed: Mapping[str, Any]) -> str:
    return render(
        "admin/theme.html",
        theme=register.get_theme(theme_id),
        errors=errors,
        typed={name: clean_line(str(typed.get(name, ""))) for name in ("name", "position")},
    )


@blueprint.post("/beheer/themas/<int:theme_id>")
def change(theme_id: int) -> ResponseReturnValue:
    row = register.get_theme(theme_id)
    try:
        name, position = _parse()
        register.change_theme(get_actor(), row, name=name, position=row.position if position is None else position)
    except Invalid as invalid:
        return _theme_page(theme_id, invalid.fields, request.form), 422
    flash(_("Bewaard."))
    return redirect(address("themes.themes"), 303)


@blueprint.post("/beheer/themas/<int:theme_id>/sluiten")
def close(theme_id: int) -> ResponseReturnValue:
    register.close_theme(get_actor(), register.get_theme(theme_id))
    flash(_("Het thema is gesloten."))
    return redirect(address("themes.themes"), 303)


@blueprint.post("/beheer/themas/<int:theme_id>/heropenen")
def reopen(theme_id: int) -> ResponseReturnValue:
    register.reopen_theme(get_actor(), register.get_theme(theme_id))
    flash(_("Het thema is weer open."))
    return redirect(address("themes.themes"), 303)
