"""`flask accounts`: the first administrator, and a password without mail."""

from __future__ import annotations

import re

import pytest

from proeftuin.accounts import queries, registers
from proeftuin.accounts.models import Role
from proeftuin.db import Database
from proeftuin.web.application import Application
from tests.accounts.conftest import GOOD, OTHER, Browser
from tests.cast import Cast

ADMIN = ["accounts", "create-admin", "--email", "baas@oeverbrug.example", "--name", "Bea Baas"]


def roles_of(email: str, database: Database) -> tuple[Role, ...]:
    with database.reading():
        person = queries.find_person_by_email(email)
        assert person is not None
        return registers.roles_today([person.id]).get(person.id, ())


def test_a_new_installation_has_no_account_at_all(app: Application, database: Database) -> None:
    with database.reading():
        assert queries.list_people() == []


def test_the_first_administrator_gets_a_link_once(app: Application, database: Database) -> None:
    result = app.test_cli_runner().invoke(args=ADMIN)
    assert result.exit_code == 0
    path = re.findall(r"https?://[^/\s]+(/wachtwoord/kiezen/\S+)", result.output)[0]
    assert roles_of("baas@oeverbrug.example", database) == (Role.ADMINISTRATOR,)
    visitor = Browser(app, database)
    visitor.visit(path)
    assert visitor.send(path, {"password": OTHER}).status_code == 303
    assert visitor.send(path, {"password": GOOD}).status_code == 410
    visitor.sign_in("baas@oeverbrug.example", OTHER)
    assert visitor.get("/beheer").status_code == 200
    again = app.test_cli_runner().invoke(args=ADMIN)
    assert again.exit_code == 0
    assert "wachtwoord/kiezen" not in again.output


def test_the_first_administrator_can_type_a_password(app: Application, database: Database) -> None:
    result = app.test_cli_runner().invoke(args=[*ADMIN, "--password"], input=f"{GOOD}\n{GOOD}\n")
    assert result.exit_code == 0
    assert GOOD not in result.output
    assert "wachtwoord/kiezen" not in result.output
    assert Browser(app, database).sign_in("baas@oeverbrug.example", GOOD).status_code == 303


def test_a_weak_password_makes_no_administrator(app: Application, database: Database) -> None:
    result = app.test_cli_runner().invoke(args=[*ADMIN, "--password"], input="BeaBaas2026\nBeaBaas2026\n")
    assert result.exit_code == 1
    with database.reading():
        assert queries.find_person_by_email("baas@oeverbrug.example") is None


def test_someone_with_an_account_can_be_made_administrator(app: Application, database: Database, cast: Cast) -> None:
    with database.reading():
        email = queries.get_person(cast.hr.id).email
    result = app.test_cli_runner().invoke(args=["accounts", "create-admin", "--email", email, "--name", "x"])
    assert result.exit_code == 0
    assert set(roles_of(email, database)) == {Role.HR, Role.ADMINISTRATOR}


@pytest.mark.parametrize(
    ("email", "name"), [("geen adres", "Bea"), ("bea@x.example", " "), ("bea@x.example", "Esra Yildiz")]
)
def test_what_cannot_be_used_is_explained(
    app: Application, database: Database, cast: Cast, email: str, name: str
) -> None:
    result = app.test_cli_runner().invoke(args=["accounts", "create-admin", "--email", email, "--name", name])
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")


def test_a_password_is_set_without_mail_and_ends_every_sign_in(
    app: Application, database: Database, willemijn: str
) -> None:
    visitor = Browser(app, database)
    visitor.sign_in(willemijn, GOOD)
    args = ["accounts", "set-password", "--email", willemijn]
    assert app.test_cli_runner().invoke(args=args, input="Welkom01\nWelkom01\n").exit_code == 1
    result = app.test_cli_runner().invoke(args=args, input=f"{OTHER}\n{OTHER}\n")
    assert result.exit_code == 0
    assert visitor.get("/mijn/sessies").status_code == 303
    assert visitor.sign_in(willemijn, OTHER).status_code == 303


def test_setting_the_password_of_nobody_is_refused(app: Application, database: Database) -> None:
    args = ["accounts", "set-password", "--email", "niemand@oeverbrug.example"]
    result = app.test_cli_runner().invoke(args=args, input=f"{OTHER}\n{OTHER}\n")
    assert result.exit_code == 1
