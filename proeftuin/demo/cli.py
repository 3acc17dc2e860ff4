"""`flask demo`: make the demo company, or make it again from its first day. Only in demo mode."""

from __future__ import annotations

import shutil

import click
from flask.cli import AppGroup
from sqlalchemy import func, inspect, select

from proeftuin.accounts.models import Person
from proeftuin.audit import seals
from proeftuin.db import session
from proeftuin.demo.company import read
from proeftuin.demo.loader import Loader
from proeftuin.events import jobs
from proeftuin.search import service as search
from proeftuin.search.index import Index
from proeftuin.web.application import database, settings
from proeftuin.web.database_cli import downgrade_tables, upgrade_tables

group = AppGroup("demo", help="The fictional company that comes with the product.")


@group.command("prepare")
def prepare() -> None:
    """Make the demo company, unless it is there already; then say where to go."""
    _only_in_demo_mode()
    settings().data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    upgrade_tables(database())
    with database().reading():
        known = session().scalar(select(func.count()).select_from(Person))
    if not known:
        _load()
    elif not _index().is_usable():  # the first start was cut short
        with database().reading():
            search.rebuild(_index())
    click.echo(f"Open {settings().base_url} in a browser. Stop with Ctrl+C.")


@group.command("reset")
def reset() -> None:
    """Throw the demo company away and make it again."""
    _only_in_demo_mode()
    if inspect(database().engine).has_table("alembic_version"):
        downgrade_tables(database(), "base")
    for folder in ("search", "files"):
        shutil.rmtree(settings().data_dir / folder, ignore_errors=True)
    settings().data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    upgrade_tables(database())
    _load()
    click.echo("The demo company is as on its first day.")


def _only_in_demo_mode() -> None:
    if not settings().demo:
        raise click.ClickException("This is no demo installation. Set PROEFTUIN_DEMO=1 to make one.")


def _load() -> None:
    loader = Loader(read())
    with click.progressbar(length=1, label="Making the demo company") as bar:

        def show(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        with database().transaction():
            loader.load(show)
    with database().transaction():
        # The days of the history, sealed now: each seal tells that it was made today.
        seals.seal_days(mail=False)
        search.forget_jobs()
    with database().reading():
        search.rebuild(_index())
    jobs.run_due(database())
    with database().transaction():
        loader.read_old_notices()


def _index() -> Index:
    return Index.open(settings().data_dir / "search")
