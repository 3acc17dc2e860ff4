"""A pilot with files, taken along and brought back in one call."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import Database, session
from proeftuin.events.models import Subject
from proeftuin.exchange.packing import pack
from proeftuin.files import judging, places, service
from proeftuin.files.service import Words
from proeftuin.web.application import Application
from tests.cast import Cast
from tests.exchange.dumps import zipped
from tests.exchange.imports import Exchange, Told

Files = dict[str, bytes]
CSV = b"dag;uren\nmaandag;8\ndinsdag;7\n"
MAP = Words(alt="De wijk", description="Waar we meten")


@dataclass
class Depot:
    """A pilot with files, and what can be done with them."""

    app: Application
    database: Database
    cast: Cast
    exchange: Exchange
    slug: str

    def act(self, day: int, do: Callable[[], Any]) -> Any:
        """Do something on a day in March."""
        at = clock.at(datetime(2026, 3, day, 9, 30, tzinfo=UTC))
        with self.app.app_context(), at, self.database.transaction():
            return do()

    def place(self, path: str) -> places.Place:
        subject = session().query(Subject).filter_by(path=path).one()
        return places.get_place(self.cast.lead, subject.id)

    def add(self, path: str, name: str, content: bytes, words: Words = MAP, day: int = 2) -> int:
        judged = judging.judge(content)
        added: service.Added = self.act(
            day, lambda: service.add(self.cast.lead, self.place(path), name=name, judged=judged, words=words)
        )
        return added.id

    def replace(self, file_id: int, content: bytes | None, words: Words = MAP, day: int = 3) -> None:
        judged = judging.judge(content) if content else None
        self.act(day, lambda: service.replace(self.cast.member, file_id, judged=judged, words=words))

    def packed(self, actor: Actor, slug: str = "") -> bytes:
        stream = io.BytesIO()
        with self.app.app_context(), self.database.reading():
            pack(actor, slug or self.slug, stream)
        return stream.getvalue()

    def taken(self, actor: Actor, slug: str = "") -> Files:
        with zipfile.ZipFile(io.BytesIO(self.packed(actor, slug))) as archive:
            return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}

    def brought(self, slug: str, files: Files, **asked: Any) -> Told:
        with self.app.app_context():
            return self.exchange.zip(slug, zipped(dict(files)), **asked)


def listed(files: Files) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["bestanden.jsonl"].splitlines()]


def relisted(files: Files, change: Callable[[dict[str, Any]], Any]) -> Files:
    """Return the files with a list in which every line was changed."""
    lines = listed(files)
    for line in lines:
        change(line)
    return {**files, "bestanden.jsonl": "\n".join(map(json.dumps, lines)).encode()}
