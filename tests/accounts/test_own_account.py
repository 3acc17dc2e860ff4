"""One's own password, sign-ins and language."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from proeftuin.accounts import queries
from proeftuin.accounts.devices import describe
from proeftuin.accounts.models import SignIn
from proeftuin.db import Database, session
from tests.accounts.conftest import GOOD, OTHER, Browser, Letters
from tests.cast import Cast
from tests.client import Client

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"


def test_changing_a_password_ends_the_other_sign_ins_and_keeps_this_one(
    visitor: Browser, willemijn: str, database: Database, letters: Letters
) -> None:
    elsewhere = Browser(visitor.app, database)
    elsewhere.sign_in(willemijn, GOOD)
    visitor.sign_in(willemijn, GOOD)
    visitor.visit("/mijn/wachtwoord")
    response = visitor.send("/mijn/wachtwoord", {"old_password": GOOD, "password": OTHER})
    assert response.status_code == 303
    assert visitor.get("/mijn/sessies").status_code == 200
    assert elsewhere.get("/mijn/sessies").status_code == 303
    assert Browser(visitor.app, database).sign_in(willemijn, OTHER).status_code == 303
    assert [letter["Subject"] for letter in letters.sent()] == ["Je wachtwoord is gewijzigd"]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("helemaal verkeerd gedacht", OTHER, "old_password"),
        (GOOD, "Welkom01", "password"),
        (GOOD, GOOD, "password"),
        (GOOD, "WillemijnSmit1", "password"),
        (GOOD, "", "password"),
        (GOOD, "x" * 1000, "password"),
        ("", OTHER, "old_password"),
    ],
)
def test_a_refused_change_says_why_and_shows_no_password(
    visitor: Browser, willemijn: str, old: str, new: str, field: str
) -> None:
    visitor.sign_in(willemijn, GOOD)
    visitor.visit("/mijn/wachtwoord")
    response = visitor.send("/mijn/wachtwoord", {"old_password": old, "password": new})
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert f'id="{field}-e"' in page
    assert GOOD not in page
    assert OTHER not in page
    assert Browser(visitor.app, visitor.database).sign_in(willemijn, GOOD).status_code == 303


def test_someone_without_a_password_is_shown_the_way_to_one(client: Client, cast: Cast) -> None:
    page = client.as_(cast.colleague).get("/mijn/wachtwoord").get_data(as_text=True)
    assert "/wachtwoord/vergeten" in page
    assert "old_password" not in page


def test_own_sign_ins_are_listed_by_browser_and_one_can_be_ended(
    visitor: Browser, willemijn: str, database: Database
) -> None:
    phone = Browser(visitor.app, database)
    phone.visit("/inloggen")
    phone.send("/inloggen", {"email": willemijn, "password": GOOD}, headers={"User-Agent": IPHONE})
    visitor.visit("/inloggen")
    visitor.send("/inloggen", {"email": willemijn, "password": GOOD}, headers={"User-Agent": FIREFOX})
    page = visitor.visit("/mijn/sessies").get_data(as_text=True)
    assert "Firefox · Windows" in page
    assert "Safari · iPhone" in page
    with database.reading():
        number = session().scalars(select(SignIn.id).where(SignIn.device == "Safari · iPhone")).one()
    assert visitor.send(f"/mijn/sessies/{number}/beeindigen", {}).status_code == 303
    assert phone.get("/mijn/sessies").status_code == 303
    assert visitor.get("/mijn/sessies").status_code == 200
    assert visitor.send(f"/mijn/sessies/{number}/beeindigen", {}).status_code == 404


def test_ending_the_sign_in_at_hand_signs_out(visitor: Browser, willemijn: str, database: Database) -> None:
    visitor.sign_in(willemijn, GOOD)
    visitor.visit("/mijn/sessies")
    with database.reading():
        number = session().scalars(select(SignIn.id)).one()
    assert visitor.send(f"/mijn/sessies/{number}/beeindigen", {}).location == "/inloggen"
    assert visitor.get("/mijn/sessies").status_code == 303


def test_all_other_sign_ins_can_be_ended_at_once(visitor: Browser, willemijn: str, database: Database) -> None:
    others = [Browser(visitor.app, database) for _n in range(3)]
    for other in others:
        other.sign_in(willemijn, GOOD)
    visitor.sign_in(willemijn, GOOD)
    visitor.visit("/mijn/sessies")
    visitor.send("/mijn/sessies/andere-beeindigen", {})
    assert [other.get("/mijn/sessies").status_code for other in others] == [303] * 3
    assert visitor.get("/mijn/sessies").status_code == 200


def test_nobody_sees_or_ends_the_sign_ins_of_another(client: Client, cast: Cast, database: Database) -> None:
    client.as_(cast.lead)
    with database.reading():
        number = session().scalars(select(SignIn.id).where(SignIn.person_id == cast.lead.id)).one()
    for other in (cast.member, cast.admin):
        assert client.as_(other).post(f"/mijn/sessies/{number}/beeindigen").status_code == 404
    with database.reading():
        assert session().get(SignIn, number) is not None


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (FIREFOX, "Firefox · Windows"),
        (IPHONE, "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/17.5 Safari/605.1.15", "Safari · Mac"),
        ("curl/8.5", ""),
        ("", ""),
        ("<script>" * 1000, ""),
    ],
)
def test_a_browser_is_described_coarsely(user_agent: str, device: str) -> None:
    assert describe(user_agent) == device


def test_a_visitor_chooses_a_language_for_this_browser(visitor: Browser) -> None:
    visitor.visit("/inloggen")
    response = visitor.send("/taal", {"language": "en", "back": "/inloggen?next=/mijn"})
    assert response.location == "/inloggen?next=/mijn"
    assert "HttpOnly" in response.headers["Set-Cookie"]
    assert '<html lang="en">' in visitor.get("/inloggen").get_data(as_text=True)


def test_someone_signed_in_chooses_a_language_everywhere(client: Client, cast: Cast, database: Database) -> None:
    client.as_(cast.lead).post("/taal", {"language": "en", "back": "/mijn/sessies"})
    with database.reading():
        assert queries.get_person(cast.lead.id).language == "en"
    assert '<html lang="en">' in client.as_(cast.lead).get("/mijn/sessies").get_data(as_text=True)


@pytest.mark.parametrize("language", ["", "de", "../nl", "nl "])
def test_a_language_that_is_not_spoken_is_refused(client: Client, language: str) -> None:
    assert client.post("/taal", {"language": language, "back": "/"}).status_code == 422


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil", ""])
def test_choosing_a_language_leads_nowhere_else(client: Client, back: str) -> None:
    assert client.post("/taal", {"language": "en", "back": back}).location == "/"
