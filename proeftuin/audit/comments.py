"""Comments in the log: what was written on a day enters the night after it, as bare hashes in one entry.

The hashes are salted and stand in their own order, so that the entry tells neither who wrote, nor when, nor where; it
shows that a comment was changed or is gone without a trace. What must stay true: no entry names a comment, a person,
an hour or a pilot; the salt of a comment goes when it is taken away in the open.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from proeftuin import clock
from proeftuin.audit import entries, schedule
from proeftuin.audit.kinds import COMMENTS
from proeftuin.audit.models import LogComment, LogContent, LogEntry
from proeftuin.audit.verifier import Finding
from proeftuin.db import session
from proeftuin.events.models import Event
from proeftuin.talk.models import Comment, CommentVersion

PIECE = 1_000


def hear(happened: Event) -> None:
    """Let the salt of a comment go when it is taken away, and see to it that a night comes for what was said."""
    if not happened.kind.startswith("comment:"):
        return
    schedule.ensure()
    if happened.kind == "comment:deleted":
        versions = select(CommentVersion.id).where(CommentVersion.comment_id == happened.object_id)
        session().execute(update(LogComment).where(LogComment.version_id.in_(versions)).values(salt=None))


def enter_days() -> int:
    """Enter what was written on every day that is over and not entered yet, and return how many days there were."""
    query = (
        select(CommentVersion.id, CommentVersion.created_at, Comment.id, CommentVersion.number, CommentVersion.text)
        .join(Comment, Comment.id == CommentVersion.comment_id)
        .outerjoin(LogComment, LogComment.version_id == CommentVersion.id)
        .where(
            LogComment.version_id.is_(None),
            CommentVersion.created_at < clock.start_of(clock.today()),
            Comment.deleted_at.is_(None),  # taken away before the night: in the open, with a tombstone
        )
        .order_by(CommentVersion.id)
    )
    days: dict[date, list[tuple[int, str, str]]] = defaultdict(list)
    for version_id, at, comment_id, number, text in session().execute(query):
        salt = secrets.token_hex(32)
        days[clock.day_of(at)].append((version_id, salt, hash_of(salt, comment_id, number, text)))
    for day in sorted(days):
        _enter(day, days[day])
    return len(days)


def _enter(day: date, versions: list[tuple[int, str, str]]) -> None:
    hashes = sorted(hash_ for _version, _salt, hash_ in versions)
    position = entries.append(COMMENTS, clock.now(), {"day": day.isoformat(), "hashes": hashes}, role="systeem")
    rows = [{"version_id": version, "position": position, "salt": salt} for version, salt, _hash in versions]
    session().connection().execute(insert(LogComment), rows)


def hash_of(salt: str, comment_id: int, number: int, text: str) -> str:
    """Return the salted hash of a version of a comment."""
    said = entries.canonical({"comment": comment_id, "text": text, "version": number})
    return hashlib.sha256(bytes.fromhex(salt) + said.encode("utf-8", "replace")).hexdigest()


def check() -> list[Finding]:
    """Hold the comments that are there against the hashes: one that was changed, or is gone without a tombstone."""
    present: dict[int, list[str | None]] = defaultdict(list)
    for position, hash_ in _present():
        present[position].append(hash_)
    query = (
        select(LogEntry.position, LogContent.content)
        .join(LogContent, LogContent.position == LogEntry.position)
        .where(LogEntry.act == COMMENTS)
        .order_by(LogEntry.position)
    )
    findings = []
    for position, content in session().connection().execute(query):
        hashes = _hashes_in(content)
        found = present[position]
        shown = {hash_ for hash_ in found if hash_ is not None}
        if len(found) != len(hashes) or not shown <= set(hashes):
            findings.append(Finding("comments", position, position))
    return findings


def _present() -> Iterator[tuple[int, str | None]]:
    """Give the batch and the hash of every version that entered; without a hash when it was taken away since."""
    query: Any = (
        select(
            LogComment.position,
            LogComment.salt,
            Comment.id,
            Comment.deleted_at,
            CommentVersion.number,
            CommentVersion.text,
        )
        .join(CommentVersion, CommentVersion.id == LogComment.version_id)
        .join(Comment, Comment.id == CommentVersion.comment_id)
        .execution_options(yield_per=PIECE)
    )
    for position, salt, comment_id, deleted_at, number, text in session().connection().execute(query):
        if salt is not None:
            yield position, hash_of(salt, comment_id, number, text)
        elif deleted_at is not None:  # without a salt and without a tombstone it counts as gone
            yield position, None


def _hashes_in(content: str) -> list[str]:
    try:
        return [str(each) for each in json.loads(content)["hashes"]]
    except (ValueError, KeyError, TypeError):
        return []  # spoiled: the check of the entry itself says so
