"""Bring two edits of one text together. Pure: three texts in; one text, or the passages that do not fit, out.

Lines that only one side changed are taken over, and so are lines that one side put above or under what the other
changed. Where both changed the same lines, their words are merged when at least one word that nobody touched stands
between the edits. What is left is a passage: the whole paragraph around it, in both texts, nothing chosen.

What must stay true: a side that changed nothing never causes a passage; mine and theirs can be swapped; no word that
either side added gets lost; the same edit on both sides is one edit; marks like "<<<<" are never written into a text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from proeftuin.wiki.alignment import Effort, matching_blocks
from proeftuin.wiki.diff import normalize_newlines, split_lines
from proeftuin.wiki.paragraphs import is_prose, length_after, length_before, stacked

# A line break, a word with its signs and the blanks after it, or blanks.
_TOKEN = re.compile(r"\n|[^\s]+[^\S\n]*|[^\S\n]+")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Agreed:
    """Lines about which there is no question."""

    text: str

    @property
    def count(self) -> int:
        """Return how many lines these are."""
        return len(split_lines(self.text)) or 1


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines that both sides changed, each in a way that does not fit the other's. A side may have nothing left."""

    base: str
    mine: str
    theirs: str


Part = Agreed | Passage


@dataclass(frozen=True, slots=True)
class Merge:
    """The outcome: agreed lines and passages in the order of the text."""

    passages: tuple[Part, ...]

    @property
    def conflicts(self) -> tuple[Passage, ...]:
        """Return only the passages about which somebody must choose."""
        return tuple(part for part in self.passages if isinstance(part, Passage))

    @property
    def is_clean(self) -> bool:
        """Tell whether everything fitted."""
        return not self.conflicts

    @property
    def text(self) -> str:
        """Return the merged text; raises ValueError while there are conflicts."""
        return self.with_choices(())

    def with_choices(self, choices: Sequence[str]) -> str:
        """Assemble the text with a chosen text for each conflict, in order; an empty choice leaves nothing there.

        Raises ValueError when the number of choices is another than the number of conflicts.
        """
        if len(choices) != len(self.conflicts):
            raise ValueError(f"{len(choices)} choices for {len(self.conflicts)} conflicts")
        chosen = iter(choices)
        texts: list[str] = []
        for part in self.passages:
            if isinstance(part, Agreed):
                texts.append(part.text)
            elif choice := normalize_newlines(next(chosen)):
                texts.append(choice)
        return "\n".join(texts)


def merge(base: str, mine: str, theirs: str) -> Merge:
    """Merge two texts that were both made from `base`."""
    lines = [split_lines(normalize_newlines(text)) for text in (base, mine, theirs)]
    efforts = Effort(), Effort()
    parts: list[list[str] | _Chunk] = []
    for chunk in _chunks(lines[0], lines[1], lines[2], efforts, by_anchors=True):
        settled = chunk.settled()
        if settled is None:
            settled = _stacked_lines(chunk)
        if settled is None:
            settled = _merged_words(chunk, efforts)
        if settled is None:
            parts.append(chunk)
        elif parts and isinstance(last := parts[-1], list):
            last += settled
        else:
            parts.append(list(settled))
    # A part without lines is no part: joined, it would add a line break.
    return Merge(
        tuple(
            Agreed("\n".join(part)) if isinstance(part, list) else part.passage() for part in _widened(parts) if part
        )
    )


