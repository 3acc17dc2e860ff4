"""The Flask class of the product: the request is the transaction.

One place ends a transaction: an unsafe method answered below 400 commits, everything else rolls back. A GET never
writes. Jobs are woken after the commit.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from flask import Flask, Request, Response, current_app, g, request, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map, MapAdapter

from proeftuin.accounts.queries import User
from proeftuin.config import Config
from proeftuin.courtesy import in_a_hurry
from proeftuin.db import Database
from proeftuin.web.cookies import RememberingSessions

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
USUAL_BODY = 1_400_000
"""Bytes; below every limit that a form can meet halfway."""
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
MOST_HOSTS = 100
"""So many names of the site are remembered; there are a few, and whoever makes up others gains nothing."""
LARGEST_NUMBER = 2**31 - 1  # what a primary key can hold; a larger one in an address is of nothing


class RowNumber(IntegerConverter):
    """The number of a row in an address: `<int:thread_id>`."""

    def __init__(self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int = LARGEST_NUMBER) -> None:
        super().__init__(map, fixed_digits, min, max)


class Application(Flask):
    """A Flask application with a database, settings, and one transaction for each request."""

    login_manager: LoginManager
    find_user: Callable[[str], User | None]

    def __init__(self, settings: Config) -> None:
        super().__init__("proeftuin", static_folder=None, template_folder=None)
        self.url_map.converters["int"] = RowNumber
        self.session_interface = RememberingSessions()
        self.settings = settings
        self.database = Database(settings.database_url, settings)
        self.largest_bodies: dict[str, int] = {}
        self._bound: dict[tuple[str, str, str], MapAdapter] = {}

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is: nothing here is asynchronous, and looking each time takes time."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Bind the addresses to a request; a host is taken apart and judged once, and not with every request."""
        environ = {} if request is None else request.environ
        host = environ.get("HTTP_HOST")
        if request is None or host is None or "HTTP_UPGRADE" in environ:
            return super().create_url_adapter(request)
        where = (host, environ["wsgi.url_scheme"], environ.get("SCRIPT_NAME", ""))
        bound = self._bound.get(where)
        if bound is None:
            bound = super().create_url_adapter(request)
            if bound is not None and len(self._bound) < MOST_HOSTS:
                self._bound[where] = bound
            return bound
        return MapAdapter(
            bound.map,
            bound.server_name,
            bound.script_name,
            bound.subdomain,
            bound.url_scheme,
            request.path,
            request.method,
            request.query_string.decode(errors="replace"),
        )

    def full_dispatch_request(self) -> Response:
        if request.method in SAFE_METHODS:
            return self._in_unit(writing=False)
        self._receive()
        with in_a_hurry():
            return self._in_unit(writing=True)

    def _in_unit(self, *, writing: bool) -> Response:
        with self.database.unit(writing=writing) as unit:
            g.unit = unit
            return super().full_dispatch_request()

    def _receive(self) -> None:
        """Take in the body before the transaction begins: someone who sends slowly must not hold the database.

        Forms with a file may be larger than others (`largest_bodies`), when someone is signed in who sends them.
        """
        largest = self.largest_bodies.get(request.endpoint or "")
        if request.content_length is None or (largest is None and request.content_length > USUAL_BODY):
            return  # rare, and the guard may give it more room
        if largest is not None and "_user_id" in session:
            request.max_content_length = largest
        with suppress(HTTPException):  # it is raised again, and answered, when the form is asked for
            if request.mimetype in FORM_TYPES:
                request.form  # noqa: B018  # reading it is what takes it in
            else:
                request.get_data()

    def dispatch_request(self) -> ResponseReturnValue:
        accepted = False
        try:
            response = self.make_response(super().dispatch_request())
            accepted = response.status_code < 400
        finally:
            g.unit.end(accepted=accepted)
        return response


def settings() -> Config:
    """Return the settings of the running application."""
    return cast(Application, current_app).settings


def database() -> Database:
    """Return the database of the running application (for commands and jobs)."""
    return cast(Application, current_app).database
