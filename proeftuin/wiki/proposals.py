"""A suggested text, cut into the passages that it changes; each can be taken or left. Pure: texts in, texts out.

What must stay true: with every passage taken the outcome is the suggested text, with none it is the text it began
from; passages are counted from 1 in the order of the text, so two fixed texts always give the same numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from proeftuin.wiki.alignment import Effort, matching_blocks
from proeftuin.wiki.diff import normalize_newlines, split_lines


@dataclass(frozen=True, slots=True)
class Changed:
    """Lines that were replaced by others; `where` is the heading above them."""

    number: int
    where: str
    old: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def old_text(self) -> str:
        """Return the lines as they were."""
        return "\n".join(self.old)

    @property
    def new_text(self) -> str:
        """Return the lines as they are suggested."""
        return "\n".join(self.new)


Part = tuple[str, ...] | Changed


def cut(base: str, text: str) -> list[Part]:
    """Return the lines that stay and the passages that change, in the order of the text."""
    a, b = (split_lines(normalize_newlines(each)) for each in (base, text))
    parts: list[Part] = []
    i = j = number = 0
    where = ""
    for x, y, length in [*matching_blocks(a, b, Effort(), by_anchors=True), (len(a), len(b), 0)]:
        if i < x or j < y:
            number += 1
            parts.append(Changed(number, where, tuple(a[i:x]), tuple(b[j:y])))
        if length:
            parts.append(tuple(a[x : x + length]))
        where = next((line.strip("# ") for line in reversed(a[i : x + length]) if line.startswith("#")), where)
        i, j = x + length, y + length
    return parts


def changes(base: str, text: str) -> list[Changed]:
    """Return only the passages that change."""
    return [part for part in cut(base, text) if isinstance(part, Changed)]


def with_taken(base: str, text: str, taken: Collection[int]) -> str:
    """Return the text in which only these passages are changed."""
    return "\n".join(line for part in cut(base, text) for line in _lines(part, taken))


def _lines(part: Part, taken: Collection[int]) -> Iterator[str]:
    if isinstance(part, Changed):
        yield from part.new if part.number in taken else part.old
    else:
        yield from part
