"""Where a passage of one text stands in another that was made of it. Pure: two texts and spans in, spans out.

First the two are compared, by line and where lines changed by word. A passage that was carried over whole is where
the comparison says. Otherwise the same words are looked for elsewhere (the paragraph was moved), then in place with
some of them changed, then elsewhere with some of them changed. What is left of fewer than half of its words is lost.

What must stay true: an edit outside a passage never loses it; where the same words stand more than once (twins), each
keeps its own place: two of them never end at one, and one that cannot be told from another is lost rather than
guessed; no pair of texts takes long (`Effort`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from proeftuin.wiki.alignment import Effort, matching_blocks
from proeftuin.wiki.passages import Span, Word, alike_around, closest, occurrences, words_of
from proeftuin.wiki.twins import pair

# The part of the words that must be left to be the same passage: in its own place, and elsewhere.
_KEPT, _KEPT_ELSEWHERE = 0.5, 0.6
# With fewer words than this, a passage is only recognised elsewhere by what stands around it.
_TELLING = 3
_AROUND = 8
# Lines of a comparison around a passage.
_MOST_LINES = 40
# Of the same words that lost their place, this many are told apart; beyond that they are lost.
_MOST_TWINS = 40
_TOKEN = re.compile(r"\w+|[^\w\s]")


class Run(NamedTuple):
    """Characters that two texts have in common: where in the one, where in the other, and how many."""

    old: int
    new: int
    length: int


class Hunk(NamedTuple):
    """A stretch of lines of each text that took each other's place."""

    old: Span
    new: Span


def follow(old: str, new: str, spans: Sequence[Span]) -> list[Span | None]:
    """Return for each span of the old text where its words stand in the new one; None for those that are gone."""
    if old == new:
        return list(spans)
    compared = Comparison(old, new)
    return [compared.follow(span) for span in spans]


def may_be_back(quote: str, before: str, now: str) -> bool:
    """Tell whether so much was added from one text to the next that a passage may be among it. Cheap."""
    added = _bag(now) - _bag(before)
    wanted = _bag(quote)
    return (wanted & added).total() >= _KEPT * wanted.total()


def _bag(text: str) -> Counter[str]:
    return Counter(word.word for word in words_of(text))


def place_of(old: str, new: str, span: Span) -> tuple[str, str]:
    """Return the lines of the old text in which a span stands, and what stands there in the new text; with a line
    before and after."""
    a, b = old.split("\n"), new.split("\n")
    first, last = old.count("\n", 0, span.begins), old.count("\n", 0, span.ends)
    low, high = (-1, -1), (len(a), len(b))
    for x, y, length in matching_blocks(a, b, Effort(), by_anchors=True):
        if x < first:
            low = (min(x + length, first) - 1, min(x + length, first) - 1 - x + y)
        if x + length > last + 1 and high == (len(a), len(b)):
            start = max(x, last + 1)
            high = (start, start - x + y)
    after = _MOST_LINES
    was = a[max(low[0], first - after, 0) : min(high[0], last + after) + 1]
    now = b[max(low[1], 0) : high[1] + 1][: 2 * after]
    return "\n".join(was).strip("\n"), "\n".join(now).strip("\n")


