"""Statements of which everything is settled beforehand: the text, the fixed values, how columns are read.

SQLite answers a statement of a page in less time than SQLAlchemy takes to hand it over and unpack its rows. So a
statement is taken apart once, by SQLAlchemy, and then given to the driver as it is.

What must stay true: rows hold the same values as SQLAlchemy would give; no statement is written by hand; a statement
whose text depends on its values (`IN` with a list) is not taken apart. Where the list is always the same, `one_of`
says what `IN` would.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, Self, cast

from sqlalchemy import ColumnElement, Dialect, Select, SQLColumnExpression, or_
from sqlalchemy.sql.compiler import SQLCompiler

Convert = Callable[[Any], Any]
Make = Callable[[Sequence[Any]], Any]


def one_of(column: SQLColumnExpression[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Return the criterion that a column holds one of some values that never change."""
    return or_(*(column == value for value in values))


class Driver(Protocol):
    """As much of a connection of `sqlite3` as is needed here."""

    def execute(self, sql: str, parameters: Sequence[Any], /) -> Any:
        """Carry out a statement and return its cursor."""


class Direct:
    """A statement as text, with how its values go in and how its rows come out."""

    def __init__(
        self, statement: Select[*tuple[Any, ...]], compiled: SQLCompiler, dialect: Dialect, make: Make | None
    ) -> None:
        self._text = str(compiled)
        self._fixed: dict[str, Any] = {}
        self._into: dict[str, Convert] = {}
        for name, parameter in compiled.binds.items():
            into = parameter.type.dialect_impl(dialect).bind_processor(dialect)
            if not parameter.required:
                self._fixed[name] = into(parameter.effective_value) if into else parameter.effective_value
            elif into:
                self._into[name] = into
        self._order = tuple(compiled.positiontup or ())
        columns = list(statement.selected_columns)
        found = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self._out = [(place, out) for place, out in enumerate(found) if out is not None]
        self._make = make or _with_names([column.key or "" for column in columns])

    @classmethod
    def taken_apart(cls, statement: Select[*tuple[Any, ...]], dialect: Dialect, make: Make | None) -> Self | None:
        """Return the statement for a driver, or None when its text depends on its values."""
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        is_settled = not (compiled.post_compile_params or compiled.literal_execute_params)
        return cls(statement, compiled, dialect, make) if is_settled else None

    def rows(self, driver: Driver, parameters: Mapping[str, Any]) -> list[Any]:
        """Return all rows for these values of the bound parameters, as tuples with names."""
        values = {**self._fixed, **parameters}
        for name, into in self._into.items():
            values[name] = into(values[name])
        found = driver.execute(self._text, [values[name] for name in self._order]).fetchall()
        out, make = self._out, self._make
        if not out:
            return [make(each) for each in found]
        rows = []
        for each in found:
            cells = list(each)
            for place, convert in out:
                cells[place] = convert(cells[place])
            rows.append(make(cells))
        return rows


def _with_names(names: Sequence[str]) -> Make:
    row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # the names are known to the statement
    return cast(Make, row._make)
