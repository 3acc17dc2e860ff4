"""Finish the element tree: headings, links, pictures, tables and task lists as our screens want them.

What must stay true: no recursion (a hostile text must not exhaust the stack); text is never dropped, at most the link
around it.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from proeftuin.markup.files import Files
from proeftuin.markup.lines import PIPE, code_number
from proeftuin.markup.sanitize import EXTERNAL_REL, is_own_file, is_safe_href
from proeftuin.markup.syntax import TASK, WIKI, literal
from proeftuin.markup.values import Heading, Labels, Link

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BLOCKS = {"blockquote", "dl", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "section", "table", "ul"}
_NUMBER = re.compile(r"(?:€ ?)?[+\-−–]?(?:€ ?)?\d[\d.,]*(?: ?(?:%|euro|uur))?")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[0-9a-zA-Z]{1,32});")
_ALIGN = {"right": "n", "center": "mid"}


@dataclass(slots=True)
class Shape:
    """One pass over one tree, with what it collects on the way."""

    links: Mapping[str, Link]
    labels: Labels
    scope: str
    code: list[str]
    files: Files
    headings: list[Heading] = field(default_factory=list)
    _ids: set[str] = field(default_factory=set)
    _counts: dict[str, int] = field(default_factory=dict)

    def finish(self, root: Element) -> None:
        """Change the tree in place."""
        headings = []
        for element, in_link in _walk(root):
            match element.tag:
                case "a":
                    self._link(element, in_link)
                case "img":
                    self._picture(element, in_link)
                case "table":
                    _table(element)
                case "ul":
                    self._tasks(element)
                case "pre":
                    _code_block(element)
                case "p":
                    self._paragraph(element)
                case tag if tag in _HEADINGS:
                    headings.append(element)
        lift = 2 - min((_HEADINGS[element.tag] for element in headings), default=2)
        for element in headings:  # only now: their text may hold a link that had no label before
            self._heading(element, min(_HEADINGS[element.tag] + lift, 6))

    def _heading(self, element: Element, level: int) -> None:
        """Put the level right (the page has its own h1) and give it an address."""
        text = visible_text(element)
        element.tag = f"h{level}"
        element.set("id", ident := self._unique(f"{self.scope}kop-{_slug(text)}"))
        self.headings.append(Heading(level, ident, text))

    def _unique(self, base: str) -> str:
        """Number an address that was given out before."""
        ident, count = base, self._counts.get(base, 0)
        while ident in self._ids:
            count += 1
            ident = f"{base}_{count + 1}"
        self._ids.add(ident)
        self._counts[base] = count
        return ident

    def _link(self, element: Element, in_link: bool) -> None:
        target = element.attrib.pop(WIKI, None)
        if target is not None:
            self._wiki_link(element, target, in_link)
            return
        href = decoded(element.get("href", ""))
        if not in_link and self.files.link(element, href):
            return
        if in_link or not is_safe_href(href):
            _make_plain(element)
            return
        element.set("href", href)
        if not href.startswith(("/", "#")):
            element.set("rel", EXTERNAL_REL)

    def _picture(self, element: Element, in_link: bool) -> None:
        """Show a picture of our own files; a link to any other, so that reading a page tells nobody."""
        src = decoded(element.get("src", ""))
        if self.files.show(element, src, in_link=in_link):
            return
        if is_own_file(src):
            element.set("src", src)
            element.set("loading", "lazy")
            return
        text = _unescaped(element.get("alt", "")) or src
        element.tag = "a" if src and not in_link and is_safe_href(src) and not src.startswith("#") else "span"
        element.attrib.clear()
        element.text = literal(text)
        if element.tag == "a":
            element.set("href", src)
            if not src.startswith("/"):
                element.set("rel", EXTERNAL_REL)

    def _wiki_link(self, element: Element, target: str, in_link: bool) -> None:
        link = self.links[target]
        if not element.text:
            element.text = target if link.label is None else literal(link.label)
        href = decoded(link.href)
        if in_link or not is_safe_href(href):
            _make_plain(element)
            return
        element.set("href", href)
        if not link.exists:
            element.set("class", "missing")
            words = self.labels.gone if link.is_gone else self.labels.missing
            SubElement(element, "span", {"class": "vh"}).text = words

    def _paragraph(self, element: Element) -> None:
        """Turn a paragraph that stands for a code fence into that code."""
        number = None if len(element) else code_number(element.text)
        if number is not None:
            element.tag, element.text = "pre", None
            SubElement(element, "code").text = literal(self.code[number] + "\n")

    def _tasks(self, element: Element) -> None:
        """Draw a list with at least one task in it as a list of boxes."""
        if not any(TASK in item.attrib for item in element):
            return
        element.set("class", "tasks")
        for item in element:
            state = item.attrib.pop(TASK, None)
            body = Element("div" if any(child.tag in _BLOCKS for child in item) else "span")
            body.text, children = item.text, list(item)
            item.text = None
            for child in children:
                item.remove(child)
            if state is None:
                SubElement(item, "span")
            else:
                self._box(item, body, done=state == "done")
            item.append(body)
            body.extend(children)

    def _box(self, item: Element, body: Element, *, done: bool) -> None:
        if done:
            item.set("class", "yes")
        SubElement(item, "i", {"class": "box-on" if done else "box"})
        hidden = SubElement(body, "span", {"class": "vh"})
        hidden.text = self.labels.done if done else self.labels.todo
        hidden.tail, body.text = body.text, None


def wiki_targets(root: Element) -> tuple[str, ...]:
    """List the targets of the wiki links in a tree, in reading order, each once."""
    return tuple(dict.fromkeys(link.attrib[WIKI] for link in root.iter("a") if WIKI in link.attrib))


def _unescaped(text: str) -> str:
    """Resolve character references, those with a semicolon: the serializer makes plain text of the others."""
    return _REFERENCE.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


def decoded(value: str) -> str:
    """Read an address as the browser will: character references may hide a scheme, also one in another."""
    for _ in range(4):
        plain = _unescaped(value)
        if plain == value:
            return value.strip()
        value = plain
    return ""


def visible_text(element: Element) -> str:
    """Give the text a reader sees: without note marks and without what is only read aloud."""
    parts: list[str] = []
    stack: list[Element | str] = [element]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            parts.append(item)
        elif item.tag != "sup" and item.get("class") != "vh":
            parts.append(item.text or "")
            for child in reversed(item):
                stack += (child.tail or "", child)
    return " ".join(_unescaped("".join(parts)).replace(PIPE, "|").split())


def _walk(root: Element) -> Iterator[tuple[Element, bool]]:
    """Give every element in reading order, and whether it stands inside a link that stays a link."""
    stack = [(root, False)]
    while stack:
        element, in_link = stack.pop()
        yield element, in_link
        inside = in_link or element.tag == "a"
        stack.extend((child, inside) for child in reversed(element))


def _slug(text: str) -> str:
    """Make the address of a heading: plain letters, figures and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))[:80].strip("-") or "deel"


def _make_plain(element: Element) -> None:
    """Keep the text of a link and drop the link."""
    element.tag = "span"
    element.attrib.clear()


def _code_block(element: Element) -> None:
    """End indented code with one line break."""
    if len(element) and element[0].text:
        element[0].text = literal(_unescaped(element[0].text).rstrip() + "\n")


def _table(table: Element) -> None:
    """Give the columns their classes: numbers to the right, also when the writer did not ask for it."""
    rows = list(table.iter("tr"))
    for column in zip(*rows, strict=False):
        head, *cells = column
        asked = _ALIGN.get(head.get("align", ""))
        texts = [text for cell in cells if (text := visible_text(cell))]
        numeric = bool(texts) and "align" not in head.attrib and all(_NUMBER.fullmatch(text[:40]) for text in texts)
        for cell in column:
            cell.attrib.clear()
            if name := asked or ("n" if numeric else None):
                cell.set("class", name)
        if head.text or len(head):
            head.set("scope", "col")
        else:  # nothing to name
            head.tag = "td"
