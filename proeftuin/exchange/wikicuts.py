"""What of a wikitext must not be read as text: it is cut out first and put back last.

Code, comments, templates and tables hold signs that mean something else there. What must stay true: one pass over
the text, also when a thousand things begin and none ends; a piece that does not end is text.
"""

from __future__ import annotations

import html
import re
import string
from collections.abc import Iterator

from proeftuin.exchange.wikitables import table

_OPEN = re.compile(
    r"<!--|\{\{|\{\||<(nowiki|pre|syntaxhighlight|source|math|code|tt|ref|gallery|references)\b([^<>]{0,300}?)(/?)>",
    re.I,
)
_MARK = re.compile("\ue000([0-9]+)\ue001")
_OURS = re.compile("[\ue000-\ue00a]")  # signs for private use, which the modules about wikitext use as marks
_BRACES = re.compile(r"\{\{|\}\}")
_NAME = re.compile(r"""name\s*=\s*(?:"([^"]{1,80})"|'([^']{1,80})'|([^\s"'/>]{1,80}))""", re.I)
_LANGUAGE = re.compile(r"""lang\s*=\s*["']?([\w+#-]{1,20})""", re.I)
_SMALL = {ord(letter): ord(letter.lower()) for letter in string.ascii_uppercase}
_BACKTICKS = re.compile("`+")


class Cuts:
    """The pieces that were cut out, and the notes that were found on the way."""

    def __init__(self) -> None:
        self.text = ""
        self._pieces: list[str] = []
        self._notes: dict[str, str] = {}
        self._count = 0

    def keep(self, piece: str) -> str:
        """Put a piece of ready Markdown aside and return the mark that stands for it."""
        self._pieces.append(piece)
        return f"\ue000{len(self._pieces) - 1}\ue001"

    def note(self, attributes: str, body: str | None) -> str:
        """Remember a note and return how the text refers to it; a name stands for one note."""
        named = _NAME.search(attributes)
        given = next(filter(None, named.groups()), "") if named else ""
        name = "-".join(re.findall(r"[\w]+", given.lower()))
        if not name:
            self._count += 1
            name = f"n{self._count}"
            while name in self._notes:
                self._count += 1
                name = f"n{self._count}"
        if body or name not in self._notes:
            self._notes[name] = self._notes.get(name) or (body or "")
        return self.keep(f"[^{name}]")

    def notes(self) -> Iterator[tuple[str, str]]:
        """Give the notes by name."""
        yield from self._notes.items()

    def put_back(self, text: str) -> str:
        """Return a text with the pieces in the places of their marks; pieces may stand in pieces."""
        for _level in range(6):
            changed = _MARK.sub(lambda mark: self._piece(int(mark[1])), text)
            if changed == text:
                break
            text = changed
        return text

    def _piece(self, number: int) -> str:
        return self._pieces[number] if number < len(self._pieces) else ""


