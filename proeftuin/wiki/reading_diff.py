"""What changed between two rendered texts, shown in the text as it is read. Pure: two pieces of safe HTML in, one
out.

Both texts are read as trees. Blocks (paragraphs, items, rows, cells) are matched level by level, and the words of
blocks that became each other are compared. What went stands in `del`, what came in `ins`, always inside the innermost
element, where both are allowed; a block that came or went as a whole is marked as such.

What must stay true: without everything in `ins` the text is the old one, without everything in `del` the new one; the
outcome is written by `markup.tree`, so it is as safe as what came in; the work is bounded by `Effort`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from proeftuin.markup.tree import CAME, VOID, WENT, Element, Node, read_html, write_html
from proeftuin.wiki.alignment import Effort, matching_blocks
from proeftuin.wiki.diff import best_series

FIRST = "eerste-wijziging"
"""The address on the page of the first mark."""

_BLOCKS = frozenset(
    ("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "table", "thead", "tbody", "tr", "th")
) | frozenset(("td", "dl", "dt", "dd", "div", "section", "hr"))
# Of these the parts are marked and not the whole.
_HOLDERS = frozenset({"ul", "ol", "dl", "table", "thead", "tbody"})
# These become each other when nothing else stands there, whatever is in them: their parts are compared.
_FRAMES = _HOLDERS | {"blockquote", "section", "div", "tr"}
# Below this share of equal words, two blocks are not versions of each other.
_ALIKE = 0.35
_TOKEN = re.compile(r"(\w+(?:['’.,-]\w+)*|[^\w\s])(\s*)|(\s+)")

Path = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""The inline elements around a word, from the outside in."""


class Token(NamedTuple):
    """A word or sign, or a picture and the like, with the blanks after it."""

    word: str
    path: Path
    atom: tuple[str, tuple[tuple[str, str], ...]] | None
    space: str

    @property
    def key(self) -> tuple[object, ...]:
        """Return what must be the same for two to be the same; blanks are compared apart."""
        return self.word, self.path, self.atom


@dataclass(slots=True)
class Unit:
    """A block with the blocks in it; or, without an element, a run of words."""

    element: Element | None
    units: list[Unit] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    key: tuple[object, ...] = ()

    @property
    def tag(self) -> str:
        """Return the tag, or nothing for a run of words."""
        return self.element.tag if self.element is not None else ""

    def bag(self) -> Counter[object]:
        """Return the words and pictures in it."""
        found: Counter[object] = Counter(
            token.word or token.atom for token in self.tokens if token.word or token.atom
        )
        for unit in self.units:
            found += unit.bag()
        return found


@lru_cache(maxsize=64)  # kept by the texts themselves, so never out of date
def compare_readings(old: Markup, new: Markup) -> Markup:
    """Return the new text with what went and what came."""
    before, after = (_units(read_html(html), preformatted=False) for html in (old, new))
    return write_html(_Comparison(Effort()).lists(before, after), first_mark=FIRST)


def _units(nodes: Sequence[Node], *, preformatted: bool) -> list[Unit]:
    """Return the blocks among the nodes; inline nodes between two blocks are one run."""
    found: list[Unit] = []
    run: list[Node] = []
    for node in [*nodes, None]:
        is_block = isinstance(node, Element) and node.tag in _BLOCKS
        if node is not None and not is_block:
            run.append(node)
            continue
        tokens = list(_tokens(run, (), preformatted=preformatted))
        if tokens:
            found.append(Unit(None, tokens=tokens, key=("", hash(tuple(tokens)))))
        run = []
        if isinstance(node, Element):
            units = _units(node.children, preformatted=preformatted or node.tag == "pre")
            attributes = tuple((name, value) for name, value in node.attributes.items() if name != "id")
            key = (node.tag, attributes, *(unit.key for unit in units))
            found.append(Unit(node, units, key=(hash(key), node.tag)))
    if len(found) > 1:  # blanks between blocks
        found = [unit for unit in found if unit.element is not None or unit.bag()]
    return found


def _tokens(nodes: Sequence[Node], path: Path, *, preformatted: bool) -> Iterator[Token]:
    for node in nodes:
        if isinstance(node, str):
            for word, space, blank in _TOKEN.findall(node):
                gap = space or blank
                yield Token(word, path, None, gap if preformatted or not gap else " ")
            continue
        # What the writer struck out must not look like what went.
        tag = "s" if node.tag == "del" else node.tag
        item = (tag, tuple((name, value) for name, value in node.attributes.items() if name != "id"))
        if node.tag in VOID or not node.children:
            yield Token("", path, item, "")
        else:
            yield from _tokens(node.children, (*path, item), preformatted=preformatted)


