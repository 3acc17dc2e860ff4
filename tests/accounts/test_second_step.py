"""Signing in with a second step, over HTTP: the code, the recovery codes, guessing, and the state in between."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from proeftuin import clock
from proeftuin.accounts import queries, second_factor, service
from proeftuin.accounts.models import HalfSignIn, RecoveryCode, SecondFactor, SignIn
from proeftuin.db import Database, session
from proeftuin.errors import Invalid
from tests.accounts.conftest import GOOD, OTHER, Browser, Letters, link_in, text_of
from tests.accounts.factors import (
    CODE,
    ENROL,
    FIELD,
    Phone,
    give_password,
    give_phone,
    is_in,
    phone_of,
    recovery_codes_of,
    sentence,
    type_code,
)
from tests.cast import Cast

REFUSED = "Deze code klopt niet. Wacht op de volgende code in je app, of typ een herstelcode."

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def karin(cast: Cast, database: Database) -> str:
    """Give the union officer a password and return her address."""
    return give_password(database, cast.union)


@pytest.fixture
def phone(karin: str, cast: Cast, database: Database) -> Phone:
    """Give the union officer an app."""
    return give_phone(database, cast.union)[0]


def fresh(visitor: Browser) -> Browser:
    """Return a browser of its own."""
    return Browser(visitor.app, visitor.database)


def test_someone_from_outside_sets_up_an_app_before_getting_in(
    visitor: Browser, karin: str, cast: Cast, database: Database
) -> None:
    to_setup = visitor.sign_in(karin, GOOD, next="/wijzigingen")
    assert to_setup.location == f"{ENROL}?next=/wijzigingen"
    assert not is_in(visitor)
    page = visitor.visit(to_setup.location)
    text = page.get_data(as_text=True)
    assert page.headers["Cache-Control"] == "no-store"
    assert 'src="data:image/svg+xml' in text
    assert 'autocomplete="one-time-code"' in text
    assert 'inputmode="numeric"' in text
    phone = phone_of(text)
    wrong = visitor.send(ENROL, {FIELD: "000000", "next": "/wijzigingen"})
    assert wrong.status_code == 422
    assert phone_of(wrong.get_data(as_text=True)).secret == phone.secret
    done = visitor.send(ENROL, {FIELD: f" {phone.code()[:3]} {phone.code()[3:]} ", "next": "/wijzigingen"})
    assert done.status_code == 200
    codes = recovery_codes_of(done.get_data(as_text=True))
    assert len(set(codes)) == 10
    assert 'href="/wijzigingen"' in done.get_data(as_text=True)
    assert is_in(visitor)
    with database.reading():
        stored = list(session().scalars(select(RecoveryCode.code_hash)))
        factor = session().get_one(SecondFactor, cast.union.id)
        assert all(each.startswith("$argon2id$") for each in stored)
        assert phone.secret not in f"{factor.secret} {factor.pending}"
    again = visitor.get("/mijn/tweede-stap/instellen")
    assert again.status_code == 303, "the secret is not shown again"


def test_the_code_leads_to_where_one_was_going(visitor: Browser, karin: str, phone: Phone) -> None:
    halfway = visitor.sign_in(karin, GOOD, next="/mijn?x=1")
    assert (halfway.status_code, halfway.location) == (303, f"{CODE}?next=/mijn?x%3D1")
    page = visitor.visit(halfway.location).get_data(as_text=True)
    assert 'name="next" value="/mijn?x=1"' in page
    assert 'autocomplete="one-time-code"' in page
    assert type_code(visitor, phone.code(), next="/mijn?x=1").location == "/mijn?x=1"
    assert is_in(visitor)


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_second_step_sends_nobody_to_another_site(
    visitor: Browser, karin: str, phone: Phone, elsewhere: str
) -> None:
    assert visitor.sign_in(karin, GOOD, next=elsewhere).location == CODE
    visitor.visit(CODE)
    assert type_code(visitor, phone.code(), next=elsewhere).location == "/"


@pytest.mark.parametrize(("steps", "is_right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_right_for_one_step_on_either_side(
    visitor: Browser, karin: str, phone: Phone, steps: int, is_right: bool
) -> None:
    visitor.sign_in(karin, GOOD)
    visitor.visit(CODE)
    assert type_code(visitor, phone.code(steps=steps)).status_code == (303 if is_right else 422)
    assert is_in(visitor) is is_right


def test_a_code_works_once_and_so_do_those_before_it(visitor: Browser, karin: str, phone: Phone) -> None:
    used, before = phone.code(), phone.code(steps=-1)
    visitor.sign_in(karin, GOOD)
    visitor.visit(CODE)
    assert type_code(visitor, used).status_code == 303
    for code in (used, before):
        other = fresh(visitor)
        other.sign_in(karin, GOOD)
        other.visit(CODE)
        refused = type_code(other, code)
        assert (refused.status_code, sentence(refused)) == (422, REFUSED)
        assert not is_in(other)


def test_the_code_that_set_up_the_app_is_used_up(visitor: Browser, karin: str) -> None:
    visitor.sign_in(karin, GOOD)
    phone = phone_of(visitor.visit(ENROL).get_data(as_text=True))
    visitor.send(ENROL, {FIELD: phone.code()})
    other = fresh(visitor)
    other.sign_in(karin, GOOD)
    other.visit(CODE)
    assert type_code(other, phone.code()).status_code == 422
    assert type_code(other, phone.code(steps=1)).status_code == 303


def test_a_recovery_code_works_once(visitor: Browser, karin: str, cast: Cast, database: Database) -> None:
    _phone, codes = give_phone(database, cast.union)
    visitor.sign_in(karin, GOOD, next="/wijzigingen")
    visitor.visit(CODE)
    inside = type_code(visitor, codes[0].replace("-", " "))
    assert inside.location == "/mijn/tweede-stap"
    assert "Je hebt er nog 9." in visitor.visit(inside.location).get_data(as_text=True)
    other = fresh(visitor)
    other.sign_in(karin, GOOD)
    other.visit(CODE)
    refused = type_code(other, codes[0])
    assert (refused.status_code, sentence(refused)) == (422, REFUSED)
    assert type_code(other, codes[1].replace("-", "")).status_code == 303


WRONG = ["", "0", "123456", "12345", "1234567", "0000-0000-0000-0000", "x" * 5000, "١٢٣٤٥٦", "é", "null", "<b>", "-1"]


@pytest.mark.parametrize("typed", WRONG)
def test_whatever_is_wrong_the_answer_is_the_same(visitor: Browser, karin: str, phone: Phone, typed: str) -> None:
    visitor.sign_in(karin, GOOD)
    visitor.visit(CODE)
    refused = type_code(visitor, typed if typed != phone.code() else "")
    assert (refused.status_code, sentence(refused)) == (422, REFUSED)
    assert not is_in(visitor)


def test_wrong_codes_cost_a_wait_that_doubles(visitor: Browser, karin: str, phone: Phone, monday: datetime) -> None:
    visitor.sign_in(karin, GOOD)
    visitor.visit(CODE)
    statuses = [type_code(visitor, "000000").status_code for _time in range(10)]
    assert statuses == [422] * 5 + [429] * 5
    early = type_code(visitor, phone.code())
    assert early.status_code == 429, "during the wait the right code is not looked at"
    assert int(early.headers["Retry-After"]) == 60
    waits = []
    moment = monday
    for _time in range(4):
        moment += timedelta(seconds=int(early.headers["Retry-After"]))
        with clock.at(moment):
            other = fresh(visitor)
            other.sign_in(karin, GOOD)
            other.visit(CODE)
            assert type_code(other, "000000").status_code == 422
            early = type_code(other, "000000")
            waits.append(int(early.headers["Retry-After"]))
    assert waits == [120, 240, 480, 960]
    with clock.at(moment + timedelta(hours=1)):
        other = fresh(visitor)
        other.sign_in(karin, GOOD)
        other.visit(CODE)
        assert type_code(other, phone.code()).status_code == 303
        with visitor.database.reading():
            assert session().scalars(select(SecondFactor.failures)).one() == 0


def test_a_new_browser_or_address_gives_no_new_attempts(
    visitor: Browser, karin: str, phone: Phone, database: Database
) -> None:
    for number in range(5):
        other = fresh(visitor)
        other.visit("/inloggen")
        where = {"REMOTE_ADDR": f"203.0.113.{number}"}
        other.send("/inloggen", {"email": karin, "password": GOOD}, environ_base=where)
        other.visit(CODE)
        assert type_code(other, "000000").status_code == 422
    visitor.sign_in(karin, GOOD)
    visitor.visit(CODE)
    assert type_code(visitor, phone.code()).status_code == 429


def test_who_is_being_guessed_at_hears_of_it(visitor: Browser, karin: str, phone: Phone, letters: Letters) -> None:
    letters.sent()
    visitor.sign_in(karin, GOOD)
    visitor.visit(CODE)
    for _time in range(8):
        type_code(visitor, "000000")
    told = [letter for letter in letters.sent() if letter["Subject"] == "Er zijn verkeerde codes getypt"]
    assert [letter["To"] for letter in told] == [karin]
    assert GOOD not in text_of(told[0])


def test_a_wrong_password_never_gets_to_the_second_step(visitor: Browser, karin: str, phone: Phone) -> None:
    assert visitor.sign_in(karin, OTHER).status_code == 422
    assert visitor.get(CODE).location == "/inloggen"
    assert visitor.get(ENROL).location == "/inloggen"
    assert type_code(visitor, phone.code()).location == "/inloggen"
    assert not is_in(visitor)


@pytest.mark.parametrize(
    "address", ["/", "/mijn", "/mijn/tweede-stap", "/wijzigingen", "/wijzigingen/atom", "/beheer"]
)
def test_halfway_opens_nothing(visitor: Browser, karin: str, phone: Phone, address: str, database: Database) -> None:
    visitor.sign_in(karin, GOOD)
    assert visitor.get(address).location.startswith("/inloggen?next=")
    with database.reading():
        assert session().scalar(select(func.count()).select_from(SignIn)) == 0


def test_the_token_of_halfway_is_no_sign_in(visitor: Browser, karin: str, phone: Phone) -> None:
    visitor.sign_in(karin, GOOD)
    with visitor.http.session_transaction() as cookie:
        cookie["_user_id"] = cookie["half"]
        cookie["_fresh"] = True
    assert not is_in(visitor)


def test_who_must_set_up_an_app_cannot_take_the_other_way(visitor: Browser, karin: str) -> None:
    visitor.sign_in(karin, GOOD)
    assert visitor.get(CODE).location == ENROL
    visitor.visit(ENROL)
    assert type_code(visitor, "000000").location == ENROL


def test_who_has_an_app_cannot_set_up_another_one_halfway(visitor: Browser, karin: str, phone: Phone) -> None:
    visitor.sign_in(karin, GOOD)
    assert visitor.get(ENROL).location == CODE
    visitor.visit(CODE)
    assert visitor.send(ENROL, {FIELD: phone.code()}).location == CODE
    assert not is_in(visitor)


def test_halfway_ends_by_itself_and_says_so(
    visitor: Browser, karin: str, phone: Phone, monday: datetime, database: Database
) -> None:
    visitor.sign_in(karin, GOOD, next="/mijn")
    visitor.visit(CODE)
    with clock.at(monday + timedelta(minutes=10)):
        late = type_code(visitor, phone.code(), next="/mijn")
        assert late.location == "/inloggen?next=/mijn"
        assert "Het inloggen duurde te lang" in visitor.visit(late.location).get_data(as_text=True)
        assert not is_in(visitor)
        visitor.sign_in(karin, GOOD)
        with database.reading():
            assert session().scalar(select(func.count()).select_from(HalfSignIn)) == 1, "the old one is cleaned away"


def test_blocking_and_a_new_password_end_halfway(
    visitor: Browser, karin: str, phone: Phone, cast: Cast, database: Database
) -> None:
    visitor.sign_in(karin, GOOD)
    visitor.visit(CODE)
    with database.transaction():
        service.set_password(queries.get_person(cast.union.id), OTHER)
    assert type_code(visitor, phone.code()).location == "/inloggen"
    visitor.sign_in(karin, OTHER)
    visitor.visit(CODE)
    with database.transaction():
        service.block(None, queries.get_person(cast.union.id))
    assert type_code(visitor, phone.code()).location == "/inloggen"


def test_getting_in_gives_a_cookie_in_which_nothing_of_halfway_is_left(
    visitor: Browser, karin: str, phone: Phone, database: Database
) -> None:
    visitor.sign_in(karin, GOOD)
    visitor.visit(CODE)
    before = visitor.cookie
    type_code(visitor, phone.code())
    assert visitor.cookie != before
    other = fresh(visitor)
    other.http.set_cookie(visitor.app.config["SESSION_COOKIE_NAME"], before)
    assert other.get(CODE).location == "/inloggen", "the old cookie is worthless"
    assert not is_in(other)


def test_a_new_password_by_mail_leaves_the_second_step(
    visitor: Browser, karin: str, phone: Phone, letters: Letters
) -> None:
    visitor.visit("/wachtwoord/vergeten")
    visitor.send("/wachtwoord/vergeten", {"email": karin})
    link = link_in(next(letter for letter in letters.sent() if letter["Subject"] == "Kies een nieuw wachtwoord"))
    visitor.visit(link)
    visitor.send(link, {"password": OTHER})
    assert visitor.sign_in(karin, OTHER).location == CODE
    assert not is_in(visitor)


@pytest.mark.parametrize("path", [CODE, ENROL])
def test_without_the_token_of_the_page_no_code_is_looked_at(
    visitor: Browser, karin: str, phone: Phone, path: str
) -> None:
    visitor.sign_in(karin, GOOD)
    assert visitor.post_bare(path, {FIELD: phone.code()}).status_code == 403
    assert not is_in(visitor)
    visitor.visit(CODE)
    assert type_code(visitor, phone.code()).status_code == 303, "and the code was not used up by it"


def test_the_answer_is_in_the_language_of_who_signs_in(
    visitor: Browser, karin: str, phone: Phone, cast: Cast, database: Database
) -> None:
    with database.transaction():
        queries.get_person(cast.union.id).language = "en"
    visitor.sign_in(karin, GOOD)
    page = visitor.visit(CODE)
    assert page.headers["Content-Language"] == "en"
    refused = type_code(visitor, "000000")
    assert (refused.status_code, refused.headers["Content-Language"]) == (422, "en")


def test_a_secret_that_no_key_opens_lets_nobody_in_but_a_recovery_code_does(
    visitor: Browser, karin: str, cast: Cast, database: Database
) -> None:
    phone, codes = give_phone(database, cast.union)
    with database.transaction():
        factor = session().get_one(SecondFactor, cast.union.id)
        assert factor.secret is not None
        factor.secret = factor.secret[:-8] + "AAAAAAA="
    visitor.sign_in(karin, GOOD)
    visitor.visit(CODE)
    assert type_code(visitor, phone.code()).status_code == 422
    assert type_code(visitor, codes[3]).status_code == 303


def test_two_codes_at_once_are_one(cast: Cast, database: Database) -> None:
    phone, _codes = give_phone(database, cast.union)
    with database.transaction():
        person = queries.get_person(cast.union.id)
        assert second_factor.prove(person, phone.code()) is second_factor.Proof.APP
    with database.transaction(), pytest.raises(Invalid):
        second_factor.prove(queries.get_person(cast.union.id), phone.code())
