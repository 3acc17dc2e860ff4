"""One segment of the index, decoded for searching.

Whoosh walks postings document by document through nested objects. We want the total and the counts of every
facet, so every match is needed anyway: whole posting lists are read at once and kept, and sets of documents are
integers with one byte per document (0 or 1), so that `&`, `|` and `bit_count` work on all documents in one go.

A segment never changes once it is written, except for which of its documents are deleted. So what is kept here
stays right for as long as the segment lives, and does not depend on who is searching.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress, islice
from typing import Any, TypeVar

from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.matching.wrappers import FilterMatcher
from whoosh.reading import TermNotFound

from proeftuin.search.query import Row
from proeftuin.search.schema import Facts
from proeftuin.search.writing import unusable_on_failure

# BM25F. The usual lengths are fixed, not averages of what is in the index: a score may not tell anything about
# documents that the reader cannot see.
K1 = 1.2
WEIGHTS = {"title": 3.0, "body": 1.0}
USUAL_LENGTH = {"title": 6.0, "body": 300.0}
LENGTH_MATTERS = {"title": 0.5, "body": 0.75}

FACETS = ("kind", "theme", "department", "phase", "year")
# Terms with one beginning that are looked at, before the best of them are taken.
MOST_SCANNED = 5000

Mask = int
Value = TypeVar("Value", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents of one term: their numbers in order, how strongly it is in each (0 to 1), who has it as title."""

    numbers: array[int]
    strengths: array[float]
    titles: frozenset[int]
    mask: Mask

    @property
    def weight(self) -> int:
        """Return roughly how many bytes this takes in memory."""
        return 200 + 8 * len(self.numbers) + self.mask.bit_length() // 8 + 32 * len(self.titles)


NONE = Postings(array("I"), array("f"), frozenset(), 0)


class PostingsCache:
    """What was read of the segments, the least used thrown away first; for one thread at a time."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._kept: OrderedDict[Hashable, Postings] = OrderedDict()

    def get(self, key: Hashable) -> Postings | None:
        """Return what is kept under a key, and mark it as used."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: Hashable, postings: Postings) -> Postings:
        """Keep something, and throw away what was not used for long."""
        self._kept[key] = postings
        self.bytes += postings.weight
        while self.bytes > self.most_bytes and len(self._kept) > 1:
            _, old = self._kept.popitem(last=False)
            self.bytes -= old.weight
        return postings

    def keep_only(self, names: Iterable[str]) -> None:
        """Forget the segments that are gone."""
        names = set(names)
        for key in [key for key in self._kept if key[0] not in names]:  # type: ignore[index]  # keys are tuples
            self.bytes -= self._kept.pop(key).weight


class Tables:
    """The columns of one segment, as lists by document number."""

    def __init__(self, reader: Any) -> None:
        self.count: int = reader.doc_count_all()
        column = reader.column_reader("facts", translate=False)
        facts = [Facts.read(column[number]) for number in range(self.count)]
        self.keys = [fact.key for fact in facts]
        self.changed = array("d", [fact.changed for fact in facts])
        self.pilots = [fact.pilot for fact in facts]
        self.spaces = self._masks([(fact.space,) for fact in facts])
        self.facets: dict[str, dict[str, Mask]] = {
            "kind": self._masks([(fact.kind,) for fact in facts]),
            "theme": self._masks([fact.themes for fact in facts]),
            "department": self._masks([(fact.department,) for fact in facts]),
            "phase": self._masks([(fact.phase,) for fact in facts]),
            "year": self._masks([(str(fact.year or ""),) for fact in facts]),
        }
        self.norms = {name: self._norm(reader, name) for name in WEIGHTS}

    def mask(self, numbers: Iterable[int]) -> Mask:
        """Return a set of documents as one integer."""
        cells = bytearray(self.count)
        for number in numbers:
            cells[number] = 1
        return int.from_bytes(cells, "little")

    def cells(self, mask: Mask) -> bytes:
        """Return a set of documents as a byte for each document."""
        return mask.to_bytes(self.count, "little")

    def _masks(self, values: Sequence[Sequence[Value]]) -> dict[Value, Mask]:
        cells: dict[Value, bytearray] = {}
        for number, row in enumerate(values):
            for value in row:
                if value not in cells:
                    cells[value] = bytearray(self.count)
                cells[value][number] = 1
        return {value: int.from_bytes(row, "little") for value, row in cells.items()}

    def _norm(self, reader: Any, name: str) -> array[float]:
        usual, part = USUAL_LENGTH[name], LENGTH_MATTERS[name]
        lengths = (reader.doc_field_length(number, name) or 0 for number in range(self.count))
        return array("d", [WEIGHTS[name] / (1 - part + part * length / usual) for length in lengths])


