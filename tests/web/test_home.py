"""The front page, and the two addresses for whoever watches over the server."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from proeftuin import clock
from proeftuin.db import Database
from proeftuin.events.service import enqueue
from proeftuin.pilots.models import Pilot, State
from proeftuin.web.application import Application
from proeftuin.wiki import service as wiki
from proeftuin.wiki.models import PageKind
from tests.cast import Cast
from tests.client import Client
from tests.following.scene import Scene, build


@pytest.fixture
def scene(database: Database, cast: Cast) -> Scene:
    """Give an open pilot with a team."""
    return build(database, cast)


def home(client: Client, query: str = "") -> str:
    response = client.get(f"/{query}")
    assert response.status_code == 200
    return response.text


def tell(scene: Scene, title: str) -> None:
    """Post a story about progress."""
    with scene.act():
        wiki.create_page(
            scene.cast.lead,
            scene.pilot_id,
            title=title,
            text="Veertien mensen zijn begonnen. Dat ging zo.",
            kind=PageKind.PROGRESS,
        )


def put(scene: Scene, state: State) -> None:
    """Put a pilot in a state as if it had come there."""
    with scene.database.transaction() as writing:
        pilot = writing.get_one(Pilot, scene.pilot_id)
        pilot.state, pilot.state_since = state, clock.today()


def test_an_empty_installation_welcomes_and_says_what_to_do(client: Client, cast: Cast) -> None:
    html = home(client.as_(cast.outsider))
    assert "Hier begint het" in html
    assert '<a class="btn btn-main" href="/proeftuinen/nieuw">' in html
    assert "Er is nog geen proeftuin" in html


def test_who_keeps_the_accounts_is_shown_where_to_begin(client: Client, cast: Cast) -> None:
    assert 'href="/beheer">Naar beheer</a>' in home(client.as_(cast.admin))
    assert "Naar beheer" not in home(client.as_(cast.outsider))


def test_an_outsider_of_the_company_is_not_offered_to_begin(client: Client, scene: Scene) -> None:
    assert '<a class="btn" href="/proeftuinen/nieuw">' in home(client.as_(scene.cast.outsider))
    assert '<a class="btn" href="/proeftuinen/nieuw">' not in home(client.as_(scene.cast.union))


def test_a_team_sees_its_concept_when_there_is_nothing_else(client: Client, database: Database, cast: Cast) -> None:
    build(database, cast, "Groen reisbudget", opened=False)
    assert "Groen reisbudget</a></h3>" in home(client.as_(cast.member))
    assert "Groen reisbudget" not in home(client.as_(cast.outsider))


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    response = client.get("/")
    assert (response.status_code, response.location.split("?")[0]) == (303, "/inloggen")


def test_the_newest_progress_leads_and_its_pilot_has_no_card_as_well(client: Client, scene: Scene) -> None:
    other = build(scene.database, scene.cast, "Maandkeuze")
    tell(other, "Ouder verhaal")
    with clock.at(clock.now() + timedelta(hours=1)):
        tell(scene, "Drie maanden onderweg")
    html = home(client.as_(scene.cast.outsider))
    lead = html[html.index('<article class="lead') : html.index('id="alle"')]
    assert "Drie maanden onderweg</a></h2>" in lead
    assert "Veertien mensen zijn begonnen." in lead
    cards = html[html.index('id="alle"') : html.index("</aside>")]
    assert "Maandkeuze</a></h3>" in cards
    assert "Groen reisbudget</a></h3>" not in cards


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?thema=belonen", {"Groen reisbudget", "Maandkeuze"}),
        ("?thema=beoordeling", set()),
        ("?afdeling=rail-tram", set()),
        ("?fase=lopend", {"Maandkeuze"}),
        ("?fase=voorbereiding", {"Groen reisbudget"}),
        ("?fase=klaar", {"Afspraak is afspraak"}),
        ("?fase=onzin&thema=weg", {"Groen reisbudget", "Maandkeuze", "Afspraak is afspraak"}),
    ],
)
def test_filters_in_the_address_choose_the_cards(client: Client, scene: Scene, query: str, titles: set[str]) -> None:
    put(build(scene.database, scene.cast, "Maandkeuze"), State.RUNNING)
    put(build(scene.database, scene.cast, "Afspraak is afspraak"), State.EVALUATED)
    html = home(client.as_(scene.cast.outsider), query)
    names = ("Groen reisbudget", "Maandkeuze", "Afspraak is afspraak")
    assert {name for name in names if f"{name}</a></h3>" in html} == titles


def test_the_kicker_counts_the_states(client: Client, scene: Scene) -> None:
    put(build(scene.database, scene.cast, "Maandkeuze"), State.RUNNING)
    put(build(scene.database, scene.cast, "Afspraak is afspraak"), State.EVALUATED)
    build(scene.database, scene.cast, "Van het team alleen", opened=False)
    for query in ("", "?fase=lopend"):
        html = home(client.as_(scene.cast.outsider), query)
        assert "1 proeftuin loopt, 1 wordt voorbereid, 1 is klaar" in html


def test_questions_that_wait_say_for_how_long(client: Client, scene: Scene) -> None:
    with clock.at(clock.now() - timedelta(days=20)):
        scene.ask(scene.cast.colleague, "Waar zijn de cijfers?", title="Cijfers")
    scene.ask(scene.cast.colleague, "Nieuwe vraag?", title="Nieuw")
    answered = scene.ask(scene.cast.colleague, "Beantwoord?", title="Al klaar")
    scene.reply(scene.cast.lead, answered, "Ja.", answers=True)
    html = home(client.as_(scene.cast.outsider))
    waiting = html[html.index("Wacht op antwoord") : html.index("</aside>")]
    assert waiting.index("Cijfers") < waiting.index("20 dagen") < waiting.index("Nieuw") < waiting.index("vandaag")
    assert "Al klaar" not in waiting


@pytest.mark.parametrize("state", list(State))
def test_only_questions_about_what_goes_on_wait_at_the_front(client: Client, scene: Scene, state: State) -> None:
    build(scene.database, scene.cast, "Maandkeuze").ask(scene.cast.colleague, "Begint dit snel?", title="Begin")
    scene.ask(scene.cast.colleague, "Waar zijn de cijfers?", title="Cijfers")
    put(scene, state)
    html = home(client.as_(scene.cast.outsider))
    waiting = html[html.index("Wacht op antwoord") : html.index("</aside>")]
    assert "Begin" in waiting
    assert ("Cijfers" in waiting) == (state in (State.PREPARATION, State.RUNNING, State.PAUSED))


def test_the_number_of_statements_is_small_and_does_not_grow(
    client: Client, scene: Scene, statements: list[str]
) -> None:
    tell(scene, "Verhaal")
    reader = client.as_(scene.cast.outsider)
    for query in ("", "?fase=lopend"):
        home(reader, query)
        statements.clear()
        home(reader, query)
        assert len(statements) <= 11
    few = len(statements)
    for n in range(4):
        other = build(scene.database, scene.cast, f"Proeftuin {n}")
        tell(other, "Nog een verhaal")
        other.ask(scene.cast.colleague, f"Vraag {n}?")
    statements.clear()
    home(reader, "?fase=lopend")
    assert len(statements) <= few + 1


def test_the_process_is_healthy_without_a_database(client: Client, app: Application, statements: list[str]) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.text, response.headers["Cache-Control"]) == (200, "ok\n", "no-store")
    assert statements == []


def test_ready_says_for_how_long_the_oldest_job_waits(client: Client, database: Database) -> None:
    assert client.get("/readyz").text == "database: ok\njobs: oldest waits 0 s\n"
    with database.transaction():
        enqueue("test.never").due_at = clock.now() - timedelta(minutes=2)
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.text.startswith("database: ok\njobs: oldest waits 12")
    with database.transaction():
        enqueue("test.never").due_at = clock.now() - timedelta(hours=2)
    assert client.get("/readyz").status_code == 503


def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("select", {}, Exception("away"))

    monkeypatch.setattr(Session, "scalar", away)
    response = client.get("/readyz")
    assert (response.status_code, response.text) == (503, "database: no answer\n")
