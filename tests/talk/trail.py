"""Looking for who is behind a comment in everything that the product keeps: the rows, however they hang together.

A trail is every row that belongs to a comment: what refers to it (by a foreign key, by the number in an event, in a
table of the past), and whatever row holds a word that stands nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, inspect, select

from proeftuin import clock
from proeftuin.db import Base, session

Row = tuple[str, dict[str, Any]]
TOLD = "notice"
"""Who was told of it is looked at apart: that is everyone who follows, whoever wrote it."""


@dataclass(frozen=True)
class Trail:
    """The rows that belong to a comment."""

    rows: tuple[Row, ...]

    @property
    def tables(self) -> set[str]:
        return {table for table, _ in self.rows}

    def persons(self) -> set[int]:
        """Return every person to whom a row refers, except whom it was told to."""
        return {
            row[column]
            for table, row in self.rows
            if table != TOLD
            for column in person_columns(table)
            if row[column] is not None
        }

    def told(self) -> set[int]:
        """Return who was told."""
        return {row["person_id"] for table, row in self.rows if table == TOLD}

    def text(self) -> str:
        """Return all that stands in the rows."""
        return "\n".join(str(list(row.values())) for _table, row in self.rows)

    def moments(self) -> Iterator[tuple[str, str, datetime]]:
        """Give every moment in the rows, with where it stands."""
        for table, row in self.rows:
            for column, value in row.items():
                if isinstance(value, datetime):
                    yield table, column, value


def person_columns(table: str) -> set[str]:
    """Return the columns that refer to a person; a table of the past has those of the table it is of."""
    now = Base.metadata.tables[table.removesuffix("_past")]
    named = {key.parent.name for key in now.foreign_keys if key.column.table.name == "person"}
    return {column for column in named if column in Base.metadata.tables[table].columns}


def follow(comments: Iterable[int], threads: Iterable[int], words: Iterable[str]) -> Trail:
    """Return the trail of comments, and of the threads that begin with them."""
    stored = {name: _rows(table) for name, table in Base.metadata.tables.items()}
    assert set(inspect(session().connection()).get_table_names()) - {"alembic_version"} <= set(stored)
    words = [word.casefold() for word in words]
    known = {("comment", number) for number in comments} | {("thread", number) for number in threads}
    found: dict[tuple[str, str], Row] = {}
    while True:
        before = len(found)
        for name, rows in stored.items():
            for row in rows:
                if _belongs(name, row, known, words):
                    found[name, str(sorted(row.items(), key=lambda item: item[0]))] = (name, row)
                    if "id" in row:
                        known.add((name.removesuffix("_past"), row["id"]))
        if len(found) == before:
            return Trail(tuple(found.values()))


def _rows(table: Table) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in session().connection().execute(select(table))]


def _belongs(name: str, row: dict[str, Any], known: set[tuple[str, int]], words: list[str]) -> bool:
    table = Base.metadata.tables[name]
    own = name.removesuffix("_past")
    if (own, row.get("id")) in known:
        return True
    refers = {(key.column.table.name, row[key.parent.name]) for key in table.foreign_keys}
    if name == "event" and str(row["kind"]).startswith(("comment:", "question:")):
        refers.add(("comment", row["object_id"]))
    if name == "job":
        refers.add(("event", row["payload"].get("event_id", 0)))
    if refers & known:
        return True
    text = str(list(row.values())).casefold()
    return any(word in text for word in words)


def is_day_only(moment: datetime) -> bool:
    """Return whether a moment tells a day and no hour."""
    return moment == clock.start_of(clock.day_of(moment))
