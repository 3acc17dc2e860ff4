"""Passages: stretches of the text of a page, as it was typed and as people read it. Pure.

Somebody points at words in the rendered page; what must be kept is where they stand in the source. Both are compared
by their letters and figures only, so markup, blanks, signs and capitals make no difference. Where the same words
stand more than once, what stands around them decides.

What must stay true: a span always begins and ends between two words of the text it was found in; the time is bounded
by `Effort`, whatever was sent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from proeftuin import markup
from proeftuin.wiki.alignment import Effort, matching_blocks
from proeftuin.wiki.blocks import split_blocks

MAX_PASSAGE = 3_000
"""How many characters of the source a passage may have."""
# How many letters around a passage are looked at to tell it from the same words elsewhere.
CONTEXT = 80
# Words that may stand between two pieces of one passage: what a reader sees and nobody typed, or the reverse.
_GAP = 12
# The part of the words that must be found back when not all of them are.
_FOUND = 0.6
# What is typed and not read, where it begins at least: addresses, marks of items and notes, the fences of code.
_UNREAD = (
    re.compile(r"^ *(?:`{3,}|~{3,}).*$", re.MULTILINE),
    re.compile(r"^ {0,3}\[[^\]\n]*\]: *\S+.*$", re.MULTILINE),
    re.compile(r"^[\s>]*(?:[-*+] +\[[ xX]\](?=\s)|\d{1,9}[.)](?=\s))", re.MULTILINE),
    re.compile(r"(?<=\])\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)"),
    re.compile(r"(?<=[^\]]\])\[[^\[\]\n]*\]"),
    re.compile(r"(?<=\[\[)[^\[\]|\n]{1,200}\\?\|"),
    re.compile(r"\[\^[^\[\]\n]*\]"),
    re.compile(r"&#?\w{1,32};"),
)
_WORD = re.compile(r"\w+")
_ENDING = ".,;:!?…)”’\"'»"


class Span(NamedTuple):
    """A stretch of a text: where it begins, and where what comes after it begins."""

    begins: int
    ends: int


class Letters(NamedTuple):
    """The letters and figures of a text in small type, and where in the text each of them stands."""

    letters: str
    places: Sequence[int]


class Word(NamedTuple):
    """A word of a text and where it stands."""

    word: str
    begins: int
    ends: int


def fold(text: str) -> str:
    """Return only the letters and figures of a text, in small type."""
    return "".join(sign for sign in unicodedata.normalize("NFC", text).casefold() if sign.isalnum())


def letters(text: str) -> Letters:
    """Return the letters and figures of a text and their places."""
    found: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if sign.isalnum():
            for small in sign.casefold():
                if small.isalnum():
                    found.append(small)
                    places.append(place)
    return Letters("".join(found), places)


def read_part(text: str) -> str:
    """Return a text of the same length with blanks for what is typed and not read."""
    for pattern in _UNREAD:
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return text


def letters_ahead(text: str, span: Span) -> int:
    """Return how many letters and figures are read before a passage."""
    return len(fold(read_part(text)[: span.begins]))


def letters_within(quote: str) -> str:
    """Return the letters and figures that are read in a passage."""
    return fold(read_part(quote)) or fold(quote)


@lru_cache(maxsize=512)  # kept by the text itself, so never out of date
def shown(quote: str) -> str:
    """Return a passage as it is read, one line per paragraph or item."""
    return markup.plain(quote).strip() or " ".join(quote.split())


def words_of(text: str, begins: int = 0, ends: int | None = None) -> list[Word]:
    """Return the words of a text, or of a stretch of it, in small letters."""
    stop = len(text) if ends is None else ends
    return [Word(m[0].casefold(), m.start(), m.end()) for m in _WORD.finditer(text, begins, stop)]


def paragraphs(text: str) -> list[Span]:
    """Return where the paragraphs, headings, items and so on of a text stand, as far as something is read in them."""
    found: list[Span] = []
    place = 0
    for block in split_blocks(text):
        begins = text.find(block, place)
        if begins < 0:  # a block with code in it may have lost blank lines at its edges only
            continue
        place = begins + len(block)
        found += [span for span in _items(text, Span(begins, place)) if letters_within(text[slice(*span)])]
    return found


def _items(text: str, block: Span) -> Iterator[Span]:
    """Give the items of a list one by one; another block stays whole."""
    lines = list(re.finditer(r"^(?:[-*+]|\d{1,9}[.)])\s.*$", text[slice(*block)], re.MULTILINE))
    if len(lines) < 2 or lines[0].start():
        yield block
        return
    starts = [block.begins + line.start() for line in lines]
    for begins, ends in zip(starts, [*starts[1:], block.ends], strict=True):
        yield Span(begins, begins + len(text[begins:ends].rstrip()))


def occurrences(letters_of_text: str, wanted: str, *, most: int = 200) -> list[int]:
    """Return where a run of letters stands in another, from the beginning."""
    found: list[int] = []
    place = letters_of_text.find(wanted) if wanted else -1
    while place >= 0 and len(found) < most:
        found.append(place)
        place = letters_of_text.find(wanted, place + 1)
    return found


def alike_around(text: str, begins: int, ends: int, before: str, after: str) -> int:
    """Count how much of what stands before and after a place is the same as what is given."""
    return _common(reversed(text[max(0, begins - CONTEXT) : begins]), reversed(before[-CONTEXT:])) + _common(
        iter(text[ends : ends + CONTEXT]), iter(after[:CONTEXT])
    )


def _common(one: Iterator[str], other: Iterator[str]) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def find_words(text: str, words: str, *, before: str = "", after: str = "", ahead: int | None = None) -> Span | None:
    """Return where the words that somebody selected in the rendered page stand in the text, or None.

    `before` and `after` are what is read around them: they choose between the same words elsewhere. When those are
    the same as well, `ahead` decides: how many letters are read before them in the page.
    """
    wanted = fold(words[: 2 * MAX_PASSAGE])
    if not wanted:
        return None
    read = read_part(text)
    source = letters(read)
    places = occurrences(source.letters, wanted)
    if not places:
        return _nearly(text, read, words[: 2 * MAX_PASSAGE])
    around = fold(before), fold(after)
    near = ahead or 0
    best = max(places, key=lambda p: (alike_around(source.letters, p, p + len(wanted), *around), -abs(p - near)))
    span = Span(source.places[best], source.places[best + len(wanted) - 1] + 1)
    return whole_words(text, span, ending=words.rstrip()[-3:])


def whole_words(text: str, span: Span, *, ending: str = "") -> Span:
    """Return a span that cuts no word; the signs of `ending` that stand right after it belong to it."""
    begins, ends = span
    while begins > 0 and text[begins - 1].isalnum() and text[begins].isalnum():
        begins -= 1
    while ends < len(text) and text[ends].isalnum() and text[ends - 1].isalnum():
        ends += 1
    while ends < len(text) and text[ends] in _ENDING and text[ends] in ending:
        ends += 1
    return Span(begins, ends)


def _nearly(text: str, read: str, words: str) -> Span | None:
    """Find words of which some are read and not typed (the name of an article of the cao), or the reverse."""
    wanted = [word.word for word in words_of(unicodedata.normalize("NFC", words))]
    found = closest(words_of(read), wanted, Effort())
    if found is None or found[1] < _FOUND:
        return None
    return whole_words(text, found[0], ending=words.rstrip()[-3:])


def closest(there: Sequence[Word], wanted: Sequence[str], effort: Effort) -> tuple[Span, float] | None:
    """Return where words stand together that are most like the wanted ones, and which part of those is there."""
    blocks = matching_blocks([word.word for word in there], wanted, effort)
    if not blocks:
        return None
    heart = max(range(len(blocks)), key=lambda n: blocks[n][2])
    first = last = heart
    while first > 0 and blocks[first][0] - sum(blocks[first - 1][::2]) <= _GAP:
        first -= 1
    while last < len(blocks) - 1 and blocks[last + 1][0] - sum(blocks[last][::2]) <= _GAP:
        last += 1
    count = sum(length for _x, _y, length in blocks[first : last + 1])
    span = Span(there[blocks[first][0]].begins, there[sum(blocks[last][::2]) - 1].ends)
    return span, count / len(wanted)
