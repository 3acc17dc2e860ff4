"""The Merkle tree of RFC 9162 over the log, with every complete subtree kept.

The nodes of the tree are numbered from left to right as they lie: leaf `i` at place `2i`, a node above `2^l` leaves
at an odd place between them. Places never change when the tree grows, so a node is written once. The hashes of leaves
stand with the entries; only the nodes above them are stored here. Adding an entry writes one node on average, and a
root or a proof for any size reads some twenty of them in one statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam, select

from proeftuin.audit.models import LogEntry, LogNode
from proeftuin.audit.verifier import combine, node_hash
from proeftuin.db import session


@dataclass(frozen=True, slots=True)
class Node:
    """A complete subtree: how high, and which one of that height, counted from the left."""

    level: int
    index: int

    @property
    def place(self) -> int:
        return (self.index << (self.level + 1)) + (1 << self.level) - 1


class Range(NamedTuple):
    """The leaves from `start` up to `end` (not included), counted from 0."""

    start: int
    end: int

    def peaks(self) -> list[Node]:
        """Return the complete subtrees of which this range is made, the largest first."""
        found, start = [], self.start
        while start < self.end:
            level = (self.end - start).bit_length() - 1
            found.append(Node(level, start >> level))
            start += 1 << level
        return found


def inclusion(index: int, size: int) -> list[Range]:
    """Return the ranges whose hashes prove that a leaf stands at an index (RFC 9162, 2.1.3.1)."""
    ranges, start, end = [], 0, size
    while end - start > 1:
        middle = start + _half(end - start)
        if index < middle:
            ranges.append(Range(middle, end))
            end = middle
        else:
            ranges.append(Range(start, middle))
            start = middle
    return ranges[::-1]


def consistency(first: int, second: int) -> list[Range]:
    """Return the ranges whose hashes prove that a tree begins with a smaller one (RFC 9162, 2.1.4.1)."""
    ranges, start, end = [], 0, second
    while first != end:
        middle = start + _half(end - start)
        if first <= middle:
            ranges.append(Range(middle, end))
            end = middle
        else:
            ranges.append(Range(start, middle))
            start = middle
    if start:
        ranges.append(Range(start, end))
    return ranges[::-1]


def _half(size: int) -> int:
    """Return the largest power of two below a size of at least two."""
    return 1 << (size - 1).bit_length() - 1


_NODES = select(LogNode.place, LogNode.hash).where(LogNode.place.in_(bindparam("places", expanding=True)))
_LEAVES = select(LogEntry.position, LogEntry.hash).where(
    LogEntry.position.in_(bindparam("positions", expanding=True))
)


def hashes(ranges: Sequence[Range]) -> list[bytes]:
    """Return the hash of each range from what is stored."""
    peaks = [each.peaks() for each in ranges]
    known = _stored([node for nodes in peaks for node in nodes])
    return [combine([known[node.place] for node in nodes]) for nodes in peaks]


def root(size: int) -> bytes:
    """Return the root of the tree over the first entries."""
    return hashes([Range(0, size)])[0]


def _stored(nodes: Iterable[Node]) -> dict[int, bytes]:
    above = [node.place for node in nodes if node.level]
    leaves = [node.index + 1 for node in nodes if not node.level]
    connection = session().connection()
    known = {place: bytes(hash_) for place, hash_ in connection.execute(_NODES, {"places": above})} if above else {}
    for position, hash_ in connection.execute(_LEAVES, {"positions": leaves}) if leaves else ():
        known[2 * (position - 1)] = bytes.fromhex(hash_)
    return known


def grown(index: int, leaf: bytes, before: bytes) -> list[dict[str, object]]:
    """Return the rows of the subtrees that become complete with a leaf; `before` is the leaf to its left."""
    if not index & 1:
        return []
    lefts, level = [], 1
    while index >> level & 1:
        lefts.append(Node(level, (index >> level) - 1))
        level += 1
    known = _stored(lefts)
    found = node_hash(before, leaf)
    rows: list[dict[str, object]] = [{"place": Node(1, index >> 1).place, "hash": found}]
    for left in lefts:
        found = node_hash(known[left.place], found)
        rows.append({"place": Node(left.level + 1, left.index >> 1).place, "hash": found})
    return rows


def grown_by(size: int, leaves: Sequence[bytes]) -> list[dict[str, object]]:
    """Return the rows of the subtrees that become complete with several leaves behind the first `size`."""
    known = _stored(peaks := Range(0, size).peaks())
    hashes_of_peaks = [known[node.place] for node in peaks]
    rows: list[dict[str, object]] = []
    for number, leaf in enumerate(leaves, size):
        found, level, index = leaf, 0, number
        while index & 1:
            found = node_hash(hashes_of_peaks.pop(), found)
            level, index = level + 1, index >> 1
            rows.append({"place": Node(level, index).place, "hash": found})
        hashes_of_peaks.append(found)
    return rows
