"""Tables of a wikitext: rows of cells, when they are as simple as ours.

A table with joined cells, or with a table, a list or a line break in a cell, has no counterpart in Markdown.
"""

from __future__ import annotations

import re

_JOINED = re.compile(r"\b(?:row|col)span\s*=", re.I)
_PAIR = r"[\w-]+\s*=\s*(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s|\"']+)"
_ATTRIBUTES = re.compile(rf"^\s*{_PAIR}(?:\s+{_PAIR})*\s*\|(?!\|)")
_CELLS = {"|": re.compile(r"\|\|"), "!": re.compile(r"!!|\|\|")}
_LINK = re.compile(r"\[\[[^\[\]\n]*\]\]")


def table(source: str) -> list[list[str]] | None:
    """Return the rows of what stands between `{|` and `|}`, the heading first, or None when it is not simple."""
    lines = source.split("\n")[1:]  # the first line holds attributes only
    if "{|" in source or _JOINED.search(source):
        return None
    rows: list[tuple[bool, list[str]]] = [(False, [])]
    caption = ""
    for raw in lines:
        line = raw.strip()
        if line.startswith("|+"):
            caption = _without_attributes(line[2:])
        elif line.startswith("|-"):
            rows.append((False, []))
        elif line[:1] in _CELLS:
            is_head, cells = rows[-1]
            rows[-1] = (is_head or (line[0] == "!" and not cells), cells + _cells(line))
        elif line:
            return None  # a cell goes on over lines: a list, a paragraph
    filled = [(is_head, cells) for is_head, cells in rows if cells]
    return _rectangle(filled, caption) if filled else None


def _cells(line: str) -> list[str]:
    """Return the cells of a line; a bar inside a link is no border."""
    links: list[str] = []

    def hide(found: re.Match[str]) -> str:
        links.append(found[0])
        return f"\ue004{len(links) - 1}\ue005"

    hidden = _LINK.sub(hide, line[1:])
    cells = [_without_attributes(cell) for cell in _CELLS[line[0]].split(hidden)]
    return [re.sub("\ue004([0-9]+)\ue005", lambda mark: links[int(mark[1])], cell).strip() for cell in cells]


def _without_attributes(cell: str) -> str:
    return _ATTRIBUTES.sub("", cell, count=1).strip()


def _rectangle(rows: list[tuple[bool, list[str]]], caption: str) -> list[list[str]] | None:
    width = max(len(cells) for _is_head, cells in rows)
    if width > 20 or any("\n" in cell for _is_head, cells in rows for cell in cells):
        return None
    full = [cells + [""] * (width - len(cells)) for _is_head, cells in rows]
    if not rows[0][0]:
        full.insert(0, [caption, *[""] * (width - 1)])
    elif caption:
        full[0][0] = f"{caption}: {full[0][0]}" if full[0][0] else caption
    return full
