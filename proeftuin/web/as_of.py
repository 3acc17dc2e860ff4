"""`?op=2026-03-03`: the site as it stood at the end of a day.

What must stay true: who asks, and what they may read, is settled before the step to the past, with the clock and the
tables of now; nothing can be sent to a day of the past; a screen without a past says so instead of pretending.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast
from urllib.parse import quote, urlencode

from flask import Response, current_app, g, make_response, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin import clock, i18n
from proeftuin.errors import NotAllowed, Refusal
from proeftuin.i18n import _
from proeftuin.past import beginnings, views
from proeftuin.past.day import read_day
from proeftuin.web import standing_then
from proeftuin.web.application import SAFE_METHODS, Application
from proeftuin.web.day_links import PARAMETER, DayLinks, Kind
from proeftuin.web.filters import for_language
from proeftuin.web.identity import find_actor
from proeftuin.web.rendering import asked_address, render

DATED = frozenset(
    {
        "web.home",
        *(f"pilots.{name}" for name in ("view", "progress", "pages", "history", "team", "risks", "promises")),
        *(f"wiki.{name}" for name in ("view", "index", "glossary", "help", "backlinks", "history", "version")),
        *(
            f"wiki.{name}"
            for name in ("compare", "authors", "phrase", "wanted", "orphans", "side_version", "suggestion")
        ),
        *(f"wiki.{name}" for name in ("page_suggestions", "space_suggestions", "permanent", "permanent_version")),
        *("files.files", "files.view", "exchange.show_dossier"),
        *(f"talk.{name}" for name in ("pilot_talk", "page_talk", "site_talk", "thread", "permalink", "versions")),
        "following.changes",
        *(f"cao.{name}" for name in ("view", "version", "article", "compare")),
        *(f"outcomes.{name}" for name in ("view", "earlier", "measures")),
        *(f"deviations.{name}" for name in ("register", "card", "versions", "version", "compare", "history")),
        "deviations.oversight",
        *(f"evidence.{name}" for name in ("register_file", "deviation_json", "deviation_file", "figures")),
        "evidence.take_along",
        *(f"evidence.pack_{name}" for name in ("asked", "deviation", "pilot", "article", "period")),
    }
)
"""The screens that can be read on a day."""
PLACES = ("pilots", "wiki", "talk", "files", "exchange", "cao", "deviations", "outcomes")
"""The blueprints whose other screens with a form are there to change something."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What the banner says: the day that is shown, or of which was asked what has no past (`only_now`)."""

    day: date
    present: str
    before: str
    after: str
    only_now: str = ""


@dataclass(frozen=True, slots=True)
class DayField:
    """The form that asks for a day: where it leads, what else stands in the address, and the last day it can show."""

    action: str
    kept: Sequence[tuple[str, str]]
    value: str
    last: date


class NoSuchDay(Refusal):
    """What was asked for is no day, or no day that can be shown. `way_out` is a day that can."""

    status = 422

    def __init__(self, message: str, way_out: date | None = None) -> None:
        super().__init__(message)
        self.way_out = way_out


def init_app(app: Application) -> None:
    """Read the day from every address; call it after the guard, and before the blueprints are of use."""
    app.before_request(_enter)
    app.after_request(_finish)
    app.register_error_handler(NoSuchDay, _no_such_day)
    app.extensions["templates"].add_globals(day_field=day_field)


def _enter() -> ResponseReturnValue | None:
    """Go to the day in the address, when the screen has a past."""
    given = request.args.get(PARAMETER) if request.query_string else None
    if given is None or request.endpoint is None:
        return None
    if not given and request.blueprint == "deviations":  # a field of a form that asks for more than a day
        return None
    if request.method not in SAFE_METHODS:
        raise NotAllowed(_("Op een dag in het verleden kun je niets veranderen. Er is niets gedaan."))
    if request.endpoint in DATED:
        return _go_to(given)
    if _links().kind_of(request.endpoint) is Kind.WRITING:
        raise NotAllowed(_("Op een dag in het verleden kun je niets veranderen. Ga eerst naar vandaag."))
    day = read_day(given)
    if day is not None:
        searching = request.endpoint == "search.results"
        g.glance = Glance(
            day,
            present="",
            before=f"/?{PARAMETER}={day}",
            after="",
            only_now=_("Zoeken vindt altijd wat er vandaag staat.")
            if searching
            else _("Dit scherm laat altijd zien hoe het nu is."),
        )
    return None


