"""Pages as a whole: what links to one, which are asked for, which nobody links to, and the number that always leads
to a page."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.paging import page_number
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import asked_address, render
from proeftuin.wiki import asked_for, queries
from proeftuin.wiki.edit_views import blueprint, on_page, on_space


@on_page("/verwijzingen")
def backlinks(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """List the pages that link to a page."""
    head = queries.get_page(get_actor(), pilot, page)
    return render("wiki/backlinks.html", page=head, pages=queries.list_backlinks(get_actor(), head))


@on_space("/gevraagd")
def wanted(pilot: str | None = None) -> ResponseReturnValue:
    """List the pages to which others link and that are not there."""
    space = queries.get_space(get_actor(), pilot)
    listed = asked_for.list_wanted(get_actor(), space.id, page_number(request.args.get("pagina")))
    return render("wiki/wanted.html", space=space, listed=listed)


@on_space("/los")
def orphans(pilot: str | None = None) -> ResponseReturnValue:
    """List the pages to which no other page links."""
    space = queries.get_space(get_actor(), pilot)
    listed = asked_for.list_orphans(get_actor(), space.id, page_number(request.args.get("pagina")))
    return render("wiki/orphans.html", space=space, listed=listed)


@blueprint.get("/p/<int:page_id>")
def permanent(page_id: int) -> ResponseReturnValue:
    """Lead to a page by its number, whatever it is called now."""
    return _to(page_id, "")


@blueprint.get("/p/<int:page_id>/versies/<int:number>")
def permanent_version(page_id: int, number: int) -> ResponseReturnValue:
    """Lead to a version of a page by its number."""
    return _to(page_id, f"/versies/{number}")


def _to(page_id: int, rest: str) -> ResponseReturnValue:
    _path, question, query = asked_address().partition("?")
    return redirect(f"{queries.get_path(get_actor(), page_id)}{rest}{question}{query}", 303)
