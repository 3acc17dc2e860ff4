"""Make the lines of a text ready for the block parser.

Why: the parser of the Markdown library is stricter than people expect (a sub-list needs four spaces, a list needs an
empty line before it, a code fence may not stand in a list) and it slows down with the square of some inputs. Both are
cured here, before it sees a line, in one pass over the text.

What must stay true: the work grows with the length of the text only; nothing a person typed disappears; the control
characters that the library uses as private marks cannot come in from outside.
"""

import re
from dataclasses import dataclass, field

# The library marks places in the text with these two; `clean` takes them out of what people typed.
MARK_OPEN, MARK_CLOSE = "\x02", "\x03"
# Stands for the "|" of [[target|label]] until the page is done, so that a table does not split on it.
PIPE = "\x1f"
# Deeper lists and quotations are shown at this depth. Real texts never come near; the parser recurses per level.
MAX_DEPTH = 8

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff\ufffe\uffff]")
# Blanks nobody sees; some patterns of the library are slow on long runs of them.
_TRAILING = re.compile(r"(?<! ) {3,}$", re.MULTILINE)
_WIDE = re.compile(r"(?<=\S) {60,}")
_WIKI_PIPE = re.compile(r"(\[\[[^\[\]|\n]{1,200}?)\\?\|(?=[^\[\]|\n]{1,300}\]\])")
_FENCE = re.compile(r"( *)(`{3,}(?=[^`]*$)|~{3,})")
_ITEM = re.compile(r"( *)([-*+]|\d{1,9}[.)])( +)(?=\S)")
_RULE = re.compile(r" {0,3}([-*_])(?: *\1){2,} *$")
_HEADING = re.compile(r"#{1,6}(?!#)")
_UNDERLINE = re.compile(r"(?:=+|-+) *$")
_TOO_DEEP = re.compile(rf"( *(?:(?:>|[-*+](?= )|\d{{1,9}}[.)](?= )) *){{{MAX_DEPTH}}})(?=>|[-*+] |\d{{1,9}}[.)] )")
_QUOTED_INDENT = re.compile(rf"((?: {{0,3}}>)+ {{{4 * MAX_DEPTH}}}) +")
_FENCE_MARK = re.compile(f"{MARK_OPEN}fence:([0-9]+){MARK_CLOSE}")


@dataclass(slots=True)
class Prepared:
    """The lines for the parser, and the code blocks that were lifted out of them."""

    lines: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)


