"""The scene in which the tests of the wiki play: a pilot with a team, and acts that can be done in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import Database, session
from proeftuin.events import jobs
from proeftuin.events.models import Subject
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import Pilot, State
from proeftuin.wiki import queries, service
from proeftuin.wiki.models import Page, PageKind
from tests.cast import Cast

PLAN = {
    "summary": "Drie teams verdelen zelf de helft van de resultaatbeloning.",
    "question": "Voelt zelf verdelen eerlijker?",
    "hypothesis": "Als een team zelf verdeelt, dan voelt het eerlijker, omdat het team het werk zag.",
    "fallback": "Wie stopt, krijgt het gewone percentage.",
    "voluntariness": "Meedoen is vrij.",
}


@dataclass
class Scene:
    """A pilot that `cast.lead` leads with `cast.member`."""

    database: Database
    cast: Cast
    pilot_id: int
    path: str

    @contextmanager
    def act(self) -> Iterator[None]:
        """Do something as one transaction, and leave its jobs waiting."""
        with self.database.transaction():
            yield

    def work(self) -> None:
        """Do the jobs that wait."""
        jobs.run_due(self.database)

    def page(
        self,
        title: str = "De maatstaven",
        text: str = "Zo meten we het.",
        *,
        by: Actor | None = None,
        kind: PageKind = PageKind.PLAIN,
        restricted: bool = False,
        space_id: int | None = None,
    ) -> str:
        """Make a page and return its address."""
        with self.act():
            made = service.create_page(
                by or self.cast.lead,
                space_id or self.pilot_id,
                title=title,
                text=text,
                kind=kind,
                restricted=restricted,
            )
            return session().get_one(Subject, made.id).path

    def site_page(self, title: str, text: str = "Uitleg.") -> str:
        """Make a page of the site and return its address."""
        with self.act():
            space_id = queries.site_space_id()
        return self.page(title, text, by=self.cast.hr, space_id=space_id)

    def save(self, path: str, text: str, *, base: int | None = None, by: Actor | None = None) -> service.Saved:
        """Save a page, over its newest version unless told otherwise."""
        with self.act():
            page = self.row(path)
            return service.save_page(
                by or self.cast.lead, page, base=page.current if base is None else base, text=text, summary=""
            )

    def row(self, path: str) -> Page:
        """Return the row of the page at an address, inside a unit."""
        subject = session().query(Subject).filter_by(path=path).one()
        return session().get_one(Page, subject.id)

    def text(self, path: str, number: int | None = None) -> str:
        """Return the newest text of a page, or that of one version."""
        with self.database.reading():
            page = self.row(path)
            return queries.get_text(page.id, number or page.current)

    def current(self, path: str) -> int:
        """Return the number of the newest version of a page."""
        with self.database.reading():
            return self.row(path).current

    def open(self) -> None:
        """Open the pilot, when it is a concept."""
        with self.act():
            pilots.move(self.cast.lead, session().get_one(Pilot, self.pilot_id), State.PREPARATION, on=clock.today())
            self.path = session().get_one(Subject, self.pilot_id).path


def build(database: Database, cast: Cast, title: str = "Het team verdeelt de helft", *, opened: bool = True) -> Scene:
    """Begin a pilot with a team; it is open to all employees unless told otherwise."""
    with database.transaction():
        pilot = pilots.create_pilot(
            cast.lead, title=title, department_id=cast.geo, theme_ids=(cast.themes["belonen"],), **PLAN
        )
        pilots.add_member(cast.lead, pilot, cast.member.id)
        scene = Scene(database, cast, pilot.id, f"/proeftuinen/{pilot.slug}")
    if opened:
        scene.open()
    scene.work()
    return scene
