"""What is kept of a document, and in which form it stands in the index.

Two text fields are searched (title, body); everything else of a document is one column, `facts`, that is read
once per segment. The text itself is not stored: who shows a result takes it from the database.

What must stay true: an index is only opened by the rules that made it. `VERSION` is part of the name of its
folder, so a new field or another way to stem leads to a rebuild and never to a silent mix.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from whoosh import __version__ as whoosh_version
from whoosh import columns, fields, formats

from proeftuin.search import dutch, stem

# Raise when `dutch.py` or `stem.py` gives other terms, or this module another form.
RULES = 2


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found: a pilot, a page, a comment, a file, a department.

    `space` is 0 when everyone may read it, otherwise the id of the pilot whose team may; `themes`,
    `department`, `phase` and `kind` are keys, "" or () where they do not apply; `year` is 0 for none.
    """

    key: str
    kind: str
    title: str
    body: str
    themes: tuple[str, ...]
    department: str
    phase: str
    year: int
    space: int
    changed: datetime
    pilot: str

    def stamp(self) -> str:
        """Return a short sum of everything in the document, to compare index and database by."""
        content = json.dumps([self.title, self.body, *self._facts()], ensure_ascii=False)
        return hashlib.blake2b(content.encode("utf-8", "replace"), digest_size=8).hexdigest()

    def facts(self) -> bytes:
        """Return everything but the text, as it stands in the column."""
        return json.dumps([self.key, self.stamp(), *self._facts()], ensure_ascii=False).encode("utf-8", "replace")

    def _facts(self) -> list[object]:
        changed = self.changed.timestamp()
        return [self.kind, self.themes, self.department, self.phase, self.year, self.space, changed, self.pilot]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything but the text of a document, as read back from the column."""

    key: str
    stamp: str
    kind: str
    themes: tuple[str, ...]
    department: str
    phase: str
    year: int
    space: int
    changed: float
    pilot: str

    @classmethod
    def read(cls, column: bytes) -> Facts:
        """Read one value of the column."""
        key, stamp, kind, themes, *rest = json.loads(column)
        return cls(key, stamp, kind, tuple(themes), *rest)


class Terms(fields.FieldType):  # type: ignore[misc]  # Whoosh has no types
    """A text field that is analysed by `dutch.positions` and nothing else."""

    analyzer = None
    scorable = True
    stored = False
    unique = False
    vector = None
    spelling = False

    def __init__(self) -> None:
        self.format = formats.Positions()

    def index(self, value: str, **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Give every term with its count, its weight and its places."""
        encode = self.format.encode
        for term, places in dutch.positions(value).items():
            yield term.encode(), len(places), float(len(places)), encode(places)


FIELDS = ("title", "body")


def make_schema() -> fields.Schema:
    """Return the fields of the index."""
    return fields.Schema(
        key=fields.ID(unique=True), title=Terms(), body=Terms(), facts=fields.COLUMN(columns.VarBytesColumn())
    )


def values_of(document: Document) -> dict[str, object]:
    """Return the document as Whoosh wants it."""
    return {"key": document.key, "title": document.title, "body": document.body, "facts": document.facts()}


def _version() -> str:
    rules = [RULES, whoosh_version, sorted(dutch.STOP_WORDS), dutch.WORD.pattern, stem.IRREGULAR, stem.STRONG_TAILS]
    rules += [stem.KEEP_GE, sorted(stem.KEEP_END), FIELDS]
    return hashlib.blake2b(json.dumps(rules).encode(), digest_size=5).hexdigest()


VERSION = _version()
