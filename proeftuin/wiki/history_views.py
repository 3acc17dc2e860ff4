"""The screens that answer questions about the past of a page: which versions, what changed, who wrote what and when.

What must stay true: every choice stands in the address, so that an answer can be sent to a colleague; every form
works without a script; whoever may read the page may read all of this, and only who writes there can undo.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.errors import Invalid, NotFound
from proeftuin.i18n import _
from proeftuin.paging import page_number
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki import authors as writing
from proeftuin.wiki import history as versions
from proeftuin.wiki import history_filter, phrases, queries
from proeftuin.wiki import undo as undoing
from proeftuin.wiki.edit_views import on_page
from proeftuin.wiki.forms import EditForm, version_number
from proeftuin.wiki.history_filter import Filter
from proeftuin.wiki.queries import PageHead
from proeftuin.wiki.reading_diff import FIRST, compare_readings
from proeftuin.wiki.rows import require_writer

VIEWS = ("naast-elkaar", "onder-elkaar", "zoals-gelezen")


@on_page("/geschiedenis")
def history(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """List the versions of a page, the newest first: all, or those by one person or of one kind."""
    head = queries.get_page(get_actor(), pilot, page, deleted=True)
    asked = version_number(request.args.get("toon"))
    size = asked if asked in versions.SIZES else versions.SIZES[0]
    wanted = Filter(version_number(request.args.get("wie")), history_filter.parse_sort(request.args.get("soort")))
    day, problem = _day(request.args.get("dag"))
    if day is not None:
        number = history_filter.version_on(head, day)
        if number is not None:
            return redirect(_at_version(head, number, size, wanted), 303)
        problem = _("Op die dag was deze pagina er nog niet.")
    shown: dict[str, Any] = {"listed": None, "found": None}
    if wanted:
        below, above = (version_number(request.args.get(name)) for name in ("voor", "na"))
        shown["found"] = history_filter.find_versions(head, wanted, size, below=below, above=above)
    else:
        shown["listed"] = versions.list_versions(head, page_number(request.args.get("pagina")), size)
    return render(
        "wiki/history.html",
        page=head,
        wanted=wanted,
        writers=tuple(history_filter.list_writers(head)),
        problem=problem,
        size=size,
        sizes=versions.SIZES,
        **shown,
    )


def _day(raw: str | None) -> tuple[date | None, str]:
    """Read a day from the address; a sentence when it is none."""
    if not raw:
        return None, ""
    try:
        return date.fromisoformat(raw), ""
    except ValueError:
        return None, _("Dat is geen dag. Typ hem als 2026-03-14.")


def _at_version(head: PageHead, number: int, size: int, wanted: Filter) -> str:
    """Return the address of the list at the place of a version."""
    given: dict[str, object] = {"toon": size}
    if wanted:
        chosen = {"wie": wanted.person, "soort": wanted.sort}
        given |= {name: value for name, value in chosen.items() if value is not None}
        given["voor"] = number + 1
    else:
        given["pagina"] = (head.current - number) // size + 1
    return f"{head.path}/geschiedenis?{urlencode(given)}#versie-{number}"


@on_page("/geschiedenis/zin")
def phrase(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Tell when some words came on a page and when they went."""
    head = queries.get_page(get_actor(), pilot, page, deleted=True)
    words = request.args.get("zin", "")
    shown: dict[str, Any] = {"page": head, "words": words, "answer": None, "errors": {}}
    if "zin" not in request.args:
        return render("wiki/phrase.html", **shown)
    try:
        shown["answer"] = phrases.find_phrase(head, words)
    except Invalid as refused:
        return render("wiki/phrase.html", **{**shown, "errors": refused.fields}), refused.status
    return render("wiki/phrase.html", **shown)


@on_page("/vergelijk")
def compare(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Show two versions: beside each other, under each other, or as they are read."""
    head = queries.get_page(get_actor(), pilot, page, deleted=True)
    asked = [version_number(request.args.get(name)) for name in ("van", "naar")]
    low, high = sorted(number for number in asked if number is not None) if None not in asked else (0, 0)
    if low == high and low:
        return redirect(f"{head.path}/versies/{low}", 303)
    chosen = request.args.get("weergave")
    view = chosen if chosen in VIEWS else VIEWS[0]
    both = versions.compare_versions(head, low, high)
    reading = ""
    if view == "zoals-gelezen" and both.rows:
        old, new = (queries.render_version(head, number) for number in (low, high))
        reading = compare_readings(old.html, new.html)
    first = FIRST if f'id="{FIRST}"' in reading else ""
    return render("wiki/compare.html", page=head, both=both, view=view, reading=reading, first=first)


@on_page("/auteurs")
def authors(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Show who wrote which passage, in the newest version or an older one."""
    head = queries.get_page(get_actor(), pilot, page, deleted=True)
    raw = request.args.get("versie")
    number = head.current if not raw else version_number(raw)
    if number is None:
        raise NotFound
    shown = versions.get_version(head, number)
    return render("wiki/authors.html", page=head, version=shown, written=writing.list_authors(head, number))


@on_page("/ongedaan/<int(max=2147483647):number>")
def undo_form(page: str, number: int, pilot: str | None = None) -> ResponseReturnValue:
    """Ask whether what a version changed must be undone, and show what that changes; or why it does not fit."""
    head = _writable(pilot, page)
    planned = undoing.plan_undo(head, number)
    rows = versions.compare_texts(planned.current, planned.result) if planned.result is not None else ()
    return render("wiki/undo.html", page=head, planned=planned, rows=rows)


@on_page("/ongedaan/<int(max=2147483647):number>", method="POST")
def undo(page: str, number: int, pilot: str | None = None) -> ResponseReturnValue:
    """Undo what a version changed."""
    head = _writable(pilot, page)
    form = EditForm.parse(request.form)
    saved = undoing.undo(get_actor(), head, number, base=form.base, reason=form.summary)
    if saved.is_new:
        flash(_("Versie %(n)s is ongedaan gemaakt. Dit is nu versie %(new)s.", n=number, new=saved.number), "good")
    else:
        flash(_("Van die versie stond niets meer op de pagina. Er is niets veranderd."), "info")
    return redirect(saved.path, 303)


def _writable(pilot: str | None, page: str) -> PageHead:
    head = queries.get_page(get_actor(), pilot, page)
    require_writer(head.space)
    return head
