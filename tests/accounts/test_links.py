"""Invitations and resets by mail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts import queries, service
from proeftuin.accounts.models import MailedLink, SignIn
from proeftuin.db import Database, session
from proeftuin.events import jobs
from proeftuin.events.models import Job
from proeftuin.web.application import Application
from tests.accounts.conftest import GOOD, OTHER, Browser, Letters, email_of, link_in, text_of
from tests.cast import Cast


def ask(visitor: Browser, email: str) -> None:
    """Fill in the page for a forgotten password."""
    visitor.visit("/wachtwoord/vergeten")
    assert visitor.send("/wachtwoord/vergeten", {"email": email}).location == "/wachtwoord/onderweg"


def test_a_forgotten_password_is_replaced_with_a_mailed_link(
    visitor: Browser, willemijn: str, letters: Letters
) -> None:
    ask(visitor, willemijn)
    (letter,) = letters.sent()
    assert letter["To"] == willemijn
    path = link_in(letter)
    assert "Willemijn Smit" in visitor.visit(path).get_data(as_text=True)
    assert visitor.send(path, {"password": OTHER}).location == "/inloggen"
    assert visitor.sign_in(willemijn, GOOD).status_code == 422
    assert visitor.sign_in(willemijn, OTHER).status_code == 303
    assert letters.sent()[-1]["Subject"] == "Je wachtwoord is gewijzigd"


def test_looking_at_the_link_does_not_use_it(visitor: Browser, willemijn: str, letters: Letters) -> None:
    ask(visitor, willemijn)
    path = link_in(letters.sent()[0])
    for _time in range(3):
        assert visitor.visit(path).status_code == 200
        assert visitor.http.head(path).status_code == 200
    assert visitor.send(path, {"password": OTHER}).status_code == 303


def test_a_link_works_once(visitor: Browser, willemijn: str, letters: Letters) -> None:
    ask(visitor, willemijn)
    path = link_in(letters.sent()[0])
    visitor.visit(path)
    visitor.send(path, {"password": OTHER})
    assert visitor.visit(path).status_code == 410
    assert visitor.send(path, {"password": "nog een keer proberen maar"}).status_code == 410
    assert visitor.sign_in(willemijn, OTHER).status_code == 303


def test_a_weak_password_is_refused_and_the_link_still_works(
    visitor: Browser, willemijn: str, letters: Letters
) -> None:
    ask(visitor, willemijn)
    path = link_in(letters.sent()[0])
    visitor.visit(path)
    refused = visitor.send(path, {"password": "Welkom01"})
    assert refused.status_code == 422
    assert "Welkom01" not in refused.get_data(as_text=True)
    assert visitor.send(path, {"password": OTHER}).status_code == 303


def test_a_reset_link_dies_after_an_hour(visitor: Browser, willemijn: str, letters: Letters) -> None:
    with clock.at(clock.now() - timedelta(minutes=61)):
        ask(visitor, willemijn)
        path = link_in(letters.sent()[0])
        assert visitor.visit(path).status_code == 200
    assert visitor.visit(path).status_code == 410


def test_an_invitation_dies_after_seven_days(
    visitor: Browser, cast: Cast, database: Database, letters: Letters
) -> None:
    begun = clock.now()
    with clock.at(begun), database.transaction():
        service.invite(None, queries.get_person(cast.colleague.id))
    path = link_in(letters.sent()[0])
    with clock.at(begun + timedelta(days=6, hours=23)):
        assert visitor.visit(path).status_code == 200
    with clock.at(begun + timedelta(days=7, minutes=1)):
        assert visitor.visit(path).status_code == 410


def test_a_link_dies_when_the_password_changes(
    visitor: Browser, willemijn: str, letters: Letters, database: Database
) -> None:
    ask(visitor, willemijn)
    path = link_in(letters.sent()[0])
    other = Browser(visitor.app, database)
    other.sign_in(willemijn, GOOD)
    other.visit("/mijn/wachtwoord")
    assert other.send("/mijn/wachtwoord", {"old_password": GOOD, "password": OTHER}).status_code == 303
    assert visitor.visit(path).status_code == 410


def test_a_link_dies_when_the_account_is_blocked(
    visitor: Browser, willemijn: str, letters: Letters, database: Database, cast: Cast
) -> None:
    ask(visitor, willemijn)
    path = link_in(letters.sent()[0])
    with database.transaction():
        service.block(None, queries.get_person(cast.lead.id))
    assert visitor.visit(path).status_code == 410
    with database.transaction():
        service.unblock(None, queries.get_person(cast.lead.id))
    assert visitor.visit(path).status_code == 410


def test_a_reset_ends_every_sign_in(visitor: Browser, willemijn: str, letters: Letters, database: Database) -> None:
    visitor.sign_in(willemijn, GOOD)
    other = Browser(visitor.app, database)
    ask(other, willemijn)
    path = link_in(letters.sent()[0])
    other.visit(path)
    other.send(path, {"password": OTHER})
    assert visitor.get("/mijn/sessies").status_code == 303
    with database.reading():
        assert session().scalars(select(SignIn)).all() == []


def test_the_answer_is_the_same_for_a_known_and_an_unknown_address(
    visitor: Browser, willemijn: str, letters: Letters, statements: list[str]
) -> None:
    seen = []
    for email in (willemijn, "niemand@oeverbrug.example"):
        visitor.visit("/wachtwoord/vergeten")
        statements.clear()
        visitor.send("/wachtwoord/vergeten", {"email": email})
        seen.append(list(statements))
    assert seen[0] == seen[1], "the same work, so the same time"
    assert [letter["To"] for letter in letters.sent()] == [willemijn]


def test_someone_blocked_gets_no_letter(
    visitor: Browser, willemijn: str, letters: Letters, database: Database, cast: Cast
) -> None:
    with database.transaction():
        service.block(None, queries.get_person(cast.lead.id))
    ask(visitor, willemijn)
    assert letters.sent() == []


def test_the_host_of_a_link_is_a_setting_and_not_what_a_request_says(
    visitor: Browser, willemijn: str, letters: Letters, app: Application
) -> None:
    visitor.visit("/wachtwoord/vergeten")
    visitor.send("/wachtwoord/vergeten", {"email": willemijn}, headers={"X-Forwarded-Host": "evil.example"})
    text = text_of(letters.sent()[0])
    assert f"{app.settings.base_url}/wachtwoord/kiezen/" in text
    assert "evil" not in text


def test_the_link_itself_stands_nowhere_in_the_database(
    visitor: Browser, willemijn: str, letters: Letters, database: Database
) -> None:
    ask(visitor, willemijn)
    batch_before = _payloads(database)
    jobs._do(database, jobs._claim(database))  # only the letter is written; it still has to be delivered
    waiting = _payloads(database)
    path = link_in(letters.sent()[0])
    token = path.rsplit("/", 1)[1]
    assert len(token) == 43, "256 bits"
    with database.reading():
        hashes = session().scalars(select(MailedLink.token_hash)).all()
    assert waiting
    assert token not in str(waiting) + str(batch_before) + str(hashes)


def _payloads(database: Database) -> list[object]:
    with database.reading():
        return list(session().scalars(select(Job.payload)))


def test_a_letter_is_in_the_language_of_who_gets_it_and_plain_text(
    visitor: Browser, willemijn: str, letters: Letters
) -> None:
    ask(visitor, willemijn)
    (letter,) = letters.sent()
    assert letter.get_content_type() == "text/plain"
    assert text_of(letter).startswith("Hallo Willemijn Smit,")
    assert letter["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("token", ["x", "x" * 43, "é", "%01", "a" * 5000])
def test_an_invented_link_says_what_a_dead_one_says(visitor: Browser, willemijn: str, token: str) -> None:
    response = visitor.visit(f"/wachtwoord/kiezen/{token}")
    assert response.status_code == 410
    assert "Deze link werkt niet meer" in response.get_data(as_text=True)
    assert visitor.send(f"/wachtwoord/kiezen/{token}", {"password": OTHER}).status_code == 410


def test_an_invited_person_chooses_a_password_and_gets_in(
    visitor: Browser, cast: Cast, database: Database, letters: Letters
) -> None:
    with database.transaction():
        person = service.create_person(None, email="Nieuw@Oeverbrug.example", name="Nova Nieuw", language="en")
        service.invite(None, person)
    (letter,) = letters.sent()
    path = link_in(letter)
    visitor.visit(path)
    assert visitor.send(path, {"password": OTHER}).status_code == 303
    assert visitor.sign_in("nieuw@oeverbrug.example", OTHER).status_code == 303


def test_an_empty_form_for_a_forgotten_password_is_asked_again(visitor: Browser, willemijn: str) -> None:
    visitor.visit("/wachtwoord/vergeten")
    assert visitor.send("/wachtwoord/vergeten", {"email": "  "}).status_code == 422


def test_choosing_with_a_link_signs_out_whoever_used_this_browser(
    visitor: Browser, willemijn: str, letters: Letters, cast: Cast, database: Database
) -> None:
    visitor.sign_in(willemijn, GOOD)
    with database.transaction():
        service.invite(None, queries.get_person(cast.hr.id))
    path = link_in(letters.sent()[0])
    visitor.visit(path)
    visitor.send(path, {"password": OTHER})
    assert visitor.get("/mijn/sessies").status_code == 303
    assert visitor.sign_in(email_of(cast.hr, database), OTHER).status_code == 303
