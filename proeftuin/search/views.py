"""The page with results: one box, facets with counts, and for every hit where and why it was found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from proeftuin.errors import NotFound
from proeftuin.paging import Paged
from proeftuin.search import queries, words
from proeftuin.search.engine import Engine
from proeftuin.search.forms import FACETS, Asked
from proeftuin.search.index import IndexUnusable
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render

blueprint = Blueprint("search", __name__)
FacetLine = tuple[str, str, int, bool]
_YEARS = {str(year): str(year) for year in range(2099, 1999, -1)}


@blueprint.get("/zoeken")
def results() -> ResponseReturnValue:
    """Show what was found, or what to do when nothing was."""
    actor = get_actor()
    names = _names()
    asked = Asked.parse(request.args).knowing(names)
    engine = cast(Engine, current_app.extensions["search"])
    try:
        found = queries.find(engine, actor, asked.text, filters=asked.filters, order=asked.order, page=asked.page)
    except IndexUnusable:
        return render("search/unavailable.html", asked=asked, search_words=asked.text), 503, {"Retry-After": "30"}
    paged = Paged(found.lines, asked.page, found.results.per_page, found.results.total)
    if paged.number > paged.last:
        raise NotFound
    return render(
        "search/results.html",
        asked=asked,
        paged=paged,
        query=found.results.query,
        facets=_facets(asked, found.results.facets, names),
        why_found=words.why_found,
        phase_names=words.phase_names(),
        search_words=asked.text,
    )


def _names() -> dict[str, dict[str, str]]:
    themes, departments = queries.facet_names()
    return {
        "soort": words.kind_names(),
        "thema": themes,
        "afdeling": departments,
        "fase": words.phase_names(),
        "jaar": _YEARS,
    }


def _facets(
    asked: Asked, counts: dict[str, list[tuple[str, int]]], names: dict[str, dict[str, str]]
) -> Iterable[tuple[str, list[FacetLine]]]:
    for facet, engine_name in FACETS.items():
        known = dict(counts.get(engine_name, []))
        chosen = asked.chosen.get(facet)
        lines = [
            (
                names[facet][value],
                asked.address(**{facet: None if value == chosen else value}),
                known.get(value, 0),
                value == chosen,
            )
            for value in names[facet]
            if known.get(value) or value == chosen
        ]
        if lines:
            yield facet, lines
