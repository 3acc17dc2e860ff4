"""Undoing what one version changed: it asks first, keeps everything else, and loses nothing when it does not fit."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proeftuin.db import Database
from proeftuin.web.application import Application
from proeftuin.wiki import queries, service, undo
from proeftuin.wiki.models import PageKind
from tests.cast import Cast
from tests.client import Client
from tests.wiki.scene import Scene

FIRST, SECOND, THIRD = "Elk team verdeelt zelf.", "Ziekte telt mee.", "In maart kijken we terug."


@pytest.fixture
def page(scene: Scene) -> str:
    """Give a page of which version 2 changed the first paragraph, and version 3 the last."""
    path = scene.page("De pot", f"{FIRST}\n\n{SECOND}\n\n{THIRD}")
    scene.save(path, f"Elk team verdeelt met hulp.\n\n{SECOND}\n\n{THIRD}", by=scene.cast.member)
    scene.save(path, f"Elk team verdeelt met hulp.\n\n{SECOND}\n\nIn april kijken we terug.")
    return path


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return " ".join(response.get_data(as_text=True).split())


def test_undoing_asks_first_and_keeps_what_was_written_since(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser = client.as_(cast.lead)
    asked = text_of(browser, f"{page}/ongedaan/2")
    assert "<ins>zelf</ins>" in asked
    assert "april" not in "".join(re.findall(r"<(?:ins|del)>[^<]*", asked))
    assert scene.current(page) == 3
    done = browser.post(f"{page}/ongedaan/2", {"base": "3", "summary": "Zo werkte het beter"})
    assert (done.status_code, done.location) == (303, page)
    assert scene.text(page) == f"{FIRST}\n\n{SECOND}\n\nIn april kijken we terug."
    history = text_of(browser, f"{page}/geschiedenis")
    assert "Maakt versie 2 van Bilal Aksoy ongedaan: Zo werkte het beter" in history


def test_undoing_twice_says_that_nothing_is_left_to_undo(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    browser = client.as_(cast.lead)
    browser.post(f"{page}/ongedaan/2", {"base": "3", "summary": ""})
    assert "Er valt niets ongedaan te maken" in text_of(browser, f"{page}/ongedaan/2")
    assert browser.post(f"{page}/ongedaan/2", {"base": "4", "summary": ""}).status_code == 303
    assert scene.current(page) == 4


def test_what_does_not_fit_any_more_is_explained_and_nothing_is_lost(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    scene.save(page, f"Elk team verdeelt met een machine.\n\n{SECOND}\n\n{THIRD}")
    browser = client.as_(cast.lead)
    told = text_of(browser, f"{page}/ongedaan/2")
    assert "Dit past niet meer" in told
    for text in (FIRST, "Elk team verdeelt met hulp.", "Elk team verdeelt met een machine."):
        assert text in told
    assert f'href="{page}/terugzetten/1"' in told
    assert f'href="{page}/bewerken"' in told
    assert browser.post(f"{page}/ongedaan/2", {"base": "4", "summary": ""}).status_code == 409
    assert scene.current(page) == 4


def test_undoing_refuses_when_someone_saved_since_it_was_asked(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    scene.save(page, f"{scene.text(page)}\n\nNog iets.")
    refused = client.as_(cast.lead).post(f"{page}/ongedaan/2", {"base": "3", "summary": ""})
    assert refused.status_code == 409
    assert f"{page}/ongedaan/2" in refused.get_data(as_text=True)
    assert scene.current(page) == 4


def test_the_first_version_cannot_be_undone_and_only_writers_undo(client: Client, cast: Cast, page: str) -> None:
    assert client.as_(cast.lead).get(f"{page}/ongedaan/1").status_code == 404
    assert client.as_(cast.lead).get(f"{page}/ongedaan/9").status_code == 404
    assert client.as_(cast.outsider).get(f"{page}/ongedaan/2").status_code == 403
    assert client.as_(cast.outsider).post(f"{page}/ongedaan/2", {"base": "3"}).status_code == 403
    assert "/ongedaan/" not in text_of(client.as_(cast.outsider), f"{page}/geschiedenis")
    assert f"{page}/ongedaan/2" in text_of(client.as_(cast.member), f"{page}/geschiedenis")
    assert f"{page}/ongedaan/2" in text_of(client.as_(cast.member), f"{page}/vergelijk?van=1&naar=2")


line = st.lists(st.sampled_from(["pot", "maat", "uur", "team", "loon"]), min_size=1, max_size=5).map(" ".join)
body = st.lists(line, min_size=1, max_size=5).map("\n\n".join)
_count = iter(range(10_000))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.tuples(body, body, line))
def test_undoing_the_last_edit_restores_and_an_older_one_keeps_what_came_after(
    app: Application, database: Database, scene: Scene, texts: tuple[str, str, str]
) -> None:
    before, after, elsewhere = texts
    actor = scene.cast.lead
    with app.app_context(), database.unit(writing=True):
        start = f"{before}\n\n-----\n\nNiets.\n\nEinde."
        changed = f"{after}\n\n-----\n\nNiets.\n\nEinde."
        row = service.create_page(
            actor, scene.pilot_id, title=f"Terug {next(_count)}", text=start, kind=PageKind.PLAIN
        )
        if not service.save_page(actor, row, base=1, text=changed, summary="").is_new:
            return
        head = queries.get_page(actor, scene.pilot_id, row.slug)
        assert undo.plan_undo(head, 2).result == start
        later = changed.replace("Einde.", f"Einde: {elsewhere}.")
        service.save_page(actor, row, base=2, text=later, summary="")
        head = queries.get_page(actor, scene.pilot_id, row.slug)
        saved = undo.undo(actor, head, 2, base=3, reason="")
        assert queries.get_text(head.id, saved.number) == start.replace("Einde.", f"Einde: {elsewhere}.")
