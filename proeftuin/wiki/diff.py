"""What changed between two texts, in lines and inside the lines in words. Pure: texts in, rows out.

Lines are compared first, then the words of lines that were replaced: comparing all words at once is slower by three
orders of magnitude on long pages. Lines that became each other stand in one row.

What must stay true: the pieces of a side joined, its rows joined by line breaks, are that text exactly; no pair of
texts takes long (where a fine comparison would, a coarse one is given).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from proeftuin.wiki.alignment import Effort, matching_blocks

PieceKind = Literal["same", "ins", "del"]
RowKind = Literal["same", "changed", "removed", "added", "skipped"]

# Equal lines shown before and after a change; the others fold away when that saves at least two lines.
CONTEXT = 2
# Above this many words in one replaced line, the line is shown as replaced in whole.
MAX_TOKENS = 4_000
# Below this share of equal words, two lines are not versions of each other.
_ALIKE = 0.4
# A word with the blanks after it, or a sign, or blanks at the beginning.
_TOKEN = re.compile(r"\w+(?:['’.,-]\w+)*\s*|[^\w\s]\s*|\s+")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text on one side of a row."""

    text: str
    kind: PieceKind


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison.

    A side that has no such line has no pieces and no line number (an empty line has a number). A row of kind
    "skipped" stands for equal lines that were folded away; they are in `lines`.
    """

    kind: RowKind
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]
    old_line: int | None
    new_line: int | None
    lines: tuple["Row", ...] = ()

    @property
    def count(self) -> int:
        """Return how many lines were folded away here."""
        return len(self.lines)


def normalize_newlines(text: str) -> str:
    """Write every line break as one line feed: the form in which texts are stored and compared."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def size_delta(old: str, new: str) -> int:
    """Return how many characters the text grew (negative: shrank)."""
    return len(normalize_newlines(new)) - len(normalize_newlines(old))


def compare(old: str, new: str) -> list[Row]:
    """Return the rows that show what changed; none when the texts are equal."""
    old, new = normalize_newlines(old), normalize_newlines(new)
    if old == new:
        return []
    a, b = split_lines(old), split_lines(new)
    rows: list[Row] = []
    effort = Effort()
    i = j = 0
    for start, other, length in [*matching_blocks(a, b, effort, by_anchors=True), (len(a), len(b), 0)]:
        rows += _hunk(a[i:start], b[j:other], i + 1, j + 1, effort)
        rows += (_same(line, start + n + 1, other + n + 1) for n, line in enumerate(a[start : start + length]))
        i, j = start + length, other + length
    return list(_fold(rows))


def split_lines(text: str) -> list[str]:
    """Return the lines of a text; joined by line feeds they are the text. An empty text has none."""
    return text.split("\n") if text else []


def _pieces(text: str, kind: PieceKind) -> tuple[Piece, ...]:
    return (Piece(text, kind),) if text else ()


def _same(line: str, old_line: int, new_line: int) -> Row:
    pieces = _pieces(line, "same")
    return Row("same", pieces, pieces, old_line, new_line)


def _hunk(old: list[str], new: list[str], old_line: int, new_line: int, effort: Effort) -> Iterator[Row]:
    """Give the rows for lines that were replaced by others."""
    i = j = 0
    for x, y in [*_pairs(old, new, effort), (len(old), len(new))]:
        yield from (Row("removed", _pieces(old[n], "del"), (), old_line + n, None) for n in range(i, x))
        yield from (Row("added", (), _pieces(new[n], "ins"), None, new_line + n) for n in range(j, y))
        if x < len(old) and y < len(new):
            yield Row("changed", *_words(old[x], new[y], effort), old_line + x, new_line + y)
        i, j = x + 1, y + 1


