"""Rows that never change once they are written: a mixin, and a guard on every session.

What must stay true: no change or removal of such a row gets past a session, one by one or many at once. The guard is
for mistakes in our own code; who writes to the database past it is found by the digest of the version.
"""

from __future__ import annotations

from itertools import chain
from typing import ClassVar

from sqlalchemy import Table, event
from sqlalchemy.orm import ORMExecuteState, Session


class WouldChangePublished(TypeError):
    """A statement that would change what was published."""


class Frozen:
    """Mixin for a model whose rows are written once."""

    tables: ClassVar[set[str]] = set()

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        table: Table = cls.__table__  # type: ignore[attr-defined]  # the base class has just made it
        Frozen.tables.add(table.name)


@event.listens_for(Session, "before_flush")
def _refuse(session: Session, *_rest: object) -> None:
    changed = (row for row in session.dirty if isinstance(row, Frozen) and session.is_modified(row))
    for row in chain(changed, (row for row in session.deleted if isinstance(row, Frozen))):
        raise WouldChangePublished(f"{type(row).__name__} is written for good and stays as it is")


@event.listens_for(Session, "do_orm_execute")
def _refuse_many(state: ORMExecuteState) -> None:
    if state.is_update or state.is_delete:
        table = getattr(state.statement, "table", None)
        if getattr(table, "name", "") in Frozen.tables:
            raise WouldChangePublished(f"rows of {table} are written for good and stay as they are")
