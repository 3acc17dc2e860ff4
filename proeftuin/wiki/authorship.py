"""Who wrote which block of a page. Pure: the versions of a page in, blocks with their writers out.

A block is followed from version to version. What did not change is found again wherever it stands now, so moving
costs nobody a paragraph. In what did change every word keeps the version that it came from; a word in which only a
letter or two changed is the same word. The block belongs to whoever wrote most of its words. What went and comes back
to the letter belongs to its first writer, and says who put it back.

What must stay true: the same versions give the same answer, wherever the reckoning begins (`Ledger.start`); one step
costs time in proportion to what changed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain, groupby, pairwise

from proeftuin.wiki.alignment import Effort, matching_blocks
from proeftuin.wiki.blocks import split_blocks

# A state is kept for every so many versions; from there any version is reckoned again.
STEP = 64
# Stretches of words that are remembered of blocks that went, per page.
MAX_KNOWN = 200_000
# Shorter blocks ("## Doel", "---") say nothing about where they come from.
_TELLING = 3
# A part of a block that is found in another block makes that one its source.
_SHARE = 0.3
# A pair of words that stands in more blocks than this points at none.
_COMMON = 6
_WORD = re.compile(r"\w+")

Runs = tuple[tuple[int, int], ...]
Writer = int | str | None
"""The number of a person, or the name of someone who is no person here."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of one version: its text, and (how many words, from which version) in their order.

    `changed` is the version that gave it exactly this text; `restored` the one that put it back.
    """

    text: str
    runs: Runs
    changed: int
    restored: int | None = None


class Ledger:
    """The blocks of a page as far as its versions were read, with enough kept to answer for any of those."""

    def __init__(self) -> None:
        self.states: dict[int, tuple[Block, ...]] = {0: ()}
        self.writers: dict[int, Writer] = {}
        self._known: dict[bytes, tuple[int, Runs]] = {}
        self._kept = 0
        self.effort = 0
        """How many characters were looked at closely: the costly part of the reckoning."""

    def start(self, number: int) -> int:
        """Return the last version up to `number` from which can be reckoned on."""
        return max(known for known in self.states if known <= number)

    def keep(self, number: int, blocks: tuple[Block, ...]) -> None:
        """Keep the state of a version to begin from later."""
        self.states[number] = blocks

    def step(self, blocks: tuple[Block, ...], number: int, text: str) -> tuple[Block, ...]:
        """Return the blocks of version `number`, whose text this is, from those of the version before."""
        new = split_blocks(text)
        head, tail = _common_ends(blocks, new)
        middle = blocks[head : len(blocks) - tail]
        changed = self._follow(middle, new[head : len(new) - tail], blocks, number)
        after = (*blocks[:head], *changed, *blocks[len(blocks) - tail :])
        if number % STEP == 0:
            self.keep(number, after)
        return after

    def _follow(
        self, old: Sequence[Block], new: Sequence[str], page: Sequence[Block], number: int
    ) -> Iterable[Block]:
        """Return the blocks for texts that stand where `old` stood."""
        found = _moved(old, new)
        taken = set(found.values())
        gone = [block for n, block in enumerate(old) if n not in taken]
        fresh = [n for n in range(len(new)) if n not in found]
        result = {n: old[place] for n, place in found.items()}
        present = {block.text for block in page} if fresh else set()
        for n in list(fresh):
            since, runs = self._known.get(_digest(new[n]), (number, ()))
            if since < number and len(_words(new[n])) >= _TELLING:
                result[n] = Block(new[n], runs, number, None if new[n] in present else number)
                fresh.remove(n)
        self.effort += sum(len(new[n]) for n in fresh)
        effort = Effort()
        for n, source in zip(fresh, _sources(gone, [new[n] for n in fresh]), strict=True):
            result[n] = _carried(source, new[n], number, effort)
            self._remember(result[n])
        return (result[n] for n in range(len(new)))

    def _remember(self, block: Block) -> None:
        """Keep who wrote a text, for when it comes back after it went. What was remembered once does not change."""
        if self._kept < MAX_KNOWN:
            self._known.setdefault(_digest(block.text), (block.changed, block.runs))
            self._kept += len(block.runs)


def _digest(text: str) -> bytes:
    return blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest()


def _common_ends(blocks: Sequence[Block], new: Sequence[str]) -> tuple[int, int]:
    """Count the equal blocks at the beginning and at the end."""
    shorter = min(len(blocks), len(new))
    head = 0
    while head < shorter and blocks[head].text == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and blocks[-1 - tail].text == new[-1 - tail]:
        tail += 1
    return head, tail


def _moved(old: Sequence[Block], new: Sequence[str]) -> dict[int, int]:
    """Find the texts that stood among the old blocks already, each once: place among the new -> among the old."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for n in range(len(old) - 1, -1, -1):
        places[old[n].text].append(n)
    return {n: places[text].pop() for n, text in enumerate(new) if places.get(text)}


