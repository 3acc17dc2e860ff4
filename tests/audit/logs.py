"""Logs made without a database, to be spoiled in every way."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from proeftuin.audit import entries, verifier
from proeftuin.audit.verifier import NOTHING, Frontier, Seal, combine, entry_line, leaf_hash


@dataclass
class Log(verifier.Source):
    """A log as lists of lines."""

    entry_lines: list[bytes] = field(default_factory=list)
    content_lines: list[bytes] = field(default_factory=list)
    seal_lines: list[bytes] = field(default_factory=list)

    def entries(self) -> Iterator[bytes]:
        return iter(self.entry_lines)

    def contents(self) -> Iterator[bytes]:
        return iter(self.content_lines)

    def seals(self) -> Iterator[bytes]:
        return iter(self.seal_lines)

    def copy(self) -> Log:
        """Return a log that can be spoiled."""
        return Log(list(self.entry_lines), list(self.content_lines), list(self.seal_lines))

    def seal(self, number: int = -1) -> Seal:
        """Return one of its seals, as somebody else would keep it."""
        found = verifier.read_seal(self.seal_lines[number])
        assert found is not None
        return found


def fields_of(line: bytes) -> dict[str, Any]:
    """Return what stands in a line."""
    found = verifier.read_line(line)
    assert found is not None
    return dict(found.entry)


def whole(fields: dict[str, Any]) -> bytes:
    """Return a line with the hash that belongs to it."""
    body = entries.body(fields)
    return entry_line(body, leaf_hash(body).hex())


def hash_of(line: bytes) -> str:
    """Return the hash that a line says it has."""
    return line[-66:-2].decode()


def made(chance: random.Random, size: int, seals: int) -> Log:
    """Return a log with so many entries, of which the last seal holds all."""
    log = Log()
    sizes = sorted([*(chance.randrange(1, size + 1) for _ in range(seals - 1)), size])
    frontier, before, seal_before = Frontier(), NOTHING, NOTHING
    for position in range(1, size + 1):
        salt, content = chance.randbytes(32).hex(), entries.canonical({"summary": f"“{chance.random()}”\n\x07"})
        fields = {
            "act": chance.choice(["pilot:state", "page:deleted", 'forged","position":1']),
            "actor": chance.randbytes(16).hex(),
            "at": f"2026-03-03T08:{position // 60 % 60:02}:{position % 60:02}.000000Z",
            "content": entries.content_hash(salt, content),
            "object": chance.choice([None, position]),
            "party": chance.choice(["", "Vakbond De Schakel", "Ondernemingsraad “é”"]),
            "position": position,
            "previous": before,
            "role": "medewerker",
            "subject": chance.randrange(1, 5),
        }
        log.entry_lines.append(whole(fields))
        log.content_lines.append(entries.canonical({"content": content, "position": position, "salt": salt}).encode())
        before = hash_of(log.entry_lines[-1])
        frontier.add(bytes.fromhex(before))
        for _ in range(sizes.count(position)):
            line = _seal(len(log.seal_lines), position, combine(frontier.peaks).hex(), before, seal_before)
            log.seal_lines.append(line)
            seal_before = hashlib.sha256(line).hexdigest()
    return log


def _seal(number: int, size: int, root: str, head: str, previous: str) -> bytes:
    seal = {
        "day": f"2026-03-{number + 1:02}",
        "head": head,
        "made": "2026-03-31T00:05:00.000000Z",
        "previous": previous,
        "root": root,
        "size": size,
    }
    return entries.canonical(seal).encode()


def rebuilt(log: Log, since: int) -> None:
    """Compute the chain anew from a place on, as somebody with all rights on the server can."""
    before = hash_of(log.entry_lines[since - 2]) if since > 1 else NOTHING
    for index in range(since - 1, len(log.entry_lines)):
        fields = fields_of(log.entry_lines[index]) | {"previous": before, "position": index + 1}
        log.entry_lines[index] = whole(fields)
        before = hash_of(log.entry_lines[index])
