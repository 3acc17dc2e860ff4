"""The screens on which pages are read: a page, its versions, what links to it, and the lists of the site.

The screens on which they are written are in `edit_views`, under the same blueprint.
"""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from proeftuin.errors import NotFound
from proeftuin.paging import page_number
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki import history as versions
from proeftuin.wiki import queries
from proeftuin.wiki.edit_views import blueprint, on_page
from proeftuin.wiki.forms import version_number

__all__ = ["blueprint"]

GLOSSARY, HELP = "begrippen", "hulp"
_SECTIONS = {GLOSSARY: "glossary", HELP: "help"}


@on_page("")
def view(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Show a page."""
    try:
        shown = queries.view_page(get_actor(), pilot, page)
    except NotFound:
        # Whether the pilot may be seen is asked here; the page may be missing or restricted, and both look alike.
        space = queries.get_space(get_actor(), pilot)
        return render("wiki/missing.html", space=space, title=""), NotFound.status
    return _page(shown, section="pilots" if pilot else _SECTIONS.get(page, ""))


def _page(shown: queries.PageView, *, section: str) -> str:
    return render(
        "wiki/page.html",
        view=shown,
        page=shown.head,
        html=Markup(shown.html),
        section=section,
        heard=queries.last_words(shown.head),
    )


@blueprint.get("/begrippen")
def glossary() -> ResponseReturnValue:
    """Show the page of the site that explains words."""
    return _known_page(GLOSSARY)


@blueprint.get("/hulp")
def help() -> ResponseReturnValue:
    """Show the page of the site that explains how things are done here."""
    return _known_page(HELP)


def _known_page(slug: str) -> ResponseReturnValue:
    try:
        shown = queries.view_page(get_actor(), None, slug)
    except NotFound:
        space = queries.get_space(get_actor(), None)
        return render("wiki/not_yet.html", space=space, slug=slug, section=_SECTIONS[slug])
    return _page(shown, section=_SECTIONS[slug])


@blueprint.get("/wiki")
def index() -> ResponseReturnValue:
    """List the pages of the site."""
    actor = get_actor()
    space = queries.get_space(actor, None)
    return render("wiki/index.html", space=space, pages=queries.list_pages(actor, space.id))


@on_page("/verwijzingen")
def backlinks(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """List the pages that link to a page."""
    head = queries.get_page(get_actor(), pilot, page)
    return render("wiki/backlinks.html", page=head, pages=queries.list_backlinks(get_actor(), head))


@on_page("/geschiedenis")
def history(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """List the versions of a page, the newest first."""
    head = queries.get_page(get_actor(), pilot, page)
    asked = version_number(request.args.get("toon"))
    size = asked if asked in versions.SIZES else versions.SIZES[0]
    listed = versions.list_versions(head, page_number(request.args.get("pagina")), size)
    return render("wiki/history.html", page=head, listed=listed, size=size, sizes=versions.SIZES)


@on_page("/versies/<int(max=2147483647):number>")
def version(page: str, number: int, pilot: str | None = None) -> ResponseReturnValue:
    """Show a page as it was in one version."""
    head = queries.get_page(get_actor(), pilot, page)
    shown = versions.get_version(head, number)
    return render("wiki/version.html", page=head, version=shown, rendered=queries.render_version(head, number))


@on_page("/vergelijk")
def compare(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Show two versions beside each other, or in one text with what went and what came."""
    head = queries.get_page(get_actor(), pilot, page)
    asked = [version_number(request.args.get(name)) for name in ("van", "naar")]
    low, high = sorted(number for number in asked if number is not None) if None not in asked else (0, 0)
    if low == high and low:
        return redirect(f"{head.path}/versies/{low}", 303)
    inline = request.args.get("weergave") == "onder-elkaar"
    return render("wiki/compare.html", page=head, both=versions.compare_versions(head, low, high), inline=inline)
