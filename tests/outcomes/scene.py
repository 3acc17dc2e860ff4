"""What the tests of outcomes share: a running pilot, its measures, a researcher, and files of answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from proeftuin import clock
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Role, RoleGrant
from proeftuin.db import Database, session
from proeftuin.outcomes import service, settling
from proeftuin.outcomes.figures import Kind
from proeftuin.outcomes.models import Publication
from proeftuin.outcomes.settling import Wanted
from proeftuin.outcomes.statistics import Favourable
from proeftuin.pilots.models import Pilot
from tests.cast import LONG_AGO, Cast
from tests.pilots import builders

HEADER = "proeftuin,maat,groep,moment,respondentcode,subgroep,waarde"
MEASURE = "regelruimte"
SECRET = "7.8125"
"""An answer that nobody else gave and that no figure comes to: it must be found nowhere."""


def rows(
    pilot: Pilot,
    *,
    n: int = 30,
    key: str = MEASURE,
    arm: str = "deelnemer",
    change: float = 1.5,
    later: str = "nameting",
    parts: tuple[int, str, str] | None = None,
    first: int = 0,
) -> list[str]:
    """Return the rows of people who answered twice. `parts` is how many are in the first of two parts."""
    found = []
    for number in range(first, first + n):
        part = "" if parts is None else parts[1] if number < parts[0] else parts[2]
        before, after = 5 + number % 4 / 4, 5 + number % 4 / 4 + change + number % 3 / 4
        for moment, value in (("0-meting", before), (later, after)):
            found.append(f"{pilot.code},{key},{arm},{moment},{arm[0]}{number:03},{part},{value}")
    return found


def file(*lines: list[str]) -> str:
    return "\n".join([HEADER, *(line for each in lines for line in each), ""])


def both(pilot: Pilot, **given: Any) -> str:
    """Return a file with participants who gained, and a comparison group that did not."""
    beside = {name: given[name] for name in ("key", "later") if name in given}
    return file(rows(pilot, **given), rows(pilot, arm="vergelijking", change=0.0, **beside))


@dataclass
class Scene:
    """A running pilot with a primary measure, and a researcher."""

    cast: Cast
    pilot: Pilot
    researcher: Actor
    database: Database

    @classmethod
    def set(cls, database: Database, cast: Cast, *, measure: bool = True) -> Scene:
        with database.transaction() as held:
            pilot = builders.running(cast)
            session().add(RoleGrant(person_id=cast.outsider.id, role=Role.RESEARCHER, starts_on=LONG_AGO))
            held.flush()
            researcher = accounts.find_actor(cast.outsider.id)
            assert researcher is not None
            scene = cls(cast, pilot, researcher, database)
            if measure:
                scene.settle()
            held.flush()
            held.expunge(pilot)
        return scene

    def settle(self, title: str = "Regelruimte", **given: Any) -> None:
        fields: dict[str, Any] = {
            "kind": Kind.MEAN,
            "favourable": Favourable.HIGHER,
            "smallest": 0.5,
            "scale": "1-10",
            "is_primary": True,
            **given,
        }
        settling.settle(self.cast.lead, self.pilot, Wanted(title, **fields))

    def publish(self, text: str | None = None, **given: Any) -> Publication:
        return service.publish(self.researcher, self.pilot, text=text or both(self.pilot), **given)

    def published(self, text: str | None = None, **given: Any) -> None:
        """Publish in a transaction of its own, for tests over HTTP."""
        with self.database.transaction():
            self.publish(text, **given)

    @property
    def path(self) -> str:
        return f"/proeftuinen/{self.pilot.slug}/uitkomsten"


def at(day: str) -> Any:
    """Return the clock at noon of a day."""
    return clock.at(datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=clock.AMSTERDAM))