def clean(text: str) -> str:
    """Normalise line ends, tabs and characters that no text needs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    text = _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))
    return _WIDE.sub(" " * 60, _TRAILING.sub("  ", text))


def prepare(text: str) -> Prepared:
    """Lift code fences out, separate blocks and bring nested lists to four spaces a level."""
    return _Scanner().scan(_WIKI_PIPE.sub(rf"\1{PIPE}", text.strip("\n")).split("\n"))


def code_number(text: str | None) -> int | None:
    """Return which code block this text stands for, or None when it is ordinary text."""
    match = _FENCE_MARK.fullmatch(text.strip()) if text and MARK_OPEN in text else None
    return int(match.group(1)) if match else None


def put_code_back(html: str, code: list[str]) -> str:
    """Replace marks that ended up inside other text (an indented block, a cell) by the code they stand for."""
    return _FENCE_MARK.sub(lambda match: code[int(match.group(1))], html) if MARK_OPEN in html else html


class _Scanner:
    """Walks over the lines once; keeps the open list items and whether the last line was empty."""

    def __init__(self) -> None:
        self.out = Prepared()
        # For each open list item: the column where its own text begins, and whether it is numbered.
        self.items: list[int] = []
        self.numbered: list[bool] = []
        self.blank = True

    def scan(self, lines: list[str]) -> Prepared:
        number = 0
        while number < len(lines):
            line = lines[number]
            fence = _FENCE.match(line)
            if fence and (len(fence.group(1)) < 4 or self._depth(len(fence.group(1)))):
                number = self._take_code(lines, number, fence)
            else:
                self._take(_bounded(line))
                number += 1
        return self.out

    def _take(self, line: str) -> None:
        stripped = line.strip()
        if not stripped:
            self._empty()
        elif _HEADING.match(line):
            self._alone(line)
        elif _RULE.match(line):
            self._rule(line)
        elif item := _ITEM.match(line):
            self._item(line, item)
        else:
            self._text(line, stripped)

    def _emit(self, line: str) -> None:
        self.out.lines.append(line)
        self.blank = False

    def _empty(self) -> None:
        self.out.lines.append("")
        self.blank = True

    def _alone(self, line: str) -> None:
        """Give a line a block of its own; that also ends a list."""
        self.items.clear()
        if not self.blank:
            self._empty()
        self._emit(line)
        self._empty()

    def _rule(self, line: str) -> None:
        if self.blank or self.items or not _UNDERLINE.match(line):
            self._alone(line)
        else:  # the underline of a heading stays with the line above it
            self._emit(line)
            self._empty()

    def _depth(self, indent: int) -> int:
        """Count the open items this indent belongs to."""
        return sum(1 for column in self.items if column <= indent)

    def _item(self, line: str, item: re.Match[str]) -> None:
        indent = len(item.group(1))
        depth = self._depth(indent)
        if not depth and indent > 3:
            self._text(line, line.strip())
            return
        marker = item.group(2).replace(")", ".")
        if not self.items and not self.blank:
            if marker[-1] == "." and marker != "1.":
                # "… in het jaar\n2026. Daarna …" is running text, not item 2026.
                self._text(line, line.strip())
                return
            self._empty()
        if self.numbered[depth : depth + 1] == [marker[-1] != "."] and len(self.items) > depth and not self.blank:
            self._empty()  # from bullets to numbers: another list
        del self.items[depth:]
        self.items.append(item.end() if len(item.group(3)) < 5 else item.end(2) + 1)
        self.numbered[depth:] = [marker[-1] == "."]
        self._emit(f"{'    ' * min(depth, MAX_DEPTH)}{marker} {line[item.end() :]}")

    def _text(self, line: str, stripped: str) -> None:
        indent = len(line) - len(line.lstrip(" "))
        if self.items:
            depth = self._depth(indent)
            if self.blank:
                del self.items[depth:]
            if depth:
                line = "    " * min(depth, MAX_DEPTH) + line[self.items[depth - 1] :]
        self._emit(line)
        if not self.items and _UNDERLINE.match(line):
            self._empty()

    def _take_code(self, lines: list[str], number: int, fence: re.Match[str]) -> int:
        """Lift one fenced block out and return the number of the line after it."""
        indent, mark = len(fence.group(1)), fence.group(2)
        close = re.compile(rf" *{re.escape(mark[0])}{{{len(mark)},}} *$")
        code: list[str] = []
        number += 1
        while number < len(lines) and not close.match(lines[number]):
            line = lines[number]
            code.append(line[min(indent, len(line) - len(line.lstrip(" "))) :])
            number += 1
        depth = self._depth(indent)
        del self.items[depth:]
        if not self.blank:
            self._empty()
        self._emit(f"{'    ' * min(depth, MAX_DEPTH)}{MARK_OPEN}fence:{len(self.out.code)}{MARK_CLOSE}")
        self._empty()
        self.out.code.append("\n".join(code))
        return number + 1


def _bounded(line: str) -> str:
    """Make what nests too deep on one line ("> > > …", "- - - …") plain text from there on."""
    deep = _TOO_DEEP.match(line)
    if deep and not _RULE.match(line):
        line = f"{deep[1]}\\{line[deep.end() :]}"
    indented = _QUOTED_INDENT.match(line)
    return f"{indented[1]}{line[indented.end() :]}" if indented else line
