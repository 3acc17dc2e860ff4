"""Judge rendered HTML by what a browser would make of it, with a list of its own (not the sanitizer's)."""

import re
from collections.abc import Iterator
from typing import Any

import html5lib

TEXT_TAGS = {
    *(
        "a",
        "blockquote",
        "br",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
    ),
    *("li", "ol", "p", "pre", "section", "span", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {
    "a": {"href", "title", "rel", "class", "id", "aria-label"},
    "img": {"src", "alt", "title", "loading", "width", "height"},
    "ol": {"start"},
    "ul": {"class"},
    "li": {"class", "id"},
    "td": {"class"},
    "th": {"class", "scope"},
    "span": {"class"},
    "pre": {"class"},
    "section": {"class", "id", "aria-label"},
    "i": {"class"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
CLASSES = {"missing", "about", "n", "mid", "notes", "tasks", "yes", "vh", "plain", "box", "box-on"}
ID = re.compile(r"([a-z][a-z0-9]*-)?(kop-[a-z0-9_-]+|noot-\d+(-r\d+)?|noten)")
HREF = re.compile(r"https?://[^/\\]|mailto:|tel:|/([^/\\]|$)|#", re.IGNORECASE)
EXTERNAL = re.compile(r"https?:|mailto:|tel:", re.IGNORECASE)


def elements(html: str) -> Iterator[Any]:
    """Give every element of the parsed fragment."""
    for item in html5lib.parseFragment(html, namespaceHTMLElements=False).iter():
        if item.tag != "DOCUMENT_FRAGMENT":
            yield item


def complaints(html: str) -> list[str]:
    """List everything in the HTML that no text may bring about."""
    found: list[str] = []
    ids: set[str] = set()
    for item in elements(html):
        tag = item.tag
        if not isinstance(tag, str):  # a comment
            found.append(f"comment {item.text!r}")
            continue
        if tag not in TEXT_TAGS | {"i"}:
            found.append(f"tag {tag}")
        for name, value in item.attrib.items():
            if name not in ATTRIBUTES.get(tag, ()):
                found.append(f"attribute {tag}.{name}")
            elif not _value_is_fine(tag, name, value):
                found.append(f"value {tag}.{name}={value!r}")
        if "id" in item.attrib:
            found += [f"id twice: {item.get('id')}"] if item.get("id") in ids else []
            ids.add(item.get("id"))
        if tag == "a" and EXTERNAL.match(item.get("href", "")) and "noopener" not in item.get("rel", ""):
            found.append("link out without rel")
    return found


def _value_is_fine(tag: str, name: str, value: str) -> bool:
    if name == "class":
        return value in CLASSES
    if name == "id":
        return bool(ID.fullmatch(value))
    if name == "href":
        return bool(HREF.match(value))
    if name == "src":
        return bool(re.match(r"/[^/\\]|/$", value))
    return True
