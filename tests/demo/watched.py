"""The demo company, with copies that someone made of their screens while it was loaded."""

from __future__ import annotations

from contextvars import Context
from datetime import date

from proeftuin import clock
from proeftuin.db import Database
from proeftuin.demo.company import read
from proeftuin.demo.loader import Loader
from proeftuin.web.application import Application
from tests.client import Client
from tests.past.story import midnight_after
from tests.past.test_proof import Copies, Reader

SCREENS = 30
READERS = {"sqlite": "e.yildiz", "postgresql": "h.jansma"}
EVERY = {"sqlite": 9, "postgresql": 30}
"""After how many acts somebody looks: the company is the same on both, and the statements are what is tried."""


class Watched:
    """The company, its loader, and the copies by day, reader and address."""

    def __init__(self, app: Application, database: Database) -> None:
        self.app = app
        self.loader, self.copies = Loader(read()), Copies()
        kind = database.engine.dialect.name
        self._client, self._name, self._every = Client(app, database), READERS[kind], EVERY[kind]
        self._reader: Reader | None = None
        with app.app_context(), database.transaction():
            self.loader.load(self._look)

    @property
    def reader(self) -> Reader:
        """Return who looks: there is nobody before the loading began."""
        if self._reader is None:
            self._reader = Reader(self._client, self._name, self.loader.actor(self._name))
        return self._reader

    def _look(self, done: int, of: int) -> None:
        acts = sorted(self.loader.acts)
        day = clock.day_of(acts[done - 1].at)
        is_over = done == of or clock.day_of(acts[done].at) > day
        if is_over and (done % self._every == 0 or done == of) and day < clock.today():
            # The requests of a browser share nothing with the loader.
            Context().run(self._copy_everything, self.reader, day)

    def _copy_everything(self, reader: Reader, day: date) -> None:
        with clock.at(midnight_after(day)):
            for path, copy in reader.read_everything(SCREENS).items():
                # What is recorded late shows in the register of an earlier day; tests/deviations hold its two days.
                if not path.startswith("/afwijkingen"):
                    self.copies[day, self._name, path] = copy
