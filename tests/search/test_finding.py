"""Search over HTTP: from a save to a hit, counts over what the reader may see, and bad input."""

from __future__ import annotations

import re

import pytest
from click.testing import Result

from proeftuin.db import Database, session
from proeftuin.events import jobs
from proeftuin.events.models import Subject
from proeftuin.pilots import policy, queries
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import State
from proeftuin.search import service
from proeftuin.talk import service as talk
from proeftuin.talk.models import Comment
from proeftuin.web.application import Application
from proeftuin.wiki import service as wiki
from proeftuin.wiki.models import Page, PageKind
from tests.cast import Cast
from tests.client import Client


@pytest.fixture
def scene(app: Application, database: Database, cast: Cast) -> int:
    """Give an open pilot with a page, a besloten page and a question, all in the index."""
    with app.app_context(), database.transaction():
        service.rebuild(app.extensions["search"].index)
        pilot = pilots.create_pilot(
            cast.lead,
            title="Zelf roosteren",
            department_id=cast.geo,
            theme_ids=[cast.themes["belonen"]],
            summary="Ploegen maken hun eigen rooster.",
            question="Worden roosters beter?",
            hypothesis="Als …, dan …, omdat …",
            fallback="Terug naar de planner.",
        )
        pilots.move(cast.lead, pilot, State.PREPARATION)
        page = wiki.create_page(
            cast.lead,
            pilot.id,
            title="De nachtdiensten",
            text="De **ondernemingsraad** gaf instemming met de geëvalueerde nachtdiensten.",
            kind=PageKind.PROGRESS,
        )
        wiki.create_page(
            cast.lead, pilot.id, title="Geheime kwikstaart", text="Kwikstaart.", kind=PageKind.PLAIN, restricted=True
        )
        allowed = policy.capacities(cast.colleague, queries.standing(cast.colleague, pilot.id))
        subject = session().get_one(Subject, page.id)
        talk.start_thread(
            cast.colleague,
            subject,
            title="",
            text="Wie betaalt de toeslag voor nachtdiensten?",
            capacity=allowed[0],
            allowed=allowed,
            is_question=True,
        )
    jobs.run_due(database)
    return pilot.id


def hits(client: Client, query: str) -> list[str]:
    """Return the titles that are found."""
    response = client.get("/zoeken", query_string={"q": query})
    assert response.status_code == 200
    found = re.findall(r'<li class="hit">.*?<h2[^>]*><a [^>]*>(.*?)</a>', response.get_data(as_text=True), re.S)
    return [re.sub(r"<[^>]+>", "", title) for title in found]


def test_pilots_pages_and_comments_are_found_by_inflected_words(client: Client, cast: Cast, scene: int) -> None:
    browser = client.as_(cast.outsider)
    assert "Zelf roosteren" in hits(browser, "rooster")
    assert hits(browser, "nachtdienst")[0] == "De nachtdiensten"
    assert any("toeslag" in title for title in hits(browser, "toeslagen"))


def test_accents_case_and_word_order_do_not_matter(client: Client, cast: Cast, scene: int) -> None:
    browser = client.as_(cast.outsider)
    assert hits(browser, "GEEVALUEERDE instemming") == ["De nachtdiensten"]


def test_or_is_a_word_and_never_an_operator(client: Client, cast: Cast, scene: int) -> None:
    assert "De nachtdiensten" in hits(client.as_(cast.outsider), "OR instemming")
    assert hits(client.as_(cast.outsider), "OR kwartaalcijfers") == []


def test_a_department_is_found_and_a_person_never(client: Client, cast: Cast, scene: int) -> None:
    browser = client.as_(cast.outsider)
    with browser.database.reading():
        service.rebuild(browser.app.extensions["search"].index)
    assert "Geotechniek" in hits(browser, "geotechniek")
    assert hits(browser, "Willemijn") == []


@pytest.mark.parametrize("query", ["kwikstaart", "kwik*", '"geheime kwikstaart"', "", "geheime"])
def test_a_besloten_page_is_found_by_the_team_alone(client: Client, cast: Cast, scene: int, query: str) -> None:
    assert "Geheime kwikstaart" in hits(client.as_(cast.lead), query)
    for actor in (cast.colleague, cast.outsider, cast.council, cast.union, cast.hr, cast.admin):
        text = client.as_(actor).get("/zoeken", query_string={"q": query}).get_data(as_text=True)
        assert "Geheime" not in text


def test_counts_cover_what_the_reader_may_see(client: Client, cast: Cast, scene: int) -> None:
    def total(actor_client: Client) -> int:
        text = actor_client.get("/zoeken").get_data(as_text=True)
        match = re.search(r"(\d+) ding", text)
        assert match is not None
        return int(match.group(1))

    assert total(client.as_(cast.lead)) == total(client.as_(cast.outsider)) + 1


def test_a_filter_narrows_the_list_and_an_unknown_one_is_ignored(client: Client, cast: Cast, scene: int) -> None:
    browser = client.as_(cast.outsider)
    narrowed = browser.get("/zoeken?q=nachtdiensten&soort=comment").get_data(as_text=True)
    assert "/reacties/" in narrowed
    assert "De nachtdiensten</a>" not in narrowed
    assert browser.get("/zoeken?q=rooster&soort=onzin&thema=%00&fase=lopend'--&jaar=12").status_code in (200, 400)
    assert browser.get("/zoeken?q=rooster&soort=onzin&thema=x").status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "2"])
def test_a_page_that_is_not_there_is_not_found(client: Client, cast: Cast, scene: int, page: str) -> None:
    assert client.as_(cast.outsider).get(f"/zoeken?q=rooster&pagina={page}").status_code == 404


def test_a_deleted_comment_leaves_the_index(client: Client, cast: Cast, scene: int, database: Database) -> None:
    with database.transaction() as writing:
        talk.delete_comment(cast.colleague, writing.query(Comment).one())
    jobs.run_due(database)
    assert hits(client.as_(cast.outsider), "toeslag") == []


def test_a_page_that_becomes_besloten_is_gone_at_once(
    client: Client, cast: Cast, scene: int, database: Database
) -> None:
    with database.transaction() as writing:
        page = writing.query(Page).filter_by(title="De nachtdiensten").one()
        wiki.set_restricted(cast.lead, page, restricted=True)
    assert hits(client.as_(cast.outsider), "nachtdiensten") == []  # before the index knows
    jobs.run_due(database)
    assert hits(client.as_(cast.outsider), "nachtdiensten") == []
    assert "De nachtdiensten" in hits(client.as_(cast.lead), "nachtdiensten")


def test_marked_words_are_escaped_first(client: Client, cast: Cast, scene: int) -> None:
    text = client.as_(cast.outsider).get("/zoeken?q=<script>alert(1)</script>+nachtdiensten").get_data(as_text=True)
    assert "<script>alert" not in text


def run(app: Application, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["search", *arguments])


def test_the_index_can_be_checked_repaired_and_made_again(app: Application, scene: int, database: Database) -> None:
    assert "agree" in run(app, "check").output or "brought up to date" in run(app, "check").output
    assert "agree" in run(app, "check").output
    index = app.extensions["search"].index
    index.update([], ["page:1", *[key for key in index.keys_with_stamp() if key.startswith("page:")]])
    assert run(app, "check", "--no-repair").exit_code == 1
    assert "brought up to date" in run(app, "check").output
    assert "agree" in run(app, "check").output
    assert "documents indexed" in run(app, "rebuild").output
