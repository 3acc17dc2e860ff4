"""When some words came on a page, went, and came back: every version is looked at, in its order.

Halving the past would be quicker and wrong: words that went can come back. Words are compared without their markup,
blanks, signs and capitals, so that a sentence is found as it is read. A block is made comparable once, however many
versions have it.

What must stay true: every version counts, except the hidden ones, which give no text; a request does a bounded amount
of work and the next one goes on where it stopped; what is remembered is used for the same versions only (`Mark`).
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

from proeftuin import markup
from proeftuin.errors import Invalid
from proeftuin.i18n import _
from proeftuin.wiki import texts
from proeftuin.wiki.blocks import split_blocks
from proeftuin.wiki.history import Version, get_versions
from proeftuin.wiki.queries import PageHead

MAX_PHRASE = 500
# Characters one request reads: 5,000 versions of 1,500 words. Making a block comparable costs as much as reading a
# stretch of this many times its length.
BUDGET = 120_000_000
_COST = 20
# Changes shown; words that come and go more often are a war of edits, and its beginning and end tell enough.
SHOWN = 60
_REMEMBERED = 64
# Characters of blocks that are kept comparable during one search.
_KEPT = 8_000_000
_WORD = re.compile(r"\w+")
# Signs that Markdown may read as more than a sign, and numbers of items.
_MARKUP = re.compile(r"[*_`\[<&\\|~]|^\s*\d", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Moment:
    """The version in which words came, or went."""

    came: bool
    again: bool
    version: Version


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found. While `done` is less than `total` not every version was looked at.

    `left_out` tells how many moments in the middle are not shown.
    """

    moments: Sequence[Moment]
    left_out: int
    is_there: bool
    done: int
    total: int
    hidden: int

    @property
    def is_complete(self) -> bool:
        """Return whether every version was looked at."""
        return self.done == self.total


@dataclass(slots=True)
class _Search:
    """How far one search went, and the versions in which the words came and went by turns."""

    hidden: frozenset[int]
    done: int = 0
    mark: texts.Mark | None = None
    turns: list[int] = field(default_factory=list)


_searches: OrderedDict[tuple[int, str], _Search] = OrderedDict()
_lock = Lock()


def find_phrase(page: PageHead, raw: str) -> Answer:
    """Return in which versions some words came on a page and went from it.

    :raises Invalid: when there are no words to look for, or too many.
    """
    wanted = _comparable(raw[: MAX_PHRASE + 1])
    if not wanted:
        raise Invalid({"zin": _("Typ een zin of een paar woorden om naar te zoeken.")})
    if len(raw) > MAX_PHRASE:
        raise Invalid({"zin": _("Zoek met een kortere zin: hoogstens %(n)s tekens.", n=MAX_PHRASE)})
    search = _go_on(page, wanted)
    turns = [(place, number) for place, number in enumerate(search.turns) if number <= page.current]
    left_out = max(0, len(turns) - SHOWN)
    is_there = len(turns) % 2 == 1
    if left_out:
        turns = [*turns[: SHOWN // 2], *turns[-SHOWN // 2 :]]
    known = get_versions(page, {number for _place, number in turns})
    moments = [Moment(place % 2 == 0, place > 1, known[number]) for place, number in turns]
    done = min(search.done, page.current)
    return Answer(moments, left_out, is_there, done, page.current, len(search.hidden))


def _go_on(page: PageHead, wanted: str) -> _Search:
    """Look further than before, as far as the budget reaches."""
    before = _recall(page.id, wanted)
    turns, done, mark = list(before.turns), before.done, before.mark
    is_there, spent = len(turns) % 2 == 1, 0
    reader = _Reader(wanted)
    for version in texts.read_texts(page.id, done, page.current):
        if spent + reader.spent > BUDGET:
            break
        done, mark = version.number, version.mark
        if version.text is None:
            continue
        spent += len(version.text)
        if reader.has(version.text) != is_there:
            is_there = not is_there
            turns.append(version.number)
    after = _Search(before.hidden, done, mark, turns)
    with _lock:
        _searches[page.id, wanted] = after
        while len(_searches) > _REMEMBERED:
            _searches.popitem(last=False)
    return after


def _recall(page_id: int, wanted: str) -> _Search:
    """Return the search as far as it was done before, when the versions are still those of then."""
    hidden = texts.hidden_numbers(page_id)
    with _lock:
        search = _searches.get((page_id, wanted))
    is_same = search is not None and search.hidden == hidden and texts.get_mark(page_id, search.done) == search.mark
    return search if search is not None and is_same else _Search(hidden)


class _Reader:
    """Says of versions in their order whether they have the words; only blocks that changed are looked at again."""

    def __init__(self, wanted: str) -> None:
        self.wanted = f" {wanted} "
        self.spent = 0
        self._before: list[str] = []
        self._words: list[str] = []
        self._known: dict[str, str] = {}
        self._size = 0

    def has(self, text: str) -> bool:
        """Return whether the words stand in a text, one after the other."""
        blocks = split_blocks(text)
        shorter = min(len(blocks), len(self._before))
        head = 0
        while head < shorter and blocks[head] == self._before[head]:
            head += 1
        tail = 0
        while tail < shorter - head and blocks[-1 - tail] == self._before[-1 - tail]:
            tail += 1
        changed = [self._comparable(block) for block in blocks[head : len(blocks) - tail]]
        self._words[head : len(self._words) - tail] = changed
        self._before = blocks
        return self.wanted in f" {' '.join(filter(None, self._words))} "

    def _comparable(self, block: str) -> str:
        words = self._known.get(block)
        if words is None:
            self.spent += _COST * len(block)
            words = _comparable(block)
            if self._size < _KEPT:
                self._size += len(block)
                self._known[block] = words
        return words


def _comparable(text: str) -> str:
    """Return only the words of a text as they are read, in small letters."""
    return " ".join(_WORD.findall((markup.plain(text) if _MARKUP.search(text) else text).casefold()))
