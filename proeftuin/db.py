"""The database: base class, column types, the session, and the transaction rule.

What must stay true:

* `commit`, `rollback` and `begin` are written in this module only. A request is one transaction (`Unit`); command
  line and jobs use `transaction()`.
* On SQLite the driver's own transaction handling is off and we say BEGIN ourselves: IMMEDIATE when the unit may
  write. With SQLAlchemy's default two simultaneous read-modify-writes lose one of them without an error.
* The writers of one process wait for each other here, not in SQLite; whatever ends a transaction lays the pen down.
* Moments are stored as UTC and come back aware.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from threading import Lock
from typing import Any, Self, cast

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    SQLColumnExpression,
    String,
    TypeDecorator,
    create_engine,
    event,
    type_coerce,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import NullType

from proeftuin import config

LONGEST_WAIT = 5.0
"""Seconds that somebody who writes waits for others; as long as SQLite is told to wait (`busy_timeout`)."""
_writing: ContextVar[bool] = ContextVar("writing", default=False)
_unit: ContextVar[Unit] = ContextVar("unit")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Return how a value is written; to SQLite as the text that SQLAlchemy would write, at less cost."""
        return _write_moment if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """Return how a value is read; SQLite gives moments as text, and lists are full of the same ones."""
        return _read_moment if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _write_moment(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be stored")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=8192)
def _read_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def as_stored(column: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """Return a column whose values come as the driver gives them, for lists of which most rows are known already.

    `stored_moment` and `stored_day` say what the others mean; words of an enumeration and numbers speak for
    themselves.
    """
    return type_coerce(column, NullType())


def stored_moment(value: str | datetime | None) -> datetime | None:
    """Return the moment that a driver gave."""
    return value.astimezone(UTC) if isinstance(value, datetime) else _read_moment(value)


def stored_day(value: str | date | None) -> date | None:
    """Return the day that a driver gave."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def enum_type(enum: type[StrEnum], name: str | None = None) -> Enum:
    """Return a column type that stores the values of a StrEnum as text, guarded by a CHECK.

    A table with two columns of one enum gives the second a `name` of its own for its CHECK.
    """
    return Enum(
        enum,
        values_callable=lambda e: [member.value for member in e],
        native_enum=False,
        create_constraint=True,
        name=name or enum.__name__.lower(),
        length=40,
    )


class Base(DeclarativeBase):
    """The common base: naming convention for constraints, so that migrations can drop them by name."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), str: String()}


class Database:
    """One engine and the units of work on it."""

    def __init__(self, url: str, settings: config.Config | None = None) -> None:
        self.engine = _create_engine(url)
        self.settings = settings
        self.after_commit: list[Callable[[], None]] = []
        self.joined: Connection | None = None
        # On SQLite an open connection costs nothing and cannot go stale; taking one from the pool does cost time.
        self.is_in_process = self.engine.dialect.name == "sqlite"
        self._free: deque[Connection] = deque()
        self._pen = Lock()
        self._writer: Connection | None = None
        if self.is_in_process:
            event.listen(self.engine, "begin", self._begin_sqlite)

    def take(self) -> Connection:
        """Return a connection that nobody else uses, in no transaction yet."""
        try:
            return self._free.pop()
        except IndexError:
            return self.engine.connect()

    def give_back(self, connection: Connection) -> None:
        """Take back a connection; what was not committed is undone."""
        try:
            if connection.in_transaction():
                connection.rollback()
        finally:
            self.lay_down_pen(connection)
        if self.is_in_process and not (connection.closed or connection.invalidated):
            self._free.append(connection)
        else:
            connection.close()

    def _begin_sqlite(self, connection: Connection) -> None:
        """Begin a transaction; who writes waits for the other writers of this process first.

        SQLite lets a writer wait by trying again after ever longer pauses, up to a tenth of a second. Here the next
        one goes on at once. Who waited too long, and a writer in another process, is left to SQLite.
        """
        if not _writing.get():
            connection.connection.cursor().execute("BEGIN")
            return
        if self._writer is not connection and self._pen.acquire(timeout=LONGEST_WAIT):
            self._writer = connection
        connection.connection.cursor().execute("BEGIN IMMEDIATE")

    def lay_down_pen(self, connection: Connection) -> None:
        """Let the next writer of this process go on, when this connection was the one that wrote."""
        if self._writer is connection:
            self._writer = None
            self._pen.release()

    @property
    def talks_directly(self) -> bool:
        """Return whether statements go to the driver: on SQLite, unless somebody listens to them (to count them)."""
        return self.is_in_process and not self.engine.dispatch.before_cursor_execute

    def close(self) -> None:
        """Let go of every connection that is not in use."""
        while self._free:
            self._free.pop().close()
        self.engine.dispose()

    @contextmanager
    def joining(self, connection: Connection) -> Iterator[None]:
        """Let every unit inside the block join the transaction of one connection (tests, which roll it back)."""
        before, self.joined = self.joined, connection
        try:
            yield
        finally:
            self.joined = before

    def unit(self, *, writing: bool) -> Unit:
        """Return a unit of work for a `with` block: one transaction that everything inside the block shares."""
        return Unit(self, writing=writing)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Run a block as one transaction: commit at its end, roll back when it raises."""
        with self.unit(writing=True) as unit:
            yield unit.session
            unit.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Run a block that only reads."""
        with self.unit(writing=False) as unit:
            yield unit.session


class Unit:
    """One connection and, when something asks for it, a session on it; both in one transaction."""

    def __init__(self, database: Database, *, writing: bool) -> None:
        self.database = database
        self.writing = writing
        self.keep = False
        self._session: Session | None = None
        self._connection: Connection | None = database.joined
        self._elsewhere: tuple[AbstractContextManager[Connection], Connection | None] | None = None

    def __enter__(self) -> Self:
        self._before = _writing.set(self.writing), _unit.set(self), config.use(self.database.settings)
        return self

    def __exit__(self, *raised: object) -> None:
        write_token, unit_token, settings_token = self._before
        try:
            self.close()
        finally:
            config.leave(settings_token)
            _unit.reset(unit_token)
            _writing.reset(write_token)

    @property
    def has_session(self) -> bool:
        return self._session is not None

    @property
    def is_elsewhere(self) -> bool:
        """Return whether this unit reads on another connection than its own (`go`)."""
        return self._elsewhere is not None

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            self._connection = self.database.take()
        return self._connection

    @property
    def driver(self) -> sqlite3.Connection | None:
        """Return the connection of the driver; None when statements are not to go there."""
        if not self.database.talks_directly:
            return None
        connection = self.connection
        if _writing.get() and not connection.in_transaction():
            connection.begin()
        return cast(sqlite3.Connection, connection.connection.driver_connection)

    @property
    def session(self) -> Session:
        if self._session is None:
            self._session = Session(
                self.connection,
                expire_on_commit=False,
                join_transaction_mode="control_fully" if self.database.joined is None else "create_savepoint",
            )
        return self._session

    def go(self, where: AbstractContextManager[Connection]) -> None:
        """Let the rest of this unit read on another connection, until it comes back or ends."""
        self._let_go()
        home, self._connection = self._connection, where.__enter__()
        self._elsewhere = where, home

    def come_back(self) -> None:
        """Read again where this unit began."""
        if self._elsewhere is not None:
            self._let_go()
            (where, self._connection), self._elsewhere = self._elsewhere, None
            where.__exit__(None, None, None)

    def _let_go(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def commit(self) -> None:
        """Make the changes last, then wake whoever waits for committed work."""
        self.session.commit()
        if self.database.joined is None:
            if self.connection.in_transaction():  # begun by a statement that went to the driver
                self.connection.commit()
            self.database.lay_down_pen(self.connection)
        self.keep = False
        for wake in self.database.after_commit:
            wake()

    def end(self, *, accepted: bool) -> None:
        """Commit when the request was accepted, or asked to keep what it wrote; else roll back."""
        if self.writing and (accepted or self.keep):
            self.commit()
        else:
            self.rollback()

    def rollback(self) -> None:
        """Undo everything; what follows in this unit can only read."""
        if self._session is not None:
            self._session.rollback()
        if self._connection is not None and self.database.joined is None:
            try:
                self._connection.rollback()
            finally:
                self.database.lay_down_pen(self._connection)
        _writing.set(False)

    def close(self) -> None:
        """Give the connection back; what was not committed is undone."""
        try:
            self.come_back()
            if self._session is not None:
                self._session.close()
        finally:
            if self._connection is not None and self.database.joined is None:
                connection, self._connection = self._connection, None
                self.database.give_back(connection)


def unit() -> Unit:
    """Return the present unit of work."""
    return _unit.get()


def session() -> Session:
    """Return the session of the present unit of work."""
    return _unit.get().session


def database() -> Database:
    """Return the database of the present unit of work."""
    return _unit.get().database


def let_go() -> None:
    """Make what was written so far last and hold the database no longer: something that takes a while comes next.

    What is asked or written afterwards is a transaction of its own.
    """
    _unit.get().commit()


@contextmanager
def savepoint() -> Iterator[None]:
    """Undo only what the block wrote when it collides with the work of somebody else (IntegrityError)."""
    with session().begin_nested():
        yield


def keep_on_refusal() -> None:
    """Let what was written so far last even when the request is refused (counting wrong passwords)."""
    _unit.get().keep = True


@contextmanager
def undone(connection: Connection, *, joined: bool) -> Iterator[None]:
    """Undo at the end of the block what was done on a connection inside it; on a joined one with a savepoint."""
    savepoint = connection.begin_nested() if joined else None
    try:
        yield
    finally:
        if savepoint is not None:
            savepoint.rollback()
        elif connection.in_transaction():
            connection.rollback()


def _create_engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True)
    # A unit ends its own transaction, so the pool need not do it once more.
    engine = create_engine(url, pool_size=10, max_overflow=10, pool_reset_on_return=None)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(dbapi: Any, record: object) -> None:
    dbapi.isolation_level = None
    for pragma in ("journal_mode=WAL", "busy_timeout=5000", "synchronous=NORMAL", "foreign_keys=ON"):
        dbapi.execute(f"PRAGMA {pragma}")
