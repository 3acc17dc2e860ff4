"""`flask audit`: seal the log, check it against the tables, and erase what an entry holds."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from proeftuin.audit import checking, seals, service, verifier
from proeftuin.errors import Refusal
from proeftuin.web.application import database

group = AppGroup("audit", help="The sealed log.")


@group.command("seal")
def seal() -> None:
    """Seal every day that is over and has no seal yet; the job of every night does the same."""
    with database().transaction():
        made = seals.seal_days()
    click.echo(f"{len(made)} days sealed.")
    if made:
        click.echo(seals.line(made[-1]))


@group.command("verify")
@click.option(
    "--seal",
    "held",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A seal that was kept elsewhere: a letter (.eml or text) or its lines.",
)
def verify(held: tuple[Path, ...]) -> None:
    """Check the whole log in the database; ends with status 1 when something is not as it was sealed."""
    known = [each for path in held for each in verifier.seals_of_file(path)]
    if held and not known:
        raise click.ClickException("No seal can be read in what was given.")
    with database().reading():
        report = checking.report(known)
    click.echo("\n".join(verifier.tell(report, "en")))
    if report.findings:
        raise SystemExit(1)


@group.command("erase")
@click.argument("position", type=int)
@click.option("--reason", required=True, help="Why; this stays in the log, so name nobody.")
def erase(position: int, reason: str) -> None:
    """Erase what an entry holds, with its salt. The entry stays, and so does a new one that says this was done."""
    with database().transaction():
        try:
            said = service.erase(None, position, reason=reason)
        except Refusal as refusal:
            raise click.ClickException(refusal.message or "There is no such entry, or it holds nothing.") from refusal
    click.echo(f"Erased what entry {position} held; entry {said} says so.")
