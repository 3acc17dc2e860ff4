"""/cao: the cao of today (or of a day of the past), its versions, its articles, and what changed between versions.

What must stay true: everything here can be read by everyone, and every choice stands in the address, so that a place
in the cao can be sent to a colleague.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from proeftuin import clock
from proeftuin.cao import citations, compare_views, policy, prepare_views, queries
from proeftuin.cao.compare_views import asked_version, before
from proeftuin.cao.looking import look
from proeftuin.cao.queries import Found, VersionHead
from proeftuin.cao.structure import CaoText
from proeftuin.deviations.look import Look
from proeftuin.deviations.register import touching
from proeftuin.errors import NotFound
from proeftuin.i18n import _
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki.history import ShownRow, compare_texts

blueprint = Blueprint("cao", __name__)
compare_views.register(blueprint)
prepare_views.register(blueprint)


@blueprint.get("/cao")
def view() -> str:
    """Show the version that holds now: its articles, and where words stand in it."""
    actor = get_actor()
    versions = queries.list_versions()
    today = clock.today()
    current = next((each for each in versions if each.holds_on(today)), None)
    shown = current or queries.nearest_version(versions, today)
    asked = request.args.get("zoek", "").strip()
    text = queries.load_text(shown.id) if shown else CaoText()
    return render(
        "cao/view.html",
        version=shown,
        is_current=current is not None,
        versions=versions,
        today=today,
        text=text,
        asked=asked,
        hits=look(text, asked) if asked else [],
        cited=_place(text, asked),
        may_prepare=policy.may_prepare(actor),
    )


@blueprint.get("/cao/versies/<int:number>")
def version(number: int) -> str:
    """Show the whole text of a version."""
    get_actor()
    head = queries.get_version(number)
    versions = queries.list_versions()
    return render(
        "cao/version.html",
        version=head,
        versions=versions,
        before=before(versions, head),
        today=clock.today(),
        text=queries.load_text(head.id),
    )


@blueprint.get("/cao/artikel/<number>")
def article(number: str) -> ResponseReturnValue:
    """Show an article as it holds now, or in an older version, with all its versions."""
    get_actor()
    look = Look.parse(request.args.get("bekend"))
    head = asked_version("versie", look.known) or _current(look.known)
    found = queries.get_article(head, number)
    history = queries.list_article_versions(found.article.key, look.known)
    old, new = (_among(history, name) for name in ("van", "naar"))
    rows: Sequence[ShownRow] = ()
    if old is not None and new is not None:
        rows = compare_texts(old.article.text, new.article.text)
    return render(
        "cao/article.html",
        found=found,
        article=found.article,
        version=head,
        today=clock.today(),
        holds=head.holds_on(clock.today()),
        history=list(_with_change(history)),
        old=old,
        new=new,
        rows=rows,
        neighbours=_neighbours(head, number),
        touches=touching.of_article(found.article.key, look),
        look=look,
    )


def _place(text: CaoText, asked: str) -> citations.Citation | None:
    """Return the place that was asked for by its citation, when it is there."""
    place = citations.parse(asked, {each.number for each in text.articles})
    found = next((each for each in text.articles if place and each.number == place.article), None)
    if place is None or found is None or (place.paragraph and found.paragraph(place.paragraph) is None):
        return None
    return place


def _current(known: date | None = None) -> VersionHead:
    """Return the version that holds now, else the nearest, of all or of those that were known on a day.

    :raises NotFound: when no version was ever published.
    """
    versions, today = queries.list_versions(known), clock.today()
    holding = next((each for each in versions if each.holds_on(today)), None)
    found = holding or queries.nearest_version(versions, today)
    if found is None:
        raise NotFound
    return found


def _among(history: Sequence[Found], name: str) -> Found | None:
    """Return the version of an article that the address names.

    :raises NotFound: when the article does not stand in it.
    """
    head = asked_version(name)
    if head is None:
        return None
    found = next((each for each in history if each.version.id == head.id), None)
    if found is None:
        raise NotFound
    return found


def _with_change(history: Sequence[Found]) -> list[tuple[Found, str]]:
    """Return each version of an article with what happened to it in that version."""
    told = []
    for n, each in enumerate(history):
        older = history[n + 1] if n + 1 < len(history) else None
        if older is None:
            words = _("voor het eerst")
        elif older.article.text != each.article.text:
            words = _("tekst veranderd")
        elif older.article != each.article:
            words = _("anders genummerd of aangeduid")
        else:
            words = _("woordelijk gelijk")
        told.append((each, words))
    return told


def _neighbours(head: VersionHead, number: str) -> tuple[Any, Any]:
    """Return number and title of the articles before and after one."""
    listed = queries.list_titles(head)
    place = next(n for n, (each, _title) in enumerate(listed) if each == number)
    before = listed[place - 1] if place else None
    return before, listed[place + 1] if place + 1 < len(listed) else None
