"""Statements that are built once, and what is found with them for as long as nobody writes.

What must stay true: a statement that only reads goes to SQLite without a transaction around it, so two of them may
see two states, as on PostgreSQL; in a unit that writes, and beside a session, it is part of the transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect

from proeftuin.db import unit
from proeftuin.direct import Direct, Make

Found = TypeVar("Found")

MOST_KEPT = 1000
"""So much is kept by a connection while the database does not change (`while_unchanged`)."""
_KEPT = "while_unchanged"
_SQLITE = sqlite_dialect()


class Prepared:
    """A statement that only reads columns, built once.

    For the busiest pages: building a statement, and unpacking its rows through the session, costs more than the
    database takes to answer it. What the session has not written yet is written first. `make` turns the cells of a
    row into what a caller wants; without it rows are tuples with names.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]], make: Make | None = None) -> None:
        self.statement = statement
        self._make = make

    @cached_property
    def _direct(self) -> Direct | None:
        return Direct.taken_apart(self.statement, _SQLITE, self._make)

    def rows(self, **parameters: Any) -> Sequence[Any]:
        """Return all rows for these values of the bound parameters."""
        asking = unit()
        if asking.has_session:
            asking.session.flush()
        if (driver := asking.driver) is not None and self._direct is not None:
            try:
                return self._direct.rows(driver, parameters)
            except sqlite3.Error:
                pass  # SQLAlchemy asks once more below and says in its own exceptions what is wrong
        rows = asking.connection.execute(self.statement, parameters).all()
        return rows if self._make is None else [self._make(row) for row in rows]

    def first(self, **parameters: Any) -> Any:
        """Return the first row, or None."""
        rows = self.rows(**parameters)
        return rows[0] if rows else None


def while_unchanged(key: Hashable, read: Callable[[], Found]) -> Found:
    """Return what `read` found for this key before, when nobody has changed anything in the database since.

    For what is asked again and again. SQLite tells at once whether somebody wrote, in this process or in another;
    with another database, and in a unit that writes or reads the past, it is read every time. What is found must
    follow from the key and the database alone, not from the clock, and is given to many: it is not to be changed.
    """
    asking = unit()
    driver = None if asking.writing or asking.is_elsewhere else asking.driver
    if driver is None or driver.in_transaction:
        return read()
    try:
        # The first counts what other connections committed, the second what this one wrote itself.
        state = driver.execute("PRAGMA data_version").fetchone()[0], driver.total_changes
    except sqlite3.Error:
        return read()  # says in the exceptions of SQLAlchemy what is wrong
    info = asking.connection.info
    before, kept = info.get(_KEPT, (None, {}))
    if before != state or len(kept) > MOST_KEPT:
        info[_KEPT] = state, (kept := {})
    if key not in kept:
        kept[key] = read()
    found: Found = kept[key]
    return found
