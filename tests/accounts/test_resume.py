"""Signing in again in place: nothing that was typed is lost, and the act is done."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts import queries, service
from proeftuin.accounts.models import Department, SignIn
from proeftuin.db import Database, session
from proeftuin.web.application import Application
from tests.accounts.conftest import GOOD, Browser, email_of
from tests.accounts.factors import give_password, give_phone
from tests.cast import Cast

TYPED = {"name": "Sluizen <& gemalen>\u00a0“Oost”", "headcount": "12", "parent_id": ""}
ADDRESS = "/beheer/afdelingen?van=menu"


@pytest.fixture
def daan(cast: Cast, database: Database) -> str:
    """Give the administrator a password and return his address."""
    with database.transaction():
        service.set_password(queries.get_person(cast.admin.id), GOOD)
    return email_of(cast.admin, database)


@pytest.fixture
def stranded(visitor: Browser, daan: str) -> Browser:
    """Give a browser with a form open, in which the sign-in has expired."""
    with clock.at(clock.now() - timedelta(hours=13)):
        visitor.sign_in(daan, GOOD)
        visitor.visit("/beheer/afdelingen")
    return visitor


def hidden_fields(page: str) -> dict[str, str]:
    """Return what the resume page will send along."""
    form = page.split("data-resume", 1)[1].split("</form>", maxsplit=1)[0]
    return {
        unescape(name): unescape(value)
        for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    }


def departments(database: Database) -> set[str]:
    with database.reading():
        return set(session().scalars(select(Department.name)))


def test_a_form_sent_after_the_sign_in_expired_is_done_after_signing_in_on_the_spot(
    stranded: Browser, daan: str, database: Database
) -> None:
    response = stranded.send(ADDRESS, TYPED)
    page = response.get_data(as_text=True)
    assert response.status_code == 401
    assert f'action="{ADDRESS}"' in page
    fields = hidden_fields(page)
    assert {name: fields[name] for name in TYPED} == TYPED
    assert TYPED["name"] not in departments(database)
    again = stranded.send(ADDRESS, {**fields, "resume_email": daan, "resume_password": GOOD})
    assert again.status_code == 303
    assert "Sluizen <& gemalen> “Oost”" in departments(database)
    assert stranded.get("/beheer").status_code == 200, "and one stays signed in"


def test_a_wrong_password_keeps_everything_and_asks_again(stranded: Browser, daan: str, database: Database) -> None:
    fields = hidden_fields(stranded.send(ADDRESS, TYPED).get_data(as_text=True))
    wrong = stranded.send(ADDRESS, {**fields, "resume_email": daan, "resume_password": "geheim geraden raadsel"})
    page = wrong.get_data(as_text=True)
    assert wrong.status_code == 401
    assert 'role="alert"' in page
    assert "geheim geraden raadsel" not in page
    assert {name: hidden_fields(page)[name] for name in TYPED} == TYPED
    assert len(departments(database)) == 2
    right = stranded.send(ADDRESS, {**hidden_fields(page), "resume_email": daan, "resume_password": GOOD})
    assert right.status_code == 303


def test_guessing_here_is_limited_as_on_the_sign_in_page(stranded: Browser, daan: str, database: Database) -> None:
    stranded.send(ADDRESS, TYPED)
    fields = {**TYPED, "resume_email": daan, "resume_password": "geheim geraden raadsel"}
    with clock.at(clock.now()):
        statuses = [stranded.send(ADDRESS, fields).status_code for _time in range(11)]
        assert statuses == [401] * 10 + [429]
        response = stranded.send(ADDRESS, {**fields, "resume_password": GOOD})
        assert response.status_code == 429
        assert int(response.headers["Retry-After"]) > 0
        assert {name: hidden_fields(response.get_data(as_text=True))[name] for name in TYPED} == TYPED


def test_whoever_signs_in_on_the_spot_stays_in_when_the_act_is_refused(
    stranded: Browser, daan: str, database: Database
) -> None:
    stranded.send(ADDRESS, TYPED)
    response = stranded.send(ADDRESS, {"name": "", "resume_email": daan, "resume_password": GOOD})
    assert response.status_code == 422
    assert stranded.get("/beheer").status_code == 200
    assert len(departments(database)) == 2


def test_with_a_second_step_the_code_is_asked_on_the_spot_too(
    stranded: Browser, daan: str, cast: Cast, database: Database
) -> None:
    with clock.at(clock.now()):
        phone, _codes = give_phone(database, cast.admin)
        stranded.send(ADDRESS, TYPED)
        halfway = stranded.send(ADDRESS, {**TYPED, "resume_email": daan, "resume_password": GOOD})
        page = halfway.get_data(as_text=True)
        assert halfway.status_code == 401
        assert 'name="resume_code"' in page
        assert "resume_password" not in page
        assert {name: hidden_fields(page)[name] for name in TYPED} == TYPED
        wrong = stranded.send(ADDRESS, {**hidden_fields(page), "resume_code": "000000"})
        page = wrong.get_data(as_text=True)
        assert wrong.status_code == 401
        assert "Deze code klopt niet." in page
        assert {name: hidden_fields(page)[name] for name in TYPED} == TYPED
        assert len(departments(database)) == 2
        done = stranded.send(ADDRESS, {**hidden_fields(page), "resume_code": phone.code()})
        assert done.status_code == 303
    assert len(departments(database)) == 3
    assert stranded.get("/beheer").status_code == 200


def test_guessing_codes_on_the_spot_is_limited_and_a_late_one_asks_for_the_password_again(
    stranded: Browser, daan: str, cast: Cast, database: Database
) -> None:
    with clock.at(clock.now()):
        phone, _codes = give_phone(database, cast.admin)
        stranded.send(ADDRESS, TYPED)
        stranded.send(ADDRESS, {**TYPED, "resume_email": daan, "resume_password": GOOD})
        statuses = [stranded.send(ADDRESS, {**TYPED, "resume_code": "000000"}).status_code for _time in range(6)]
        assert statuses == [401] * 5 + [429]
        moment = clock.now()
    with clock.at(moment + timedelta(minutes=11)):
        late = stranded.send(ADDRESS, {**TYPED, "resume_code": phone.code()})
        page = late.get_data(as_text=True)
        assert late.status_code == 401
        assert 'name="resume_password"' in page
        assert {name: hidden_fields(page)[name] for name in TYPED} == TYPED
    assert len(departments(database)) == 2


def test_who_must_set_up_the_second_step_first_keeps_the_text(
    visitor: Browser, cast: Cast, database: Database
) -> None:
    karin = give_password(database, cast.union)
    visitor.visit("/inloggen")
    asked = visitor.send(ADDRESS, {**TYPED, "resume_email": karin, "resume_password": GOOD})
    text = asked.get_data(as_text=True)
    assert asked.status_code == 401
    assert 'href="/inloggen/tweede-stap"' in text
    assert {name: hidden_fields(text)[name] for name in TYPED} == TYPED


def test_what_one_may_not_do_is_still_refused_after_signing_in(
    stranded: Browser, willemijn: str, database: Database
) -> None:
    stranded.send(ADDRESS, TYPED)
    response = stranded.send(ADDRESS, {**TYPED, "resume_email": willemijn, "resume_password": GOOD})
    assert response.status_code == 403
    assert len(departments(database)) == 2


def test_a_browser_that_lost_its_cookie_keeps_the_text_too(visitor: Browser, daan: str, database: Database) -> None:
    response = visitor.post_bare(ADDRESS, TYPED)
    page = response.get_data(as_text=True)
    assert response.status_code == 403
    fields = {"csrf_token": re.findall(r'name="csrf_token" value="([^"]+)"', page)[0], **hidden_fields(page)}
    done = visitor.post_bare(ADDRESS, {**fields, "resume_email": daan, "resume_password": GOOD})
    assert done.status_code == 303
    assert len(departments(database)) == 3


def test_a_token_of_another_session_does_nothing_and_keeps_the_text(
    visitor: Browser, daan: str, database: Database
) -> None:
    visitor.sign_in(daan, GOOD)
    stranger = Browser(visitor.app, database)
    stranger.visit("/inloggen")
    response = visitor.post_bare(ADDRESS, {**TYPED, "csrf_token": stranger.token})
    assert response.status_code == 403
    page = response.get_data(as_text=True)
    assert "resume_password" not in page, "who is signed in need not sign in again"
    assert "Dit formulier was te oud. Je tekst is er nog." in page
    assert "opnieuw ingelogd" not in page
    fields = hidden_fields(page)
    assert len(departments(database)) == 2
    visitor._remember(response)
    assert visitor.send(ADDRESS, {name: fields[name] for name in TYPED}).status_code == 303
    assert len(departments(database)) == 3


def test_a_form_of_another_site_is_not_offered_to_go_on_with(visitor: Browser, daan: str) -> None:
    response = visitor.post_bare(ADDRESS, TYPED, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert "data-resume" not in response.get_data(as_text=True)


def test_passwords_that_were_typed_are_never_sent_back(visitor: Browser, willemijn: str) -> None:
    visitor.visit("/inloggen")
    response = visitor.send("/mijn/wachtwoord", {"old_password": GOOD, "password": "een nieuw wachtwoordje"})
    page = response.get_data(as_text=True)
    assert response.status_code == 401
    assert GOOD not in page
    assert "een nieuw wachtwoordje" not in page


@pytest.mark.parametrize("chosen", ["", "x", "-1", "99999999999", "0", "1 or 1=1"])
def test_outside_the_demo_nobody_is_chosen_by_number(
    stranded: Browser, chosen: str, cast: Cast, database: Database
) -> None:
    stranded.send(ADDRESS, TYPED)
    assert stranded.send(ADDRESS, {**TYPED, "resume_as": chosen}).status_code == 401
    assert stranded.send(ADDRESS, {**TYPED, "resume_as": str(cast.admin.id)}).status_code == 401
    with database.reading():
        assert session().scalars(select(SignIn).where(SignIn.ends_at > clock.now())).all() == []


def test_in_the_demo_one_click_goes_on_with_the_form(demo: Application, cast: Cast, database: Database) -> None:
    visitor = Browser(demo, database)
    visitor.visit("/inloggen")
    page = visitor.send(ADDRESS, TYPED).get_data(as_text=True)
    assert f'name="resume_as" value="{cast.admin.id}"' in page
    typed, people = page.index('class="typed"'), page.index('name="resume_as"')
    assert typed < people < page.index("<details>"), "the text first, then one group, the others folded"
    fields = {name: hidden_fields(page)[name] for name in TYPED}
    assert visitor.send(ADDRESS, {**fields, "resume_as": str(cast.admin.id)}).status_code == 303
    assert len(departments(database)) == 3
