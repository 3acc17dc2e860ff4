"""Where a paragraph of Markdown begins and ends. Pure: lines in, answers out.

People read and choose by paragraph, while texts are compared by line: a conflict about one line of a paragraph would
be shown, and put together, in the middle of a sentence. What must stay true: a list item, a row of a table, a heading
and a quoted line are each a unit of their own, because they may stand under one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# How many lines a paragraph may have to be taken as a whole; a longer one is a text without empty lines.
LONGEST = 20
_STRUCTURE = re.compile(r"\s|[-*+>#|]|\d{1,9}[.)]\s|`{3}|~{3}|[=_]{3}|\[\^|:")


def is_prose(line: str) -> bool:
    """Tell whether a line is part of a paragraph: words that run on in the line beside it."""
    return bool(line) and _STRUCTURE.match(line) is None


def length_before(lines: Sequence[str]) -> int:
    """Return how many lines at the end of these belong to the paragraph that goes on after them."""
    return _run(reversed(lines))


def length_after(lines: Sequence[str]) -> int:
    """Return how many lines at the beginning of these belong to the paragraph before them."""
    return _run(iter(lines))


def stacked(upper: str, lower: str) -> str:
    """Put one text under another: two paragraphs stay two, items of one list stay one list."""
    if not upper or not lower:
        return upper or lower
    apart = is_prose(upper.rsplit("\n", 1)[-1]) and is_prose(lower.split("\n", 1)[0])
    return upper + ("\n\n" if apart else "\n") + lower


def _run(lines: Iterable[str]) -> int:
    count = 0
    for line in lines:
        if not is_prose(line):
            return count
        count += 1
        if count > LONGEST:
            return 0
    return count
