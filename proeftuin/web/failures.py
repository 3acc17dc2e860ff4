"""Every refusal and failure as a designed page: what went wrong, what happened to the text, what you can do."""

from __future__ import annotations

import logging
import sqlite3

from flask import redirect
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from proeftuin.errors import Conflict, Gone, Moved, Refusal, TooMany
from proeftuin.i18n import _
from proeftuin.logs import request_number
from proeftuin.web.application import Application
from proeftuin.web.guard import posted_fields
from proeftuin.web.rendering import asked_address, render, render_bare

log = logging.getLogger(__name__)


def init_app(app: Application) -> None:
    """Turn exceptions into pages."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(Moved, _moved)
    app.register_error_handler(IntegrityError, _collided)
    app.register_error_handler(StaleDataError, _collided)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(sqlite3.OperationalError, _busy)  # when it cannot begin, the driver says so itself
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _failed)


def _page(status: int, message: str = "", *, way_out: str = "", retry_after: int = 0) -> ResponseReturnValue:
    page = render(
        "errors/error.html",
        status=status,
        message=message,
        way_out=way_out,
        retry_after=retry_after,
        typed=_typed(),
        query="",
    )
    return page, status, ({"Retry-After": str(retry_after)} if retry_after else {})


def _refused(refusal: Refusal) -> ResponseReturnValue:
    way_out = refusal.way_out or "" if isinstance(refusal, Conflict | Gone) else ""
    retry_after = refusal.retry_after if isinstance(refusal, TooMany) else 0
    return _page(refusal.status, refusal.message, way_out=way_out, retry_after=retry_after)


def _moved(moved: Moved) -> ResponseReturnValue:
    """Send the same request to the new address, with the rest of the path and the question kept.

    A browser asks again the next time, for a page may go back to its old name.
    """
    path, question, query = asked_address().partition("?")
    parts = path.split("/")
    name = 2 if parts[1] == "wiki" else 3  # of /wiki/<page>/… and /proeftuinen/<pilot>/<page>/…
    rest = ["", *parts[name + 1 :]] if parts[name : name + 1] == [moved.old] else [""]
    answer = redirect(f"{moved.path}{'/'.join(rest)}{question}{query}", moved.status)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _collided(error: IntegrityError | StaleDataError) -> ResponseReturnValue:
    log.info("two people were at it at once: %s", type(error).__name__)
    return _page(409, _("Iemand anders was je net voor."), way_out=asked_address())


def _busy(error: OperationalError | sqlite3.OperationalError) -> ResponseReturnValue:
    log.error("the database did not answer: %s", error)
    return _bare(503), 503, {"Retry-After": "5"}


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    return _page(error.code)


def _failed(error: Exception) -> ResponseReturnValue:
    log.exception("a request failed")
    return _bare(500), 500


def _bare(status: int) -> str:
    return render_bare("errors/bare.html", status=status, reference=request_number(), typed=_typed())


def _typed() -> list[tuple[str, str]]:
    """Return what was typed; nothing of a form that is too large, because it was never read."""
    try:
        return [(name, value) for name, value in posted_fields() if value.strip()]
    except RequestEntityTooLarge:
        return []