def _sources(gone: Sequence[Block], fresh: Sequence[str]) -> list[list[Block]]:
    """Say for each new text which of the blocks that went it was made of (split, joined or changed)."""
    if not gone or len(gone) == len(fresh) == 1:
        return [list(gone) for _ in fresh]
    pairs = [_pairs(block.text) for block in gone]
    where: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for n, of_block in enumerate(pairs):
        for pair in of_block:
            where[pair].append(n)
    found: list[list[Block]] = []
    for n, text in enumerate(fresh):
        own = _pairs(text)
        shared = Counter(chain.from_iterable(places for pair in own if len(places := where.get(pair, ())) <= _COMMON))
        sources = [
            place
            for place, count in sorted(shared.items())
            if count >= _SHARE * min(len(own), len(pairs[place])) and count
        ]
        if not sources and len(gone) == len(fresh):
            sources = [n]  # in its place: perhaps a few words of which the letters changed
        found.append([gone[place] for place in sources])
    return found


def _pairs(text: str) -> set[tuple[str, str]]:
    """Return the neighbouring words of a text; two texts about one thing share words, but hardly pairs."""
    return set(pairwise(["", *_words(text)]))


def _carried(sources: Sequence[Block], text: str, number: int, effort: Effort) -> Block:
    """Return a block in which each word that was there keeps where it came from."""
    words = _words(text)
    old = [word for block in sources for word in _words(block.text)]
    versions = [version for block in sources for count, version in block.runs for _ in range(count)]
    origins = [number] * len(words)
    i = j = 0
    for x, y, length in [*matching_blocks(old, words, effort), (len(old), len(words), 0)]:
        if x - i == y - j:
            for n in range(x - i):
                if _is_slip(old[i + n], words[j + n]):
                    origins[j + n] = versions[i + n]
        origins[y : y + length] = versions[x : x + length]
        i, j = x + length, y + length
    restored = next((block.restored for block in sources if block.restored), None)
    return Block(text, tuple((len(list(run)), version) for version, run in groupby(origins)), number, restored)


def _is_slip(old: str, new: str) -> bool:
    """Tell whether one word is the other with a letter or two changed."""
    if abs(len(old) - len(new)) > 2 or max(len(old), len(new)) < 3:
        return False
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    tail = next((n for n in range(shorter - head) if old[-1 - n] != new[-1 - n]), shorter - head)
    return max(len(old), len(new)) - head - tail <= (1 if shorter < 5 else 2)


def _words(text: str) -> list[str]:
    return _WORD.findall(text) or [text]


def owner(block: Block, writers: dict[int, Writer]) -> int:
    """Return the version in which whoever wrote most of a block wrote most of that; the earliest, when equal."""
    per_version: Counter[int] = Counter()
    per_writer: Counter[Writer] = Counter()
    for count, version in block.runs:
        per_version[version] += count
        per_writer[writers.get(version)] += count
    most = max(per_writer.values())
    candidates = [version for version in per_version if per_writer[writers.get(version)] == most]
    return max(candidates, key=lambda version: (per_version[version], -version))
