"""The sign-in page of the demo: everyone with one click, and nothing of it outside the demo."""

from __future__ import annotations

import re

from proeftuin.accounts import queries, service
from proeftuin.db import Database
from proeftuin.web.application import Application
from tests.accounts.conftest import Browser
from tests.cast import Cast
from tests.client import Client


def test_outside_the_demo_there_is_no_such_address(client: Client, cast: Cast, app: Application) -> None:
    assert client.post("/inloggen/als", {"wie": str(cast.lead.id)}).status_code == 404
    assert client.as_(cast.lead).post("/inloggen/als", {"wie": str(cast.admin.id)}).status_code == 404
    assert "accounts.sign_in_as" not in app.view_functions
    assert 'name="wie"' not in client.get("/inloggen").get_data(as_text=True)


def test_everyone_can_be_chosen_with_one_click(demo: Application, cast: Cast, database: Database) -> None:
    visitor = Browser(demo, database)
    page = visitor.visit("/inloggen").get_data(as_text=True)
    chosen = {int(number) for number in re.findall(r'name="wie" value="(\d+)"', page)}
    assert chosen == {actor.id for actor in cast.everyone().values()}
    assert visitor.send("/inloggen/als", {"wie": str(cast.union.id), "next": "/mijn"}).location == "/mijn"
    assert visitor.get("/mijn/sessies").status_code == 200


def test_people_are_grouped_by_what_there_is_to_see(demo: Application, cast: Cast, database: Database) -> None:
    page = Browser(demo, database).visit("/inloggen").get_data(as_text=True)
    groups = {
        title: re.findall(r'<b class="person">([^<]+)', body)
        for title, body in re.findall(r'<h2 class="section-title">([^<]+)</h2>(.*?)</ul>', page, re.S)
    }
    assert groups["Toezien"] == ["Karin Oosterveld", "Saskia de Wit"]
    assert groups["Regelen"] == ["Daan Wolters", "Esra Yildiz"]
    assert "Hanneke Jansma" in groups["Meelezen en meepraten"]


def test_someone_else_can_be_chosen_while_signed_in(demo: Application, cast: Cast, database: Database) -> None:
    visitor = Browser(demo, database)
    visitor.visit("/inloggen")
    visitor.send("/inloggen/als", {"wie": str(cast.lead.id)})
    assert "Kies wie je bent" in visitor.visit("/inloggen").get_data(as_text=True)
    assert visitor.send("/inloggen/als", {"wie": str(cast.admin.id)}).status_code == 303
    assert visitor.get("/beheer").status_code == 200


def test_nobody_is_nobody_in_the_demo_too(demo: Application, cast: Cast, database: Database) -> None:
    with database.transaction():
        service.block(None, queries.get_person(cast.outsider.id))
    visitor = Browser(demo, database)
    page = visitor.visit("/inloggen").get_data(as_text=True)
    assert "Onur Demir" not in page
    for wrong in ("", "x", "999999", "99999999999999", str(cast.outsider.id)):
        assert visitor.send("/inloggen/als", {"wie": wrong}).status_code == 404


def test_a_click_needs_the_token_of_the_page(demo: Application, cast: Cast, database: Database) -> None:
    visitor = Browser(demo, database)
    assert visitor.post_bare("/inloggen/als", {"wie": str(cast.lead.id)}).status_code == 403
