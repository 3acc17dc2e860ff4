"""Rights are those of now, on every day; and what could not be read then was not there then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import Database, session
from proeftuin.events.models import Subject
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import Pilot, State
from proeftuin.talk import service as talk
from proeftuin.talk.models import Capacity, Comment, Thread
from proeftuin.wiki import deletion, hiding, queries
from proeftuin.wiki import service as wiki
from proeftuin.wiki.models import Page, PageKind
from tests.cast import Cast
from tests.client import Client
from tests.past.story import FIRST
from tests.pilots.builders import concept

DAY = [FIRST + timedelta(days=number) for number in range(6)]


class Scene:
    """A pilot that is opened on the second day, with a page and a comment; the reader looks from the sixth day."""

    def __init__(self, database: Database, client: Client, cast: Cast) -> None:
        self.database, self.client, self.cast = database, client, cast
        with self.on(0):
            self.pilot = concept(cast, "Kwartaalkeuze").id
            self.page = wiki.create_page(
                cast.lead, self.pilot, title="Kanarie", text="ZANGVOGEL zingt.", kind=PageKind.PLAIN
            ).id
        with self.on(1):
            pilots.move(cast.lead, session().get_one(Pilot, self.pilot), State.PREPARATION)
        with self.on(2):
            subject = queries.get_page(cast.outsider, self.pilot, "kanarie")
            self.thread = talk.start_thread(
                cast.outsider,
                session().get_one(Subject, subject.id),
                title="",
                text="Ik hoor GEKWETTER.",
                capacity=Capacity.EMPLOYEE,
                allowed=[Capacity.EMPLOYEE],
                is_question=True,
            ).id

    @contextmanager
    def on(self, number: int) -> Iterator[None]:
        """Do something as one transaction on a day, at noon."""
        with clock.at(clock.start_of(DAY[number]) + timedelta(hours=12)), self.database.transaction():
            yield

    def text(self, actor: Actor, path: str, number: int) -> str:
        """Return what someone reads of a day."""
        joint = "&" if "?" in path else "?"
        with clock.at(clock.start_of(DAY[5])):
            return self.client.as_(actor).get(f"{path}{joint}op={DAY[number]}").get_data(as_text=True)

    def status(self, actor: Actor, path: str, number: int) -> int:
        """Return the status of the answer about a day."""
        with clock.at(clock.start_of(DAY[5])):
            return self.client.as_(actor).http.get(f"{path}?op={DAY[number]}").status_code

    @property
    def path(self) -> str:
        return "/proeftuinen/kwartaalkeuze/kanarie"


@pytest.fixture
def scene(database: Database, client: Client, cast: Cast) -> Scene:
    return Scene(database, client, cast)


SCREENS = (
    "/",
    "/?fase=concept",
    "/wijzigingen?klein=1",
    "/proeftuinen/kwartaalkeuze",
    "/proeftuinen/kwartaalkeuze/paginas",
    "/proeftuinen/kwartaalkeuze/gesprek",
    "/proeftuinen/kwartaalkeuze/geschiedenis",
    "/proeftuinen/kwartaalkeuze/kanarie",
    "/proeftuinen/kwartaalkeuze/kanarie/geschiedenis",
    "/proeftuinen/kwartaalkeuze/kanarie/versies/1",
    "/proeftuinen/kwartaalkeuze/kanarie/gesprek",
)


def test_a_concept_of_then_was_not_there_for_others(scene: Scene) -> None:
    for path in SCREENS:
        assert "ZANGVOGEL" not in scene.text(scene.cast.outsider, path, 0)
        assert "concept-" not in scene.text(scene.cast.outsider, path, 0)
    assert "ZANGVOGEL" in scene.text(scene.cast.outsider, scene.path, 1)
    assert "ZANGVOGEL" in scene.text(scene.cast.member, f"/proeftuinen/concept-{scene.pilot}/kanarie", 0)


def test_the_team_of_now_is_led_to_the_address_of_then(scene: Scene) -> None:
    with clock.at(clock.start_of(DAY[5])):
        answer = scene.client.as_(scene.cast.member).http.get(f"{scene.path}?op={DAY[0]}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/proeftuinen/concept-{scene.pilot}/kanarie?op={DAY[0]}"


def test_a_page_that_is_kept_for_the_team_now_has_no_past_for_others(scene: Scene) -> None:
    with scene.on(4):
        wiki.set_restricted(scene.cast.lead, session().get_one(Page, scene.page), True)
    for number in (1, 2, 3):
        for path in SCREENS:
            text = scene.text(scene.cast.outsider, path, number)
            assert "Kanarie" not in text
            assert "ZANGVOGEL" not in text
            assert "GEKWETTER" not in text
        assert "ZANGVOGEL" in scene.text(scene.cast.member, scene.path, number)
    assert scene.status(scene.cast.outsider, f"/gesprek/{scene.thread}", 3) == 404


def test_who_left_the_team_does_not_read_what_the_team_read_then(scene: Scene) -> None:
    with scene.on(3):
        pilots.remove_member(scene.cast.lead, session().get_one(Pilot, scene.pilot), scene.cast.member.id)
    assert scene.status(scene.cast.member, f"/proeftuinen/concept-{scene.pilot}", 0) == 404
    team = scene.text(scene.cast.outsider, "/proeftuinen/kwartaalkeuze/team", 2)
    assert scene.cast.member.name in team  # but that somebody was in the team then is told
    assert scene.cast.member.name not in scene.text(scene.cast.outsider, "/proeftuinen/kwartaalkeuze/team", 3)


def test_words_that_were_taken_back_are_gone_from_every_day(scene: Scene) -> None:
    with scene.on(4):
        comment = session().query(Comment).filter(Comment.thread_id == scene.thread).one()
        number = comment.id
        talk.delete_comment(scene.cast.outsider, comment)
        assert session().get_one(Thread, scene.thread).title == ""
    for path in (*SCREENS, f"/gesprek/{scene.thread}", f"/reacties/{number}/versies"):
        assert "GEKWETTER" not in scene.text(scene.cast.council, path, 3)
    assert "verwijderd" in scene.text(scene.cast.council, f"/gesprek/{scene.thread}", 3)


def test_a_page_that_was_taken_away_is_a_tombstone_on_every_day(scene: Scene) -> None:
    with scene.on(4):
        head = queries.get_page(scene.cast.lead, scene.pilot, "kanarie")
        deletion.delete_page(scene.cast.lead, head, reason="Dubbel.")
    for path in SCREENS:
        if path.endswith(("/versies/1", "/geschiedenis")):
            continue  # what was taken away keeps its history, now as then
        assert "ZANGVOGEL" not in scene.text(scene.cast.outsider, path, 3), path
    assert scene.status(scene.cast.outsider, scene.path, 3) == 410


def test_a_version_that_was_hidden_is_hidden_on_every_day(scene: Scene) -> None:
    with scene.on(3):
        page = session().get_one(Page, scene.page)
        wiki.save_page(scene.cast.lead, page, base=1, text="Iets anders.", summary="")
    with scene.on(4):
        hiding.hide(scene.cast.hr, queries.get_page(scene.cast.hr, scene.pilot, "kanarie"), 1, reason="Privacy")
    for reader in (scene.cast.outsider, scene.cast.member):
        for path in SCREENS:
            assert "ZANGVOGEL" not in scene.text(reader, path, 2), path
    assert "Iets anders" in scene.text(scene.cast.outsider, scene.path, 3)


def test_small_numbers_of_participants_stay_hidden_in_the_past(scene: Scene) -> None:
    with scene.on(2):
        pilots.join(scene.cast.hr, session().get_one(Pilot, scene.pilot))
    with scene.on(3):
        pilots.count_elsewhere(scene.cast.lead, session().get_one(Pilot, scene.pilot), count=30)
    path = "/proeftuinen/kwartaalkeuze"
    assert "minder dan" in scene.text(scene.cast.outsider, path, 2)
    assert "minder dan" not in scene.text(scene.cast.council, path, 2)
    assert "31" in scene.text(scene.cast.outsider, path, 3)
    assert "alleen jij ziet dit" not in scene.text(scene.cast.hr, path, 3)
