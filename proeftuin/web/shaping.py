"""Shape what was stored for the page it stands on: wide tables and the list of contents.

What must stay true: HTML comes in and goes out as the sanitizer left it; only whole elements of our own are put
around it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from markupsafe import Markup, escape


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
