"""Who may what, over real HTTP: every endpoint and method of `access.ROWS` for every member of the cast.

A route without a row fails, and so does a row without a route. What an act writes is undone after each request.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from proeftuin.accounts.actor import Actor
from proeftuin.db import Database
from proeftuin.search import service as search
from proeftuin.web.application import Application
from proeftuin.web.guard import PUBLIC_ENDPOINTS
from tests.cast import Cast
from tests.client import Client
from tests.house.access import ROWS, TEAM, WITHOUT_ACCESS, Place, Row, World, create_site_page

KEPT_OUT = {401, 403, 404, 410}


def routes(app: Application) -> Iterator[tuple[str, str]]:
    """Give every endpoint with every method that it answers to."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method


def test_every_route_has_a_row_and_every_row_a_route(app: Application) -> None:
    known = set(routes(app)) - WITHOUT_ACCESS
    listed = {(row.endpoint, row.method) for row in ROWS}
    assert known - listed == set(), "routes of which nobody said who may use them"
    assert listed - known == set(), "rows about routes that do not exist"


@pytest.fixture
def world(app: Application, database: Database, cast: Cast) -> World:
    with app.app_context(), database.transaction():
        create_site_page(cast)
        search.rebuild(app.extensions["search"].index)
        return World.create(cast)


def ask(browser: Client, database: Database, row: Row, address: str) -> int:
    """Send the request of a row as if it were the first, undo what it wrote, and return the status."""
    assert database.joined is not None
    browser = browser.afresh()
    undo = database.joined.begin_nested()
    response = browser.get(address) if row.method == "GET" else browser.post(address, row.fields)
    undo.rollback()
    return response.status_code


def _askers(world: World, database: Database) -> dict[str, Actor]:
    """Return everyone; on the second database, where only the statements are others, who meets most of them."""
    everyone = world.cast.everyone()
    if database.engine.dialect.name == "sqlite":
        return everyone
    return {name: everyone[name] for name in ("lead", "outsider", "union")}


def test_everyone_gets_what_the_table_says(client: Client, database: Database, world: World) -> None:
    wrong = []
    for name, actor in _askers(world, database).items():
        browser = client.as_(actor)
        for row in ROWS:
            status = ask(browser, database, row, row.address(world, world.open))
            expected = name in row.allowed
            if expected == (status in KEPT_OUT) or (not expected and status != row.refused) or status >= 500:
                wrong.append((row.endpoint, row.method, name, status, "let through" if expected else row.refused))
    assert wrong == [], "\n".join(map(str, wrong))


@pytest.mark.parametrize("place", ["hidden", "restricted"])
def test_what_only_the_team_may_know_of_does_not_exist_for_others(
    client: Client, database: Database, world: World, place: str
) -> None:
    where: Place = getattr(world, place)
    wrong = []
    for name, actor in _askers(world, database).items():
        browser = client.as_(actor)
        for row in ROWS:
            address = row.address(world, where)
            parts = (where.page, f"/{where.subject}", "/gesprek/", "/reacties/", "/bestanden/")
            about_page = any(part in address for part in parts)
            if not row.is_placed or name in TEAM or (place == "restricted" and not about_page):
                continue
            status = ask(browser, database, row, address)
            if status != 404:
                wrong.append((row.endpoint, row.method, name, status))
    assert wrong == [], "\n".join(map(str, wrong))


def test_who_is_not_signed_in_gets_no_further_than_the_door(client: Client, database: Database, world: World) -> None:
    wrong = []
    for row in ROWS:
        if row.endpoint in PUBLIC_ENDPOINTS:
            continue
        status = ask(client, database, row, row.address(world, world.open))
        if status != (303 if row.method == "GET" else 401):
            wrong.append((row.endpoint, row.method, status))
    assert wrong == [], "\n".join(map(str, wrong))


def test_no_act_goes_through_without_the_token_of_its_own_session(
    client: Client, database: Database, world: World
) -> None:
    browser = client.as_(world.cast.admin)
    wrong = []
    for row in ROWS:
        if row.method == "POST":
            status = browser.post_bare(row.address(world, world.open)).status_code
            foreign = browser.post(row.address(world, world.open), {"csrf_token": client.csrf_token}).status_code
            if {status, foreign} != {403} and row.endpoint != "accounts.set_language":
                wrong.append((row.endpoint, status, foreign))
    assert wrong == [], "\n".join(map(str, wrong))
