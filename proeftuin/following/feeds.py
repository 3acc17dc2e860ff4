"""Changes as an Atom feed (RFC 4287).

What must stay true: the id of an entry never changes, whatever happens to titles and addresses, so a feed reader
shows an event once; every link is absolute and begins with the configured address, never with what a client sent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from proeftuin.following import sentences
from proeftuin.following.changes import Change

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
ENTRIES = 50
OWNED_SINCE = "2026"
"""The year in the tags (RFC 4151): one in which the host was ours. It must not change."""
EMPTY_SINCE = datetime(2026, 1, 1, tzinfo=UTC)

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ET.register_namespace("", NAMESPACE)


def updated_at(changes: Sequence[Change]) -> datetime:
    """Return the moment of the newest change; a fixed one when there is none."""
    return max((change.at for change in changes), default=EMPTY_SINCE)


def atom(changes: Sequence[Change], *, base_url: str, title: str, path: str, page: str, language: str) -> bytes:
    """Return some changes as a feed. `path` is the feed's own address, without a key; `page` that of the page."""
    feed = ET.Element(_name("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": language})
    _add(feed, "id", _tag(base_url, path))
    _add(feed, "title", title)
    _add(feed, "updated", _moment(updated_at(changes)))
    ET.SubElement(feed, _name("link"), rel="self", type=MEDIA_TYPE, href=base_url + path)
    ET.SubElement(feed, _name("link"), rel="alternate", type="text/html", href=base_url + page)
    for change in changes:
        _entry(feed, change, base_url)
    text: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text


def _entry(feed: ET.Element, change: Change, base_url: str) -> None:
    entry = ET.SubElement(feed, _name("entry"))
    _add(entry, "id", _tag(base_url, f"/gebeurtenis/{change.id}"))
    _add(entry, "title", sentences.in_text(change))
    _add(entry, "updated", _moment(change.at))
    author = ET.SubElement(entry, _name("author"))
    _add(author, "name", sentences.who(change))
    ET.SubElement(entry, _name("link"), rel="alternate", type="text/html", href=base_url + sentences.path_of(change))
    ET.SubElement(entry, _name("category"), term=change.kind)
    about = " · ".join(filter(None, (change.place, sentences.own_words(change))))
    if about:
        _add(entry, "summary", about)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _name(name)).text = _NOT_IN_XML.sub("", text)


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _tag(base_url: str, path: str) -> str:
    return f"tag:{urlsplit(base_url).hostname},{OWNED_SINCE}:{path}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
