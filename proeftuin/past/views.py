"""Reading the past: views that bear the names of the tables, so that every statement runs unchanged on any day.

On SQLite they are temporary views, which come before the tables of the same name; a connection that has them is kept
for the next reader of the past. On PostgreSQL they stand in a schema of their own, `past`, that is put before the
others for one transaction.

What must stay true: a view reads one table (else SQLite cannot push a condition down into it when it stands at the
right of an outer join) and shows nothing that its reader may not read now: see `HasPast.__past_shown__`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import Connection, Dialect, inspect, text
from sqlalchemy.sql.compiler import IdentifierPreparer

from proeftuin import clock
from proeftuin.db import Database, Unit, undone
from proeftuin.past import day as days
from proeftuin.past.tables import GROWING, SIBLINGS, Growing, Sibling

SCHEMA = "past"
_free: dict[int, deque[Connection]] = {}


def go_to(unit: Unit, day: date) -> None:
    """Let the rest of a unit read the end of a day of the past, with the clock at its last moment."""
    unit.go(_standing_on(unit, day))


@contextmanager
def _standing_on(unit: Unit, day: date) -> Iterator[Connection]:
    with days.reading(day), _connection(unit, day) as connection:
        yield connection


@contextmanager
def _connection(unit: Unit, day: date) -> Iterator[Connection]:
    database = unit.database
    if database.joined is not None:
        with undone(database.joined, joined=True):
            _open(database.joined, day)
            yield database.joined
    elif database.engine.dialect.name == "sqlite":
        connection = _take(database)
        _set_day(connection, day)
        with undone(connection, joined=False):
            yield connection
        _free[id(database)].append(connection)
    else:
        _open(unit.connection, day)
        yield unit.connection


def _take(database: Database) -> Connection:
    """Return a connection that has the views, and on which no transaction has begun."""
    free = _free.setdefault(id(database), deque())
    while free:
        connection = free.pop()
        if not connection.closed and not connection.invalidated:
            return connection
    connection = database.engine.connect()
    cursor = connection.connection.cursor()
    for statement in _temporary(database.engine.dialect):
        cursor.execute(statement)
    cursor.close()
    return connection


def close(database: Database) -> None:
    """Let go of the connections that are kept for readers of the past."""
    free = _free.pop(id(database), deque())
    while free:
        free.pop().close()


def _open(connection: Connection, day: date) -> None:
    if connection.dialect.name == "sqlite":
        for statement in _temporary(connection.dialect):
            connection.exec_driver_sql(statement)
        _set_day(connection, day)
    else:
        settings = "SELECT set_config('proeftuin.day', :day, true), set_config('proeftuin.end', :end, true),"
        path = " set_config('search_path', 'past, ' || current_setting('search_path'), true)"
        given = {"day": day.isoformat(), "end": clock.end_of(day).isoformat()}
        connection.execute(text(settings + path), given)


def _set_day(connection: Connection, day: date) -> None:
    """Say which day it is. Past SQLAlchemy, so that it begins no transaction and outlives the end of one."""
    end = clock.end_of(day).strftime("%Y-%m-%d %H:%M:%S.%f")  # as moments are stored
    cursor = connection.connection.cursor()
    cursor.execute("UPDATE temp.as_of SET day = ?, ending = ?", (day.isoformat(), end))
    cursor.close()


def _temporary(dialect: Dialect) -> list[str]:
    words = _Words(dialect, "main.", "(SELECT day FROM temp.as_of)", "(SELECT ending FROM temp.as_of)")
    return [
        "CREATE TEMP TABLE as_of (day TEXT, ending TEXT)",
        "INSERT INTO temp.as_of VALUES (NULL, NULL)",
        *(f"CREATE TEMP VIEW {name} AS {select}" for name, select in words.views().items()),
    ]


def rebuild(connection: Connection) -> None:
    """Make the views of PostgreSQL anew for the tables as they are; call it after the tables were migrated."""
    drop(connection)
    if connection.dialect.name == "sqlite":
        return
    connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
    own = f"{connection.exec_driver_sql('SELECT current_schema()').scalar_one()}."
    day, end = "current_setting('proeftuin.day')::date", "current_setting('proeftuin.end')::timestamptz"
    present = {name: {c["name"] for c in columns} for name, columns in _columns(connection).items()}
    for name, select in _Words(connection.dialect, own, day, end, present).views().items():
        connection.exec_driver_sql(f"CREATE VIEW {SCHEMA}.{name} AS {select}".replace("%", "%%"))


def drop(connection: Connection) -> None:
    """Take the views of PostgreSQL away, so that the tables below them can change."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def _columns(connection: Connection) -> dict[str, Any]:
    inspector = inspect(connection)
    names = set(inspector.get_table_names())
    return {name: inspector.get_columns(name) for name in names}


class _Words:
    """How views are written for one kind of database. `present` limits them to what is there (half a migration)."""

    def __init__(
        self, dialect: Dialect, own: str, day: str, end: str, present: dict[str, set[str]] | None = None
    ) -> None:
        self.dialect, self.own, self.day, self.end, self.present = dialect, own, day, end, present
        self.quoted: IdentifierPreparer = dialect.identifier_preparer

    def views(self) -> dict[str, str]:
        """Return for each name the statement behind it."""
        siblings = [each for each in SIBLINGS.values() if self._is_there(each.then.name, each.columns)]
        growing = [each for each in GROWING.values() if self._is_there(each.table.name, [each.moment])]
        return {
            **{each.name: self._of_day(each) for each in siblings},
            **{each.table.name: self._until(each) for each in growing},
        }

    def _is_there(self, table: str, columns: list[str]) -> bool:
        return self.present is None or set(columns) <= self.present.get(table, set())

    def _of_day(self, sibling: Sibling) -> str:
        kept = set(sibling.columns)
        columns = [self._column(sibling, column.name, column.name in kept) for column in sibling.now.columns]
        return (
            f'SELECT {", ".join(columns)} FROM {self.own}"{sibling.then.name}" AS t'
            f" WHERE t.since_day <= {self.day} AND t.until_day > {self.day}"
        )

    def _column(self, sibling: Sibling, name: str, is_kept: bool) -> str:
        shown = sibling.shown.get(name, f"{{then[{name}]}}" if is_kept else f"{{now[{name}]}}")
        if shown == f"{{then[{name}]}}":
            return f'"{name}"'
        same = " AND ".join(f'n."{key}" = t."{key}"' for key in sibling.key)
        now = {
            column.name: f'(SELECT n."{column.name}" FROM {self.own}"{sibling.now.name}" AS n WHERE {same})'
            for column in sibling.now.columns
        }
        then = {column: f't."{column}"' for column in sibling.columns}
        written = shown.format(now=now, then=then, own=self.own)
        if self.dialect.name == "sqlite":
            return f'{written} AS "{name}"'
        # The very type of the table: a statement that was prepared for the one must fit the other.
        return f'CAST({written} AS {sibling.now.columns[name].type.compile(self.dialect)}) AS "{name}"'

    def _until(self, growing: Growing) -> str:
        columns = ", ".join(f'"{column.name}"' for column in growing.table.columns)
        return f'SELECT {columns} FROM {self.own}"{growing.table.name}" WHERE "{growing.moment}" < {self.end}'
