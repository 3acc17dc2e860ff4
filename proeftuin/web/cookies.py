"""The cookie of the session: a value whose signature was checked a moment ago is not checked again.

Checking and unpacking a cookie costs a tenth of a page. The same browser sends the same header with every request,
so what was found in it is remembered for a minute. Whether the sign-in in it still counts is asked of the database
every time.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

KEPT = 4096
LONGEST = 2000
"""Characters of a header that is remembered."""
SECONDS = 60


class RememberingSessions(SecureCookieSessionInterface):
    """Flask's signed cookies, with the newest values remembered."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[float, dict[str, Any]]] = OrderedDict()
        self._lock = Lock()

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of a request."""
        header = request.environ.get("HTTP_COOKIE", "")
        known = self._known.get(header)
        if known is not None and time.monotonic() - known[0] < SECONDS:
            return self.session_class(known[1])
        session = super().open_session(app, request)
        if session and len(header) <= LONGEST and all(isinstance(item, str | bool) for item in session.values()):
            with self._lock:
                self._known[header] = (time.monotonic(), dict(session))
                while len(self._known) > KEPT:
                    self._known.popitem(last=False)
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the session when something in it changed; without a look at each setting of the cookie when not."""
        if session and not session.modified and response.headers.get("Vary") == "Cookie":
            return
        super().save_session(app, session, response)
