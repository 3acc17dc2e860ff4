"""The words of a line of wikitext: bold and italic, links, and the tags that only say how it looks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache

from proeftuin.exchange.wikicuts import code_span, escaped

Misfit = tuple[str, str]

_PIECE = re.compile(
    r"(?P<quotes>'{2,5})"
    r"|(?P<wiki>\[\[(?:[^\[\]\n]|\[\[[^\[\]\n]{0,500}\]\]|\[[^\[\]\n]{0,500}\]){1,2000}\]\])"
    r"|\[(?P<url>(?:https?:)?//[^\s\[\]<>\"]{1,1000}|mailto:[^\s\[\]<>\"]{1,300})(?P<label>\s[^\[\]\n]{0,1000})?\]"
    r"|(?P<bare>https?://[^\s\[\]<>\"'|]{3,1000})"
    r"|(?P<tag></?(?P<name>[a-zA-Z][a-zA-Z0-9]{0,20})\b[^<>\n]{0,500}>)"
    r"|(?P<magic>__[A-Z]{3,30}__)"
    r"|(?P<mark>\ue000[0-9]+\ue001)"
)
_NO_PAGE = re.compile(r"(file|image|bestand|afbeelding|media|category|categorie|special|speciaal)\s*:", re.I)
_OTHER_WIKI = re.compile(r"([a-z]{2,3}(?:-[a-z]{2,8})?|w|wikt|commons|meta):(?=\S)")
_FILES = {"file", "image", "bestand", "afbeelding", "media"}
_CATEGORIES = {"category", "categorie"}
_SIGNS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "strike": "~~"}
_LOOKS = {"span", "div", "small", "big", "u", "font", "center", "sup", "sub", "p", "ins", "abbr", "cite", "section"}
_BREAKS = {"br", "hr"}


_REMEMBERED = 2_000
"""Longer lines are rare, and would fill the memory."""


def words(line: str, misfits: list[Misfit]) -> str:
    """Return a line as Markdown."""
    text, found = _known(line) if len(line) < _REMEMBERED else _worded(line)
    misfits.extend(found)
    return text


def _worded(line: str) -> tuple[str, tuple[Misfit, ...]]:
    out: list[str] = []
    misfits: list[Misfit] = []
    emphasis = _Emphasis()
    at = 0
    for found in _PIECE.finditer(line):
        out.append(_text(line[at : found.start()]))
        out.extend(_piece(found, emphasis, misfits))
        at = found.end()
    out.append(_text(line[at:]))
    out.append(emphasis.close())
    return _tidy("".join(out)), tuple(misfits)


_known = lru_cache(maxsize=4096)(_worded)  # most lines of a version stood in the one before


def _text(text: str) -> str:
    return escaped(html.unescape(text))


class _Emphasis:
    """What is bold and italic so far; both end with the line."""

    def __init__(self) -> None:
        self._open: list[str] = []

    def toggle(self, count: int) -> Iterator[str]:
        """Give the signs for a number of apostrophes: two italic, three bold, five both."""
        if count == 4:  # one is an apostrophe
            yield "'"
            count = 3
        wanted = {2: ["*"], 3: ["**"], 5: ["**", "*"]}[count]
        closing = [sign for sign in reversed(self._open) if sign in wanted]
        for sign in closing:
            yield from self._end(sign)
        for sign in wanted:
            if sign not in closing:
                self._open.append(sign)
                yield f"\ue006{sign}\ue007"

    def _end(self, sign: str) -> Iterator[str]:
        """End one kind; what was opened later inside it ends and begins again."""
        inner = self._open[self._open.index(sign) + 1 :]
        for each in reversed(inner):
            yield f"\ue008{each}\ue009"
        yield f"\ue008{sign}\ue009"
        self._open.remove(sign)
        for each in inner:
            yield f"\ue006{each}\ue007"

    def close(self) -> str:
        """Return the signs that end whatever is still open."""
        return "".join(f"\ue008{sign}\ue009" for sign in reversed(self._open))


_OPENING = re.compile("\ue006(\\*+|~~)\ue007(\\s*)")
_CLOSING = re.compile("(?<!\\s)(\\s*)\ue008(\\*+|~~)\ue009")
_EMPTY = re.compile("\ue006(\\*+|~~)\ue007(\\s*)\ue008\\1\ue009")


def _tidy(line: str) -> str:
    """Let signs touch the words they are about: Markdown asks for that, wikitext does not."""
    if "\ue006" not in line and "\ue008" not in line:
        return line
    for _round in range(3):
        line = _EMPTY.sub(r"\2", line)
    line = _CLOSING.sub(r"\2\1", line)
    return _OPENING.sub(r"\2\1", line)


def _piece(found: re.Match[str], emphasis: _Emphasis, misfits: list[Misfit]) -> Iterator[str]:
    kind = found.lastgroup if found.lastgroup not in ("label", "name") else ("url" if found["url"] else "tag")
    if found["quotes"]:
        yield from emphasis.toggle(len(found["quotes"]))
    elif found["wiki"]:
        yield _wiki_link(found["wiki"], misfits)
    elif found["url"]:
        yield _link(found["url"], (found["label"] or "").strip())
    elif found["bare"]:
        yield found["bare"]
    elif found["magic"]:
        misfits.append(("magic", found["magic"]))
        yield code_span(found["magic"])
    elif kind == "tag":
        yield _tag(found, misfits)
    else:
        yield found[0]


def _link(url: str, label: str) -> str:
    address = url.replace("(", "%28").replace(")", "%29")
    address = f"https:{address}" if address.startswith("//") else address
    if not label:
        return f"<{address}>" if address.startswith("mailto:") else address
    return f"[{_text(label)}]({address})"


def _wiki_link(source: str, misfits: list[Misfit]) -> str:
    inner = source[2:-2]
    target, bar, label = inner.partition("|")
    target = " ".join(html.unescape(target).replace("_", " ").split())
    named = _NO_PAGE.match(target) or _OTHER_WIKI.match(target)
    if named:
        what = named[1].lower()
        name = "file" if what in _FILES else "category" if what in _CATEGORIES else "interwiki"
        misfits.append((name, source))
        return code_span(source)
    page, _hash, _section = target.lstrip(":").strip().partition("#")
    words_shown = " ".join(html.unescape(label if bar else target.lstrip(":")).replace("''", "").split())
    if not page.strip():
        return escaped(words_shown or target)
    if any(sign in words_shown + page for sign in "[]|{}<>") or len(page) > 200 or len(words_shown) > 300:
        misfits.append(("link", source))
        return code_span(source)
    page = page.strip()
    return f"[[{page}]]" if words_shown in ("", page) else f"[[{page}|{words_shown}]]"


def _tag(found: re.Match[str], misfits: list[Misfit]) -> str:
    name, is_end = found["name"].lower(), found["tag"].startswith("</")
    if name in _SIGNS:
        sign = _SIGNS[name]
        return f"\ue008{sign}\ue009" if is_end else f"\ue006{sign}\ue007"
    if name in _BREAKS:
        return "\ue00a"
    if name in _LOOKS:
        if not is_end:
            misfits.append(("tag", found["tag"]))
        return ""
    misfits.append(("tag", found["tag"]))
    return code_span(found["tag"])
