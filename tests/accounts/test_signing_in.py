"""Signing in and out over HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from proeftuin import clock
from proeftuin.accounts import queries, service
from proeftuin.accounts.models import SignIn
from proeftuin.db import Database, session
from proeftuin.events.models import Event
from tests.accounts.conftest import GOOD, Browser, email_of
from tests.cast import Cast

WRONG = "helemaal verkeerd gedacht"


def test_the_right_password_leads_to_where_one_was_going(visitor: Browser, willemijn: str) -> None:
    response = visitor.sign_in(willemijn, GOOD, next="/mijn?x=1")
    assert (response.status_code, response.location) == (303, "/mijn?x=1")
    assert visitor.get("/mijn/sessies").status_code == 200


def test_the_address_may_be_typed_in_capitals_and_with_spaces(visitor: Browser, willemijn: str) -> None:
    assert visitor.sign_in(f"  {willemijn.upper()} ", GOOD).status_code == 303


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/\t/evil",
        "javascript:alert(1)",
        "@evil",
        "%0d%0a",
    ],
)
def test_nobody_is_sent_to_another_site(visitor: Browser, willemijn: str, elsewhere: str) -> None:
    assert visitor.sign_in(willemijn, GOOD, next=elsewhere).location == "/"


def test_a_page_asks_to_sign_in_and_comes_back(visitor: Browser, willemijn: str) -> None:
    asked = visitor.get("/mijn/sessies?a=b")
    assert asked.status_code == 303
    page = visitor.visit(asked.location).get_data(as_text=True)
    assert 'name="next" value="/mijn/sessies?a=b"' in page


def test_a_wrong_password_keeps_the_address_and_never_the_password(visitor: Browser, willemijn: str) -> None:
    response = visitor.sign_in(willemijn, WRONG, next="/mijn")
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert f'value="{willemijn}"' in page
    assert 'value="/mijn"' in page
    assert WRONG not in page
    assert 'role="alert"' in page


def test_the_answer_is_the_same_whether_or_not_there_is_an_account(
    visitor: Browser, willemijn: str, cast: Cast, database: Database
) -> None:
    with database.transaction():
        for actor in (cast.colleague, cast.outsider):
            service.set_password(queries.get_person(actor.id), GOOD)
        service.block(None, queries.get_person(cast.colleague.id))
        queries.get_person(cast.outsider.id).ends_on = clock.today() - timedelta(days=1)
    tries = {
        willemijn: WRONG,
        "niemand@oeverbrug.example": GOOD,
        email_of(cast.colleague, database): GOOD,  # blocked
        email_of(cast.outsider, database): GOOD,  # left
        email_of(cast.hr, database): "",  # never chose a password
    }
    answers = set()
    for email, password in tries.items():
        response = Browser(visitor.app, database).sign_in(email, password)
        page = response.get_data(as_text=True).replace(email, "…")
        answers.add((response.status_code, page.split("<main")[1].split("csrf_token")[0]))
    assert len(answers) == 1


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"email": "\x01\x7f\u202e", "password": "\x02"},
        {"email": "a" * 100_000, "password": "b" * 300_000},
        {"email": "\ud800x".encode("utf-8", "surrogatepass").decode("latin-1"), "password": "x"},
        {"email[]": "x", "password": "x"},
        {"email": "' or 1=1 --", "password": "' or 1=1 --"},
    ],
)
def test_nonsense_is_refused_politely(visitor: Browser, willemijn: str, typed: dict[str, str]) -> None:
    visitor.visit("/inloggen")
    assert visitor.send("/inloggen", typed).status_code == 422


def test_signing_in_gives_a_new_cookie_and_leaves_nothing_of_the_old_one(visitor: Browser, willemijn: str) -> None:
    visitor.visit("/inloggen")
    before, token_before = visitor.cookie, visitor.token
    visitor.send("/inloggen", {"email": willemijn, "password": GOOD})
    assert visitor.cookie != before
    visitor.visit("/mijn/sessies")
    assert visitor.token.split(".")[0] != token_before.split(".")[0]


def test_the_token_is_stored_as_a_hash(visitor: Browser, willemijn: str, database: Database) -> None:
    visitor.sign_in(willemijn, GOOD)
    with visitor.http.session_transaction() as cookie:
        token = cookie["_user_id"]
        assert set(cookie) <= {"_user_id", "_fresh", "csrf_token", "_flashes"}
    with database.reading():
        stored = session().scalars(select(SignIn.token_hash)).one()
    assert len(token) >= 43
    assert stored == queries.hash_token(token)


def test_the_cookie_is_for_this_site_and_not_for_scripts(visitor: Browser, willemijn: str) -> None:
    header = visitor.sign_in(willemijn, GOOD).headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Domain" not in header


def test_signing_out_makes_the_old_cookie_worthless(visitor: Browser, willemijn: str) -> None:
    visitor.sign_in(willemijn, GOOD)
    visitor.visit("/mijn/sessies")
    old = visitor.cookie
    response = visitor.send("/uitloggen", {})
    assert response.status_code == 303
    assert response.headers["Clear-Site-Data"] == '"cache"'
    visitor.http.set_cookie(visitor.app.config["SESSION_COOKIE_NAME"], old)
    assert visitor.get("/mijn/sessies").status_code == 303


def test_signing_in_as_another_ends_the_first_sign_in(
    visitor: Browser, willemijn: str, cast: Cast, database: Database
) -> None:
    with database.transaction():
        service.set_password(queries.get_person(cast.hr.id), GOOD)
    visitor.sign_in(willemijn, GOOD)
    visitor.visit("/mijn/sessies")
    visitor.send("/inloggen", {"email": email_of(cast.hr, database), "password": GOOD})
    with database.reading():
        assert session().scalars(select(SignIn.person_id)).all() == [cast.hr.id]


def test_whoever_is_signed_in_already_goes_on(visitor: Browser, willemijn: str) -> None:
    visitor.sign_in(willemijn, GOOD)
    assert visitor.get("/inloggen?next=/mijn").location == "/mijn"


def test_a_sign_in_ends_after_twelve_hours(visitor: Browser, willemijn: str) -> None:
    with clock.at(clock.now() - timedelta(hours=12, minutes=1)):
        visitor.sign_in(willemijn, GOOD)
        assert visitor.get("/mijn/sessies").status_code == 200
    assert visitor.get("/mijn/sessies").status_code == 303


def test_a_blocked_person_is_out_at_the_next_click(
    visitor: Browser, willemijn: str, cast: Cast, database: Database
) -> None:
    visitor.sign_in(willemijn, GOOD)
    with database.transaction():
        service.block(None, queries.get_person(cast.lead.id))
    assert visitor.get("/mijn/sessies").status_code == 303
    with database.transaction():
        service.unblock(None, queries.get_person(cast.lead.id))
    assert visitor.get("/mijn/sessies").status_code == 303, "a sign-in from before the block must not revive"


@pytest.mark.parametrize("cookie", ["", "x", "A" * 4000, "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb", ".eJw.x.y", "é"])
def test_a_forged_cookie_is_nobody(visitor: Browser, cookie: str) -> None:
    visitor.http.set_cookie(visitor.app.config["SESSION_COOKIE_NAME"], cookie)
    assert visitor.get("/mijn/sessies").status_code == 303


def test_nothing_about_signing_in_is_recorded(visitor: Browser, willemijn: str, database: Database) -> None:
    with database.reading():
        before = session().scalar(select(func.count()).select_from(Event))
    visitor.sign_in(willemijn, WRONG)
    visitor.sign_in(willemijn, GOOD)
    visitor.visit("/mijn/sessies")
    visitor.send("/uitloggen", {})
    with database.reading():
        assert session().scalar(select(func.count()).select_from(Event)) == before


def test_others_hear_of_a_sign_in(visitor: Browser, willemijn: str, cast: Cast) -> None:
    heard: list[int] = []
    service.after_sign_in.append(heard.append)
    try:
        visitor.sign_in(willemijn, WRONG)
        visitor.sign_in(willemijn, GOOD)
    finally:
        service.after_sign_in.remove(heard.append)
    assert heard == [cast.lead.id]


def test_an_outdated_hash_is_made_again_at_sign_in(
    visitor: Browser, willemijn: str, cast: Cast, database: Database
) -> None:
    with database.transaction():
        before = queries.get_person(cast.lead.id).password_hash
    usual = database.settings
    assert usual is not None
    try:
        database.settings = replace(usual, password_memory_kib=16)
        assert visitor.sign_in(willemijn, GOOD).status_code == 303
    finally:
        database.settings = usual
    with database.reading():
        after = queries.get_person(cast.lead.id).password_hash
    assert after != before
    assert "m=16," in (after or "")


def test_a_form_of_another_site_is_refused(visitor: Browser, willemijn: str) -> None:
    visitor.visit("/inloggen")
    response = visitor.send(
        "/inloggen",
        {"email": willemijn, "password": GOOD},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert response.status_code == 403
    assert visitor.get("/mijn/sessies").status_code == 303


def test_without_a_token_nobody_is_signed_in(visitor: Browser, willemijn: str) -> None:
    response = visitor.post_bare("/inloggen", {"email": willemijn, "password": GOOD})
    assert response.status_code == 403
    assert 'href="/inloggen"' in response.get_data(as_text=True)
    assert visitor.get("/mijn/sessies").status_code == 303


def test_pages_about_passwords_are_never_kept(visitor: Browser, willemijn: str) -> None:
    assert visitor.get("/inloggen").headers["Cache-Control"] == "no-store"
    visitor.sign_in(willemijn, GOOD)
    assert visitor.get("/mijn/wachtwoord").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/inloggen%00", "/beheer/mensen?q=%00", "/x%00y"])
def test_a_nul_in_an_address_is_a_bad_request(visitor: Browser, address: str) -> None:
    assert visitor.get(address).status_code == 400


def test_a_nul_in_a_form_is_a_bad_request(visitor: Browser, willemijn: str) -> None:
    visitor.visit("/inloggen")
    assert visitor.send("/inloggen", {"email": "\x00", "password": GOOD}).status_code == 400
