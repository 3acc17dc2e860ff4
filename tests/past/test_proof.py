"""The proof: a company lives for some days by chance, every screen is copied at the end of each day as several people
read it, and afterwards `?op=` must give every copy again, exactly.

Rights are those of now, so in this story they do not shrink: what was open stays open, and only what was said the
same day is taken back. That shrunken rights hold for the past as well is shown in `test_rights.py`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import Database
from tests.cast import Cast
from tests.client import Client
from tests.past import dated
from tests.past.copies import copy_of, links_of
from tests.past.story import FIRST, Story, midnight_after

SEEDS = [int(seed) for seed in os.environ.get("PAST_SEEDS", "3 21").split()]
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


def live_and_copy(database: Database, client: Client, cast: Cast, seed: int) -> tuple[Copies, Story]:
    story = Story(database, cast, seed)
    copies: Copies = {}
    people = readers(client, cast)
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        if number == 0:
            with clock.at(clock.start_of(day)):
                for _ in range(3):
                    story.do(story.begin_pilot)
                for _ in range(4):
                    story.do(story.make_page)
        story.live(day, DEEDS)
        with clock.at(midnight_after(day)):
            for reader in people:
                for path, copy in reader.read_everything(MOST_SCREENS[reader.name]).items():
                    copies[day, reader.name, path] = copy
    return copies, story


def compare(copies: Copies, client: Client, cast: Cast) -> Iterator[str]:
    """Give what differs when every copy is asked for again, a day after the last."""
    people = {reader.name: reader for reader in readers(client, cast)}
    with clock.at(midnight_after(FIRST + timedelta(days=DAYS))):
        for (day, name, path), copied in copies.items():
            joint = "&" if "?" in path else "?"
            again = people[name].read(f"{path}{joint}op={day}")
            if again != copied:
                yield f"{day} {name} {path}: {first_difference(copied, again)}"


def first_difference(copied: Copy, again: Copy) -> str:
    """Say where two copies begin to differ."""
    if copied[0] != again[0]:
        return f"{copied[0]} became {again[0]}: {again[1][:4]}"
    for old, new in zip((*copied[1], "the end"), (*again[1], "the end"), strict=False):
        if old != new:
            at = copied[1].index(old) if old in copied[1] else -1
            return f"{old!r} became {new!r} after {copied[1][max(at - 2, 0) : at]!r}"
    return "?"


@pytest.mark.parametrize("seed", SEEDS)
def test_every_screen_of_every_day_can_be_read_again_exactly(
    database: Database, client: Client, cast: Cast, seed: int
) -> None:
    copies, story = live_and_copy(database, client, cast, seed)
    assert len(copies) > 400
    assert len(story.done) >= 15, story.done
    assert {copy[0] for copy in copies.values()} <= {200, 303, 404}
    wrong = list(compare(copies, client, cast))
    assert not wrong, f"{len(wrong)} of {len(copies)}:\n" + "\n".join(wrong[:20])


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


def test_the_proof_can_fail(database: Database, client: Client, cast: Cast) -> None:
    copies, _story = live_and_copy(database, client, cast, SEEDS[0])
    unseen = []
    for harm in HARMS:
        assert database.joined is not None
        undone = database.joined.begin_nested()
        changed = database.joined.execute(text(harm)).rowcount
        if not changed or next(compare(copies, client, cast), None) is None:
            unseen.append(harm)
        undone.rollback()
    assert not unseen
