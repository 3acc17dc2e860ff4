"""The front page, and two addresses for whoever watches over the server."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from proeftuin import clock
from proeftuin.events.jobs import oldest_waiting
from proeftuin.following import sentences
from proeftuin.i18n import _
from proeftuin.web.application import settings
from proeftuin.web.front_page import get_front_page, parse_filters
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import address, render

blueprint = Blueprint("web", __name__)

KEYS = ("off", "search", "letters")
YEAR = 365 * 24 * 3600
LATE = 15 * 60
"""From how many seconds on a job that waits means that nobody does the jobs."""


@blueprint.get("/")
def home() -> str:
    """Show what runs, what is new and what waits for an answer."""
    given = request.args.to_dict()
    filters = parse_filters(given.get("thema", ""), given.get("afdeling", ""), given.get("fase", ""))
    page = get_front_page(get_actor(), filters)
    return render(
        "web/home.html", page=page, news=[sentences.line(change) for change in (page.news.rows if page.news else ())]
    )


@blueprint.get("/mijn/toetsen")
def keys() -> str:
    """List the keys that work, and ask which of them the reader wants."""
    chosen = request.cookies.get("keys", "")
    return render("web/keys.html", choice=chosen if chosen in KEYS else "search")


@blueprint.post("/mijn/toetsen")
def choose_keys() -> ResponseReturnValue:
    """Remember in this browser which keys may work without Ctrl; a script reads it there."""
    chosen = request.form.get("keys", "")
    flash(_("Bewaard voor deze browser."), "good")
    response = redirect(address("web.keys"), 303)
    if chosen in KEYS:
        response.set_cookie("keys", chosen, max_age=YEAR, secure=settings().is_https, httponly=False, samesite="Lax")
    return response


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the process answers; nothing else is asked."""
    return _plain("ok\n", 200)


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Say whether the database answers and the jobs are done, and for how many seconds the oldest one waits."""
    try:
        due_at = oldest_waiting()
    except SQLAlchemyError:
        return _plain("database: no answer\n", 503)
    waited = int((clock.now() - due_at).total_seconds()) if due_at else 0
    return _plain(f"database: ok\njobs: oldest waits {waited} s\n", 503 if waited > LATE else 200)


def _plain(text: str, status: int) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(text, status, headers, content_type="text/plain; charset=utf-8")
