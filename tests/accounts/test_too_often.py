"""Guessing passwords over HTTP: slowed down, kept over refusals, and never locking out the owner elsewhere."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, func, select

from proeftuin import clock
from proeftuin.accounts import throttle
from proeftuin.accounts.models import Attempt
from proeftuin.accounts.throttle import Limit
from proeftuin.db import Database, session
from proeftuin.errors import TooMany
from proeftuin.web.application import Application
from tests.accounts.conftest import GOOD, MONDAY, Browser
from tests.client import Client

WRONG = "helemaal verkeerd gedacht"


def guess(visitor: Browser, email: str, password: str = WRONG, address: str = "203.0.113.7") -> int:
    """Try to sign in from an address and return the status."""
    environ = {"REMOTE_ADDR": address}
    return visitor.send("/inloggen", {"email": email, "password": password}, environ_base=environ).status_code


def test_the_eleventh_wrong_password_has_to_wait(visitor: Browser, willemijn: str, monday: datetime) -> None:
    visitor.visit("/inloggen")
    assert [guess(visitor, willemijn) for _time in range(11)] == [422] * 10 + [429]
    response = visitor.send(
        "/inloggen",
        {"email": willemijn, "password": GOOD},
        environ_base={"REMOTE_ADDR": "203.0.113.7"},
    )
    assert response.status_code == 429, "also the right one: a guesser must not learn which it was"
    wait = int(response.headers["Retry-After"])
    assert 0 < wait <= 600
    assert "minuten" in response.get_data(as_text=True)
    with clock.at(monday + timedelta(seconds=wait)):
        assert guess(visitor, willemijn, GOOD) == 303


def test_the_owner_is_not_locked_out_on_another_address(
    visitor: Browser, willemijn: str, database: Database, monday: datetime
) -> None:
    visitor.visit("/inloggen")
    for _time in range(12):
        guess(visitor, willemijn)
    owner = Browser(visitor.app, database)
    owner.visit("/inloggen")
    assert guess(owner, willemijn, GOOD, "198.51.100.4") == 303


def test_a_guesser_with_many_addresses_is_slowed_down_for_a_minute_at_most(
    visitor: Browser, willemijn: str, monday: datetime
) -> None:
    visitor.visit("/inloggen")
    statuses = [guess(visitor, willemijn, address=f"198.51.100.{n}") for n in range(25)]
    assert statuses == [422] * 20 + [429] * 5
    with clock.at(monday + timedelta(minutes=2)):
        assert guess(visitor, willemijn, GOOD, "192.0.2.1") == 303


def test_one_address_cannot_try_one_password_on_everyone(visitor: Browser, willemijn: str, monday: datetime) -> None:
    visitor.visit("/inloggen")
    statuses = [guess(visitor, f"iemand{n}@oeverbrug.example") for n in range(110)]
    assert statuses == [422] * 100 + [429] * 10


def test_an_office_behind_one_address_can_start_its_day(
    client: Client, willemijn: str, database: Database, monday: datetime
) -> None:
    for _person in range(105):
        colleague = Browser(client.app, database)
        colleague.visit("/inloggen")
        assert guess(colleague, willemijn, GOOD) == 303


def test_an_account_that_does_not_exist_is_counted_the_same(
    visitor: Browser, monday: datetime, client: Client
) -> None:
    visitor.visit("/inloggen")
    assert [guess(visitor, "niemand@oeverbrug.example") for _time in range(11)][-1] == 429


def test_wrong_attempts_are_kept_although_the_request_was_refused(
    visitor: Browser, willemijn: str, monday: datetime, database: Database
) -> None:
    visitor.visit("/inloggen")
    guess(visitor, willemijn)
    with database.reading():
        assert session().scalar(select(func.sum(Attempt.count))) == 3  # address, account there, account anywhere


def test_guessing_the_old_password_of_an_open_session_is_slowed_down_too(
    visitor: Browser, willemijn: str, monday: datetime
) -> None:
    visitor.sign_in(willemijn, GOOD)
    visitor.visit("/mijn/wachtwoord")
    fields = {"old_password": WRONG, "password": "zeven natte schoenen thuis"}
    statuses = [visitor.send("/mijn/wachtwoord", fields).status_code for _time in range(11)]
    assert statuses == [422] * 10 + [429]


def test_asking_for_a_link_is_limited_for_known_and_unknown_alike(
    visitor: Browser, willemijn: str, monday: datetime
) -> None:
    for email in (willemijn, "niemand@oeverbrug.example"):
        visitor.visit("/wachtwoord/vergeten")
        statuses = [visitor.send("/wachtwoord/vergeten", {"email": email}).status_code for _time in range(4)]
        assert statuses == [303, 303, 303, 429]
        visitor.visit("/wachtwoord/vergeten")


def test_a_visitor_cannot_say_which_address_they_have(visitor: Browser, willemijn: str, monday: datetime) -> None:
    visitor.visit("/inloggen")
    statuses = [
        visitor.send(
            "/inloggen",
            {"email": willemijn, "password": WRONG},
            environ_base={"REMOTE_ADDR": "203.0.113.7"},
            headers={"X-Forwarded-For": f"198.51.100.{n}", "X-Real-IP": f"198.51.100.{n}"},
        ).status_code
        for n in range(11)
    ]
    assert statuses == [422] * 10 + [429]


def test_the_log_says_what_happened_without_addresses_of_mail_and_passwords(
    visitor: Browser, willemijn: str, monday: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="proeftuin")
    visitor.visit("/inloggen")
    for _time in range(11):
        guess(visitor, willemijn)
    guess(visitor, willemijn, GOOD, "198.51.100.4")
    lines = [record.getMessage() for record in caplog.records if record.name == "proeftuin.accounts.signing"]
    assert any(line.startswith("sign-in refused: person=") for line in lines)
    assert any(line.startswith("too many wrong passwords: address=203.0.113.7") for line in lines)
    assert any(line.startswith("signed in: person=") for line in lines)
    everything = caplog.text
    for secret in (willemijn, WRONG, GOOD):
        assert secret not in everything


def test_of_many_attempts_at_once_no_more_get_through_than_the_limit(app: Application) -> None:
    limit = Limit("at once", 50, timedelta(minutes=5))
    apart = Database(app.settings.database_url, app.settings)
    got_through: list[int] = []

    def try_often() -> None:
        for _time in range(20):
            try:
                with clock.at(MONDAY), apart.transaction():
                    throttle.count(limit, "someone")
            except TooMany:
                continue
            got_through.append(1)

    threads = [threading.Thread(target=try_often) for _n in range(4)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        with apart.transaction():
            session().execute(delete(Attempt))
        apart.close()
    assert len(got_through) == 50
