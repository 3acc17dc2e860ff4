"""The screens on which pages are read: a page, its versions, what links to it, and the lists of the site.

The screens on which they are written are in `edit_views`, under the same blueprint.
"""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from proeftuin.deviations.register import touching
from proeftuin.errors import NotFound
from proeftuin.talk.views import floor_on
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki import (
    anchor_lists,
    anchor_views,
    deletion_views,
    draft_lists,
    draft_views,
    hiding_views,
    history_views,
    list_views,
    new_page_views,
    queries,
    side_views,
    suggest_views,
    suggestion_views,
)
from proeftuin.wiki.edit_views import blueprint, on_page
from proeftuin.wiki.rows import PageGone

__all__ = [
    "anchor_views",
    "blueprint",
    "draft_views",
    "hiding_views",
    "history_views",
    "list_views",
    "new_page_views",
    "side_views",
    "suggest_views",
    "suggestion_views",
]

GLOSSARY, HELP = "begrippen", "hulp"
_SECTIONS = {GLOSSARY: "glossary", HELP: "help"}


@on_page("")
def view(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Show a page."""
    try:
        shown = queries.view_page(get_actor(), pilot, page)
    except PageGone:
        return deletion_views.tombstone(pilot, page)
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
        writing=_who_writes(shown),
        marked=anchor_lists.mark_page(shown.head.id, shown.html) if shown.passages else None,
        may_speak=floor_on(get_actor(), shown.head).is_open,
        banners=touching.of_page(get_actor(), shown.head, _known()) if shown.may_deviate else [],
    )


def _known() -> str | None:
    """Return the day of knowing that the address asks for; most addresses ask for nothing."""
    return request.args.get("bekend") if request.query_string else None


def _who_writes(shown: queries.PageView) -> str:
    """Return for a writer of the page who else is writing it now."""
    if not (shown.head.may_edit and shown.others_write):
        return ""
    return draft_lists.told_writers(draft_lists.writers_now(get_actor(), shown.head.id), also=False)


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
