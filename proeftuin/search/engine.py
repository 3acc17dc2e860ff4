"""Search the index: what matches, in which order, and how much of it there is of every kind.

What must stay true:

- Who may not read a document cannot notice that it exists: the space of a document is part of the search itself,
  so totals, counts of facets, the order of hits and the words that `word*` stands for come from visible
  documents alone. Scores use counts of what everyone may read.
- A search is bounded, whatever was typed: `query.MOST_TERMS` terms, `MOST_EXPANSIONS` words for a beginning.
- One search at a time per engine: the readers of Whoosh must not be shared by threads, and a search takes about a
  millisecond of pure computation.
- A commit by any process is seen by the next search.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Sequence
from heapq import nlargest
from itertools import chain, compress
from operator import add
from threading import RLock
from typing import Any, NamedTuple

from proeftuin.search import synonyms
from proeftuin.search.index import Index, IndexUnusable
from proeftuin.search.query import Clause, Query, parse
from proeftuin.search.results import NO_FILTERS, Filters, Hit, How, Order, Results, Where, Why
from proeftuin.search.segment import FACETS, K1, Mask, Postings, PostingsCache, Segment, Tables
from proeftuin.search.writing import unusable_on_failure

__all__ = ["Engine", "Filters", "Hit", "IndexUnusable", "Results", "Why"]

EVERYONE = 0
MOST_EXPANSIONS = 200
CACHE_BYTES = 32_000_000
MOST_REMEMBERED = 5000


class Engine:
    """Searches one index; safe to share between threads."""

    def __init__(self, index: Index, cache_bytes: int = CACHE_BYTES) -> None:
        self.index = index
        self._lock = RLock()
        self._cache = PostingsCache(cache_bytes)
        self._generation: _Generation | None = None

    def search(
        self,
        query: str | Query,
        *,
        filters: Filters = NO_FILTERS,
        spaces: frozenset[int] = frozenset(),
        page: int = 1,
        per_page: int = 20,
        order: Order = "best",
    ) -> Results:
        """Return a page of what matches the query and may be read by everyone or in one of `spaces`.

        A blank query matches everything, newest first. Raises IndexUnusable when there is no index to read.
        """
        asked = parse(query) if isinstance(query, str) else query
        with self._lock:
            try:
                search = _Search(self._current(), asked, filters, spaces)
                return search.results(max(page, 1), max(per_page, 1), order)
            except IndexUnusable:
                self.close()
                raise

    def close(self) -> None:
        """Let go of the files of the index; the next search opens them again."""
        with self._lock:
            if self._generation is not None:
                self._generation.close()
                self._generation = None

    def _current(self) -> _Generation:
        """Return the newest commit of the index, opened anew when there was one since the last search."""
        mark = self.index.mark()
        known = self._generation
        if known is not None and known.is_latest(mark):
            return known
        with unusable_on_failure():
            fresh = _Generation(self.index, mark, self._cache, known.tables if known else {})
        self._generation = fresh
        if known is not None:
            known.close()
        self._cache.keep_only(fresh.tables)
        return fresh


class _Generation:
    """The index as of one commit."""

    def __init__(self, index: Index, mark: tuple[int, int], cache: PostingsCache, known: dict[str, Tables]) -> None:
        self._mark = mark
        # After a fork the two processes would move each other's place in the files.
        self._process = os.getpid()
        self._opened = index.current()
        # Always a fresh reader: what Whoosh reuses on a refresh may still show what was deleted.
        self._reader = self._opened.reader()
        self._number = self._reader.generation()
        self.tables: dict[str, Tables] = {}
        self.segments: list[Segment] = []
        for reader, _ in self._reader.leaf_readers():
            if not reader.doc_count_all():
                continue
            name = reader.segment().segment_id()
            self.tables[name] = known.get(name) or Tables(reader)
            self.segments.append(Segment(reader, self.tables[name], cache))
        self.public = sum(segment.visible(EVERYONE).bit_count() for segment in self.segments)
        self._rarity: dict[object, float] = {}
        self._expansions: dict[tuple[str, int], tuple[str, ...]] = {}

    def is_latest(self, mark: tuple[int, int]) -> bool:
        """Say whether nothing was committed since, and the files were opened by this very process."""
        is_ours = self._mark == mark and self._process == os.getpid()
        return is_ours and bool(self._opened.latest_generation() == self._number)

    def close(self) -> None:
        """Let go of the files."""
        self._reader.close()

    def rarity(self, clause: Clause, found: Sequence[Postings]) -> float:
        """Return how much a clause says: the rarer among what everyone may read, the more."""
        known = self._rarity.get(clause.meaning)
        if known is None:
            pairs = zip(self.segments, found, strict=True)
            count = sum((segment.visible(EVERYONE) & postings.mask).bit_count() for segment, postings in pairs)
            known = (K1 + 1) * math.log(1 + (self.public - count + 0.5) / (count + 0.5))
            _remember(self._rarity, clause.meaning, known)
        return known

    def expand(self, prefix: str, space: int) -> tuple[str, ...]:
        """Return the shortest terms with this beginning that occur in the documents of one space."""
        known = self._expansions.get((prefix, space))
        if known is None:
            candidates = set().union(*(segment.beginning_with(prefix) for segment in self.segments))
            terms = []
            for term in sorted(candidates, key=lambda term: (len(term), term)):
                if any(segment.term(term).mask & segment.visible(space) for segment in self.segments):
                    terms.append(term)
                    if len(terms) == MOST_EXPANSIONS:
                        break
            known = tuple(terms)
            _remember(self._expansions, (prefix, space), known)
        return known


def _remember(memory: dict[Any, Any], key: object, value: object) -> None:
    if len(memory) >= MOST_REMEMBERED:
        memory.clear()
    memory[key] = value


class _Found(NamedTuple):
    """What matches in one segment: under all filters, and per facet under all filters but its own."""

    segment: Segment
    place: int
    mask: Mask
    per_facet: dict[str, Mask]


class _Search:
    """One search in one generation of the index."""

    def __init__(self, generation: _Generation, query: Query, filters: Filters, spaces: frozenset[int]) -> None:
        self.generation = generation
        self.query = query
        self.filters = filters
        self.spaces = tuple(sorted({EVERYONE, *spaces}))
        # For each clause the postings in each segment.
        self.required = [self._postings(clause) for clause in query.required]
        self.excluded = [self._postings(clause) for clause in query.excluded]

    def results(self, page: int, per_page: int, order: Order) -> Results:
        """Return one page of what matches."""
        found = [self._matches(place) for place in range(len(self.generation.segments))]
        by_time = order == "newest" or not self.query.required
        hits = self._page(
            [part for part in found if part.mask], page, per_page, self._changed if by_time else self._scores
        )
        total = sum(part.mask.bit_count() for part in found)
        return Results(self.query, total, hits, self._facets(found), page, per_page)

    def _postings(self, clause: Clause) -> list[Postings]:
        segments = self.generation.segments
        found = [segment.any_row(clause.rows, clause.others, synonyms.WEIGHT) for segment in segments]
        if not clause.prefix:
            return found
        expanded = [(space, self.generation.expand(clause.prefix, space)) for space in self.spaces]
        return [
            segment.join([own, *(segment.any_term(clause.prefix, terms, space) for space, terms in expanded)])
            for segment, own in zip(segments, found, strict=True)
        ]

    def _matches(self, place: int) -> _Found:
        segment = self.generation.segments[place]
        mask = 0
        for space in self.spaces:
            mask |= segment.visible(space)
        for postings in self.required:
            mask &= postings[place].mask
        for postings in self.excluded:
            mask &= ~postings[place].mask
        # Only small words were typed: there is nothing to look for.
        if self.query.ignored and not (self.query.required or self.query.excluded):
            mask = 0
        if mask and self.filters.pilot:
            mask &= segment.of_pilot(self.filters.pilot)
        return self._filtered(_Found(segment, place, mask, {}))

    def _filtered(self, found: _Found) -> _Found:
        """Apply the filters, once altogether and once per facet without its own."""
        chosen: dict[str, Mask] = {}
        for name in FACETS:
            if values := getattr(self.filters, name):
                masks = found.segment.tables.facets[name]
                chosen[name] = 0
                for value in values:
                    chosen[name] |= masks.get(value, 0)
        mask = found.mask
        for allowed in chosen.values():
            mask &= allowed
        per_facet = dict.fromkeys(FACETS, mask)
        for name in chosen:
            per_facet[name] = found.mask
            for other, allowed in chosen.items():
                if other != name:
                    per_facet[name] &= allowed
        return _Found(found.segment, found.place, mask, per_facet)

    def _facets(self, found: Iterable[_Found]) -> dict[str, list[tuple[str, int]]]:
        counts: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        for part in found:
            for name, mask in part.per_facet.items():
                if mask:
                    count = counts[name]
                    for value, documents in part.segment.tables.facets[name].items():
                        if value and (number := (mask & documents).bit_count()):
                            count[value] = count.get(value, 0) + number
        return {
            name: sorted(count.items(), key=lambda pair: (-int(pair[0]),) if name == "year" else (-pair[1], pair[0]))
            for name, count in counts.items()
        }

    def _changed(self, part: _Found, cells: bytes) -> list[float]:
        return list(compress(part.segment.tables.changed, cells))

    def _scores(self, part: _Found, cells: bytes) -> list[float]:
        """Return the score of every match, in the order of their numbers."""
        scores: list[float] = []
        at = cells.__getitem__
        # Always in the order of the query, so that rounding does not depend on what else is in the index.
        for clause, found in zip(self.query.required, self.required, strict=True):
            postings = found[part.place]
            rarity = self.generation.rarity(clause, found)
            strengths = compress(postings.strengths, map(at, postings.numbers))
            mine = [rarity * strength for strength in strengths]
            scores = list(map(add, scores, mine)) if scores else mine
        return scores

    def _page(
        self, found: list[_Found], page: int, per_page: int, judge: Callable[[_Found, bytes], list[float]]
    ) -> list[Hit]:
        """Return the best of all segments; equal ones the newest first, then by key."""
        judged = []
        for part in found:
            cells = part.segment.tables.cells(part.mask)
            judged.append((part, cells, judge(part, cells)))
        best = nlargest(page * per_page, chain.from_iterable(scores for _, _, scores in judged))
        if len(best) <= (page - 1) * per_page:
            return []
        lowest = best[-1]
        ranked = []
        for part, cells, scores in judged:
            tables = part.segment.tables
            for number, score in zip(compress(range(tables.count), cells), scores, strict=True):
                if score >= lowest:
                    ranked.append((-score, -tables.changed[number], tables.keys[number], part, number))
        ranked.sort(key=lambda entry: entry[:3])
        chosen = ranked[(page - 1) * per_page : page * per_page]
        return [self._hit(-score, part, number) for score, _, _, part, number in chosen]

    def _hit(self, score: float, part: _Found, number: int) -> Hit:
        why = [
            self._why(clause, part, found[part.place], number)
            for clause, found in zip(self.query.required, self.required, strict=True)
        ]
        terms = frozenset(term for reason in why for term in reason.terms)
        return Hit(part.segment.tables.keys[number], score, terms, tuple(why))

    def _why(self, clause: Clause, part: _Found, postings: Postings, number: int) -> Why:
        for row in (*clause.rows, *clause.others):
            found = part.segment.row(row)
            if _has(found, number):
                how: How = "prefix" if clause.prefix else "synonym" if row in clause.others else "word"
                return Why(clause.text, "phrase" if clause.is_phrase else how, _where(found, number), row)
        return Why(clause.text, "prefix", _where(postings, number), ())


def _where(postings: Postings, number: int) -> Where:
    return "title" if number in postings.titles else "body"


def _has(postings: Postings, number: int) -> bool:
    return bool(postings.mask >> (8 * number) & 1)
