"""Reading a day of the past against reading the present: the same screens, in turns, in one run.

The pages were saved on many days by the services, with the clock at those days, so that each has a past of its own.
"""

from __future__ import annotations

import random
import shutil
import statistics
from datetime import date, datetime, timedelta
from pathlib import Path

from alembic import command
from sqlalchemy import select, text

from benchmarks import company
from benchmarks.client import Connection
from benchmarks.figures import Figure
from benchmarks.servers import ROOT, serving
from proeftuin import clock, create_app
from proeftuin.accounts import queries as accounts
from proeftuin.accounts import service as accounts_service
from proeftuin.db import session
from proeftuin.events.models import Job, Subject
from proeftuin.pilots import service as pilots
from proeftuin.web.application import Application
from proeftuin.web.database_cli import alembic_config
from proeftuin.wiki import service as wiki
from proeftuin.wiki.models import Page, PageKind

PILOTS, PAGES, SAVES, DAYS = 10, 240, 8, 200
ROUNDS = 240
PORT = 8106


def figures(data_dir: Path = ROOT / "var" / "bench-past") -> list[Figure]:
    """Measure screens on random days against the same screens now."""
    prepare(data_dir)
    cookie, _ = company.sign_in(data_dir)
    found = company.addresses(data_dir)["pages"]
    spaces = sorted({path.rsplit("/", 1)[0] for path in found})
    environment = {
        "PROEFTUIN_SECRET_KEY": company.SECRET,
        "PROEFTUIN_DATA_DIR": str(data_dir),
        "PROEFTUIN_ORG_NAME": "Meting",
        "PROEFTUIN_JOBS_IN_PROCESS": "0",
    }
    with serving("wsgi:app", PORT, environment):
        ask = Connection(PORT, cookie)
        return [
            Figure("page as of a day, times the page now", _ratio(ask, found), 2.0, False),
            Figure("pilot as of a day, times the pilot now", _ratio(ask, spaces), 2.0, False),
            Figure("front page as of a day, times now", _ratio(ask, ["/"]), 2.0, False),
            Figure("recent changes as of a day, times now", _ratio(ask, ["/wijzigingen"]), 2.0, False),
        ]


def _ratio(ask: Connection, paths: list[str]) -> float:
    """Ask for screens now and on random days in turns, and return how the middle times compare."""
    chance = random.Random(8)
    today = clock.today()
    now, then = [], []
    for _ in range(ROUNDS):
        path = chance.choice(paths)
        day = today - timedelta(days=chance.randrange(1, DAYS // 2))
        now.append(ask.took(path))
        then.append(ask.took(f"{path}?op={day}"))
    return statistics.median(then) / statistics.median(now)


def prepare(data_dir: Path) -> None:
    """Make the installation, unless it is there and of today."""
    if company.made_for(data_dir) == clock.today().isoformat():
        return
    shutil.rmtree(data_dir, ignore_errors=True)
    data_dir.mkdir(parents=True)
    app = create_app(company.settings(data_dir))
    command.upgrade(alembic_config(app.database), "head")
    with app.app_context():
        _write(app, clock.today() - timedelta(days=DAYS))
    company.mark_made(data_dir, clock.today().isoformat())


def _write(app: Application, first: date) -> None:
    """Make the pages in the first half of the time, and save each on some days after."""
    chance, corpus = random.Random(9), company.texts()
    with clock.at(_morning(first)), app.database.transaction():
        person = accounts_service.create_person(None, email="meting@example.org", name="Meting")
        number = person.id
    with clock.at(_morning(first)), app.database.transaction():
        actor = accounts.find_actor(number)
        assert actor is not None
        spaces = [
            pilots.create_pilot(actor, title=f"Proef {each}", summary="Een proef.").id for each in range(PILOTS)
        ]
    acts: list[tuple[int, int]] = []
    for page in range(PAGES):
        begun = chance.randrange(1, DAYS // 2)
        acts += [(day, page) for day in [begun, *chance.sample(range(begun + 1, DAYS), SAVES - 1)]]
    made: dict[int, int] = {}
    for day, page in sorted(acts):
        with clock.at(_morning(first + timedelta(days=day))), app.database.transaction():
            body = f"{corpus[page]['body'][:8_000]}\n\nBewaard op dag {day}."
            if page in made:
                row = session().get_one(Page, made[page])
                wiki.save_page(actor, row, base=row.current, text=body, summary=f"Dag {day}")
            else:
                title = f"{corpus[page]['title'][:110]} {page}"
                made[page] = wiki.create_page(
                    actor, spaces[page % PILOTS], title=title, text=body, kind=PageKind.PLAIN
                ).id
    with app.database.transaction() as writing:
        writing.query(Job).delete()
        writing.execute(text("ANALYZE"))
        assert len(writing.scalars(select(Subject.id)).all()) > PAGES


def _morning(day: date) -> datetime:
    return clock.start_of(day) + timedelta(hours=9)
