"""Passwords for the cast, a browser that goes on after signing in, the letters that were sent, and the demo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.policy import default

import pytest
from werkzeug.test import TestResponse

from proeftuin import clock, create_app
from proeftuin.accounts import queries, service
from proeftuin.accounts.actor import Actor
from proeftuin.db import Database
from proeftuin.events import jobs
from proeftuin.web.application import Application
from tests.cast import Cast
from tests.client import Client

GOOD = "paarse olifant leest krant"
OTHER = "zeven natte schoenen thuis"
MONDAY = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)


class Browser(Client):
    """A browser with several people behind it: it reads the token from the page, as a real one does."""

    def visit(self, path: str) -> TestResponse:
        """GET a page and remember the token on it."""
        return self._remember(self.get(path))

    def send(self, path: str, data: dict[str, str], **kwargs: object) -> TestResponse:
        """POST a form with the token of the last page."""
        fields = {"csrf_token": getattr(self, "token", None) or self.csrf_token, **data}
        return self._remember(self.post_bare(path, fields, **kwargs))

    def _remember(self, response: TestResponse) -> TestResponse:
        found = re.search(r'name="csrf_token" value="([^"]+)"', response.get_data(as_text=True))
        if found:
            self.token = found[1]
        return response

    def sign_in(self, email: str, password: str, **more: str) -> TestResponse:
        """Fill in the sign-in page."""
        self.visit("/inloggen")
        return self.send("/inloggen", {"email": email, "password": password, **more})

    @property
    def cookie(self) -> str:
        """The cookie of the session, as it is now."""
        cookie = self.http.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return cookie.value if cookie else ""


@pytest.fixture
def visitor(client: Client) -> Browser:
    """Give a browser in which nobody is signed in."""
    return Browser(client.app, client.database)


@pytest.fixture
def monday() -> Iterator[datetime]:
    """Stop the clock on a Monday morning."""
    with clock.at(MONDAY):
        yield MONDAY


def email_of(actor: Actor, database: Database) -> str:
    """Return someone's address."""
    with database.reading():
        return queries.get_person(actor.id).email


@pytest.fixture
def willemijn(cast: Cast, database: Database) -> str:
    """Give Willemijn a password and return her address."""
    with database.transaction():
        service.set_password(queries.get_person(cast.lead.id), GOOD)
    return email_of(cast.lead, database)


@pytest.fixture
def letters(app: Application, database: Database) -> Letters:
    """Give the letters that the worker puts in the outbox."""
    return Letters(app, database)


class Letters:
    """The outbox of this test."""

    def __init__(self, app: Application, database: Database) -> None:
        self.outbox = app.settings.data_dir / "outbox"
        self.database = database
        self._before = set(self._paths())

    def _paths(self) -> list[str]:
        return sorted(path.name for path in self.outbox.glob("*.eml")) if self.outbox.exists() else []

    def sent(self) -> list[Message]:
        """Let the worker do what waits and return the letters since the start of the test."""
        jobs.run_due(self.database)
        names = [name for name in self._paths() if name not in self._before]
        return [message_from_bytes((self.outbox / name).read_bytes(), policy=default) for name in names]


def text_of(letter: Message) -> str:
    """Return what a letter says."""
    content = letter.get_content()  # type: ignore[attr-defined]  # EmailMessage, by its policy
    return str(content)


def link_in(letter: Message) -> str:
    """Return the path of the link in a letter."""
    found = re.search(r"https?://[^/\s]+(/wachtwoord/kiezen/\S+)", text_of(letter))
    assert found is not None
    return found[1]


@pytest.fixture
def demo(app: Application, database: Database, cast: Cast) -> Iterator[Application]:
    """Give the same installation as a demo."""
    application = create_app(replace(app.settings, demo=True))
    application.database = database
    usual, database.settings = database.settings, application.settings
    yield application
    database.settings = usual