def both(passage: Passage) -> str:
    """Return the two texts of a passage one under the other: theirs, which was saved first, then mine."""
    return stacked(passage.theirs, passage.mine)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A stretch of the three texts between two places where all three agree, or such a place."""

    base: Sequence[str]
    mine: Sequence[str]
    theirs: Sequence[str]

    def settled(self) -> Sequence[str] | None:
        """Return what this becomes when at most one side changed it, or both alike."""
        if self.theirs in (self.mine, self.base):
            return self.mine
        return self.theirs if self.mine == self.base else None

    def changed_by(self) -> set[str]:
        """Name the sides that changed it."""
        return {name for name, side in (("mine", self.mine), ("theirs", self.theirs)) if side != self.base}

    def passage(self) -> Passage:
        """Return it as texts, about which somebody must choose."""
        return Passage(*("\n".join(side) for side in (self.base, self.mine, self.theirs)))

    def begins_inside(self) -> bool:
        """Tell whether a line of a paragraph before it may run on into it."""
        return any(is_prose(side[0]) for side in (self.base, self.mine, self.theirs) if side)

    def ends_inside(self) -> bool:
        """Tell whether it may run on into a line of a paragraph after it."""
        return any(is_prose(side[-1]) for side in (self.base, self.mine, self.theirs) if side)

    def between(self, before: Sequence[str], after: Sequence[str]) -> "_Chunk":
        """Return it with lines around it about which there is no question."""
        return _Chunk(*([*before, *side, *after] for side in (self.base, self.mine, self.theirs)))

    def followed_by(self, other: "_Chunk") -> "_Chunk":
        """Return it with the one that comes next."""
        return _Chunk([*self.base, *other.base], [*self.mine, *other.mine], [*self.theirs, *other.theirs])


def _chunks(
    base: Sequence[str],
    mine: Sequence[str],
    theirs: Sequence[str],
    efforts: tuple[Effort, Effort],
    *,
    by_anchors: bool,
) -> Iterator[_Chunk]:
    """Cut three sequences at the items that are in all three."""
    # Each side has an effort of its own: the outcome may not depend on which side is called mine.
    in_mine, in_theirs = (
        {
            x + n: y + n
            for x, y, length in matching_blocks(base, side, effort, by_anchors=by_anchors)
            for n in range(length)
        }
        for side, effort in zip((mine, theirs), efforts, strict=True)
    )
    i = j = k = 0
    for place in sorted(in_mine.keys() & in_theirs.keys()):
        if (i, j, k) != (place, in_mine[place], in_theirs[place]):
            yield _Chunk(base[i:place], mine[j : in_mine[place]], theirs[k : in_theirs[place]])
        same = base[place : place + 1]
        yield _Chunk(same, same, same)
        i, j, k = place + 1, in_mine[place] + 1, in_theirs[place] + 1
    if i < len(base) or j < len(mine) or k < len(theirs):
        yield _Chunk(base[i:], mine[j:], theirs[k:])


def _widened(parts: Sequence[list[str] | _Chunk]) -> list[list[str] | _Chunk]:
    """Let every passage take in the whole paragraph in which it lies; passages of one paragraph become one."""
    wide: list[list[str] | _Chunk] = []
    for part in parts:
        last = wide[-1] if wide else None
        if isinstance(part, _Chunk):
            if isinstance(last, list) and part.begins_inside():
                wide[-1:], whole = _taken_in(last, part)
            else:
                whole = part
            if wide and isinstance(before := wide[-1], _Chunk):
                wide[-1] = before.followed_by(whole)
            else:
                wide.append(whole)
            continue
        inside = length_after(part) if isinstance(last, _Chunk) and last.ends_inside() else 0
        if inside and isinstance(last, _Chunk):
            wide[-1] = last.between((), part[:inside])
        if part[inside:]:
            wide.append(part[inside:])
    return wide


def _taken_in(lines: list[str], chunk: _Chunk) -> tuple[list[list[str] | _Chunk], _Chunk]:
    """Give the lines that stay outside, and the passage with the beginning of its paragraph."""
    outside = len(lines) - length_before(lines)
    rest: list[list[str] | _Chunk] = [lines[:outside]] if outside else []
    return rest, chunk.between(lines[outside:], ())


def _stacked_lines(chunk: _Chunk) -> list[str] | None:
    """Keep lines that one side put above or under a passage, and the passage as the other side changed it.

    Writing on at the end of a page while somebody edits its last line is no conflict. None when that is not the case,
    or when the other side may have written on there too.
    """
    base, size = list(chunk.base), len(chunk.base)
    for changed, added in ((list(chunk.mine), list(chunk.theirs)), (list(chunk.theirs), list(chunk.mine))):
        if not base or len(changed) > size or len(added) <= size:
            continue
        if added[:size] == base and not is_prose(added[size]):
            return changed + added[size:]
        if added[-size:] == base and not is_prose(added[-size - 1]):
            return added[:-size] + changed
    return None


def _merged_words(chunk: _Chunk, efforts: tuple[Effort, Effort]) -> list[str] | None:
    """Merge the words of lines that both sides changed; None when the edits touch."""
    tokens = [_TOKEN.findall("\n".join(side)) for side in (chunk.base, chunk.mine, chunk.theirs)]
    merged: list[str] = []
    last_by: set[str] = set()
    for part in _chunks(tokens[0], tokens[1], tokens[2], efforts, by_anchors=False):
        settled, by = part.settled(), part.changed_by()
        if settled is None or (by and last_by and by != last_by):
            return None
        merged += settled
        if by:
            last_by = by
        elif _WORD.search(part.base[0]):
            last_by = set()
    return split_lines("".join(merged))