class Comparison:
    """Two texts and what they have in common."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self.effort = Effort()
        self.hunks: list[Hunk] = []
        self.runs = list(_joined(sorted(self._compare())))
        self._begins = [run.old for run in self.runs]
        self._twins: dict[str, dict[int, int]] = {}

    def follow(self, span: Span) -> Span | None:
        """Return where the words of a span stand now."""
        whole = self._carried(span)
        if whole is not None:
            return whole
        moved = self._elsewhere(span)
        if moved is not None:
            return moved
        taken = self._of_twins(span)
        worn, share = self._worn(span)
        if worn is not None and share >= _KEPT and not _overlaps(worn, taken):
            return worn
        return self._elsewhere_changed(span, taken)

    def _compare(self) -> Iterator[Run]:
        a, b = self.old.split("\n"), self.new.split("\n")
        starts_a, starts_b = _starts(a), _starts(b)
        i = j = 0
        for x, y, length in [*matching_blocks(a, b, self.effort, by_anchors=True), (len(a), len(b), 0)]:
            hunk = Hunk(
                Span(starts_a[i], max(starts_a[i], starts_a[x] - 1)),
                Span(starts_b[j], max(starts_b[j], starts_b[y] - 1)),
            )
            if i < x or j < y:
                self.hunks.append(hunk)
                yield from self._words(hunk)
            for n in range(length):
                has_break = x + n < len(a) - 1 and y + n < len(b) - 1
                yield Run(starts_a[x + n], starts_b[y + n], len(a[x + n]) + has_break)
            i, j = x + length, y + length

    def _words(self, hunk: Hunk) -> Iterator[Run]:
        """Give the words that changed lines have in common, with the blanks between them where those are the same."""
        a, b = _tokens(self.old, hunk.old), _tokens(self.new, hunk.new)
        for x, y, length in matching_blocks([token.word for token in a], [token.word for token in b], self.effort):
            for n in range(length):
                was, now = a[x + n], b[y + n]
                yield Run(was.begins, now.begins, was.ends - was.begins)
                if n + 1 < length:
                    blank = self.old[was.ends : a[x + n + 1].begins]
                    if blank == self.new[now.ends : b[y + n + 1].begins]:
                        yield Run(was.ends, now.ends, len(blank))

    def _run_at(self, place: int) -> Run | None:
        """Return the run in which a character of the old text stands."""
        n = bisect_right(self._begins, place) - 1
        return self.runs[n] if n >= 0 and place < self.runs[n].old + self.runs[n].length else None

    def _carried(self, span: Span) -> Span | None:
        run = self._run_at(span.begins)
        if run is None or run.old + run.length < span.ends:
            return None
        shift = run.new - run.old
        return Span(span.begins + shift, span.ends + shift)

    def _elsewhere(self, span: Span) -> Span | None:
        """Find the same words in another place, that is not the place of the same words of before."""
        quote = self.old[slice(*span)]
        if quote not in self._twins:
            self._twins[quote] = self._pair_twins(quote, span)
        found = self._twins[quote].get(span.begins)
        return None if found is None else Span(found, found + len(quote))

    def _pair_twins(self, quote: str, span: Span) -> dict[int, int]:
        lost, free = self._displaced(quote, span)
        if not free or max(len(lost), len(free)) > _MOST_TWINS:
            return {}
        alike = {(was, now): self._alike(was, now, len(quote)) for was in lost for now in free}
        return pair(lost, free, alike, least=_AROUND if len(words_of(quote)) < _TELLING else 0)

    def _displaced(self, quote: str, span: Span) -> tuple[list[int], list[int]]:
        """Return where words stood that were not carried over whole, and where they stand that were not either."""
        was = [place for place in occurrences(self.old, quote) if _is_cut(self.old, place, len(quote))]
        now = [place for place in occurrences(self.new, quote) if _is_cut(self.new, place, len(quote))]
        carried = [self._carried(Span(place, place + len(quote))) for place in was]
        taken = {place.begins for place in carried if place is not None}
        lost = [place for place, there in zip(was, carried, strict=True) if there is None]
        return sorted({*lost, span.begins}), [place for place in now if place not in taken]

    def _alike(self, was: int, now: int, length: int) -> int:
        before, after = self.old[max(0, was - 200) : was], self.old[was + length : was + length + 200]
        return alike_around(self.new, now, now + length, before, after)

    def _worn(self, span: Span) -> tuple[Span | None, float]:
        """Return what stands in place of a span of which some words were kept, and how large a part that is."""
        words = words_of(self.old, *span)
        kept = [(n, run.new + word.begins - run.old) for n, word in enumerate(words) if (run := self._run_of(word))]
        kept = _together(kept, self.new, len(words))
        if not kept:
            return None, 0.0
        (first, begins), (last, final) = kept[0], kept[-1]
        ends = final + words[last].ends - words[last].begins
        begins = self._back(span, begins, first)
        ends = self._on(span, ends, len(words) - 1 - last)
        return Span(begins, ends), len(kept) / len(words)

    def _run_of(self, word: Word) -> Run | None:
        run = self._run_at(word.begins)
        return run if run is not None and word.ends <= run.old + run.length else None

    def _back(self, span: Span, begins: int, count: int) -> int:
        """Return where a passage begins of which the first words were replaced: at most as many as there were."""
        if not count:
            return begins
        n = bisect_right(self._begins, span.begins - 1) - 1
        before = self.runs[n] if n >= 0 else Run(0, 0, 0)
        low = max(before.new + min(before.length, span.begins - before.old), self.new.rfind("\n\n", 0, begins) + 2)
        words = words_of(self.new, low, begins)[-count:] if low < begins else []
        return words[0].begins if words else begins

    def _on(self, span: Span, ends: int, count: int) -> int:
        """Return where a passage ends of which the last words were replaced, with the signs that it ended with."""
        n = bisect_right(self._begins, span.ends - 1)
        after = self.runs[n].new if n < len(self.runs) else len(self.new)
        blank = self.new.find("\n\n", ends)
        high = min(after, blank) if blank >= 0 else after
        words = words_of(self.new, ends, high)[:count] if count and high > ends else []
        ends = words[-1].ends if words else ends
        tail = self.old[slice(*span)][-1:]
        if tail and not tail.isalnum() and self.new[ends : ends + 1] == tail:
            ends += 1
        return ends

    @cached_property
    def _new_words(self) -> list[tuple[list[Word], Counter[str]]]:
        """Return the words of the new lines, a hunk at a time."""
        found = [words_of(self.new, *hunk.new) for hunk in self.hunks]
        return [(words, Counter(word.word for word in words)) for words in found]

    def _elsewhere_changed(self, span: Span, taken: Sequence[Span]) -> Span | None:
        """Find most of the words together in lines that are new."""
        wanted = [word.word for word in words_of(self.old, *span)]
        if len(wanted) <= _TELLING:
            return None
        best: tuple[Span, float] | None = None
        for words, bag in self._new_words:
            if (Counter(wanted) & bag).total() < _KEPT_ELSEWHERE * len(wanted):
                continue
            found = closest(words, wanted, self.effort)
            if found is None or _overlaps(found[0], taken):
                continue
            if best is None or found[1] > best[1]:
                best = found
        return best[0] if best is not None and best[1] >= _KEPT_ELSEWHERE else None

    def _of_twins(self, span: Span) -> list[Span]:
        """Return the places that are not for words which found no place whole: where exactly those words stand, and
        where the same words went that stood elsewhere and were changed in their own place."""
        quote = self.old[slice(*span)]
        others, _free = self._displaced(quote, span)
        worn = [self._worn(Span(at, at + len(quote))) for at in others[:_MOST_TWINS] if at != span.begins]
        whole = [Span(at, at + len(quote)) for at in occurrences(self.new, quote)]
        return [*whole, *(place for place, share in worn if place is not None and share >= _KEPT)]


def _starts(lines: Sequence[str]) -> list[int]:
    """Return where each line begins, and where one after the last would."""
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _tokens(text: str, span: Span) -> list[Word]:
    return [Word(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text, *span)]


def _joined(runs: Sequence[Run]) -> Iterator[Run]:
    """Join runs that touch on both sides."""
    last: Run | None = None
    for run in runs:
        if last is not None and (last.old + last.length, last.new + last.length) == (run.old, run.new):
            last = Run(last.old, last.new, last.length + run.length)
            continue
        if last is not None and last.length:
            yield last
        last = run
    if last is not None and last.length:
        yield last


def _overlaps(span: Span, others: Sequence[Span]) -> bool:
    return any(span.begins < other.ends and other.begins < span.ends for other in others)


def _is_cut(text: str, place: int, length: int) -> bool:
    """Tell whether a stretch begins and ends between words."""
    before, after = text[place - 1 : place] if place else "", text[place + length : place + length + 1]
    begins, ends = text[place], text[place + length - 1]
    return not (begins.isalnum() and before.isalnum()) and not (ends.isalnum() and after.isalnum())


def _together(kept: list[tuple[int, int]], new: str, count: int) -> list[tuple[int, int]]:
    """Return the largest group of kept words between which not too much came."""
    groups: list[list[tuple[int, int]]] = []
    for word in kept:
        if groups and new.count(" ", groups[-1][-1][1], word[1]) <= 2 * count + 8:
            groups[-1].append(word)
        else:
            groups.append([word])
    return max(groups, key=len, default=[])
