"""Screens of the demo company that other tests cannot show, because they need a page that has lived."""

from __future__ import annotations

import re

from proeftuin.db import Database
from proeftuin.demo.loader import Loader
from proeftuin.web.application import Application
from tests.client import Client

HALF = "/proeftuinen/het-team-verdeelt-de-helft"
MEASURES = f"{HALF}/de-maatstaven"
HALFWAY = f"{HALF}/halverwege-en-eerlijk-gezegd-weten-we-het-niet"


def _read(app: Application, database: Database, loaded: Loader, who: str, path: str) -> str:
    with app.app_context(), database.reading():
        actor = loaded.actor(who)
    with app.test_request_context():
        answer = Client(app, database, actor).get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_who_wrote_what_shows_the_files_of_the_page(app: Application, database: Database, loaded: Loader) -> None:
    shown = _read(app, database, loaded, "r.dijkman", f"{MEASURES}/auteurs")
    assert "bord-team-tram" in shown
    assert "(dit bestand is er niet)" not in shown


def test_a_hidden_version_is_not_offered_to_compare(app: Application, database: Database, loaded: Loader) -> None:
    shown = _read(app, database, loaded, "r.dijkman", f"{HALFWAY}/geschiedenis")
    chosen = re.findall(r'name="(van|naar)" value="(\d+)" checked', shown)
    assert sorted(chosen) == [("naar", "4"), ("van", "2")]
    assert "van=3" not in shown
    assert "/ongedaan/4" not in shown
    assert re.findall(r'value="3"( disabled)?', shown) == [" disabled", " disabled"]


def test_two_different_versions_are_chosen_among_those_of_one_writer(
    app: Application, database: Database, loaded: Loader
) -> None:
    ruud = loaded.people["r.dijkman"]
    shown = _read(app, database, loaded, "h.jansma", f"{MEASURES}/geschiedenis?wie={ruud}")
    chosen = dict(re.findall(r'name="(van|naar)" value="(\d+)" checked', shown))
    assert chosen == {"naar": "9", "van": "8"}


def test_where_a_file_was_taken_away_it_does_not_say_that_there_never_was_one(
    app: Application, database: Database, loaded: Loader
) -> None:
    page = "/proeftuinen/zelf-roosteren-bij-de-meetploegen/na-vijf-weken"
    shown = _read(app, database, loaded, "k.oosterveld", f"{page}/bestanden")
    assert "Nog geen bestanden" not in shown
    assert "Tineke Boersma haalde dit bestand weg" in shown
