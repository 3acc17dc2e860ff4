"""Someone new: invited by the administrator, mailed a link, and in with a password of their own."""

from __future__ import annotations

import email
import email.policy
import re
import time
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.barriers import NARROW, WIDE, complaints, look_at
from tests.journeys.conftest import Visitor, open_groups
from tests.journeys.steps import press, sees_heading

NAME, ADDRESS = "Jikke Zandstra", "j.zandstra@oeverbrug.example"
PASSWORD = "vier kieviten boven het spoor"


def test_an_invited_colleague_chooses_a_password_and_comes_in(visit: Visitor, data_dir: Path) -> None:
    """The link of the letter works once; the password works from then on."""
    _invites(visit("Daan Wolters", "/beheer/mensen/nieuw"))
    link = _link_in_letter(data_dir / "outbox")
    page = visit(None, link)
    sees_heading(page, "Kies een wachtwoord")
    page.get_by_label("Nieuw wachtwoord").fill("wachtwoord1")
    press(page, "Bewaar wachtwoord")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    for look in (WIDE, NARROW):
        look_at(page, look)
        assert complaints(page, look, "nl") == []
    page.get_by_label("Nieuw wachtwoord").fill(PASSWORD)
    press(page, "Bewaar wachtwoord")

    other = visit(None, link)
    sees_heading(other, "Deze link werkt niet meer")
    other.goto("/inloggen?next=/mijn")
    open_groups(other)
    other.get_by_label("E-mailadres").fill(ADDRESS)
    other.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    press(other, "Inloggen")
    sees_heading(other, NAME)


def _invites(page: Page) -> None:
    page.get_by_label("Voor- en achternaam").fill(NAME)
    page.get_by_label("E-mailadres").fill(ADDRESS)
    press(page, "Maak account en nodig uit")
    sees_heading(page, NAME)


def _link_in_letter(outbox: Path) -> str:
    """Wait for the letter to the newcomer: mail is sent after the commit, by the worker."""
    for _ in range(100):
        for path in sorted(outbox.glob("*.eml")) if outbox.exists() else []:
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = letter.get_body()
            if letter["To"] and ADDRESS in str(letter["To"]) and body is not None:
                found = re.search(r"http://[^/\s]+(/wachtwoord/kiezen/\S+)", body.get_content())
                assert found is not None
                return found.group(1)
        time.sleep(0.1)
    raise AssertionError("no letter was sent to the newcomer")
