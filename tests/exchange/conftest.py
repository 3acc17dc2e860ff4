"""A pilot to import into, and imports that are one call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from proeftuin.db import Database
from proeftuin.files.service import Words
from proeftuin.pilots import queries, service
from proeftuin.pilots.models import Pilot, State
from proeftuin.web.application import Application
from proeftuin.wiki import queries as wiki
from proeftuin.wiki import service as pages
from proeftuin.wiki.models import PageKind
from tests.cast import Cast
from tests.exchange.depot import CSV, MAP, Depot
from tests.exchange.imports import Exchange
from tests.files import crafted


@pytest.fixture
def exchange(app: Application, database: Database) -> Exchange:
    return Exchange(database)


@pytest.fixture
def make_pilot(app: Application, database: Database, cast: Cast) -> Callable[[str], str]:
    """Give a function that makes an open pilot with a member, and returns its address part."""

    def make(title: str) -> str:
        with app.app_context(), database.transaction():
            pilot = service.create_pilot(
                cast.lead,
                title=title,
                department_id=cast.geo,
                theme_ids=[cast.themes["beoordeling"]],
                question="Krijgen we meer af?",
                hypothesis="Als niemand vergadert, dan is het werk eerder klaar, omdat je doorwerkt.",
                fallback="Terug naar gewone donderdagen.",
            )
            service.add_member(cast.lead, pilot, cast.member.id)
            fresh: Pilot = queries.get_pilot_by_id(cast.lead, pilot.id)
            service.move(cast.lead, fresh, State.PREPARATION)
            return fresh.slug

    return make


@pytest.fixture
def pilot(make_pilot: Callable[[str], str]) -> str:
    return make_pilot("Vergadervrije donderdag")


@pytest.fixture
def depot(app: Application, database: Database, cast: Cast, exchange: Exchange, pilot: str) -> Depot:
    depot = Depot(app, database, cast, exchange, pilot)

    def write(title: str, *, restricted: bool) -> None:
        space = wiki.get_space(cast.lead, pilot).id
        text = "Kijk: ![](bestand:foto.png)"
        pages.create_page(cast.lead, space, title=title, text=text, kind=PageKind.PLAIN, restricted=restricted)

    depot.act(1, lambda: write("Maatstaven", restricted=False))
    depot.act(1, lambda: write("Namen van het team", restricted=True))
    return depot


@pytest.fixture
def home(depot: Depot) -> str:
    return f"/proeftuinen/{depot.slug}"


@pytest.fixture
def stocked(depot: Depot, home: str) -> Depot:
    """Give a pilot with a photo of three versions at a page, a secret table, and a table of its own."""
    photo = depot.add(f"{home}/maatstaven", "foto.png", crafted.picture())
    depot.replace(photo, crafted.picture(colour="red"))
    depot.replace(photo, None, replace(MAP, alt="De hele wijk"), day=4)
    depot.add(f"{home}/namen-van-het-team", "geheim.csv", CSV, Words())
    depot.add(home, "plaat.jpg", crafted.picture("JPEG"))
    return depot
