"""A browser for tests: signs in, carries the token against forged forms, and parses every page it gets."""

from __future__ import annotations

import secrets
from copy import copy
from datetime import timedelta
from typing import Any

from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import SignIn
from proeftuin.accounts.queries import hash_token
from proeftuin.db import Database, session
from proeftuin.web.application import Application
from tests.malformed import mistakes


class Client:
    """A thin layer over Flask's test client."""

    def __init__(self, app: Application, database: Database, actor: Actor | None = None) -> None:
        self.app = app
        self.database = database
        self.http = app.test_client()
        self._csrf = secrets.token_hex(20)
        with self.http.session_transaction() as cookie:
            cookie["csrf_token"] = self._csrf
            if actor is not None:
                cookie["_user_id"] = self._sign_in(actor)
                cookie["_fresh"] = True
        begun = self.http.get_cookie(app.config["SESSION_COOKIE_NAME"])
        assert begun is not None
        self._cookie = begun.value

    def as_(self, actor: Actor) -> Client:
        """Return a browser in which the actor is signed in."""
        return Client(self.app, self.database, actor)

    def afresh(self) -> Client:
        """Return a browser with the cookie that this one began with: signed in, whatever was done since."""
        other = copy(self)
        other.http = self.app.test_client()
        other.http.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self._cookie)
        return other

    def _sign_in(self, actor: Actor) -> str:
        token = secrets.token_urlsafe(32)
        with self.database.transaction():
            moment = clock.now()
            session().add(
                SignIn(
                    token_hash=hash_token(token),
                    person_id=actor.id,
                    started_at=moment,
                    ends_at=moment + timedelta(days=3650),
                )
            )
        return token

    @property
    def csrf_token(self) -> str:
        secret = self.app.config["SECRET_KEY"]
        return str(URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(self._csrf))

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        """GET a page and check its markup."""
        return self._checked(self.http.get(path, **kwargs))

    def post(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """POST a form with its token and check the markup of the answer."""
        fields = {"csrf_token": self.csrf_token, **(data or {})}
        return self._checked(self.http.post(path, data=fields, **kwargs))

    def post_bare(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """POST without a token."""
        return self._checked(self.http.post(path, data=data or {}, **kwargs))

    def _checked(self, response: TestResponse) -> TestResponse:
        # The second database gives the same pages.
        if self.database.engine.dialect.name == "sqlite":
            _expect_well_formed(response)
        return response


def _expect_well_formed(response: TestResponse) -> None:
    if response.mimetype == "text/html" and response.data and response.status_code not in (301, 302, 303, 308):
        text = response.get_data(as_text=True)
        if text.lstrip().lower().startswith("<!doctype"):
            wrong = mistakes(text)
            assert not wrong, f"malformed HTML: {wrong[:3]}"
