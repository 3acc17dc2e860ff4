"""What two sequences have in common: the ground under both `diff` and `merge`. Pure.

What must stay true: the blocks are common to both and in order on both sides; the time is bounded by `Effort`,
whatever the sequences (the standard matcher alone can take minutes on long ones).
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Pairs of equal items for which difflib is fast enough, at once and in one comparison.
_MAX_PAIRS, _MAX_ALL_PAIRS = 100_000, 200_000
# Words looked at to find which lines became which, at once and in one comparison; then by their order.
_MAX_PAIRING, _MAX_ALL_PAIRING = 400_000, 2_000_000


@dataclass(slots=True)
class Effort:
    """How much fine work one comparison may still do; what goes beyond is done coarsely."""

    pairs: int = _MAX_ALL_PAIRS
    pairing: int = _MAX_ALL_PAIRING

    def allows_pairs(self, count: int) -> bool:
        """Tell whether so many pairs of equal items may be weighed, and count them."""
        if count > min(_MAX_PAIRS, self.pairs):
            return False
        self.pairs -= count
        return True

    def allows_pairing(self, count: int) -> bool:
        """Tell whether so many words may be looked at to pair lines, and count them."""
        if count > min(_MAX_PAIRING, self.pairing):
            return False
        self.pairing -= count
        return True


def matching_blocks(
    a: Sequence[Hashable], b: Sequence[Hashable], effort: Effort, *, by_anchors: bool = False
) -> list[tuple[int, int, int]]:
    """Return the runs that two sequences have in common, in order, as (place in a, place in b, length).

    With `by_anchors`, items that occur once on both sides are matched first: right for lines, of which the empty ones
    would mislead. Falls back on that too where comparing item by item would take long, and then on nothing in common.
    """
    found: list[tuple[int, int, int]] = []
    todo = [(0, len(a), 0, len(b))]
    while todo:
        alo, ahi, blo, bhi = _trim(a, b, todo.pop(), found)
        counts_a, counts_b = Counter(a[alo:ahi]), Counter(b[blo:bhi])
        pairs = sum(count * counts_b[item] for item, count in counts_a.items())
        if not pairs:
            continue
        if not by_anchors and effort.allows_pairs(pairs):
            anchors = []
        else:
            once = {item for item, count in counts_a.items() if count == counts_b[item] == 1}
            anchors = _anchors(a, b, (alo, ahi, blo, bhi), once)
            if not anchors and not (by_anchors and effort.allows_pairs(pairs)):
                continue
        for x, y in [*anchors, (ahi, bhi)] if anchors else ():
            todo.append((alo, x, blo, y))
            alo, blo = x, y  # the anchor itself heads the next stretch
        if not anchors:
            matcher = SequenceMatcher(None, a[alo:ahi], b[blo:bhi], autojunk=False)
            found += ((alo + x, blo + y, length) for x, y, length in matcher.get_matching_blocks() if length)
    return _joined(sorted(found))


def _trim(
    a: Sequence[Hashable],
    b: Sequence[Hashable],
    stretch: tuple[int, int, int, int],
    found: list[tuple[int, int, int]],
) -> tuple[int, int, int, int]:
    """Take off what a stretch has in common at both ends."""
    alo, ahi, blo, bhi = stretch
    shorter = min(ahi - alo, bhi - blo)
    head = 0
    while head < shorter and a[alo + head] == b[blo + head]:
        head += 1
    tail = 0
    while tail < shorter - head and a[ahi - tail - 1] == b[bhi - tail - 1]:
        tail += 1
    found += [block for block in ((alo, blo, head), (ahi - tail, bhi - tail, tail)) if block[2]]
    return alo + head, ahi - tail, blo + head, bhi - tail


def _joined(blocks: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Join blocks that touch on both sides."""
    joined: list[tuple[int, int, int]] = []
    for x, y, length in blocks:
        if joined and (joined[-1][0] + joined[-1][2], joined[-1][1] + joined[-1][2]) == (x, y):
            joined[-1] = (joined[-1][0], joined[-1][1], joined[-1][2] + length)
        else:
            joined.append((x, y, length))
    return joined


def _anchors(
    a: Sequence[Hashable], b: Sequence[Hashable], stretch: tuple[int, int, int, int], once: set[Hashable]
) -> list[tuple[int, int]]:
    """Match the items that occur once on each side: the longest series in the same order (patience sorting)."""
    alo, ahi, blo, bhi = stretch
    place = {b[j]: j for j in range(blo, bhi) if b[j] in once}
    candidates = [(i, place[a[i]]) for i in range(alo, ahi) if a[i] in once]
    ends: list[int] = []  # for each length, the candidate with the lowest end
    back: list[int] = []
    for number, (_, j) in enumerate(candidates):
        low = bisect_left(ends, j, key=lambda end: candidates[end][1])
        back.append(ends[low - 1] if low else -1)
        ends[low : low + 1] = [number]
    series: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        series.append(candidates[number])
        number = back[number]
    return series[::-1]
