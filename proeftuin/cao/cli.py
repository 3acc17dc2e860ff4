"""`flask cao`: put the text of a cao ready, or only look at it. Publishing is the secretary's, on the screen."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from proeftuin.cao import preparing
from proeftuin.cao.forms import decode
from proeftuin.cao.preparing import Preview
from proeftuin.cao.reading import read
from proeftuin.errors import Invalid
from proeftuin.web.application import database

group = AppGroup("cao", help="The collective labour agreement.")


@group.command("import")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Read and report, but change nothing.")
def import_file(path: Path, dry_run: bool) -> None:
    """Read FILE (YAML, or plain text with numbered headings) and put each version in it ready."""
    try:
        text = decode(path.read_bytes())
        labels = read(text).labels or ("",)
        with database().reading():
            planned = [preparing.preview_new(text, label) for label in labels]
        for each in planned:
            _report(each)
        if any(each.reading.blocking for each in planned):
            raise click.ClickException("Nothing was put ready: not everything was understood.")
        if dry_run:
            click.echo("Nothing was changed.")
            return
        with database().transaction():
            for label in labels:
                made = preparing.create(None, text=text, file_name=path.name, label=label)
                click.echo(f"Ready at /cao/voorbereiden/{made.id}; the secretary of the cao publishes it there.")
    except Invalid as refused:
        raise click.ClickException(refused.message) from refused


def _report(planned: Preview) -> None:
    text, terms = planned.text, planned.terms
    term = f"{terms.label}, {terms.valid_from} through {terms.valid_until}" if terms else "term not known"
    click.echo(f"{term}: {len(text.chapters)} chapters, {len(text.articles)} articles, {len(text.annexes)} annexes")
    found = planned.differences
    if planned.before:
        counts = f"{len(found.changed)} changed, {len(found.added)} new, {len(found.expired)} expired"
        click.echo(f"  against version {planned.before.number}: {counts}")
    for remark in planned.reading.remarks:
        click.echo(f"  line {remark.line}: {remark.why} [{remark.said}]")
    for name, sentence in planned.errors.items():
        click.echo(f"  {name}: {sentence}")
