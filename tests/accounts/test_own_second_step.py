"""One's own second step: set up by choice or by rule, moved to another phone, turned off, or reset for someone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from proeftuin import clock, config
from proeftuin.accounts import queries, second_factor, service
from proeftuin.accounts.models import RecoveryCode, Role, SecondFactor
from proeftuin.db import Database, session
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.events.models import Event
from proeftuin.web.application import Application
from tests.accounts.conftest import GOOD, OTHER, Browser, Letters, text_of
from tests.accounts.factors import (
    CODE,
    ENROL,
    FIELD,
    OWN,
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
from tests.client import Client

pytestmark = pytest.mark.usefixtures("monday")


@contextmanager
def settings(database: Database, **changes: Any) -> Iterator[None]:
    """Run with other settings."""
    usual = database.settings
    assert usual is not None
    database.settings = replace(usual, **changes)
    try:
        yield
    finally:
        database.settings = usual


@pytest.fixture
def owner(visitor: Browser, willemijn: str) -> Browser:
    """Give the browser of someone who may choose, signed in on the page of her second step."""
    visitor.sign_in(willemijn, GOOD)
    visitor.visit(OWN)
    return visitor


def set_up(browser: Browser) -> tuple[Phone, list[str]]:
    """Set up an app by choice."""
    assert browser.send(OWN, {"old_password": GOOD}).location == f"{OWN}/instellen"
    phone = phone_of(browser.visit(f"{OWN}/instellen").get_data(as_text=True))
    done = browser.send(f"{OWN}/instellen", {FIELD: phone.code()})
    assert done.status_code == 200
    return phone, recovery_codes_of(done.get_data(as_text=True))


def test_everyone_may_have_a_second_step_and_nobody_inside_must(owner: Browser, willemijn: str) -> None:
    page = owner.visit(OWN).get_data(as_text=True)
    assert "verplicht" not in page
    phone, codes = set_up(owner)
    assert len(codes) == 10
    other = Browser(owner.app, owner.database)
    assert other.sign_in(willemijn, GOOD).location == CODE
    other.visit(CODE)
    with clock.at(clock.now() + timedelta(seconds=30)):
        assert type_code(other, phone.code()).status_code == 303


def test_nothing_changes_until_a_code_was_typed(owner: Browser, willemijn: str) -> None:
    owner.send(OWN, {"old_password": GOOD})
    owner.visit(f"{OWN}/instellen")
    assert owner.send(f"{OWN}/instellen", {FIELD: "000000"}).status_code == 422
    other = Browser(owner.app, owner.database)
    assert other.sign_in(willemijn, GOOD).location == "/"


@pytest.mark.parametrize("path", [OWN, f"{OWN}/herstelcodes", f"{OWN}/uit"])
def test_changing_it_asks_for_the_password_and_a_code_again(owner: Browser, path: str, database: Database) -> None:
    phone, _codes = set_up(owner)
    with clock.at(clock.now() + timedelta(minutes=2)):
        for fields, field in (
            ({}, "wachtwoord"),
            ({"old_password": OTHER, FIELD: phone.code()}, "wachtwoord"),
            ({"old_password": GOOD}, "code"),
            ({"old_password": GOOD, FIELD: "000000"}, "code"),
        ):
            owner.visit(OWN)
            refused = owner.send(path, fields)
            assert refused.status_code == 422
            assert field in sentence(refused)
            assert GOOD not in refused.get_data(as_text=True)
    with database.reading():
        factor = session().scalars(select(SecondFactor)).one()
        assert (factor.pending, factor.confirmed_at is None) == (None, False)
        assert len(session().scalars(select(RecoveryCode)).all()) == 10


def test_without_a_second_step_only_the_password_is_asked(owner: Browser) -> None:
    assert owner.send(OWN, {"old_password": OTHER}).status_code == 422
    assert owner.send(OWN, {"old_password": ""}).status_code == 422
    assert owner.get(f"{OWN}/instellen").location == OWN
    assert owner.send(OWN, {"old_password": GOOD}).status_code == 303


def test_another_phone_takes_the_place_of_the_first(owner: Browser, willemijn: str) -> None:
    old, old_codes = set_up(owner)
    owner.visit(OWN)
    assert owner.send(OWN, {"old_password": GOOD, FIELD: old_codes[0]}).status_code == 303
    new = phone_of(owner.visit(f"{OWN}/instellen").get_data(as_text=True))
    assert new.secret != old.secret
    with clock.at(clock.now() + timedelta(minutes=1)):
        codes = recovery_codes_of(owner.send(f"{OWN}/instellen", {FIELD: new.code()}).get_data(as_text=True))
    assert not set(codes) & set(old_codes)
    with clock.at(clock.now() + timedelta(minutes=2)):
        other = Browser(owner.app, owner.database)
        other.sign_in(willemijn, GOOD)
        other.visit(CODE)
        assert type_code(other, old.code()).status_code == 422
        assert type_code(other, old_codes[1]).status_code == 422
        assert type_code(other, new.code()).status_code == 303


def test_new_recovery_codes_replace_the_old_ones(owner: Browser, cast: Cast, database: Database) -> None:
    phone, old = set_up(owner)
    owner.visit(OWN)
    with clock.at(clock.now() + timedelta(minutes=1)):
        shown = owner.send(f"{OWN}/herstelcodes", {"old_password": GOOD, FIELD: phone.code()})
    new = recovery_codes_of(shown.get_data(as_text=True))
    assert len(new) == 10
    with database.reading():
        person = queries.get_person(cast.lead.id)
        assert second_factor.are_recovery_codes(person, new)
        assert not second_factor.are_recovery_codes(person, old[:1])


def test_recovery_codes_are_given_as_a_file_and_nothing_else_is(owner: Browser) -> None:
    _phone, codes = set_up(owner)
    file = owner.send(f"{OWN}/bewaren", {"recovery_codes": " ".join(codes)})
    assert file.status_code == 200
    assert file.headers["Content-Disposition"] == 'attachment; filename="proeftuin-herstelcodes.txt"'
    assert file.headers["Cache-Control"] == "no-store"
    assert all(code in file.get_data(as_text=True) for code in codes)
    for given in ("", "0000-0000-0000-0000", f"{codes[0]} <script>", "x" * 9000):
        assert owner.send(f"{OWN}/bewaren", {"recovery_codes": given}).status_code == 303


def test_turning_it_off_leaves_nothing(owner: Browser, willemijn: str, database: Database, letters: Letters) -> None:
    phone, _codes = set_up(owner)
    owner.visit(OWN)
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert owner.send(f"{OWN}/uit", {"old_password": GOOD, FIELD: phone.code()}).status_code == 303
        subjects = [letter["Subject"] for letter in letters.sent()]
    with database.reading():
        assert session().scalars(select(SecondFactor)).all() == []
        assert session().scalars(select(RecoveryCode)).all() == []
    assert sorted(subjects) == ["De tweede stap is ingesteld", "De tweede stap is uitgezet"]
    other = Browser(owner.app, owner.database)
    assert other.sign_in(willemijn, GOOD).location == "/"


def test_who_must_have_it_cannot_turn_it_off(visitor: Browser, cast: Cast, database: Database) -> None:
    karin = give_password(database, cast.union)
    phone, codes = give_phone(database, cast.union)
    visitor.sign_in(karin, GOOD)
    visitor.visit(CODE)
    type_code(visitor, phone.code())
    page = visitor.visit(OWN).get_data(as_text=True)
    assert "Voor jouw account is de tweede stap verplicht." in page
    assert "Zet uit" not in page
    refused = visitor.send(f"{OWN}/uit", {"old_password": GOOD, FIELD: codes[0]})
    assert refused.status_code == 409
    with database.reading():
        assert second_factor.is_on(queries.get_person(cast.union.id))


def test_turning_off_what_is_not_there_does_nothing(owner: Browser) -> None:
    for path in (f"{OWN}/uit", f"{OWN}/herstelcodes", f"{OWN}/bewaren"):
        assert owner.send(path, {"old_password": GOOD}).location == OWN


# For whom it is obligatory


@pytest.mark.parametrize(
    "case",
    [
        ("external", "union", True),
        ("external", "admin", False),
        ("external", "colleague", False),
        ("roles", "union", True),
        ("roles", "admin", True),
        ("roles", "council", True),
        ("roles", "colleague", False),
        ("everyone", "colleague", True),
    ],
)
def test_the_setting_says_for_whom_it_is_obligatory(
    visitor: Browser, cast: Cast, database: Database, case: tuple[str, str, bool]
) -> None:
    setting, who, must = case
    email = give_password(database, cast.everyone()[who])
    with settings(database, second_factor=setting):
        answer = visitor.sign_in(email, GOOD)
        assert answer.location == (ENROL if must else "/")
        assert is_in(visitor) is not must


# An administrator helps


@pytest.fixture
def daan(client: Client, cast: Cast) -> Client:
    """Give the browser of the administrator."""
    return client.as_(cast.admin)


def test_an_administrator_resets_it_and_that_is_recorded_and_mailed(
    visitor: Browser, daan: Client, cast: Cast, database: Database, letters: Letters
) -> None:
    karin = give_password(database, cast.union)
    phone, _codes = give_phone(database, cast.union)
    visitor.sign_in(karin, GOOD)
    visitor.visit(CODE)
    type_code(visitor, phone.code())
    person = f"/beheer/mensen/{cast.union.id}"
    assert "Wis de tweede stap" in daan.get(person).get_data(as_text=True)
    assert daan.post(f"{person}/tweede-stap-wissen").status_code == 303
    assert not is_in(visitor), "who has the lost phone is out"
    assert daan.post(f"{person}/tweede-stap-wissen").status_code == 409
    with database.reading():
        event = session().scalars(select(Event).where(Event.kind == "admin:second_factor_reset")).one()
        assert (event.actor_id, event.object_id, event.summary) == (cast.admin.id, cast.union.id, "Karin Oosterveld")
        assert phone.secret not in str(event.data)
    told = next(letter for letter in letters.sent() if letter["Subject"] == "De tweede stap is gewist")
    assert told["To"] == karin
    assert "beheerder" in text_of(told)
    assert visitor.sign_in(karin, GOOD).location == ENROL
    new = phone_of(visitor.visit(ENROL).get_data(as_text=True))
    assert new.secret != phone.secret
    assert visitor.send(ENROL, {FIELD: new.code()}).status_code == 200


def test_an_administrator_does_not_reset_their_own(daan: Client, cast: Cast, database: Database) -> None:
    give_phone(database, cast.admin)
    page = daan.get(f"/beheer/mensen/{cast.admin.id}").get_data(as_text=True)
    assert "Wis de tweede stap" not in page
    assert daan.post(f"/beheer/mensen/{cast.admin.id}/tweede-stap-wissen").status_code == 403
    with database.transaction(), pytest.raises(NotAllowed):
        service.reset_second_factor(cast.admin, queries.get_person(cast.admin.id))


def test_from_the_server_it_can_be_reset_too(app: Application, cast: Cast, database: Database) -> None:
    email = give_password(database, cast.admin)
    give_phone(database, cast.admin)
    runner = app.test_cli_runner()
    done = runner.invoke(args=["accounts", "reset-second-factor", "--email", email])
    assert (done.exit_code, "was removed" in done.output) == (0, True)
    again = runner.invoke(args=["accounts", "reset-second-factor", "--email", email])
    assert again.exit_code == 1
    assert runner.invoke(args=["accounts", "reset-second-factor", "--email", "x@y.example"]).exit_code == 1


# Keys


def test_an_old_key_opens_what_it_sealed_and_the_next_code_seals_it_anew(
    visitor: Browser, cast: Cast, database: Database, app: Application
) -> None:
    karin = give_password(database, cast.union)
    phone, _codes = give_phone(database, cast.union)
    old = app.settings.secret_key
    with settings(database, secret_key="another secret of the installation, long", old_secret_keys=("x" * 40, old)):
        visitor.sign_in(karin, GOOD)
        visitor.visit(CODE)
        assert type_code(visitor, phone.code()).status_code == 303
    with settings(database, secret_key="another secret of the installation, long"):
        other = Browser(visitor.app, database)
        other.sign_in(karin, GOOD)
        other.visit(CODE)
        assert type_code(other, phone.code(steps=1)).status_code == 303


def test_without_the_old_key_only_a_recovery_code_helps(visitor: Browser, cast: Cast, database: Database) -> None:
    karin = give_password(database, cast.union)
    phone, codes = give_phone(database, cast.union)
    with settings(database, secret_key="another secret of the installation, long"):
        visitor.sign_in(karin, GOOD)
        visitor.visit(CODE)
        assert type_code(visitor, phone.code()).status_code == 422
        assert type_code(visitor, codes[0]).location == OWN


def test_the_second_step_of_one_person_is_not_that_of_another(cast: Cast, database: Database) -> None:
    give_phone(database, cast.union)
    stranger, _codes = give_phone(database, cast.colleague)
    with database.transaction():
        hers = session().get_one(SecondFactor, cast.union.id)
        hers.secret = session().get_one(SecondFactor, cast.colleague.id).secret
        session().flush()
        with pytest.raises(Invalid):
            second_factor.prove(queries.get_person(cast.union.id), stranger.code())


def test_two_roles_or_none_cost_the_same_rule(cast: Cast, database: Database) -> None:
    with database.transaction(), settings(database, second_factor="external"), config.using(database.settings):
        person = queries.get_person(cast.union.id)
        assert second_factor.is_required(person)
        person.is_external = False
        session().flush()
        assert second_factor.is_required(person), "a union officer stays one whatever the box says"
        assert Role.UNION_OFFICER in cast.union.roles
        with pytest.raises(Conflict):
            second_factor.end(person)


# The demo


def test_in_the_demo_one_click_asks_for_no_code_and_a_password_does(
    demo: Application, cast: Cast, database: Database
) -> None:
    karin = give_password(database, cast.union)
    give_phone(database, cast.union)
    visitor = Browser(demo, database)
    visitor.visit("/inloggen")
    assert visitor.send("/inloggen/als", {"wie": str(cast.union.id)}).location == "/"
    assert is_in(visitor)
    other = Browser(demo, database)
    assert other.sign_in(karin, GOOD).location == CODE


def test_in_the_demo_setting_it_up_can_be_tried_without_a_password(
    demo: Application, cast: Cast, database: Database
) -> None:
    visitor = Browser(demo, database)
    visitor.visit("/inloggen")
    visitor.send("/inloggen/als", {"wie": str(cast.union.id)})
    page = visitor.visit(OWN).get_data(as_text=True)
    assert "In dit voorbeeld vragen we hem niet bij één klik op een naam." in page
    assert 'name="old_password"' not in page
    assert visitor.send(OWN, {}).location == f"{OWN}/instellen"
    phone = phone_of(visitor.visit(f"{OWN}/instellen").get_data(as_text=True))
    assert visitor.send(f"{OWN}/instellen", {FIELD: phone.code()}).status_code == 200
    visitor.visit("/inloggen")
    assert visitor.send("/inloggen/als", {"wie": str(cast.union.id)}).location == "/", "one click stays one click"


def test_outside_the_demo_an_account_without_a_password_sets_up_nothing(client: Client, cast: Cast) -> None:
    browser = client.as_(cast.colleague)
    page = browser.get(OWN).get_data(as_text=True)
    assert "Je account heeft nog geen wachtwoord" in page
    assert browser.post(OWN, {"old_password": ""}).status_code == 422