def _pairs(old: list[str], new: list[str], effort: Effort) -> list[tuple[int, int]]:
    """Say which lines became which: those most alike, in order."""
    if not old or not new:
        return []
    if len(old) == len(new) == 1:
        return [(0, 0)]
    # Weighing two lines costs about as much as twenty words.
    words = sum(map(len, old)) * len(new) // 6 + sum(map(len, new)) * len(old) // 6 + 20 * len(old) * len(new)
    if not effort.allows_pairing(words):
        return list(zip(range(len(old)), range(len(new)), strict=False)) if len(old) == len(new) else []
    bags_old, bags_new = ([Counter(_WORD.findall(line)) for line in lines] for lines in (old, new))
    sizes_old, sizes_new = ([bag.total() for bag in bags] for bags in (bags_old, bags_new))

    def alike(i: int, j: int) -> float:
        total = sizes_old[i] + sizes_new[j]
        score = 2 * (bags_old[i] & bags_new[j]).total() / total if total else 0.0
        return score if score >= _ALIKE else 0.0

    return best_series(len(old), len(new), alike)


def best_series(rows: int, columns: int, score: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """Choose pairs in rising order on both sides with the greatest sum of scores."""
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    taken: set[tuple[int, int]] = set()
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            value = score(i, j)
            skip = max(best[i + 1][j], best[i][j + 1])
            best[i][j] = max(value + best[i + 1][j + 1], skip)
            if value and value + best[i + 1][j + 1] >= skip:
                taken.add((i, j))
    series: list[tuple[int, int]] = []
    i = j = 0
    while i < rows and j < columns:
        if (i, j) in taken:
            series.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return series


def _words(old: str, new: str, effort: Effort) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Compare two lines word by word."""
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    whole = _pieces(old, "del"), _pieces(new, "ins")
    # A word is the same word whatever blanks follow it; those are compared below.
    blocks = matching_blocks([token.rstrip() for token in a], [token.rstrip() for token in b], effort)
    common = sum(length for _, _, length in blocks)
    if max(len(a), len(b)) - common > MAX_TOKENS or 4 * common < min(len(a), len(b)):
        return whole
    left, right = _Side("del"), _Side("ins")
    i = j = 0
    for x, y, length in [*blocks, (len(a), len(b), 0)]:
        left.changed("".join(a[i:x]))
        right.changed("".join(b[j:y]))
        _same_words(left, right, a[x : x + length], b[y : y + length])
        i, j = x + length, y + length
    return left.pieces(), right.pieces()


class _Side:
    """Collects the pieces of one side and joins those of one kind."""

    def __init__(self, kind: PieceKind) -> None:
        self.kind = kind
        self.runs: list[tuple[PieceKind, list[str]]] = []

    def same(self, text: str) -> None:
        self._add("same", text)

    def changed(self, text: str) -> None:
        self._add(self.kind, text)

    def _add(self, kind: PieceKind, text: str) -> None:
        if text and self.runs and self.runs[-1][0] == kind:
            self.runs[-1][1].append(text)
        elif text:
            self.runs.append((kind, [text]))

    def pieces(self) -> tuple[Piece, ...]:
        return tuple(Piece("".join(texts), kind) for kind, texts in self.runs)


def _same_words(left: _Side, right: _Side, a: list[str], b: list[str]) -> None:
    """Add words that are the same on both sides, though the blanks behind them may differ."""
    if a == b:
        words = "".join(a)
        left.same(words)
        right.same(words)
        return
    for token, other in zip(a, b, strict=True):
        word = token if token == other else token.rstrip()
        left.same(word)
        right.same(word)
        left.changed(token[len(word) :])
        right.changed(other[len(word) :])


def _fold(rows: list[Row]) -> Iterator[Row]:
    """Put equal lines far from any change into one row."""
    start = 0
    while start < len(rows):
        if rows[start].kind != "same":
            yield rows[start]
            start += 1
            continue
        end = start
        while end < len(rows) and rows[end].kind == "same":
            end += 1
        first = start + CONTEXT if start else 0
        last = end - CONTEXT if end < len(rows) else end
        if last - first < 2:
            yield from rows[start:end]
        else:
            hidden = tuple(rows[first:last])
            yield from rows[start:first]
            yield Row("skipped", (), (), hidden[0].old_line, hidden[0].new_line, hidden)
            yield from rows[last:end]
        start = end
