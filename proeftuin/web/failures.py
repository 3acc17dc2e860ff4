"""Every refusal and failure as a designed page: what went wrong, what happened to the text, what you can do."""

from __future__ import annotations

import logging

from flask import g
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from proeftuin.errors import Conflict, Refusal, TooMany
from proeftuin.i18n import _
from proeftuin.web.application import Application
from proeftuin.web.guard import posted_fields
from proeftuin.web.rendering import asked_address, render, render_bare

log = logging.getLogger(__name__)


def init_app(app: Application) -> None:
    """Turn exceptions into pages."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(IntegrityError, _collided)
    app.register_error_handler(StaleDataError, _collided)
    app.register_error_handler(OperationalError, _busy)
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
    way_out = refusal.way_out or "" if isinstance(refusal, Conflict) else ""
    retry_after = refusal.retry_after if isinstance(refusal, TooMany) else 0
    return _page(refusal.status, refusal.message, way_out=way_out, retry_after=retry_after)


def _collided(error: IntegrityError | StaleDataError) -> ResponseReturnValue:
    log.info("two people were at it at once: %s", type(error).__name__)
    return _page(409, _("Iemand anders was je net voor."), way_out=asked_address())


def _busy(error: OperationalError) -> ResponseReturnValue:
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
    return render_bare("errors/bare.html", status=status, reference=g.get("request_id", ""), typed=_typed())


def _typed() -> list[tuple[str, str]]:
    """Return what was typed; nothing of a form that is too large, because it was never read."""
    try:
        return [(name, value) for name, value in posted_fields() if value.strip()]
    except RequestEntityTooLarge:
        return []
