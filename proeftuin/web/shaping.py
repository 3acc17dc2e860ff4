"""Shape what was stored for the page it stands on: wide tables, links at headings and the list of contents.

What must stay true: HTML comes in and goes out as the sanitizer left it; only whole elements of our own are put
around it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

Row = tuple[int, str, str]
"""A heading of a text: its level, its address on the page, its words."""


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


def with_heading_links(
    html: str, headings: Iterable[Row], aloud: str, path: str = "", editing: tuple[str, str] = ("", "")
) -> str:
    """Put behind every heading a link to itself, to be copied, and with a `path` one to edit its section.

    Not in the heading, so that it is called what it says. `aloud` is read for the first ("%s" is the heading),
    `editing` is what is shown and what is read ("%s" again) for the second. The headings are those of the text.
    """
    if not isinstance(html, Markup):
        return html
    text, at, pieces = str(html), 0, []
    to_it, then, edit, of_it, of_then = _link_words(aloud, *editing)
    editor = str(escape(path))
    for level, address, words in headings:
        start = text.find(f'<h{level} id="{address}">', at)
        end = text.find(f"</h{level}>", start)
        if start < 0 or end < 0:
            continue
        end += len("</h2>")
        title = str(escape(words))
        pieces.append(
            f'{text[at:start]}<div class="with-edit">{text[start:end]}<a class="anchor" href="#{address}">'
            f'<span aria-hidden="true">#</span><span class="vh">{to_it}{title}{then}</span></a>'
        )
        if path:
            pieces.append(
                f'<a class="edit-link" href="{editor}/bewerken?paragraaf={address}">'
                f'{edit}<span class="vh"> {of_it}{title}{of_then}</span></a>'
            )
        pieces.append("</div>")
        at = end
    return Markup("".join(pieces) + text[at:])


@lru_cache(maxsize=8)
def _link_words(aloud: str, shown: str, of_what: str) -> tuple[str, str, str, str, str]:
    """Return the words around the titles of headings, ready to be printed."""
    to_it, _, then = str(escape(aloud)).partition("%s")
    of_it, _, of_then = str(escape(of_what)).partition("%s")
    return to_it, then, str(escape(shown)), of_it, of_then


def contents(headings: Iterable[Row]) -> list[Part]:
    """Return the headings of the highest level, each with those one level lower; deeper ones are left out."""
    rows = list(headings)
    top = min((level for level, _, _ in rows), default=2)
    parts: list[Part] = []
    for level, identity, text in rows:
        if level == top:
            parts.append(Part(identity, text, []))
        elif level == top + 1 and parts:
            parts[-1].under.append((identity, text))
    return parts