def code_span(piece: str) -> str:
    """Return a piece on one line as code that shows every sign of it."""
    line = " ".join(piece.split())
    fence = "`" * (max((len(run) for run in _BACKTICKS.findall(line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}" if line else ""


def code_block(piece: str, language: str = "") -> str:
    """Return a piece as a block of code."""
    fence = "`" * max(3, max((len(run) for run in _BACKTICKS.findall(piece)), default=0) + 1)
    body = piece.strip("\n")
    return f"\n\n{fence}{language}\n{body}\n{fence}\n\n"


def shown(piece: str) -> str:
    """Return a piece that has no counterpart: readable, and not read as text."""
    return code_block(piece) if "\n" in piece.strip() else code_span(piece)


def cut(text: str, misfits: list[tuple[str, str]]) -> Cuts:
    """Cut a wikitext."""
    text = _OURS.sub("", text)
    cuts = Cuts()
    cuts.text = _Cutter(text, misfits, cuts).cut()
    return cuts


class _Cutter:
    """One pass over one text."""

    def __init__(self, text: str, misfits: list[tuple[str, str]], cuts: Cuts) -> None:
        self.text = text
        # Some letters change length when they are made small; the tags looked for have only plain ones.
        self.lower = text.translate(_SMALL)
        self.misfits = misfits
        self.cuts = cuts
        self.absent: set[str] = set()  # ends of which there is none in the rest of the text
        self.ends = _matching_braces(text)

    def cut(self) -> str:
        """Return the text with marks for its pieces."""
        done: list[str] = []
        at = 0
        while found := _OPEN.search(self.text, at):
            done.append(self.text[at : found.start()])
            piece, at = self._piece(found)
            done.append(piece)
        done.append(self.text[at:])
        return "".join(done)

    def _piece(self, found: re.Match[str]) -> tuple[str, int]:
        """Return what stands in the place of a piece, and where the text goes on."""
        opening = found[0]
        if opening == "<!--":
            return self._plain(found, "-->", "comment")
        if opening == "{{":
            end = self.ends.get(found.start())
            return self._misfit("template", found.start(), end) if end else (opening, found.end())
        if opening == "{|":
            return self._table(found)
        return self._tag(found)

    def _plain(self, found: re.Match[str], closing: str, what: str) -> tuple[str, int]:
        end = self._find(closing, found.end())
        if end < 0:
            return found[0], found.end()
        return self._misfit(what, found.start(), end + len(closing))

    def _misfit(self, what: str, start: int, end: int) -> tuple[str, int]:
        piece = self.text[start:end]
        self.misfits.append((what, piece))
        return self.cuts.keep(shown(piece)), end

    def _find(self, closing: str, start: int) -> int:
        if closing in self.absent:
            return -1
        end = self.lower.find(closing, start)
        if end < 0:
            self.absent.add(closing)
        return end

    def _table(self, found: re.Match[str]) -> tuple[str, int]:
        line_start = self.text.rfind("\n", max(0, found.start() - 100), found.start()) + 1
        is_first = not self.text[line_start : found.start()].strip(" :*") and (line_start or found.start() < 100)
        end = self._find("\n|}", found.end()) if is_first else -1
        if end < 0:
            return found[0], found.end()
        inner = _Cutter(self.text[found.end() : end], self.misfits, self.cuts).cut()  # a bar inside them is no border
        rows = table(inner)
        if rows is None:
            return self._misfit("table", found.start(), end + 3)
        return "\n\n" + "\n".join(_row(row) for row in rows) + "\n\n", end + 3

    def _tag(self, found: re.Match[str]) -> tuple[str, int]:
        name, attributes, closed = found[1].lower(), found[2], found[3]
        if name == "references":
            end = self._find("</references>", found.end()) if not closed else -1
            return "", end + 13 if end >= 0 and not self.text[found.end() : end].strip() else found.end()
        if closed:
            return (self.cuts.note(attributes, None) if name == "ref" else ""), found.end()
        end = self._find(f"</{name}>", found.end())
        if end < 0:
            return found[0], found.end()
        body, after = self.text[found.end() : end], end + len(name) + 3
        if name in ("math", "gallery"):
            return self._misfit(name, found.start(), after)
        if name == "ref":
            return self.cuts.note(attributes, body), after
        return self.cuts.keep(_code(name, attributes, body)), after


def _row(cells: list[str]) -> str:
    return "\ue002" + "\ue003".join(cells)


def _code(name: str, attributes: str, body: str) -> str:
    if name == "nowiki":
        return escaped(html.unescape(body))
    if name in ("code", "tt"):
        return shown(html.unescape(body)) if body.strip() else ""
    language = _LANGUAGE.search(attributes)
    return code_block(html.unescape(body) if name == "pre" else body, language[1] if language else "")


_ACTIVE = re.compile(r"([\\`*\[\]]|~~|(?<![^\W_])_|_(?![^\W_]))")


def escaped(text: str) -> str:
    """Return running text with the signs escaped that mean something in Markdown."""
    return _ACTIVE.sub(lambda found: "".join(f"\\{sign}" for sign in found[1]), text)


def _matching_braces(text: str) -> dict[int, int]:
    """Return where each outermost `{{` that is closed ends; found with a stack, in one pass."""
    ends: dict[int, int] = {}
    stack: list[int] = []
    for found in _BRACES.finditer(text):
        if found[0] == "{{":
            stack.append(found.start())
        elif stack:
            ends[stack.pop()] = found.end()
    return ends
