"""Files as they stood on a day: rights are those of now, and what was taken away or erased is so on every day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import Database
from proeftuin.web.application import Application
from proeftuin.wiki import service as wiki
from tests.cast import Cast
from tests.client import Client
from tests.files import crafted
from tests.files.desk import Desk
from tests.wiki.scene import build

FIRST = date(2026, 3, 2)
TEAM = ("lead", "member")


@contextmanager
def on(number: int) -> Iterator[None]:
    """Stand at noon on a day of the story."""
    with clock.at(clock.start_of(FIRST + timedelta(days=number)) + timedelta(hours=12)):
        yield


@pytest.fixture
def cast(database: Database) -> Cast:
    """Give the fixed cast, as it was there some days before the story."""
    with clock.at(clock.start_of(FIRST - timedelta(days=5))), database.transaction():
        return Cast.create()


@pytest.fixture
def desk(app: Application, client: Client, database: Database, cast: Cast) -> Desk:
    """Give a page of the first day; the next days something happens to its file, and it is read on the tenth."""
    with on(0):
        scene = build(database, cast)
        return Desk(app, client, scene, scene.page())


def read(desk: Desk, actor: Actor, path: str, day: int) -> tuple[int, str]:
    """Return what somebody gets on the tenth day who asks for an earlier one."""
    with on(10):
        answer = desk.browser(actor).get(f"{path}?op={FIRST + timedelta(days=day)}")
        return answer.status_code, answer.get_data(as_text=True)


def everyone(desk: Desk) -> Iterator[tuple[str, Actor]]:
    yield from desk.scene.cast.everyone().items()


def test_on_a_day_the_version_of_that_day_is_shown_and_no_later_one(desk: Desk) -> None:
    with on(1):
        number = desk.added(crafted.picture(colour="teal"), alt="De eerste kaart")
    with on(3):
        again = desk.browser().post(f"/bestanden/{number}/vervangen", {"alt": "De tweede kaart"})
        assert again.status_code == 303
    for name, actor in everyone(desk):
        assert read(desk, actor, f"/bestanden/{number}", 0)[0] == 404, name
        for day, told, other in (
            (1, "De eerste kaart", "De tweede kaart"),
            (2, "De eerste kaart", "De tweede kaart"),
        ):
            status, shown = read(desk, actor, f"/bestanden/{number}", day)
            assert status == 200, name
            assert told in shown
            assert other not in shown
            assert f"/bestanden/{number}/1/" in shown
            assert f"/bestanden/{number}/2/" not in shown
        assert "De tweede kaart" in read(desk, actor, f"/bestanden/{number}", 3)[1]
        assert "foto.png" not in read(desk, actor, f"{desk.page}/bestanden", 0)[1]
        assert "foto.png" in read(desk, actor, f"{desk.page}/bestanden", 1)[1]
        assert read_bare(desk, actor, f"/bestanden/{number}/2/foto.png", 1)[0] == 200  # a version is not of a day


def test_a_file_of_a_page_for_the_team_exists_on_no_day_for_others(desk: Desk) -> None:
    with on(0):
        always = desk.scene.page("Van ons", restricted=True)
    with on(1):
        hidden = desk.added(at=always, name="besloten.png")
        closed = desk.added(name="later.png")
    with on(5), desk.scene.act():
        wiki.set_restricted(desk.scene.cast.lead, desk.scene.row(desk.page), True)
    for name, actor in everyone(desk):
        expected = 200 if name in TEAM else 404
        for day in (1, 2, 6):
            for number, page, file in ((hidden, always, "besloten.png"), (closed, desk.page, "later.png")):
                for path in (f"/bestanden/{number}", f"/bestanden/{number}/1/{file}", f"{page}/bestanden"):
                    status, shown = read_bare(desk, actor, path, day)
                    assert status == expected, (name, day, path)
                    assert expected == 200 or (b"\x89PNG" not in shown and b"kaart van de wijk" not in shown)


def read_bare(desk: Desk, actor: Actor, path: str, day: int) -> tuple[int, bytes]:
    with on(10):
        answer = desk.browser(actor).http.get(f"{path}?op={FIRST + timedelta(days=day)}")
        return answer.status_code, answer.get_data()


@pytest.mark.parametrize("erased", [False, True])
def test_what_was_taken_away_or_erased_is_so_on_every_day(desk: Desk, erased: bool) -> None:
    with on(1):
        number = desk.added(alt="Iemand op de dijk", name="dijk.png")
    with on(4):
        given = {"reason": "Er staat een gezicht op.", **({"erase": "1"} if erased else {})}
        assert desk.browser().post(f"/bestanden/{number}/weghalen", given).status_code == 303
        desk.scene.work()
    for name, actor in everyone(desk):
        for day in (1, 2, 4, 9):
            content = read_bare(desk, actor, f"/bestanden/{number}/1/dijk.png", day)
            is_kept = name in TEAM and not erased
            assert content[0] == (200 if is_kept else 410), (name, day)
            assert content[1].startswith(b"\x89PNG") is is_kept
            status, shown = read(desk, actor, f"/bestanden/{number}", day)
            assert status == 410, (name, day)
            assert "Er staat een gezicht op." in shown
            if not is_kept:
                assert f"/bestanden/{number}/1/" not in shown, (name, day)