class _Comparison:
    """Two trees and what may still be spent on them."""

    def __init__(self, effort: Effort) -> None:
        self.effort = effort

    def lists(self, old: Sequence[Unit], new: Sequence[Unit]) -> list[Node]:
        """Return the blocks of both, in an order that is that of each."""
        shown: list[Node] = []
        blocks = matching_blocks([u.key for u in old], [u.key for u in new], self.effort, by_anchors=True)
        i = j = 0
        for x, y, length in [*blocks, (len(old), len(new), 0)]:
            shown += self._gap(old[i:x], new[j:y])
            for n in range(length):
                shown += _whole(new[y + n], "")
            i, j = x + length, y + length
        return shown

    def _gap(self, old: Sequence[Unit], new: Sequence[Unit]) -> Iterator[Node]:
        """Give the blocks of a stretch in which none is equal."""
        i = j = 0
        for x, y in [*self._pairs(old, new), (len(old), len(new))]:
            for unit in old[i:x]:
                yield from _whole(unit, "del")
            for unit in new[j:y]:
                yield from _whole(unit, "ins")
            if x < len(old) and y < len(new):
                yield from self._pair(old[x], new[y])
            i, j = x + 1, y + 1

    def _pairs(self, old: Sequence[Unit], new: Sequence[Unit]) -> list[tuple[int, int]]:
        """Say which blocks became which: the most alike of one kind, in order."""
        if not old or not new:
            return []
        if len(old) == len(new) == 1 and old[0].tag == new[0].tag and (old[0].tag in _FRAMES or not old[0].tag):
            return [(0, 0)]
        if all(unit.tag in ("td", "th") for unit in (*old, *new)):
            return [(n, n) for n in range(min(len(old), len(new)))]
        bags = [[unit.bag() for unit in units] for units in (old, new)]
        sizes = [[bag.total() for bag in row] for row in bags]
        weighed = sum(sizes[0]) * len(new) + sum(sizes[1]) * len(old) + 20 * len(old) * len(new)
        if not self.effort.allows_pairing(weighed):
            return []

        def alike(i: int, j: int) -> float:
            total = sizes[0][i] + sizes[1][j]
            if old[i].tag != new[j].tag or not total:
                return 0.0
            score = 2 * (bags[0][i] & bags[1][j]).total() / total
            return score if score >= _ALIKE else 0.0

        return best_series(len(old), len(new), alike)

    def _pair(self, old: Unit, new: Unit) -> list[Node]:
        if new.element is None:
            return self._words(old.tokens, new.tokens)
        children = self.lists(old.units, new.units)
        return [Element(new.element.tag, new.element.attributes, children)]

    def _words(self, old: Sequence[Token], new: Sequence[Token]) -> list[Node]:
        """Compare two runs word by word."""
        line = _Line()
        blocks = matching_blocks([token.key for token in old], [token.key for token in new], self.effort)
        i = j = 0
        for x, y, length in [*blocks, (len(old), len(new), 0)]:
            for token in old[i:x]:
                line.add(token, "del")
            for token in new[j:y]:
                line.add(token, "ins")
            for was, now in zip(old[x : x + length], new[y : y + length], strict=True):
                same = was.space == now.space
                line.add(now if same else now._replace(space=""), "")
                if not same:
                    line.blank(was.space, now.path, "del")
                    line.blank(now.space, now.path, "ins")
            i, j = x + length, y + length
        return line.nodes


def _whole(unit: Unit, mark: str, *, is_inner: bool = False) -> list[Node]:
    """Return a block as it is, with everything in it marked, and the block itself when it is not in a marked one."""
    if unit.element is None:
        line = _Line()
        for token in unit.tokens:
            line.add(token, mark)
        return line.nodes
    element = unit.element
    is_marked = is_inner or element.tag not in _HOLDERS
    children = [node for inner in unit.units for node in _whole(inner, mark, is_inner=is_marked)]
    attributes = {name: value for name, value in element.attributes.items() if mark != "del" or name != "id"}
    is_shown = is_marked and not is_inner and element.tag not in VOID
    state = {"del": WENT, "ins": CAME}.get(mark, "") if is_shown else ""
    shown = Element(element.tag, attributes, children, state)
    return [Element(mark, {}, [shown])] if mark and element.tag in VOID else [shown]


class _Line:
    """Builds inline nodes; words that follow each other in the same elements share them."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._path: list[tuple[object, list[Node]]] = [(None, self.nodes)]

    def add(self, token: Token, mark: str) -> None:
        """Add a word or a picture."""
        place = self._place(token.path, mark)
        if token.atom is not None:
            place.append(Element(token.atom[0], dict(token.atom[1])))
        _append(place, token.word + token.space)

    def blank(self, space: str, path: Path, mark: str) -> None:
        """Add blanks of one side only."""
        if space:
            _append(self._place(path, mark), space)

    def _place(self, path: Path, mark: str) -> list[Node]:
        """Return where words in these elements go, closing and opening what is needed."""
        wanted: list[tuple[str, tuple[tuple[str, str], ...]]] = [*path, *([(mark, ())] if mark else [])]
        depth = 0
        while depth < min(len(wanted), len(self._path) - 1) and self._path[depth + 1][0] == wanted[depth]:
            depth += 1
        del self._path[depth + 1 :]
        for item in wanted[depth:]:
            element = Element(item[0], dict(item[1]))
            self._path[-1][1].append(element)
            self._path.append((item, element.children))
        return self._path[-1][1]


def _append(place: list[Node], text: str) -> None:
    if text and place and isinstance(place[-1], str):
        place[-1] += text
    elif text:
        place.append(text)
