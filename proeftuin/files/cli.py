"""`flask files`: compare the files on the disk with the database, and read their words again."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import update

from proeftuin.db import session
from proeftuin.files import extraction, inventory
from proeftuin.files.models import Blob
from proeftuin.web.application import database

group = AppGroup("files", help="The files at pages and pilots.")


@group.command("check")
@click.option("--delete-orphans", is_flag=True, help="Throw away what no row names and is older than the grace.")
@click.option("--grace", default=24.0, show_default=True, help="Hours that something without a row is left alone.")
def check(delete_orphans: bool, grace: float) -> None:
    """Compare files and rows; ends with status 1 when something is missing, broken or orphaned."""
    with database().reading():
        found = inventory.look()
    click.echo(f"whole: {found.whole}\nmissing: {len(found.missing)}\nbroken: {len(found.broken)}")
    click.echo(f"orphaned: {len(found.orphaned)}\nunfinished uploads: {found.unfinished}")
    for name in ("missing", "broken", "orphaned"):
        for each in getattr(found, name):
            click.echo(f"  {name} {each if isinstance(each, str) else each.name}")
    if delete_orphans:
        with database().transaction():
            click.echo(f"{inventory.sweep(found, grace=grace * 3600)} thrown away.")
        with database().reading():
            found = inventory.look()
    if not found.is_well:
        raise SystemExit(1)
    click.echo("Files and rows agree.")


@group.command("read")
@click.option("--all", "everything", is_flag=True, help="Also what was read before.")
def read(everything: bool) -> None:
    """Read the words in documents that were not read yet, so that they can be found."""
    if everything:
        with database().transaction():
            forget = update(Blob).where(Blob.erased_at.is_(None)).values(read_at=None)
            session().execute(forget.execution_options(synchronize_session=False))
    with database().reading():
        waiting = extraction.list_unread()
    done = sum(extraction.read(database(), digest) for digest in waiting)
    click.echo(f"{done} files read.")
