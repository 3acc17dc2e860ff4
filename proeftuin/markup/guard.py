"""Refuse texts on which the parser would take too long, at the last moment before it would.

Why: the time of the Markdown library grows with the square of some inputs (every "[" may search the rest of its
paragraph). The limits are on counted work, not on time, so the same text is always judged the same. They were set by
measuring (`tests/markup/test_hostile.py`); a page of the greatest length that people write stays far below each.

What must stay true: judging costs time proportional to the length of the text.
"""

import re
from collections import Counter
from collections.abc import Iterable
from xml.etree.ElementTree import Element

MAX_CHARACTERS = 100_000
MAX_LINES = 5_000
MAX_HTML_SIGNS = 20_000
# Definitions of links, of notes, and of terms: the library goes through all of them for each.
MAX_DEFINITIONS = 300
MAX_NOTE_MARKS = 600
MAX_CELLS = 8_000
MAX_ELEMENTS = 15_000
MAX_SIGNS = 15_000
# Steps of the library's own search loops; about 15 million take a second.
MAX_STEPS = 10_000_000

_DEFINITION = re.compile(r" {0,3}(?:\[[^\]\n]*\]:|:(?= ))")
_TABLE_LINE = re.compile(r"[|:\- ]+")
_TICKS = re.compile(r"`+")
_BRACKET = re.compile(r"\]\(|[\[\]]")
# A destination without anything that makes the library search further than its closing bracket.
_PLAIN_DESTINATION = re.compile(r"\(\s*<?[^\s()<>'\"]*(?:\([^\s()<>'\"]*\)[^\s()<>'\"]*)*>?\s*(?:\"[^\"()]*\"\s*)?\)")
_SIGNS = re.compile(r"\\|\[|`+|~~|<|https?:|[*_]+")
_EMPHASIS = re.compile(r"\*+|_+")


class TooHeavyError(Exception):
    """The text would take too long to lay out; show it as typed."""


def check_length(text: str) -> None:
    """Judge the length, before anything else is done; raises TooHeavyError."""
    _require(len(text), MAX_CHARACTERS)


def check_text(text: str) -> None:
    """Judge the length after tabs became spaces, and the signs that cost most to clean; raises TooHeavyError."""
    check_length(text)
    _require(sum(map(text.count, "&<>")), MAX_HTML_SIGNS)


def check_lines(lines: Iterable[str]) -> None:
    """Judge what the block parser will meet; raises TooHeavyError."""
    count = definitions = marks = ticks = cells = width = 0
    previous = ""
    for line in lines:
        stripped = line.strip()
        if not stripped:
            width, previous = 0, ""
            continue
        count += 1
        definitions += bool(_DEFINITION.match(line))
        marks += line.count("[^")
        if "`" in line:
            runs = len(_TICKS.findall(line))
            ticks += runs * (runs + line.count("|"))
        if "|" in previous and _TABLE_LINE.fullmatch(stripped):
            width = previous.count("|") + 1
        cells += width
        previous = stripped
    _require(count, MAX_LINES)
    _require(definitions, MAX_DEFINITIONS)
    _require(marks, MAX_NOTE_MARKS)
    _require(ticks, MAX_STEPS)
    _require(cells, MAX_CELLS)


def check_blocks(root: Element) -> None:
    """Judge each run of text that is about to be searched for links and emphasis; raises TooHeavyError."""
    steps = signs = 0
    for element in root.iter():
        for text in (element.text, element.tail):
            # Text that is already HTML (code) is not searched; it is the only subclass of str here.
            if text and type(text) is str:
                found = len(_SIGNS.findall(text))
                # For each link, code span and so on the library copies the whole text.
                steps += _steps(text) + found * len(text) // 40
                signs += found
                _require(steps, MAX_STEPS)
                _require(signs, MAX_SIGNS)
    check_tree(root)


def check_tree(root: Element) -> None:
    """Judge the size of the result: cleaning takes time for every element; raises TooHeavyError."""
    _require(sum(1 for _ in root.iter()), MAX_ELEMENTS)


def _require(value: int, limit: int) -> None:
    if value > limit:
        raise TooHeavyError


def _steps(text: str) -> int:
    """Estimate the search steps in one run of text."""
    steps = len(text)
    if "[" in text:
        steps += _bracket_steps(text)
    if "`" in text:
        steps += _tick_steps(text)
    if "*" in text or "_" in text:
        steps += len(_EMPHASIS.findall(text)) ** 2
    return steps


def _bracket_steps(text: str) -> int:
    """Count how far the search for the end of each link text and destination runs; each is done three times."""
    steps, open_at = 0, []
    for match in _BRACKET.finditer(text):
        if match[0] == "[":
            open_at.append(match.start())
            continue
        if open_at:
            steps += match.start() - open_at.pop()
        if match[0] == "](":
            plain = _PLAIN_DESTINATION.match(text, match.end() - 1)
            steps += (plain.end() if plain else len(text)) - match.start()
    return 3 * (steps + sum(len(text) - start for start in open_at))


def _tick_steps(text: str) -> int:
    """Count how far the search for the end of each code span runs, when it runs in vain."""
    runs = [(match.start(), len(match[0])) for match in _TICKS.finditer(text)]
    left = Counter(length for _, length in runs)
    steps = 0
    for start, length in runs:
        left[length] -= 1
        if not left[length]:  # nothing closes it; the library then tries again from each next tick
            steps += length * (len(text) - start)
    return steps
