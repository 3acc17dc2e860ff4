"""Where the wiki links of a text stand, and the same text with other targets in them.

Why: when a page gets another name, the links to it are written anew. What looks like a link need not be one (it may
stand in code), and only the parser knows. So every place that looks like a link is marked, the text is parsed, and
the marks that come out as links are the links.

What must stay true: outside the targets that are replaced no character of the text changes, not even its line ends; a
text that cannot be laid out has no links.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from proeftuin.markup.layout import lay_out
from proeftuin.markup.lines import clean
from proeftuin.markup.shape import wiki_targets

_PLACE = re.compile(r"\[\[([^\[\]|\n\r]{1,200})(?=\||\]\])")
_MARK = re.compile(r"pt([0-9]+)tp")


@dataclass(frozen=True, slots=True)
class LinkPlace:
    """A wiki link in a text: its target as the renderer reads it, and where the target stands."""

    target: str
    start: int
    end: int


def find_places(text: str) -> list[LinkPlace]:
    """Return the wiki links of a text in reading order."""
    looks = [_place(match) for match in _PLACE.finditer(text)]
    if not looks:
        return []
    marked = _replaced(text, [(place, f"pt{number}tp") for number, place in enumerate(looks)])
    found = {int(match[1]) for target in _parsed(marked) if (match := _MARK.fullmatch(target))}
    return [place for number, place in enumerate(looks) if number in found and place.target]


def replace_targets(text: str, choose: Callable[[str], str | None]) -> str:
    """Return the text with other targets in its wiki links; `choose` gives the new one, or None to leave it."""
    changes = [(place, new) for place in find_places(text) if (new := choose(place.target)) is not None]
    return _replaced(text, changes)


def is_target(words: str) -> bool:
    """Return whether words between double brackets mean exactly these words."""
    return [place.target for place in find_places(f"[[{words}]]")] == [words] and _parsed(f"[[{words}]]") == (words,)


def _place(match: re.Match[str]) -> LinkPlace:
    # In a table the "|" before a label may be written as "\|"; the sign belongs to the label.
    raw = match[1].rstrip("\\")
    return LinkPlace(" ".join(clean(raw).split()), match.start(1), match.start(1) + len(raw))


def _replaced(text: str, changes: list[tuple[LinkPlace, str]]) -> str:
    parts: list[str] = []
    at = 0
    for place, new in changes:
        parts += (text[at : place.start], new)
        at = place.end
    return "".join((*parts, text[at:]))


def _parsed(text: str) -> tuple[str, ...]:
    """Return the targets of the links that the parser finds; none when the text is shown as it was typed."""
    return lay_out(text, lambda _, tree: wiki_targets(tree)) or ()
