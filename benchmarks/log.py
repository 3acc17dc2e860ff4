"""The sealed log at 1,000 and at 1,000,000 entries: adding, checking and proving."""

from __future__ import annotations

import json
import random
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import insert

from benchmarks.company import settings
from benchmarks.figures import Figure
from proeftuin import clock
from proeftuin.audit import bundle, entries, queries, tree, verifier
from proeftuin.audit.models import LogContent, LogEntry, LogNode
from proeftuin.db import Database, session
from proeftuin.web.database_cli import alembic_config

SMALL, LARGE = 1_000, 1_000_000
PIECE = 10_000
TIMES, ROUNDS = 200, 5
HOLDS = {"who": "Willemijn Smit", "subject": {"kind": "pilot", "title": "Meting"}, "summary": "Naar een andere fase"}


def figures() -> list[Figure]:
    """Measure on two databases that are made for it and thrown away."""
    folder = Path(tempfile.mkdtemp(prefix="log-", dir=_room()))
    try:
        small, large = _log(folder / "small", SMALL), _log(folder / "large", LARGE)
        adding_small, adding_large = _side_by_side(lambda: _append(small), lambda: _append(large))
        return [
            Figure("adding to a log of 1,000,000 to one of 1,000", adding_large / adding_small, 1.3, False),
            Figure("adding to a log of 1,000,000, median", adding_large * 1000, 5, False, "ms"),
            Figure("checking a downloaded log of 1,000,000", _checked(large, folder), 50_000, True, "/s"),
            Figure("proof of one entry of 1,000,000, p95", _proofs(large) * 1000, 5, False, "ms"),
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _room() -> Path:
    room = Path(__file__).parents[1] / "var"
    room.mkdir(exist_ok=True)
    return room


def _log(data_dir: Path, size: int) -> Database:
    """Make a database with a log of a size, written as `entries.append` would, but many at once."""
    data_dir.mkdir()
    wanted = settings(data_dir)
    database = Database(wanted.database_url, wanted)
    command.upgrade(alembic_config(database), "head")
    with database.transaction():
        rows = _rows(size)
        nodes = bundle.Growing()
        nodes.add(entries.last().hash)
        for _ in range(0, size, PIECE):
            _write([row for _, row in zip(range(PIECE), rows, strict=False)], nodes)
    return database


def _write(rows: list[dict[str, Any]], nodes: bundle.Growing) -> None:
    if not rows:
        return
    for row in rows:
        nodes.add(row["hash"])
    connection = session().connection()
    connection.execute(insert(LogEntry), [{name: row[name] for name in (*entries.FIELDS, "hash")} for row in rows])
    connection.execute(insert(LogContent), [{"position": row["position"], **row["held"]} for row in rows])
    connection.execute(
        insert(LogNode), [{"place": place, "hash": hash_} for place, (_, hash_) in nodes.expected.items()]
    )
    nodes.expected.clear()


def _rows(size: int) -> Iterator[dict[str, Any]]:
    before = entries.last().hash
    at, content = entries.moment(clock.now()), entries.canonical(HOLDS)
    for position in range(2, size + 1):
        salt = secrets.token_hex(32)
        fields: dict[str, Any] = {
            "act": "pilot:state",
            "actor": secrets.token_hex(16),
            "at": at,
            "content": entries.content_hash(salt, content),
            "object": position,
            "party": "Ondernemingsraad",
            "position": position,
            "previous": before,
            "role": "or_lid",
            "subject": None,
        }
        before = verifier.leaf_hash(entries.body(fields)).hex()
        yield {**fields, "hash": before, "held": {"salt": salt, "content": content}}


def _append(database: Database) -> list[float]:
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        with database.transaction():
            entries.append("pilot:state", clock.now(), HOLDS, actor="0" * 32, role="hr")
        taken.append(time.perf_counter() - start)
    return taken


def _side_by_side(first: Callable[[], list[float]], second: Callable[[], list[float]]) -> tuple[float, float]:
    """Return the medians of two things that are measured in turns, so that a busy machine bears on both."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        found[0].extend(first())
        found[1].extend(second())
    return _share(found[0], 0.5), _share(found[1], 0.5)


def _share(taken: list[float], share: float) -> float:
    return sorted(taken)[int(len(taken) * share)]


def _checked(database: Database, folder: Path) -> float:
    """Return how many entries a second the verifier checks, from a bundle as it is downloaded."""
    path = folder / "logboek.zip"
    with database.reading(), path.open("wb") as stream:
        bundle.pack(None, stream)
        size: int = entries.last().position
        seal = verifier.Seal("", size, tree.root(size).hex(), entries.last().hash)
    start, worked = time.perf_counter(), time.process_time()
    report = verifier.verify(verifier.Bundle(path), [seal])
    taken, worked = time.perf_counter() - start, time.process_time() - worked
    print(f"  of which {100 * worked / taken:.0f}% was spent computing", file=sys.stderr)
    if report.findings or report.held != 1:
        raise RuntimeError(f"a log that nobody touched is not right: {report}")
    start = time.perf_counter()
    with database.reading():
        verifier.verify(bundle.Stored())
    print(f"  straight from the tables: {size / (time.perf_counter() - start):,.0f}/s", file=sys.stderr)
    return size / taken


def _proofs(database: Database) -> float:
    chance = random.Random(9)
    taken: list[float] = []
    with database.reading():
        size = queries.count_entries()
        for _ in range(300):
            position = chance.randrange(1, size + 1)
            start = time.perf_counter()
            proof = queries.prove_entry(position, size)
            taken.append(time.perf_counter() - start)
            if verifier.check_proof(json.loads(json.dumps(proof)), []) != "fits":
                raise RuntimeError(f"the proof of entry {position} is wrong")
    return _share(taken, 0.95)


if __name__ == "__main__":
    for each in figures():
        print(each.line())
