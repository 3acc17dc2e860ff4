"""Safe HTML as a tree, and back: for who must put something into a text that was rendered already.

What must stay true: what is written holds only the tags and attributes that `sanitize` lets through, and the two
marks of this file (`ins` and `del`, with the classes of a block that came or went); every text and value is escaped
while it is written. Only what `render` returned is read.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from html.parser import HTMLParser

from markupsafe import Markup

from proeftuin.markup.sanitize import TAGS, is_kept

MARKS = frozenset({"ins", "del"})
VOID = frozenset({"br", "hr", "img"})
CAME, WENT = "is", "was"
# Deeper elements are read as the text in them. The renderer never comes near.
_DEEPEST = 60
_WRITTEN = TAGS | MARKS | {"s"}


@dataclass(slots=True)
class Element:
    """An element; `state` is CAME or WENT for a block that is new or gone as a whole."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    state: str = ""


Node = Element | str


def read_html(safe: Markup) -> list[Node]:
    """Return rendered HTML as nodes."""
    reader = _Reader()
    reader.feed(str(safe))
    reader.close()
    return reader.root.children


def write_html(nodes: list[Node], *, first_mark: str = "") -> Markup:
    """Return nodes as HTML. An id is written once; the first mark gets `first_mark` as its id."""
    writer = _Writer(first_mark)
    writer.write(nodes)
    return Markup("".join(writer.parts))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        if len(self.open) <= _DEEPEST:
            self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element if len(self.open) <= _DEEPEST else self.open[-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


class _Writer:
    def __init__(self, first_mark: str) -> None:
        self.parts: list[str] = []
        self.first_mark = first_mark
        self.ids: set[str] = set()

    def write(self, nodes: list[Node]) -> None:
        for node in nodes:
            if isinstance(node, str):
                self.parts.append(html.escape(node, quote=False))
            elif node.tag in _WRITTEN:
                self._element(node)

    def _element(self, element: Element) -> None:
        self.parts.append(f"<{element.tag}")
        for name, value in self._attributes(element):
            self.parts.append(f' {name}="{html.escape(value)}"')
        self.parts.append(">")
        if element.tag not in VOID:
            self.write(element.children)
            self.parts.append(f"</{element.tag}>")

    def _attributes(self, element: Element) -> list[tuple[str, str]]:
        kept = {name: value for name, value in element.attributes.items() if is_kept(element.tag, name, value)}
        if element.state in (CAME, WENT):
            kept["class"] = f"{kept['class']} {element.state}" if "class" in kept else element.state
        if element.tag in MARKS and self.first_mark:
            kept["id"], self.first_mark = self.first_mark, ""
        if kept.get("id") in self.ids:
            del kept["id"]
        self.ids.add(kept.get("id", ""))
        return list(kept.items())
