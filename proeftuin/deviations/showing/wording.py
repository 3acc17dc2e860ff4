"""What differs between two texts of a rule, in full and word by word. Pure: two texts in, two marked texts out.

What must stay true: both texts are shown whole; without the marked words on the old side and on the new side the two
are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup, escape

from proeftuin.wiki import diff


@lru_cache(maxsize=1024)  # kept by the texts themselves, so never out of date
def marked(old: str, new: str) -> tuple[Markup, Markup]:
    """Return both texts with what went in `del` and what came in `ins`."""
    rows = diff.compare(old, new)
    if not rows:
        return Markup(escape(old)), Markup(escape(new))
    whole = [line for row in rows for line in (row.lines if row.kind == "skipped" else (row,))]
    return (
        Markup("\n").join(_html(row.old) for row in whole if row.old_line is not None),
        Markup("\n").join(_html(row.new) for row in whole if row.new_line is not None),
    )


def _html(pieces: Sequence[diff.Piece]) -> Markup:
    """Return the words of a line: escaped first, then marked; blanks behind a marked word stand outside the mark."""
    found = []
    for piece in pieces:
        words = piece.text.rstrip()
        blanks = piece.text[len(words) :]
        if piece.kind == "same" or not words:
            found.append(escape(piece.text))
        else:
            found.append(Markup(f"<{piece.kind}>{escape(words)}</{piece.kind}>{escape(blanks)}"))
    return Markup("".join(found))