class Segment:
    """A segment as one generation of the index sees it: what is kept of it, and which documents are deleted."""

    def __init__(self, reader: Any, tables: Tables, cache: PostingsCache) -> None:
        self.name: str = reader.segment().segment_id()
        self.tables = tables
        self._reader = reader
        self._cache = cache
        self._format = reader.schema["body"].format
        everything = int.from_bytes(b"\1" * tables.count, "little")
        self.live: Mask = everything & ~tables.mask(reader.segment().deleted_docs())

    def visible(self, space: int) -> Mask:
        """Return the documents of one space that are not deleted."""
        return self.tables.spaces.get(space, 0) & self.live

    def of_pilot(self, slug: str) -> Mask:
        """Return the documents of one pilot."""
        return self.tables.mask(number for number, pilot in enumerate(self.tables.pilots) if pilot == slug)

    def term(self, term: str) -> Postings:
        """Return the documents with a term."""
        return self._kept(("term", term), lambda: self._read_term(term))

    def row(self, row: Row) -> Postings:
        """Return the documents in which these terms stand next to each other in one field."""
        if len(row) == 1:
            return self.term(row[0])
        return self._kept(("row", row), lambda: self._read_row(row))

    def any_row(self, rows: Sequence[Row], others: Sequence[Row], weight: float) -> Postings:
        """Return the documents with one of these rows, or, for less, with one of the others."""
        if len(rows) == 1 and not others:
            return self.row(rows[0])
        return self._kept(
            ("any", rows, others),
            lambda: self._join([(self.row(row), 1.0) for row in rows] + [(self.row(row), weight) for row in others]),
        )

    def any_term(self, prefix: str, terms: tuple[str, ...], space: int) -> Postings:
        """Return the documents of one space with one of these terms, all with one beginning."""
        return self._kept(
            ("prefix", prefix, space, terms),
            lambda: self._join([(self.term(term), 1.0) for term in terms], self.tables.spaces.get(space, 0)),
        )

    def beginning_with(self, prefix: str) -> set[str]:
        """Return the terms with this beginning, at most `MOST_SCANNED` of each field."""
        with unusable_on_failure():
            terms = [islice(self._reader.expand_prefix(name, prefix), MOST_SCANNED) for name in WEIGHTS]
            return {term.decode() for term in chain.from_iterable(terms)}

    def join(self, parts: Sequence[Postings]) -> Postings:
        """Return the documents of several postings together."""
        filled = [part for part in parts if part.mask]
        return filled[0] if len(filled) == 1 else self._join([(part, 1.0) for part in filled])

    def _kept(self, key: tuple[Any, ...], read: Callable[[], Postings]) -> Postings:
        key = (self.name, *key)
        found = self._cache.get(key)
        if found is None:
            with unusable_on_failure():
                found = self._cache.put(key, read())
        return found

    def _join(self, parts: Sequence[tuple[Postings, float]], within: Mask | None = None) -> Postings:
        best: dict[int, float] = {}
        titles: set[int] = set()
        for part, weight in parts:
            titles |= part.titles
            for number, strength in zip(part.numbers, part.strengths, strict=True):
                if strength * weight > best.get(number, 0.0):
                    best[number] = strength * weight
        if within is not None:
            cells = self.tables.cells(within)
            best = {number: strength for number, strength in best.items() if cells[number]}
        return self._postings(best, titles)

    def _postings(self, strengths: dict[int, float], titles: Iterable[int]) -> Postings:
        if not strengths:
            return NONE
        numbers = array("I", sorted(strengths))
        mask = self.tables.mask(numbers)
        return Postings(numbers, array("f", map(strengths.__getitem__, numbers)), frozenset(titles), mask)

    def _read_term(self, term: str) -> Postings:
        counts: dict[int, float] = {}
        titles: list[int] = []
        for name, norm in self.tables.norms.items():
            for numbers, weights, _ in self._blocks(name, term):
                if name == "title":
                    titles.extend(numbers)
                for number, weight in zip(numbers, weights, strict=True):
                    counts[number] = counts.get(number, 0.0) + weight * norm[number]
        return self._postings({number: count / (count + K1) for number, count in counts.items()}, titles)

    def _read_row(self, row: Row) -> Postings:
        candidates = self.live
        for term in row:
            candidates &= self.term(term).mask
        # Deleted documents may be left out or not; they are taken out of every result.
        counts: dict[int, float] = {}
        titles: list[int] = []
        if candidates:
            cells = self.tables.cells(candidates)
            for name, norm in self.tables.norms.items():
                for number, count in self._count_rows(name, row, cells).items():
                    counts[number] = counts.get(number, 0.0) + count * norm[number]
                    if name == "title":
                        titles.append(number)
        return self._postings({number: count / (count + K1) for number, count in counts.items()}, titles)

    def _count_rows(self, name: str, row: Row, cells: bytes) -> dict[int, int]:
        """Return how often the terms stand in a row in one field, for the documents where they do."""
        places: dict[int, set[int]] = {}
        for offset, term in enumerate(row):
            here: dict[int, set[int]] = {}
            for number, value in self._values(name, term, cells):
                if not offset or number in places:
                    starts = {place - offset for place in self._format.decode_positions(value)}
                    if both := (places[number] & starts if offset else starts):
                        here[number] = both
            places = here
        return {number: len(starts) for number, starts in places.items()}

    def _values(self, name: str, term: str, cells: bytes) -> Iterator[tuple[int, bytes]]:
        for numbers, _, read_values in self._blocks(name, term):
            wanted = bytes(map(cells.__getitem__, numbers))
            if any(wanted):
                yield from zip(compress(numbers, wanted), compress(read_values(), wanted), strict=True)

    def _blocks(self, name: str, term: str) -> Iterator[tuple[Sequence[int], Sequence[float], Callable[[], Any]]]:
        """Give the postings of a term in one field, a block at a time, deleted documents included.

        Reads the blocks of Whoosh 2.7.4's own matcher whole, five times as fast as asking it for one
        document after another; the version is pinned for that reason.
        """
        try:
            matcher = self._reader.postings(name, term)
        except TermNotFound:
            return
        if isinstance(matcher, FilterMatcher):
            matcher = matcher.child
        if not isinstance(matcher, W3LeafMatcher):
            while matcher.is_active():
                yield [matcher.id()], [matcher.weight()], lambda: [matcher.value()]
                matcher.next()
            return
        while matcher.is_active():
            matcher._read_ids()
            matcher._read_weights()

            def read_values() -> Any:
                matcher._read_values()
                return matcher._values

            yield matcher._ids, matcher._weights, read_values
            matcher._next_block()
