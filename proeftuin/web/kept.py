"""Keep what a macro printed for what it was given: a list that is read again is not written again.

`once(macro, …)` in a template prints what the macro printed for equal arguments before. The arguments are the whole
key, so nothing kept can be out of date: another name, number or right is another argument.

What must stay true: the macro is an imported one (one of the page itself is made anew with every page), and what it
prints follows from its arguments and the language alone: no token, no icon, nothing of the reader. The arguments are
hashable, and one that is text is always text, or always Markup, for the same macro.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

KEPT = 512
"""How many pieces a generation holds; there are two."""
KEPT_LINES = 2048
"""As many for lines of long tables (`once_line`), which would push everything else out."""
LARGEST = 20_000
"""Above so many characters a piece is not kept, so that long texts cannot fill the memory."""


class Once:
    """The pieces of one language. What is used again moves on to the next generation; the rest goes with its own."""

    def __init__(self, size: int = 0) -> None:
        self._size = size
        self._young: dict[tuple[object, ...], Markup] = {}
        self._old: dict[tuple[object, ...], Markup] = {}

    def __call__(self, macro: Callable[..., Markup], *arguments: object) -> Markup:
        key = (macro, *arguments)
        kept = self._young.get(key)
        if kept is None:
            kept = self._old.get(key)
            if kept is None:
                kept = macro(*arguments)
            if len(kept) <= LARGEST:
                self._keep(key, kept)
        return kept

    def _keep(self, key: tuple[object, ...], piece: Markup) -> None:
        # Threads do this at the same time without waiting: at worst a piece is written once more.
        if len(self._young) >= (self._size or KEPT):
            self._old, self._young = self._young, {}
        self._young[key] = piece
