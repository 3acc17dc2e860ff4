"""The icons: one drawing each, printed once per page and only when the page uses it.

`icon()` prints a reference and remembers the name; `sprite()`, called at the end of the body, prints the drawings
of the names that were remembered. What must stay true: `collecting()` surrounds every page, so that no page
prints the icons of another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

_SYMBOL = re.compile(r'<symbol id="i-([a-z-]+)".*?</symbol>', re.DOTALL)
_used: ContextVar[dict[str, None]] = ContextVar("icons_used")


class Icons:
    """The drawings of one sprite file."""

    def __init__(self, file: Path) -> None:
        text = file.read_text(encoding="utf-8")
        self.symbols = {match[1]: match[0] for match in _SYMBOL.finditer(text)}
        self._references = {
            name: Markup('<svg class="i" aria-hidden="true"><use href="#i-{}"/></svg>').format(name)
            for name in self.symbols
        }
        self._drawn = lru_cache(maxsize=512)(self._draw)

    def icon(self, name: str) -> Markup:
        """Print a reference to an icon.

        :raises KeyError: when no such icon was drawn.
        """
        reference = self._references[name]
        _used.get()[name] = None
        return reference

    def use(self, name: str) -> str:
        """Remember an icon that the caller prints in its own way, and return the address to use."""
        if name not in self.symbols:
            raise KeyError(name)
        _used.get()[name] = None
        return f"#i-{name}"

    def sprite(self, *always: str) -> Markup:
        """Print the drawings of some icons, and of those used on this page so far."""
        used = _used.get()
        return self._drawn(tuple({**dict.fromkeys(always), **used}))

    def _draw(self, names: tuple[str, ...]) -> Markup:
        drawings = "".join([self.symbols[name] for name in names])
        return Markup('<svg class="sprite" width="0" height="0" aria-hidden="true">' + drawings + "</svg>")


@contextmanager
def collecting() -> Iterator[None]:
    """Remember the icons of one page."""
    token = _used.set({})
    try:
        yield
    finally:
        _used.reset(token)
