"""People with a second step, and the app on their phone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape

import pyotp
from werkzeug.test import TestResponse

from proeftuin import clock
from proeftuin.accounts import queries, second_factor, service
from proeftuin.accounts.actor import Actor
from proeftuin.db import Database
from tests.accounts.conftest import GOOD, Browser

CODE, OWN, ENROL = "/inloggen/code", "/mijn/tweede-stap", "/inloggen/tweede-stap"
FIELD = "one_time_code"


class Phone:
    """An app that was told the secret; it makes the code of a moment, by its own clock."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.totp = pyotp.TOTP(secret)

    def code(self, *, steps: int = 0, at: datetime | None = None) -> str:
        """Return the code of now, or of some half minutes later."""
        return self.totp.at((at or clock.now()) + timedelta(seconds=30 * steps))


def phone_of(page: str) -> Phone:
    """Take over the secret that a page shows as text."""
    found = re.search(r'<code class="secret"[^>]*>([A-Z2-7 ]+)</code>', page)
    assert found is not None, "the page shows no secret"
    return Phone(found[1].replace(" ", ""))


def recovery_codes_of(page: str) -> list[str]:
    """Return the recovery codes that a page shows."""
    return re.findall(r"<li><code>([0-9-]+)</code></li>", page)


def give_password(database: Database, actor: Actor) -> str:
    """Give someone the usual password and return the address to sign in with."""
    with database.transaction():
        person = queries.get_person(actor.id)
        service.set_password(person, GOOD)
        return person.email


def give_phone(database: Database, actor: Actor) -> tuple[Phone, list[str]]:
    """Set up the second step of someone as of some minutes ago; return the phone and the recovery codes."""
    with database.transaction(), clock.at(clock.now() - timedelta(minutes=5)):
        person = queries.get_person(actor.id)
        second_factor.prepare(person)
        invitation = second_factor.find_invitation(person)
        assert invitation is not None
        phone = Phone(invitation.secret.replace(" ", ""))
        return phone, second_factor.confirm(person, phone.code())


def type_code(browser: Browser, code: str, **more: str) -> TestResponse:
    """Fill in the page of the second step."""
    return browser.send(CODE, {FIELD: code, **more})


def is_in(browser: Browser) -> bool:
    """Return whether somebody is signed in."""
    return browser.get("/mijn/sessies").status_code == 200


def sentence(page: TestResponse) -> str:
    """Return what the summary of mistakes on a page says."""
    found = re.search(r"data-error-summary>.*?<ul>(.*?)</ul>", page.get_data(as_text=True), re.S)
    assert found is not None, "nothing was said"
    return unescape(re.sub(r"<[^>]+>", "", found[1])).strip()
