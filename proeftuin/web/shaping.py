"""Shape what was stored for the page it stands on: wide tables, links at headings and the list of contents.

What must stay true: HTML comes in and goes out as the sanitizer left it; only whole elements of our own are put
around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from markupsafe import Markup, escape

_ANCHORED = re.compile(r'(<div class="with-edit">)?(<(h[2-6]) id="(kop-[a-z0-9_-]+)">(.*?)</\3>)', re.DOTALL)
_HEADING = re.compile(r'<(h[2-6]) id="(kop-[a-z0-9_-]+)">(.*?)</\1>', re.DOTALL)


class Part(NamedTuple):
    """A heading in the list of contents, with the headings right under it."""

    id: str
    text: str
    under: list[tuple[str, str]]


def with_regions(html: str, label: str) -> str:
    """Put a region around every table, so that a wide one scrolls by itself and can be reached by keyboard.

    Text cannot contain "<table>": the sanitizer writes every "<" of a text as a reference.
    """
    if "<table>" not in html or not isinstance(html, Markup):
        return html
    opening = f'<div class="region" role="region" tabindex="0" aria-label="{escape(label)}"><table>'
    return Markup(str(html).replace("<table>", opening).replace("</table>", "</table></div>"))


def with_edit_links(html: str, path: str, word: str, of_what: str) -> str:
    """Put a link to edit its section behind every heading; not in it, so that a heading is called what it says.

    `of_what` is read aloud after the word: which section ("%s" is its heading).
    """
    if not isinstance(html, Markup):
        return html

    def with_link(found: re.Match[str]) -> str:
        heading, address = found[0], found[2]
        title = escape(Markup(found[3]).striptags())
        href = f"{escape(path)}/bewerken?paragraaf={address}"
        aloud = escape(of_what).replace("%s", title)
        link = f'<a class="edit-link" href="{href}">{escape(word)}<span class="vh"> {aloud}</span></a>'
        return f'<div class="with-edit">{heading}{link}</div>'

    return Markup(_HEADING.sub(with_link, str(html)))


def with_anchors(html: str, aloud: str) -> str:
    """Put a link to itself behind every heading, to be copied; not in it, so that a heading is called what it says.

    `aloud` is read for it ("%s" is the heading). It comes after `with_edit_links`, in the same row.
    """
    if not isinstance(html, Markup) or "kop-" not in html:
        return html

    def with_anchor(found: re.Match[str]) -> str:
        row, heading, address, words = found[1] or "", found[2], found[4], found[5]
        said = escape(aloud).replace("%s", escape(Markup(words).striptags()))
        shown = f'<span aria-hidden="true">#</span><span class="vh">{said}</span>'
        link = f'<a class="anchor" href="#{address}">{shown}</a>'
        return f"{row}{heading}{link}" if row else f'<div class="with-edit">{heading}{link}</div>'

    return Markup(_ANCHORED.sub(with_anchor, str(html)))


def contents(headings: Iterable[Any]) -> list[Part]:
    """Return the headings of the highest level, each with those one level lower; deeper ones are left out."""
    rows = [_heading(heading) for heading in headings]
    top = min((level for level, _, _ in rows), default=2)
    parts: list[Part] = []
    for level, identity, text in rows:
        if level == top:
            parts.append(Part(identity, text, []))
        elif level == top + 1 and parts:
            parts[-1].under.append((identity, text))
    return parts


def _heading(heading: Any) -> tuple[int, str, str]:
    """Read a heading as the renderer made it, or as it was stored."""
    if isinstance(heading, dict):
        return heading["level"], heading["id"], heading["text"]
    if isinstance(heading, (list, tuple)):
        level, identity, text = heading
        return level, identity, text
    return heading.level, heading.id, heading.text
