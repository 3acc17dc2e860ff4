"""`flask search`: make the index again, or compare it with the database."""

from __future__ import annotations

from typing import cast

import click
from flask import current_app
from flask.cli import AppGroup

from proeftuin.search import service
from proeftuin.search.engine import Engine
from proeftuin.search.index import Index, IndexUnusable
from proeftuin.web.application import database

group = AppGroup("search", help="The search index, which can always be made again.")


def _index() -> Index:
    return cast(Engine, current_app.extensions["search"]).index


@group.command("rebuild")
def rebuild() -> None:
    """Make the index again beside the old one, then switch to it."""
    with click.progressbar(length=1, label="Indexing") as bar, database().reading():

        def show(done: int, of: int) -> None:
            bar.length = max(of, 1)
            bar.update(done - bar.pos)

        count = service.rebuild(_index(), show)
        bar.update(max((bar.length or 1) - bar.pos, 0))
    click.echo(f"{count} documents indexed.")


@group.command("check")
@click.option("--repair/--no-repair", default=True, help="Bring what differs up to date (default).")
def check(repair: bool) -> None:
    """Compare the index with the database; ends with status 1 when they differ and nothing was repaired."""
    with database().reading():
        try:
            differences = service.compare(_index())
        except IndexUnusable as error:
            raise click.ClickException(f"{error}. Run: flask search rebuild") from error
        for name in ("missing", "stale", "orphaned"):
            click.echo(f"{name}: {len(getattr(differences, name))}")
        if not len(differences):
            click.echo("The index and the database agree.")
            return
        if not repair:
            raise SystemExit(1)
        service.repair(_index(), differences)
    click.echo(f"{len(differences)} documents brought up to date.")
