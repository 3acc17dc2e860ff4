"""Imports that are one call."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from proeftuin.db import Database
from proeftuin.exchange import folder, mediawiki
from proeftuin.exchange.importing import Read, Wish, importing
from proeftuin.exchange.intake import Intake
from proeftuin.exchange.reporting import Counts
from proeftuin.exchange.trees import opened, opened_zip


@dataclass
class Told:
    """What an import told."""

    counts: Counts
    lines: list[str]
    summary: list[str]

    def tells(self, words: str) -> bool:
        """Return whether a line of the report holds these words."""
        return any(words in line for line in self.lines)


@dataclass
class Exchange:
    """Imports into a space."""

    database: Database

    def run(self, space: str, read: Read, *, dry: bool = False, authors: Mapping[str, str] | None = None) -> Told:
        with importing(self.database, Wish(space, "", authors, dry), read) as report:
            return Told(report.counts, list(report.lines()), report.summary(dry=dry))

    def dump(self, space: str, raw: bytes, **asked: object) -> Told:
        def read(intake: Intake) -> str:
            return mediawiki.read(io.BytesIO(raw), intake, namespaces=(0,))

        return self.run(space, read, **asked)  # type: ignore[arg-type]

    def folder(self, space: str, path: Path, **asked: object) -> Told:
        def read(intake: Intake) -> str:
            with opened(path) as tree:
                return folder.read(tree, intake)

        return self.run(space, read, **asked)  # type: ignore[arg-type]

    def zip(self, space: str, stream: io.BytesIO, **asked: object) -> Told:
        def read(intake: Intake) -> str:
            stream.seek(0)
            with opened_zip(stream, "bron") as tree:
                return folder.read(tree, intake)

        return self.run(space, read, **asked)  # type: ignore[arg-type]
