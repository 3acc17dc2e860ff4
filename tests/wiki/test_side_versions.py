"""What was not chosen when two people wrote at once is kept beside the version, where every reader finds it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from proeftuin.db import Database
from proeftuin.wiki.side_versions import SideVersion
from tests.cast import Cast
from tests.client import Client
from tests.wiki.forms_on_screen import fields_of
from tests.wiki.scene import Scene

TEXT = "De pot.\n\n## Regels\n\nZiekte telt nooit mee als maatstaf.\n\n## Doen\n\nCijfers naar de OR.\n"
THEIRS = TEXT.replace("Ziekte telt nooit", "Ziekte en rouw tellen nooit")
MINE = TEXT.replace("Ziekte telt nooit mee", "Zorgverlof telt niet").replace("De pot.", "De hele pot.")


@pytest.fixture
def page(scene: Scene) -> str:
    """Give a page of three parts."""
    return scene.page("De maatstaven", TEXT)


def clash(client: Client, cast: Cast, scene: Scene, page: str) -> tuple[Client, str]:
    """Let two people change the same passage; return the browser of the later one and the screen it gets."""
    scene.save(page, THEIRS, by=cast.member)
    browser = client.as_(cast.lead)
    answer = browser.post(f"{page}/bewerken", {"text": MINE, "base": "1", "summary": ""})
    assert answer.status_code == 409
    return browser, answer.get_data(as_text=True)


def settle(browser: Client, page: str, screen: str, **choices: str) -> int:
    """Send the conflict screen with some choices; return the status."""
    return browser.post(f"{page}/bewerken", {**fields_of(screen, f"{page}/bewerken"), **choices}).status_code


def sides(database: Database) -> list[SideVersion]:
    with database.reading() as session:
        return list(session.scalars(select(SideVersion).order_by(SideVersion.id)))


def link(client: Client, cast: Cast, page: str) -> str:
    """Return the address of the side version in the history, as somebody outside the team finds it."""
    listed = client.as_(cast.outsider).get(f"{page}/geschiedenis").get_data(as_text=True)
    found = re.search(rf'href="({page}/opzij/\d+)"', listed)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("keep", "on_page", "beside"), [("keuze hun", "rouw", "Zorgverlof"), ("keuze mijn", "Zorgverlof", "rouw")]
)
def test_what_was_not_chosen_is_found_from_the_history(
    client: Client, cast: Cast, scene: Scene, page: str, *, keep: str, on_page: str, beside: str
) -> None:
    browser, screen = clash(client, cast, scene, page)
    assert settle(browser, page, screen, **{"keuze-1": keep.split()[1]}) == 303
    assert on_page in scene.text(page)
    assert beside not in scene.text(page)
    shown = client.as_(cast.colleague).get(link(client, cast, page)).get_data(as_text=True)
    assert "Niet gekozen bij versie 3" in shown
    passage = shown[shown.index("Passage 1 van 1") : shown.index("vergeleken met versie 3", shown.index("Passage 1"))]
    assert beside in passage
    assert on_page not in passage
    assert "onder Regels" in passage
    assert "De hele pot." in shown  # the whole text can be compared with the version


def test_keeping_both_leaves_nothing_beside(
    client: Client, cast: Cast, scene: Scene, page: str, database: Database
) -> None:
    browser, screen = clash(client, cast, scene, page)
    assert settle(browser, page, screen) == 303
    assert sides(database) == []
    assert "/opzij/" not in browser.get(f"{page}/geschiedenis").get_data(as_text=True)


def test_what_somebody_writes_instead_keeps_both_texts_beside(
    client: Client, cast: Cast, scene: Scene, page: str, database: Database
) -> None:
    browser, screen = clash(client, cast, scene, page)
    assert settle(browser, page, screen, **{"keuze-1": "zelf", "tekst-1": "Niets telt mee."}) == 303
    (side,) = sides(database)
    assert [side.number, side.base, side.against, side.author_id] == [3, 1, 2, cast.lead.id]
    assert side.text == MINE
    assert side.passages == [
        ["Regels", "Zorgverlof telt niet als maatstaf.", "Ziekte en rouw tellen nooit mee als maatstaf."]
    ]


def test_leaving_all_of_mine_out_makes_no_version_but_keeps_my_text(
    client: Client, cast: Cast, scene: Scene, page: str, database: Database
) -> None:
    scene.save(page, THEIRS, by=cast.member)
    browser = client.as_(cast.lead)
    only = TEXT.replace("Ziekte telt nooit mee", "Zorgverlof telt niet")
    screen = browser.post(f"{page}/bewerken", {"text": only, "base": "1"}).get_data(as_text=True)
    assert settle(browser, page, screen, **{"keuze-1": "hun"}) == 303
    assert scene.current(page) == 2
    (side,) = sides(database)
    assert (side.number, side.text) == (2, only)


def test_a_double_click_keeps_one_side_version(
    client: Client, cast: Cast, scene: Scene, page: str, database: Database
) -> None:
    browser, screen = clash(client, cast, scene, page)
    for _ in range(2):
        assert settle(browser, page, screen, **{"keuze-1": "mijn"}) == 303
    assert scene.current(page) == 3
    assert len(sides(database)) == 1


def test_what_was_left_out_before_going_on_in_the_whole_text_is_kept_too(
    client: Client, cast: Cast, scene: Scene, page: str, database: Database
) -> None:
    browser, screen = clash(client, cast, scene, page)
    chosen = {**fields_of(screen, f"{page}/bewerken"), "keuze-1": "hun", "do": "hele"}
    editor = browser.post(f"{page}/bewerken", chosen).get_data(as_text=True)
    assert sides(database) == []  # nothing was saved yet
    sent = fields_of(editor, f"{page}/bewerken")
    looked = browser.post(f"{page}/bewerken", {**sent, "do": "voorbeeld"}).get_data(as_text=True)
    sent = fields_of(looked, f"{page}/bewerken")
    assert browser.post(f"{page}/bewerken", {**sent, "text": f"{sent['text']}\r\nEinde."}).status_code == 303
    (side,) = sides(database)
    assert side.number == 3
    assert side.passages[0][1] == "Zorgverlof telt niet als maatstaf."


def test_what_was_left_out_at_two_meetings_is_all_kept(
    client: Client, cast: Cast, scene: Scene, page: str, database: Database
) -> None:
    browser, screen = clash(client, cast, scene, page)
    scene.save(page, THEIRS.replace("rouw tellen nooit", "rouw en mantelzorg tellen nooit"), by=cast.member)
    chosen = {**fields_of(screen, f"{page}/bewerken"), "keuze-1": "mijn"}
    again = browser.post(f"{page}/bewerken", chosen)
    assert again.status_code == 409
    assert settle(browser, page, again.get_data(as_text=True), **{"keuze-1": "zelf", "tekst-1": "Iets."}) == 303
    kept = str([side.passages for side in sides(database)])
    for word in ("Zorgverlof", "rouw tellen", "mantelzorg"):
        assert word in kept


def test_words_cannot_be_put_in_the_mouth_of_somebody_else(
    client: Client, cast: Cast, scene: Scene, page: str, database: Database
) -> None:
    forged = {"text": TEXT + "Nieuw.", "base": "1", "opzij-1-was": "1", "opzij-1-nu": "1", "opzij-1-tekst": "Leugen"}
    assert client.as_(cast.lead).post(f"{page}/bewerken", forged).status_code == 303
    assert all("Leugen" not in theirs for side in sides(database) for _, _, theirs in side.passages)
    forged |= {"text": TEXT + "Nog iets.", "base": "2", "opzij-1-nu": "99"}
    assert client.as_(cast.lead).post(f"{page}/bewerken", forged).status_code == 303


def test_a_side_version_of_another_page_is_not_found(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    browser, screen = clash(client, cast, scene, page)
    settle(browser, page, screen, **{"keuze-1": "mijn"})
    other = scene.page("Een andere")
    number = link(client, cast, page).rsplit("/", 1)[1]
    assert browser.get(f"{other}/opzij/{number}").status_code == 404
    assert browser.get(f"{page}/opzij/99999").status_code == 404


def test_beside_a_restricted_page_only_the_team_reads(client: Client, cast: Cast, scene: Scene) -> None:
    page = scene.page("Besloten", TEXT, restricted=True)
    browser, screen = clash(client, cast, scene, page)
    settle(browser, page, screen, **{"keuze-1": "mijn"})
    found = re.search(r'href="([^"]+/opzij/\d+)"', browser.get(f"{page}/geschiedenis").get_data(as_text=True))
    assert found is not None
    assert browser.get(found[1]).status_code == 200
    assert client.as_(cast.colleague).get(found[1]).status_code == 404
