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

ROOM = 5_000_000
"""How many characters the pieces of a generation have together; there are two."""
LARGEST = 20_000
"""Above so many characters a piece is not kept, so that a few long texts cannot push out all the rest."""
BESIDES = 400
"""What a piece takes besides its characters, counted as characters: its arguments and the dictionary."""


class Once:
    """The pieces of one language. What is used again moves on to the next generation; the rest goes with its own."""

    def __init__(self) -> None:
        self._left = ROOM
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
        if self._left < 0:
            self._old, self._young, self._left = self._young, {}, ROOM
        self._left -= len(piece) + BESIDES
        self._young[key] = piece
