"""`flask wiki`: the texts of pages as HTML."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from proeftuin.events import jobs
from proeftuin.web.application import database
from proeftuin.wiki import renderings

group = AppGroup("wiki", help="The texts of pages.")


@group.command("render")
def render() -> None:
    """Render the pages anew that an older version of the renderer made."""
    with database().transaction():
        count = renderings.mark_outdated()
    jobs.run_due(database())
    click.echo(f"{count} pages rendered anew.")
