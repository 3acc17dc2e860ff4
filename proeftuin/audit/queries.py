"""Reading the log: what of an entry somebody may read, and the proofs.

What must stay true: everyone sees that there is an entry, when, of which kind and in which role; what it is about is
shown to who may read its subject, by the same criterion as everywhere else. Nothing asks for the acts of a person.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true

from proeftuin.accounts.actor import Actor
from proeftuin.audit import entries, tree
from proeftuin.audit.kinds import FOR_KEEPERS, TEXTS, label
from proeftuin.audit.models import LogContent, LogEntry, LogErasure, LogSeal
from proeftuin.audit.verifier import leaf_hash, root_above
from proeftuin.db import session
from proeftuin.errors import NotFound
from proeftuin.events.models import Subject
from proeftuin.pilots.policy import readable_subjects

PER_PAGE = 50
SEALS_SHOWN = 7
SEALS_AT_MOST = 31


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry for a reader; `holds` is empty when it is withheld or erased."""

    entry: LogEntry
    at: datetime
    words: str
    holds: dict[str, Any]
    is_erased: bool
    erased_by: int | None

    @property
    def position(self) -> int:
        return self.entry.position

    @property
    def is_withheld(self) -> bool:
        return not self.holds and not self.is_erased

    @property
    def title(self) -> str:
        return str(self.holds.get("subject", {}).get("title", ""))

    @property
    def path(self) -> str:
        subject = self.holds.get("subject", {})
        return str(subject.get("path", "")) if subject.get("kind") != "site" else ""

    @property
    def who(self) -> str:
        return str(self.holds.get("who", ""))

    @property
    def summary(self) -> str:
        return str(self.holds.get("summary", ""))

    @property
    def text_hash(self) -> str:
        """Return the sum of the text of a page, when the entry is about a version."""
        return str(self.holds.get("text", ""))

    @property
    def day(self) -> date | None:
        """Return the day of which an entry holds the comments."""
        given = self.holds.get("day")
        return date.fromisoformat(given) if isinstance(given, str) else None

    @property
    def hashes(self) -> list[str]:
        """Return the hashes of the comments of a day."""
        return [str(each) for each in self.holds.get("hashes", ())]


@dataclass(frozen=True, slots=True)
class SealRow:
    """A seal for a reader; `is_late` says that it was not made in the night after its day."""

    seal: LogSeal
    made: datetime
    is_late: bool


def with_subject(query: Select[Any]) -> Select[Any]:
    """Join the subject of an entry, which `may_read` asks about."""
    return query.outerjoin(Subject, Subject.id == LogEntry.subject)


def may_read(actor: Actor) -> ColumnElement[bool]:
    """Return the criterion for reading what an entry holds; the subject has to be joined."""
    of_the_log = LogEntry.subject.is_(None)
    by_kind = true() if actor.may_manage else LogEntry.act.not_in(FOR_KEEPERS)
    return func.coalesce(and_(or_(of_the_log, readable_subjects(actor)), by_kind), False)


def _rows(actor: Actor) -> Select[Any]:
    shown = case((may_read(actor), LogContent.content), else_=None)
    query = (
        select(LogEntry, shown, LogContent.position.is_(None), LogErasure.entry)
        .outerjoin(LogContent, LogContent.position == LogEntry.position)
        .outerjoin(LogErasure, LogErasure.position == LogEntry.position)
    )
    return with_subject(query)


def list_entries(actor: Actor, below: int | None = None, *, only_decisions: bool = False) -> list[EntryRow]:
    """Return the newest entries, or those before a place; or those that are no text that somebody wrote."""
    query = _rows(actor).order_by(LogEntry.position.desc()).limit(PER_PAGE)
    if below is not None:
        query = query.where(LogEntry.position < below)
    if only_decisions:
        query = query.where(LogEntry.act.not_in(TEXTS))
    return [_entry_row(row) for row in session().execute(query)]


def get_entry(actor: Actor, position: int) -> EntryRow:
    """Return one entry.

    :raises NotFound: when the log has no such place.
    """
    row = session().execute(_rows(actor).where(LogEntry.position == position)).first()
    if row is None:
        raise NotFound
    return _entry_row(row)


def _entry_row(row: Any) -> EntryRow:
    entry, content, is_erased, erased_by = row
    holds = json.loads(content) if content else {}
    return EntryRow(entry, entries.read_moment(entry.at), label(entry.act), holds, is_erased, erased_by)


def count_entries() -> int:
    """Return how many entries there are: places have no gaps."""
    return int(entries.last().position)


def list_seals(limit: int = SEALS_SHOWN) -> Sequence[SealRow]:
    """Return the newest seals."""
    rows = session().scalars(select(LogSeal).order_by(LogSeal.day.desc()).limit(limit))
    return [_seal_row(seal) for seal in rows]


def _seal_row(seal: LogSeal) -> SealRow:
    made = entries.read_moment(seal.made)
    return SealRow(seal, made, (made.date() - seal.day).days > 1)


def prove_entry(position: int, size: int | None = None) -> dict[str, Any]:
    """Return the proof that an entry stands in the log of a size: the newest sealed one that holds it, else of now.

    :raises NotFound: when there is no such entry, or it is not in a log of that size.
    """
    size = size or _sealed_size(position)
    if not 0 < position <= size <= count_entries():
        raise NotFound
    body = entries.read_body(position)
    path = tree.hashes(tree.inclusion(position - 1, size))
    root = root_above(position - 1, size, leaf_hash(body), path) or b""
    return {"entry": body.decode(), "size": size, "root": root.hex(), "path": [each.hex() for each in path]}


def _sealed_size(position: int) -> int:
    sealed: int | None = session().scalar(select(func.max(LogSeal.size)))
    return sealed if sealed is not None and sealed >= position else count_entries()


def prove_growth(first: int, second: int) -> dict[str, Any]:
    """Return the proof that the log of one size begins with the whole log of a smaller size.

    :raises NotFound: when the log never had these sizes.
    """
    if not 0 < first <= second <= count_entries():
        raise NotFound
    ranges = tree.consistency(first, second)
    *path, old, new = tree.hashes([*ranges, tree.Range(0, first), tree.Range(0, second)])
    return {
        "first_size": first,
        "first_root": old.hex(),
        "size": second,
        "root": new.hex(),
        "path": [each.hex() for each in path],
    }
