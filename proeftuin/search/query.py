"""Read what someone typed in the search box.

The language is small on purpose: words (all must be there), "phrases", word* for the beginning of a word and
-word for what must not be there. Everything else is text: OR, AND, NOT, brackets, colons.

What must stay true: any text is a query, reading it never fails, and what it asks for is bounded (`MOST_TERMS`
terms, `LONGEST_TEXT` characters; the engine expands a beginning to at most 200 words).
"""

import re
from dataclasses import dataclass
from functools import cache

from proeftuin.search import dutch, synonyms
from proeftuin.search.stem import stem

LONGEST_TEXT = 500
MOST_TERMS = 12
SHORTEST_PREFIX = 3

Row = tuple[str, ...]

_QUOTES = str.maketrans("“”„‟«»", '""""""')
# -"phrase", "phrase", -word or word; a minus counts only at the beginning of a word.
_PIECE = re.compile(r'(?P<no>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<chunk>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that must be found, or must not be.

    `rows` are the ways in which it may stand in a text, each a row of neighbouring terms; `others` are the
    same for its synonyms; `prefix` is the beginning of a word, or "". `text` is what was typed.
    """

    text: str
    rows: tuple[Row, ...] = ()
    others: tuple[Row, ...] = ()
    prefix: str = ""
    is_phrase: bool = False

    @property
    def size(self) -> int:
        """Return how many terms it takes."""
        return max((len(row) for row in self.rows), default=1)

    @property
    def meaning(self) -> tuple[object, ...]:
        """Return what is looked for, whatever the way in which it was typed."""
        return (self.rows, self.others, self.prefix)


@dataclass(frozen=True, slots=True)
class Query:
    """What must be there, what must not, which words were left out, and whether the text was too long."""

    text: str
    required: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    ignored: tuple[str, ...] = ()
    shortened: bool = False

    @property
    def is_blank(self) -> bool:
        """Say whether nothing was asked: no word at all, not even a small one."""
        return not (self.required or self.excluded or self.ignored)


def parse(text: str) -> Query:
    """Read a query; never fails."""
    shortened = len(text) > LONGEST_TEXT
    cleaned = dutch.normalise(text[:LONGEST_TEXT]).translate(_QUOTES)
    required: dict[object, Clause] = {}
    excluded: dict[object, Clause] = {}
    ignored: dict[str, None] = {}
    room = MOST_TERMS
    for piece in _PIECE.finditer(cleaned):
        if piece["phrase"] is not None:
            found = _phrase(piece["phrase"], ignored)
        elif piece["no"]:
            found = _excluded(piece["chunk"], ignored)
        else:
            found = _words(piece["chunk"], ignored)
        target = excluded if piece["no"] else required
        for clause in found:
            if clause.meaning in target:
                continue
            if clause.size > room:
                shortened = True
                continue
            room -= clause.size
            target[clause.meaning] = clause
    return Query(text, tuple(required.values()), tuple(excluded.values()), tuple(ignored), shortened)


def _phrase(text: str, ignored: dict[str, None]) -> list[Clause]:
    """Read the words between quotation marks; small words close up, synonyms do not count."""
    row: Row = ()
    for raw in dutch.WORD.findall(text):
        terms = dutch.neighbours(raw)
        row += terms
        if not terms:
            ignored[raw] = None
    if not row:
        return []
    # A phrase longer than the limit asks for its beginning.
    return [Clause(" ".join(text.split()), rows=(row[:MOST_TERMS],), is_phrase=True)]


def _words(chunk: str, ignored: dict[str, None]) -> list[Clause]:
    """Read one piece without spaces, which may still hold several words: en/of, jan@example.org."""
    clauses = []
    raws = dutch.WORD.findall(chunk)
    bare = chunk.rstrip("*")
    for place, raw in enumerate(raws):
        rows = dutch.variants(raw)
        if place == len(raws) - 1 and bare != chunk and bare.endswith(raw):
            prefix = dutch.fold(raw)[: dutch.BEGINNING]
            if len(prefix) >= SHORTEST_PREFIX:
                # Terms are stems: reiz* means reizen too, whose stem is reis.
                root = (stem(prefix + "en"),)
                clauses.append(Clause(raw + "*", rows=rows if root in rows else (*rows, root), prefix=prefix))
                continue
        if rows:
            clauses.append(Clause(raw, rows=rows, others=_synonyms(rows)))
        else:
            ignored[raw] = None
    return clauses


def _excluded(chunk: str, ignored: dict[str, None]) -> list[Clause]:
    """Read what must not be there: a piece of several words is one phrase, and synonyms may stay."""
    found = _words(chunk, ignored)
    if len(found) > 1:
        return _phrase(chunk, ignored)
    return [Clause(clause.text, rows=clause.rows, prefix=clause.prefix) for clause in found]


def _synonyms(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    table = _synonym_table()
    others: dict[Row, None] = {}
    for row in rows:
        for other in table.get(row, ()):
            if other not in rows:
                others[other] = None
    return tuple(others)


@cache
def _synonym_table() -> dict[Row, tuple[Row, ...]]:
    table: dict[Row, tuple[Row, ...]] = {}
    for line in synonyms.GROUPS.strip().splitlines():
        group = [dutch.variants(word)[0] for word in line.split()]
        for row in group:
            table[row] = table.get(row, ()) + tuple(other for other in group if other != row)
    return table
