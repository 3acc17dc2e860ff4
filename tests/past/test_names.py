"""A page that was given another name: its old and its new address lead to it on every day, as it was then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import Database, session
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import Pilot, State
from proeftuin.wiki import queries, service, settings
from proeftuin.wiki.models import Page, PageKind
from tests.cast import Cast
from tests.client import Client
from tests.past.story import FIRST
from tests.pilots.builders import concept

DAY = [FIRST + timedelta(days=number) for number in range(8)]
PILOT = "/proeftuinen/kwartaalkeuze"
OLD, NEW = f"{PILOT}/kanarie", f"{PILOT}/zangvogel"


@dataclass
class Renamed:
    """A page of the second day, renamed on the fourth and changed on the fifth; it is read on the eighth."""

    database: Database
    client: Client
    cast: Cast

    @contextmanager
    def on(self, number: int) -> Iterator[None]:
        with clock.at(clock.start_of(DAY[number]) + timedelta(hours=12)), self.database.transaction():
            yield

    def led_to(self, actor: Actor, path: str, day: int) -> tuple[int, str, str]:
        """Follow where an address leads on a day; return the status, where it ends, and what is read there."""
        joint = "&" if "?" in path else "?"
        address = f"{path}{joint}op={DAY[day]}"
        with clock.at(clock.start_of(DAY[7])):
            for _ in range(4):
                answer = self.client.as_(actor).http.get(address)
                if answer.status_code not in (301, 302, 303, 308):
                    return answer.status_code, address, answer.get_data(as_text=True)
                address = str(answer.location)
        raise AssertionError(f"{path} leads in a circle")


@pytest.fixture
def renamed(database: Database, client: Client, cast: Cast) -> Renamed:
    scene = Renamed(database, client, cast)
    with scene.on(0):
        pilot = concept(cast, "Kwartaalkeuze").id
        pilots.move(cast.lead, session().get_one(Pilot, pilot), State.PREPARATION)
    with scene.on(1):
        page = service.create_page(cast.lead, pilot, title="Kanarie", text="De eerste tekst.", kind=PageKind.PLAIN).id
    with scene.on(3):
        head = queries.get_page(cast.lead, "kwartaalkeuze", "kanarie")
        settings.change_settings(cast.lead, head, title="Zangvogel", kind=PageKind.PLAIN, restricted=False)
    with scene.on(4):
        row = session().get_one(Page, page)
        service.save_page(cast.lead, row, base=row.current, text="De tweede tekst.", summary="")
    return scene


@pytest.mark.parametrize("suffix", ["", "/geschiedenis", "/versies/1", "/gesprek", "/verwijzingen"])
@pytest.mark.parametrize("path", [OLD, NEW])
def test_both_addresses_lead_to_the_page_as_it_was_on_every_day(renamed: Renamed, path: str, suffix: str) -> None:
    for day in range(1, 7):
        for actor in (renamed.cast.outsider, renamed.cast.lead):
            status, address, shown = renamed.led_to(actor, path + suffix, day)
            then = OLD if day < 3 else NEW
            assert (status, address) == (200, f"{then}{suffix}?op={DAY[day]}"), day
            assert ("Kanarie" if day < 3 else "Zangvogel") in shown
            if not suffix:
                assert ("De eerste tekst." in shown) is (day < 4)
                assert ("De tweede tekst." in shown) is (day >= 4)


def test_on_a_day_before_the_page_both_addresses_say_since_when_it_is(renamed: Renamed) -> None:
    for path in (OLD, NEW):
        status, _address, shown = renamed.led_to(renamed.cast.outsider, path, 0)
        assert status == 404
        assert "bestond nog niet op" in shown


def test_another_page_that_took_the_old_name_is_itself_since_its_own_day(renamed: Renamed) -> None:
    with renamed.on(5):
        pilot = queries.get_space(renamed.cast.lead, "kwartaalkeuze").id
        made = service.create_page(
            renamed.cast.lead, pilot, title="Kanarie", text="Een andere pagina.", kind=PageKind.PLAIN
        )
    status, address, shown = renamed.led_to(renamed.cast.outsider, OLD, 2)
    assert (status, address) == (200, f"{OLD}?op={DAY[2]}")
    assert "De eerste tekst." in shown
    status, _address, shown = renamed.led_to(renamed.cast.outsider, f"{PILOT}/{made.slug}", 6)
    assert status == 200
    assert "Een andere pagina." in shown
