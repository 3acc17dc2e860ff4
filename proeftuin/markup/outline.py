"""Where in a typed text its headings stand.

Why: a reader edits one section, so somebody must know on which line it begins. What a heading is, only the parser
can say (a "#" in a code block is none, a line above a row of dashes is one). So each line that may be a heading gets
a private mark, the text is parsed as always, and the marks are found back in the tree.

What must stay true: the order of the headings is that of `Rendered.headings` of the same text.
"""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from proeftuin.markup.layout import lay_out
from proeftuin.markup.lines import MARK_CLOSE, MARK_OPEN

_HEADING = re.compile(r"#{1,6}(?!#)")
_UNDERLINE = re.compile(r"(?:=+|-+) *$")
_FENCE = re.compile(r" *(?:`{3,}|~{3,})")
_MARK = re.compile(f"{MARK_OPEN}regel:([0-9]+){MARK_CLOSE}")
_LEVELS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}


@dataclass(frozen=True, slots=True)
class Place:
    """A heading that divides the text: its line (from 0), its level as typed, and its order among all headings.

    Headings inside a list or a quotation divide nothing; they have no place, but they count in the order.
    """

    line: int
    level: int
    order: int


def outline(text: str) -> tuple[Place, ...]:
    """Return the headings that divide a text, in order; none when the text cannot be laid out."""
    return lay_out(text, lambda _, tree: tuple(_places(tree)), mark=_marked) or ()


def _marked(text: str) -> str:
    """Put the number of its line behind every line that may be a heading."""
    lines = text.split("\n")
    under = [*lines[1:], ""]
    return "\n".join(
        f"{line}{MARK_OPEN}regel:{number}{MARK_CLOSE}" if _may_be_heading(line, next_line) else line
        for number, (line, next_line) in enumerate(zip(lines, under, strict=True))
    )


def _may_be_heading(line: str, next_line: str) -> bool:
    if not line.strip() or _FENCE.match(line):
        return False
    return bool(_HEADING.match(line)) or (bool(_UNDERLINE.match(next_line)) and not _UNDERLINE.match(line))


def _places(root: Element) -> list[Place]:
    order = {id(element): n for n, element in enumerate(e for e in root.iter() if e.tag in _LEVELS)}
    places = []
    for element in root:
        mark = _MARK.search("".join(element.itertext())) if element.tag in _LEVELS else None
        if mark is not None:
            places.append(Place(int(mark[1]), _LEVELS[element.tag], order[id(element)]))
    return places
