"""An entry of the log: how it is written down, and how it is added.

What is hashed is the entry as JSON with sorted keys and no spaces, in UTF-8, holding only strings, whole numbers and
null (of such data this is RFC 8785). What it holds is hashed apart, after a random salt of 32 bytes, so that erasing
both leaves a hash from which nothing can be guessed.

What must stay true: an entry is added in the transaction of its act; there is one writer at a time, so that places
have no gaps and no two entries name the same one before them. On SQLite a unit that writes is alone already; on
PostgreSQL a lock is held until the transaction ends.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, text

from proeftuin.audit import tree
from proeftuin.audit.models import LogContent, LogEntry, LogNode
from proeftuin.audit.verifier import leaf_hash
from proeftuin.db import session

WRITERS = 0x70726F6566  # the key of the lock on PostgreSQL
FIELDS = ("act", "actor", "at", "content", "object", "party", "position", "previous", "role", "subject")
canonical: Callable[[Any], str] = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False
).encode

_LAST = select(LogEntry.position, LogEntry.hash).order_by(LogEntry.position.desc()).limit(1)
_ENTRY = select(*(getattr(LogEntry, name) for name in FIELDS)).where(LogEntry.position == bindparam("position"))
_ADD_ENTRY, _ADD_CONTENT, _ADD_NODE = insert(LogEntry), insert(LogContent), insert(LogNode)


def moment(at: datetime) -> str:
    """Return a moment as it stands in the log: UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_moment(at: str) -> datetime:
    """Return a moment of the log."""
    return datetime.fromisoformat(at)


def body(fields: Mapping[str, Any]) -> bytes:
    """Return the bytes of an entry that are hashed."""
    return canonical({name: fields[name] for name in FIELDS}).encode()


def read_body(position: int) -> bytes:
    """Return the bytes of an entry that is there."""
    row = session().connection().execute(_ENTRY, {"position": position}).one()
    return body(dict(zip(FIELDS, row, strict=True)))


def content_hash(salt: str, content: str) -> str:
    """Return the salted hash of what an entry holds."""
    return hashlib.sha256(bytes.fromhex(salt) + content.encode()).hexdigest()


def lock() -> None:
    """Wait until nobody else writes in the log, and keep others from it until this transaction ends."""
    connection = session().connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS})


def last() -> Row[int, str]:
    """Return the place and the hash of the newest entry."""
    return session().connection().execute(_LAST).one()


@dataclass(frozen=True, slots=True)
class Act:
    """What an entry says, and what it holds."""

    act: str
    at: datetime
    holds: Mapping[str, Any]
    subject: int | None = None
    object: int | None = None
    actor: str = ""
    role: str = ""
    party: str = ""


def append(act: str, at: datetime, holds: Mapping[str, Any], **named: Any) -> int:
    """Add an entry and return its place; `named` are the other fields of `Act`."""
    return append_all([Act(act, at, holds, **named)])


def append_all(acts: Sequence[Act]) -> int:
    """Add entries in their order and return the place of the last one."""
    lock()
    before = last()
    position, previous, leaves = before.position, before.hash, []
    lines: list[dict[str, Any]] = []
    contents: list[dict[str, Any]] = []
    for act in acts:
        position += 1
        content, salt = _plain(canonical(act.holds)), secrets.token_hex(32)
        fields = _fields(act, position, content_hash(salt, content), previous)
        leaf = leaf_hash(body(fields))
        previous = leaf.hex()
        leaves.append(leaf)
        lines.append({**fields, "hash": previous})
        contents.append({"position": position, "salt": salt, "content": content})
    if len(leaves) == 1:
        nodes = tree.grown(before.position, leaves[0], bytes.fromhex(before.hash))
    else:
        nodes = tree.grown_by(before.position, leaves)
    connection = session().connection()
    connection.execute(_ADD_ENTRY, lines)
    connection.execute(_ADD_CONTENT, contents)
    if nodes:
        connection.execute(_ADD_NODE, nodes)
    return int(position)


def _fields(act: Act, position: int, content: str, previous: str) -> dict[str, Any]:
    return {
        "position": position,
        "at": moment(act.at),
        "act": act.act,
        "subject": act.subject,
        "object": act.object,
        "actor": act.actor,
        "role": act.role,
        "party": act.party,
        "content": content,
        "previous": previous,
    }


def _plain(content: str) -> str:
    """Return text that every database and every UTF-8 can hold."""
    return content.encode("utf-8", "replace").decode()
