"""The screens of the cao over HTTP: reading for everyone, preparing for HR, publishing for the secretary."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.cao import preparing
from proeftuin.db import Database
from proeftuin.search import service as search
from proeftuin.web.application import Application
from tests.cao import scene
from tests.cast import Cast
from tests.client import Client


@pytest.fixture
def published(app: Application, database: Database, secretary: Actor) -> None:
    with app.app_context(), database.transaction():
        scene.publish_both(secretary)


def _text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)).split())


def test_without_a_cao_the_screen_says_so(client: Client, cast: Cast) -> None:
    assert "nog geen cao" in _text(client.as_(cast.colleague).get("/cao"))
    for path in ("/cao/versies/1", "/cao/artikel/1.1", "/cao/vergelijk"):
        assert client.as_(cast.colleague).get(path).status_code == 404


@pytest.mark.usefixtures("published")
def test_everyone_reads_the_version_of_today(client: Client, cast: Cast) -> None:
    with clock.at(clock.start_of(scene.day("2026-07-01"))):
        page = _text(client.as_(cast.union).get("/cao"))
    assert "Resultaatbeloning" in page
    assert "2026-2028 geldt nu" in page


@pytest.mark.usefixtures("published")
def test_an_article_has_an_address_for_each_paragraph(client: Client, cast: Cast) -> None:
    html = client.as_(cast.colleague).get("/cao/artikel/2.1").get_data(as_text=True)
    assert 'id="lid-2"' in html
    assert 'href="/cao/artikel/2.1#lid-2"' in html
    assert "art. 2.1 lid 2" in html
    assert client.as_(cast.colleague).get("/cao/artikel/9.9").status_code == 404


@pytest.mark.usefixtures("published")
def test_an_article_shows_the_words_that_changed(client: Client, cast: Cast) -> None:
    html = client.as_(cast.colleague).get("/cao/artikel/2.3?van=1&naar=2&versie=2").get_data(as_text=True)
    assert "<del>0,21 </del>" in html
    assert "<ins>0,23 </ins>" in html
    assert "als artikel 2.2" in html
    for query in ("van=9", "van=x", "versie=9"):
        assert client.as_(cast.colleague).get(f"/cao/artikel/2.3?{query}").status_code == 404


@pytest.mark.usefixtures("published")
def test_two_versions_are_compared_by_what_changed(client: Client, cast: Cast) -> None:
    page = _text(client.as_(cast.colleague).get("/cao/vergelijk?van=1&naar=2"))
    assert "1 artikel veranderd, 1 nieuw, 0 vervallen" in page
    assert "2.4 Thuiswerken" in page
    assert "uurloon" not in page
    assert "woordelijk gelijk" in _text(client.as_(cast.colleague).get("/cao/vergelijk?van=1&naar=1"))


@pytest.mark.usefixtures("published")
def test_words_and_citations_are_found_on_the_page(client: Client, cast: Cast) -> None:
    browser = client.as_(cast.colleague)
    assert "<mark>uurloon</mark>" in browser.get("/cao?zoek=uurloon").get_data(as_text=True)
    assert 'href="/cao/artikel/1.1#lid-2"' in browser.get("/cao?zoek=art.+1.1+lid+2").get_data(as_text=True)
    assert "&lt;b&gt;" in browser.get("/cao?zoek=<b>").get_data(as_text=True)


def test_a_day_of_the_past_shows_what_held_and_was_known(
    app: Application, database: Database, client: Client, cast: Cast, secretary: Actor
) -> None:
    for day, given, terms in (("2026-06-16", scene.FIRST, {}), ("2026-07-05", scene.SECOND, scene.NEXT)):
        at_nine = clock.start_of(scene.day(day)) + timedelta(hours=9)
        with clock.at(at_nine), app.app_context(), database.transaction():
            scene.publish(secretary, given, **terms)
    with clock.at(clock.start_of(scene.day("2026-08-01"))):
        browser = client.as_(cast.colleague)
        for day, there, absent in (
            ("2026-06-17", "2024-2026 geldt nu", "2026-2028"),
            ("2026-07-03", "liep af", "2026-2028"),
            ("2026-07-05", "2026-2028 geldt nu", "liep af"),
        ):
            page = _text(browser.get(f"/cao?op={day}"))
            assert there in page, day
            assert absent not in page, day
        assert "0,21 euro" in _text(browser.get("/cao/artikel/2.2?op=2026-06-17"))
        assert browser.get("/cao/artikel/2.3?op=2026-06-17").status_code == 404
        assert browser.get("/cao/voorbereiden?op=2026-06-17").status_code == 403


def test_hr_pastes_and_the_secretary_publishes(client: Client, cast: Cast, secretary: Actor) -> None:
    hr, lotte = client.as_(cast.hr), client.as_(secretary)
    made = hr.post("/cao/voorbereiden", {"text": scene.FIRST})
    assert made.status_code == 303
    path = made.headers["Location"]
    page = _text(hr.get(path))
    assert "2 hoofdstukken, 4 artikelen, 1 bijlage" in page
    assert "Publiceer deze versie" not in page
    typed = {**scene.TERMS, "text": scene.FIRST, "edition": "1"}
    assert hr.post(path, typed).status_code == 303
    assert client.as_(cast.colleague).get("/cao/versies/1").status_code == 404
    assert hr.post(f"{path}/publiceren", {"edition": "2"}).status_code == 403
    assert "Publiceer deze versie" in _text(lotte.get(path))
    done = lotte.post(f"{path}/publiceren", {"edition": "2"})
    assert (done.status_code, done.headers["Location"]) == (303, "/cao/versies/1")
    assert client.as_(cast.colleague).get("/cao/versies/1").status_code == 200
    assert lotte.get(path).headers["Location"] == "/cao/versies/1"
    assert "publiceerde" in _text(client.as_(cast.colleague).get("/wijzigingen?soort=cao"))


def test_what_is_not_understood_comes_back_with_its_line_and_its_text(
    client: Client, cast: Cast, secretary: Actor
) -> None:
    browser = client.as_(secretary)
    path = browser.post("/cao/voorbereiden", {"text": f"Beste allemaal,\n{scene.FIRST}"}).headers["Location"]
    page = _text(browser.get(path))
    assert "Regel 1 : Dit hoort bij geen artikel" in page
    assert "Publiceer deze versie" not in page
    typed = {**scene.TERMS, "valid_until": "2020-01-01", "text": f"Beste allemaal,\n{scene.FIRST}", "edition": "1"}
    browser.post(path, typed)
    refused = browser.post(f"{path}/publiceren", {"edition": "2"})
    assert refused.status_code == 422
    assert "Beste allemaal," in refused.get_data(as_text=True)
    assert 'value="2020-01-01"' in refused.get_data(as_text=True)
    assert client.as_(cast.colleague).get("/cao/versies/1").status_code == 404


def test_two_who_save_at_once_are_told(client: Client, cast: Cast, secretary: Actor) -> None:
    path = client.as_(cast.hr).post("/cao/voorbereiden", {"text": scene.FIRST}).headers["Location"]
    typed = {**scene.TERMS, "text": scene.FIRST, "edition": "1"}
    assert client.as_(secretary).post(path, typed).status_code == 303
    again = client.as_(cast.hr).post(path, {**typed, "label": "Mijn versie"})
    assert again.status_code == 409
    assert "Mijn versie" in again.get_data(as_text=True)


@pytest.mark.parametrize(
    ("content", "status"), [(scene.FIRST.encode(), 303), (b"\xff\xfe\x00", 422), (b"", 422), (b"   \n", 422)]
)
def test_a_file_is_read_or_refused_with_a_sentence(client: Client, cast: Cast, content: bytes, status: int) -> None:
    sent = {"file": (io.BytesIO(content), "cao.txt"), "text": ""}
    assert client.as_(cast.hr).post("/cao/voorbereiden", sent).status_code == status


def test_of_a_file_with_two_versions_the_next_one_is_chosen(
    app: Application, database: Database, client: Client, cast: Cast, secretary: Actor
) -> None:
    from proeftuin.demo.company import DATA

    text = (DATA / "cao.yaml").read_text()
    browser = client.as_(secretary)
    for number, label in ((1, "2024-2026"), (2, "2026-2028")):
        path = browser.post("/cao/voorbereiden", {"text": text}).headers["Location"]
        page = browser.get(path).get_data(as_text=True)
        assert f'value="{label}" selected' in page
        done = browser.post(f"{path}/publiceren", {"edition": "1"})
        assert done.headers["Location"] == f"/cao/versies/{number}"
    assert "3 artikelen" not in _text(browser.get("/cao/vergelijk?van=1&naar=2"))
    assert "4 artikelen veranderd" in _text(browser.get("/cao/vergelijk?van=1&naar=2"))


def test_articles_of_the_version_that_holds_are_found(
    app: Application, database: Database, client: Client, cast: Cast, secretary: Actor
) -> None:
    with app.app_context(), database.transaction():
        scene.publish_both(secretary)
    browser = client.as_(cast.colleague)
    for day, article in (("2026-06-30", "2.2"), ("2026-07-01", "2.3")):
        with clock.at(clock.start_of(scene.day(day))):
            with app.app_context(), database.reading():
                search.rebuild(app.extensions["search"].index)
            html = browser.get("/zoeken?q=kilometer&soort=cao").get_data(as_text=True)
            assert f'href="/cao/artikel/{article}"' in html, day


def test_publishing_puts_the_articles_aside_for_the_index(
    app: Application, database: Database, secretary: Actor
) -> None:
    from sqlalchemy import select

    from proeftuin.db import session
    from proeftuin.events.models import Job

    with clock.at(clock.start_of(scene.day("2026-06-17"))), app.app_context(), database.transaction():
        version = scene.publish(secretary, **scene.NEXT)
        due = session().scalars(select(Job.due_at).where(Job.key == "cao:0").order_by(Job.due_at)).all()
        assert due == [
            version.published_at,
            clock.start_of(version.valid_from),
            clock.end_of(version.valid_until),
        ]


def test_the_command_puts_a_file_ready_and_publishes_nothing(
    app: Application, database: Database, cast: Cast, tmp_path: Any
) -> None:
    from proeftuin.demo.company import DATA

    runner = app.test_cli_runner()
    dry = runner.invoke(args=["cao", "import", str(DATA / "cao.yaml"), "--dry-run"])
    assert dry.exit_code == 0, dry.output
    assert "2024-2026, 2024-07-01 through 2026-06-30: 9 chapters, 51 articles, 5 annexes" in dry.output
    half = tmp_path / "half.txt"
    half.write_text(scene.FIRST[:150])
    refused = runner.invoke(args=["cao", "import", str(half)])
    assert refused.exit_code == 1
    assert "line " in refused.output
    with app.app_context(), database.reading():
        assert preparing.list_open() == []
    done = runner.invoke(args=["cao", "import", str(DATA / "cao.yaml")])
    assert done.exit_code == 0, done.output
    with app.app_context(), database.reading():
        assert {each.label for each in preparing.list_open()} == {"2024-2026", "2026-2028"}
