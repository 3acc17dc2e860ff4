"""Documents for the tests of the index, and an engine filled with them. No database is needed here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from proeftuin.search.engine import Engine, Results
from proeftuin.search.index import Index
from proeftuin.search.schema import Document

# What conftest closes after each test.
OPEN: list[Engine] = []

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def document(key: str, title: str = "", body: str = "", **more: Any) -> Document:
    """Return a document that everyone may read, changed as many hours after the start as its number says."""
    kind, _, number = key.partition(":")
    facts: dict[str, Any] = {
        "kind": kind,
        "themes": (),
        "department": "techniek",
        "phase": "lopend",
        "year": 2026,
        "space": 0,
        "changed": START + timedelta(hours=int(number)),
        "pilot": "",
    }
    return Document(key=key, title=title, body=body, **(facts | more))


def filled(path: Path, documents: Iterable[Document]) -> Engine:
    """Return an engine on a new index with these documents."""
    index = Index.open(path)
    index.rebuild(documents)
    return opened(index)


def opened(index: Index) -> Engine:
    """Return an engine that is closed at the end of the test."""
    engine = Engine(index)
    OPEN.append(engine)
    return engine


def keys(results: Results) -> list[str]:
    """Return the keys of the hits, in their order."""
    return [hit.key for hit in results.hits]