def _go_to(given: str) -> ResponseReturnValue | None:
    day, today = read_day(given), clock.today()
    if day is None:
        raise NoSuchDay(
            _("“%(given)s” is geen dag. Schrijf een dag als 2026-03-31, of kies er hieronder een.", given=given[:40])
        )
    if day > today:
        raise NoSuchDay(_("Die dag moet nog komen. Kies een dag die voorbij is."))
    if day == today:  # it is not over yet; the present is all there is of it
        return redirect(_here(None), 303)
    first = beginnings.first_day()
    if day < first:
        sentence = _("Op die dag was deze site er nog niet. De eerste dag is %(day)s.", day=_in_words(first))
        raise NoSuchDay(sentence, first if first < today else None)
    next_day = day + timedelta(days=1)
    g.glance = Glance(
        day,
        present=_here(None),
        before=_here(day - timedelta(days=1)) if day > first else "",
        after=_here(next_day if next_day < today else None),
    )
    views.go_to(g.unit, day)
    return None


def _here(day: date | None, path: str = "") -> str:
    """Return the address that was asked for on another day or in the present, or another one with what it asks."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != PARAMETER]
    if day is not None:
        pairs.append((PARAMETER, day.isoformat()))
    path = quote(path or request.path, safe="/:@!$&'()*+,;=~-._")
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _in_words(day: date) -> str:
    form = for_language(i18n.language())
    return f"{form['weekday'](day)} {form['date_long'](day)}"


def day_field() -> DayField:
    """Return the form that asks for this screen on another day, or for the front page where this has no past."""
    dated = request.endpoint in DATED
    glance: Glance | None = g.get("glance")
    if glance is None and not request.query_string:
        return DayField(asked_address() if dated else "/", kept=(), value="", last=_yesterday(None))
    kept: list[tuple[str, str]] = []
    if dated and request.query_string:
        kept = [(name, value) for name, value in request.args.items(multi=True) if name != PARAMETER]
    return DayField(
        action=asked_address().partition("?")[0] if dated else "/",
        kept=kept,
        value=glance.day.isoformat() if glance else "",
        last=_yesterday(glance),
    )


def _yesterday(glance: Glance | None) -> date:
    if glance is not None and not glance.only_now:
        return clock.day_of(clock.really_now()) - timedelta(days=1)
    return clock.today() - timedelta(days=1)


def _finish(response: Response) -> Response:
    """Keep the day in what a page of the past leads to, and say what was not there yet."""
    glance: Glance | None = g.get("glance")
    if glance is None or glance.only_now:
        return response
    links = _links()
    if response.status_code == 404:
        response = _not_there(glance.day) or response
    if "Location" in response.headers:
        response.headers["Location"] = links.dated(response.headers["Location"], glance.day)
    elif response.mimetype == "text/html":
        response.set_data(links.rewrite(response.get_data(as_text=True), glance.day))
    return response


def _not_there(day: date) -> Response | None:
    """Return what to answer when something is not found on a day that its reader may see now."""
    g.unit.come_back()
    actor = find_actor()
    found = standing_then.find(actor, request.view_args or {}, day) if actor else None
    if found is None:
        return None
    if found.path:
        rest = request.path.removeprefix(found.now) if request.path.startswith(f"{found.now}/") else ""
        return make_response(redirect(_here(day, found.path + rest), 303))
    words = {"title": found.title, "day": _in_words(day)}
    message = _("“%(title)s” bestond nog niet op %(day)s.", **words)
    return make_response(_page(404, message, found.first if found.first < clock.today() else None, _here(None)), 404)


def _no_such_day(refusal: NoSuchDay) -> ResponseReturnValue:
    return _page(refusal.status, refusal.message, refusal.way_out, _here(None)), refusal.status


def _page(status: int, message: str, day: date | None, present: str) -> str:
    """Return the page that says why a day cannot be shown, with the way to one that can."""
    there = _here(day) if day else ""
    return render("errors/day.html", status=status, message=message, day=day, there=there, present=present)


def _links() -> DayLinks:
    return day_links(cast(Application, current_app))


def day_links(app: Application) -> DayLinks:
    """Return what knows the addresses that have a past; made when the application has all its blueprints."""
    links: DayLinks | None = app.extensions.get("day_links")
    if links is None:
        links = app.extensions["day_links"] = DayLinks(app.url_map, DATED, PLACES)
    return links
