"""The proof: a company lives for some days by chance, every screen is copied at the end of each day as several people
read it, and afterwards `?op=` must give every copy again, exactly.

Rights are those of now, so in this story they do not shrink: what was open stays open, and only what was said the
same day is taken back. That shrunken rights hold for the past as well is shown in `test_rights.py`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import Database
from proeftuin.web.application import Application
from tests.cast import Cast
from tests.client import Client
from tests.conftest import rolled_back
from tests.past import dated
from tests.past.conftest import cast_of_before
from tests.past.copies import copy_of, links_of
from tests.past.story import FIRST, Story, midnight_after

GIVEN = [int(seed) for seed in os.environ.get("PAST_SEEDS", "").split()]
STORIES = [(kind, seed) for kind, usual in (("sqlite", 3), ("postgresql", 21)) for seed in GIVEN or [usual]]
"""Each kind of database has a story of its own; with PAST_SEEDS all of those stories are lived on both."""
DAYS, DEEDS = 5, 30
MOST_SCREENS = {"lead": 48, "outsider": 40, "council": 14, "union": 14}
STARTS = ("/", "/wijzigingen", "/wiki", "/?fase=klaar", "/?fase=concept", "/wijzigingen?klein=1", "/begrippen")
Copy = tuple[int, tuple[str, ...]]
Copies = dict[tuple[date, str, str], Copy]


class Reader:
    """Someone who reads every screen they can find."""

    def __init__(self, client: Client, name: str, actor: Actor) -> None:
        self.name, self.browser = name, client.as_(actor)

    def read(self, path: str) -> tuple[int, tuple[str, ...]]:
        """Return the status and what can be read. Where an address only leads on, that is what is read."""
        answer = self.browser.http.get(path)
        if answer.status_code in (302, 303):
            return 303, (dated.without_day(answer.headers["Location"]),)
        return answer.status_code, copy_of(answer.get_data(as_text=True))

    def read_everything(self, most: int) -> dict[str, tuple[int, tuple[str, ...]]]:
        """Follow every link from the front page on, and return each screen that has a past, by address."""
        found: dict[str, tuple[int, tuple[str, ...]]] = {}
        waiting = list(STARTS)
        while waiting and len(found) < most:
            path = waiting.pop(0)
            if path not in found and dated.has_past(self.browser.app, path):
                found[path] = self.read(path)
                waiting += links_of(found[path][1])
        return found


def readers(client: Client, cast: Cast) -> list[Reader]:
    return [Reader(client, name, getattr(cast, name)) for name in MOST_SCREENS]


@dataclass
class Lived:
    """A story that was lived, with a copy of every screen that each of its readers found at the end of each day."""

    database: Database
    client: Client
    cast: Cast
    story: Story
    copies: Copies = field(default_factory=dict)

    def live_and_copy(self) -> None:
        """Let the story happen."""
        people = readers(self.client, self.cast)
        for number in range(DAYS):
            day = FIRST + timedelta(days=number)
            if number == 0:
                with clock.at(clock.start_of(day)):
                    for _ in range(3):
                        self.story.do(self.story.begin_pilot)
                    for _ in range(4):
                        self.story.do(self.story.make_page)
            self.story.live(day, DEEDS)
            with clock.at(midnight_after(day)):
                for reader in people:
                    for path, copy in reader.read_everything(MOST_SCREENS[reader.name]).items():
                        self.copies[day, reader.name, path] = copy

    def compare(self) -> Iterator[str]:
        """Give what differs when every copy is asked for again, a day after the last."""
        people = {reader.name: reader for reader in readers(self.client, self.cast)}
        with clock.at(midnight_after(FIRST + timedelta(days=DAYS))):
            for (day, name, path), copied in self.copies.items():
                joint = "&" if "?" in path else "?"
                again = people[name].read(f"{path}{joint}op={day}")
                if again != copied:
                    yield f"{day} {name} {path}: {first_difference(copied, again)}"


@pytest.fixture(scope="module")
def lived(app: Application, seed: int) -> Iterator[Lived]:
    """Give the story of a seed, for all tests that only read it."""
    with rolled_back(app) as database:
        cast = cast_of_before(database)
        found = Lived(database, Client(app, database), cast, Story(database, cast, seed))
        found.live_and_copy()
        yield found


def first_difference(copied: Copy, again: Copy) -> str:
    """Say where two copies begin to differ."""
    if copied[0] != again[0]:
        return f"{copied[0]} became {again[0]}: {again[1][:4]}"
    for old, new in zip((*copied[1], "the end"), (*again[1], "the end"), strict=False):
        if old != new:
            at = copied[1].index(old) if old in copied[1] else -1
            return f"{old!r} became {new!r} after {copied[1][max(at - 2, 0) : at]!r}"
    return "?"


@pytest.mark.parametrize(("app", "seed"), STORIES, indirect=["app"], scope="session")
def test_every_screen_of_every_day_can_be_read_again_exactly(lived: Lived) -> None:
    assert len(lived.copies) > 400
    assert len(lived.story.done) >= 15, lived.story.done
    assert {copy[0] for copy in lived.copies.values()} <= {200, 303, 404}
    wrong = list(lived.compare())
    assert not wrong, f"{len(wrong)} of {len(lived.copies)}:\n" + "\n".join(wrong[:20])


HARMS = (
    "UPDATE page_past SET title = title || '!' WHERE until_day < '9000-01-01'",
    "UPDATE subject_past SET audience = 'everyone' WHERE audience = 'team'",
    "UPDATE thread_past SET comments = comments + 1",
    "UPDATE comment_past SET html = html || '.'",
    "DELETE FROM risk_past",
    "UPDATE pilot_theme_past SET since_day = until_day WHERE until_day > '9000-01-01'",
    "UPDATE participant_count_past SET number = number + 7",
    "DELETE FROM team_member_past WHERE is_lead",
    "UPDATE rendering_past SET html = html || '.', excerpt = excerpt || '.'",
)


@pytest.mark.parametrize(("app", "seed"), STORIES[:1], indirect=["app"], scope="session")
def test_the_proof_can_fail(lived: Lived) -> None:
    unseen = []
    for harm in HARMS:
        assert lived.database.joined is not None
        undone = lived.database.joined.begin_nested()
        changed = lived.database.joined.execute(text(harm)).rowcount
        if not changed or next(lived.compare(), None) is None:
            unseen.append(harm)
        undone.rollback()
    assert not unseen
