"""Cut a text into blocks: a paragraph, a heading, a list, a table or a piece of code each. Pure.

What must stay true: the blocks are pieces of the text in their order, nothing but blank lines stands between them,
and a blank line inside code cuts nothing. Cutting costs time proportional to the text, for it is done for every
version of a page.
"""

import re
from functools import lru_cache

_BLANK = re.compile(r"\n(?:[^\S\n]*\n)+")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)
_HEADING = re.compile(r"#{1,6}(?!#)")


def split_blocks(text: str) -> list[str]:
    """Return the blocks of a text."""
    if "```" in text or "~~~" in text:
        return _with_code(text)
    blocks: list[str] = []
    for piece in _BLANK.split(text.strip("\n")):
        if "#" in piece and "\n" in piece:
            blocks += _without_headings(piece)
        elif piece and not piece.isspace():
            blocks.append(piece)
    return blocks


def _with_code(text: str) -> list[str]:
    """Cut a text in which code stands: what is between two fences stays whole."""
    blocks: list[str] = []
    start, after, fence, has_code = 0, 0, "", False
    for match in [*_BLANK.finditer(text), None]:
        end = match.start() if match else len(text)
        fence, saw = _fence_after(text[after:end], fence)
        has_code, after = has_code or saw, match.end() if match else end
        if fence and match:
            continue
        piece = text[start:end].strip("\n")
        if has_code:
            blocks.append(piece)
        elif piece and not piece.isspace():
            blocks += _without_headings(piece)
        start, has_code = after, False
    return blocks


def _fence_after(piece: str, fence: str) -> tuple[str, bool]:
    """Return the fence that is open after a piece (or nothing), and whether the piece has any."""
    saw = False
    for match in _FENCE.finditer(piece):
        saw = True
        if not fence:
            fence = match[1]
        elif match[1].startswith(fence):
            fence = ""
    return fence, saw


@lru_cache(maxsize=2048)
def _without_headings(piece: str) -> tuple[str, ...]:
    """Cut headings from the lines around them; Markdown lets them stand without blank lines."""
    parts: list[list[str]] = [[]]
    for line in piece.split("\n"):
        if _HEADING.match(line):
            parts += [[line], []]
        else:
            parts[-1].append(line)
    return tuple(joined for part in parts if (joined := "\n".join(part).strip("\n")))
