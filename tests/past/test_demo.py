"""The demo company is loaded at a stroke, with the clock at the days on which things happened; each of them can be
read again."""

from __future__ import annotations

from contextvars import Context
from datetime import date, timedelta

from proeftuin import clock
from proeftuin.db import Database
from proeftuin.demo.company import read
from proeftuin.demo.loader import Loader
from proeftuin.web.application import Application
from tests.client import Client
from tests.past.story import midnight_after
from tests.past.test_proof import STARTS, Copies, Reader, first_difference

SCREENS = 30


def test_every_day_of_the_demo_can_be_read_again(app: Application, database: Database) -> None:
    loader, copies = Loader(read()), Copies()
    client, people = Client(app, database), list[Reader]()

    def look(done: int, of: int) -> None:
        acts = sorted(loader.acts)
        day = clock.day_of(acts[done - 1].at)
        is_over = done == of or clock.day_of(acts[done].at) > day
        if not is_over or not (done % 9 == 0 or done == of) or day >= clock.today():
            return
        if not people:
            people.extend(Reader(client, name, loader.actor(name)) for name in ("e.yildiz", "h.jansma"))
        Context().run(copy_everything, day)  # the requests of a browser share nothing with the loader

    def copy_everything(day: date) -> None:
        with clock.at(midnight_after(day)):
            for reader in people:
                for path, copy in reader.read_everything(SCREENS).items():
                    copies[day, reader.name, path] = copy

    with app.app_context(), database.transaction():
        loader.load(look)
    assert len({day for day, _name, _path in copies}) >= 4
    named = {reader.name: reader for reader in people}
    wrong = [
        f"{day} {name} {path}: {first_difference(copied, again)}"
        for (day, name, path), copied in copies.items()
        if (again := named[name].read(_on(path, day))) != copied
    ]
    assert not wrong, f"{len(wrong)} of {len(copies)}:\n" + "\n".join(wrong[:20])


def _on(path: str, day: date) -> str:
    return f"{path}{'&' if '?' in path else '?'}op={day}"


def test_the_first_day_of_the_demo_is_the_first_day_that_can_be_shown(app: Application, database: Database) -> None:
    loader = Loader(read())
    with app.app_context(), database.transaction():
        loader.load(lambda done, of: None)
    with app.app_context(), database.reading():
        reader = Client(app, database, loader.actor("e.yildiz"))
    first = loader.company.first_day
    for path in STARTS[:3]:
        assert reader.http.get(_on(path, first)).status_code == 200
    refused = reader.get(_on("/", first - timedelta(days=1)))
    assert refused.status_code == 422
    assert f"op={first}" in refused.get_data(as_text=True)
