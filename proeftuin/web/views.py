"""The front page, and two addresses for whoever watches over the server."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from proeftuin import clock
from proeftuin.events.jobs import oldest_waiting
from proeftuin.following import sentences
from proeftuin.web.front_page import get_front_page, parse_filters
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render

blueprint = Blueprint("web", __name__)

LATE = 15 * 60
"""From how many seconds on a job that waits means that nobody does the jobs."""


@blueprint.get("/")
def home() -> str:
    """Show what runs, what is new and what waits for an answer."""
    given = request.args.to_dict()
    filters = parse_filters(given.get("thema", ""), given.get("afdeling", ""), given.get("fase", ""))
    page = get_front_page(get_actor(), filters)
    return render("web/home.html", page=page, news=[sentences.line(change) for change in page.news.rows])


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
