"""Marks at passages of a rendered page: the words that are spoken about, and where in the margin that is told. Pure.

Rendered HTML goes in; the same HTML comes out with `span`s around words, cut in pieces where something may be put
in. What must stay true: the HTML of the renderer is not changed, only whole elements of our own are put around text
and between elements, never inside a link; a passage that cannot be found in the HTML loses only its underlining.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup

from proeftuin.wiki.passages import letters, occurrences

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*)>')
_REFERENCE = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|\w+);")
# Nothing may be put inside these, only after them.
_AFTER = frozenset(("h2", "h3", "h4", "h5", "h6", "pre"))
_BLOCKS = (
    _AFTER
    | frozenset(("p", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td"))
    | {*("dl", "dt", "dd", "div", "section", "hr")}
)


class Wanted(NamedTuple):
    """A passage: its number, the letters in it, and how many letters are read before it."""

    id: int
    letters: str
    ahead: int


class Piece(NamedTuple):
    """A piece of the page, and the passages of which is told after it. `unfound` are those without a place of their
    own in the HTML: what is told of them gets their address."""

    html: Markup
    passages: tuple[int, ...]
    unfound: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Text:
    """A run of text between two tags: where its HTML begins and ends, and its letters with their places in it."""

    begins: int
    ends: int
    first: int
    places: Sequence[int]


@lru_cache(maxsize=256)  # kept by the texts themselves, so never out of date
def pieces(rendered: str, wanted: tuple[Wanted, ...]) -> tuple[Piece, ...]:
    """Return a rendered page in pieces, with the passages marked."""
    page = _Page(rendered)
    cuts: defaultdict[int, list[int]] = defaultdict(list)
    marked: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    unfound = set()
    for passage in wanted:
        begins = page.find(passage)
        if begins is None:
            unfound.add(passage.id)
            last = min(passage.ahead, page.length - 1)
        else:
            last = begins + len(passage.letters) - 1
            for stretch in page.stretches(begins, last):
                marked[stretch].append(passage.id)
        cuts[page.end_of_block(last)].append(passage.id)
    return tuple(_cut(rendered, _put(marked), cuts, frozenset(unfound)))


class _Page:
    """The letters of a rendered page, as far as they come from its text."""

    def __init__(self, rendered: str) -> None:
        self.rendered = rendered
        self.tags = list(_TAG.finditer(rendered))
        self.texts: list[_Text] = []
        found: list[str] = []
        self.length = place = 0
        unread = 0
        for tag in [*self.tags, None]:
            ends = tag.start() if tag else len(rendered)
            if ends > place and not unread:
                text = _read(rendered, place, ends, self.length)
                self.texts.append(text[0])
                found.append(text[1])
                self.length += len(text[1])
            if tag is not None:
                unread = _unread_after(unread, tag)
                place = tag.end()
        self.letters = "".join(found)
        self._firsts = [text.first for text in self.texts]

    def find(self, passage: Wanted) -> int | None:
        """Return at which letter a passage begins: the place nearest to where it stands in the source."""
        places = occurrences(self.letters, passage.letters)
        return min(places, key=lambda place: abs(place - passage.ahead), default=None)

    def stretches(self, begins: int, last: int) -> list[tuple[int, int]]:
        """Return the stretches of HTML from one letter through another, one per run of text."""
        found = []
        for n in range(self._text_at(begins), self._text_at(last) + 1):
            text = self.texts[n]
            if not text.places:
                continue
            low, high = max(begins - text.first, 0), min(last - text.first, len(text.places) - 1)
            if low <= high:
                found.append((text.places[low], _after_sign(self.rendered, text.places[high])))
        return found

    def end_of_block(self, letter: int) -> int:
        """Return where, after a letter, a mark can stand: at the end of its block, or after it."""
        place = self.texts[self._text_at(max(letter, 0))].ends if self.texts else 0
        for tag in self.tags:
            if tag.start() >= place and tag[2] in _BLOCKS:
                return tag.end() if tag[1] and tag[2] in _AFTER else tag.start()
        return len(self.rendered)

    def _text_at(self, letter: int) -> int:
        return max(bisect_right(self._firsts, letter) - 1, 0)


def _unread_after(depth: int, tag: re.Match[str]) -> int:
    """Return how deep we are inside what is read aloud only, or the number of a note; 0 outside."""
    if depth:
        is_void = tag[2] in ("br", "hr", "img")
        return depth if is_void else depth + (-1 if tag[1] else 1)
    return int(not tag[1] and (tag[2] == "sup" or 'class="vh"' in tag[3]))


def _read(rendered: str, begins: int, ends: int, first: int) -> tuple[_Text, str]:
    """Return a run of text and its letters; a reference is one sign."""
    raw = rendered[begins:ends]
    if "&" in raw:
        raw = _REFERENCE.sub(lambda m: html.unescape(m[0])[:1].ljust(len(m[0])), raw)
    found = letters(raw)
    return _Text(begins, ends, first, [begins + place for place in found.places]), found.letters


def _after_sign(rendered: str, place: int) -> int:
    reference = _REFERENCE.match(rendered, place)
    return reference.end() if reference else place + 1


def _put(marked: dict[tuple[int, int], list[int]]) -> list[tuple[int, str]]:
    """Return what to put where, so that words of several passages are marked once and in all of them."""
    edges = sorted({edge for stretch in marked for edge in stretch})
    seen: set[int] = set()
    put: list[tuple[int, str]] = []
    for low, high in pairwise(edges):
        ids = sorted({id for (begins, ends), ids in marked.items() if begins <= low and high <= ends for id in ids})
        if not ids:
            continue
        fresh = [id for id in ids if id not in seen]
        seen.update(fresh)
        address = f' id="passage-{fresh[0]}"' if fresh else ""
        inner = "".join(f'<span id="passage-{id}"></span>' for id in fresh[1:])
        names = " ".join(map(str, ids))
        put.append((low, f'<span class="spoken" data-passages="{names}"{address}>{inner}'))
        put.append((high, "</span>"))
    return put


def _cut(
    rendered: str, put: list[tuple[int, str]], cuts: dict[int, list[int]], unfound: frozenset[int]
) -> list[Piece]:
    """Return the HTML with what is put in, cut where something is told."""
    found: list[Piece] = []
    parts: list[str] = []
    place = 0
    steps = sorted([(at, 0, n) for n, (at, _words) in enumerate(put)] + [(at, 1, 0) for at in cuts])
    for at, is_cut, n in steps:
        parts.append(rendered[place:at])
        place = at
        if is_cut:
            ids = tuple(cuts[at])
            found.append(Piece(Markup("".join(parts)), ids, unfound.intersection(ids)))
            parts = []
        else:
            parts.append(put[n][1])
    parts.append(rendered[place:])
    found.append(Piece(Markup("".join(parts)), (), frozenset()))
    return found
