"""Keeping the past: after every change of a row, its sibling tells how it stands from today on.

One hook on the session sees every row that is written. What changed is remembered until the commit, and then copied
inside the database, so that an act costs two small statements for each table it changed. Changes of one day
overwrite each other: what counts is the end of the day.

What must stay true: no change of a table with a past goes by this hook. So an UPDATE, DELETE or INSERT of many rows
at once is refused for these tables, unless it says that it needs no past (`KEEPS_NO_PAST`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Date, TextClause, bindparam, event, inspect, text
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from proeftuin import clock
from proeftuin.past.tables import FOREVER, SIBLINGS, HasPast, Key, Sibling

KEEPS_NO_PAST = {"keeps_no_past": True}
"""Execution options for a bulk statement that changes only what has no past (say why where you use it)."""


class PastWouldBeLost(TypeError):
    """A bulk statement on a table whose changes must be seen row by row."""


@dataclass
class _Changed:
    """Which rows were changed on a day and not yet copied, by table; True when the row is gone."""

    day: date
    rows: dict[str, dict[Key, bool]] = field(default_factory=dict)


def note(session: Session, model: type[HasPast], keys: Iterable[Key]) -> None:
    """Remember rows that a bulk statement changed, so that their past is kept all the same."""
    found = dict.fromkeys(keys, False)
    if found:
        _changed_today(session).rows.setdefault(inspect(model).local_table.name, {}).update(found)


def _changed_today(session: Session) -> _Changed:
    today = clock.today()
    pending: _Changed | None = session.info.get("past")
    if pending is None or pending.day != today:
        if pending is not None:
            _copy(session, pending)
        pending = session.info["past"] = _Changed(today)
    return pending


@event.listens_for(Session, "before_flush")
def _settle_another_day(session: Session, *_rest: object) -> None:
    """Copy what happened on an earlier day before the changes of today reach the tables."""
    pending: _Changed | None = session.info.get("past")
    if pending is not None and pending.day != clock.today():
        _copy(session, session.info.pop("past"))


@event.listens_for(Session, "after_flush")
def _notice(session: Session, *_rest: object) -> None:
    """Remember which rows were written."""
    written = [row for row in chain(session.new, session.deleted) if isinstance(row, HasPast)]
    written += [row for row in session.dirty if isinstance(row, HasPast) and session.is_modified(row)]
    if not written:
        return
    rows = _changed_today(session).rows
    for row in written:
        mapper = inspect(row).mapper
        key = tuple(mapper.primary_key_from_instance(row))
        rows.setdefault(mapper.local_table.name, {})[key] = row in session.deleted


@event.listens_for(Session, "before_commit")
def _keep(session: Session) -> None:
    """Copy what was changed; a savepoint is no commit."""
    if session.in_nested_transaction():
        return
    session.flush()
    pending: _Changed | None = session.info.pop("past", None)
    if pending is not None:
        _copy(session, pending)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    """What was undone has no past. After a savepoint the rest stays; copying a row anew does no harm."""
    if not ended.nested:
        session.info.pop("past", None)


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    if state.is_select or not (state.is_update or state.is_delete or state.is_insert):
        return
    table = getattr(state.statement, "table", None)
    if getattr(table, "name", "") in SIBLINGS and not state.execution_options.get("keeps_no_past"):
        raise PastWouldBeLost(
            f"rows of {table} have a past: change them as objects, or say that these columns keep none"
        )


def _copy(session: Session, pending: _Changed) -> None:
    connection = session.connection()
    for name, rows in pending.rows.items():
        if not rows:
            continue
        sibling = SIBLINGS[name]
        statements = _statements(name)
        days = {"day": pending.day, "forever": FOREVER}
        everything = [_parameters(sibling, key, days) for key in rows]
        present = [_parameters(sibling, key, days) for key, is_gone in rows.items() if not is_gone]
        gone = [_parameters(sibling, key, days) for key, is_gone in rows.items() if is_gone]
        connection.execute(statements.close, everything)
        if present:
            connection.execute(statements.copy, present)
        if gone:
            connection.execute(statements.drop, gone)


def _parameters(sibling: Sibling, key: Key, days: dict[str, date]) -> dict[str, Any]:
    return {**days, **{f"key_{name}": value for name, value in zip(sibling.key, key, strict=True)}}


@dataclass(frozen=True)
class _Statements:
    """End the row of before; begin the row of today, or replace it; take away what came and went on one day."""

    close: TextClause
    copy: TextClause
    drop: TextClause


@cache
def _statements(name: str) -> _Statements:
    sibling = SIBLINGS[name]
    columns = ", ".join(f'"{column}"' for column in sibling.columns)
    then = f'"{sibling.then.name}"'
    is_it = " AND ".join(f'"{column}" = :key_{column}' for column in sibling.key)
    changing = [column for column in sibling.columns if column not in sibling.key] + ["until_day"]
    replaced = ", ".join(f'"{column}" = excluded."{column}"' for column in changing)
    unique = ", ".join(f'"{column}"' for column in (*sibling.key, "since_day"))
    # A clock that was set back must not break the line of days: then the newest row is replaced.
    since = f"(SELECT max(since_day) FROM {then} WHERE {is_it} AND until_day = :forever)"
    return _Statements(
        close=_dated(
            f"UPDATE {then} SET until_day = :day WHERE {is_it} AND until_day = :forever AND since_day < :day"
        ),
        copy=_dated(
            f"INSERT INTO {then} ({columns}, since_day, until_day)"
            f' SELECT {columns}, coalesce({since}, :day), :forever FROM "{name}" WHERE {is_it}'
            f" ON CONFLICT ({unique}) DO UPDATE SET {replaced}"
        ),
        drop=_dated(
            f"DELETE FROM {then} WHERE {is_it} AND until_day = :forever"
            f' AND NOT EXISTS (SELECT 1 FROM "{name}" WHERE {is_it})'
        ),
    )


def _dated(sql: str) -> TextClause:
    days = [bindparam(name, type_=Date) for name in ("day", "forever") if f":{name}" in sql]
    return text(sql).bindparams(*days)
