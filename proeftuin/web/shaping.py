"""Shape what was stored for the page it stands on: wide tables, links at headings and the list of contents.

What must stay true: HTML comes in and goes out as the sanitizer left it; only whole elements of our own are put
around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from markupsafe import Markup, escape

_HEADING = re.compile(r'<(h[2-6]) id="(kop-[a-z0-9_-]+)">([^<]*(?:<(?!/h)[^<]*)*)</\1>')


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


def with_heading_links(html: str, aloud: str, path: str = "", word: str = "", of_what: str = "") -> str:
    """Put behind every heading a link to itself, to be copied, and with a `path` one to edit its section.

    Not in the heading, so that it is called what it says. `aloud` is read for the first ("%s" is the heading), `word`
    and `of_what` ("%s" again) for the second.
    """
    if not isinstance(html, Markup) or ' id="kop-' not in html:
        return html
    aloud, word, of_what, path = str(escape(aloud)), str(escape(word)), str(escape(of_what)), str(escape(path))

    def linked(found: re.Match[str]) -> str:
        heading, _level, address, words = found.group(0, 1, 2, 3)
        # What is plain already need not be stripped of anything; most headings are.
        title = escape(Markup(words).striptags()) if "<" in words or "&" in words else " ".join(words.split())
        said = aloud.replace("%s", title)
        link = (
            f'<a class="anchor" href="#{address}"><span aria-hidden="true">#</span><span class="vh">{said}</span></a>'
        )
        if path:
            about = of_what.replace("%s", title)
            link += (
                f'<a class="edit-link" href="{path}/bewerken?paragraaf={address}">'
                f'{word}<span class="vh"> {about}</span></a>'
            )
        return f'<div class="with-edit">{heading}{link}</div>'

    return Markup(_HEADING.sub(linked, str(html)))


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
