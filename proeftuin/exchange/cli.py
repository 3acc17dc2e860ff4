"""`flask exchange`: texts from elsewhere, with their history."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from proeftuin.errors import Invalid
from proeftuin.exchange import folder, frontmatter, mediawiki
from proeftuin.exchange.importing import Read, Wish, importing
from proeftuin.exchange.intake import Intake
from proeftuin.exchange.trees import opened
from proeftuin.web.application import database

group = AppGroup("exchange", help="Texts from elsewhere, with their history.")

_SPACE = click.option("--space", required=True, help="The address of a pilot, or `site`.")
_DRY = click.option("--dry-run", is_flag=True, help="Read and report, but change nothing.")
_AUTHORS = click.option(
    "--authors", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="YAML: name there: e-mail here."
)
_SOURCE = click.option("--source", default="", help="The name of the source, when it is not the one it had before.")
_REPORT = click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the report.")


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (_REPORT, _SOURCE, _AUTHORS, _DRY, _SPACE):
        command = option(command)
    return command


@group.command("import-folder")
@click.argument("folder_path", metavar="FOLDER", type=click.Path(exists=True, path_type=Path))
@_options
def import_folder(folder_path: Path, report: Path | None, authors: Path | None, **asked: Any) -> None:
    """Import a folder (or zip) of Markdown, or what was taken along from a pilot."""

    def read(intake: Intake) -> str:
        with opened(folder_path) as tree:
            return folder.read(tree, intake)

    _import(read, folder_path, report, authors, **asked)


@group.command("import-mediawiki")
@click.argument("dump", metavar="DUMP.XML", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--namespace", "namespaces", type=int, multiple=True, default=(0,), help="Which namespaces (0).")
@_options
def import_mediawiki(
    dump: Path, namespaces: tuple[int, ...], report: Path | None, authors: Path | None, **asked: Any
) -> None:
    """Import the XML export of a MediaWiki with all its revisions."""

    def read(intake: Intake) -> str:
        with dump.open("rb") as stream, click.progressbar(length=dump.stat().st_size, label="Reading") as bar:
            return mediawiki.read(stream, intake, namespaces=namespaces, progress=lambda at: bar.update(at - bar.pos))

    _import(read, dump, report, authors, **asked)


def _import(
    read: Read, path: Path, report: Path | None, authors: Path | None, *, space: str, dry_run: bool, source: str
) -> None:
    started = time.monotonic()
    try:
        wish = Wish(space, source, _authors(authors), dry_run)
        with _progress() as progress, importing(database(), wish, read, progress) as told:
            progress.finish()
            file = report or Path(f"{path.stem}.verslag.txt")
            with file.open("w", encoding="utf-8") as lines:
                lines.writelines(f"{line}\n" for line in [*told.summary(dry=dry_run), "", *told.lines()])
            for line in told.summary(dry=dry_run):
                click.echo(line)
    except Invalid as refused:
        raise click.ClickException(refused.message) from refused
    click.echo(f"{time.monotonic() - started:.1f} s. Report: {file}")


class _Progress:
    """A bar that appears when it is known how many versions there are."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __call__(self, done: int, of: int) -> None:
        if self._bar is None:
            self._bar = click.progressbar(length=of, label="Versions", show_pos=True)
            self._bar.__enter__()
        self._bar.update(done - self._bar.pos)

    def finish(self) -> None:
        """End the line of the bar."""
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None


@contextmanager
def _progress() -> Iterator[_Progress]:
    progress = _Progress()
    try:
        yield progress
    finally:
        progress.finish()


def _authors(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        found = frontmatter.load(path.read_text(encoding="utf-8"))
    except (frontmatter.NoFrontMatter, UnicodeDecodeError) as error:
        raise click.ClickException(f"{path.name} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise click.ClickException(f"{path.name} must hold lines of the form `name: e-mail`.")
    return {str(name): str(email) for name, email in found.items()}
