"""Show where in a text the words of a search stand.

A snippet is the passage with most of the words, as pieces of plain text with a flag for "mark this"; the
template escapes and marks. Words are compared by the same analysis as in the index, so accents and inflection
are seen through, and places are those of the text itself, also where lower case is longer (İ).

Analysing every word of twenty pages would cost more than the search. So the first letters of each wanted stem
are looked for with `str.find`, and only the words that begin with these are analysed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from proeftuin.search import dutch
from proeftuin.search.dutch import WORD
from proeftuin.search.query import Query
from proeftuin.search.stem import first_letters

Piece = tuple[str, bool]

LONGEST_SCAN = 50_000
# The text is read in steps, until a step in which everything that is wanted was found.
STEP = 700
WORD_BACK = 40
MOST_IN_PASSAGE = 20

# Accented letters that are one letter without the accent, and hyphens of other lengths.
_PLAIN = {
    letter: plain
    for letter in map(chr, range(0xDF, 0x250))
    if letter.islower() and len(plain := dutch.fold(letter)) == 1
}


@dataclass(frozen=True)
class Wanted:
    """The stems and beginnings of words to mark, and how many of them together say it all."""

    stems: frozenset[str]
    prefixes: tuple[str, ...] = ()
    enough: int = 1

    @classmethod
    def of(cls, query: Query) -> Wanted:
        """Return what a query marks: its words, the words of its phrases, their synonyms and beginnings."""
        rows = [row for clause in query.required for row in (*clause.rows, *clause.others)]
        prefixes = tuple(clause.prefix for clause in query.required if clause.prefix)
        enough = sum(min(map(len, clause.rows), default=1) for clause in query.required)
        return cls(frozenset(term for row in rows for term in row), prefixes, enough)

    @cached_property
    def beginnings(self) -> tuple[str, ...]:
        """Return with which letters the words in a text may begin."""
        found = {letters for stem in self.stems for letters in first_letters(stem)}
        return tuple(sorted(found | {prefix[:6] for prefix in self.prefixes}))

    def matches(self, raw: str) -> str:
        """Return the stem or beginning that a word of the text answers to, or ""."""
        for term, _ in dutch.analyse(raw).terms:
            if term in self.stems:
                return term
            for prefix in self.prefixes:
                if term.startswith(prefix):
                    return prefix
        return ""


def snippet(text: str, wanted: Wanted, length: int = 220) -> list[Piece]:
    """Return the passage of about `length` characters with most of the wanted words, as (text, marked) pieces."""
    text = dutch.normalise(text)
    marks = _marks(text, wanted, length)
    start, end = _passage(text, _best(marks, length)[1], length)
    pieces = list(_pieces(text, marks, start, end))
    if start:
        pieces.insert(0, ("… ", False))
    if end < len(text):
        pieces.append((" …", False))
    return pieces


def mark(text: str, wanted: Wanted) -> list[Piece]:
    """Return a whole text, such as a title, as (text, marked) pieces."""
    text = dutch.normalise(text)
    return list(_pieces(text, _marks(text, wanted, len(text)), 0, len(text)))


Mark = tuple[int, int, str]


def _marks(text: str, wanted: Wanted, length: int) -> list[Mark]:
    """Return where the wanted words stand, until a passage of this length has enough of them."""
    found: dict[int, Mark] = {}
    last = min(len(text), LONGEST_SCAN)
    for start in range(0, last, STEP):
        known = len(found)
        _mark_step(text, start, min(start + STEP, last), wanted, found)
        if len(found) > known and _best(sorted(found.values()), length)[0] >= wanted.enough:
            # The passage may run on into the next step.
            _mark_step(text, start + STEP, min(start + STEP + length, last), wanted, found)
            break
    return sorted(found.values())


def _mark_step(text: str, start: int, end: int, wanted: Wanted, found: dict[int, Mark]) -> None:
    # Some letters of the neighbours, to see where a word begins and how a beginning goes on.
    offset = max(0, start - WORD_BACK)
    low = _simple(text[offset : end + WORD_BACK])
    for beginning in wanted.beginnings:
        place = low.find(beginning, start - offset)
        while 0 <= place < end - offset:
            begin = offset + place
            if not (place and low[place - 1].isalnum()):
                begin = _word_start(text, begin)
                match = WORD.match(text, begin)
                if match and begin not in found and (term := wanted.matches(match.group())):
                    found[begin] = (begin, match.end(), term)
            place = low.find(beginning, place + 1)


def _simple(text: str) -> str:
    """Return the text in lower case without accents, every letter still in its own place."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(plain if len(plain := dutch.fold(letter)) == 1 else letter for letter in text)
    if not low.isascii():
        for letter in _PLAIN.keys() & set(low):
            low = low.replace(letter, _PLAIN[letter])
    return low


def _word_start(text: str, place: int) -> int:
    """Go back over hyphens: in woon-werkverkeer the whole word is marked."""
    first = max(0, place - WORD_BACK)
    while place > first and text[place - 1] in "-‐‑" and text[place - 2 : place - 1].isalnum():
        place -= 1
        while place > first and text[place - 1].isalnum():
            place -= 1
    return place


def _best(marks: list[Mark], length: int) -> tuple[int, int]:
    """Return how many different words the best passage has, and where the first of them stands."""
    best, at = (0, 0), 0
    everything = len({term for *_, term in marks})
    for number, (start, _, _) in enumerate(marks):
        near = [term for _, end, term in marks[number : number + MOST_IN_PASSAGE] if end - start <= length * 0.8]
        if (len(set(near)), len(near)) > best:
            best, at = (len(set(near)), len(near)), start
        if best[0] == everything > 1:
            break
    return best[0], at


def _passage(text: str, at: int, length: int) -> tuple[int, int]:
    """Return where the passage around a place begins and ends, at the border of words."""
    if len(text) <= length:
        return 0, len(text)
    start = max(0, min(at - length // 5, len(text) - length))
    if start:
        border = text.find(" ", start, at)
        start = border + 1 if border >= 0 else start
    end = min(len(text), start + length)
    if end < len(text):
        border = text.rfind(" ", start + length // 2, end)
        end = border if border >= 0 else end
    return start, end


def _pieces(text: str, marks: list[Mark], start: int, end: int) -> Iterator[Piece]:
    at = start
    for first, last, _ in marks:
        if first >= at and last <= end:
            if first > at:
                yield text[at:first], False
            yield text[first:last], True
            at = last
    if at < end:
        yield text[at:end], False
