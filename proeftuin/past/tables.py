"""Which tables have a past, and the sibling table in which it is kept.

A row that changes has, in `<table>_past`, one row for each day on which it changed: the same columns, valid from the
day `since` until the day `until` (not included; `FOREVER` for what is so now). A table that only grows needs no
sibling: its moment column says what was there on a day.

What must stay true: a sibling has no foreign keys and no unique constraints, because it tells what was and guards
nothing; it never holds who takes part, reads or follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import Column, Date, Enum, Index, Integer, String, Table, UniqueConstraint
from sqlalchemy.types import NullType, TypeEngine

FOREVER = date(9999, 12, 31)
ALWAYS = date(1, 1, 1)
"""Since when a row is there of which nobody knows when it came."""

Key = tuple[Any, ...]


class Sibling(NamedTuple):
    """A table with its past. `shown` says, by column, what a reader gets instead of what was stored then."""

    now: Table
    then: Table
    name: str
    shown: Mapping[str, str]

    @property
    def columns(self) -> list[str]:
        """Return the columns of which the past is kept."""
        return [column.name for column in self.then.columns if column.name not in ("since_day", "until_day")]

    @property
    def key(self) -> list[str]:
        """Return the columns of the primary key of the table itself."""
        return [column.name for column in self.now.primary_key.columns]


@dataclass(frozen=True)
class Growing:
    """A table to which rows are only added, and the column with the moment at which."""

    table: Table
    moment: str


SIBLINGS: dict[str, Sibling] = {}
GROWING: dict[str, Growing] = {}


class HasPast:
    """Mixin for a model whose rows change: a sibling table keeps how each row stood at the end of each day.

    `__past_shown__` holds SQL by column for what is shown of the past where that is not what was stored then:
    `{then[x]}` is a column of then, `{now[x]}` the same column of the row as it is now. Whatever may not be read now
    is hidden here from readers of the past too. `__past_never__` are columns of which no past is kept; a reader of
    the past sees what they hold now. `__past_name__` is the name under which statements read the past; a table whose
    name stands in the rules about who may read takes another one, so that rights are always those of now.
    """

    __past_shown__: ClassVar[Mapping[str, str]] = {}
    __past_never__: ClassVar[frozenset[str]] = frozenset()
    __past_name__: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        table: Table = cls.__table__  # type: ignore[attr-defined]  # the base class has just made it
        then = _sibling(table, cls.__past_never__)
        SIBLINGS[table.name] = Sibling(table, then, cls.__past_name__ or table.name, cls.__past_shown__)


class OnlyGrows:
    """Mixin for a model whose rows are added and never change; `__added_at__` names the column with the moment."""

    __added_at__: ClassVar[str] = "created_at"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        table: Table = cls.__table__  # type: ignore[attr-defined]  # the base class has just made it
        GROWING[table.name] = Growing(table, cls.__added_at__)


def _sibling(table: Table, never: frozenset[str]) -> Table:
    columns = [
        Column(column.name, _plain(column.type), primary_key=column.primary_key, nullable=column.nullable)
        for column in table.columns
        if column.name not in never
    ]
    then = Table(
        f"{table.name}_past",
        table.metadata,
        *columns,
        Column("since_day", Date, primary_key=True),
        Column("until_day", Date, nullable=False),
    )
    for column in then.primary_key.columns:
        column.autoincrement = False
    searched = [[column.name for column in index.columns] for index in table.indexes]
    searched += [
        [column.name for column in constraint.columns]
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    for names in sorted(searched):
        if not never.intersection(names):
            Index(None, *(then.columns[name] for name in names))
    return then


def _plain(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return the type without the CHECK that guards an enumeration; a reference holds the number of a row."""
    if isinstance(type_, NullType):
        return Integer()
    return String(type_.length) if isinstance(type_, Enum) else type_
