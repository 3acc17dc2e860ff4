"""What a search is asked besides its words, and what it answers.

Plain values: no index, no text. The text of a hit and its title come from the database, which also has the last
word on whether the reader may see it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from proeftuin.search.query import Query

Order = Literal["best", "newest"]
How = Literal["word", "phrase", "prefix", "synonym"]
Where = Literal["title", "body"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the hits must be, by key; within one facet any of the values will do. `pilot` is one slug, or ""."""

    kind: frozenset[str] = frozenset()
    theme: frozenset[str] = frozenset()
    department: frozenset[str] = frozenset()
    phase: frozenset[str] = frozenset()
    year: frozenset[str] = frozenset()
    pilot: str = ""


NO_FILTERS = Filters()


class Why(NamedTuple):
    """Why a document matched: what was typed, the words or synonym that it was found by, and where."""

    typed: str
    how: How
    where: Where
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One document that matches. `matched_terms` are the stems to mark in its text."""

    key: str
    score: float
    matched_terms: frozenset[str]
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits, with the total and, per facet, the number of hits for each value.

    The counts of a facet leave its own filter out, so that a reader sees what another choice would give.
    """

    query: Query
    total: int
    hits: list[Hit]
    facets: dict[str, list[tuple[str, int]]]
    page: int
    per_page: int
    suggestions: tuple[str, ...] = field(default=())
