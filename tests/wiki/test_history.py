"""The versions of a page: listed, shown, compared, restored."""

from __future__ import annotations

import pytest

from proeftuin.db import Database
from proeftuin.events.models import Event
from tests.cast import Cast
from tests.client import Client
from tests.wiki.scene import Scene


@pytest.fixture
def page(scene: Scene) -> str:
    """Give a page with four versions."""
    path = scene.page("De maatstaven", "Elk team verdeelt zelf de pot.\n\nZiekte telt mee.\n")
    scene.save(path, "Elk team verdeelt de pot met een begeleider.\n\nZiekte telt mee.\n", by=scene.cast.member)
    scene.save(path, "Elk team verdeelt de pot met een begeleider.\n\nZiekte telt nooit mee.\n")
    scene.save(path, "Elk team verdeelt de pot met een begeleider.\n\nZiekte telt nooit mee.\n\nEinde.\n")
    return path


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.get_data(as_text=True)


def test_the_history_lists_every_version_newest_first(client: Client, cast: Cast, page: str) -> None:
    listed = text_of(client.as_(cast.outsider), f"{page}/geschiedenis")
    assert [listed.index(f"versie {n}") for n in (4, 3, 2, 1)] == sorted(
        listed.index(f"versie {n}") for n in (4, 3, 2, 1)
    )
    assert listed.count('name="van"') == listed.count('name="naar"') == 4
    assert "Bilal Aksoy" in listed
    assert "+6" in listed  # "nooit "
    assert "terugzetten" not in listed
    assert f"{page}/terugzetten/3" in text_of(client.as_(cast.member), f"{page}/geschiedenis")


def test_the_history_costs_the_same_however_long_it_is(
    client: Client, cast: Cast, scene: Scene, page: str, statements: list[str]
) -> None:
    browser = client.as_(cast.outsider)
    costs = []
    for versions in (0, 25):
        for number in range(versions):
            scene.save(page, f"Versie {number}")
        statements.clear()
        text_of(browser, f"{page}/geschiedenis")
        costs.append(len(statements))
    assert costs[0] == costs[1]


def test_the_history_comes_in_pages_of_three_sizes(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    for number in range(20):
        scene.save(page, f"Versie {number}")
    browser = client.as_(cast.outsider)
    first = text_of(browser, f"{page}/geschiedenis")
    assert first.count('name="van"') == 20
    assert "20 van 24 versies" in first
    second = text_of(browser, f"{page}/geschiedenis?pagina=2")
    assert second.count('name="van"') == 4
    assert text_of(browser, f"{page}/geschiedenis?toon=50").count('name="van"') == 24
    assert text_of(browser, f"{page}/geschiedenis?toon=7").count('name="van"') == 20
    text_of(browser, f"{page}/geschiedenis?pagina=3", 404)
    text_of(browser, f"{page}/geschiedenis?pagina=x", 404)


def test_an_old_version_says_that_it_is_old_and_leads_to_its_neighbours(
    client: Client, cast: Cast, page: str
) -> None:
    browser = client.as_(cast.outsider)
    old = text_of(browser, f"{page}/versies/2")
    assert "Dit is een oude versie" in old
    assert "Ziekte telt mee." in old
    assert f'href="{page}/versies/1"' in old
    assert f'href="{page}/versies/3"' in old
    assert "Dit is de nieuwste versie" in text_of(browser, f"{page}/versies/4")
    text_of(browser, f"{page}/versies/5", 404)


def test_two_versions_stand_beside_each_other_with_words_marked(client: Client, cast: Cast, page: str) -> None:
    browser = client.as_(cast.outsider)
    side = text_of(browser, f"{page}/vergelijk?van=1&naar=3")
    assert "<del>zelf </del>" in side
    assert "<ins>nooit </ins>" in side
    assert "Bilal" not in side  # the writers of the two ends only
    assert "van 2 collega’s" in side
    inline = text_of(browser, f"{page}/vergelijk?van=1&naar=3&weergave=onder-elkaar")
    assert "<ins>nooit </ins>" in inline
    assert "<table" not in inline


def test_versions_in_the_wrong_order_are_put_right(client: Client, cast: Cast, page: str) -> None:
    browser = client.as_(cast.outsider)
    right, wrong = (text_of(browser, f"{page}/vergelijk?{q}") for q in ("van=1&naar=3", "van=3&naar=1"))
    assert "<del>zelf </del>" in right
    assert "<del>zelf </del>" in wrong


@pytest.mark.parametrize(
    "query", ["", "van=1", "van=0&naar=2", "van=1&naar=9", "van=x&naar=2", "van=1&naar=99999999999"]
)
def test_versions_that_are_not_there_are_not_found(client: Client, cast: Cast, page: str, query: str) -> None:
    text_of(client.as_(cast.outsider), f"{page}/vergelijk?{query}", 404)


def test_comparing_a_version_with_itself_shows_it(client: Client, cast: Cast, page: str) -> None:
    answer = client.as_(cast.outsider).get(f"{page}/vergelijk?van=2&naar=2")
    assert (answer.status_code, answer.location) == (303, f"{page}/versies/2")


def test_restoring_asks_first_and_makes_a_new_version(
    client: Client, cast: Cast, scene: Scene, page: str, database: Database
) -> None:
    browser = client.as_(cast.member)
    asked = text_of(browser, f"{page}/terugzetten/1")
    assert "<ins>zelf </ins>" in asked
    done = browser.post(f"{page}/terugzetten/1", {"base": "4", "summary": ""})
    assert done.status_code == 303
    assert scene.text(page) == scene.text(page, 1)
    assert scene.current(page) == 5
    assert "Versie 1 teruggezet" in text_of(browser, f"{page}/geschiedenis")
    with database.reading() as reading:
        event = reading.query(Event).order_by(Event.id.desc()).first()
        assert event is not None
        assert (event.kind, event.object_id, event.data["restores"]) == ("page:restored", 5, 1)


def test_restoring_refuses_when_someone_saved_since_it_was_asked(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    scene.save(page, "Net opgeslagen.")
    refused = client.as_(cast.member).post(f"{page}/terugzetten/1", {"base": "4", "summary": "Beter zo"})
    assert refused.status_code == 409
    assert f"{page}/terugzetten/1" in refused.get_data(as_text=True)
    assert scene.text(page) == "Net opgeslagen."


def test_restoring_what_stands_there_makes_no_version(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    browser = client.as_(cast.member)
    assert "Er valt niets terug te zetten" in text_of(browser, f"{page}/terugzetten/4")
    assert browser.post(f"{page}/terugzetten/4", {"base": "4"}).status_code == 303
    assert scene.current(page) == 4


def test_only_who_may_write_restores(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    for person in (cast.outsider, cast.hr, cast.admin):
        assert client.as_(person).get(f"{page}/terugzetten/1").status_code == 403
        assert client.as_(person).post(f"{page}/terugzetten/1", {"base": "4"}).status_code == 403
    assert scene.current(page) == 4


def test_reading_a_page_and_its_versions_takes_few_statements(
    client: Client, cast: Cast, page: str, statements: list[str]
) -> None:
    browser = client.as_(cast.outsider)
    for tail, most in (("", 4), ("/geschiedenis", 6), ("/vergelijk?van=1&naar=3", 6), ("/vergelijk?van=2&naar=3", 6)):
        statements.clear()
        text_of(browser, f"{page}{tail}")
        assert 0 < len(statements) <= most, statements
