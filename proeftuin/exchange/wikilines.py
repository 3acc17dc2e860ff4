"""The lines of a wikitext: headings, lists, quotations, rules, code and tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_LIST = re.compile(r"([*#:;]{1,40})\s*(.*)$")
_RULE = re.compile(r"-{4,}(.*)$")
_LEAD = re.compile(r"(\s*)([#>+]|[-=](?=\s|=|-)|\d{1,9}[.)](?=\s)|:(?=\s))")
_BACKTICKS = re.compile("`+")
_MARKS_ONLY = re.compile("^\\s*(?:\ue000[0-9]+\ue001\\s*)*$")

ROW, CELL, BREAK = "\ue002", "\ue003", "\ue00a"
"""The first sign of a row of a table, the sign between its cells, and the break in a line."""

Words = Callable[[str], str]


def shape(text: str, words: Words, cells: Words) -> str:
    """Return the lines as Markdown; `words` turns the words of a line, `cells` those of a cell of a table."""
    out: list[str] = []
    kind_before = ""
    code: list[str] = []
    for line in [*text.split("\n"), ""]:
        if line.startswith(" ") and line.strip() and not _MARKS_ONLY.match(line):
            code.append(line[1:])
            continue
        if code:
            out += _code(code)
            code, kind_before = [], ""
        for kind, shaped in _shaped(line, words, cells):
            if out and out[-1] and shaped and _needs_room(kind, shaped, kind_before):
                out.append("")
            out.append(shaped.replace(BREAK, "  \n" if kind == "text" else " "))
            if kind == "table" and kind_before != "table":
                out.append(f"|{' --- |' * (line.count(CELL) + 1)}")
            kind_before = _follows(kind, shaped, kind_before)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out))


def _needs_room(kind: str, shaped: str, before: str) -> bool:
    """Return whether an empty line must stand between: blocks of different kinds, except what goes on in a list."""
    if before.startswith("list") and (kind == "more" or (kind.startswith("list") and shaped.startswith(" "))):
        return False
    return kind != before or kind == "heading"


def _follows(kind: str, shaped: str, before: str) -> str:
    """Return what the next line is compared with; a list deeper down belongs to the list above it."""
    return before if before.startswith("list") and shaped.startswith("    ") else kind


def _code(lines: list[str]) -> list[str]:
    """Return lines that began with a space as they stood."""
    longest = max((len(run) for line in lines for run in _BACKTICKS.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return ["", fence, *lines, fence, ""]


def _shaped(line: str, words: Words, cells: Words) -> Iterator[tuple[str, str]]:
    """Give what a line becomes, with its kind: blocks of different kinds need an empty line between."""
    if line.startswith(ROW):
        yield "table", f"| {' | '.join(cells(cell) for cell in line[1:].split(CELL))} |"
    elif level := _level(line):
        yield "heading", f"{'#' * level} {words(line.rstrip()[level:-level].strip())}"
    elif rule := _RULE.match(line):
        yield "rule", "---"
        if rule[1].strip():
            yield "text", _safe_start(words(rule[1].strip()))
    elif item := _LIST.match(line):
        yield from _item(item[1], item[2], words)
    else:
        yield "text", _safe_start(words(line.rstrip()))


def _level(line: str) -> int:
    """Return the level of a heading, 0 for another line."""
    line = line.rstrip()
    left, right = len(line) - len(line.lstrip("=")), len(line) - len(line.rstrip("="))
    level = min(left, right, 6)
    return level if line[level : len(line) - level].strip("= ") else 0


def _item(marks: str, rest: str, words: Words) -> Iterator[tuple[str, str]]:
    """Give an item of a list; the last mark says of which kind, the number of marks how deep."""
    last, depth = marks[-1], len(marks) - 1
    if last == ";":
        term, colon, meaning = rest.partition(" : ")
        yield "term", f"**{words(term)}**" if term.strip() else ""
        if colon:
            yield "quote", f"> {words(meaning)}"
        return
    if set(marks) <= {":", ";"}:
        yield "quote", f"{'> ' * min(len(marks), 6)}{words(rest)}"
        return
    if last == ":":  # the item above goes on
        yield "more", f"{'    ' * max(depth, 1)}{words(rest)}"
        return
    sign = "1." if last == "#" else "-"
    yield f"list {sign}", f"{'    ' * depth}{sign} {words(rest)}"


def _safe_start(line: str) -> str:
    """Return a line of text that Markdown does not take for a heading, a list or a quotation."""
    lead = _LEAD.match(line)
    if lead is None:
        return line
    sign = lead[2]
    return f"{lead[1]}{sign[:-1]}\\{sign[-1]}{line[lead.end() :]}"
